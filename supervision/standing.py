"""Where an agreement stands, in words, and whose turn it is."""

import datetime as dt
from typing import NamedTuple

from django.utils import timezone

from accounts.models import User
from supervision.models import Agreement, AgreementTerms


class Standing(NamedTuple):
    """A state in a word or two with its colour, a sentence, and whether it waits for the reader."""

    tag: str
    colour: str
    words: str
    yours: bool = False


def standing(agreement: Agreement, user: User, day: dt.date) -> Standing:
    """Where an agreement stands on a day, as one of its people or a lead reads it.

    Needs `with_terms`. Who did not come to an agreement is not told why: no reason is kept.
    """
    if agreement.is_over_on(day):
        return _ended(agreement)
    holds, newest = agreement.agreed_terms, agreement.newest_terms
    if newest is None and not agreement.kind.needs_agreement:
        return _needs_no_signature(agreement, user)
    if newest is None or newest.is_signed:
        if holds and agreement.starts_on > day:
            return Standing("Agreed", "blue", f"It begins on {long_day(agreement.starts_on)}.")
        words = f"Both signed on {long_day(signed_on(holds))}." if holds else "Nothing is written."
        return Standing("In force" if holds else "Not written", "green", words)
    waiting, yours = _waits_for(agreement, newest, user)
    if holds:
        words = f"Version {newest.number} waits for {waiting}. Until then version"
        return Standing("To sign again", "yellow", f"{words} {holds.number} holds.", yours)
    tag = "Asked" if agreement.chosen and not newest.supervisor_signed_at else "To sign"
    return Standing(tag, "yellow", f"It waits for {waiting}.", yours)


def _needs_no_signature(agreement: Agreement, user: User) -> Standing:
    words = "It needs no signature."
    if agreement.ended_on:
        words += f" It closes by itself on {long_day(agreement.ended_on)}."
        if agreement.person.user_id == user.pk:
            words += " You can end it before, and nobody asks why."
    return Standing("In force", "green", words)


def _ended(agreement: Agreement) -> Standing:
    if agreement.agreed_terms is None and agreement.kind.needs_agreement:
        words = "These two did not come to an agreement. Nobody needs a reason for that."
        return Standing("No agreement", "grey", words)
    return Standing("Ended", "grey", f"It ended on {long_day(agreement.ended_on)}.")


def _waits_for(agreement: Agreement, terms: AgreementTerms, user: User) -> tuple[str, bool]:
    """Whose signature is missing, in words, and whether it is the reader's."""
    missing = []
    if not terms.worker_signed_at:
        missing.append((agreement.person.user_id, agreement.person))
    if not terms.supervisor_signed_at:
        missing.append((agreement.supervisor_id, agreement.supervisor))
    mine = [account for account, _ in missing if account == user.pk]
    names = ["your signature"] if mine else []
    names += [f"the signature of {name}" for account, name in missing if account != user.pk]
    return " and ".join(names), bool(mine)


def signed_on(terms: AgreementTerms) -> dt.date:
    return timezone.localdate(max(terms.worker_signed_at, terms.supervisor_signed_at))


def long_day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
