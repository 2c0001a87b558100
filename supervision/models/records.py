"""What two people keep of their sessions: agenda, agreed record, actions; and each one's own notes.

Every text is encrypted and stands in no history table. Leads read none of it.
"""

import datetime as dt
import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from encryption.fields import EncryptedTextField
from programme.models import OwnQuerySet, Person
from supervision.models.agreements import REFUSE, Agreement, Cover
from supervision.models.sessions import Session


class OfAgreementQuerySet(models.QuerySet):
    def visible_to(self, user: User, day: dt.date) -> "OfAgreementQuerySet":
        """What belongs to the agreements a user may open on a day."""
        return self.filter(agreement__in=Agreement.objects.visible_to(user, day))


class AgendaItemQuerySet(OfAgreementQuerySet):
    def waiting(self) -> "AgendaItemQuerySet":
        """Not reached yet, so carried over to the next session."""
        return self.filter(reached_in__isnull=True, taken_off_at__isnull=True)


@pghistory.track(exclude=["words"], append_only=True)
class AgendaItem(models.Model):
    """Something either of two people wants to talk about; it waits until a session reaches it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="agenda")
    words = EncryptedTextField()
    prompt = models.CharField(max_length=30, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    reached_in = models.ForeignKey(
        Session, on_delete=models.SET_NULL, null=True, blank=True, related_name="agenda"
    )
    taken_off_at = models.DateTimeField(null=True, blank=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "id"]

    def __str__(self) -> str:
        return "Agenda item"


class RecordState(models.TextChoices):
    TO_CONFIRM = "to_confirm", "Waiting for the worker"
    AGREED = "agreed", "Agreed by both"
    DISAGREED = "disagreed", "The worker disagrees"


class SessionRecordQuerySet(models.QuerySet):
    def readable_by(self, user: User, day: dt.date) -> "SessionRecordQuerySet":
        """Records whose words a user may read on a day.

        The worker reads every one of their own. The supervisor of an open agreement reads those of
        that agreement, and the agreed ones of the agreement that was handed over to it. A stand-in
        reads those of sessions they gave and, where the worker opened them, the agreed ones. After
        its end a former supervisor reads the agreed ones only if the worker keeps them open.
        """
        covers = Cover.objects.filter(stand_in=user).on(day)
        mine = Agreement.objects.filter(supervisor=user).open_on(day)
        covered = Agreement.objects.open_on(day)
        agreed = Q(agreed_at__isnull=False)
        return self.filter(
            Q(session__person__user=user)
            | Q(session__agreement__in=mine)
            | (agreed & Q(session__agreement__handed_over__next__in=mine))
            | (agreed & Q(session__agreement__supervisor=user, session__agreement__kept_open=True))
            | Q(
                session__supervisor=user,
                session__cover__in=covers,
                session__agreement__in=covered,
            )
            | (
                agreed
                & Q(
                    session__agreement__in=covered.filter(
                        covers__in=covers.filter(records_open=True)
                    )
                )
            )
        )


@pghistory.track(append_only=True)
class SessionRecord(models.Model):
    """The record of a session that both agree on; its words are in its versions.

    Once agreed it is locked: what comes later is an amendment that both see.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="record")
    state = models.CharField(max_length=10, choices=RecordState, default=RecordState.TO_CONFIRM)
    version = models.PositiveSmallIntegerField(default=1)
    agreed_at = models.DateTimeField(null=True, blank=True, help_text="When it was first agreed.")

    objects = SessionRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="agreed") | Q(agreed_at__isnull=False),
                name="record_agreed_has_time",
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="agreed_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__agreed_at__isnull=False)
                & pgtrigger.Q(old__agreed_at__df=pgtrigger.F("new__agreed_at")),
            )
        ]

    def __str__(self) -> str:
        return self.get_state_display()


