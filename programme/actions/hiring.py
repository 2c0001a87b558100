"""From an offer to the first day: the answer, the six checks, and the act that makes somebody a
trainee or a worker."""

import datetime as dt
from decimal import Decimal

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils import timezone

from accounts.models import User
from programme.actions.applicants import write_news
from programme.actions.moves import OWN, held, is_own, refuse, require_round, write_moves
from programme.actions.people import add_person
from programme.actions.posts import add_spell
from programme.actions.recruitment import add_application
from programme.actions.saving import ChangedMeanwhile, NotSaved, change, check, writing
from programme.actions.training import enrol
from programme.models import (
    Applicant,
    Application,
    CheckOutcome,
    CheckStandard,
    EmploymentCheck,
    OfferAsk,
    Outcome,
    Person,
    RoundKind,
    StageKind,
    StartException,
    Turn,
)
from programme.stage_rules import Readiness, why_not_start

OFFER_FIELDS = ("offered_on", "offer_reply_by", "offer_answer", "offer_answered_on", "starts_on")
SAID_THEMSELVES = ("offer_answered_self", "offer_asked", "offer_asked_on")
NO_OFFER_HERE = "An offer is recorded at an offer or at the employment checks: move them there."
NO_CHECKS_HERE = "Checks are recorded only while the application is at the employment checks."
HEALTH_OUTCOMES = (CheckOutcome.WAITING, CheckOutcome.CLEAR, CheckOutcome.WITH_ADJUSTMENTS)


def offer_version(applicant: Applicant) -> str:
    """A mark that changes whenever anything recorded about the offer does."""
    return "/".join(str(getattr(applicant, name) or "-") for name in OFFER_FIELDS + SAID_THEMSELVES)


def record_offer(
    *,
    applicant: Applicant,
    by: User,
    at: dt.datetime,
    version: str,
    settled: bool = False,
    **values,
) -> Applicant:
    """Record that an offer was made or stands longer, of which the applicant is told, what was
    answered, or the agreed first day.

    Args:
        settled: whether the applicant has had an answer to what they asked.

    Raises:
        ChangedMeanwhile: somebody else recorded something since `version` was read.
        MoveRefused: it is the user's own application, or it has gone.
        NotSaved: the application is at another stage, or the days contradict each other.
        NotYours: the round is at another site.
    """
    require_round(by, applicant.round)
    with writing(by):
        [current] = held(applicant.round, [applicant.pk])
        refuse([(current, OWN if is_own(current, by) else "")])
        if current.stage.kind not in {StageKind.OFFER, StageKind.CHECKS}:
            raise NotSaved({NON_FIELD_ERRORS: [NO_OFFER_HERE]})
        if offer_version(current) != version:
            raise ChangedMeanwhile(current)
        until = current.offer_reply_by
        is_news = current.offered_on is None or until != values["offer_reply_by"]
        _take(current, values, settled=settled)
        check(current)
        current.save(update_fields=OFFER_FIELDS + SAID_THEMSELVES)
        if is_news and not current.offer_answer:
            write_news([current], at=at)
    return current


def _take(current: Applicant, values: dict, *, settled: bool) -> None:
    """Give an offer its new values; another answer than the applicant's own is a lead's record."""
    said = (current.offer_answer, current.offer_answered_on)
    longer = bool(values["offer_reply_by"]) and values["offer_reply_by"] != current.offer_reply_by
    for name in OFFER_FIELDS:
        setattr(current, name, values[name])
    if said != (current.offer_answer, current.offer_answered_on):
        current.offer_answered_self = False
    had_time = current.offer_asked == OfferAsk.MORE_TIME and longer
    if settled or had_time or current.offer_answer:
        current.offer_asked, current.offer_asked_on = "", None


def record_check(
    *,
    record: EmploymentCheck,
    by: User,
    version: str,
    at: dt.datetime,
    outcome: str,
    outcome_on: dt.date | None,
    turn: str,
    expected_on: dt.date | None,
) -> EmploymentCheck:
    """Record whose turn a check is, of which an applicant is told when it becomes theirs, or what
    came of it and on which day.

    Raises:
        ChangedMeanwhile, NotSaved: see `programme.actions.saving`.
        MoveRefused: it is the user's own application.
        NotYours: the round is at another site.
    """
    require_round(by, record.applicant.round)
    finished = outcome != CheckOutcome.WAITING
    values = {
        "outcome": outcome,
        "outcome_on": outcome_on if finished else None,
        "checker": by if finished else None,
        "turn": Turn.NOBODY if finished else turn,
        "expected_on": None if finished else expected_on,
    }
    with writing(by):
        current = _held_for_check(record, by, outcome)
        if values["turn"] != record.turn:
            values["turn_since"] = timezone.localdate(at)
            if values["turn"] == Turn.APPLICANT:
                write_news([current], at=at)
        return change(record, by=by, version=version, values=values)


