"""Who may do what, as code: nine roles and the permissions each holds.

A grant (`accounts.models.RoleGrant`) gives a role to a user, for one site or for all, between two
dates. Views ask Django's own `user.has_perm("programme.view_people")`; *in relation to whom* is a
row in a domain app, never a role.
"""

from dataclasses import dataclass
from functools import cache

VIEW_PEOPLE = "programme.view_people"
CHANGE_PEOPLE = "programme.change_people"
VIEW_COHORTS = "programme.view_cohorts"
RECORD_TRAINING = "programme.record_training"
VIEW_POSTS = "programme.view_posts"
IMPORT_PEOPLE = "programme.import_people"
VIEW_RECRUITMENT = "programme.view_recruitment"
CHANGE_RECRUITMENT = "programme.change_recruitment"
SCORE_APPLICANTS = "programme.score_applicants"
VIEW_FIGURES = "programme.view_figures"
VIEW_PUBLISHED_FIGURES = "programme.view_published_figures"
CHANGE_SUPPORT = "wellbeing.change_support"
CHANGE_QUESTIONNAIRES = "questionnaires.change"
VIEW_SUPERVISION_DUTY = "supervision.view_duty"
ARRANGE_SUPERVISION = "supervision.arrange"
BREAK_GLASS = "supervision.break_glass"
PLAN_MESSAGES = "notifications.plan"
WATCH_SENDING = "notifications.watch"
MANAGE_USERS = "accounts.manage_users"
MANAGE_SITES = "accounts.manage_sites"
VIEW_AUDIT = "audit.view_trail"


@dataclass(frozen=True)
class Role:
    """A role: its key in the database, the words people read, and what it permits."""

    key: str
    name: str
    description: str
    permissions: frozenset[str] = frozenset()
    needs_second_factor: bool = True


ROLES = {
    role.key: role
    for role in (
        Role(
            "lead",
            "Programme lead",
            "Runs the programme: people, recruitment, cohorts, posts, imports and figures.",
            frozenset(
                {
                    VIEW_PEOPLE,
                    CHANGE_PEOPLE,
                    VIEW_COHORTS,
                    RECORD_TRAINING,
                    VIEW_POSTS,
                    IMPORT_PEOPLE,
                    VIEW_RECRUITMENT,
                    CHANGE_RECRUITMENT,
                    SCORE_APPLICANTS,
                    VIEW_FIGURES,
                    CHANGE_SUPPORT,
                    CHANGE_QUESTIONNAIRES,
                    VIEW_SUPERVISION_DUTY,
                    ARRANGE_SUPERVISION,
                    BREAK_GLASS,
                    PLAN_MESSAGES,
                    WATCH_SENDING,
                    MANAGE_SITES,
                }
            ),
        ),
        Role("supervisor", "Supervisor", "Supports named peer workers; sees nobody else's record."),
        Role(
            "peer_worker",
            "Peer worker",
            "Sees their own record and who has looked at it.",
            needs_second_factor=False,
        ),
        Role(
            "trainee",
            "Trainee",
            "Sees their own record and who has looked at it.",
            needs_second_factor=False,
        ),
        Role(
            "trainer",
            "Trainer",
            "Sees training cohorts and who is in them; records attendance and results.",
            frozenset({VIEW_COHORTS, RECORD_TRAINING}),
        ),
        Role(
            "panel_member",
            "Recruitment panel member",
            "Scores applications while a panel is open; sees no other record.",
            frozenset({SCORE_APPLICANTS}),
        ),
        Role(
            "evaluator",
            "Evaluator",
            "Reads published figures, with small numbers hidden; sees nobody's record.",
            frozenset({VIEW_PUBLISHED_FIGURES}),
        ),
        Role(
            "auditor",
            "Auditor",
            "Reads who changed and who looked at what, without the content.",
            frozenset({VIEW_AUDIT}),
        ),
        Role(
            "administrator",
            "Administrator",
            "Manages users, roles and sites; sees no programme or personal content.",
            frozenset({MANAGE_USERS, MANAGE_SITES, WATCH_SENDING}),
        ),
    )
}

ROLE_CHOICES = [(role.key, role.name) for role in ROLES.values()]


@cache
def roles_with(permission: str) -> frozenset[str]:
    """The keys of the roles that hold a permission."""
    return frozenset(key for key, role in ROLES.items() if permission in role.permissions)