@pghistory.track(exclude=["words"], append_only=True)
class RecordVersion(models.Model):
    """The words of a record as one of the two wrote them; an amendment adds to an agreed record."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(
        SessionRecord, on_delete=models.CASCADE, related_name="versions", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    words = EncryptedTextField(blank=True)
    is_amendment = models.BooleanField(default=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="record_version_once")
        ]
        triggers = [
            pgtrigger.Protect(name="versions_stay", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="agreed_is_locked",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__is_amendment=False),
                func="IF EXISTS (SELECT FROM supervision_sessionrecord WHERE id = NEW.record_id"
                " AND agreed_at IS NOT NULL) THEN "
                + REFUSE.format(name="record_agreed_is_locked")
                + " END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


@pghistory.track(exclude=["words"], append_only=True)
class RecordAnswer(models.Model):
    """The worker confirms a version, or disagrees in their own words; every answer stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(SessionRecord, on_delete=models.CASCADE, related_name="answers")
    version = models.PositiveSmallIntegerField()
    agrees = models.BooleanField()
    words = EncryptedTextField(blank=True)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["given_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "version"],
                condition=Q(agrees=True),
                name="record_version_confirmed_once",
            )
        ]
        triggers = [pgtrigger.Protect(name="answers_stay", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return "Confirmed" if self.agrees else "Disagreed"


class Mechanism(models.TextChoices):
    """What peer support works by; each cuts both ways. Source: domain.md 1.4c."""

    LIVED_EXPERIENCE = "lived_experience", "Use of lived experience"
    LOVE_LABOUR = "love_labour", "Emotional work"
    LIMINAL_POSITION = "liminal_position", "Being between staff and people who use services"
    STRENGTHS = "strengths", "Strengths and practical, social support"
    HELPER_ROLE = "helper_role", "The helper’s role"


class Side(models.TextChoices):
    SUCCESS = "success", "What goes well"
    DIFFICULTY = "difficulty", "What is hard"
    BOTH = "both", "Both"


class SessionTopic(models.Model):
    """What a session was about, in the words of the field; part of the record, so in no history."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(
        Session, on_delete=models.CASCADE, related_name="topics", db_index=False
    )
    mechanism = models.CharField(max_length=20, choices=Mechanism)
    side = models.CharField(max_length=10, choices=Side)

    class Meta:
        ordering = ["mechanism"]
        constraints = [
            models.UniqueConstraint(fields=["session", "mechanism"], name="session_topic_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_mechanism_display()}: {self.get_side_display()}"


class ActionOwner(models.TextChoices):
    WORKER = "worker", "Peer worker"
    SUPERVISOR = "supervisor", "Supervisor"
    ORGANISATION = "organisation", "The organisation"


class AgreedActionQuerySet(OfAgreementQuerySet):
    def open(self) -> "AgreedActionQuerySet":
        return self.filter(done_on__isnull=True)

    def for_organisation(self) -> "AgreedActionQuerySet":
        """What leads are to do: the organisation's, of records that the worker has confirmed."""
        return self.filter(
            owner=ActionOwner.ORGANISATION, agreed_in__record__agreed_at__isnull=False
        )


@pghistory.track(exclude=["words"], append_only=True)
class AgreedAction(models.Model):
    """Something one of the two, or the organisation, is to do by a day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="actions")
    agreed_in = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="actions")
    words = EncryptedTextField()
    owner = models.CharField(max_length=12, choices=ActionOwner)
    due_on = models.DateField(null=True, blank=True)
    added_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = AgreedActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "added_on", "id"]
        indexes = [
            models.Index("owner", "added_on", name="action_open", condition=Q(done_on__isnull=True))
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(done_on__gte=F("added_on")),
                name="action_done_after_added",
                violation_error_message="An action cannot be done before it was agreed.",
            )
        ]

    def __str__(self) -> str:
        return "Action"


@pghistory.track(exclude=["account", "words"], append_only=True)
class PreparationNote(models.Model):
    """What a worker writes for themselves before a session: nobody else ever reads it."""

    owner_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="preparation")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="+")
    words = EncryptedTextField(blank=True)
    written_at = models.DateTimeField()

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at"]

    def __str__(self) -> str:
        return "Preparation note"


class AideMemoireQuerySet(models.QuerySet):
    def visible_to(self, user: User, day: dt.date) -> "AideMemoireQuerySet":
        """Its author while they supervise, and always the worker it is about."""
        return self.filter(
            Q(agreement__person__user=user)
            | Q(author=user, agreement__in=Agreement.objects.given_by(user, day))
        )


@pghistory.track(exclude=["words"], append_only=True)
class AideMemoire(models.Model):
    """What a supervisor notes to remember. The worker can read it, and the page says so."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="aide_memoires")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = EncryptedTextField(blank=True)
    written_at = models.DateTimeField()

    objects = AideMemoireQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "author"], name="aide_memoire_once")
        ]

    def __str__(self) -> str:
        return "Aide-memoire"


class DraftQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "DraftQuerySet":
        return self.filter(user=user)


class Draft(models.Model):
    """What somebody has typed and not saved yet, for one form about one thing.

    There is none until something is typed; saving the form, or its writer, removes it.
    """

    owner_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts"
    )
    about = models.CharField(max_length=80, help_text="The form, and the id it is about.")
    words = EncryptedTextField(help_text="The fields as JSON.")
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "about"], name="draft_once")]

    def __str__(self) -> str:
        return "Draft"
