"""Training cohorts and who took part in them."""

import datetime as dt
import uuid

import pghistory
import pgtrigger
from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower

from accounts.models import Site, User
from accounts.roles import CHANGE_PEOPLE, VIEW_COHORTS, VIEW_PEOPLE
from programme.models.people import Person
from programme.models.searching import SearchedQuerySet
from programme.models.training_programmes import ProgrammeVersion


class Outcome(models.TextChoices):
    ACTIVE = "active", "In training"
    COMPLETED = "completed", "Completed"
    WITHDREW = "withdrew", "Withdrew"
    DEFERRED = "deferred", "Deferred"


# Who withdrew or deferred has given their place back.
TAKES_PLACE = [Outcome.ACTIVE, Outcome.COMPLETED]


class CohortQuerySet(SearchedQuerySet):
    searched = ("name", "site__name")

    def visible_to(self, user: User) -> "CohortQuerySet":
        """Cohorts of the sites a user's role covers; one without a site is for all-site roles."""
        sites = user.sites_for(VIEW_COHORTS)
        return self if sites is None else self.filter(site__in=sites)

    def of_people_visible_to(self, user: User) -> "CohortQuerySet":
        """Cohorts in which a user may see people's records, as leads may and trainers may not."""
        sites = user.sites_for(VIEW_PEOPLE)
        return self if sites is None else self.filter(site__in=sites)

    def changeable_by(self, user: User) -> "CohortQuerySet":
        """Cohorts in which a user may give people places."""
        sites = user.sites_for(CHANGE_PEOPLE)
        return self if sites is None else self.filter(site__in=sites)

    def begun_by(self, day: dt.date) -> "CohortQuerySet":
        """Cohorts whose first day had come, or in which somebody had begun, by a day."""
        began = Enrolment.objects.filter(cohort=OuterRef("pk"), commenced_on__lte=day)
        return self.filter(Q(starts_on__lte=day) | Exists(began))

    def with_counts_on(self, day: dt.date) -> "CohortQuerySet":
        """Adds how many `people` have a place, and how many had `started`, `completed`, were
        `in_training`, `did_not_complete` and were `waiting` for a first session on a day."""
        return self.annotate(
            people=models.Count("enrolments"),
            started=_people(Q(enrolments__commenced_on__lte=day)),
            completed=_people(_ended(day, [Outcome.COMPLETED])),
            did_not_complete=_people(_ended(day, [Outcome.WITHDREW, Outcome.DEFERRED])),
            in_training=_people(Q(enrolments__commenced_on__lte=day) & ~_has_ended(day)),
            waiting=_people(
                (Q(enrolments__commenced_on__isnull=True) | Q(enrolments__commenced_on__gt=day))
                & ~_has_ended(day)
            ),
        )


def _people(condition: Q) -> models.Count:
    return models.Count("enrolments", filter=condition)


def _ended(day: dt.date, outcomes: list) -> Q:
    return Q(enrolments__outcome__in=outcomes, enrolments__outcome_on__lte=day)


def _has_ended(day: dt.date) -> Q:
    return Q(enrolments__outcome_on__isnull=False, enrolments__outcome_on__lte=day)


