"""The records behind the programme's figures, read in few and lean queries.

`Records` is what may be counted, `Choice` a filter's option, `Filters` what somebody asked for;
`read_training` and `read_posts` return plain rows for `funnel` and `retention`.

A filter by cohort keeps what belongs to that cohort. A filter by site keeps cohorts and posts of
that site (a cohort without a site counts at its people's own). Team and employer are of posts only:
they leave the figures about training as they are.
"""

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Lower

from accounts.models import Site, User
from accounts.roles import VIEW_FIGURES
from programme.funnel import Employment, Training
from programme.models import (
    Applicant,
    Application,
    Cohort,
    Employer,
    Enrolment,
    Person,
    Post,
    Spell,
    Team,
)
from programme.models.posts import FULL_TIME_HOURS
from programme.retention import Held, Stay, add_months, stays

NO_COHORT = "No cohort"
ALL = "All"
BY = ("none", "cohort", "site", "team", "role", "employer")


@dataclass(frozen=True)
class Records:
    """The rows that one reader's figures may count."""

    people: QuerySet[Person]
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
    return Records(
        people=Person.objects.visible_to(user),
        applicants=Applicant.objects.visible_to(user),
        applications=Application.objects.visible_to(user),
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
        people=Person.objects.all(),
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
    """What is known of a post held besides its dates: whether the filters keep it, its group, and
    what its holder had done in training by the day."""

    kept: bool
    group: str | None
    commenced: bool
    completed: bool


def _training_flags(records: Records, filters: Filters, person: str) -> dict[str, Exists]:
    """Whether a person applied, commenced and completed by the day, within the filters."""
    own, day = OuterRef(person), filters.as_at
    enrolments = records.enrolments.filter(filters.training(), person=own)
    applications = records.applications.filter(filters.training(), person=own, applied_on__lte=day)
    if filters.cohort:
        enrolments = enrolments.filter(cohort=filters.cohort.id)
        taking_part = records.enrolments.filter(cohort=filters.cohort.id, person=OuterRef("person"))
        applications = records.applications.filter(
            Q(cohort=filters.cohort.id) | Exists(taking_part), person=own, applied_on__lte=day
        )
    return {
        "applied": Exists(applications),
        "commenced": Exists(enrolments.commenced_by(day)),
        "completed": Exists(enrolments.completed_by(day)),
    }


def read_posts(records: Records, filters: Filters, choices: Choices) -> list[Held]:
    """Every post held up to the day, in one query. All are needed, also those the filters do not
    keep, because a move between posts is no leaving; see `kept_stays`."""
    kept = filters.posts("post__")
    spells = records.spells.filter(started_on__lte=filters.as_at).order_by()
    if filters.cohort:
        kept &= Exists(_commenced_before_post(records).filter(cohort=filters.cohort.id))
    flags = _training_flags(records, filters, "person")
    rows = spells.annotate(
        hours=Cast("contracted_hours", FloatField()),
        kept=ExpressionWrapper(kept, BooleanField()) if kept else Value(value=True),
        group=_group(records, filters.by),
        commenced=flags["commenced"],
        completed=flags["completed"],
    ).values_list(
        "person_id", "started_on", "ended_on", "hours", "kept", "group", "commenced", "completed"
    )
    labels = choices.labels(filters.by)
    return [
        Held(person, start, end, hours, Row(kept, labels.get(group, group), *training))
        for person, start, end, hours, kept, group, *training in rows
    ]


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


def kept_stays(posts: list[Held], filters: Filters) -> list[Stay]:
    """Continuous employment by the day that began with a post the filters keep."""
    return [stay for stay in stays(posts, filters.as_at) if stay.about.kept]


def group_of(stay: Stay) -> str:
    """The label of the group a stay is in."""
    return stay.about.group or NO_COHORT


def read_training(records: Records, filters: Filters) -> Counter[Training]:
    """How many people did what in training by the day, counted by the database.

    Applicants whom nobody has made a person yet have applied, and nothing more.
    """
    rows = (
        records.people.annotate(**_training_flags(records, filters, "pk"))
        .order_by()
        .values_list("applied", "commenced", "completed")
        .annotate(number=Count("pk"))
    )
    found = Counter({Training(*reached): number for *reached, number in rows})
    found[Training(applied=True)] += read_applicants(records, filters)
    return found


def read_applicants(records: Records, filters: Filters) -> int:
    """How many sent an application by the day and are on no list of people, by their address."""
    rows = records.applicants.not_yet_people().filter(submitted_at__date__lte=filters.as_at)
    if filters.cohort:
        rows = rows.filter(round__cohort=filters.cohort.id)
    if filters.site:
        rows = rows.filter(round__site=filters.site.id)
    return rows.aggregate(addresses=Count(Lower("email"), distinct=True))["addresses"]


def employment(found: list[Stay], as_at: dt.date) -> Counter[Employment]:
    """How many of the employed did what in training and were in post 24 months after their first
    day, among those for whom that day has come."""
    first: dict[object, Stay] = {}
    for stay in found:
        known = first.get(stay.person)
        if known is None or stay.started_on < known.started_on:
            first[stay.person] = stay
    reached_on = {person: add_months(stay.started_on, 24) for person, stay in first.items()}
    still = {stay.person for stay in found if stay.in_post_on(reached_on[stay.person])}
    return Counter(
        Employment(
            stay.about.commenced,
            stay.about.completed,
            reached_on[person] <= as_at,
            reached_on[person] <= as_at and person in still,
        )
        for person, stay in first.items()
    )


def read_in_training(records: Records, filters: Filters) -> int:
    """How many people had commenced by the day and had no outcome by then."""
    rows = records.enrolments.filter(filters.training()).commenced_by(filters.as_at)
    if filters.cohort:
        rows = rows.filter(cohort=filters.cohort.id)
    still = rows.filter(Q(outcome_on__isnull=True) | Q(outcome_on__gt=filters.as_at))
    return still.aggregate(people=Count("person", distinct=True))["people"]


class InPost(NamedTuple):
    """People in post on a day; `wte` leaves out those whose hours are unknown."""

    people: int
    wte: float
    hours_unknown: int


def read_in_post(records: Records, filters: Filters) -> InPost:
    """Who is in post on the day, by the post held that day."""
    rows = records.spells.in_post_on(filters.as_at).filter(filters.posts("post__"))
    if filters.cohort:
        rows = rows.filter(Exists(_commenced_before_post(records).filter(cohort=filters.cohort.id)))
    found = rows.aggregate(
        people=Count("person", distinct=True),
        hours=Sum("contracted_hours"),
        unknown=Count("pk", filter=Q(contracted_hours__isnull=True)),
    )
    return InPost(found["people"], float((found["hours"] or 0) / FULL_TIME_HOURS), found["unknown"])


class Establishment(NamedTuple):
    """Posts whose funding is recorded: the WTE paid for, and WTE and people in them on a day."""

    funded: float
    in_post: float
    hours_unknown: int
    people: int


def read_establishment(records: Records, filters: Filters) -> Establishment:
    """Funded and filled WTE of the posts whose funding had not ended by the day. How much is funded
    has no dates: it is that of today."""
    funded = Q(funding_ends_on__isnull=True) | Q(funding_ends_on__gt=filters.as_at)
    posts = records.posts.filter(filters.posts(), funded, funded_wte__isnull=False)
    found = posts.with_filled_wte(filters.as_at).aggregate(
        funded=Sum("funded_wte"),
        hours=Sum("filled_hours"),
        unknown=Sum("hours_unknown"),
        people=Sum("people_in_post"),
    )
    return Establishment(
        float(found["funded"] or 0),
        float((found["hours"] or 0) / FULL_TIME_HOURS),
        found["unknown"] or 0,
        found["people"] or 0,
    )
