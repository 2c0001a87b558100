import datetime as dt
import uuid

import factory
from django.utils import timezone

from notifications.models import Channel, Message, Occasion, Text
from tests.factories.accounts import UserFactory


class OccasionFactory(factory.django.DjangoModelFactory):
    """Late supervision that nobody knows of any more."""

    class Meta:
        model = Occasion

    rule = "supervision-overdue"
    recipient = factory.SubFactory(UserFactory)
    about = factory.LazyFunction(uuid.uuid4)
    day = factory.Sequence(lambda number: dt.date(2026, 1, 1) + dt.timedelta(days=number))
    due_at = factory.LazyFunction(timezone.now)
    created_at = factory.LazyFunction(timezone.now)


class MessageFactory(factory.django.DjangoModelFactory):
    """An email that is due."""

    class Meta:
        model = Message

    occasion = factory.SubFactory(
        OccasionFactory,
        recipient=factory.SelfAttribute("..recipient"),
        rule=factory.SelfAttribute("..rule"),
    )
    recipient = factory.SubFactory(UserFactory)
    rule = "supervision-overdue"
    day = factory.SelfAttribute("occasion.day")
    channel = Channel.EMAIL
    not_before = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(minutes=1))
    expires_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=1))
    moved_at = factory.LazyFunction(timezone.now)


class TextFactory(factory.django.DjangoModelFactory):
    """The first version of other words for late supervision."""

    class Meta:
        model = Text

    rule = "supervision-overdue"
    number = 1
    subject = "Something is late"
    words = "Dear {name}, something is late since {day}."
    sms = "Something is late."
    written_by = factory.SubFactory(UserFactory)
    written_at = factory.LazyFunction(timezone.now)
