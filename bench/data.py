"""Invented programmes of a given size with four years of history, made with the test factories."""

import datetime as dt
import random
from collections.abc import Iterable
from decimal import Decimal

import factory
from django.db import connection
from django.utils import timezone

from accounts.models import User
from bench import SAVED_FROM
from programme.models import (
    Applicant,
    Application,
    Attendance,
    Cohort,
    Enrolment,
    OutcomeReason,
    Person,
    Post,
    Round,
    Spell,
    StageMove,
)
from supervision.due import refresh_open
from supervision.models import Agreement, AgreementTerms, Session, SupervisionKind
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    AttendanceFactory,
    CohortFactory,
    EmployerFactory,
    EnrolmentFactory,
    PersonFactory,
    PostFactory,
    RoundFactory,
    SiteFactory,
    SpellFactory,
    TeamFactory,
    TrainingSessionFactory,
    UserFactory,
)
from tests.factories.supervision import AgreementFactory, SessionFactory, TermsFactory
from tests.factories.wellbeing import CheckInFactory
from wellbeing.models import CheckIn

OWN_CHECK_INS, CHECK_INS = 100, 50
GIVEN = {"energy": "4", "support": "3", "load": "3", "own_story": "5", "belonging": "4"}
FIRST_DAY = dt.date(2022, 9, 1)
DAYS = 4 * 365
COHORT_SIZE = 28
GRID_SIZE, SESSIONS = 40, 12
SUPERVISED = 40  # people of one supervisor
FIRST_NAMES = ["Zoë", "Łukasz", "Aoife", "王", "Maya", "Ifan", "Noor", "Siân", "Tomasz", "Grace"]
LAST_NAMES = ["Ó Briain", "Nowak", "Okafor", "伟", "Evans", "Ahmed", "Świątek", "Hughes", "Smith"]


