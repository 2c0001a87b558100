"""Agreements, as the two between whom they are read, write, sign and end them."""

import datetime as dt
import uuid
from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from programme.actions.saving import NotSaved
from programme.leads import sites_of
from programme.models import Person
from programme.views import frame
from supervision.actions import agreements as actions
from supervision.actions.cover import open_records, refuse
from supervision.forms.agreements import EndForm, NoteForm, SignForm, TermsForm
from supervision.models import (
    DEBRIEF,
    Agreement,
    Cover,
    HandOver,
    SupervisionKind,
    Supervisor,
)
from supervision.permissions import is_worker_of
from supervision.session_pages import ended_lately, to_settle
from supervision.standing import standing
from supervision.views.sessions import agreement_of
from supervision.waiting import waiting_for

# --- My supervision -------------------------------------------------------------------------------


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Who supervises the reader, in which kind, and when the next session is due."""
    person = getattr(request.user, "person", None)
    if person is None:
        return render(request, "programme/no_record.html")
    today = timezone.localdate()
    rows = Agreement.objects.of_worker(request.user).with_terms()
    rows = rows.prefetch_related("covers__stand_in")
    page = frame.page_of(request, rows.order_by("-starts_on", "kind__position", "pk"))
    shown = [(row, standing(row, request.user, today), cover_on(row, today)) for row in page]
    context = {
        "page": page,
        "now": [part for part in shown if not part[0].is_over_on(today)],
        "past": [part for part in shown if part[0].is_over_on(today)],
        "has_chosen": any(row.chosen and not row.is_over_on(today) for row in page),
        "today": today,
        "waiting": waiting_for(request.user, timezone.now()),
    }
    return render(request, "supervision/mine.html", context)


def cover_on(agreement: Agreement, day: dt.date) -> Cover | None:
    """Who stands in on a day, of the covers that were read."""
    return next((one for one in agreement.covers.all() if one.lasts_on(day)), None)


def own_person(request: HttpRequest) -> Person:
    """The record linked to the account, or 404."""
    if person := getattr(request.user, "person", None):
        return person
    raise Http404


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Supervisors whom the reader can ask, with what each chose to say."""
    today = timezone.localdate()
    rows = _to_choose(own_person(request), today).with_people_on(today)
    page = frame.page_of(request, rows.order_by("user__name", "pk"))
    return render(request, "supervision/choose.html", {"page": page})


def _to_choose(person: Person, day: dt.date):
    entries = Supervisor.objects.to_choose_from(sites_of(person, day), day)
    entries = entries.exclude(lived_experience="no").exclude(user=person.user_id)
    return entries.select_related("user")


