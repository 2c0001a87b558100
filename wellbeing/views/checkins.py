"""Check-ins as their author sees them. Nobody else opens any of these pages."""

import datetime as dt
import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from programme.models import Person
from programme.views import frame
from questionnaires.models import CHECK_IN
from questionnaires.scoring import is_low
from wellbeing.actions import checkins as actions
from wellbeing.asked import asked_of, to_ask
from wellbeing.check_in_shares import shares_of, with_readers
from wellbeing.forms.checkins import NoteForm, PauseForm, RhythmForm
from wellbeing.group_reads import is_open_for_groups, rule_in_force
from wellbeing.models import CheckIn, Rhythm
from wellbeing.reading import in_words

MINE = "wellbeing:my-check-ins"
NO_COPY = "No copy is kept here, but who opened something you shared, and only you see that."


def own_record(request: HttpRequest) -> Person | None:
    return Person.objects.filter(user=request.user).first()


def with_own_record(view: Callable) -> Callable:
    """A page about oneself: it is given one's record, or says that there is none."""

    @wraps(view)
    def page(request: HttpRequest) -> HttpResponse:
        person = own_record(request)
        return no_record(request) if person is None else view(request, person)

    return page


def no_record(request: HttpRequest) -> HttpResponse:
    return render(request, "programme/no_record.html")


def own_check_in(request: HttpRequest, pk: uuid.UUID) -> CheckIn:
    """One's own finished check-in, or 404."""
    rows = CheckIn.objects.visible_to(request.user).finished()
    return get_object_or_404(rows.select_related("person", "version__questionnaire"), pk=pk)


# --- Being asked ----------------------------------------------------------------------------------


@require_safe
@with_own_record
def my_check_ins(request: HttpRequest, person: Person) -> HttpResponse:
    """What waits, what was written, and how one is asked."""
    rows = CheckIn.objects.visible_to(request.user).finished().order_by("-finished_at", "pk")
    page = frame.page_of(request, with_readers(rows, person, timezone.localdate()))
    begun = CheckIn.objects.visible_to(request.user).unfinished().order_by("-started_at", "pk")
    context = {
        "asked": asked_of(person, timezone.now()),
        "page": page,
        "begun": begun.select_related("version__questionnaire"),
        "others": to_ask(timezone.localdate()).exclude(questionnaire__key=CHECK_IN),
    }
    return render(request, "wellbeing/my_check_ins.html", context)


@frame.page_with_form
@with_own_record
def rhythm(request: HttpRequest, person: Person) -> HttpResponse:
    """How often, when and from what hour; *Show what changes* tells it before it is saved."""
    today = timezone.localdate()
    found = Rhythm.objects.visible_to(request.user).first()
    form = frame.filled_in(RhythmForm, request, record=found, cancel=reverse(MINE))
    if form.is_valid() and "preview" not in request.POST:
        with form.saving():
            actions.ask_me(person=person, by=request.user, day=today, **form.values)
            asked = asked_of(person, timezone.now())
            when = "today" if asked.next_on == today else f"on {_long(asked.next_on)}"
            messages.success(request, f"Saved. You are next asked {when}.")
            return redirect(MINE)
    preview = _preview(found, form, today) if form.is_bound and form.is_valid() else None
    context = {"form": form, "back": reverse(MINE), "rhythm": found, "preview": preview}
    return render(request, "wellbeing/rhythm.html", context)


def _preview(found: Rhythm | None, form: RhythmForm, today: dt.date) -> dict:
    """The days on which one would be asked next, and those of now."""
    chosen = form.values
    every, weekday = chosen["every_days"], chosen["weekday"]
    first = (
        actions.next_of(found, every_days=every, weekday=weekday, day=today)
        if found
        else actions.first_of(today, weekday)
    )
    return {"before": found and found.next_on, "days": following_days(first, every, weekday)}


def following_days(first: dt.date, every: int, weekday: int) -> list[dt.date]:
    """Three days on which somebody is asked who answers on each."""
    second = actions.following(first, every, weekday)
    return [first, second, actions.following(second, every, weekday)]


