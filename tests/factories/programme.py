import datetime as dt

import factory

from programme.models import (
    Application,
    Cohort,
    Employer,
    Enrolment,
    Funding,
    Person,
    Post,
    Spell,
    Team,
)
from tests.factories.accounts import SiteFactory


class EmployerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Employer

    name = factory.Sequence(lambda n: f"Employer {n}")


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Team

    name = factory.Sequence(lambda n: f"Team {n}")
    site = factory.SubFactory(SiteFactory)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    reference = factory.Sequence(lambda n: f"P{n:05}")
    first_name = "Zoë"
    last_name = factory.Sequence(lambda n: f"Person {n}")


class CohortFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cohort

    name = factory.Sequence(lambda n: f"Cohort {n}")
    starts_on = dt.date(2022, 1, 10)


class ApplicationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Application

    person = factory.SubFactory(PersonFactory)
    applied_on = dt.date(2021, 11, 1)


class EnrolmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Enrolment

    person = factory.SubFactory(PersonFactory)
    cohort = factory.SubFactory(CohortFactory)
    commenced_on = dt.date(2022, 1, 10)


class PostFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Post

    title = factory.Sequence(lambda n: f"Peer support worker {n}")
    team = factory.SubFactory(TeamFactory)
    employer = factory.SubFactory(EmployerFactory)

    @classmethod
    def _create(cls, model_class, *args, funded_wte=None, funding_ends_on=None, **fields):
        """With a funding that has no first day, where its WTE or its end is given."""
        post = super()._create(model_class, *args, **fields)
        if funded_wte is not None or funding_ends_on is not None:
            Funding.objects.create(post=post, wte=funded_wte, ends_on=funding_ends_on)
        return post


class SpellFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Spell

    person = factory.SubFactory(PersonFactory)
    post = factory.SubFactory(PostFactory)
    started_on = dt.date(2022, 6, 1)
