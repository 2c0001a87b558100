"""The signed links with which applicants open their own application, without an account."""

import datetime as dt
import uuid

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.urls import reverse

from programme.models import Applicant

# A round is rarely decided later, and a new link is one request away.
WORKS_FOR = dt.timedelta(days=90)
signer = TimestampSigner(salt="programme.applicant")
form_signer = TimestampSigner(salt="programme.application-form")


class LinkTooOld(Exception):  # noqa: N818  says what is so
    """The link was ours and has expired."""


def key_for(applicant_id: uuid.UUID) -> str:
    """The key of an application for the next 90 days: whoever has it may read and change it."""
    return signer.sign(str(applicant_id))


def read_key(key: str) -> uuid.UUID | None:
    """Whose key it is; nothing for one that was never ours.

    Raises:
        LinkTooOld: it was ours more than 90 days ago.
    """
    try:
        return uuid.UUID(signer.unsign(key, max_age=WORKS_FOR))
    except SignatureExpired as error:
        raise LinkTooOld from error
    except (BadSignature, ValueError):
        return None


def new_form() -> str:
    """What an empty form carries, so that it makes one application however often it is sent."""
    return form_signer.sign(str(uuid.uuid4()))


def read_form(carried: str) -> uuid.UUID:
    """The id that the application of a form gets; a new one where it carries none of ours."""
    try:
        return uuid.UUID(form_signer.unsign(carried, max_age=WORKS_FOR))
    except (BadSignature, ValueError):
        return uuid.uuid4()


def link_to(applicant: Applicant, key: str = "") -> str:
    """The whole address of an applicant's own page: for a message with a new key, or with the one
    given."""
    path = reverse("programme:my-application", args=[key or key_for(applicant.pk)])
    return settings.PUBLIC_URL.rstrip("/") + path