@frame.page_with_form
def ask(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks whether to ask somebody to supervise, and asks them."""
    given, entry = _asked(request, pk, by_lived_experience=True)
    text = (
        f"{entry} sees your name and what is proposed, and answers by signing. When you have both "
        "signed, an agreement of this kind that you have with somebody else ends. Nobody asks you "
        f"why. {entry} can then read the records that you agreed with the one before, and the "
        "hand-over note if there is one, but no private notes."
    )
    words = (f"Ask {entry} to supervise you?", text, "Ask")
    done = "You have asked them. Read what is proposed, and sign it."
    to = ("supervision:agreement", reverse("supervision:choose"))
    return _begin(request, partial(actions.ask, **given), words, done, to)


@frame.page_with_form
def ask_for_debrief(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks somebody to talk something over soon."""
    given, entry = _asked(request, pk, key=DEBRIEF)
    text = (
        f"{entry} sees your name and that you would like to talk something over, and can plan it "
        "with you. Nothing else of your supervision opens to them, it needs no signature, and it "
        "closes by itself after two weeks. It is not watched all day: if it cannot wait, use the "
        "contacts on the support page."
    )
    words = (f"Ask {entry} for a debrief?", text, "Ask")
    done = "They see that you would like to talk."
    to = ("supervision:sessions", reverse("supervision:choose"))
    return _begin(request, partial(actions.ask_for_debrief, **given), words, done, to)


@frame.page_with_form
def begin_debrief(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A supervisor begins to talk something over with somebody whom they meet already."""
    row = between(request, pk, timezone.localdate())
    if row.supervisor_id != request.user.pk or row.kind.key == DEBRIEF:
        raise Http404
    look_at(request, row)
    text = (
        f"For something that should not wait for the next session. {row.person} sees it at once "
        "and can end it without saying why. It needs no signature, opens nothing else to you, and "
        "closes by itself after two weeks. Plan or log the session on its page."
    )
    words = (f"Begin a debrief with {row.person}?", text, "Begin a debrief")
    done = "They see that you would like to talk. Plan or log the session here."
    to = ("supervision:sessions", reverse("supervision:sessions", args=[pk]))
    given = {"agreement": row, "kind": SupervisionKind.objects.get(key=DEBRIEF)}
    return _begin(request, partial(actions.begin_debrief, **given), words, done, to)


def _asked(request: HttpRequest, pk: uuid.UUID, **kind) -> tuple[dict, Supervisor]:
    """Who asks whom for which kind, or 404."""
    person = own_person(request)
    entry = get_object_or_404(_to_choose(person, timezone.localdate()), pk=pk)
    kind = SupervisionKind.objects.get(**kind)
    return {"person": person, "entry": entry, "kind": kind}, entry


def _begin(
    request: HttpRequest,
    act: Callable[..., Agreement],
    words: tuple[str, str, str],
    done: str,
    to: tuple[str, str],
) -> HttpResponse:
    """Asks once more and then begins an agreement; leads to its page, or back with what is in the
    way."""
    page, back = to
    if request.method != "POST":
        return frame.confirm_page(request, *words, back=back, variant="primary")
    try:
        agreement = act(by=request.user, at=timezone.now())
    except NotSaved as refusal:
        messages.warning(request, str(refusal))
        return redirect(back)
    messages.success(request, done)
    return redirect(page, agreement.pk)


# --- The page of an agreement ---------------------------------------------------------------------


def between(request: HttpRequest, pk: uuid.UUID, today: dt.date) -> Agreement:
    """One that has not ended, for the worker or the supervisor; anybody else gets 404."""
    agreement = agreement_of(request, pk, today)
    own = is_worker_of(agreement, request.user) or agreement.supervisor_id == request.user.pk
    if not own or agreement.is_over_on(today):
        raise Http404
    return agreement


def look_at(request: HttpRequest, agreement: Agreement) -> None:
    frame.note_looks(request, [(agreement.person_id, agreement.person.user_id)])


@require_safe
def agreement(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What two people agreed on, where it stands, who stands in and what is handed over."""
    today = timezone.localdate()
    row = agreement_of(request, pk, today)
    look_at(request, row)
    worker = is_worker_of(row, request.user)
    both = worker or row.supervisor_id == request.user.pk
    versions = list(row.terms.select_related("written_by"))
    holds = row.agreed_terms
    covers = row.covers.select_related("stand_in")
    if not both:
        versions = [one for one in versions if one == holds]
        covers = covers.filter(stand_in=request.user)
    context = {
        "agreement": row,
        "worker": worker,
        "both": both,
        "over": row.is_over_on(today),
        "standing": standing(row, request.user, today),
        "holds": holds,
        "proposed": next((one for one in versions[-1:] if one != holds), None),
        "older": [one for one in versions[:-1] if one != holds],
        "covers": [(one, one.lasts_on(today)) for one in covers],
        "today": today,
        "notes": _notes(row) if both else [],
    }
    return render(request, "supervision/agreement.html", context)


def _notes(agreement: Agreement) -> list[HandOver]:
    """The note that waits for the next supervisor, and the one that was found here."""
    left = getattr(agreement, "handed_over", None)
    found = agreement.taken_over.select_related("written_by")
    return [note for note in [left, *found] if note is not None and note.words]


@frame.page_with_form
def write_terms(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Proposes another version; what was written is kept when somebody else was quicker."""
    today = timezone.localdate()
    row = between(request, pk, today)
    look_at(request, row)
    back = reverse("supervision:agreement", args=[pk])
    newest = row.terms.order_by("-number").first()
    fields = ("cadence_days", "minutes", "place", "purpose", "confidentiality", "limits", "number")
    initial = {name: getattr(newest, name) for name in fields} if newest else {"number": 0}
    form = frame.filled_in(TermsForm, request, initial=initial, cancel=back)
    if form.is_valid():
        with form.saving():
            values = form.values | {"by": request.user, "at": timezone.now()}
            actions.write_terms(agreement=row, **values)
            messages.success(request, "Saved. It holds when both of you have signed it.")
            return redirect(back)
        form.show_newest(row)
    context = {"form": form, "heading": "What you agree on", "back": back, "newest": newest}
    return render(request, "supervision/terms_form.html", context)


@frame.page_with_form
def sign(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Shows the newest version and takes a signature under it."""
    today = timezone.localdate()
    row = between(request, pk, today)
    look_at(request, row)
    back = reverse("supervision:agreement", args=[pk])
    newest = get_object_or_404(row.terms.order_by("-number")[:1])
    given = {"initial": {"number": newest.number}, "cancel": back}
    by_supervisor = row.supervisor_id == request.user.pk
    form = frame.filled_in(SignForm, request, by_supervisor=by_supervisor, **given)
    if form.is_valid():
        with form.saving():
            row = actions.sign(agreement=row, by=request.user, at=timezone.now(), **form.values)
            return _signed(request, row, back, today)
        form.data = form.data.copy() | {"number": newest.number}
    context = {"form": form, "heading": f"Sign version {newest.number}", "back": back}
    return render(request, "supervision/sign.html", context | {"terms": newest, "agreement": row})


def _signed(request: HttpRequest, row: Agreement, back: str, today: dt.date) -> HttpResponse:
    if row.is_over_on(today):
        messages.success(
            request, "Thank you for saying so. There is no agreement, and nobody is told why."
        )
        return redirect("supervision:home")
    messages.success(request, "You have signed.")
    return redirect(back)


# --- Ending ---------------------------------------------------------------------------------------


@frame.page_with_form
def end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks once more, and for a hand-over note where the supervisor ends it; never for a reason."""
    today = timezone.localdate()
    row = between(request, pk, today)
    look_at(request, row)
    back = reverse("supervision:agreement", args=[pk])
    worker = is_worker_of(row, request.user)
    initial = {} if worker else {"words": getattr(getattr(row, "handed_over", None), "words", "")}
    given = {"by_supervisor": not worker, "initial": initial, "cancel": back}
    form = frame.filled_in(EndForm, request, **given)
    if form.is_valid():
        with form.saving():
            actions.end(agreement=row, by=request.user, at=timezone.now(), **form.values)
            messages.success(request, "The agreement has ended. What you agreed on stays.")
            return redirect("supervision:mine" if worker else "supervision:home")
    intro = (
        "It ends today, and nobody is asked why. The records that you both agreed keep both your "
        "names. "
    )
    if to_settle(request.user, today, timezone.now()).filter(agreement=row):
        intro += "Nobody has said yet what became of a session that has passed: you still can, "
        intro += "before or after the end. "
    intro += (
        f"{row.supervisor} can no longer open them unless you keep them open."
        if worker
        else f"You can no longer open them unless {row.person} keeps them open to you."
    )
    heading = f"End {row.kind} with {row.supervisor if worker else row.person}?"
    return frame.form_page(request, form, heading, back=back, intro=intro)


@frame.page_with_form
def hand_over(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The supervisor's note for whoever comes next, to four weeks after the end."""
    today = timezone.localdate()
    row = ended_lately(request.user, today).filter(pk=pk).first() or between(request, pk, today)
    if row.supervisor_id != request.user.pk:
        raise Http404
    over = row.is_over_on(today)
    back = reverse("supervision:home") if over else reverse("supervision:agreement", args=[pk])
    note = getattr(row, "handed_over", None)
    form = frame.filled_in(NoteForm, request, record=note, cancel=back)
    if form.is_valid():
        with form.saving():
            given = form.values | {"by": request.user, "at": timezone.now()}
            given["version"] = form.cleaned_data.get("version", "")
            actions.leave_note(agreement=row, **given)
            messages.success(request, "The hand-over note is saved.")
            return redirect(back)
    heading = f"Hand-over note: {row.person}"
    return frame.form_page(request, form, heading, back=back, about=row.person)


# --- What only the worker decides -----------------------------------------------------------------


@require_POST
def keep_open(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Lets the former supervisor go on reading what both agreed, or stops it."""
    rows = Agreement.objects.of_worker(request.user).select_related("person", "supervisor")
    row = get_object_or_404(rows, pk=pk)
    kept = request.POST.get("kept") == "yes"
    actions.keep_open(agreement=row, by=request.user, kept=kept)
    words = "can go on reading" if kept else "can no longer read"
    messages.success(request, f"They {words} what you both agreed, after the end.")
    return redirect("supervision:agreement", pk)


@require_POST
def cover_records(request: HttpRequest, agreement_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """Opens the agreed records to a stand-in, or closes them."""
    own = get_object_or_404(Agreement.objects.of_worker(request.user), pk=agreement_pk)
    cover = get_object_or_404(own.covers.select_related("stand_in"), pk=pk)
    opened = request.POST.get("opened") == "yes"
    open_records(cover=cover, by=request.user, opened=opened)
    words = "can read" if opened else "cannot read"
    messages.success(request, f"The stand-in {words} the records that you both agreed.")
    return redirect("supervision:agreement", agreement_pk)


@require_POST
def refuse_cover(request: HttpRequest, agreement_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    """Asks for another stand-in, without a reason."""
    own = get_object_or_404(Agreement.objects.of_worker(request.user), pk=agreement_pk)
    cover = get_object_or_404(own.covers.select_related("stand_in"), pk=pk)
    refuse(cover=cover, by=request.user, at=timezone.now())
    messages.success(request, "They do not stand in. Another stand-in is asked for.")
    return redirect("supervision:agreement", agreement_pk)
