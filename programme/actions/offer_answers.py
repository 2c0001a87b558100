"""What applicants do about an offer themselves: accept it, decline it, or ask something first."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from programme.actions.applicants import ApplicantError, end_by_applicant, locked, write
from programme.actions.moves import standing_of
from programme.models import Applicant, ApplicantMailKind, OfferAnswer, OfferAsk
from programme.stage_rules import offer_is_open


class OfferNotOpen(ApplicantError):  # noqa: N818  says what is so
    def __init__(self) -> None:
        super().__init__("This offer cannot be answered here any more. Below is where it stands.")


@transaction.atomic
def answer_offer(
    *, applicant: Applicant, answer: OfferAnswer, at: dt.datetime, reason: str = ""
) -> Applicant:
    """Accept or decline an offer, which ends the application; a second call finds the answer.

    Args:
        reason: why it is declined, one of those of a withdrawal; it may be left out.

    Raises:
        OfferNotOpen: it is withdrawn, has lapsed, or the other answer was given.
    """
    current = locked(applicant)
    if current.offer_answer == answer:
        return current
    _require_open(current, at)
    current.offer_answer, current.offer_answered_self = answer, True
    current.offer_answered_on = timezone.localdate(at)
    current.offer_asked, current.offer_asked_on = "", None
    current.save(
        update_fields=[
            "offer_answer",
            "offer_answered_self",
            "offer_answered_on",
            "offer_asked",
            "offer_asked_on",
        ]
    )
    if answer == OfferAnswer.DECLINED:
        end_by_applicant(current, reason, at)
    write(current, ApplicantMailKind.ANSWER, at)
    return current


@transaction.atomic
def ask_first(*, applicant: Applicant, ask: OfferAsk, at: dt.datetime) -> Applicant:
    """Ask for more time or to talk before answering; the offer stays open until a lead has
    settled it. A second call finds it asked.

    Raises:
        OfferNotOpen: it is withdrawn, has lapsed, or is answered.
    """
    current = locked(applicant)
    if current.offer_asked == ask:
        return current
    _require_open(current, at)
    current.offer_asked, current.offer_asked_on = ask, timezone.localdate(at)
    current.save(update_fields=["offer_asked", "offer_asked_on"])
    write(current, ApplicantMailKind.ANSWER, at)
    return current


def _require_open(current: Applicant, at: dt.datetime) -> None:
    if current.is_draft or current.merged_into_id:
        raise OfferNotOpen
    if not offer_is_open(standing_of(current), timezone.localdate(at)):
        raise OfferNotOpen
