"""The support page, open to all, and the list of contacts that a lead keeps for it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.roles import CHANGE_SUPPORT
from programme.views import frame
from wellbeing.actions import support as actions
from wellbeing.forms.support import ContactForm
from wellbeing.models import SupportContact

# The page is everybody's, whatever their site.
may_change_support = frame.for_every_site(CHANGE_SUPPORT)


@login_not_required
@require_safe
def support(request: HttpRequest) -> HttpResponse:
    """Who to turn to: nobody has to sign in, and nothing about the visit is kept."""
    contacts = list(SupportContact.objects.shown())
    return render(
        request,
        "wellbeing/support.html",
        {
            "urgent": [contact for contact in contacts if contact.urgent],
            "others": [contact for contact in contacts if not contact.urgent],
        },
    )


@may_change_support
@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """The contacts in the order of the support page, each with a link to change it."""
    return render(
        request, "wellbeing/contacts.html", {"contacts": list(SupportContact.objects.shown())}
    )


@may_change_support
@frame.page_with_form
def add_contact(request: HttpRequest) -> HttpResponse:
    form = frame.filled_in(ContactForm, request, initial={"position": 10})
    if form.is_valid():
        with form.saving():
            contact = actions.add_contact(by=request.user, **form.values)
            return _saved(request, contact)
    return _form_page(request, form, "Add a support contact")


@may_change_support
@frame.page_with_form
def edit_contact(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    contact = get_object_or_404(SupportContact.objects.shown(), pk=pk)
    form = frame.filled_in(ContactForm, request, record=contact)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            contact = actions.change_contact(
                contact=contact, by=request.user, version=version, **form.values
            )
            return _saved(request, contact)
    return _form_page(request, form, "Change a support contact")


def _saved(request: HttpRequest, contact: SupportContact) -> HttpResponse:
    messages.success(request, f"{contact.name} is on the support page.")
    return redirect("wellbeing:contacts")


def _form_page(request: HttpRequest, form: ContactForm, heading: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "back": reverse("wellbeing:contacts")}
    return render(request, "wellbeing/contact_form.html", context)


@may_change_support
@frame.page_with_form
def remove_contact(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Asks first; the answer is a POST."""
    contact = get_object_or_404(SupportContact.objects.shown(), pk=pk)
    if request.method == "POST":
        actions.remove_contact(contact=contact, by=request.user)
        messages.success(request, f"{contact.name} is no longer on the support page.")
        return redirect("wellbeing:contacts")
    return render(request, "wellbeing/remove_contact.html", {"contact": contact})
