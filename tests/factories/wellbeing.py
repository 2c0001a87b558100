import datetime as dt

import factory
from django.utils import timezone

from tests.factories.accounts import UserFactory
from tests.factories.programme import PersonFactory
from wellbeing.models import ContactDuty, ContactRequest, Way


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