def _held_for_check(record: EmploymentCheck, by: User, outcome: str) -> Applicant:
    """The application whose check is to be recorded, if it may be."""
    [current] = held(record.applicant.round, [record.applicant_id])
    refuse([(current, OWN if is_own(current, by) else "")])
    if current.stage.kind != StageKind.CHECKS:
        raise NotSaved({NON_FIELD_ERRORS: [NO_CHECKS_HERE]})
    if record.standard == CheckStandard.HEALTH and outcome not in HEALTH_OUTCOMES:
        raise NotSaved({"outcome": ["Choose fit or fit with adjustments, or not finished"]})
    return current


def readiness(applicant: Applicant) -> Readiness:
    """What decides whether an applicant may start, as it is recorded now."""
    kinds = set(applicant.round.stages.values_list("kind", flat=True))
    return Readiness(
        kind=applicant.stage.kind,
        answer=applicant.offer_answer,
        has_offer=StageKind.OFFER in kinds,
        has_checks=StageKind.CHECKS in kinds,
        outcomes=tuple(applicant.checks.values_list("outcome", flat=True)),
        excepted=StartException.objects.filter(applicant=applicant).exists(),
    )


def allow_start(*, applicant: Applicant, by: User, reason: str, at: dt.datetime) -> None:
    """Decide that somebody starts although a check is not finished; kept with its reason.

    Raises:
        MoveRefused: it is the user's own application, or nothing but unfinished checks is missing.
        NotYours: the round is at another site.
    """
    require_round(by, applicant.round)
    with writing(by):
        [current] = held(applicant.round, [applicant.pk])
        now = readiness(current)
        excepted = Readiness(**(vars(now) | {"excepted": True}))
        refuse([(current, OWN if is_own(current, by) else why_not_start(excepted))])
        StartException.objects.get_or_create(
            applicant=current, defaults={"reason": reason, "by": by, "at": at}
        )


def appoint(
    *,
    applicant: Applicant,
    by: User,
    at: dt.datetime,
    person: Person | None,
    reference: str,
    started_on: dt.date | None = None,
    contracted_hours: Decimal | None = None,
) -> Person:
    """Make somebody a trainee of the intake's cohort, or start them in the post of the vacancy.

    Args:
        person: the record that they have already; none makes one, with `reference`.
        started_on: the first day in post; not for an intake.

    Raises:
        MoveRefused: they may not start yet, or it is the user's own application.
        NotSaved: the record, the place or the time in post contradicts another.
        NotYours: the round, its post or its cohort is at another site.
    """
    require_round(by, applicant.round)
    with writing(by):
        [current] = held(applicant.round, [applicant.pk])
        refuse([(current, OWN if is_own(current, by) else why_not_start(readiness(current)))])
        person = person or _new_person(current, reference, by)
        current.application = _application(current, person, by)
        current.person = person
        check(current)
        current.save(update_fields=["person", "application"])
        _give_place(current, person, by, started_on, contracted_hours)
        appointed = current.round.stages.get(kind=StageKind.APPOINTED)
        write_moves([current], appointed, by=by, at=at)
    return person


def _new_person(applicant: Applicant, reference: str, by: User) -> Person:
    return add_person(
        by=by,
        reference=reference,
        first_name=applicant.first_name,
        last_name=applicant.last_name,
        email=applicant.email,
        site=applicant.round.site,
    )


def _application(applicant: Applicant, person: Person, by: User) -> Application:
    """The application on the day they sent theirs: one that is there already, or a new one."""
    day = timezone.localdate(applicant.submitted_at)
    there = person.applications.filter(applied_on=day, applicant=None).first()
    return there or add_application(
        person=person, by=by, applied_on=day, cohort=applicant.round.cohort
    )


def _give_place(
    applicant: Applicant,
    person: Person,
    by: User,
    started_on: dt.date | None,
    contracted_hours: Decimal | None,
) -> None:
    if applicant.round.kind == RoundKind.VACANCY:
        add_spell(
            person=person,
            by=by,
            post=applicant.round.post,
            started_on=started_on,
            contracted_hours=contracted_hours,
        )
        return
    enrol(
        person=person,
        by=by,
        cohort=applicant.round.cohort,
        commenced_on=None,
        outcome=Outcome.ACTIVE,
        outcome_on=None,
        outcome_reason=None,
    )
