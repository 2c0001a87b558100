"""Employers, teams and the people the programme is for."""

import datetime as dt
import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Least, Lower

from accounts.models import Site, User
from accounts.roles import VIEW_PEOPLE, VIEW_POSTS
from programme.models.place import (
    dates_until,
    first_date,
    place_of_dates,
    rows_of_person,
)
from programme.models.searching import Fold, SearchedQuerySet


class EmployerKind(models.TextChoices):
    NHS = "nhs", "NHS"
    VOLUNTARY = "voluntary", "Voluntary sector"
    OTHER = "other", "Other"


class EmployerQuerySet(SearchedQuerySet):
    searched = ("name",)

    def visible_to(self, user: User) -> "EmployerQuerySet":
        """Every employer for who may see posts: employers belong to no site."""
        return self if user.sites_for(VIEW_POSTS) != frozenset() else self.none()


@pghistory.track(append_only=True)
class Employer(models.Model):
    """An organisation that employs peer workers: a trust, or a charity working with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=EmployerKind, default=EmployerKind.NHS)

    objects = EmployerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="employer_name_once",
                violation_error_message="There is already an employer with this name.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class TeamQuerySet(SearchedQuerySet):
    searched = ("name", "site__name", "supervisor")

    def with_readiness_on(self, day: dt.date, besides: "Person | None" = None) -> "TeamQuerySet":
        """Adds what `programme.readiness` asks of a team: whether a session `prepared` it by a
        day, one of them `by_peers`, and whether `peers` other than one person are in post."""
        from programme.models.posts import Spell
        from programme.models.teams import TeamPreparation

        held = TeamPreparation.objects.filter(team=OuterRef("pk"), held_on__lte=day)
        peers = Spell.objects.filter(post__team=OuterRef("pk")).in_post_on(day)
        if besides is not None:
            peers = peers.exclude(person=besides)
        return self.annotate(
            prepared=Exists(held),
            by_peers=Exists(held.filter(by_peers=True)),
            peers=Exists(peers),
        )

    def with_posts_counted(self, as_at: dt.date | None = None) -> "TeamQuerySet":
        """Adds `posts_count`: every post of a team, or those that there were on a past day."""
        from programme.models.posts import Post

        there = Q(posts__in=Post.objects.known_on(as_at)) if as_at else None
        return self.annotate(posts_count=Count("posts", filter=there))

    def visible_to(self, user: User) -> "TeamQuerySet":
        """Teams of the sites a user's role covers."""
        sites = user.sites_for(VIEW_POSTS)
        return self if sites is None else self.filter(site__in=sites)


