"""Who applied in a round, and every step since. An applicant is on no list of people until a lead
makes them a person: see docs/decisions/0013."""

import datetime as dt
import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Concat, Upper

from accounts.models import User
from accounts.roles import SCORE_APPLICANTS, VIEW_RECRUITMENT
from encryption.fields import EncryptedTextField
from programme.models.people import Person
from programme.models.recruitment import Application
from programme.models.recruitment_rounds import (
    ENDED,
    SCORED,
    Round,
    RoundQuestion,
    RoundStage,
    StageKind,
)
from programme.models.searching import Fold, SearchedQuerySet

# Never with a list: each is read, and decrypted, only where a page asks for it.
CONFIDENTIAL = ("statement", "adjustments")


class MoveReason(models.TextChoices):
    """Why an application ended or waits: coded, and never a health detail."""

    MORE_FULLY = "more_fully", "Others met the criteria more fully"
    ESSENTIAL = "essential", "An essential criterion was not met"
    NO_PLACE = "no_place", "There was no place left"
    NOT_AT_INTERVIEW = "not_at_interview", "Did not come to the interview"
    CHECKS = "checks", "The employment checks did not allow it"
    DUPLICATE = "duplicate", "The same person applied twice in this round"
    OTHER_JOB = "other_job", "Another job, study or volunteering"
    TIMING = "timing", "Not the right time"
    NOT_EXPECTED = "not_expected", "The role was not what was expected"
    PAY_OR_HOURS = "pay_or_hours", "Pay, hours or travel"
    TOOK_TOO_LONG = "took_too_long", "It took too long"
    NOT_STATED = "not_stated", "Not stated"


# Which reasons belong to a move to a stage of a kind; a move to any other kind has none.
REASONS = {
    StageKind.NOT_SELECTED: (
        MoveReason.MORE_FULLY,
        MoveReason.ESSENTIAL,
        MoveReason.NO_PLACE,
        MoveReason.NOT_AT_INTERVIEW,
        MoveReason.CHECKS,
        MoveReason.DUPLICATE,
    ),
    StageKind.ON_HOLD: (MoveReason.NO_PLACE, MoveReason.TIMING),
    StageKind.WITHDREW: (
        MoveReason.OTHER_JOB,
        MoveReason.TIMING,
        MoveReason.NOT_EXPECTED,
        MoveReason.PAY_OR_HOURS,
        MoveReason.TOOK_TOO_LONG,
        MoveReason.NOT_STATED,
    ),
}


class OfferAnswer(models.TextChoices):
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"


class OfferAsk(models.TextChoices):
    """What applicants may ask before they answer an offer."""

    MORE_TIME = "more_time", "More time"
    TALK = "talk", "To talk with somebody first"


