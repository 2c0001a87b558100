"""What falls due in and around posts, by its day: one list of several kinds from one query."""

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast

from accounts.models import User
from programme.models import CareerBreak, Funding, ProbationReview, Spell


class Kind(models.TextChoices):
    REVIEW = "review", "Probation reviews"
    CONTRACT = "contract", "Fixed terms that end"
    FUNDING = "funding", "Funding that ends"
    BACK = "back", "Back from a long break"
    START = "start", "Starts in post"
    LEAVING = "leaving", "Leaving a post"


class Due(NamedTuple):
    """One line of the list; a post whose funding ends is about nobody in particular."""

    on: dt.date
    kind: str
    record: UUID
    person: UUID | None
    account: UUID | None
    first_name: str
    last_name: str
    post: str
    team: str
    site: str
    note: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def what(self) -> str:
        """The line in words."""
        if self.kind == Kind.REVIEW:
            final = self.note == "final"
            return "Final probation review" if final else f"Month {self.note} probation review"
        return WORDS[self.kind]


WORDS = {
    Kind.CONTRACT: "Fixed term ends",
    Kind.FUNDING: "Funding of the post ends",
    Kind.BACK: "First day back from a long break",
    Kind.START: "First day in post",
    Kind.LEAVING: "First day no longer in post",
}


def due(user: User, day: dt.date, until: dt.date, *, kind: str = "", place=None) -> models.QuerySet:
    """Rows of `Due`, the earliest and so the late ones first.

    Args:
        user: whose sites they are of.
        day: today, or a past day: then what was open on it, by the dates that are recorded now.
        until: the last day of interest.
        kind: only one kind.
        place: gives the conditions of site, team and employer by the way to the post.
    """
    branches = {
        Kind.REVIEW: (_reviews, "spell__"),
        Kind.CONTRACT: (_contracts, ""),
        Kind.FUNDING: (_fundings, None),
        Kind.BACK: (_breaks, "spell__"),
        Kind.START: (_starts, ""),
        Kind.LEAVING: (_leavings, ""),
    }
    found = []
    for name, (rows, spell) in branches.items():
        if kind and kind != name:
            continue
        post = f"{spell or ''}post__"
        chosen = rows(user, day).filter(**place(post))
        found.append(_columns(chosen.filter(due__lte=until), name, spell))
    first, *others = found
    rows = first.union(*others, all=True) if others else first
    return rows.order_by("due", "row_kind", "record")


def _reviews(user: User, day: dt.date) -> models.QuerySet:
    rows = ProbationReview.objects.visible_to(user).to_be_held(day)
    final = Cast("month", models.CharField())
    note = models.Case(models.When(is_final=True, then=Value("final")), default=final)
    return rows.annotate(due=F("due_on"), row_note=note)


def _contracts(user: User, day: dt.date) -> models.QuerySet:
    rows = Spell.objects.visible_to(user).filter(contract_ends_on__isnull=False)
    open_still = Q(ended_on__isnull=True) | Q(ended_on__gt=F("contract_ends_on"))
    running = Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    return rows.filter(open_still, running).annotate(due=F("contract_ends_on"), row_note=Value(""))


def _fundings(user: User, day: dt.date) -> models.QuerySet:
    """Ends after which nothing is funded: those to come, and the last of a post with people."""
    people = Spell.objects.filter(post=OuterRef("post")).in_post_on(day)
    later = Funding.objects.filter(post=OuterRef("post"), starts_on__gte=OuterRef("ends_on"))
    rows = Funding.objects.visible_to(user).ending()
    rows = rows.filter(Q(ends_on__gte=day) | (Exists(people) & ~Exists(later)))
    return rows.annotate(due=F("ends_on"), row_note=Value(""))


def _breaks(user: User, day: dt.date) -> models.QuerySet:
    rows = CareerBreak.objects.visible_to(user).filter(ends_on__gte=day)
    running = Q(spell__ended_on__isnull=True) | Q(spell__ended_on__gt=F("ends_on"))
    return rows.filter(running).annotate(due=F("ends_on"), row_note=Value(""))


def _starts(user: User, day: dt.date) -> models.QuerySet:
    rows = Spell.objects.visible_to(user).filter(started_on__gt=day)
    return rows.annotate(due=F("started_on"), row_note=Value(""))


def _leavings(user: User, day: dt.date) -> models.QuerySet:
    rows = Spell.objects.visible_to(user).filter(ended_on__gt=day)
    return rows.annotate(due=F("ended_on"), row_note=Value(""))


def _columns(rows: models.QuerySet, kind: str, spell: str | None) -> models.QuerySet:
    """The columns of `Due` in its order; `spell` is the way to the spell, none for funding."""
    nobody = Value(None, output_field=models.UUIDField())
    about: dict = {"person_pk": nobody, "account": nobody, "first": Value(""), "last": Value("")}
    if spell is not None:
        person = f"{spell}person"
        about = {
            "person_pk": F(person),
            "account": F(f"{person}__user"),
            "first": F(f"{person}__first_name"),
            "last": F(f"{person}__last_name"),
        }
    post = f"{spell or ''}post__"
    columns = {
        "row_kind": Value(kind, output_field=models.CharField()),
        "record": F("post" if spell is None else "pk"),
        **about,
        "post_title": F(f"{post}title"),
        "team_name": F(f"{post}team__name"),
        "site_name": F(f"{post}team__site__name"),
    }
    rows = rows.order_by().annotate(**columns)
    return rows.values_list("due", *columns, "row_note")
