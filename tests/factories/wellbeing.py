import datetime as dt
import json

import factory
from django.utils import timezone

from questionnaires.models import CHECK_IN, QuestionnaireVersion
from tests.factories.accounts import UserFactory
from tests.factories.programme import PersonFactory, TeamFactory
from wellbeing.models import (
    BurdenFlag,
    BurdenKind,
    CheckIn,
    CheckInShare,
    ContactDuty,
    ContactRequest,
    PlanHeading,
    PlanSection,
    PlanShare,
    Rhythm,
    Way,
    WellnessPlan,
)

NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)


class ContactDutyFactory(factory.django.DjangoModelFactory):
    """Eight working hours wherever no site has its own, and nobody who stands in."""

    class Meta:
        model = ContactDuty


class ContactRequestFactory(factory.django.DjangoModelFactory):
    """An open request to be phoned, without a stand-in."""

    class Meta:
        model = ContactRequest

    person = factory.SubFactory(PersonFactory, user=factory.SubFactory(UserFactory))
    account = factory.SelfAttribute("person.user")
    owner = factory.SubFactory(UserFactory)
    way = Way.PHONE
    asked_at = factory.LazyFunction(timezone.now)
    answer_by = factory.LazyAttribute(lambda o: o.asked_at + dt.timedelta(days=1))
    leads_from = factory.LazyAttribute(lambda o: o.answer_by)


class WellnessPlanFactory(factory.django.DjangoModelFactory):
    """A plan with every heading, nothing written under any."""

    class Meta:
        model = WellnessPlan
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory, user=factory.SubFactory(UserFactory))
    account = factory.SelfAttribute("person.user")

    @factory.post_generation
    def headings(self, create, extracted, **_words):
        for position, heading in enumerate(PlanHeading.values, start=1):
            PlanSection.objects.create(plan=self, heading=heading, position=position)


class PlanShareFactory(factory.django.DjangoModelFactory):
    """A share of nothing yet, open for a month."""

    class Meta:
        model = PlanShare

    plan = factory.SubFactory(WellnessPlanFactory)
    reader = factory.SubFactory(UserFactory)
    purpose = "To talk about my first month"
    shared_on = factory.LazyFunction(timezone.localdate)
    until = factory.LazyAttribute(lambda o: o.shared_on + dt.timedelta(days=30))


def five_questions() -> QuestionnaireVersion:
    """Our own check-in, which every installation begins with."""
    return QuestionnaireVersion.objects.of(CHECK_IN).published().latest()


class RhythmFactory(factory.django.DjangoModelFactory):
    """Every two weeks on Wednesdays from nine, begun on 4 March 2026."""

    class Meta:
        model = Rhythm

    person = factory.SubFactory(PersonFactory)
    account = factory.SelfAttribute("person.user")
    next_on = dt.date(2026, 3, 4)
    settled_on = dt.date(2026, 3, 3)


class CheckInFactory(factory.django.DjangoModelFactory):
    """A finished one, with `given` as its answers."""

    class Meta:
        model = CheckIn

    class Params:
        given = factory.LazyFunction(dict)

    person = factory.SubFactory(PersonFactory)
    account = factory.SelfAttribute("person.user")
    version = factory.LazyFunction(five_questions)
    finished_at = NOON
    started_at = factory.SelfAttribute("finished_at")
    occasion_on = factory.Sequence(lambda number: dt.date(2000, 1, 1) + dt.timedelta(days=number))
    answers = factory.LazyAttribute(lambda o: json.dumps(o.given, ensure_ascii=False))


class CheckInShareFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CheckInShare

    check_in = factory.SubFactory(CheckInFactory)
    reader = factory.SubFactory(UserFactory)
    shared_at = NOON


class BurdenFlagFactory(factory.django.DjangoModelFactory):
    """Noted by somebody, addressed to nobody."""

    class Meta:
        model = BurdenFlag

    person = factory.SubFactory(PersonFactory, user=factory.SubFactory(UserFactory))
    account = factory.SelfAttribute("person.user")
    team = factory.SubFactory(TeamFactory)
    kind = BurdenKind.EXTRA_DUTY
    noted_on = factory.LazyFunction(timezone.localdate)