def load(people: int, *, seed: int = 7) -> None:
    """Write a programme with this many people into an empty database; the seed repeats it."""
    chance = random.Random(seed)
    sites = [SiteFactory() for _ in range(4)]
    employers = [EmployerFactory(name="Example NHS Trust"), EmployerFactory(kind="voluntary")]
    teams = [TeamFactory(site=chance.choice(sites)) for _ in range(min(20, 3 + people // 50))]
    posts = [
        PostFactory(
            title=chance.choice(["Peer support worker", "Senior peer support worker"]) + f" {n}",
            team=chance.choice(teams),
            employer=chance.choice(employers),
            band=chance.choice(["Band 3", "Band 4"]),
            funded_wte=Decimal(chance.randrange(4, 30)) / 10,
        )
        for n in range(max(3, people // 20))
    ]
    rows = PersonFactory.build_batch(
        people,
        first_name=factory.LazyFunction(lambda: chance.choice(FIRST_NAMES)),
        last_name=factory.LazyFunction(lambda: chance.choice(LAST_NAMES)),
        site=factory.LazyFunction(lambda: chance.choice(sites)),
    )
    Person.objects.bulk_create(rows, batch_size=2000)
    _histories(rows, posts, sites, chance)


def load_attendance(*, seed: int = 7) -> Cohort:
    """A further cohort whose grid is full: 40 people, or all there are, by 12 weekly sessions."""
    chance = random.Random(seed)
    cohort = CohortFactory(starts_on=FIRST_DAY, site=SiteFactory())
    sessions = [
        TrainingSessionFactory(cohort=cohort, held_on=FIRST_DAY + dt.timedelta(weeks=week))
        for week in range(SESSIONS)
    ]
    people = Person.objects.order_by("pk")[:GRID_SIZE]
    enrolments = [
        EnrolmentFactory(person=person, cohort=cohort, commenced_on=FIRST_DAY) for person in people
    ]
    Attendance.objects.bulk_create(
        AttendanceFactory.build(
            session=session,
            enrolment=enrolment,
            state=chance.choices(["attended", "part", "apology", "absent"], [80, 5, 10, 5])[0],
        )
        for session in sessions
        for enrolment in enrolments
    )
    return cohort


def load_supervision(agreements: int, lead: User, *, seed: int = 7) -> None:
    """Write this many agreements with people in post, and forty of one more supervisor, with their
    sessions of the last months: one in five is late."""
    chance, today = random.Random(seed), timezone.localdate()
    people = list(Person.objects.with_spell(Spell.objects.in_post_on(today)).order_by("pk"))
    kinds = list(SupervisionKind.objects.filter(needs_agreement=True))
    supervisors = [UserFactory() for _ in range(max(4, agreements // 40))]
    pairs = [
        (
            people[number % len(people)],
            supervisors[(number * 7 + round_) % len(supervisors)],
            round_,
        )
        for number in range(agreements)
        for round_ in [number // len(people)]
    ] + [(person, lead, 0) for person in people[:SUPERVISED]]
    rows = [
        AgreementFactory.build(
            person=person,
            supervisor=supervisor,
            kind=kinds[round_ % len(kinds)],
            starts_on=FIRST_DAY,
        )
        for person, supervisor, round_ in pairs
    ]
    Agreement.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)
    written = Agreement.objects.select_related("person", "supervisor", "kind")
    AgreementTerms.objects.bulk_create(
        (TermsFactory.build(agreement=agreement) for agreement in written), batch_size=2000
    )
    _sessions(written, chance)
    refresh_open(today)


def load_supervisor(supervisor: User) -> list[Agreement]:
    """Write agreements of forty more people in post with one supervisor, their last session some
    while ago, so that one saved today changes what is due."""
    today, at = timezone.localdate(), timezone.now() - SAVED_FROM
    people = Person.objects.with_spell(Spell.objects.in_post_on(today)).order_by("-pk")[:SUPERVISED]
    agreements = [
        AgreementFactory(person=person, supervisor=supervisor, starts_on=FIRST_DAY)
        for person in people
    ]
    for agreement in agreements:
        TermsFactory(agreement=agreement)
        SessionFactory(agreement=agreement, starts_at=at)
    refresh_open(today)
    return agreements


def _sessions(agreements: Iterable[Agreement], chance: random.Random) -> None:
    """The last two sessions of each agreement."""
    now = timezone.now()
    rows = [
        SessionFactory.build(
            agreement=agreement, starts_at=now - dt.timedelta(days=chance.randrange(1, 43) + before)
        )
        for agreement in agreements
        for before in (0, 45)
    ]
    Session.objects.bulk_create(rows, batch_size=2000)


def _histories(people: list[Person], posts: list[Post], sites: list, chance: random.Random) -> None:
    reasons = list(OutcomeReason.objects.all())
    applications, enrolments, spells = [], [], []
    cohort = None
    for number, person in enumerate(people):
        if number % COHORT_SIZE == 0:
            cohort = CohortFactory(
                site=chance.choice(sites),
                starts_on=FIRST_DAY + dt.timedelta(chance.randrange(DAYS - 200)),
            )
        applications.append(_application(person, cohort, chance))
        enrolment = _enrolment(person, cohort, reasons, chance)
        enrolments.append(enrolment)
        if enrolment.outcome == "completed" and chance.random() < 0.7:
            spells.append(_spell(person, enrolment.outcome_on, posts, chance))
    Application.objects.bulk_create(applications, batch_size=2000)
    Enrolment.objects.bulk_create(enrolments, batch_size=2000)
    Spell.objects.bulk_create(spells, batch_size=2000)


def _application(person: Person, cohort: Cohort, chance: random.Random) -> Application:
    applied_on = cohort.starts_on - dt.timedelta(chance.randrange(30, 120))
    return ApplicationFactory.build(person=person, cohort=cohort, applied_on=applied_on)


def _enrolment(person: Person, cohort: Cohort, reasons: list, chance: random.Random) -> Enrolment:
    outcome = chance.choices(["completed", "withdrew", "active"], [36, 54, 10])[0]
    ended = outcome != "active"
    return EnrolmentFactory.build(
        person=person,
        cohort=cohort,
        commenced_on=cohort.starts_on,
        outcome=outcome,
        outcome_on=cohort.starts_on + dt.timedelta(chance.randrange(20, 100)) if ended else None,
        outcome_reason=chance.choice(reasons) if outcome == "withdrew" else None,
    )


def _spell(person: Person, after: dt.date, posts: list[Post], chance: random.Random) -> Spell:
    started_on = after + dt.timedelta(chance.randrange(10, 90))
    days = int(chance.expovariate(1 / 1200)) + 1
    ended_on = started_on + dt.timedelta(days)
    return SpellFactory.build(
        person=person,
        post=chance.choice(posts),
        started_on=started_on,
        ended_on=ended_on if ended_on < FIRST_DAY + dt.timedelta(DAYS) else None,
        contracted_hours=Decimal(chance.choice(["15", "22.5", "30", "37.5"])),
    )


def load_board(applicants: int = 500) -> Round:
    """Write a round with this many applicants, a third of them still to be read."""
    chance = random.Random(11)
    board = RoundFactory(site=SiteFactory())
    kinds = ["applied", "applied", "shortlisting", "interview", "offer", "not_selected"]
    rows = [
        ApplicantFactory.build(
            round=board,
            kind=chance.choice(kinds),
            first_name=chance.choice(FIRST_NAMES),
            last_name=f"{chance.choice(LAST_NAMES)} {number}",
            moves=False,
        )
        for number in range(applicants)
    ]
    Applicant.objects.bulk_create(rows)
    StageMove.objects.bulk_create(
        StageMove(applicant=row, to_stage=row.stage, at=row.submitted_at) for row in rows
    )
    return board


def load_check_ins(worker: User, people: int) -> int:
    """A hundred check-ins of the worker, and fifty of each of so many people; how many in all.

    Those of the others are copies of the worker's last: as long, and bound to another row, so that
    nobody could read them; no page that is measured does.
    """
    own, now = PersonFactory(user=worker), timezone.now()
    for number in range(OWN_CHECK_INS):
        moment = now - dt.timedelta(days=14 * (number + 1))
        CheckInFactory(
            person=own, account=worker, given=GIVEN, finished_at=moment, occasion_on=moment.date()
        )
    columns = [field.column for field in CheckIn._meta.concrete_fields]
    changed = {
        "id": "gen_random_uuid()",
        "person_id": "p.id",
        "occasion_on": "c.occasion_on + n",
        "finished_at": "c.finished_at + n * interval '1 day'",
    }
    chosen = ", ".join(changed.get(column, f"c.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO wellbeing_checkin ({', '.join(columns)}) SELECT {chosen} FROM"
            " (SELECT * FROM wellbeing_checkin WHERE person_id = %(own)s LIMIT 1) c,"
            " (SELECT id FROM programme_person WHERE id <> %(own)s ORDER BY id LIMIT %(people)s) p,"
            " generate_series(1, %(each)s) n",
            {"own": own.pk, "people": people, "each": CHECK_INS},
        )
    return CheckIn.objects.count()
