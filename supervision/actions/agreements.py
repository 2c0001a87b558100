"""How two people come to an agreement, what is in it, and how it ends."""

import datetime as dt

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.utils import timezone

from accounts.models import User
from programme.actions.saving import (
    ChangedMeanwhile,
    NotSaved,
    NotYours,
    check,
    locked,
    version_of,
    writing,
)
from programme.leads import sites_of
from programme.models import Person, Spell
from supervision.actions.sessions import call_off, in_words
from supervision.actions.supervisors import place_of
from supervision.due import refresh_due
from supervision.models import (
    DEBRIEF,
    Agreement,
    AgreementTerms,
    HandOver,
    LivedExperience,
    SupervisionKind,
    SupervisionStandard,
    Supervisor,
)
from supervision.permissions import (
    is_worker_of,
    may_arrange_for,
    require_supervisor,
    require_worker,
    supervised_lately,
)
from supervision.texts import CONFIDENTIALITY, LIMITS, PURPOSES

NOT_TO_CHOOSE = "This supervisor cannot be chosen at the moment."
ASKED = "You have asked somebody already. Take that back first, or wait for the answer."
NOT_ASSIGNED = "Workers choose this supervisor themselves."
NEWER = "There is a newer version. Read it before you sign."
ENDED = "This agreement has ended."
SIGN_BEFORE_DEBRIEF = "Both of you sign your agreement first."
ENDED_LATELY = (
    "A debrief between you ended a short time ago, and you can begin another from {}. The peer "
    "worker can ask for one at any time."
)
DEBRIEF_LASTS = dt.timedelta(days=14)
CADENCE, MINUTES = 28, 60  # of a kind for which no standard says anything


# --- Beginning ------------------------------------------------------------------------------------


def ask(*, person: Person, entry: Supervisor, kind: SupervisionKind, by: User, at: dt.datetime):
    """Ask somebody to be one's supervisor; they answer by signing. Sent twice, it is one request.

    Raises:
        PermissionDenied: it is not for oneself.
        NotSaved: they cannot be chosen, have no place left, or another request waits.
    """
    require_worker(by, person)
    day = timezone.localdate(at)
    with writing(by):
        locked(person)
        entry = locked(entry)  # of two workers who want the last place, one waits
        if not kind.by_lived_experience or not _can_be_chosen(entry, person, day):
            raise NotSaved({NON_FIELD_ERRORS: [NOT_TO_CHOOSE]})
        own = Agreement.objects.filter(person=person, kind=kind).not_ended_by(day)
        if held := own.filter(supervisor=entry.user_id).first():
            return held
        if any(row.agreed_terms is None for row in own.filter(chosen=True).with_terms()):
            raise NotSaved({NON_FIELD_ERRORS: [ASKED]})
        place_of(entry, besides=person, day=day)
        agreement = Agreement(person=person, supervisor=entry.user, kind=kind, chosen=True)
        return _begin(agreement, starts_on=day, by=by, at=at)


def ask_for_debrief(
    *, person: Person, entry: Supervisor, kind: SupervisionKind, by: User, at: dt.datetime
) -> Agreement:
    """Ask a supervisor of the directory to talk something over: it needs no signature, opens to
    them nothing but itself, and closes by itself after two weeks. Sent twice, it is one.

    Raises:
        PermissionDenied: it is not for oneself.
        NotSaved: they cannot be asked.
    """
    require_worker(by, person)
    day = timezone.localdate(at)
    with writing(by):
        locked(person)
        own = Agreement.objects.filter(person=person, kind=kind, supervisor=entry.user_id)
        if held := own.not_ended_by(day).first():
            return held
        if not _can_be_chosen(entry, person, day):
            raise NotSaved({NON_FIELD_ERRORS: [NOT_TO_CHOOSE]})
        agreement = Agreement(person=person, supervisor=entry.user, kind=kind, chosen=True)
        return _begin(agreement, starts_on=day, by=by, at=at)


def begin_debrief(
    *, agreement: Agreement, kind: SupervisionKind, by: User, at: dt.datetime
) -> Agreement:
    """A supervisor begins to talk something over with somebody whom they meet already; it is as if
    the worker had asked. Where one has just ended it waits: its end is respected. Sent twice, it
    is one.

    Raises:
        PermissionDenied: they do not supervise in that agreement.
        NotSaved: both have not signed it, it is over, or a debrief between them has just ended.
    """
    day = timezone.localdate(at)
    with writing(by):
        person, current = locked(agreement.person), locked(agreement)
        require_supervisor(by, current, day)
        if current.kind.needs_agreement and not current.terms.signed().exists():
            raise NotSaved({NON_FIELD_ERRORS: [SIGN_BEFORE_DEBRIEF]})
        own = Agreement.objects.filter(person=person, kind=kind, supervisor=by)
        if held := own.not_ended_by(day).first():
            return held
        if last := own.filter(starts_on__gt=day - DEBRIEF_LASTS).order_by("-ended_on").first():
            again = in_words(last.starts_on + DEBRIEF_LASTS)
            raise NotSaved({NON_FIELD_ERRORS: [ENDED_LATELY.format(again)]})
        debrief = Agreement(person=person, supervisor=by, kind=kind)
        return _begin(debrief, starts_on=day, by=by, at=at)


