import datetime as dt

import factory

from programme.models import (
    Adjustment,
    CareerBreak,
    DevelopmentGoal,
    Funding,
    Pathway,
    PathwayStep,
    ProbationReview,
    TeamPreparation,
)
from tests.factories.programme import PersonFactory, PostFactory, SpellFactory, TeamFactory


class ProbationReviewFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProbationReview

    spell = factory.SubFactory(SpellFactory)
    month = 1
    due_on = dt.date(2022, 7, 1)


class CareerBreakFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CareerBreak

    spell = factory.SubFactory(SpellFactory)
    kind = "parental"
    starts_on = dt.date(2022, 9, 1)


class FundingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Funding

    post = factory.SubFactory(PostFactory)
    wte = "1.00"


class PathwayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Pathway

    name = factory.Sequence(lambda n: f"Pathway {n}")


class PathwayStepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PathwayStep

    pathway = factory.SubFactory(PathwayFactory)
    position = factory.Sequence(lambda n: n + 1)
    role = "Peer worker"


class TeamPreparationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TeamPreparation

    team = factory.SubFactory(TeamFactory)
    held_on = dt.date(2022, 5, 1)
    session = "What peer workers do"


class AdjustmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Adjustment

    person = factory.SubFactory(PersonFactory)
    account = factory.SelfAttribute("person.user")
    text = "A later start"
    written_on = dt.date(2022, 7, 1)


class DevelopmentGoalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DevelopmentGoal

    person = factory.SubFactory(PersonFactory)
    account = factory.SelfAttribute("person.user")
    text = "Lead a group"
    written_on = dt.date(2022, 7, 1)
