"""Sessions: when, of which kind, with whom, and what became of them. Never what was said."""

import datetime as dt
import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Site, User
from accounts.roles import VIEW_SUPERVISION_DUTY
from encryption.fields import EncryptedTextField
from programme.models import Person
from supervision.models.agreements import Agreement, Cover
from supervision.models.kinds import SupervisionKind


class SessionStatus(models.TextChoices):
    PLANNED = "planned", "Planned"
    ATTENDED = "attended", "Attended"
    REARRANGED = "rearranged", "Rearranged"
    CANCELLED_BY_SUPERVISOR = "cancelled_by_supervisor", "Cancelled by supervisor"
    CANCELLED_BY_WORKER = "cancelled_by_worker", "Cancelled by worker"
    NOT_ATTENDED = "not_attended", "Not attended"
    CONTESTED = "contested", "Not agreed what became of it"


class GroupSessionQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "GroupSessionQuerySet":
        """Those one led or was at."""
        present = models.Exists(
            Session.objects.filter(group=models.OuterRef("pk"), person__user=user)
        )
        return self.filter(Q(led_by=user) | present)


@pghistory.track(exclude=["note"], append_only=True)
class GroupSession(models.Model):
    """A session for several people, saved once; each who was there has a `Session` of their own.

    Its note is read by everybody who was there, so it says nothing about one of them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.ForeignKey(SupervisionKind, on_delete=models.PROTECT, related_name="+")
    led_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="groups_led"
    )
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=120, blank=True)
    note = EncryptedTextField(blank=True)
    logged_at = models.DateTimeField()

    objects = GroupSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["led_by", "kind", "starts_at"],
                name="group_session_once_at_a_time",
                violation_error_message="This group session is recorded already.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480),
                name="group_session_minutes_in_a_day",
                violation_error_message="A session lasts from 5 minutes to 8 hours.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.starts_at:%d %B %Y}"


class SessionQuerySet(models.QuerySet):
    def visible_to(self, user: User, day: dt.date) -> "SessionQuerySet":
        """One's own as worker, those one gave, and those of the agreements one may open on a day.

        This is the session, not its record: `SessionRecord.objects.readable_by` is stricter.
        """
        return self.filter(
            Q(person__user=user) | Q(agreement__in=Agreement.objects.visible_to(user, day))
        )

    def duty_visible_to(self, user: User) -> "SessionQuerySet":
        """Those whose date, kind and status a lead sees, by the worker's site."""
        sites = user.sites_for(VIEW_SUPERVISION_DUTY)
        if sites is None:
            return self
        return self.filter(person__in=Person.objects.at_sites(sites))

    def within_agreement(self) -> "SessionQuerySet":
        """Without those planned for a day after the end of their agreement; those of that day are
        from before its end, since the others were called off."""
        over = Q(agreement__ended_on__isnull=False, agreement__ended_on__lt=F("starts_at__date"))
        return self.exclude(over & Q(status=SessionStatus.PLANNED))

    def attended(self) -> "SessionQuerySet":
        return self.filter(status=SessionStatus.ATTENDED)

    def planned(self) -> "SessionQuerySet":
        return self.filter(status=SessionStatus.PLANNED)


@pghistory.track(append_only=True)
class Session(models.Model):
    """One person's session of supervision: planned, held, moved or called off.

    `supervisor` is who gives it on the day: the one of the agreement, a stand-in (`cover`), or,
    without an agreement, who led a group or took time for a debrief.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="supervision", db_index=False
    )
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="supervision_given"
    )
    kind = models.ForeignKey(
        SupervisionKind, on_delete=models.PROTECT, related_name="sessions", db_index=False
    )
    agreement = models.ForeignKey(
        Agreement,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="sessions",
        db_index=False,
    )
    cover = models.ForeignKey(
        Cover, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    group = models.ForeignKey(
        GroupSession,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="sessions",
        db_index=False,
    )
    status = models.CharField(max_length=24, choices=SessionStatus, default=SessionStatus.PLANNED)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=120, blank=True)
    rearranged_to = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="rearranged_from"
    )
    sequence = models.PositiveSmallIntegerField(
        default=0, help_text="How often the invitation changed, as calendars count it."
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField()
    settled_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was recorded what became of it."
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who recorded that, where the session was not called off by an end.",
    )

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "id"]
        # A key that begins one of these, or is one of a few kinds, has no index of its own.
        indexes = [
            models.Index(fields=["agreement", "-starts_at"], name="session_of_agreement"),
            models.Index(fields=["person", "kind", "-starts_at"], name="session_of_person"),
            models.Index(fields=["starts_at"], name="session_at"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "starts_at"],
                condition=Q(status__in=["planned", "attended"]),
                name="session_once_at_a_time",
                violation_error_message="A session at that time is recorded already.",
            ),
            models.UniqueConstraint(fields=["group", "person"], name="session_of_group_once"),
            models.CheckConstraint(
                condition=Q(minutes__gte=5, minutes__lte=480),
                name="session_minutes_in_a_day",
                violation_error_message="A session lasts from 5 minutes to 8 hours.",
            ),
            models.CheckConstraint(
                condition=Q(status="rearranged") | Q(rearranged_to__isnull=True),
                name="session_rearranged_has_status",
            ),
            models.CheckConstraint(
                condition=Q(status="planned", settled_at__isnull=True)
                | (~Q(status="planned") & Q(settled_at__isnull=False)),
                name="session_settled_when_not_planned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.starts_at:%d %B %Y}"

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + dt.timedelta(minutes=self.minutes)


class ContestQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ContestQuerySet":
        """The worker's own, those about sessions that one gave, and those of one's agreements."""
        return self.filter(
            Q(session__person__user=user)
            | Q(session__supervisor=user)
            | Q(session__agreement__supervisor=user)
        )


@pghistory.track(exclude=["words"], append_only=True)
class Contest(models.Model):
    """The words of one side on a session of which the other has recorded what became of it.

    From then on the session is neither's, until both say the same. The words stay.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="contests")
    by_worker = models.BooleanField(default=True, help_text="The supervisor's side, if not.")
    was = models.CharField("recorded before as", max_length=24, choices=SessionStatus)
    words = EncryptedTextField()
    said_at = models.DateTimeField()

    objects = ContestQuerySet.as_manager()

    class Meta:
        ordering = ["said_at"]

    def __str__(self) -> str:
        return "Contest"