def assign(
    *,
    person: Person,
    entry: Supervisor,
    kind: SupervisionKind,
    starts_on: dt.date,
    by: User,
    at: dt.datetime,
) -> Agreement:
    """Name who supervises somebody in a kind, a group's leader too; both still sign where the kind
    needs an agreement.

    Raises:
        NotYours: the person is at none of the lead's sites, or is the lead.
        NotSaved: workers choose this kind themselves, or the two have an agreement of it.
    """
    if not may_arrange_for(by, person):
        raise NotYours("This person is at none of the lead's sites.")
    if kind.by_lived_experience:
        raise NotSaved({"kind": [NOT_ASSIGNED]})
    with writing(by):
        locked(person)
        own = Agreement.objects.filter(person=person, kind=kind, supervisor=entry.user_id)
        if held := own.filter(starts_on=starts_on).not_ended_by(starts_on).first():
            return held
        agreement = Agreement(person=person, supervisor=entry.user, kind=kind)
        return _begin(agreement, starts_on=starts_on, by=by, at=at)


def _can_be_chosen(entry: Supervisor, person: Person, day: dt.date) -> bool:
    listed = Supervisor.objects.to_choose_from(sites_of(person, day), day)
    said = entry.lived_experience != LivedExperience.NO
    return said and entry.user_id != person.user_id and listed.filter(pk=entry.pk).exists()


def _begin(agreement: Agreement, *, starts_on: dt.date, by: User, at: dt.datetime) -> Agreement:
    agreement.starts_on, agreement.created_at = starts_on, at
    if agreement.kind.key == DEBRIEF:
        agreement.ended_on = starts_on + DEBRIEF_LASTS
    check(agreement)
    agreement.save(force_insert=True)
    if agreement.kind.needs_agreement:
        _first_terms(agreement, by=by, at=at)
    refresh_due(agreement, timezone.localdate(at))
    return agreement


def _first_terms(agreement: Agreement, *, by: User, at: dt.datetime) -> AgreementTerms:
    """What a new agreement proposes: the standard of the person's role, and kind words of ours."""
    day = max(agreement.starts_on, timezone.localdate(at))
    spells = Spell.objects.filter(person=agreement.person_id).in_post_on(day)
    step = spells.order_by("-started_on").values_list("step", flat=True).first()
    rows = SupervisionStandard.objects.filter(kind=agreement.kind_id).applying_on(day)
    own = rows.filter(step=step).first() if step else None
    standard = own or rows.filter(step__isnull=True).first()
    terms = AgreementTerms(
        agreement=agreement,
        number=1,
        cadence_days=standard.cadence_days if standard else CADENCE,
        minutes=standard.minutes if standard else MINUTES,
        purpose=PURPOSES.get(agreement.kind.key, ""),
        confidentiality=CONFIDENTIALITY,
        limits=LIMITS,
        written_by=by,
        written_at=at,
    )
    terms.save(force_insert=True)
    return terms


# --- Terms and signing ----------------------------------------------------------------------------


def write_terms(
    *, agreement: Agreement, by: User, at: dt.datetime, number: int, **values
) -> AgreementTerms:
    """Propose other terms: a new version that both sign anew. The old ones stay to be read.

    Args:
        number: the version that the writer has read.

    Raises:
        PermissionDenied: it is neither the worker nor the supervisor.
        NotSaved: the agreement has ended, there is a newer version, or a value is out of range.
    """
    with writing(by):
        held = _of_both(agreement, by, at)
        newest = held.newest_terms
        if newest is not None and newest.number != number:
            if newest.written_by_id == by.pk and _says(newest, values):
                return newest  # sent twice
            raise NotSaved({NON_FIELD_ERRORS: [NEWER]})
        if newest is not None and _says(newest, values):
            return newest
        terms = AgreementTerms(
            agreement=held, number=number + 1, written_by=by, written_at=at, **values
        )
        check(terms)
        terms.save(force_insert=True)
    return terms


def sign(
    *,
    agreement: Agreement,
    by: User,
    at: dt.datetime,
    number: int,
    conflict: bool | None = None,
) -> Agreement:
    """Sign the newest version; with the second signature it holds.

    A supervisor says whether there is a conflict of interest, and nothing more of it: with one
    there is no agreement.

    Raises:
        PermissionDenied: it is neither the worker nor the supervisor.
        NotSaved: there is a newer version, or the agreement has ended.
    """
    with writing(by):
        held = _of_both(agreement, by, at)
        first = held.agreed_terms is None
        terms = held.terms.select_for_update(no_key=True).order_by("-number").first()
        if terms is None or terms.number != number:
            raise NotSaved({NON_FIELD_ERRORS: [NEWER]})
        if terms.is_signed:
            return held
        if is_worker_of(held, by):
            terms.worker_signed_at = terms.worker_signed_at or at
        elif conflict is None:
            raise NotSaved({"conflict": ["Say yes or no."]})
        else:
            terms.conflict = conflict
            terms.supervisor_signed_at = None if conflict else terms.supervisor_signed_at or at
        terms.save(update_fields=["worker_signed_at", "supervisor_signed_at", "conflict"])
        if terms.conflict:
            return _end(held, by_worker=False, at=at)
        if terms.is_signed and first:
            _take_over(held, at=at)
        refresh_due(held, timezone.localdate(at))
    return held


