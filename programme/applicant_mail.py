"""From a row to an e-mail to an applicant; runs in the worker, as `accounts.delivery` does."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from accounts.delivery import deliver
from programme.applicant_links import link_to
from programme.models import Applicant, ApplicantMail, ApplicantMailKind

DELIVER = "programme.deliver_applicant_mail"
MOST_LINKS = 9  # beside the first

# Neutral words: a subject is read on lock screens and over shoulders.
SUBJECTS = {
    ApplicantMailKind.RESUME: "The link you asked for",
    ApplicantMailKind.LINKS: "The link you asked for",
    ApplicantMailKind.RECEIVED: "Thank you, we have received it",
    ApplicantMailKind.WITHDREW: "We have done what you asked",
    ApplicantMailKind.NEWS: "There is something new for you to read",
    ApplicantMailKind.ANSWER: "Thank you, we have your answer",
}


def deliver_waiting(*, at: dt.datetime) -> int:
    """Send what waits for applicants, oldest first; returns how many were sent."""
    return deliver([ApplicantMail], message, at)


def message(mail: ApplicantMail) -> EmailMessage:
    """The e-mail for a row, with its link made now. It does not say what somebody applied for."""
    applicant = mail.applicant
    context = {
        "applicant": applicant,
        "round": applicant.round,
        "link": link_to(applicant),
        "others": [(other, link_to(other)) for other in _others(mail)],
        "organisation_name": settings.ORGANISATION_NAME,
    }
    body = render_to_string(f"programme/mail/{mail.kind}.txt", context)
    return EmailMessage(SUBJECTS[mail.kind], body.strip() + "\n", to=[applicant.email])


def _others(mail: ApplicantMail) -> Iterable[Applicant]:
    """Further applications that the message tells of, since whoever reads it has the address of
    all of them: only here, and on no page, is it said that somebody has applied before."""
    if mail.kind == ApplicantMailKind.LINKS:
        found = Applicant.objects.linked_to(mail.applicant.email, mail.created_at)
        return found.exclude(pk=mail.applicant_id)[:MOST_LINKS]
    if mail.kind == ApplicantMailKind.RECEIVED and not mail.applicant.is_draft:
        return Applicant.objects.sent_before(mail.applicant).order_by("submitted_at")[:MOST_LINKS]
    return ()
