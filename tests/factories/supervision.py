import datetime as dt

import factory

from supervision.models import (
    LINE_MANAGEMENT,
    ActionOwner,
    AgreedAction,
    Agreement,
    AgreementTerms,
    Cover,
    RecordVersion,
    Session,
    SessionRecord,
    SessionStatus,
    SupervisionKind,
    Supervisor,
)
from tests.factories.accounts import UserFactory
from tests.factories.programme import PersonFactory

NOON = dt.time(12, tzinfo=dt.UTC)


def kind(key: str = LINE_MANAGEMENT) -> SupervisionKind:
    """One of the kinds that every installation begins with."""
    return SupervisionKind.objects.get(key=key)


class SupervisorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Supervisor

    user = factory.SubFactory(UserFactory)


class AgreementFactory(factory.django.DjangoModelFactory):
    """An open agreement of line management, without terms."""

    class Meta:
        model = Agreement

    person = factory.SubFactory(PersonFactory)
    supervisor = factory.SubFactory(UserFactory)
    kind = factory.LazyFunction(kind)
    starts_on = dt.date(2026, 1, 5)
    created_at = factory.LazyAttribute(lambda o: dt.datetime.combine(o.starts_on, NOON))


class TermsFactory(factory.django.DjangoModelFactory):
    """Terms that both have signed."""

    class Meta:
        model = AgreementTerms

    agreement = factory.SubFactory(AgreementFactory)
    number = 1
    cadence_days = 28
    minutes = 60
    confidentiality = "What we say stays between us."
    limits = "A serious risk to somebody, safeguarding and the law."
    written_by = factory.SelfAttribute("agreement.supervisor")
    written_at = factory.SelfAttribute("agreement.created_at")
    worker_signed_at = factory.SelfAttribute("agreement.created_at")
    supervisor_signed_at = factory.SelfAttribute("agreement.created_at")
    conflict = False


class CoverFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cover

    agreement = factory.SubFactory(AgreementFactory)
    stand_in = factory.SubFactory(UserFactory)
    starts_on = dt.date(2026, 2, 2)
    last_day = dt.date(2026, 2, 15)
    arranged_by = factory.SelfAttribute("agreement.supervisor")
    arranged_at = factory.SelfAttribute("agreement.created_at")


class SessionFactory(factory.django.DjangoModelFactory):
    """An attended session of an agreement."""

    class Meta:
        model = Session

    agreement = factory.SubFactory(AgreementFactory)
    person = factory.SelfAttribute("agreement.person")
    supervisor = factory.SelfAttribute("agreement.supervisor")
    kind = factory.SelfAttribute("agreement.kind")
    status = SessionStatus.ATTENDED
    starts_at = dt.datetime(2026, 1, 19, 10, tzinfo=dt.UTC)
    minutes = 60
    entered_by = factory.SelfAttribute("supervisor")
    entered_at = factory.SelfAttribute("starts_at")
    settled_at = factory.LazyAttribute(
        lambda o: None if o.status == SessionStatus.PLANNED else o.starts_at
    )


class SessionRecordFactory(factory.django.DjangoModelFactory):
    """A record that waits for the worker; its words are a version of their own."""

    class Meta:
        model = SessionRecord

    session = factory.SubFactory(SessionFactory)


class RecordVersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RecordVersion

    record = factory.SubFactory(SessionRecordFactory)
    number = 1
    words = "We talked about the rota."
    written_by = factory.SelfAttribute("record.session.supervisor")
    written_at = factory.SelfAttribute("record.session.starts_at")


class AgreedActionFactory(factory.django.DjangoModelFactory):
    """An open action of the supervisor's, agreed in a session of an agreement."""

    class Meta:
        model = AgreedAction

    agreement = factory.SubFactory(AgreementFactory)
    agreed_in = factory.SubFactory(SessionFactory, agreement=factory.SelfAttribute("..agreement"))
    words = "Ask about the rota."
    owner = ActionOwner.SUPERVISOR
    added_on = factory.LazyAttribute(lambda o: o.agreed_in.starts_at.date())
