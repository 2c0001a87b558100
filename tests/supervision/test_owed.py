"""Compliance read packed is what it is one by one, of any posts, leave, roles and sessions."""

import datetime as dt
import random

import pytest
from django.utils import timezone

from programme.models import Spell
from supervision.compliance import NOT_COUNTED, duty_on
from supervision.due import Facts
from supervision.models import SupervisionKind, SupervisionStandard
from supervision.owed import read_owed
from tests.factories import CareerBreakFactory, PersonFactory, SpellFactory, UserFactory
from tests.factories.posts import PathwayStepFactory
from tests.factories.programme import PostFactory
from tests.factories.supervision import SessionFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
BEGIN = dt.date(2026, 1, 1)


@pytest.fixture
def chance():
    return random.Random(42)


def some_day(chance, span: int = 240) -> dt.date:
    return BEGIN + chance.randrange(span) * DAY


def add_standards(chance, kinds, steps) -> None:
    for kind in kinds:
        for step in (None, *steps):
            for applies_from in {some_day(chance) for _ in range(chance.randrange(3))}:
                cadence = chance.randrange(7, 40)
                SupervisionStandard.objects.create(
                    kind=kind,
                    step=step,
                    applies_from=applies_from,
                    required=chance.random() < 0.8,
                    cadence_days=cadence,
                    early_cadence_days=chance.randrange(1, cadence + 1),
                    grace_days=chance.randrange(8),
                )


def add_person(chance, kinds, steps, posts, supervisor) -> None:
    """Up to three posts, one after the other or at once, each with or without leave; sessions."""
    person, rows = PersonFactory(), []
    for post in chance.sample(posts, chance.randrange(1, 4)):
        since = some_day(chance)
        until = chance.choice([None, since + chance.randrange(100) * DAY])
        step = chance.choice([None, *steps])
        rows.append(
            SpellFactory(person=person, post=post, started_on=since, ended_on=until, step=step)
        )
    for spell in rows:
        if chance.random() < 0.5:
            since = some_day(chance)
            until = chance.choice([None, since + chance.randrange(1, 90) * DAY])
            CareerBreakFactory(spell=spell, starts_on=since, ends_on=until)
    for number in range(chance.randrange(6)):
        day = some_day(chance)
        status = chance.choice(["attended", "attended", "not_attended"])
        at = dt.datetime.combine(day, dt.time(chance.randrange(24), number))
        SessionFactory(
            agreement=None,
            person=person,
            supervisor=supervisor,
            kind=chance.choice(kinds),
            status=status,
            starts_at=timezone.make_aware(at),
        )


def one_by_one(people, day) -> dict[tuple, tuple]:
    facts, found = Facts(people, until=day), {}
    for person in facts.employments:
        employment = facts.employment_on(person, day)
        for kind in SupervisionKind.objects.all():
            standards = facts.standards_for(kind.pk, employment.step_on(day))
            attended = facts.held(person, kind.pk)
            known = {
                "in_post_from": employment.since,
                "in_post_until": employment.until,
                "away": facts.away[person],
            }
            found[person, kind.key] = (
                duty_on(day, standards=standards, attended=attended, **known)
                if standards
                else NOT_COUNTED
            )
    return found


def test_packed_it_is_what_it_is_one_by_one(chance):
    kinds, steps = list(SupervisionKind.objects.all()[:3]), PathwayStepFactory.create_batch(2)
    posts, supervisor = PostFactory.create_batch(4), UserFactory()
    add_standards(chance, kinds, steps)
    for _ in range(40):
        add_person(chance, kinds, steps, posts, supervisor)

    seen = set()
    for number in range(30, 270, 24):
        day = BEGIN + number * DAY
        people = Spell.objects.in_post_on(day).order_by().values("person")
        owed = read_owed(people, day, (day,), None)
        packed = {
            (person, kind.key): duty
            for kind, duties in zip(owed.kinds, owed.duties, strict=True)
            for person, *duty in zip(owed.people, *(one.tolist() for one in duties), strict=True)
        }

        expected = one_by_one(people, day)
        assert {key: tuple(duty) for key, duty in packed.items()} == expected
        seen |= set(expected.values())

    assert len(seen) == 3  # not counted, late and up to date were all met
