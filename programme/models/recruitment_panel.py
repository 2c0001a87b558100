"""What happens to an application on the way: scores, interviews and employment checks."""

import datetime as dt
import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models import User
from accounts.roles import SCORE_APPLICANTS, VIEW_RECRUITMENT
from encryption.fields import EncryptedTextField
from programme.models.recruitment_applicants import Applicant
from programme.models.recruitment_rounds import SCORED, Round, StageKind


@pghistory.track(append_only=True)
class ScoringCriterion(models.Model):
    """Something that a panel scores, at shortlisting or at interview."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="criteria")
    used_at = models.CharField(
        max_length=20,
        choices=[(kind.value, kind.label) for kind in SCORED],
        default=StageKind.SHORTLISTING,
    )
    name = models.CharField(max_length=120)
    hint = models.CharField(max_length=300, blank=True)
    highest = models.PositiveSmallIntegerField("highest score", default=4)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "scoring criteria"
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__in=[kind.value for kind in SCORED]),
                name="criterion_used_where_scored",
            ),
            models.CheckConstraint(
                condition=Q(highest__gte=1, highest__lte=10), name="criterion_highest_in_range"
            ),
            models.UniqueConstraint(
                Lower("name"),
                "round",
                "used_at",
                name="criterion_name_once",
                violation_error_message="There is already a criterion with this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PanelMemberQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "PanelMemberQuerySet":
        """A user's own seats on panels, while their role lets them score there."""
        sites = user.sites_for(SCORE_APPLICANTS)
        seats = self.filter(user=user)
        return seats if sites is None else seats.filter(round__site__in=sites)


