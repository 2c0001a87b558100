"""From a row to an e-mail to an applicant; runs in the worker, as `accounts.delivery` does."""

import datetime as dt

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from accounts.delivery import deliver
from programme.applicant_links import link_to
from programme.models import ApplicantMail, ApplicantMailKind

DELIVER = "programme.deliver_applicant_mail"

# Neutral words: a subject is read on lock screens and over shoulders.
SUBJECTS = {
    ApplicantMailKind.RESUME: "The link you asked for",
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
        "organisation_name": settings.ORGANISATION_NAME,
    }
    body = render_to_string(f"programme/mail/{mail.kind}.txt", context)
    return EmailMessage(SUBJECTS[mail.kind], body.strip() + "\n", to=[applicant.email])
