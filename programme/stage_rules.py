"""Which steps an application may take, and who has to do the next thing: rules without a database.

A stage is known by its kind only, whatever a round calls it.
"""

import datetime as dt
from dataclasses import dataclass

from programme.models import (
    ENDED,
    REASONS,
    CheckOutcome,
    CheckStandard,
    OfferAnswer,
    OfferAsk,
    StageKind,
    Turn,
)

WAY = (
    StageKind.APPLIED,
    StageKind.SHORTLISTING,
    StageKind.INTERVIEW,
    StageKind.OFFER,
    StageKind.CHECKS,
    StageKind.APPOINTED,
)
# Nothing leads out of these but *bring back*, a step of its own; see `why_not_back`.
CLOSED = (StageKind.APPOINTED, StageKind.NOT_SELECTED, StageKind.WITHDREW)

NO_WAY_TO_APPOINTED = "is appointed on their own page, once the checks are complete"
NO_CHECKS_YET = "has no accepted offer, and checks (a health assessment among them) come after one"


@dataclass(frozen=True)
class Standing:
    """What the rules ask of one application.

    `booked` is the day of the interview they chose, `slots` whether there is one to choose;
    `check_turns` holds whose turn each unfinished check is; `asked` is what they asked (an
    `OfferAsk`) before they answer the offer, `reply_by` the last day to do so.
    """

    kind: str
    offered: bool = False
    answer: str = ""
    slots: bool = False
    booked: dt.date | None = None
    check_turns: frozenset[str] = frozenset()
    checks_recorded: bool = False
    reply_by: dt.date | None = None
    asked: str = ""


def offer_is_open(now: Standing, today: dt.date) -> bool:
    """Whether an applicant may answer their offer on a day.

    While the trust owes them an answer to what they asked, an offer does not lapse.
    """
    lapsed = now.reply_by is not None and now.reply_by < today and not now.asked
    at_offer = now.kind in {StageKind.OFFER, StageKind.CHECKS}
    return at_offer and now.offered and not now.answer and not lapsed


def why_not(now: Standing, to: str) -> str:
    """Why an application may not move to a stage of a kind, after its name; empty if it may."""
    if now.kind in CLOSED:
        return f"has been decided ({StageKind(now.kind).label.lower()}), so they move no further"
    if to == StageKind.APPOINTED:
        return NO_WAY_TO_APPOINTED
    accepted = now.answer == OfferAnswer.ACCEPTED
    if to == StageKind.CHECKS and not accepted:
        return NO_CHECKS_YET
    if now.offered and to in WAY and WAY.index(to) < WAY.index(StageKind.OFFER):
        return "has an offer, so they do not go back before it"
    if accepted and to == StageKind.OFFER and now.kind == StageKind.CHECKS:
        return "has accepted the offer, so they do not go back to it"
    return ""


def why_not_reason(to: str, reason: str) -> str:
    """Why a reason does not go with a move to a stage of a kind; empty if it does."""
    if to in REASONS:
        return "" if reason in REASONS[to] else "Choose a reason from the list"
    return "Only a move that ends an application has a reason" if reason else ""


def why_not_back(now: Standing) -> str:
    """Why an ended application may not be brought back to where it was; empty if it may."""
    if now.kind not in ENDED:
        return "is on the way already"
    if now.kind == StageKind.APPOINTED:
        return "is appointed, which stands"
    return ""


def whose_turn(now: Standing, today: dt.date) -> tuple[str, str]:
    """Who has to do the next thing (a `Turn`), and what it is."""
    if now.kind in ENDED:
        return Turn.NOBODY, "Nobody"
    if now.kind == StageKind.APPLIED:
        return Turn.TRUST, "The trust: read the application"
    if now.kind == StageKind.SHORTLISTING:
        return Turn.TRUST, "The panel: score"
    if now.kind == StageKind.INTERVIEW:
        return _turn_at_interview(now, today)
    if now.kind == StageKind.OFFER:
        return _turn_at_offer(now, today)
    return _turn_at_checks(now)


def _turn_at_interview(now: Standing, today: dt.date) -> tuple[str, str]:
    if now.booked is None and now.slots:
        return Turn.APPLICANT, "The applicant: choose an interview"
    if now.booked and now.booked >= today:
        return Turn.NOBODY, f"Interview on {now.booked.day} {now.booked:%B}"
    if now.booked:
        return Turn.TRUST, "The panel: decide"
    return Turn.TRUST, "The trust: arrange the interview"


def _turn_at_offer(now: Standing, today: dt.date) -> tuple[str, str]:
    if not now.offered:
        return Turn.TRUST, "The trust: make the offer"
    if now.asked == OfferAsk.MORE_TIME:
        return Turn.TRUST, "The trust: they ask for more time"
    if now.asked == OfferAsk.TALK:
        return Turn.TRUST, "The trust: they would like to talk first"
    if not now.answer and not offer_is_open(now, today):
        return Turn.TRUST, f"The trust: no answer by {now.reply_by.day} {now.reply_by:%B}"
    if not now.answer:
        return Turn.APPLICANT, "The applicant: answer the offer"
    if now.answer == OfferAnswer.ACCEPTED:
        return Turn.TRUST, "The trust: begin the checks"
    return Turn.TRUST, "The trust: the offer was declined"


def _turn_at_checks(now: Standing) -> tuple[str, str]:
    if not now.checks_recorded:
        return Turn.TRUST, "The trust: begin the checks"
    for turn, words in (
        (Turn.TRUST, "The trust: employment checks"),
        (Turn.APPLICANT, "The applicant: employment checks"),
        (Turn.SOMEBODY_ELSE, "Somebody else: employment checks"),
    ):
        if turn in now.check_turns:
            return turn, words
    return Turn.TRUST, "The trust: agree the start"


@dataclass(frozen=True)
class Readiness:
    """What decides whether somebody may start.

    `outcomes` are those of their checks; `has_checks` and `has_offer` say whether the round has
    such stages; `excepted` whether somebody decided on a start before every check is finished.
    """

    kind: str
    answer: str = ""
    has_offer: bool = True
    has_checks: bool = True
    outcomes: tuple[str, ...] = ()
    excepted: bool = False

    @property
    def complete(self) -> int:
        """How many checks allow a start."""
        allowing = set(CheckOutcome.values) - {CheckOutcome.WAITING, CheckOutcome.NOT_CLEAR}
        return sum(outcome in allowing for outcome in self.outcomes)


def why_not_start(now: Readiness) -> str:
    """Why somebody may not be made a trainee or start in post; empty if they may."""
    checks = len(CheckStandard.values)
    if now.kind in ENDED:
        return f"is not on the way ({StageKind(now.kind).label.lower()})"
    if (now.has_offer or now.has_checks) and now.answer != OfferAnswer.ACCEPTED:
        return "has no accepted offer"
    if not now.has_checks:
        return ""
    if now.kind != StageKind.CHECKS:
        return "has not reached the employment checks"
    if CheckOutcome.NOT_CLEAR in now.outcomes:
        return "has a check that does not allow a start"
    if now.complete < checks and not now.excepted:
        return f"has {now.complete} of {checks} checks complete"
    return ""
