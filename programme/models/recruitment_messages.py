"""What is written to applicants: a row first, the e-mail after."""

import datetime as dt
import uuid

import pghistory
from django.db import models
from django.db.models import Q

from accounts.models import Mail, MailQuerySet
from programme.models.recruitment_applicants import Applicant


class ApplicantMailKind(models.TextChoices):
    RESUME = "resume", "Link to go on with an application"
    RECEIVED = "received", "Application received"
    WITHDREW = "withdrew", "Application withdrawn"
    NEWS = "news", "Something has changed"
    ANSWER = "answer", "Answer to an offer received"
    LINKS = "links", "Links to every application of an address"


class ApplicantMailQuerySet(MailQuerySet):
    def waiting(self, at: dt.datetime) -> "ApplicantMailQuerySet":
        return super().waiting(at).exclude(applicant__email="")


@pghistory.track(pghistory.InsertEvent(), exclude=["claimed_until"], append_only=True)
class ApplicantMail(Mail):
    """A message to an applicant about their own application; see `accounts.models.Mail`."""

    WORTH_SENDING = dt.timedelta(days=3)

    applicant = models.ForeignKey(Applicant, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=20, choices=ApplicantMailKind)

    objects = ApplicantMailQuerySet.as_manager()

    class Meta(Mail.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ApplicantMailKind.values), name="applicant_mail_kind_known"
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class LinkRequest(models.Model):
    """Somebody asked for the links to the applications of an address, which may have none.

    A page writes the same row for every address and looks nothing up; the worker answers it, by a
    message or by none, and deletes it.
    """

    WORTH_ANSWERING = ApplicantMail.WORTH_SENDING

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("email address", max_length=254)
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["asked_at"]

    def __str__(self) -> str:
        return f"Asked for links at {self.asked_at:%H:%M}"
