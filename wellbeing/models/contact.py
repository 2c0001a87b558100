"""Asking somebody to get in touch: who, how and when, and nothing about why.

A request tells nothing of what came before it. No history keeps it, for that somebody asked is
theirs to tell; what they typed is encrypted and deleted when the request ends.
"""

import datetime as dt
import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import Site, User
from accounts.roles import CHANGE_SUPPORT
from encryption.fields import EncryptedTextField
from programme.models import OwnQuerySet, Person, Spell

MOST_HOURS = 80  # ten working days


class ContactDutyQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "ContactDutyQuerySet":
        """Every row for a lead of every site, else those of one's own sites."""
        sites = user.sites_for(CHANGE_SUPPORT)
        return self if sites is None else self.filter(site__in=sites)


@pghistory.track(append_only=True)
class ContactDuty(models.Model):
    """How soon somebody who is asked gets in touch, and who stands in for them: at one site, or
    wherever no row of its own says otherwise."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    hours = models.PositiveSmallIntegerField(
        "hours to get in touch", default=8, help_text="Working hours, eight of them a day."
    )
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who is told when nobody has been in touch in time.",
    )

    objects = ContactDutyQuerySet.as_manager()

    class Meta:
        ordering = ["site__name"]
        verbose_name_plural = "contact duties"
        constraints = [
            models.UniqueConstraint(
                fields=["site"],
                nulls_distinct=False,
                name="contact_duty_once_a_site",
                violation_error_message="This is set for that site already.",
            ),
            models.CheckConstraint(
                condition=Q(hours__gte=1, hours__lte=MOST_HOURS),
                name="contact_duty_hours",
                violation_error_message=f"Choose from 1 to {MOST_HOURS} working hours.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hours} working hours"


class Way(models.TextChoices):
    PHONE = "phone", "Phone"
    EMAIL = "email", "Email"
    IN_PERSON = "in_person", "In person"
    MESSAGE = "message", "A message here in LXP"


class Ending(models.TextChoices):
    IN_TOUCH = "in_touch", "Has been in touch"
    SETTLED = "settled", "Settled"
    WITHDRAWN = "withdrawn", "Taken back"
    JOINED = "joined", "Joined with another request to the same person"


class ContactRequestQuerySet(OwnQuerySet):
    def own(self, user: User) -> "ContactRequestQuerySet":
        """Those one asked oneself."""
        return super().visible_to(user)

    def of_others(self, user: User) -> "ContactRequestQuerySet":
        """Of those one may see, those that wait for one's answer."""
        return self.exclude(person__user=user)

    def open(self) -> "ContactRequestQuerySet":
        return self.filter(ended_at__isnull=True)

    def waiting_for(self, user: User, at: dt.datetime) -> "ContactRequestQuerySet":
        """Open ones of others that a user may answer at a time.

        The owner at once; the stand-in from the time by which the owner was to answer; leads of the
        worker's sites after as long again. Whoever cannot sign in any more is waited for no longer.
        What a former account asked is nobody's to answer once another is linked to the record.
        """
        theirs = Q(account=F("person__user")) | Q(person__user__isnull=True)
        owner_gone = Q(owner__is_active=False)
        nobody_else = Q(stand_in__isnull=True) | Q(stand_in__is_active=False)
        late = (Q(answer_by__lte=at) | owner_gone) & Q(stand_in=user)
        to_leads = Q(leads_from__lte=at) | (owner_gone & nobody_else)
        mine = Q(owner=user) | late | (to_leads & _of_leads_sites(user, at))
        return self.open().filter(mine, theirs).exclude(person__user=user)

    def visible_to(self, user: User, at: dt.datetime) -> "ContactRequestQuerySet":
        """One's own, and those that wait for one."""
        waiting = ContactRequest.objects.waiting_for(user, at)
        return self.filter(Q(person__user=user, account=user) | Q(pk__in=waiting.values("pk")))


def _of_leads_sites(user: User, at: dt.datetime) -> Q:
    """People at the sites of a lead: by their record, or by a post not ended."""
    sites = user.sites_for(CHANGE_SUPPORT)
    if sites is None:
        return Q(pk__isnull=False)
    posts = Spell.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=timezone.localdate(at)),
        person=OuterRef("person"),
        post__team__site__in=sites,
    )
    return Q(person__site__in=sites) | Q(Exists(posts))


class ContactRequest(models.Model):
    """A worker asks one named person to get in touch, until it has an end."""

    owner_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contact_requests")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="contact_requests",
        help_text="Who was asked, or to whom it was passed.",
    )
    way = models.CharField("how to get in touch", max_length=10, choices=Way)
    detail = EncryptedTextField("number or address", blank=True)
    suits = EncryptedTextField("when it suits", blank=True)
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField(help_text="From then on the stand-in sees it too.")
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    leads_from = models.DateTimeField(help_text="From then on leads of the site see it too.")
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reply = EncryptedTextField("message to the worker", blank=True)

    objects = ContactRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "id"]
        indexes = [
            models.Index(
                fields=["answer_by"],
                name="contact_request_open",
                condition=Q(ended_at__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "account", "owner"],
                condition=Q(ended_at__isnull=True),
                name="contact_request_open_once",
                violation_error_message="You have an open request to this person already.",
            ),
            models.CheckConstraint(
                condition=Q(answer_by__gte=F("asked_at"), leads_from__gte=F("answer_by")),
                name="contact_request_times_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending="")
                | (Q(ended_at__isnull=False) & ~Q(ending="")),
                name="contact_request_end_is_named",
            ),
        ]

    def __str__(self) -> str:
        return "Contact requested"


class ContactPassing(models.Model):
    """A request was passed from one person to another; the worker is told of it."""

    owner_only = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(ContactRequest, on_delete=models.CASCADE, related_name="passings")
    passed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    passed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return "Passed on"
