"""What people are told: an occasion, a message for each channel, and every try to send it.

PostgreSQL is the only truth: whatever the broker loses is found here again. A row holds no address
and no text; both are made when it is sent, from what is true then.
"""

import datetime as dt
import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from encryption.fields import EncryptedTextField


class State(models.TextChoices):
    """How far a message has got; see `FORWARD` for what may follow what."""

    PENDING = "pending", "Waiting"
    LEASED = "leased", "About to be sent"
    CALLING = "calling", "Being sent"
    ACCEPTED = "accepted", "Sent"
    DELIVERED = "delivered", "Arrived"
    UNDELIVERED = "returned", "Did not arrive"
    UNKNOWN = "unknown", "Not known whether it was sent"
    FAILED = "failed", "Refused"
    EXPIRED = "expired", "Too late to be sent"
    CANCELLED = "cancelled", "Not needed any more"
    DEAD = "dead", "Given up after five tries"


SENT = (State.ACCEPTED, State.DELIVERED)
FINAL = (*SENT, State.UNDELIVERED, State.FAILED, State.EXPIRED, State.CANCELLED, State.DEAD)
ON_WORK_LIST = (State.FAILED, State.UNDELIVERED, State.DEAD, State.UNKNOWN, State.EXPIRED)
# A message that was being sent goes back only where it is known that it did not leave.
FORWARD = {
    State.PENDING: {State.LEASED, State.EXPIRED, State.CANCELLED},
    State.LEASED: {State.PENDING, State.CALLING, State.EXPIRED, State.CANCELLED, State.DEAD},
    State.CALLING: {State.PENDING, State.ACCEPTED, State.UNKNOWN, State.FAILED, State.DEAD},
    State.UNKNOWN: {
        *(State.PENDING, State.ACCEPTED, State.DELIVERED, State.UNDELIVERED),
        *(State.CANCELLED, State.DEAD),
    },
    State.ACCEPTED: {State.DELIVERED, State.UNDELIVERED},
}
ONLY_FORWARD = "IF NOT ({pairs}) THEN RAISE EXCEPTION 'message_only_forward'; END IF; RETURN NEW;"


class Channel(models.TextChoices):
    EMAIL = "email", "Email"
    SMS = "sms", "Text message"
    APP = "app", "In LXP"


class Carrier(models.TextChoices):
    """What takes a message along; without one it is on its page at once."""

    SMTP = "smtp", "Mail server"
    NOTIFY = "notify", "GOV.UK Notify"


class Occasion(models.Model):
    """Something that one person is to be told about one thing on one local day.

    However many planners find it, it is one row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rule = models.CharField(max_length=40)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="occasions"
    )
    about = models.UUIDField(help_text="The row it is about.")
    day = models.DateField(help_text="The local day it falls due on, counted from the event.")
    sequence = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(help_text="Worked out once from the local day and hour.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "recipient", "about", "day", "sequence"], name="occasion_once"
            )
        ]

    def __str__(self) -> str:
        return self.rule


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user) -> "MessageQuerySet":
        """What was sent to oneself, in the app."""
        return self.filter(occasion__recipient=user)

    def in_app(self) -> "MessageQuerySet":
        return self.filter(channel=Channel.APP, state=State.ACCEPTED)

    def on_work_list(self) -> "MessageQuerySet":
        """What somebody must look at: it did not reach anybody, or nobody knows."""
        return self.filter(state__in=ON_WORK_LIST)


class Message(models.Model):
    """An occasion on its way by one channel."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    occasion = models.ForeignKey(Occasion, on_delete=models.CASCADE, related_name="messages")
    rule = models.CharField(max_length=40)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages"
    )
    day = models.DateField()
    channel = models.CharField(max_length=10, choices=Channel)
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    lease_until = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(null=True, blank=True, help_text="Who holds the lease.")
    tries = models.PositiveSmallIntegerField(default=0)
    reference = models.UUIDField(default=uuid.uuid4, help_text="The Message-ID of every copy.")
    carrier = models.CharField(
        max_length=10, choices=Carrier, blank=True, help_text="Who was last asked to take it."
    )
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text="When the carrier was last asked what became of it."
    )
    may_be_double = models.BooleanField(
        default=False, help_text="Sent once more although the first may have left."
    )
    error = models.CharField(max_length=60, blank=True, help_text="The kind, never its text.")
    moved_at = models.DateTimeField(help_text="When the state last changed.")
    again_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("not_before", name="message_waiting", condition=Q(state=State.PENDING)),
            models.Index(
                "lease_until",
                name="message_held",
                condition=Q(state__in=(State.LEASED, State.CALLING)),
            ),
            models.Index("recipient", F("moved_at").desc(), name="message_of_recipient"),
            models.Index(
                "moved_at",
                name="message_asked_about",
                condition=Q(state=State.ACCEPTED, carrier=Carrier.NOTIFY),
            ),
            models.Index(
                "moved_at", name="message_on_work_list", condition=Q(state__in=ON_WORK_LIST)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["occasion", "channel"],
                condition=Q(again_of__isnull=True),
                name="message_once_a_channel",
            ),
            # At most one message a person, kind and day.
            models.UniqueConstraint(
                fields=["recipient", "rule", "day", "channel"],
                condition=Q(again_of__isnull=True),
                name="message_once_a_day",
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="message_state_known"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_forward",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                func=ONLY_FORWARD.format(
                    pairs=" OR ".join(
                        f"(OLD.state = '{before}' AND NEW.state = '{after}')"
                        for before, following in FORWARD.items()
                        for after in sorted(following)
                    )
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} by {self.channel}"


class Attempt(models.Model):
    """One try to send a message: append-only."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    ended_at = models.DateTimeField()
    result = models.CharField(max_length=10, choices=State)
    error = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="attempts_stay", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"Try {self.number}"


class WishesQuerySet(models.QuerySet):
    def visible_to(self, user) -> "WishesQuerySet":
        """One's own, whatever the role."""
        return self.filter(user=user)


class Wishes(models.Model):
    """How somebody wants to be told things. Without a row: by email and in LXP, by day."""

    QUIET_FROM, QUIET_UNTIL = dt.time(20), dt.time(8)

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="wishes",
    )
    by_email = models.BooleanField(default=True)
    by_sms = models.BooleanField(default=False)
    phone = EncryptedTextField(
        blank=True, help_text="A UK mobile number that its owner gave; +44 and ten figures."
    )
    quiet_from = models.TimeField(default=QUIET_FROM)
    quiet_until = models.TimeField(default=QUIET_UNTIL)
    at_weekends = models.BooleanField(default=False, help_text="And on bank holidays.")
    paused_until = models.DateField(null=True, blank=True)
    weekly = models.BooleanField(
        default=False, help_text="One message a week instead of one for each thing that is late."
    )
    switched_off = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    objects = WishesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "wishes"

    def __str__(self) -> str:
        return "Wishes"