@pghistory.track(append_only=True)
class Cohort(models.Model):
    """A group starting one run of the training programme."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="cohorts"
    )
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    programme_version = models.ForeignKey(
        ProgrammeVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cohorts",
        help_text="What the cohort is taught; not known of cohorts from a spreadsheet.",
    )
    places = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many people may be in it at once."
    )

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = [F("starts_on").desc(nulls_last=True), "name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="cohort_name_once",
                violation_error_message="There is already a cohort with this name.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="cohort_ends_after_start",
                violation_error_message="A cohort cannot end before it starts.",
            ),
            models.CheckConstraint(
                condition=Q(places__isnull=True) | Q(places__gte=1),
                name="cohort_places_from_one",
                violation_error_message="A cohort needs at least one place.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="places_for_who_is_in_it",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("places"),
                condition=pgtrigger.Q(new__places__isnull=False),
                declare=[("taken", "integer")],
                func="""
                    SELECT count(*) INTO taken FROM programme_enrolment
                    WHERE cohort_id = NEW.id AND outcome IN ('active', 'completed');
                    IF taken > NEW.places THEN
                        RAISE EXCEPTION 'More people are in this cohort than that.' USING
                        ERRCODE = 'check_violation', CONSTRAINT = 'cohort_places_taken';
                    END IF;
                    RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def dates_in_words(self) -> str:
        """*10 January 2022 to 4 April 2022*, or as much of it as is known."""
        first = self.starts_on and f"{self.starts_on.day} {self.starts_on:%B %Y}"
        last = self.ends_on and f"{self.ends_on.day} {self.ends_on:%B %Y}"
        if first and last:
            return f"{first} to {last}"
        return f"From {first}" if first else f"Until {last}" if last else "Dates not known"


