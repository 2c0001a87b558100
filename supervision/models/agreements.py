"""Who supervises whom, in which kind, on which terms; and who stands in."""

import datetime as dt
import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value

from accounts.models import User
from accounts.roles import VIEW_SUPERVISION_DUTY
from encryption.fields import EncryptedTextField
from programme.models import Person
from supervision.models import reach
from supervision.models.kinds import YEAR, SupervisionKind


class DateRange(Func):
    """PostgreSQL's range of days between two columns."""

    function = "daterange"
    output_field = DateRangeField()


def in_time_until() -> models.ExpressionWrapper:
    """The last day on which the session that is due is not late, of an agreement."""
    return models.ExpressionWrapper(F("due_on") + F("grace_days"), output_field=models.DateField())


DUE = Q(due_on__isnull=False)
REFUSE = "RAISE EXCEPTION USING ERRCODE = '23514', CONSTRAINT = '{name}', MESSAGE = '{name}';"


def open_on(day: dt.date) -> Q:
    """Of agreements, those that hold on a day; the day one ends on is the first without it."""
    return Q(starts_on__lte=day) & (Q(ended_on__isnull=True) | Q(ended_on__gt=day))


def ended_lately(user: User, day: dt.date) -> Q:
    """Of agreements, those one supervised in until a day of the last four weeks."""
    return Q(supervisor=user, ended_on__lte=day, ended_on__gt=day - reach.AFTERWARDS)


def _signed() -> "TermsQuerySet":
    """Of an agreement, the terms that both have signed."""
    return AgreementTerms.objects.filter(agreement=OuterRef("pk")).signed()


class AgreementQuerySet(models.QuerySet):
    def open_on(self, day: dt.date) -> "AgreementQuerySet":
        """Agreements that hold on a day."""
        return self.filter(open_on(day))

    def given_by(self, user: User, day: dt.date) -> "AgreementQuerySet":
        """Those a user supervises in on a day: as the supervisor or, while it lasts, standing in.

        The day before it starts and the day it ends are none of theirs.
        """
        return self.filter(pk__in=reach.given_by(user, day))

    def ended_lately(self, user: User, day: dt.date) -> "AgreementQuerySet":
        """Those that ended in the last four weeks, which both had signed where the kind asks it."""
        given = Q(kind__needs_agreement=False) | Exists(_signed())
        return self.filter(ended_lately(user, day)).filter(given)

    def given_or_given_before(self, user: User, day: dt.date) -> "AgreementQuerySet":
        """Those a user supervises in on a day, and past ones that ended lately or are kept open to
        them, in one query."""
        return self.filter(pk__in=reach.given_or_given_before(user, day))

    def not_ended_by(self, day: dt.date) -> "AgreementQuerySet":
        """Agreements that hold on a day or begin later."""
        ends = Q(ended_on__gt=day) & Q(ended_on__gt=F("starts_on"))
        return self.filter(Q(ended_on__isnull=True) | ends)

    def with_signed(self) -> "AgreementQuerySet":
        """Says of each whether it has terms that both have signed, as `signed`."""
        return self.annotate(signed=Exists(_signed()))

    def not_only_asked(self) -> "AgreementQuerySet":
        """Without those that a worker asked for and that both have not signed: nobody has agreed
        to give these."""
        return self.filter(Q(chosen=False) | Exists(_signed()))

    def with_terms(self) -> "AgreementQuerySet":
        """Reads who and what each is about, and its terms without their words."""
        terms = AgreementTerms.objects.defer("purpose", "confidentiality", "limits")
        rows = self.select_related("person", "supervisor", "kind")
        return rows.prefetch_related(models.Prefetch("terms", terms.order_by("number")))

    def of_worker(self, user: User) -> "AgreementQuerySet":
        """One's own, past ones too: the record of a worker stays theirs."""
        return self.filter(person__user=user)

    def visible_to(self, user: User, day: dt.date) -> "AgreementQuerySet":
        """What a user may open on a day: their own as worker; as supervisor or stand-in those of
        that day, and past ones that the worker keeps open to them."""
        return self.filter(pk__in=reach.visible_to(user, day))

    def due(self) -> "AgreementQuerySet":
        """Agreements in which a session is due, the most overdue first, as an index has them."""
        return self.filter(DUE).order_by(in_time_until(), "pk")

    def duty_visible_to(self, user: User) -> "AgreementQuerySet":
        """Those whose dates, kinds and statuses a lead sees, by the worker's site; never words."""
        sites = user.sites_for(VIEW_SUPERVISION_DUTY)
        if sites is None:
            return self
        return self.filter(person__in=Person.objects.at_sites(sites))