class ApplicantQuerySet(SearchedQuerySet):
    def visible_to(self, user: User) -> "ApplicantQuerySet":
        """Applications that were sent, in the rounds of the sites a lead covers."""
        sites = user.sites_for(VIEW_RECRUITMENT)
        sent = self.submitted()
        return sent if sites is None else sent.filter(round__site__in=sites)

    def scored_by(self, user: User) -> "ApplicantQuerySet":
        """What a panel member may read: applications at a stage that their panel scores now."""
        sites = user.sites_for(SCORE_APPLICANTS)
        rows = self.submitted().filter(
            round__panel_members__user=user, stage__kind__in=SCORED, merged_into=None
        )
        return rows if sites is None else rows.filter(round__site__in=sites)

    def drafts(self) -> "ApplicantQuerySet":
        """Applications begun and not sent."""
        return self.filter(submitted_at=None)

    def submitted(self) -> "ApplicantQuerySet":
        return self.filter(submitted_at__isnull=False)

    def counted(self) -> "ApplicantQuerySet":
        """Sent applications without those merged into another of the same person."""
        return self.submitted().filter(merged_into=None)

    def on_the_way(self) -> "ApplicantQuerySet":
        """Sent applications that nothing has ended and that are not on hold."""
        return self.counted().exclude(stage__kind__in=ENDED)

    def not_yet_people(self) -> "ApplicantQuerySet":
        """Sent applications of those who are nobody on the list of people, as far as their
        address tells: a figure of applicants adds these to the people who applied."""
        known = Applicant.objects.filter(person__isnull=False, email__iexact=OuterRef("email"))
        return self.counted().filter(person=None).exclude(Exists(known))

    def linked_to(self, email: str, at: dt.datetime) -> "ApplicantQuerySet":
        """What the holder of an address gets the links to: drafts, and what was sent in the year
        before, the newest first. For what is older they ask the contact person."""
        recent = Q(submitted_at=None) | Q(submitted_at__gt=at - dt.timedelta(days=365))
        rows = self.filter(recent, email__iexact=email, merged_into=None)
        return rows.order_by("-started_at", "pk")

    def sent_before(self, applicant: "Applicant") -> "ApplicantQuerySet":
        """Applications of the same address in the same round, sent before and not ended."""
        rows = self.counted().filter(round=applicant.round_id, email__iexact=applicant.email)
        rows = rows.filter(submitted_at__lt=applicant.submitted_at)
        return rows.exclude(pk=applicant.pk).exclude(
            stage__kind__in=[kind for kind in ENDED if kind != StageKind.ON_HOLD]
        )


class ApplicantManager(models.Manager.from_queryset(ApplicantQuerySet)):
    def get_queryset(self) -> ApplicantQuerySet:
        return super().get_queryset().defer(*CONFIDENTIAL)


@pghistory.track(
    exclude=[
        *("first_name", "last_name", "email", "phone"),
        *("statement", "adjustments", "search_text", "sort_name", "saved_at"),
    ],
    append_only=True,
)
class Applicant(models.Model):
    """Somebody's application in one round: a draft until it is sent.

    `stage` is one of the round's own, which the database makes sure of. Names and confidential
    text are in no history, so that an application which is removed is gone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="applicants")
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    email = models.EmailField("email address", max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    statement = EncryptedTextField(
        blank=True, help_text="How they would use their lived experience in this role."
    )
    adjustments = EncryptedTextField(
        blank=True, help_text="What they need for an interview: for the coordinator, not the panel."
    )
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    stage = models.ForeignKey(
        RoundStage, on_delete=models.PROTECT, null=True, blank=True, related_name="applicants"
    )
    stage_since = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=20, choices=MoveReason, blank=True)
    offered_on = models.DateField(null=True, blank=True)
    offer_reply_by = models.DateField(null=True, blank=True)
    offer_answer = models.CharField(max_length=10, choices=OfferAnswer, blank=True)
    offer_answered_on = models.DateField(null=True, blank=True)
    offer_answered_self = models.BooleanField(
        default=False, help_text="Whether the applicant answered on their own page."
    )
    offer_asked = models.CharField(max_length=10, choices=OfferAsk, blank=True)
    offer_asked_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField("agreed first day", null=True, blank=True)
    person = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="applied_as"
    )
    application = models.OneToOneField(
        Application, on_delete=models.SET_NULL, null=True, blank=True, related_name="applicant"
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="merged"
    )
    carried_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="carried_on"
    )
    search_text = models.GeneratedField(
        expression=Fold(
            Concat(
                *("first_name", models.Value(" "), "last_name", models.Value(" "), "email"),
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    sort_name = models.GeneratedField(
        expression=Fold(
            Concat("last_name", models.Value(" "), "first_name", output_field=models.TextField())
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = ApplicantManager()

    class Meta:
        ordering = ["sort_name", "id"]
        indexes = [
            models.Index("round", "stage", name="applicant_round_stage"),
            models.Index(Upper("email"), name="applicant_email"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, stage__isnull=True, stage_since__isnull=True)
                | Q(submitted_at__isnull=False, stage__isnull=False, stage_since__isnull=False),
                name="applicant_sent_has_stage",
                violation_error_message="What was sent has a stage, and a draft has none.",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | (~Q(last_name="") & ~Q(email="")),
                name="applicant_sent_has_name",
                violation_error_message="An application needs a name and an email address.",
            ),
            models.CheckConstraint(
                condition=Q(offered_on__isnull=False)
                | Q(offer_reply_by__isnull=True, offer_answer="", offer_answered_on__isnull=True),
                name="applicant_offer_dated",
                violation_error_message="An offer needs the day it was made.",
            ),
            models.CheckConstraint(
                condition=Q(offer_answer="", offer_answered_on__isnull=True)
                | (~Q(offer_answer="") & Q(offer_answered_on__isnull=False)),
                name="applicant_offer_answer_dated",
                violation_error_message="An answer needs its day.",
            ),
            models.CheckConstraint(
                condition=Q(offer_answered_self=False) | ~Q(offer_answer=""),
                name="applicant_own_answer_there",
            ),
            models.CheckConstraint(
                condition=Q(offer_asked="", offer_asked_on__isnull=True)
                | Q(
                    offer_asked__in=OfferAsk.values,
                    offer_asked_on__isnull=False,
                    offered_on__isnull=False,
                    offer_answer="",
                ),
                name="applicant_asks_before_answering",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="applicant_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(reason__in=MoveReason.values),
                name="applicant_reason_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or "No name yet"

    @property
    def is_draft(self) -> bool:
        return self.submitted_at is None


@pghistory.track(exclude=["text"], append_only=True)
class ApplicantAnswer(models.Model):
    """What an applicant wrote to one of the round's own questions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(RoundQuestion, on_delete=models.PROTECT, related_name="answers")
    text = EncryptedTextField(blank=True)

    class Meta:
        ordering = ["question__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["applicant", "question"], name="answer_once")
        ]

    def __str__(self) -> str:
        return f"Answer to “{self.question}”"


