"""Who has seen a record, in words that the person it is about can use."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import RoleGrant, User
from accounts.roles import ROLES
from audit.models import Look
from programme.models import Applicant, Person

PAGES = {
    "programme:person": "Your record",
    "programme:edit-person": "The page to change your details",
    "programme:link-account": "The page to link your account",
    "programme:unlink-account": "The page to unlink your account",
    "programme:add-application": "The page to add an application",
    "programme:edit-application": "The page to change an application",
    "programme:remove-application": "The page to remove an application",
    "programme:add-enrolment": "The page to add training",
    "programme:edit-enrolment": "The page to change your training",
    "programme:remove-enrolment": "The page to remove training",
    "programme:add-spell": "The page to add a post",
    "programme:edit-spell": "The page to change a post",
    "programme:end-spell": "The page to end a post",
    "programme:remove-spell": "The page to remove a post",
    "programme:move-spell": "The page to record a move to another post",
    "programme:add-break": "The page to add a long break",
    "programme:edit-break": "The page to change a long break",
    "programme:remove-break": "The page to remove a long break",
    "programme:record-review": "The page to record a probation review",
    "programme:ahead": "The list of what falls due, with you in it",
    "programme:leavers": "The list of leavers, with you in it",
    "programme:cohort": "The page of a cohort you are in",
    "programme:requirements": "The requirements of a cohort you are in",
    "programme:ready": "The list of whose completion waits to be confirmed, with you in it",
    "programme:record-results": "The page to record a result for a cohort you are in",
    "programme:mentors": "The mentors of a cohort you are in",
    "programme:pair-mentor": "The page to add a mentor for you",
    "programme:end-mentoring": "The page to end your mentoring",
    "programme:log-meeting": "The page to add a meeting with your mentor",
    "programme:remove-meeting": "The page to remove a meeting with your mentor",
    "programme:my-mentoring": "Your mentor’s own list of trainees",
    "programme:log-own-meeting": "Your mentor’s page to add a meeting with you",
    "programme:remove-own-meeting": "Your mentor’s page to remove a meeting with you",
    "programme:certificate": "Your certificate",
    "programme:trainee": "The requirements of your training",
    "programme:record-result": "The page to record a result of yours",
    "programme:remove-result": "The page to remove a result of yours",
    "programme:add-placement-day": "The page to add your hours on placement",
    "programme:remove-placement-day": "The page to remove your hours on placement",
    "programme:attendance": "The attendance of a cohort you are in",
    "programme:register": "The register of a session of a cohort you are in",
    "programme:confirm-completion": "The page to confirm that you completed your training",
    "programme:take-back-completion": "The page to take back that you completed your training",
    "programme:post": "The page of a post you are or were in",
    "programme:import": "The preview of a spreadsheet with you in it",
    "programme:import-refused": "A download of refused rows of a spreadsheet",
    "programme:applicant": "The page of your application",
    "programme:applicant-offer": "The page of your offer",
    "programme:applicant-checks": "The page of your employment checks",
    "programme:applicant-check": "The page of one of your employment checks",
    "programme:score": "The page on which a panel reads your application",
    "programme:appoint": "The page that made your application a record",
    "programme:duplicates": "Applications of a round that look alike",
    "notifications:planned": "The list of messages, with one to you in it",
    "notifications:planned-message": "The page of a message to you",
    "supervision:agreement": "What you agreed on with a supervisor",
    "supervision:write-terms": "The page to propose other terms to you",
    "supervision:sign": "The page to sign what you agree on",
    "supervision:end": "The page to end an agreement with you",
    "supervision:hand-over": "The page of a hand-over note about you",
    "supervision:add-cover": "The page to let somebody stand in for your supervisor",
    "supervision:change-cover": "The page to change who stands in for your supervisor",
    "supervision:withdraw-cover": "The page to take back who stands in for your supervisor",
    "supervision:person": "The page of who supervises you, with dates and no words",
    "supervision:assign": "The page to assign a supervisor to you",
    "supervision:person-end": "The page to end an agreement that a lead assigned",
    "supervision:person-cover": "A lead’s page to let somebody stand in for your supervisor",
    "supervision:person-change-cover": "A lead’s page to change who stands in",
    "supervision:person-withdraw-cover": "A lead’s page to take back who stands in",
    "supervision:home": "The list of people whom your supervisor supervises",
    "supervision:duty": "The list of when supervision is due, without what is said in it",
    "supervision:opened-records": "Your agreed records of supervision, opened by two leads",
    "supervision:duty-unassigned": "The list of who has no agreement about supervision",
    "supervision:sessions": "The sessions of your supervision",
    "supervision:session": "A session of your supervision",
    "supervision:plan-session": "The page to plan a session with you",
    "supervision:rearrange-session": "The page to rearrange a session with you",
    "supervision:cancel-session": "The page to cancel a session with you",
    "supervision:settle-session": "The page to say what became of a session",
    "supervision:log-before-end": "The page to record a session from before the end",
    "supervision:log-session": "The page to log a session with you",
    "supervision:log-planned": "The page to log a planned session with you",
    "supervision:write-record": "The record of a session with you",
    "supervision:add-to-agenda": "The page to add to your shared agenda",
    "supervision:aide-memoire": "Your supervisor’s aide-memoire, which you can read",
    "supervision:log-group": "The page to log a group session, with you to choose",
    "supervision:group": "A group session you were at",
    "supervision:actions": "Open actions of your supervision",
    "supervision:organisation-actions": "Actions for the organisation, of records you confirmed",
    "wellbeing:contact": "Your request to be contacted",
    "wellbeing:contact-waiting": "A list of requests to be contacted, with yours in it",
    "wellbeing:shared-burden": "Something that weighs on you, addressed to them",
    "wellbeing:shared-plan": "Parts of your wellness plan that you let them read",
    "wellbeing:in-touch": "The page to say that they have been in touch with you",
    "wellbeing:pass-contact": "The page to pass your request to be contacted to somebody else",
    "wellbeing:shared-check-in": "A check-in that you let them read",
}

# Downloads, by the address of the list without the kind of file.
FILES = {
    "programme:ahead": "A download of what falls due, with you in it",
    "programme:applicants": "A download of the applicants of a round",
    "programme:attendance": "A download of the attendance of a cohort you are in",
    "programme:cohort": "A download of a cohort you are in",
    "programme:duplicates": "A download of applications of a round that look alike",
    "programme:hold": "A download of the list of who is on hold",
    "programme:leavers": "A download of the list of leavers, with you in it",
    "programme:mentors": "A download of the mentors of a cohort you are in",
    "programme:people": "A download of the list of people",
    "programme:post": "A download of a post you are or were in",
    "programme:ready": "A download of whose completion waits to be confirmed, with you in it",
    "programme:requirements": "A download of the requirements of a cohort you are in",
    "programme:slots": "A download of the interviews of a round",
    "supervision:duty": "A download of when supervision is due, without what is said in it",
    "supervision:duty-unassigned": "A download of who has no agreement about supervision",
}
PAGES |= {f"{name}-{kind}": words for name, words in FILES.items() for kind in ("csv", "xlsx")}


class Seen(NamedTuple):
    """One look: when, whose, in which roles on that day, and at what."""

    at: dt.datetime
    who: str
    roles: str
    page: str


def at(person: Person) -> QuerySet[Look]:
    """Looks by others at a person's record, at the applications before it and at what is private to
    the account that is linked to it, newest first."""
    theirs = Applicant.objects.filter(Q(person=person) | Q(merged_into__person=person))
    return Look.objects.at(
        person.pk, person.user_id, *theirs.order_by().values_list("pk", flat=True)
    )


def in_words(looks: Iterable[Look]) -> list[Seen]:
    """Looks with names and roles, in two queries however many there are."""
    looks = list(looks)
    viewers = {look.viewer_id for look in looks}
    names = dict(User.objects.filter(pk__in=viewers).values_list("pk", "name"))
    grants = list(RoleGrant.objects.filter(user__in=viewers))
    return [
        Seen(
            at=look.at,
            who=names.get(look.viewer_id, "Somebody whose account is no longer here"),
            roles=_roles(grants, look.viewer_id, timezone.localdate(look.at)),
            page=PAGES.get(look.page, "Another page about you"),
        )
        for look in looks
    ]


def _roles(grants: list[RoleGrant], viewer: UUID, day: dt.date) -> str:
    held = {
        grant.role
        for grant in grants
        if grant.user_id == viewer
        and grant.starts_on <= day
        and (grant.ends_on is None or grant.ends_on > day)
    }
    return ", ".join(role.name for key, role in ROLES.items() if key in held)