@pghistory.track(append_only=True)
class Agreement(models.Model):
    """One person supervises another in one kind of supervision, over one period.

    Dates are half-open: `ended_on` is the first day without it. No reason for an end is asked or
    kept. `last_attended_on`, `due_on` and `grace_days` are filled by every action that changes
    them, so that a list of thousands is ordered by an index; `supervision.compliance` is the rule.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="agreements")
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="agreements_given"
    )
    kind = models.ForeignKey(
        SupervisionKind, on_delete=models.PROTECT, related_name="agreements", db_index=False
    )
    starts_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    chosen = models.BooleanField(default=False, help_text="The worker chose this supervisor.")
    kept_open = models.BooleanField(
        default=False, help_text="After its end the worker still lets this supervisor read it."
    )
    last_attended_on = models.DateField(null=True, blank=True, editable=False)
    due_on = models.DateField(null=True, blank=True, editable=False)
    grace_days = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField()

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        indexes = [
            models.Index(
                "supervisor", "due_on", name="agreement_due", condition=Q(ended_on__isnull=True)
            ),
            models.Index(in_time_until(), "id", name="agreement_late", condition=DUE),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on")),
                name="agreement_ends_after_start",
                violation_error_message="An agreement cannot end before it starts.",
            ),
            ExclusionConstraint(
                name="agreement_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("supervisor", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ended_on", Value("[)")), RangeOperators.OVERLAPS),
                ],
                violation_error_message="These two already have an agreement of this kind then.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="with_somebody_else",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("person_id", "supervisor_id"),
                func="IF EXISTS (SELECT FROM programme_person WHERE id = NEW.person_id"
                " AND user_id = NEW.supervisor_id) THEN "
                + REFUSE.format(name="agreement_with_somebody_else")
                + " END IF; RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.starts_on:%d %B %Y}"

    def is_open_on(self, day: dt.date) -> bool:
        return self.starts_on <= day and (self.ended_on is None or self.ended_on > day)

    def is_over_on(self, day: dt.date) -> bool:
        """Whether it has ended by a day, or will never begin."""
        ends = self.ended_on
        return ends is not None and (ends <= day or ends == self.starts_on)

    @property
    def newest_terms(self) -> "AgreementTerms | None":
        return max(self.terms.all(), key=lambda one: one.number, default=None)

    @property
    def agreed_terms(self) -> "AgreementTerms | None":
        """The terms that hold: the newest that both have signed."""
        signed = (one for one in self.terms.all() if one.is_signed)
        return max(signed, key=lambda one: one.number, default=None)

    @property
    def overdue_from(self) -> dt.date | None:
        """The first day on which the next session is late, grace used up."""
        return self.due_on and self.due_on + dt.timedelta(days=self.grace_days + 1)


class TermsQuerySet(models.QuerySet):
    def signed(self) -> "TermsQuerySet":
        """Terms that both have signed."""
        return self.filter(worker_signed_at__isnull=False, supervisor_signed_at__isnull=False)


@pghistory.track(exclude=["purpose", "confidentiality", "limits"], append_only=True)
class AgreementTerms(models.Model):
    """One version of what two people agree on. Once both have signed, it never changes.

    Whether there is a conflict of interest is declared as yes or no by the supervisor who signs;
    nobody is asked what it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="terms")
    number = models.PositiveSmallIntegerField()
    cadence_days = models.PositiveSmallIntegerField("days from one session to the next")
    minutes = models.PositiveSmallIntegerField("minutes a session")
    place = models.CharField(max_length=120, blank=True)
    purpose = EncryptedTextField(blank=True)
    confidentiality = EncryptedTextField()
    limits = EncryptedTextField("limits of confidentiality")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    worker_signed_at = models.DateTimeField(null=True, blank=True)
    supervisor_signed_at = models.DateTimeField(null=True, blank=True)
    conflict = models.BooleanField("conflict of interest", null=True, blank=True)

    objects = TermsQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="terms_version_once"),
            models.CheckConstraint(
                condition=Q(cadence_days__gte=1, cadence_days__lte=YEAR),
                name="terms_cadence_in_range",
                violation_error_message="Between 1 and 366 days lie between two sessions.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480),
                name="terms_minutes_in_a_day",
                violation_error_message="A session lasts from 5 minutes to 8 hours.",
            ),
            models.CheckConstraint(
                condition=Q(supervisor_signed_at__isnull=True) | Q(conflict=False),
                name="terms_without_conflict",
                violation_error_message="With a conflict of interest there is no agreement.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="signed_terms_stay",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__worker_signed_at__isnull=False, old__supervisor_signed_at__isnull=False
                ),
            )
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"

    @property
    def is_signed(self) -> bool:
        return bool(self.worker_signed_at and self.supervisor_signed_at)