def _long(day: dt.date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


@frame.page_with_form
@with_own_record
def pause(request: HttpRequest, person: Person) -> HttpResponse:
    """Nothing is asked until a day."""
    if not Rhythm.objects.visible_to(request.user).exists():
        return redirect(MINE)
    form = frame.filled_in(PauseForm, request, cancel=reverse(MINE))
    if form.is_valid():
        until = form.cleaned_data["until"]
        actions.do_not_ask_before(person=person, by=request.user, until=until)
        messages.success(request, f"You are not asked before {_long(until)}. Nobody is told.")
        return redirect(MINE)
    return frame.form_page(request, form, "Pause check-ins", back=reverse(MINE))


@require_POST
@with_own_record
def go_on(request: HttpRequest, person: Person) -> HttpResponse:
    """A pause is over."""
    today = timezone.localdate()
    actions.do_not_ask_before(person=person, by=request.user, until=today)
    messages.success(request, "You are asked again in your rhythm.")
    return redirect(MINE)


@require_POST
@with_own_record
def not_now(request: HttpRequest, person: Person) -> HttpResponse:
    """Ask again tomorrow."""
    tomorrow = timezone.localdate() + actions.DAY
    actions.not_now(person=person, by=request.user, until=tomorrow)
    messages.success(request, "That is fine. It is here again tomorrow, and nobody is told.")
    return redirect("home")


@require_POST
@with_own_record
def skip(request: HttpRequest, person: Person) -> HttpResponse:
    """Leave this one out."""
    today = timezone.localdate()
    actions.skip(person=person, by=request.user, day=today)
    messages.success(request, "Skipped. Nothing is kept of it, and nobody is told.")
    return redirect("home")


@frame.page_with_form
@with_own_record
def stop_asking(request: HttpRequest, person: Person) -> HttpResponse:
    """Asks once whether what was written stays; the answer is a POST."""
    if request.method == "POST":
        actions.stop_asking(person=person, by=request.user)
        messages.success(request, "You are not asked any more. Nobody is told.")
        return redirect(MINE)
    words = (
        "You are not asked again until you say so. Nobody is told. What you wrote stays yours: you "
        "can read, download or delete it under My check-ins."
    )
    return frame.confirm_page(
        request, "Stop asking me?", words, "Stop asking", back=reverse(MINE), variant="secondary"
    )


# --- Afterwards -----------------------------------------------------------------------------------


@require_safe
def finished(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Thanks; after a low answer where support is; and who may see this one."""
    row = own_check_in(request, pk)
    low = is_low(row.version.definition, row.answered)
    context = {"check_in": row, "low": low, "asked": asked_of(row.person, timezone.now())}
    context |= for_groups(row)
    return render(request, "wellbeing/finished.html", context)


@require_safe
def one(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One's own check-in: answers, note, and who may read it."""
    row, today = own_check_in(request, pk), timezone.localdate()
    context = {
        "check_in": row,
        "answers": in_words(row),
        "shares": row.shares.select_related("reader").order_by("shared_at"),
        "open": set(shares_of(row.person, today).values_list("pk", flat=True)),
        "today": today,
    }
    return render(request, "wellbeing/check_in.html", context | for_groups(row))


def for_groups(row: CheckIn) -> dict:
    """How many people a group result rests on, and whether one can still decide to be in it."""
    is_open = is_open_for_groups(row, timezone.localdate())
    return {"least_people": rule_in_force().smallest_base, "open_for_groups": is_open}


@frame.page_with_form
def note(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    row = own_check_in(request, pk)
    back = reverse("wellbeing:check-in", args=[pk])
    form = frame.filled_in(NoteForm, request, record=row, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.write_note(check_in=row, by=request.user, version=version, **form.values)
            messages.success(request, "Saved. Only you can read it.")
            return redirect(back)
    return frame.form_page(request, form, "My note", back=back)


@frame.page_with_form
def delete(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    rows = CheckIn.objects.visible_to(request.user).select_related("person")
    row = get_object_or_404(rows, pk=pk)
    if request.method == "POST":
        actions.delete_one(check_in=row, by=request.user)
        messages.success(request, f"Deleted. {NO_COPY}")
        return redirect(MINE)
    words = (
        "It is deleted for good, also for anybody you let read it. Group results that were worked "
        "out before stay, for they tell of nobody."
    )
    back = reverse("wellbeing:check-in", args=[pk]) if row.finished_at else reverse(MINE)
    return frame.confirm_page(request, "Delete this check-in?", words, "Delete it", back=back)


@frame.page_with_form
@with_own_record
def delete_all(request: HttpRequest, person: Person) -> HttpResponse:
    back = reverse(MINE)
    if request.method == "POST":
        number = actions.delete_all(person=person, by=request.user)
        messages.success(request, f"Deleted: {number}. {NO_COPY}")
        return redirect(back)
    words = (
        "All your check-ins are deleted for good, with your notes on them, also for anybody you "
        "let read one. You may want to download them first."
    )
    return frame.confirm_page(
        request, "Delete all my check-ins?", words, "Delete them all", back=back
    )