def _of_both(agreement: Agreement, by: User, at: dt.datetime) -> Agreement:
    """The agreement as it is now, held for one of the two whom it is between."""
    held = locked(agreement)
    if not is_worker_of(held, by) and held.supervisor_id != by.pk:
        raise PermissionDenied("Only the worker and the supervisor do this.")
    if held.is_over_on(timezone.localdate(at)):
        raise NotSaved({NON_FIELD_ERRORS: [ENDED]})
    return held


def _says(terms: AgreementTerms, values: dict) -> bool:
    return all(getattr(terms, name) == value for name, value in values.items())


def _take_over(agreement: Agreement, *, at: dt.datetime) -> None:
    """Both have signed for the first time: a supervisor chosen before goes, and hands over."""
    day = timezone.localdate(at)
    rows = Agreement.objects.filter(person=agreement.person_id, kind=agreement.kind_id)
    rows = rows.exclude(pk=agreement.pk).with_terms()
    if agreement.chosen:
        for former in rows.filter(chosen=True).not_ended_by(day):
            _end(former, by_worker=True, at=at)
    ended = rows.filter(ended_on__lte=day, handed_over__next__isnull=True)
    signed = [row for row in ended.order_by("-ended_on", "-starts_on") if row.agreed_terms]
    if signed:
        former = signed[0]
        note = HandOver.objects.filter(ended=former).first()
        note = note or HandOver(ended=former, written_by=former.supervisor, written_at=at)
        note.next = agreement
        note.save()


# --- Ending ---------------------------------------------------------------------------------------


def end(*, agreement: Agreement, by: User, at: dt.datetime, words: str | None = None) -> Agreement:
    """End an agreement today. No reason is asked; what is agreed stays with both people named.

    The worker and the supervisor may, and a lead what a lead assigned. Twice is once.

    Args:
        words: the supervisor's hand-over note, if there is one to leave.

    Raises:
        PermissionDenied: nobody of these asks.
    """
    day = timezone.localdate(at)
    with writing(by):
        held = locked(agreement)
        own = is_worker_of(held, by) or held.supervisor_id == by.pk
        arranged = not held.kind.by_lived_experience and may_arrange_for(by, held.person)
        if not own and not arranged:
            raise PermissionDenied("This agreement is between others.")
        if held.is_over_on(day):
            return held
        if words is not None and held.supervisor_id == by.pk:
            _note(held, words, by=by, at=at)
        return _end(held, by_worker=is_worker_of(held, by), at=at)


def _end(agreement: Agreement, *, by_worker: bool, at: dt.datetime) -> Agreement:
    """Today is the first day without it; what is planned after it is called off."""
    day = timezone.localdate(at)
    call_off(agreement, by_worker=by_worker, at=at)
    agreement.ended_on = max(day, agreement.starts_on)
    agreement.save(update_fields=["ended_on"])
    refresh_due(agreement, agreement.ended_on)
    return agreement


def leave_note(
    *, agreement: Agreement, by: User, at: dt.datetime, words: str, version: str = ""
) -> HandOver | None:
    """Write or change what the next supervisor finds; the worker reads it at once.

    Raises:
        PermissionDenied: it is not the supervisor, or the agreement ended more than four weeks ago.
        ChangedMeanwhile: the note is not the one that was read.
    """
    with writing(by):
        held = locked(agreement)
        day = timezone.localdate(at)
        if not supervised_lately(held, by, day):
            require_supervisor(by, held, day)
        note = HandOver.objects.filter(ended=held).first()
        if note and note.words != words and version_of(note) != version:
            raise ChangedMeanwhile(note)
        return _note(held, words, by=by, at=at)


def _note(agreement: Agreement, words: str, *, by: User, at: dt.datetime) -> HandOver | None:
    """The note with these words; where there is neither, there is nothing to keep."""
    note = HandOver.objects.filter(ended=agreement).first()
    if note.words == words if note else not words:
        return note
    note = note or HandOver(ended=agreement)
    note.words, note.written_by, note.written_at = words, by, at
    note.save()
    return note


def keep_open(*, agreement: Agreement, by: User, kept: bool) -> None:
    """Let a former supervisor go on reading what both agreed, or stop it.

    Raises:
        PermissionDenied: only the worker decides.
    """
    with writing(by):
        held = locked(agreement)
        require_worker(by, held.person)
        if held.kept_open != kept:
            held.kept_open = kept
            held.save(update_fields=["kept_open"])