@pghistory.track(append_only=True)
class OutcomeReason(models.Model):
    """Why somebody did not complete, as a category; never a health detail."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="outcome_reason_once")]

    def __str__(self) -> str:
        return self.name


def outcome_in_words(outcome: str, commenced_on: dt.date | None) -> str:
    """An outcome, told apart from a place that nobody has taken up yet."""
    if outcome == Outcome.ACTIVE and commenced_on is None:
        return "Not started yet"
    return OUTCOME_LABELS[outcome]


OUTCOME_LABELS = dict(Outcome.choices)


class EnrolmentQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "EnrolmentQuerySet":
        """Enrolments in cohorts of the sites whose people a user may see.

        A trainer, who sees no person's record, reads names from the cohort itself.
        """
        sites = user.sites_for(VIEW_PEOPLE)
        return self if sites is None else self.filter(cohort__site__in=sites)

    def commenced_by(self, day: dt.date) -> "EnrolmentQuerySet":
        """Enrolments of people who attended a first session on or before a day."""
        return self.filter(commenced_on__lte=day)

    def known_by(self, day: dt.date) -> "EnrolmentQuerySet":
        """Enrolments of which something had happened by a day: a first session, or an end."""
        return self.filter(Q(commenced_on__lte=day) | Q(outcome_on__lte=day))

    def completed_by(self, day: dt.date) -> "EnrolmentQuerySet":
        """Enrolments completed on or before a day."""
        return self.filter(outcome=Outcome.COMPLETED, outcome_on__lte=day)

    def did_not_complete_by(self, day: dt.date) -> "EnrolmentQuerySet":
        """Enrolments that ended in a withdrawal or a deferral on or before a day."""
        return self.filter(outcome__in=[Outcome.WITHDREW, Outcome.DEFERRED], outcome_on__lte=day)

    def with_employed_by(self, day: dt.date, user: User) -> "EnrolmentQuerySet":
        """Adds `employed`: whether the person has started, since their first session and by a
        day, in a post that a user may see."""
        spells = apps.get_model("programme", "Spell").objects.visible_to(user)
        spells = spells.filter(
            person=OuterRef("person"), started_on__gte=OuterRef("commenced_on"), started_on__lte=day
        )
        return self.annotate(employed=Exists(spells))

    def in_training_on(self, day: dt.date) -> "EnrolmentQuerySet":
        """Enrolments begun by a day whose outcome was still to come on it."""
        return self.filter(commenced_on__lte=day).filter(_still_open(day))

    def waiting_on(self, day: dt.date) -> "EnrolmentQuerySet":
        """Places in a cohort of people who had not attended a first session by a day."""
        return self.filter(Q(commenced_on__isnull=True) | Q(commenced_on__gt=day)).filter(
            _still_open(day)
        )


def _still_open(day: dt.date) -> Q:
    return Q(outcome=Outcome.ACTIVE) | Q(outcome_on__gt=day)


@pghistory.track(append_only=True)
class Enrolment(models.Model):
    """One person's place in a cohort and how it ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="enrolments")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="enrolments")
    commenced_on = models.DateField(
        null=True, blank=True, help_text="The day of the first session attended."
    )
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.ACTIVE)
    outcome_on = models.DateField(null=True, blank=True)
    outcome_reason = models.ForeignKey(
        OutcomeReason, on_delete=models.PROTECT, null=True, blank=True, related_name="enrolments"
    )
    may_return = models.BooleanField(
        null=True,
        blank=True,
        help_text="Whether somebody who left may come back; unknown if empty.",
    )
    next_enrolment = models.OneToOneField(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="deferred_from",
        help_text="The place in a later cohort to which this one was deferred.",
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["commenced_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "cohort"],
                name="enrolment_once_a_cohort",
                violation_error_message="This person is already in this cohort.",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.ACTIVE, outcome_on__isnull=True)
                | (~Q(outcome=Outcome.ACTIVE) & Q(outcome_on__isnull=False)),
                name="enrolment_outcome_dated",
                violation_error_message="An outcome needs its date, and a date its outcome.",
            ),
            models.CheckConstraint(
                condition=Q(outcome_on__isnull=True)
                | Q(commenced_on__isnull=True)
                | Q(outcome_on__gte=F("commenced_on")),
                name="enrolment_outcome_after_start",
                violation_error_message="The outcome cannot be before the first session.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.COMPLETED) | Q(commenced_on__isnull=False),
                name="enrolment_completed_has_start",
                violation_error_message="Somebody who completed must have a first session.",
            ),
            models.CheckConstraint(
                condition=Q(outcome_reason__isnull=True)
                | Q(outcome__in=[Outcome.WITHDREW, Outcome.DEFERRED]),
                name="enrolment_reason_for_ending",
                violation_error_message="A reason belongs to a withdrawal or a deferral.",
            ),
            models.CheckConstraint(
                condition=Q(may_return__isnull=True)
                | Q(outcome__in=[Outcome.WITHDREW, Outcome.DEFERRED]),
                name="enrolment_return_after_ending",
                violation_error_message="Only somebody who withdrew or deferred may return.",
            ),
            models.CheckConstraint(
                condition=Q(next_enrolment__isnull=True)
                | (Q(outcome=Outcome.DEFERRED) & ~Q(next_enrolment=F("id"))),
                name="enrolment_next_after_deferral",
                violation_error_message="Only somebody who deferred has a place in a later cohort.",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[choice.value for choice in Outcome]),
                name="enrolment_outcome_known",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="places_left",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("cohort_id", "outcome"),
                declare=[("limit_", "integer"), ("taken", "integer")],
                func="""
                    IF NEW.outcome NOT IN ('active', 'completed') OR (TG_OP = 'UPDATE' AND
                        OLD.cohort_id = NEW.cohort_id AND OLD.outcome IN ('active', 'completed'))
                    THEN RETURN NULL; END IF;
                    SELECT places INTO limit_ FROM programme_cohort WHERE id = NEW.cohort_id;
                    IF limit_ IS NULL THEN RETURN NULL; END IF;
                    SELECT places INTO limit_ FROM programme_cohort WHERE id = NEW.cohort_id
                    FOR NO KEY UPDATE;
                    SELECT count(*) INTO taken FROM programme_enrolment
                    WHERE cohort_id = NEW.cohort_id AND outcome IN ('active', 'completed');
                    IF taken > limit_ THEN
                        RAISE EXCEPTION 'Every place in this cohort is taken.' USING
                        ERRCODE = 'check_violation', CONSTRAINT = 'enrolment_places_left';
                    END IF;
                    RETURN NULL;
                """,
            )
        ]

    @property
    def outcome_words(self) -> str:
        """See `outcome_in_words`."""
        return outcome_in_words(self.outcome, self.commenced_on)

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} since {self.commenced_on or 'not started'}"
