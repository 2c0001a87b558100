"""Sessions of supervision: each page is for the two people of an agreement, whatever their roles.

Every object is made anew for who opens it, as the supervisor or as the worker of an agreement.
"""

import datetime as dt

from django.utils import timezone

from programme.models import Person
from supervision.actions.calendar import renew_feed
from supervision.models import (
    GROUP,
    AgendaItem,
    AgreedAction,
    Draft,
    GroupSession,
    PreparationNote,
    RecordVersion,
    SessionRecord,
    SessionStatus,
)
from tests import factories
from tests.access_rules import ANYONE, SIGNED_IN, Rule, World
from tests.access_rules.programme import FORM, LEADS
from tests.factories.supervision import SessionFactory, TermsFactory, kind

WORDS = {"words": "Rota", "version": "1"}
BEGAN = dt.date(2024, 1, 8)


def given(world: World):
    """A signed agreement in which the actor supervises."""
    return TermsFactory(agreement__supervisor=world.actor, agreement__starts_on=BEGAN).agreement


def received(world: World):
    """A signed agreement in which the actor is the worker."""
    person = Person.objects.filter(user=world.actor).first()
    person = person or factories.PersonFactory(user=world.actor)
    return TermsFactory(agreement__person=person, agreement__starts_on=BEGAN).agreement


def session(agreement, status=SessionStatus.ATTENDED):
    at = timezone.now() - dt.timedelta(days=2)
    return SessionFactory(agreement=agreement, status=status, starts_at=at)


def recorded(agreement):
    held = session(agreement)
    record = SessionRecord.objects.create(session=held)
    by, at = agreement.supervisor, timezone.now()
    RecordVersion.objects.create(
        record=record, number=1, words="Leave", written_by=by, written_at=at
    )
    return held


def planned(agreement):
    return session(agreement, SessionStatus.PLANNED)


def called_off(agreement):
    return session(agreement, SessionStatus.CANCELLED_BY_WORKER)


def given_lately(world: World):
    agreement = given(world)
    agreement.ended_on = timezone.localdate()
    agreement.save()
    return agreement


def item(world: World):
    return AgendaItem.objects.create(
        agreement=given(world), words="Rota", added_by=world.actor, added_at=timezone.now()
    )


def action(world: World):
    held = recorded(given(world))
    return AgreedAction.objects.create(
        agreement=held.agreement, agreed_in=held, words="Ask", owner="worker", added_on=BEGAN
    )


def note(world: World):
    agreement = received(world)
    return PreparationNote.objects.create(
        person=agreement.person,
        account=world.actor,
        agreement=agreement,
        words="Mine",
        written_at=timezone.now(),
    )


def group(world: World):
    return GroupSession.objects.create(
        kind=kind(GROUP),
        led_by=world.actor,
        starts_at=timezone.now(),
        minutes=60,
        logged_at=timezone.now(),
    )


def draft(world: World):
    about = f"log:{given(world).pk}"
    return Draft.objects.create(user=world.actor, about=about, words="{}", saved_at=timezone.now())


def page(make, methods=frozenset({"GET"}), **data) -> Rule:
    """A page about one object that `make` makes for who opens it."""
    return Rule(
        roles=SIGNED_IN,
        methods=methods,
        make=lambda world: {"pk": make(world).pk},
        mine=True,
        data=data,
    )


def of(side, make):
    return lambda world: make(side(world))


POST = frozenset({"POST"})
WHEN = {"held_on_0": "5", "held_on_1": "3", "starts_at": "10:00", "minutes": "60"}
RULES = {
    "supervision:sessions": page(given),
    "supervision:plan-session": page(given, FORM, **WHEN, held_on_2="2099"),
    "supervision:log-session": page(given, FORM, **WHEN, held_on_2="2026", status="attended"),
    "supervision:add-to-agenda": page(given, FORM, words="Rota"),
    "supervision:preparation": page(received),
    "supervision:add-preparation": page(received, FORM, words="Rota"),
    "supervision:aide-memoire": page(given, FORM, words="Rota"),
    "supervision:take-off-agenda": page(item, FORM),
    "supervision:edit-preparation": page(note, FORM, words="Rota"),
    "supervision:remove-preparation": page(note, FORM),
    "supervision:session": page(of(given, recorded)),
    "supervision:hold-session": page(of(given, planned), POST),
    "supervision:log-planned": page(of(given, planned), FORM, status="attended"),
    "supervision:rearrange-session": page(of(given, planned), FORM, **WHEN, held_on_2="2099"),
    "supervision:cancel-session": page(of(given, planned), FORM, who="worker"),
    "supervision:settle-session": page(of(given, planned), FORM, status="attended"),
    "supervision:contest-session": page(of(received, called_off), FORM, words="I was there."),
    "supervision:log-before-end": page(given_lately, FORM, **WHEN, held_on_2="2026"),
    "supervision:write-record": page(of(given, recorded), FORM, **WORDS),
    "supervision:confirm-record": page(of(received, recorded), POST, version="1"),
    "supervision:disagree": page(of(received, recorded), FORM, **WORDS),
    "supervision:session-invitation": page(of(received, planned)),
    "supervision:log-group": Rule(roles=SIGNED_IN, methods=FORM),
    "supervision:group": page(group),
    "supervision:actions": Rule(roles=SIGNED_IN),
    "supervision:organisation-actions": Rule(roles=LEADS),
    "supervision:tick-action": page(action, POST),
    "supervision:calendar": Rule(roles=SIGNED_IN, methods=FORM),
    "supervision:calendar-feed": Rule(
        roles=ANYONE,
        make=lambda world: {"secret": renew_feed(by=world.stranger, at=timezone.now())},
    ),
    "supervision:drafts": Rule(roles=SIGNED_IN),
    "supervision:delete-draft": page(draft, FORM),
    "supervision:save-draft": Rule(
        roles=SIGNED_IN,
        methods=POST,
        make=lambda world: {"form": "log", "pk": given(world).pk},
        mine=True,
        data={"words": "Rota"},
    ),
}