@pghistory.track(append_only=True)
class PanelMember(models.Model):
    """Somebody who scores the applicants of one round."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="panel_members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="panel_seats"
    )

    objects = PanelMemberQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "user"],
                name="panel_member_once_a_round",
                violation_error_message="This person is already on the panel.",
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


@pghistory.track(exclude=["comment"], append_only=True)
class PanelScore(models.Model):
    """What one panel member gave one application for one criterion.

    Until `submitted_at` it is the member's own draft. Others' scores are shown only to who has
    submitted all of their own.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="scores")
    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(ScoringCriterion, on_delete=models.PROTECT, related_name="scores")
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    comment = EncryptedTextField(blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["criterion__position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["applicant", "member", "criterion"], name="panel_score_once"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__lte=10), name="panel_score_in_range"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(score__isnull=False),
                name="panel_score_submitted_has_score",
                violation_error_message="Give a score before you submit it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.score}"


@pghistory.track(append_only=True)
class PanelConflict(models.Model):
    """A panel member who said that they may not score one applicant; why is nobody's business."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="conflicts")
    member = models.ForeignKey(PanelMember, on_delete=models.CASCADE, related_name="conflicts")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["applicant", "member"], name="panel_conflict_once")
        ]

    def __str__(self) -> str:
        return f"{self.member} may not score"


class InterviewSlotQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "InterviewSlotQuerySet":
        """Slots of the rounds a lead may see."""
        sites = user.sites_for(VIEW_RECRUITMENT)
        return self if sites is None else self.filter(round__site__in=sites)

    def with_free(self) -> "InterviewSlotQuerySet":
        """Adds `booked` and `free`, how many bookings there are and how many fit still."""
        return self.annotate(booked=models.Count("bookings")).annotate(
            free=models.F("capacity") - models.F("booked")
        )


@pghistory.track(append_only=True)
class InterviewSlot(models.Model):
    """A time at which a round's panel can meet one applicant, or several at a group interview."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=45)
    place = models.CharField("place or how to join", max_length=200)
    capacity = models.PositiveSmallIntegerField(default=1)

    objects = InterviewSlotQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__gte=1),
                name="slot_has_room",
                violation_error_message="A slot needs room for at least one applicant.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480),
                name="slot_minutes_in_a_day",
                violation_error_message="An interview takes from 5 minutes to 8 hours.",
            ),
            models.UniqueConstraint(
                fields=["round", "starts_at", "place"],
                name="slot_once",
                violation_error_message="There is already a slot at this time and place.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%d %B %Y %H:%M}"

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + dt.timedelta(minutes=self.minutes)


@pghistory.track(append_only=True)
class InterviewBooking(models.Model):
    """The slot that an application has; choosing another changes this row.

    Who books holds the slot's row (`select_for_update`) while counting, so that no more fit in
    than it has room for.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slot = models.ForeignKey(InterviewSlot, on_delete=models.PROTECT, related_name="bookings")
    applicant = models.OneToOneField(Applicant, on_delete=models.CASCADE, related_name="booking")
    booked_at = models.DateTimeField()

    class Meta:
        ordering = ["booked_at", "id"]

    def __str__(self) -> str:
        return f"Interview on {self.slot}"


class CheckStandard(models.TextChoices):
    """The six NHS Employment Check Standards (NHS Employers)."""

    IDENTITY = "identity", "Identity"
    RIGHT_TO_WORK = "right_to_work", "Right to work"
    REGISTRATION = "registration", "Professional registration and qualifications"
    HISTORY = "history", "Employment history and references"
    HEALTH = "health", "Work health assessment"
    CRIMINAL_RECORD = "criminal_record", "Criminal record"


class CheckOutcome(models.TextChoices):
    """What came of a check; for health *with adjustments* says that, and nothing more."""

    WAITING = "waiting", "Not finished"
    CLEAR = "clear", "Clear"
    WITH_ADJUSTMENTS = "with_adjustments", "Clear with adjustments"
    NOT_NEEDED = "not_needed", "Not needed for this role"
    NOT_CLEAR = "not_clear", "Not clear"


class Turn(models.TextChoices):
    """Who has to do the next thing."""

    APPLICANT = "applicant", "The applicant"
    TRUST = "trust", "The trust"
    SOMEBODY_ELSE = "somebody_else", "Somebody else"
    NOBODY = "nobody", "Done"


class EmploymentCheckQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "EmploymentCheckQuerySet":
        """Checks of the applicants a lead may see."""
        sites = user.sites_for(VIEW_RECRUITMENT)
        return self if sites is None else self.filter(applicant__round__site__in=sites)

    def waiting(self) -> "EmploymentCheckQuerySet":
        return self.filter(outcome=CheckOutcome.WAITING)


@pghistory.track(append_only=True)
class EmploymentCheck(models.Model):
    """One of the six checks of one applicant: its outcome, date and checker, never a document."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="checks")
    standard = models.CharField(max_length=20, choices=CheckStandard)
    outcome = models.CharField(max_length=20, choices=CheckOutcome, default=CheckOutcome.WAITING)
    turn = models.CharField("whose turn", max_length=20, choices=Turn, default=Turn.APPLICANT)
    turn_since = models.DateField(help_text="Since when it is this party's turn.")
    expected_on = models.DateField(null=True, blank=True)
    outcome_on = models.DateField(null=True, blank=True)
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = EmploymentCheckQuerySet.as_manager()

    class Meta:
        ordering = ["applicant", "standard"]
        constraints = [
            models.UniqueConstraint(fields=["applicant", "standard"], name="check_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=CheckOutcome.values)
                & Q(standard__in=CheckStandard.values)
                & Q(turn__in=Turn.values),
                name="check_words_known",
            ),
            models.CheckConstraint(
                condition=(
                    Q(outcome=CheckOutcome.WAITING, outcome_on__isnull=True, checker__isnull=True)
                    & ~Q(turn=Turn.NOBODY)
                )
                | (
                    ~Q(outcome=CheckOutcome.WAITING)
                    & Q(outcome_on__isnull=False, checker__isnull=False, turn=Turn.NOBODY)
                ),
                name="check_outcome_dated",
                violation_error_message="An outcome needs its date and its checker.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=CheckOutcome.WITH_ADJUSTMENTS)
                | Q(standard=CheckStandard.HEALTH),
                name="check_adjustments_of_health",
                violation_error_message="Only the work health assessment ends with adjustments.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_standard_display()


class StartReason(models.TextChoices):
    """Why somebody may start before every check is finished: coded, and never a health detail."""

    SUPERVISED = "supervised", "Works under supervision until the last check is back"
    RISK_AGREED = "risk_agreed", "A written risk assessment is agreed"
    NO_CONTACT = "no_contact", "Training only, without contact with people who use services"


@pghistory.track(append_only=True)
class StartException(models.Model):
    """A decision that somebody starts although a check is not finished: by whom, when and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    applicant = models.OneToOneField(
        Applicant, on_delete=models.CASCADE, related_name="start_exception"
    )
    reason = models.CharField(max_length=20, choices=StartReason)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=StartReason.values), name="start_exception_reason_known"
            )
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