class CoverQuerySet(models.QuerySet):
    def on(self, day: dt.date) -> "CoverQuerySet":
        """Covers that last on a day, the last one included; none that the worker refused."""
        return self.filter(starts_on__lte=day, last_day__gte=day, refused_at__isnull=True)


@pghistory.track(exclude=["words"], append_only=True)
class Cover(models.Model):
    """Somebody stands in for a supervisor, to a last day that still counts.

    The worker sees it, with the words left for the stand-in. The stand-in sees agenda, open actions
    and what they write themselves; earlier records only where the worker opens them. The worker can
    refuse: then it is over at once, and no reason is asked or kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="covers")
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="covers"
    )
    starts_on = models.DateField()
    last_day = models.DateField()
    words = EncryptedTextField(blank=True)
    records_open = models.BooleanField(
        default=False, help_text="The worker lets the stand-in read the agreed records."
    )
    arranged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    arranged_at = models.DateTimeField()
    refused_at = models.DateTimeField(
        null=True, blank=True, help_text="When the worker asked for another stand-in."
    )

    objects = CoverQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("starts_on")),
                name="cover_ends_after_start",
                violation_error_message="Cover cannot end before it starts.",
            ),
            ExclusionConstraint(
                name="cover_once_at_a_time",
                expressions=[
                    ("agreement", RangeOperators.EQUAL),
                    (DateRange("starts_on", "last_day", Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(refused_at__isnull=True),
                violation_error_message="Somebody stands in over that time already.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="by_a_third",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("agreement_id", "stand_in_id"),
                func="IF EXISTS (SELECT FROM supervision_agreement a JOIN programme_person p"
                " ON p.id = a.person_id WHERE a.id = NEW.agreement_id"
                " AND NEW.stand_in_id IN (a.supervisor_id, p.user_id)) THEN "
                + REFUSE.format(name="cover_by_a_third")
                + " END IF; RETURN NEW;",
            )
        ]

    def __str__(self) -> str:
        return f"Cover from {self.starts_on:%d %B %Y} to {self.last_day:%d %B %Y}"

    def lasts_on(self, day: dt.date) -> bool:
        return self.starts_on <= day <= self.last_day and self.refused_at is None


@pghistory.track(exclude=["words"], append_only=True)
class HandOver(models.Model):
    """What a supervisor leaves for the next one; the worker reads it too.

    The next one reads the agreed records of the agreement that ended, and none of its private
    notes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ended = models.OneToOneField(Agreement, on_delete=models.CASCADE, related_name="handed_over")
    next = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, null=True, blank=True, related_name="taken_over"
    )
    words = EncryptedTextField(blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(next__isnull=True) | ~Q(next=F("ended")),
                name="hand_over_to_another",
                violation_error_message="An agreement is handed over to another one.",
            )
        ]

    def __str__(self) -> str:
        return "Hand-over"
