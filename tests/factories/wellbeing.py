import datetime as dt

import factory
from django.utils import timezone

from tests.factories.accounts import UserFactory
from tests.factories.programme import PersonFactory
from wellbeing.models import (
    ContactDuty,
    ContactRequest,
    PlanHeading,
    PlanSection,
    PlanShare,
    Way,
    WellnessPlan,
)


class ContactDutyFactory(factory.django.DjangoModelFactory):
    """Eight working hours wherever no site has its own, and nobody who stands in."""

    class Meta:
        model = ContactDuty


class ContactRequestFactory(factory.django.DjangoModelFactory):
    """An open request to be phoned, without a stand-in."""

    class Meta:
        model = ContactRequest

    person = factory.SubFactory(PersonFactory, user=factory.SubFactory(UserFactory))
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
