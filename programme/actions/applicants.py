"""What applicants do themselves: write, send, withdraw, ask for their link."""

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping
from functools import partial

from django.db import transaction

from accounts import delivery
from programme.applicant_mail import DELIVER
from programme.models import (
    ENDED,
    Applicant,
    ApplicantAnswer,
    ApplicantMail,
    ApplicantMailKind,
    EqualityAnswers,
    InterviewBooking,
    LinkRequest,
    MoveReason,
    Round,
    StageKind,
    StageMove,
)

KEEP_DRAFTS = dt.timedelta(days=180)  # since something was last written


class ApplicantError(Exception):
    """Nothing was done; the text is for the applicant."""


class AlreadySent(ApplicantError):  # noqa: N818  says what is so
    def __init__(self) -> None:
        super().__init__("This application has been sent already.")


class RoundClosed(ApplicantError):  # noqa: N818  says what is so
    def __init__(self) -> None:
        super().__init__("This closed while you were writing.")


class SavedElsewhere(ApplicantError):  # noqa: N818  says what is so
    """Somebody with the link has saved since the page was opened; `current` is what is saved."""

    def __init__(self, current: Applicant) -> None:
        super().__init__("This was saved somewhere else since you opened this page.")
        self.current = current


def version_of(applicant: Applicant) -> str:
    """A mark that changes with every saving."""
    return applicant.saved_at.isoformat()


# --- Drafts ---------------------------------------------------------------------------------------


@transaction.atomic
def begin(
    *, pk: uuid.UUID, offered: Round, values: Mapping, answers: Mapping, at: dt.datetime
) -> Applicant:
    """Keep what somebody has begun to write in a round; a form that comes again makes no second.

    Args:
        pk: of the application to make, which the form carries.
        values: of the columns of `Applicant`.
        answers: text by the id of the question.
    """
    new = Applicant(pk=pk, round=offered, started_at=at, saved_at=at)
    Applicant.objects.bulk_create([new], ignore_conflicts=True)  # two at once wait for each other
    applicant = locked(new)
    written = {"values": values, "answers": answers, "at": at}
    if applicant.round_id != offered.pk:  # the form of another round
        return begin(pk=uuid.uuid4(), offered=offered, **written)
    return go_on(applicant=applicant, version="", **written) if applicant.is_draft else applicant


@transaction.atomic
def go_on(
    *, applicant: Applicant, version: str, values: Mapping, answers: Mapping, at: dt.datetime
) -> Applicant:
    """Keep what somebody has written since, in a round that may have closed meanwhile.

    Raises:
        AlreadySent: nothing changes after sending.
        SavedElsewhere: the page is older than what is saved.
    """
    current = locked(applicant)
    if not current.is_draft:
        raise AlreadySent
    if version and version != version_of(current):
        raise SavedElsewhere(current)
    for name, value in values.items():
        setattr(current, name, value)
    current.saved_at = at
    current.save()
    _keep_answers(current, answers)
    return current


def _keep_answers(applicant: Applicant, answers: Mapping[uuid.UUID, str]) -> None:
    kept = {answer.question_id: answer for answer in applicant.answers.all()}
    for question, text in answers.items():
        answer = kept.get(question) or ApplicantAnswer(applicant=applicant, question_id=question)
        if text or answer.text:
            answer.text = text
            answer.save()


@transaction.atomic
def drop(*, applicant: Applicant) -> None:
    """Remove a draft with everything in it.

    Raises:
        AlreadySent: what was sent can only be withdrawn.
    """
    current = locked(applicant)
    if not current.is_draft:
        raise AlreadySent
    current.delete()


def drop_old_drafts(*, at: dt.datetime) -> int:
    """Remove drafts in which nothing was written for half a year; returns how many."""
    old = Applicant.objects.drafts().filter(saved_at__lt=at - KEEP_DRAFTS)
    return sum(_drop_one(pk, at) for pk in old.values_list("pk", flat=True)[:1000])


@transaction.atomic
def _drop_one(pk: uuid.UUID, at: dt.datetime) -> int:
    drafts = Applicant.objects.drafts().filter(pk=pk, saved_at__lt=at - KEEP_DRAFTS)
    if draft := drafts.select_for_update(of=("self",)).first():
        draft.delete()
    return draft is not None


# --- Sent -----------------------------------------------------------------------------------------


@transaction.atomic
def send(
    *, applicant: Applicant, at: dt.datetime, on: dt.date, acknowledge: bool = True
) -> Applicant:
    """Send an application and acknowledge it at once; a second call finds it sent.

    Args:
        acknowledge: whether the address may get one more message.

    Raises:
        RoundClosed: the round takes no applications on that day.
    """
    # The round waits for nobody: whoever closes it and whoever sends take turns.
    offered = Round.objects.select_for_update(no_key=True).get(pk=applicant.round_id)
    current = locked(applicant)
    if not current.is_draft:
        return current
    if not offered.takes_applications_on(on):
        raise RoundClosed
    current.stage = offered.stages.get(kind=StageKind.APPLIED)
    current.submitted_at = current.stage_since = at
    current.save(update_fields=["stage", "submitted_at", "stage_since"])
    StageMove.objects.create(applicant=current, to_stage=current.stage, at=at)
    if acknowledge:
        write(current, ApplicantMailKind.RECEIVED, at)
    return current


