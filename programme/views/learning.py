"""Learning after training: one's own log, and the total of who lets their hours count."""

import datetime as dt
import uuid
from decimal import Decimal

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.actions import learning as actions
from programme.exports import download
from programme.forms.my_training import LearningForm
from programme.learning import shared, year_before
from programme.models import LearningRecord, Person
from programme.views import frame

COLUMNS = ["Day", "Hours", "What it was about", "Hours count in the total"]


@require_safe
def my_learning(request: HttpRequest) -> HttpResponse:
    """What one has logged, the newest first, and the hours of the last twelve months."""
    if getattr(request.user, "person", None) is None:
        return render(request, "programme/no_record.html")
    records = LearningRecord.objects.visible_to(request.user)
    today = timezone.localdate()
    year = records.filter(learned_on__gte=year_before(today), learned_on__lte=today)
    context = {
        "page": frame.page_of(request, records),
        "hours": year.aggregate(hours=Sum("hours"))["hours"] or Decimal(0),
        "since": year_before(today),
    }
    return render(request, "programme/my_learning.html", context)


@require_safe
def my_learning_file(request: HttpRequest, kind: str) -> HttpResponse:
    records = LearningRecord.objects.visible_to(request.user)
    rows = (
        (row.learned_on, row.hours, row.topic, "yes" if row.hours_shared else "no")
        for row in records.iterator()
    )
    return download(kind, "my-learning", COLUMNS, rows)


@frame.page_with_form
def add_learning(request: HttpRequest) -> HttpResponse:
    person = getattr(request.user, "person", None)
    if person is None:
        return render(request, "programme/no_record.html")
    back = reverse("programme:my-learning")
    initial = {"learned_on": timezone.localdate()}
    form = frame.filled_in(LearningForm, request, initial=initial, cancel=back)
    if form.is_valid():
        with form.saving():
            actions.log(person=person, by=request.user, **form.values)
            messages.success(request, "Your learning is saved.")
            return redirect(back)
    return frame.form_page(request, form, "Add learning", back=back)


@frame.page_with_form
def edit_learning(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    record = _own(request, pk)
    back = reverse("programme:my-learning")
    form = frame.filled_in(LearningForm, request, record=record, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_learning(record=record, by=request.user, version=version, **form.values)
            messages.success(request, "Your learning is saved.")
            return redirect(back)
    remove = reverse("programme:remove-learning", args=[pk])
    return frame.form_page(request, form, "Change learning", back=back, remove=remove)


@frame.page_with_form
def remove_learning(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    record = _own(request, pk)
    back = reverse("programme:my-learning")
    if request.method == "POST":
        actions.remove_learning(record=record, by=request.user)
        messages.success(request, "It is removed.")
        return redirect(back)
    text = f"{record.topic}, {record}."
    return frame.confirm_page(
        request, "Remove this learning?", text, "Remove learning", back=back, about=record.person
    )


def _own(request: HttpRequest, pk: uuid.UUID) -> LearningRecord:
    records = LearningRecord.objects.visible_to(request.user).select_related("person")
    return get_object_or_404(records, pk=pk)


@frame.may_view_people
@require_safe
def learning(request: HttpRequest) -> HttpResponse:
    """The hours of everybody who lets them count, over the twelve months to the last month's end.

    Whole months only: a total that moved with each entry would tell what somebody has just added.
    """
    until = timezone.localdate().replace(day=1) - dt.timedelta(1)
    people = Person.objects.visible_to(request.user)
    rows = LearningRecord.objects.shared_by(people).filter(
        learned_on__gte=year_before(until), learned_on__lte=until
    )
    context = {
        "since": year_before(until),
        "until": until,
        "shared": shared(rows.values_list("person", "hours")),
    }
    return render(request, "programme/learning.html", context)