@pghistory.track(append_only=True)
class Team(models.Model):
    """A team or ward at a site; two sites may each have a team of the same name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="teams")
    supervisor = models.CharField(
        "who supervises its peer workers",
        max_length=120,
        blank=True,
        help_text="A name; no account is needed.",
    )
    supervisor_trained_on = models.DateField(
        "trained to supervise peer workers on", null=True, blank=True
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                "site",
                name="team_name_once_a_site",
                violation_error_message="This site already has a team with this name.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Place(models.TextChoices):
    """Where somebody is on the way through the programme on a day."""

    APPLIED = "applied", "Applied"
    IN_TRAINING = "in_training", "In training"
    COMPLETED = "completed", "Completed training"
    DID_NOT_COMPLETE = "did_not_complete", "Did not complete"
    IN_POST = "in_post", "In post"
    LEFT = "left", "Left"


# Written out, because Django takes three times as long to put them together as the whole row takes.
OF_SPELLS = """EXISTS (
    SELECT FROM {table} AS row JOIN programme_spell ON programme_spell.id = row.spell_id
    WHERE programme_spell.person_id = programme_person.id
)"""
SHARED_OWN = """EXISTS (
    SELECT FROM {table} AS row
    WHERE row.person_id = programme_person.id AND row.account_id = programme_person.user_id
        AND row.shared_on IS NOT NULL
)"""
WHAT_THERE_IS = {
    "has_reviews": OF_SPELLS.format(table="programme_probationreview"),
    "has_breaks": OF_SPELLS.format(table="programme_careerbreak"),
    "has_shared": f"({SHARED_OWN.format(table='programme_adjustment')}"
    f" OR {SHARED_OWN.format(table='programme_developmentgoal')})",
}


class PersonQuerySet(SearchedQuerySet):
    def visible_to(self, user: User) -> "PersonQuerySet":
        """People a user may see: those of the sites their role covers.

        A person belongs to a site by the record's own site, a cohort there or a post there.
        """
        sites = user.sites_for(VIEW_PEOPLE)
        return self if sites is None else self.at_sites(sites)

    def at_sites(self, sites) -> "PersonQuerySet":
        """People with anything at one of these sites."""
        from programme.models.posts import Spell
        from programme.models.training import Enrolment

        own = models.OuterRef("pk")
        return self.filter(
            models.Q(site__in=sites)
            | models.Exists(Enrolment.objects.filter(person=own, cohort__site__in=sites))
            | models.Exists(Spell.objects.filter(person=own, post__team__site__in=sites))
        )

    def with_place_on(self, day: dt.date, user: User | None = None) -> "PersonQuerySet":
        """Adds `place`, a `Place` or empty text, and `place_on`, the day it began where known.

        By the records that a user may see where one is named. It is dear to build: for the rows
        of a page `programme.whereabouts` is the same rule.
        """
        return self.annotate(**dates_until(day, user)).annotate(**place_of_dates())

    def known_by(self, day: dt.date, user: User | None = None) -> "PersonQuerySet":
        """People who had applied, begun training or been in post by a day, by the records that a
        user may see; a place in a cohort that nobody had taken up has no day."""
        applied = rows_of_person("Application", user).filter(applied_on__lte=day)
        return self.filter(
            Exists(applied)
            | Exists(rows_of_person("Enrolment", user).known_by(day))
            | Exists(rows_of_person("Spell", user).begun_by(day))
        )

    def with_start(
        self, user: User | None = None, until: dt.date | None = None
    ) -> "PersonQuerySet":
        """Adds `started_on`: the first session or the first day in post, whichever came first; by
        a day where one is given."""
        enrolments, spells = rows_of_person("Enrolment", user), rows_of_person("Spell", user)
        if until is not None:
            enrolments, spells = enrolments.known_by(until), spells.begun_by(until)
        return self.annotate(
            started_on=Least(
                first_date(enrolments, "commenced_on"), first_date(spells, "started_on")
            )
        )

    def with_what_there_is(self) -> "PersonQuerySet":
        """Adds `has_reviews`, `has_breaks` and `has_shared` (own words shared with leads), so that
        a page asks only for what is there; what it then reads has a scope of its own."""
        return self.annotate(
            **{name: RawSQL(sql, (), models.BooleanField()) for name, sql in WHAT_THERE_IS.items()}  # noqa: S611
        )

    def with_spell(self, spells: models.QuerySet) -> "PersonQuerySet":
        """People with one of these spells in post."""
        return self.filter(Exists(spells.filter(person=OuterRef("pk"))))

    def in_cohort(self, cohort: models.Model, by: dt.date | None = None) -> "PersonQuerySet":
        """People with a place in a cohort, whatever came of it; by a day, those of whom something
        had happened in it by then."""
        places = rows_of_person("Enrolment").filter(cohort=cohort)
        return self.filter(Exists(places if by is None else places.known_by(by)))


@pghistory.track(exclude=["search_text", "sort_name"], append_only=True)
class Person(models.Model):
    """Somebody on the way from applicant to peer worker, or past it.

    Being listed here is health data about the person: no field says more than the work needs.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        max_length=40, help_text="Your own number for this person, for example from ESR."
    )
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100)
    email = models.EmailField("email address", max_length=254, blank=True)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="people"
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="person",
        help_text="The account with which this person signs in and sees their own record.",
    )
    search_text = models.GeneratedField(
        expression=Fold(
            models.functions.Concat(
                "first_name",
                models.Value(" "),
                "last_name",
                models.Value(" "),
                "reference",
                models.Value(" "),
                "email",
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    sort_name = models.GeneratedField(
        expression=Fold(
            models.functions.Concat(
                "last_name", models.Value(" "), "first_name", output_field=models.TextField()
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "reference"]
        verbose_name_plural = "people"
        indexes = [models.Index("sort_name", "reference", name="person_sort_name")]
        constraints = [
            models.UniqueConstraint(
                Lower("reference"),
                name="person_reference_once",
                violation_error_message="There is already a person with this reference.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()
