"""The application form, open to everybody: written, saved as it is typed, and sent."""

import datetime as dt
import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from programme import limits
from programme.actions import applicants as actions
from programme.applicant_links import LinkTooOld, key_for, link_to, read_form, read_key
from programme.forms.apply import ApplyForm
from programme.models import Applicant, Round, RoundState
from programme.views import frame

TOO_OFTEN = (
    "So many applications have been begun from your connection that we have to wait a little. "
    "Nothing you wrote is lost: keep this page open and try again in some minutes."
)
MOST_A_DAY = "at most five times a day"
# In the session of who has just sent: the round whose questions about equality may be answered,
# and the way to the own page after them.
EQUALITY, OWN_PAGE = "equality", "own_application"
# Whose turn it is, as applicants read it.
OURS, YOURS, NOBODYS = "It is our turn", "It is your turn", ""


def in_words(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def open_link(view: Callable) -> Callable:
    """For a page behind the signed link of an application: it is given the application.

    A link that is too old, or of one of two applications that were joined, is told so; one that
    was never ours is not there.
    """

    @login_not_required
    @wraps(view)
    def wrapped(request: HttpRequest, key: str) -> HttpResponse:
        try:
            pk = read_key(key)
        except LinkTooOld:
            return render(request, "programme/apply/link_too_old.html", status=410)
        # Whoever holds the link may read it, signed in or not.
        found = Applicant.objects.filter(pk=pk).select_related("round__site", "stage").first()
        if found is None:
            raise Http404
        if found.merged_into_id:
            return render(request, "programme/apply/merged.html", status=410)
        return view(request, found)

    return wrapped


def own_key(request: HttpRequest, applicant: Applicant) -> str:
    """The key that opened this page, so that none lets itself be made younger: a new one comes by
    message only. Who has just begun gets their first."""
    return request.resolver_match.kwargs.get("key") or key_for(applicant.pk)


def offered_round(pk: uuid.UUID) -> Round:
    """A round that is or was open to everybody."""
    return get_object_or_404(Round.objects.exclude(state=RoundState.DRAFT), pk=pk)


@login_not_required
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """What can be applied for today."""
    today = timezone.localdate()
    found = Round.objects.taking_applications_on(today).select_related("site")
    context = {"rounds": found.order_by("closes_on", "title")[:100]}
    return render(request, "programme/apply/rounds.html", context)


# --- The form -------------------------------------------------------------------------------------


@login_not_required
@frame.page_with_form
def apply_round(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """An empty form. Nothing is kept until something is typed."""
    offered = offered_round(pk)
    if request.method == "POST":
        return _take(request, offered, None)
    today = timezone.localdate()
    if not offered.takes_applications_on(today):
        context = {"round": offered, "opens_later": _opens_later(offered)}
        return render(request, "programme/apply/closed.html", context)
    return _form_page(request, offered, ApplyForm(offered=offered, sending=False))


@frame.page_with_form
@open_link
def my_form(request: HttpRequest, applicant: Applicant) -> HttpResponse:
    """The form of a draft, to go on with."""
    if not applicant.is_draft:
        return redirect("programme:my-application", key=own_key(request, applicant))
    if request.method == "POST":
        return _take(request, applicant.round, applicant)
    form = ApplyForm(offered=applicant.round, applicant=applicant, sending=False)
    return _form_page(request, applicant.round, form, applicant)


def _take(request: HttpRequest, offered: Round, applicant: Applicant | None) -> HttpResponse:
    """Keep what was typed, whatever is wrong with it, and send it if that was asked and it can be.

    What cannot be kept (a wrong address, too many words) stays on the page.
    """
    sending = "send" in request.POST
    form = ApplyForm(request.POST, offered=offered, sending=sending)
    form.is_valid()
    if not limits.allowed(request, "begin" if applicant is None else "save", key=_key(applicant)):
        form.add_error(None, TOO_OFTEN)
        return _form_page(request, offered, form, applicant, status=429)
    try:
        applicant = _keep(form, offered, applicant)
        if applicant is not None and sending and form.is_valid():
            return _send(request, applicant)
    except actions.SavedElsewhere as meanwhile:
        return _saved_elsewhere(request, form, meanwhile)
    except actions.ApplicantError as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, offered, form, applicant)
    if applicant is None or form.errors:
        if applicant is None and not form.errors:
            form.add_error(None, "Nothing is written yet, so there is nothing to save.")
        return _form_page(request, offered, form, applicant)
    _write_link(request, applicant)
    return redirect("programme:my-application", key=own_key(request, applicant))


def _key(applicant: Applicant | None) -> str:
    return str(applicant.pk) if applicant else ""


def _keep(form: ApplyForm, offered: Round, applicant: Applicant | None) -> Applicant | None:
    """The draft with everything in it that can be kept; none where nothing was typed."""
    now = timezone.now()
    written = {"values": form.values, "answers": form.answers, "at": now}
    if applicant is not None:
        version = form.cleaned_data.get("version", "")
        return actions.go_on(applicant=applicant, version=version, **written)
    if not form.something_typed:
        return None
    pk = read_form(form.cleaned_data.get("carried", ""))
    return actions.begin(pk=pk, offered=offered, **written)


def _send(request: HttpRequest, applicant: Applicant) -> HttpResponse:
    may_write = limits.may_write_to(request, "received", applicant.email)
    actions.send(
        applicant=applicant, at=timezone.now(), on=timezone.localdate(), acknowledge=may_write
    )
    messages.success(request, "Your application is sent. Thank you.")
    request.session[EQUALITY] = str(applicant.round_id)
    key = own_key(request, applicant)
    request.session[OWN_PAGE] = reverse("programme:my-application", args=[key])
    return redirect("programme:equality", pk=applicant.round_id)


def _write_link(request: HttpRequest, applicant: Applicant) -> None:
    if not applicant.email:
        messages.success(request, "Saved. Keep the link on this page to come back.")
        return
    if limits.may_write_to(request, "send_link", applicant.email):
        actions.write_link(applicant=applicant, at=timezone.now())
    # The same when none is sent: it would say that the address has been used here.
    messages.success(request, f"Saved. We send the link to your address, {MOST_A_DAY}.")


def _saved_elsewhere(
    request: HttpRequest, form: ApplyForm, meanwhile: actions.SavedElsewhere
) -> HttpResponse:
    current = meanwhile.current
    form.add_error(None, f"{meanwhile} What is saved there is shown below. Save again to keep this")
    form.data = form.data.copy()
    form.data["version"] = actions.version_of(current)
    return _form_page(request, current.round, form, current, elsewhere=what_is_written(current))


def what_is_written(applicant: Applicant) -> list[tuple[str, str]]:
    """Everything an application holds, as its own applicant reads it."""
    answers = {answer.question_id: answer.text for answer in applicant.answers.all()}
    return [
        ("Name", str(applicant)),
        ("Email address", applicant.email or "–"),
        ("Phone number", applicant.phone or "–"),
        *(
            (question.text, answers.get(question.pk) or "–")
            for question in applicant.round.questions.all()
        ),
        ("How you would use your lived experience", applicant.statement or "–"),
        ("What you need for an interview", applicant.adjustments or "–"),
    ]


def _opens_later(offered: Round) -> bool:
    today = timezone.localdate()
    return offered.state == RoundState.PUBLISHED and today < offered.opens_on


def _form_page(
    request: HttpRequest,
    offered: Round,
    form: ApplyForm,
    applicant: Applicant | None = None,
    *,
    elsewhere: list | None = None,
    status: int = 200,
) -> HttpResponse:
    key = ""
    if applicant is None:
        action = reverse("programme:apply-round", args=[offered.pk])
        save = reverse("programme:apply-save", args=[offered.pk])
    else:
        key = own_key(request, applicant)
        action = reverse("programme:my-form", args=[key])
        save = reverse("programme:my-save", args=[key])
        form.fields["version"].initial = applicant.saved_at.isoformat()
        if form.is_bound and not elsewhere:
            form.data = form.data.copy()
            form.data["version"] = applicant.saved_at.isoformat()
    context = {
        "round": offered,
        "form": form,
        "action": action,
        "save": save,
        "elsewhere": elsewhere,
        "is_closed": not offered.takes_applications_on(timezone.localdate()),
        "link": link_to(applicant, key) if applicant else "",
    }
    return render(request, "programme/apply/form.html", context, status=status)


# --- Saving while somebody types ------------------------------------------------------------------


@login_not_required
@require_POST
def save_new(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _save(request, offered_round(pk), None)


@require_POST
@open_link
def save_mine(request: HttpRequest, applicant: Applicant) -> HttpResponse:
    return _save(request, applicant.round, applicant)


def _save(request: HttpRequest, offered: Round, applicant: Applicant | None) -> JsonResponse:
    """Answers the script of the form: what is saved now, or why not, in words to show."""
    form = ApplyForm(request.POST, offered=offered, sending=False)
    form.is_valid()
    if not limits.allowed(request, "begin" if applicant is None else "save", key=_key(applicant)):
        return JsonResponse({"problem": TOO_OFTEN}, status=429)
    try:
        applicant = _keep(form, offered, applicant)
    except actions.ApplicantError as refusal:
        words = f"{refusal} What you typed since is not saved. Reload the page to see what is."
        return JsonResponse({"problem": words, "stop": True}, status=409)
    if applicant is None:
        return JsonResponse({})
    key = own_key(request, applicant)
    problems = [str(form.fields[name].label) for name in form.errors if name in form.fields]
    return JsonResponse(
        {
            "saved": f"{timezone.localtime(applicant.saved_at):%H:%M}",
            "version": actions.version_of(applicant),
            "action": reverse("programme:my-form", args=[key]),
            "save": reverse("programme:my-save", args=[key]),
            "link": link_to(applicant, key),
            "problem": f"Not saved yet: {', '.join(problems)}." if problems else "",
        }
    )
