"""Applications, on the pages of the person who made them."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from programme.actions import recruitment as actions
from programme.forms.recruitment import ApplicationForm
from programme.models import Person
from programme.views import frame


@frame.may_change_people
@frame.page_with_form
def add_application(request: HttpRequest, person_pk: uuid.UUID) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=person_pk)
    back = reverse("programme:person", args=[person_pk])
    form = frame.filled_in(ApplicationForm, request, person=person, cancel=back)
    if form.is_valid():
        with form.saving():
            actions.add_application(person=person, by=request.user, **form.values)
            messages.success(request, "The application is saved.")
            return redirect(back)
    return frame.form_page(
        request, form, f"Add an application for {person}", back=back, about=person
    )


@frame.may_change_people
@frame.page_with_form
def edit_application(request: HttpRequest, person_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=person_pk)
    application = get_object_or_404(person.applications.visible_to(request.user), pk=pk)
    back = reverse("programme:person", args=[person_pk])
    form = frame.filled_in(ApplicationForm, request, person=person, record=application, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_application(
                application=application, by=request.user, version=version, **form.values
            )
            messages.success(request, "The application is saved.")
            return redirect(back)
    remove = reverse("programme:remove-application", args=[person_pk, pk])
    heading = f"Change an application: {person}"
    return frame.form_page(request, form, heading, back=back, remove=remove, about=person)


@frame.may_change_people
@frame.page_with_form
def remove_application(request: HttpRequest, person_pk: uuid.UUID, pk: uuid.UUID) -> HttpResponse:
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=person_pk)
    application = get_object_or_404(person.applications.visible_to(request.user), pk=pk)
    back = reverse("programme:person", args=[person_pk])
    if request.method == "POST":
        actions.remove_application(application=application, by=request.user)
        messages.success(request, "The application is removed.")
        return redirect(back)
    heading = f"Remove an application of {person}?"
    text = f"{application}. Do this only for one that was recorded by mistake."
    return frame.confirm_page(request, heading, text, "Remove application", back=back, about=person)
