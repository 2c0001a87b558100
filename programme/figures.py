"""The records behind the programme's figures, read in few and lean queries.

`Filters` is what somebody asked for of the `Records`; `read` returns counts and columns for
`funnel` and `retention`.

A filter by cohort keeps what belongs to that cohort. A filter by site keeps cohorts and posts of
that site (a cohort without a site counts at its people's own). Team and employer are of posts only:
they leave the figures about training as they are.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)

from programme import statements
from programme.arrays import Column, np
from programme.columns import Posts, Stay, Stays, day_number, months_later, numbered
from programme.funnel import Employment, Training
from programme.kept import kept_part, kept_parts
from programme.metrics import Ended
from programme.models import (
    Cohort,
    Enrolment,
    Funding,
    Spell,
)
from programme.models.posts import FULL_TIME_HOURS
from programme.records import Choice, Choices, Records
from programme.statements import (
    APPLIED,
    FUNDED,
    HELD,
    KEPT,
    PACKED,
    SENT,
    TRAINED,
    Did,
    Own,
    ids_of,
)

DID, GROUP = 4, 4 * 256  # what comes after the flags of a post held, in one number
NO_COHORT = "No cohort"
ALL = "All"
BY = ("none", "cohort", "site", "team", "role", "employer")


@dataclass(frozen=True)
class Filters:
    """What somebody asked for: a day, perhaps one site, team, cohort and employer, and the
    grouping of the retention figures."""

    as_at: dt.date
    site: Choice | None = None
    team: Choice | None = None
    cohort: Choice | None = None
    employer: Choice | None = None
    by: str = "none"

    def training(self) -> Q:
        """The enrolments and applications these filters keep."""
        wanted = Q()
        if self.site:
            here = Q(cohort__site=self.site.id)
            wanted &= here | Q(cohort__site__isnull=True, person__site=self.site.id)
        return wanted

    def posts(self, prefix: str = "") -> Q:
        """The posts these filters keep; `prefix` leads there from another table."""
        wanted = {
            "team__site": self.site,
            "team": self.team,
            "employer": self.employer,
        }
        return Q(**{prefix + name: choice.id for name, choice in wanted.items() if choice})


class Row(NamedTuple):
    """What is known of a post held besides its dates: whether the filters keep it, its group,
    whether it is funded by the day, and what its holder had done in training by then."""

    kept: bool
    group: str | None
    funded: bool
    commenced: bool
    completed: bool


def _enrolments(records: Records, filters: Filters) -> QuerySet[Enrolment]:
    rows = records.enrolments.filter(filters.training()).order_by()
    return rows.filter(cohort=filters.cohort.id) if filters.cohort else rows


def _applied(records: Records, filters: Filters) -> QuerySet:
    wanted = filters.training()
    if filters.cohort:
        taking_part = records.enrolments.filter(cohort=filters.cohort.id, person=OuterRef("person"))
        wanted = Q(cohort=filters.cohort.id) | Exists(taking_part)
    rows = records.applications.filter(wanted, applied_on__lte=filters.as_at)
    return rows.order_by().values_list("person_id")


class Trained(NamedTuple):
    """How many people did what in training by the day, how many were in training on it, and how it
    ended for people in cohorts that had closed, where that was asked for. `applicants` are those of
    them whom nobody has made a person yet: they have applied, and nothing more."""

    reached: Counter[Training]
    in_training: int
    ended: Ended
    applicants: int


class Read(NamedTuple):
    """What the figures are worked out from."""

    posts: Posts
    trained: Trained


def read(records: Records, filters: Filters, choices: Choices, *, ended: bool = False) -> Read:
    """Every post held up to the day and what everybody did in training by then, in three queries.

    All posts are needed, also those that the filters do not keep, because a move between posts is
    no leaving; see `kept_stays`. `ended`: whether how training ended is needed too.
    """
    applied, trained, sent, held = kept_parts(
        records.keeping,
        {
            ("applied", filters): lambda: Own.read(APPLIED, _applied(records, filters)),
            ("trained", filters, ended): lambda: Own.read(
                TRAINED, _enrolled(records, filters, ended=ended)
            ),
            ("sent", filters): lambda: statements.read(SENT, sent=_applicants(records, filters)),
            ("held", filters): lambda: statements.read(HELD, held=_held(records, filters)),
        },
    )
    own = Own.joined(applied, trained)
    return Read(_posts(held, own, filters.by, choices), _trained(own.alike(), *sent))


def _enrolled(records: Records, filters: Filters, *, ended: bool) -> QuerySet:
    day = filters.as_at
    closed = (
        ExpressionWrapper(_closed(records, day), BooleanField()) if ended else Value(value=False)
    )
    columns = ("person_id", "commenced_on", "outcome", "outcome_on", closed)
    return _enrolments(records, filters).values_list(Value(day), *columns)


def _closed(records: Records, day: dt.date) -> Q:
    """Cohorts that had closed by a day: those past their last day, or without one but with every
    outcome known."""
    still_open = records.enrolments.in_training_on(day).order_by().values("cohort")
    closed = Q(ends_on__lte=day) | (Q(ends_on__isnull=True) & ~Q(pk__in=still_open))
    return Q(cohort__in=Cohort.objects.filter(closed).order_by().values("pk"))


def _held(records: Records, filters: Filters) -> QuerySet[Spell]:
    kept = filters.posts("post__")
    if filters.cohort:
        kept &= Exists(_commenced_before_post(records).filter(cohort=filters.cohort.id))
    funding = Funding.objects.on(filters.as_at).filter(wte__isnull=False)
    spells = records.spells.filter(started_on__lte=filters.as_at).order_by()
    return spells.annotate(
        kept=ExpressionWrapper(kept, BooleanField()) if kept else Value(value=True),
        group=_group(records, filters.by),
        funded=ExpressionWrapper(Q(post__in=funding.values("post")), BooleanField()),
    ).values_list(
        "person_id", "started_on", "ended_on", "contracted_hours", "kept", "group", "funded"
    )


def _posts(held: tuple, own: Own, by: str, choices: Choices) -> Posts:
    ids, packed, groupings = held
    people, person = np.unique(ids_of(ids), return_inverse=True)
    rows = np.frombuffer(packed or b"", dtype=PACKED)
    names, group = _groups(groupings, by, choices)
    did = own.of_people(people)[person] & (Did.COMMENCED | Did.COMPLETED)
    each, about = np.unique(rows["flags"] + DID * did + GROUP * group, return_inverse=True)
    return Posts(
        people=[one.ljust(16, b"\0") for one in people.tolist()],
        person=person,
        started=rows["started"].astype(int),
        ended=rows["ended"].astype(int),
        abouts=[_row(code, names) for code in each.tolist()],
        about=about,
        hours=rows["hours"].astype(float),
    )


def _row(code: int, names: list[str]) -> Row:
    did = code // DID
    return Row(
        kept=bool(code & KEPT),
        group=names[code // GROUP],
        funded=bool(code & FUNDED),
        commenced=bool(did & Did.COMMENCED),
        completed=bool(did & Did.COMPLETED),
    )


def _groups(groupings: str, by: str, choices: Choices) -> tuple[list[str], Column | int]:
    """What the groups are called, and which of them each post held is in."""
    if by == "none" or not groupings:
        return [ALL], 0
    labels = {str(key): label for key, label in choices.labels(by).items()}
    codes, group = numbered(groupings.split(","))
    names = [bytes.fromhex(code).decode() for code in codes]
    return [labels.get(name, name) for name in names], group


def _trained(alike: list[tuple[int, int]], applicants: int) -> Trained:
    steps = (Did.APPLIED, Did.COMMENCED, Did.COMPLETED)
    best = (Did.ENDED_COMPLETED, Did.STILL_ACTIVE, Did.ENDED_DEFERRED, Did.ENDED_OTHERWISE)
    reached, in_training, ended = Counter(), 0, Counter()
    for did, people in (*alike, (Did.APPLIED, applicants)):
        reached[Training(*(bool(did & step) for step in steps))] += people
        in_training += people if did & Did.IN_TRAINING else 0
        ended[next((one for one in best if did & one), None)] += people
    closed = sum(ended[one] for one in best)
    ended = Ended(closed, *(ended[one] for one in best[:3]))
    return Trained(reached, in_training, ended, applicants)


def read_training(records: Records, filters: Filters) -> Counter[Training]:
    """How many people did what in training by the day."""
    return read(records, filters, Choices()).trained.reached


def _commenced_before_post(records: Records) -> QuerySet[Enrolment]:
    return records.enrolments.filter(
        person=OuterRef("person"), commenced_on__lte=OuterRef("started_on")
    )


def _group(records: Records, by: str):
    """The column that says which group a post held belongs to."""
    latest = _commenced_before_post(records).order_by("-commenced_on", "-id")
    columns = {
        "none": Value(""),
        "site": F("post__team__site_id"),
        "team": F("post__team_id"),
        "role": F("post__title"),
        "employer": F("post__employer_id"),
        "cohort": Subquery(latest.values("cohort")[:1]),
    }
    return columns[by]


def kept_stays(posts: Posts, filters: Filters) -> Stays:
    """Continuous employment by the day that began with a post the filters keep."""
    found = posts.stays(filters.as_at)
    return found.where(found.known("kept"))


def group_of(stay: Stay) -> str:
    """The label of the group a stay is in."""
    return stay.about.group or NO_COHORT


def read_applicants(records: Records, filters: Filters) -> int:
    """How many sent an application by the day and are on no list of people, by their address."""
    return read(records, filters, Choices()).trained.applicants


def _applicants(records: Records, filters: Filters) -> QuerySet:
    rows = records.applicants.not_yet_people().filter(submitted_at__date__lte=filters.as_at)
    if filters.cohort:
        rows = rows.filter(round__cohort=filters.cohort.id)
    if filters.site:
        rows = rows.filter(round__site=filters.site.id)
    return rows.order_by().values_list("email")


def employment(found: Stays, as_at: dt.date) -> Counter[Employment]:
    """How many of the employed did what in training and were in post 24 months after their first
    day, among those for whom that day has come."""
    found = found.where(np.lexsort((found.started, found.person)))
    _, first, whose = np.unique(found.person, return_index=True, return_inverse=True)
    reached = months_later(found.started[first], 24)
    there = (found.started <= reached[whose]) & (found.ended > reached[whose])
    could = reached <= day_number(as_at)
    still = could & (np.bincount(whose[there], minlength=len(first)) > 0)
    alike = zip(found.about[first].tolist(), could.tolist(), still.tolist(), strict=True)
    counted = Counter()
    for (about, *after), people in Counter(alike).items():
        row = found.abouts[about]
        counted[Employment(row.commenced, row.completed, *after)] += people
    return counted


class InPost(NamedTuple):
    """People in post on a day; `wte` leaves out those whose hours are unknown."""

    people: int
    wte: float
    hours_unknown: int


def in_post(posts: Posts, filters: Filters) -> InPost:
    """Who is in post on the day, by the post held that day."""
    held = posts.in_post_on(filters.as_at) & posts.known("kept")
    people = len(np.unique(posts.person[held]))
    return InPost(people, *_wte(posts.hours[held]))


def _wte(hours: Column) -> tuple[float, int]:
    """The WTE of these hours a week, exact to the five decimals they have, and how many are
    unknown."""
    unknown = np.isnan(hours)
    units = int(np.rint(hours[~unknown] * 100_000).sum())
    return float(Decimal(units) / 100_000 / FULL_TIME_HOURS), int(unknown.sum())


class Establishment(NamedTuple):
    """Posts whose funding is recorded: the WTE paid for, and WTE and people in them on a day."""

    funded: float
    in_post: float
    hours_unknown: int
    people: int


def read_establishment(records: Records, filters: Filters, posts: Posts) -> Establishment:
    """Funded and filled WTE of the posts for which a WTE was funded on the day."""
    rows = records.posts.filter(filters.posts())
    funding = Funding.objects.on(filters.as_at).filter(post__in=rows)
    funded = kept_part(
        records.keeping,
        ("funded", filters),
        lambda: funding.aggregate(funded=Sum("wte"))["funded"],
    )
    held = posts.in_post_on(filters.as_at) & posts.known("kept") & posts.known("funded")
    return Establishment(float(funded or 0), *_wte(posts.hours[held]), int(held.sum()))
