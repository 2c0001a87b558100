"""How much of a post is paid for, period by period, on the pages of the post."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from programme.actions import posts as actions
from programme.forms.posts import FundingForm
from programme.models import Funding, Post
from programme.views import frame
from programme.views.posts import warn_of_hours


@frame.may_change_people
@frame.page_with_form
def add_funding(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    posts = Post.objects.visible_to(request.user).with_funding_on(timezone.localdate())
    post = get_object_or_404(posts.select_related("team__site"), pk=pk)
    back = reverse("programme:post", args=[pk])
    form = frame.filled_in(FundingForm, request, cancel=back)
    if form.is_valid():
        with form.saving():
            actions.add_funding(post=post, by=request.user, **form.values)
            messages.success(request, "The funding is saved.")
            warn_of_hours(request, pk)
            return redirect(back)
    return frame.form_page(request, form, f"Change the funding of {post}", back=back)


def _funding(request: HttpRequest, pk: uuid.UUID) -> Funding:
    found = Funding.objects.visible_to(request.user).select_related("post__team__site")
    return get_object_or_404(found, pk=pk)


@frame.may_change_people
@frame.page_with_form
def edit_funding(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    funding = _funding(request, pk)
    back = reverse("programme:post", args=[funding.post_id])
    form = frame.filled_in(FundingForm, request, record=funding, cancel=back)
    if form.is_valid():
        with form.saving():
            version = form.cleaned_data["version"]
            actions.change_funding(funding=funding, by=request.user, version=version, **form.values)
            messages.success(request, "The funding is saved.")
            warn_of_hours(request, funding.post_id)
            return redirect(back)
    remove = reverse("programme:remove-funding", args=[pk])
    heading = f"Correct the funding of {funding.post}"
    return frame.form_page(request, form, heading, back=back, remove=remove)


@frame.may_change_people
@frame.page_with_form
def remove_funding(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    funding = _funding(request, pk)
    back = reverse("programme:post", args=[funding.post_id])
    if request.method == "POST":
        actions.remove_funding(funding=funding, by=request.user)
        messages.success(request, "The funding is removed.")
        return redirect(back)
    heading = f"Remove this funding of {funding.post}?"
    text = "Do this only for one that was recorded by mistake. Where it has ended, record the day."
    return frame.confirm_page(request, heading, text, "Remove funding", back=back)