@transaction.atomic
def withdraw(
    *, applicant: Applicant, reason: str, at: dt.datetime, acknowledge: bool = True
) -> Applicant:
    """Withdraw an application that nothing has ended; a second call finds it withdrawn.

    Args:
        acknowledge: whether the address may get one more message.
    """
    current = locked(applicant)
    if current.is_draft or current.stage.kind in {*ENDED} - {StageKind.ON_HOLD}:
        return current
    end_by_applicant(current, reason, at)
    if acknowledge:
        write(current, ApplicantMailKind.WITHDREW, at)
    return current


def end_by_applicant(current: Applicant, reason: str, at: dt.datetime) -> None:
    """End an application that is held because its applicant says so; without a reason, none is
    stated."""
    before = current.stage
    current.stage = current.round.stages.get(kind=StageKind.WITHDREW)
    current.stage_since, current.reason = at, reason or MoveReason.NOT_STATED
    current.save(update_fields=["stage", "stage_since", "reason"])
    StageMove.objects.create(
        applicant=current,
        from_stage=before,
        to_stage=current.stage,
        at=at,
        reason=current.reason,
    )
    free_interviews([current], at)


def locked(applicant: Applicant) -> Applicant:
    """The application as it is now, held until the transaction ends."""
    rows = Applicant.objects.select_for_update(of=("self",), no_key=True)
    # Not joined: a row that was waited for comes with its new stage's key and no stage.
    return rows.prefetch_related("round", "stage").get(pk=applicant.pk)


def free_interviews(applicants: Iterable[Applicant], at: dt.datetime) -> None:
    """Give back the interviews still to come of applications that have ended."""
    ahead = InterviewBooking.objects.filter(slot__starts_at__gt=at)
    ahead.filter(applicant__in=[applicant.pk for applicant in applicants]).delete()


# --- Messages -------------------------------------------------------------------------------------


def write(applicant: Applicant, kind: str, at: dt.datetime) -> None:
    """Write down a message of a kind; called in the transaction of what it tells."""
    ApplicantMail.objects.create(applicant=applicant, kind=kind, created_at=at)
    transaction.on_commit(partial(delivery.hint, DELIVER))


@transaction.atomic
def write_link(*, applicant: Applicant, at: dt.datetime) -> None:
    """Write down a message with the link to one application."""
    write(applicant, ApplicantMailKind.RESUME, at)


def write_news(applicants: Iterable[Applicant], *, at: dt.datetime) -> None:
    """Write down that something is new on the pages of applicants, once until it is sent.

    Called in the transaction of what is new.
    """
    told = {applicant.pk for applicant in applicants}
    waiting = ApplicantMail.objects.waiting(at).filter(applicant__in=told)
    told -= set(waiting.filter(kind=ApplicantMailKind.NEWS).values_list("applicant", flat=True))
    if told:
        ApplicantMail.objects.bulk_create(
            ApplicantMail(applicant_id=pk, kind=ApplicantMailKind.NEWS, created_at=at)
            for pk in told
        )
        transaction.on_commit(partial(delivery.hint, DELIVER))


@transaction.atomic
def ask_for_links(*, email: str, at: dt.datetime) -> None:
    """Ask the worker for the links to the applications of an address.

    Nothing is looked up here: neither the answer nor its time says whether there are any.
    """
    LinkRequest.objects.create(email=email, asked_at=at)
    transaction.on_commit(partial(delivery.hint, DELIVER))


def answer_link_requests(*, at: dt.datetime) -> int:
    """Write down one message for every address with applications of the last year; returns how
    many requests were answered."""
    waiting = LinkRequest.objects.order_by("asked_at").values_list("pk", flat=True)
    return sum(_answer_one(pk, at) for pk in list(waiting[:100]))


@transaction.atomic
def _answer_one(pk: uuid.UUID, at: dt.datetime) -> bool:
    asked = LinkRequest.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if asked is None:  # another worker has it
        return False
    newest = Applicant.objects.linked_to(asked.email, at).first()
    if newest and asked.asked_at > at - LinkRequest.WORTH_ANSWERING:
        kind = ApplicantMailKind.LINKS
        ApplicantMail.objects.create(applicant=newest, kind=kind, created_at=at)
    asked.delete()
    return True


# --- Equality -------------------------------------------------------------------------------------


def keep_equality_answers(*, offered: Round, answers: Mapping[str, str], on: dt.date) -> None:
    """Store answers about equality apart from every application; none where none was given."""
    given = {question: answer for question, answer in answers.items() if answer}
    if given:
        quarter = dt.date(on.year, on.month - (on.month - 1) % 3, 1)
        EqualityAnswers.objects.create(
            round=offered, quarter=quarter, answers=json.dumps(given, sort_keys=True)
        )
