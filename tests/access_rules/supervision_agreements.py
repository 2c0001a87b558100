"""Who supervises whom: the directory, agreements as their two people open them, leads' pages."""

import datetime as dt
from dataclasses import replace

from django.utils import timezone

from supervision.models import LIVED_EXPERIENCE, SupervisionStandard
from tests.access_rules import SIGNED_IN, Rule, World
from tests.access_rules.programme import FORM, LEADS
from tests.access_rules.requirements import own_person
from tests.factories import supervision as made
from tests.programme.pages import boxes

LONG_AHEAD = dt.date(2098, 1, 5)


def given(**fields):
    """An agreement in which the actor supervises; its terms wait to be signed."""

    def make(world: World) -> dict:
        agreement = made.AgreementFactory(supervisor=world.actor, **fields)
        made.TermsFactory(agreement=agreement, worker_signed_at=None, supervisor_signed_at=None)
        return {"pk": agreement.pk}

    return make


def received(world: World) -> dict:
    """An agreement of the actor as worker."""
    return {"pk": made.AgreementFactory(person=own_person(world)).pk}


def cover_of(world: World, **agreement) -> dict:
    row = made.AgreementFactory(**agreement)
    cover = made.CoverFactory(agreement=row, starts_on=row.starts_on, last_day=LONG_AHEAD)
    return {"agreement_pk": row.pk, "pk": cover.pk}


def given_cover(world: World) -> dict:
    return cover_of(world, supervisor=world.actor)


def received_cover(world: World) -> dict:
    return cover_of(world, person=own_person(world))


def to_choose(_world: World) -> dict:
    return {"pk": made.SupervisorFactory().pk}


def at(site: str, make):
    """Kwargs for something about a person of a site."""

    def kwargs(world: World) -> dict:
        return make(world, world.person(getattr(world, site)))

    return kwargs


def person(_world: World, who) -> dict:
    return {"pk": who.pk}


def agreement_at(_world: World, who) -> dict:
    return {"person_pk": who.pk, "pk": made.AgreementFactory(person=who).pk}


def cover_at(world: World, who) -> dict:
    return {"person_pk": who.pk, **cover_of(world, person=who)}


def entry_at(site: str):
    def make(world: World) -> dict:
        entry = made.SupervisorFactory()
        entry.sites.set([getattr(world, site)])
        return {"pk": entry.pk}

    return make


def mine(make, methods=frozenset(FORM)) -> Rule:
    return Rule(SIGNED_IN, methods, make=make, mine=True)


def of_leads(make, methods=frozenset(FORM)) -> Rule:
    return Rule(LEADS, methods, make=at("own_site", make), make_other=at("other_site", make))


def a_kind(_world: World) -> dict:
    return {"pk": made.kind(LIVED_EXPERIENCE).pk}


def a_standard(_world: World) -> dict:
    values = {"cadence_days": 28, "early_cadence_days": 14, "applies_from": LONG_AHEAD}
    return {"pk": SupervisionStandard.objects.create(kind=made.kind(), **values).pk}


def listing(world: World) -> dict:
    """What is typed about somebody in the directory."""
    return {"email": world.user().email, "where": world.own_site.pk, "capacity": "6"}


def standing_in(_world: World) -> dict:
    today = timezone.localdate()
    days = boxes("starts_on", today) | boxes("last_day", today)
    return {"entry": made.SupervisorFactory().pk} | days


def owed(_world: World) -> dict:
    values = {"cadence_days": "42", "early_cadence_days": "14", "grace_days": "7", "minutes": "60"}
    return values | boxes("applies_from", timezone.localdate())


GET, POST = frozenset({"GET"}), frozenset({"POST"})
SETTINGS = {"roles": LEADS, "methods": FORM, "scoped": False}

RULES = {
    "supervision:mine": Rule(SIGNED_IN),
    "supervision:choose": Rule({"peer_worker", "trainee"}),
    "supervision:ask": Rule({"peer_worker", "trainee"}, FORM, make=to_choose),
    "supervision:ask-for-debrief": Rule({"peer_worker", "trainee"}, FORM, make=to_choose),
    "supervision:agreement": mine(given(), GET),
    "supervision:write-terms": mine(given()),
    "supervision:sign": mine(given()),
    "supervision:begin-debrief": mine(given()),
    "supervision:end": mine(received),
    "supervision:hand-over": mine(given()),
    "supervision:keep-open": mine(received, POST),
    "supervision:add-cover": replace(mine(given()), data=standing_in),
    "supervision:change-cover": mine(given_cover),
    "supervision:withdraw-cover": mine(given_cover),
    "supervision:cover-records": mine(received_cover, POST),
    "supervision:refuse-cover": mine(received_cover, POST),
    "supervision:supervisors": Rule(LEADS),
    "supervision:add-supervisor": Rule(LEADS, FORM, data=listing),
    "supervision:edit-supervisor": Rule(
        LEADS, FORM, make=entry_at("own_site"), make_other=entry_at("other_site"), data=listing
    ),
    "supervision:my-entry": Rule({"supervisor"}, FORM),
    "supervision:person": of_leads(person, GET),
    "supervision:assign": of_leads(person),
    "supervision:person-end": of_leads(agreement_at),
    "supervision:person-cover": of_leads(agreement_at),
    "supervision:person-change-cover": of_leads(cover_at),
    "supervision:person-withdraw-cover": of_leads(cover_at),
    "supervision:kinds": Rule(LEADS),
    "supervision:edit-kind": Rule(**SETTINGS, make=a_kind),
    "supervision:add-standard": Rule(**SETTINGS, make=a_kind, data=owed),
    "supervision:remove-standard": Rule(**SETTINGS, make=a_standard),
}
