"""What the demonstration begins with: invented people who sign in, two sites, where to get support.

It holds no cohort, post or figure: those come from importing docs/examples/lxp-pilot.csv, as a
trust would begin. One person is there already, the peer worker who signs in and sees who has
looked at their record; the file knows them by the same reference.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.models import RoleGrant, Site, User
from accounts.roles import ROLES
from programme.models import Person
from wellbeing.models import SupportContact

PASSWORD = "peer-demo-2026"  # noqa: S105  published on purpose; settings refuse to serve it abroad


@dataclass(frozen=True)
class Account:
    """Somebody who signs in to the demonstration."""

    email: str
    name: str
    role: str
    preferred_role_term: str = ""

    @property
    def title(self) -> str:
        return ROLES[self.role].name


ACCOUNTS = (
    Account("lead@example.org", "Siân Okafor", "lead"),
    Account("supervisor@example.org", "Marcus Obi", "supervisor"),
    Account("peer@example.org", "Grace Adeyemi", "peer_worker", "Lived Experience Practitioner"),
    Account("trainer@example.org", "Ruth Ferreira-Lund", "trainer"),
    Account("panel@example.org", "Gwen Pritchard", "panel_member"),
    Account("evaluator@example.org", "Noor Haddad", "evaluator"),
    Account("auditor@example.org", "Tomás Reyes", "auditor"),
    Account("admin@example.org", "Alex Fry", "administrator"),
)
# The sites of the example file; both are invented, as all its names are.
SITES = ("Northgate Hospital", "Riverside House")
# The peer worker who signs in is this person of the example file.
PEER_REFERENCE = "LXP-004"

# Beside 999, NHS 111 and Samaritans, which every installation has. The number of Shout is as Shout
# publishes it; the rest is invented.
SUPPORT_CONTACTS = (
    {
        "name": "Shout",
        "phone": "Text SHOUT to 85258",
        "website": "https://giveusashout.org/",
        "when": "Every day, all hours",
        "details": "Support by text message if you would rather not talk.",
        "urgent": True,
    },
    {
        "name": "Peer worker lead (invented)",
        "phone": "01632 960001",
        "when": "Monday to Friday, 9am to 5pm",
        "details": "For anything about your role, your hours or your adjustments.",
    },
    {
        "name": "Staff wellbeing team (invented)",
        "phone": "01632 960002",
        "when": "Monday to Friday, 8am to 6pm",
        "details": "Confidential support for everybody who works or trains here.",
    },
    {
        "name": "Occupational health (invented)",
        "phone": "01632 960003",
        "when": "Monday to Friday, 9am to 4pm",
        "details": "You can refer yourself; you do not need to tell your manager why.",
    },
)


@transaction.atomic
def load(*, at: dt.datetime) -> bool:
    """Make the demonstration data unless they were made before; whether it made them.

    What somebody has changed or removed since stays as they left it.
    """
    if User.objects.filter(email=ACCOUNTS[0].email).exists():
        return False
    for account in ACCOUNTS:
        user = User.objects.create_user(
            email=account.email,
            name=account.name,
            password=PASSWORD,
            preferred_role_term=account.preferred_role_term,
        )
        RoleGrant.objects.create(user=user, role=account.role, starts_on=at.date())
    for name in SITES:
        Site.objects.create(name=name)
    peer = User.objects.get(email="peer@example.org")
    first_name, last_name = peer.name.split(" ", 1)
    Person.objects.create(
        reference=PEER_REFERENCE,
        first_name=first_name,
        last_name=last_name,
        email=peer.email,
        user=peer,
    )
    for position, contact in enumerate(SUPPORT_CONTACTS, start=10):
        SupportContact.objects.create(position=position, **contact)
    return True