@pghistory.track(append_only=True)
class StageMove(models.Model):
    """One step of one application: from where to where, when, by whom and for which coded reason.

    The first move, from nowhere, is the sending itself. Without `by` the applicants moved
    themselves: they sent it, or withdrew. A move is never changed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="moves")
    from_stage = models.ForeignKey(
        RoundStage, on_delete=models.PROTECT, null=True, blank=True, related_name="moves_out"
    )
    to_stage = models.ForeignKey(RoundStage, on_delete=models.PROTECT, related_name="moves_in")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=20, choices=MoveReason, blank=True)

    class Meta:
        ordering = ["at", "id"]
        triggers = [pgtrigger.Protect(name="moves_stay", operation=pgtrigger.Update)]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_stage__isnull=True) | ~Q(from_stage=F("to_stage")),
                name="move_goes_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(reason__in=MoveReason.values), name="move_reason_known"
            ),
            models.UniqueConstraint(
                "applicant", condition=Q(from_stage__isnull=True), name="move_begins_once"
            ),
        ]

    def __str__(self) -> str:
        return f"To {self.to_stage}"


@pghistory.track(append_only=True)
class NotADuplicate(models.Model):
    """Two applications that look like one person's and are not; the smaller id stands first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "not duplicates"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="not_a_duplicate_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="not_a_duplicate_in_order"
            ),
        ]

    def __str__(self) -> str:
        return "Two people"


class EqualityAnswers(models.Model):
    """What one applicant of a round answered about themselves, and nobody knows which.

    No link to the application, no time, no history: only the round, the quarter and the answers,
    encrypted under a key of their own. See docs/decisions/0014.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="equality_answers")
    quarter = models.DateField(help_text="The first day of the quarter.")
    answers = EncryptedTextField(keys="EQUALITY_KEYS")

    class Meta:
        verbose_name_plural = "equality answers"
        constraints = [
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]),
                name="equality_answers_by_quarter",
            )
        ]

    def __str__(self) -> str:
        return "Answers about equality"
