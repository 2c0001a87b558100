"""The records behind the programme's figures, read in few and lean queries.

`Records` is what may be counted, `Choice` a filter's option, `Filters` what somebody asked for;
`read` returns counts and columns for `funnel` and `retention`.

A filter by cohort keeps what belongs to that cohort. A filter by site keeps cohorts and posts of
that site (a cohort without a site counts at its people's own). Team and employer are of posts only:
they leave the figures about training as they are.
"""

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass, field
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

from accounts.models import Site, User
from accounts.roles import VIEW_FIGURES, VIEW_PEOPLE
from programme import statements
from programme.arrays import Column, np
from programme.columns import Posts, Stay, Stays, day_number, months_later, numbered
from programme.funnel import Employment, Training
from programme.metrics import Ended
from programme.models import (
    Applicant,
    Application,
    Cohort,
    Employer,
    Enrolment,
    Funding,
    Person,
    Post,
    Spell,
    Team,
)
from programme.models.posts import FULL_TIME_HOURS
from programme.statements import Did

NO_COHORT = "No cohort"
ALL = "All"
BY = ("none", "cohort", "site", "team", "role", "employer")


@dataclass(frozen=True)
class Records:
    """The rows that one reader's figures may count."""

    applicants: QuerySet[Applicant]
    applications: QuerySet[Application]
    enrolments: QuerySet[Enrolment]
    cohorts: QuerySet[Cohort]
    posts: QuerySet[Post]
    spells: QuerySet[Spell]
    sites: QuerySet[Site]
    teams: QuerySet[Team]
    employers: QuerySet[Employer]


def records_visible_to(user: User) -> Records:
    """What a user who may see people's records may count: those records and no others."""
    own = user.sites_for(VIEW_FIGURES)
    applications = Application.objects.visible_to(user)
    if user.sites_for(VIEW_PEOPLE) is not None:  # whose enrolments one sees, one sees too
        applications = applications.filter(person__in=Person.objects.visible_to(user))
    return Records(
        applicants=Applicant.objects.visible_to(user),
        applications=applications,
        enrolments=Enrolment.objects.visible_to(user),
        cohorts=Cohort.objects.of_people_visible_to(user),
        posts=Post.objects.visible_to(user),
        spells=Spell.objects.visible_to(user),
        sites=Site.objects.all() if own is None else Site.objects.filter(pk__in=own),
        teams=Team.objects.visible_to(user),
        employers=Employer.objects.visible_to(user),
    )


def whole_programme() -> Records:
    """Every record, for published figures: they are of the whole programme or not at all."""
    return Records(
        applicants=Applicant.objects.all(),
        applications=Application.objects.all(),
        enrolments=Enrolment.objects.all(),
        cohorts=Cohort.objects.all(),
        posts=Post.objects.all(),
        spells=Spell.objects.all(),
        sites=Site.objects.all(),
        teams=Team.objects.all(),
        employers=Employer.objects.all(),
    )


class Choice(NamedTuple):
    """One option of a filter: `name` is the row's own, `label` tells two of one name apart."""

    id: uuid.UUID
    name: str
    label: str
    site_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Choices:
    """The options of each filter."""

    site: list[Choice] = field(default_factory=list)
    team: list[Choice] = field(default_factory=list)
    cohort: list[Choice] = field(default_factory=list)
    employer: list[Choice] = field(default_factory=list)

    def labels(self, by: str) -> dict[uuid.UUID, str]:
        """What to call each group, where a grouping is by one of these."""
        return {choice.id: choice.label for choice in getattr(self, by, [])}


def read_choices(records: Records) -> Choices:
    """What can be chosen, in four queries; a team is told apart by its site where names repeat."""
    teams = list(records.teams.values_list("id", "name", "site__name", "site_id"))
    times = Counter(name for _, name, _, _ in teams)
    return Choices(
        site=_named(records.sites),
        team=[
            Choice(key, name, f"{name} ({site})" if times[name] > 1 else name, site_id)
            for key, name, site, site_id in teams
        ],
        cohort=_named(records.cohorts),
        employer=_named(records.employers),
    )


def _named(rows: QuerySet) -> list[Choice]:
    return [Choice(key, name, name) for key, name in rows.values_list("id", "name")]


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


def _applications(records: Records, filters: Filters) -> QuerySet[Application]:
    wanted = filters.training()
    if filters.cohort:
        taking_part = records.enrolments.filter(cohort=filters.cohort.id, person=OuterRef("person"))
        wanted = Q(cohort=filters.cohort.id) | Exists(taking_part)
    return records.applications.filter(wanted, applied_on__lte=filters.as_at).order_by()


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
    """Every post held up to the day and what everybody did in training by then, in one query.

    All posts are needed, also those that the filters do not keep, because a move between posts is
    no leaving; see `kept_stays`. `ended`: whether how training ended is needed too.
    """
    did = Did.training_by(filters.as_at)
    if ended:
        did += Did.ended_by(filters.as_at, _closed(records, filters.as_at))
    *columns, alike, applicants = statements.read(
        applied=_applications(records, filters).values_list("person_id", Value(Did.APPLIED.value)),
        trained=_enrolments(records, filters).values_list("person_id", did),
        sent=_applicants(records, filters).values_list("email"),
        held=_held(records, filters),
    )
    labels = {str(key): label for key, label in choices.labels(filters.by).items()}
    return Read(_posts([column or [] for column in columns], labels), _trained(alike, applicants))


def _closed(records: Records, day: dt.date) -> Q:
    """Cohorts that had closed by a day: those past their last day, or without one but with every
    outcome known."""
    still_open = records.enrolments.filter(cohort=OuterRef("cohort")).in_training_on(day)
    return Q(cohort__ends_on__lte=day) | (Q(cohort__ends_on__isnull=True) & ~Exists(still_open))


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


def _posts(columns: list[list], labels: dict[str, str]) -> Posts:
    people, started, ended, hours, *known = columns
    people, person = numbered(people)
    abouts, about = numbered(zip(*known, strict=True))
    steps = (Did.COMMENCED, Did.COMPLETED)
    return Posts(
        people=people,
        person=person,
        started=np.array(started, dtype=int),
        ended=np.array(ended, dtype=int),
        abouts=[
            Row(kept, labels.get(group, group), funded, *(bool(did & step) for step in steps))
            for kept, group, funded, did in abouts
        ],
        about=about,
        hours=np.array(hours, dtype=float),
    )


def _trained(alike: list[list[int]] | None, applicants: int) -> Trained:
    steps = (Did.APPLIED, Did.COMMENCED, Did.COMPLETED)
    best = (Did.ENDED_COMPLETED, Did.STILL_ACTIVE, Did.ENDED_DEFERRED, Did.ENDED_OTHERWISE)
    reached, in_training, ended = Counter(), 0, Counter()
    for did, people in (*(alike or ()), (Did.APPLIED, applicants)):
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
        "none": Value(ALL),
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


def _applicants(records: Records, filters: Filters) -> QuerySet[Applicant]:
    rows = records.applicants.not_yet_people().filter(submitted_at__date__lte=filters.as_at)
    if filters.cohort:
        rows = rows.filter(round__cohort=filters.cohort.id)
    if filters.site:
        rows = rows.filter(round__site=filters.site.id)
    return rows.order_by()


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
    funded = funding.aggregate(funded=Sum("wte"))["funded"]
    held = posts.in_post_on(filters.as_at) & posts.known("kept") & posts.known("funded")
    return Establishment(float(funded or 0), *_wte(posts.hours[held]), int(held.sum()))
