"""A programme of four years for the demonstration: three cohorts, two employers, all invented.

The people come from `docs/examples/lxp-programme.csv` through the import that every trust uses, so
that each figure shown of them is worked out as everybody's.
"""

import datetime as dt
from decimal import Decimal

from django.db import transaction

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
    import_file(content=SHEET.read_bytes(), by=None, at=at)
    Employer.objects.filter(name=CHARITY).update(kind=EmployerKind.VOLUNTARY)
    for title, wte in FUNDED_WTE.items():
        Post.objects.filter(title=title, funded_wte=None).update(funded_wte=wte)
    return True
