"""The sites a programme works in: for leads and administrators."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions
from accounts.forms import SiteForm
from accounts.models import Site
from accounts.permissions import can_add_sites, can_see_sites, only

page_with_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@only(can_see_sites)
def sites(request: HttpRequest) -> HttpResponse:
    context = {
        "sites": Site.objects.visible_to(request.user),
        "can_add": can_add_sites(request.user),
    }
    return render(request, "accounts/sites.html", context)


@page_with_form
@only(can_add_sites)
def add_site(request: HttpRequest) -> HttpResponse:
    return _site_form(request, Site(), "Add a site")


@page_with_form
@only(can_see_sites)
def edit_site(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    site = get_object_or_404(Site.objects.visible_to(request.user), pk=pk)
    return _site_form(request, site, "Rename a site")


def _site_form(request: HttpRequest, site: Site, heading: str) -> HttpResponse:
    form = SiteForm(request.POST if request.method == "POST" else None, instance=site)
    if form.is_valid():
        actions.save_site(site=form.instance)
        messages.success(request, f"{form.instance.name} is saved.")
        return redirect("accounts:sites")
    context = {
        "form": form,
        "heading": heading,
        "back": reverse("accounts:sites"),
        "back_text": "Back to sites",
    }
    return render(request, "accounts/form.html", context)
