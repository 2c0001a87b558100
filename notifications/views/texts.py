"""What each kind of message says, for leads: read through first, and every version stays."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications import actions
from notifications.actions import ChangedMeanwhile
from notifications.forms.texts import TextForm
from notifications.models import Text
from notifications.outbox import PLAN
from notifications.rules import Reminder, rules
from notifications.wording import PLACEHOLDERS, Said, fill, own_words, said_by

PREVIEW = "notifications/preview.html"
EXAMPLES = {"name": "Zoë Ó Briain", "day": "Monday 3 March", "organisation": "The organisation"}
may_plan = permission_required(PLAN, raise_exception=True)


def _may_change(request: HttpRequest) -> bool:
    """Texts are everybody's: they are for leads of every site."""
    return request.user.sites_for(PLAN) is None


def _kind(key: str) -> Reminder:
    if key not in rules():
        raise Http404
    return rules()[key]


@may_plan
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """Every kind, with what it says now."""
    newest = {row.rule: row for row in Text.objects.visible_to(request.user).order_by("number")}
    kinds = [
        (rule, said_by(newest[key]) if key in newest else own_words(rule), newest.get(key))
        for key, rule in rules().items()
    ]
    context = {"kinds": kinds, "may_change": _may_change(request)}
    return render(request, "notifications/texts.html", context)


@may_plan
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, key: str) -> HttpResponse:
    """What a kind says, and every version of it."""
    if not _may_change(request):
        raise PermissionDenied
    rule, versions = _kind(key), _versions(request, key)
    form = TextForm(
        request.POST if request.method == "POST" else None,
        said=said_by(versions[0]) if versions else own_words(rule),
        seen=versions[0].number if versions else 0,
        cancel=reverse("notifications:texts"),
    )
    back = reverse("notifications:texts")
    context = {"form": form, "heading": rule.name, "back": back, "rule": rule}
    context |= {"versions": versions, "own": own_words(rule), "placeholders": PLACEHOLDERS.items()}
    if form.is_valid() and "save" in request.POST:
        try:
            _save(request, rule, form.said, form.cleaned_data["seen"])
        except ChangedMeanwhile:
            changed_meanwhile(form)
        else:
            return redirect("notifications:texts")
    elif form.is_valid() and "change" not in request.POST:
        said = Said(*(fill(part, EXAMPLES) for part in form.said))
        return render(request, PREVIEW, context | {"said": said})
    return shown(request, context)


@may_plan
@require_POST
def back_to(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """An earlier version once more, as a new one; 0 are our own words."""
    if not _may_change(request):
        raise PermissionDenied
    rule, versions = _kind(key), _versions(request, key)
    said = {row.number: said_by(row) for row in versions} | {0: own_words(rule)}
    if number not in said:
        raise Http404
    try:
        _save(request, rule, said[number], versions[0].number if versions else 0)
    except ChangedMeanwhile:
        messages.warning(request, "Somebody else has changed these words. Look at them again.")
    return redirect("notifications:text", key)


def _versions(request: HttpRequest, key: str) -> list[Text]:
    rows = Text.objects.visible_to(request.user).filter(rule=key)
    return list(rows.select_related("written_by").order_by("-number"))


def _save(request: HttpRequest, rule: Reminder, said: Said, seen: int) -> None:
    actions.write_text(rule=rule.key, said=said, by=request.user, at=timezone.now(), seen=seen)
    messages.success(request, f"Saved: {rule.name}. It counts from now on, for what waits too.")


def changed_meanwhile(form: TextForm) -> None:
    form.add_error(None, "Somebody else has changed these words. Open the page again.")


def shown(request: HttpRequest, context: dict) -> HttpResponse:
    return render(request, "notifications/text.html", context)
