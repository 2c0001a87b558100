"""Where people can get support: the trust's own contacts and urgent help, set by a lead."""

import uuid

import pghistory
from django.db import models


class SupportContactQuerySet(models.QuerySet):
    def shown(self) -> "SupportContactQuerySet":
        """Contacts in the order people read them: urgent help first."""
        return self.order_by("-urgent", "position", "name")


@pghistory.track(append_only=True)
class SupportContact(models.Model):
    """Somebody to turn to; the page that shows them is open to everyone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    phone = models.CharField("phone number", max_length=40, blank=True)
    website = models.URLField(blank=True)
    when = models.CharField("when it is open", max_length=120, blank=True)
    details = models.CharField(
        "what it is for", max_length=300, blank=True, help_text="One or two plain sentences."
    )
    urgent = models.BooleanField("urgent help", default=False)
    position = models.PositiveSmallIntegerField(default=0)

    objects = SupportContactQuerySet.as_manager()

    class Meta:
        ordering = ["-urgent", "position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=~(models.Q(phone="") & models.Q(website="")),
                name="support_contact_reachable",
                violation_error_message="Give a phone number or a website.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def phone_link(self) -> str:
        """The address that makes a phone ring: `tel:116123`; nothing where words say more."""
        number = self.phone.replace(" ", "")
        return f"tel:{number}" if number.removeprefix("+").isdecimal() else ""
