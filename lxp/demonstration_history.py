"""A programme of four years for the demonstration: three cohorts that have ended and one that is
in training now, at two employers, all invented.

The people come from `docs/examples/lxp-programme.csv` through the import that every trust uses, and
the rest through the actions behind the pages, so that each figure shown of them is worked out as
everybody's.
"""

import csv
import datetime as dt
import io
import random
from decimal import Decimal

from django.db import transaction

from accounts.models import Site, User
from lxp import (
    demonstration,
    demonstration_in_training,
    demonstration_posts,
    demonstration_recruitment,
    demonstration_supervision,
    demonstration_training,
    demonstration_wellbeing,
    demonstration_wellbeing_plans,
)
from lxp.embedded import ROOT
from programme.actions.import_once import import_file
from programme.models import Cohort, Employer, EmployerKind, Funding, Person, Post, Spell

SHEET = ROOT / "docs" / "examples" / "lxp-programme.csv"
PILOT = ROOT / "docs" / "examples" / "lxp-pilot.csv"
OF_POSTS = (
    *("reference", "first_name", "last_name", "email", "employer", "site", "team"),
    *("post", "band", "contracted_hours", "started_on"),
)
COHORTS = ("Autumn 2022", "Spring 2024", "Autumn 2025")
CHARITY = "Example Recovery Charity"
# What is funded by title and team, and else by title: in one post less than is filled.
FUNDED_WTE = {
    ("Peer support worker", "Early intervention team"): Decimal("12.00"),
    ("Peer support worker", "Inpatient ward"): Decimal("5.00"),
    ("Peer support worker", ""): Decimal("4.00"),
    ("Senior peer support worker", ""): Decimal("2.40"),
}


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
    for content in (SHEET.read_bytes(), _post_of_the_peer()):
        import_file(content=content, by=None, at=at)
    Employer.objects.filter(name=CHARITY).update(kind=EmployerKind.VOLUNTARY)
    for (title, team), wte in FUNDED_WTE.items():
        posts = Post.objects.filter(title=title, funding=None)
        posts = posts.filter(team__name=team) if team else posts
        Funding.objects.bulk_create(Funding(post=post, wte=wte) for post in posts)
    for name, site in zip(COHORTS, (*Site.objects.order_by("name"), None), strict=False):
        Cohort.objects.filter(name=name).update(site=site)
    chance = random.Random(2026)  # noqa: S311  invented marks, the same each time
    latest = Cohort.objects.get(name=COHORTS[-1])
    demonstration_training.load(cohort=latest, by=lead, at=at, chance=chance)
    demonstration_posts.load(
        latest=list(latest.enrolments.completed_by(at.date()).order_by("person__reference")),
        by=lead,
        at=at,
    )
    demonstration_in_training.load(
        version=latest.programme_version, mentors=_mentors(at), by=lead, at=at, chance=chance
    )
    member = User.objects.get(email="panel@example.org")
    demonstration_recruitment.load(by=lead, panel_member=member, at=at, chance=chance)
    demonstration_supervision.load(at=at, chance=chance)
    demonstration_wellbeing.load(at=at, chance=chance)
    demonstration_wellbeing_plans.load(at=at)
    return True


def _post_of_the_peer() -> bytes:
    """The peer worker's own row of the pilot, without the training: that comes with the pilot."""
    with PILOT.open(encoding="utf-8-sig", newline="") as file:
        [row] = [r for r in csv.DictReader(file) if r["reference"] == demonstration.PEER_REFERENCE]
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, OF_POSTS, extrasaction="ignore")
    writer.writeheader()
    writer.writerow(row)
    return sheet.getvalue().encode()


def _mentors(at: dt.datetime) -> list[Person]:
    """The peer worker who signs in, and three who are in post where the cohort is."""
    peer = Person.objects.get(reference=demonstration.PEER_REFERENCE)
    there = Spell.objects.in_post_on(at.date()).filter(post__team__site=Site.objects.first())
    people = Person.objects.filter(spells__in=there).exclude(pk=peer.pk).distinct()
    return [peer, *people.order_by("reference")[:3]]
