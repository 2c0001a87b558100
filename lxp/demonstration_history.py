"""A programme of four years for the demonstration: three cohorts, two employers, all invented.

The people come from `docs/examples/lxp-programme.csv` through the import that every trust uses, and
the rest through the actions behind the pages, so that each figure shown of them is worked out as
everybody's.
"""

import datetime as dt
import random
from decimal import Decimal

from django.db import transaction

from accounts.models import Site, User
from lxp import demonstration, demonstration_recruitment, demonstration_training
from lxp.embedded import ROOT
from programme.actions.import_once import import_file
from programme.models import Cohort, Employer, EmployerKind, Post

SHEET = ROOT / "docs" / "examples" / "lxp-programme.csv"
COHORTS = ("Autumn 2022", "Spring 2024", "Autumn 2025")
CHARITY = "Example Recovery Charity"
# More is funded than anybody has ever filled, except for the senior posts.
FUNDED_WTE = {"Peer support worker": Decimal("4.00"), "Senior peer support worker": Decimal("1.00")}


@transaction.atomic
def load(*, at: dt.datetime) -> bool:
    """Add the invented programme unless it is there; whether it was added.

    Raises:
        FileError, ChangedMeanwhile: see `programme.actions.import_once`.
    """
    if Cohort.objects.filter(name__in=COHORTS).exists():
        return False
    demonstration.load(at=at)
    lead = User.objects.get(email="lead@example.org")
    import_file(content=SHEET.read_bytes(), by=None, at=at)
    Employer.objects.filter(name=CHARITY).update(kind=EmployerKind.VOLUNTARY)
    for title, wte in FUNDED_WTE.items():
        Post.objects.filter(title=title, funded_wte=None).update(funded_wte=wte)
    for name, site in zip(COHORTS, (*Site.objects.order_by("name"), None), strict=False):
        Cohort.objects.filter(name=name).update(site=site)
    chance = random.Random(2026)  # noqa: S311  invented marks, the same each time
    latest = Cohort.objects.get(name=COHORTS[-1])
    demonstration_training.load(cohort=latest, by=lead, at=at, chance=chance)
    member = User.objects.get(email="panel@example.org")
    demonstration_recruitment.load(by=lead, panel_member=member, at=at, chance=chance)
    return True
