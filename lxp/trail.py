"""The audit trail: every look and every change, newest first, without what records say.

It stands here and not in `audit`, which imports no app of ours, because it names accounts and gives
people by their reference. A person's name is never shown.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched

from django import forms
from django.apps import apps
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.db.models import CharField, F, Q, UUIDField, Value
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from pghistory.models import Context, Event

from accounts.models import User
from accounts.roles import VIEW_AUDIT
from audit.models import Look
from design.fields import DateBoxesField, LineField
from design.forms import NhsHelper
from lxp.navigation import may_open
from programme.exports import csv_response
from programme.models import Person

ROWS_A_PAGE = 25
ROWS_AT_ONCE = 2_000  # of a download
LOOKS, CHANGES = "looks", "changes"
KINDS = [("", "Looks and changes"), (LOOKS, "Looks at a record"), (CHANGES, "Changes")]
LOOK = "look"
VERBS = {LOOK: "Looked at", "insert": "Added", "update": "Changed", "delete": "Removed"}
COLUMNS = ("When", "Who", "What", "Record", "Page")


def in_singular(model: type[models.Model]) -> str:
    """A table in words: *leaving reason*."""
    return str(model._meta.verbose_name)


# What programmers call them, and what pages do.
PLAIN_WORDS = {"enrolment": "place in a cohort", "spell": "time in post"}


def in_plain_words(words: str) -> str:
    return " ".join(PLAIN_WORDS.get(word, word) for word in words.split(" "))


# The history table of each of our tables, by the table's name in words. What people write for
# themselves has none here: that it exists is theirs to tell.
HISTORIES: dict[str, type[Event]] = {
    in_singular(model.pgh_tracked_model): model
    for model in apps.get_models()
    if issubclass(model, Event) and not getattr(model.pgh_tracked_model, "owner_only", False)
}
PERSON = in_singular(Person)
# Looks at what people wrote for themselves and let somebody read: they are told, and nobody else.
OWN_WORDS = "wellbeing:"


@dataclass(frozen=True)
class Entry:
    """One line of the trail, in words."""

    at: dt.datetime
    who: str
    what: str
    record: str
    page: str


class TrailFilter(forms.Form):
    kind = forms.ChoiceField(label="Show", choices=KINDS, required=False)
    who = LineField(
        label="Who",
        max_length=100,
        required=False,
        help_text="Part of a name or email address.",
    )
    table = forms.ChoiceField(label="Kind of record", required=False)
    since = DateBoxesField(label="From", required=False)
    until = DateBoxesField(label="To", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        tables = sorted((name, in_plain_words(name).capitalize()) for name in HISTORIES)
        self.fields["table"].choices = [("", "Every kind"), *tables]
        self.helper = NhsHelper(submit="Show", method="get", filters=True)


class Trail:
    """The filtered trail as a sequence that knows its length without reading itself."""

    def __init__(self, wanted: dict):
        self.wanted = wanted

    def count(self) -> int:
        return self._all().count()

    def __getitem__(self, rows: slice) -> list[Entry]:
        if not rows.stop:
            return []
        branches = self._branches()
        if len(branches) > 1:  # none needs to give more than the page can show
            branches = [branch.order_by("-trail_at", "-pk")[: rows.stop] for branch in branches]
        return in_words(_union(branches).order_by("-trail_at", "-trail_key")[rows])

    def entries(self) -> Iterator[Entry]:
        """Everything, read piece by piece for a download."""
        rows = self._all().order_by("-trail_at", "-trail_key")
        for some in batched(rows.iterator(chunk_size=ROWS_AT_ONCE), ROWS_AT_ONCE, strict=False):
            yield from in_words(some)

    def _all(self) -> models.QuerySet:
        return _union(self._branches())

    def _branches(self) -> list[models.QuerySet]:
        wanted = self.wanted
        table = wanted.get("table")
        branches = []
        if wanted.get("kind") != LOOKS:
            branches = [
                _changes(model, wanted)
                for name, model in HISTORIES.items()
                if not table or name == table
            ]
        if wanted.get("kind") != CHANGES and table in {None, "", PERSON}:
            branches.append(_looks(wanted))
        return branches or [_looks({}).none()]


def _union(branches: list[models.QuerySet]) -> models.QuerySet:
    first, *others = branches
    return first.union(*others, all=True) if others else first


def _row(rows: models.QuerySet, **columns) -> models.QuerySet:
    """The columns that every branch has, in one order and of one type."""
    return rows.annotate(**{f"trail_{name}": value for name, value in columns.items()}).values(
        *(f"trail_{name}" for name in columns)
    )


def _nothing(field: models.Field) -> Cast:
    return Cast(Value(None), output_field=field)


def _changes(model: type[Event], wanted: dict) -> models.QuerySet:
    rows = model.objects.filter(_between("pgh_created_at", wanted))
    if actors := wanted.get("actors"):
        rows = rows.filter(pgh_context__metadata__user__in=[str(actor) for actor in actors.ids])
    return _row(
        rows.order_by(),
        at=F("pgh_created_at"),
        key=Cast("pgh_id", output_field=models.BigIntegerField()),
        table=Value(in_singular(model.pgh_tracked_model), output_field=CharField()),
        what=F("pgh_label"),
        record=F("pgh_obj_id"),
        person=_person(model),
        context=F("pgh_context_id"),
        actor=_nothing(UUIDField()),
        page=Value("", output_field=CharField()),
    )


def _person(model: type[Event]) -> F | Cast:
    """The person a change is about, where it is about one."""
    if model.pgh_tracked_model is Person:
        return F("pgh_obj_id")
    return F("person_id") if hasattr(model, "person_id") else _nothing(UUIDField())


def _looks(wanted: dict) -> models.QuerySet:
    rows = Look.objects.filter(_between("at", wanted)).exclude(page__startswith=OWN_WORDS)
    if actors := wanted.get("actors"):
        rows = rows.filter(viewer_id__in=actors.ids)
    return _row(
        rows.order_by(),
        at=F("at"),
        key=F("id"),
        table=Value(PERSON, output_field=CharField()),
        what=Value(LOOK, output_field=CharField()),
        record=F("subject_id"),
        person=F("subject_id"),
        context=_nothing(UUIDField()),
        actor=F("viewer_id"),
        page=F("page"),
    )


def _between(column: str, wanted: dict) -> Q:
    """From the first moment of one day to the last of another, as days are counted here."""
    condition = Q()
    if since := wanted.get("since"):
        condition &= Q(**{f"{column}__gte": _start_of(since)})
    if until := wanted.get("until"):
        condition &= Q(**{f"{column}__lt": _start_of(until + dt.timedelta(days=1))})
    return condition


def _start_of(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


@dataclass(frozen=True)
class Actors:
    """The accounts that a filter names; an object, so that none found is not *no filter*."""

    ids: list[uuid.UUID]


def actors_named(words: str) -> Actors | None:
    if not words:
        return None
    named = User.objects.filter(Q(name__icontains=words) | Q(email__icontains=words))
    return Actors(list(named.values_list("pk", flat=True)))


# --- Words ----------------------------------------------------------------------------------------


def in_words(rows: Iterable[dict]) -> list[Entry]:
    """Rows of the union with their accounts, references and pages put in words, in four queries."""
    rows = list(rows)
    contexts = dict(
        Context.objects.filter(pk__in={row["trail_context"] for row in rows} - {None}).values_list(
            "pk", "metadata"
        )
    )
    names = _names(rows, contexts)
    references = _references({row["trail_person"] for row in rows} - {None})
    entries = []
    for row in rows:
        context = contexts.get(row["trail_context"], {})
        actor = str(row["trail_actor"] or context.get("user") or "")
        entries.append(
            Entry(
                at=row["trail_at"],
                who=names.get(actor, "Removed account") if actor else "The system",
                what=VERBS.get(row["trail_what"], row["trail_what"]),
                record=_record(row, references),
                page=page_in_words(row["trail_page"] or context.get("page", "")),
            )
        )
    return entries


def _names(rows: list[dict], contexts: dict) -> dict[str, str]:
    ids = {row["trail_actor"] for row in rows} | {seen.get("user") for seen in contexts.values()}
    return {
        str(pk): name
        for pk, name in User.objects.filter(pk__in=ids - {None}).values_list("pk", "name")
    }


def _references(people: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    """References by person; a removed person's from the history."""
    known = dict(Person.objects.filter(pk__in=people).values_list("pk", "reference"))
    if gone := people - known.keys():
        past = HISTORIES[PERSON].objects.filter(pgh_obj_id__in=gone).order_by("pgh_id")
        known |= dict(past.values_list("pgh_obj_id", "reference"))
    return known


def _record(row: dict, references: dict[uuid.UUID, str]) -> str:
    """`Person P00012`, `Application of P00012`, or the beginning of the record's own number."""
    table = in_plain_words(row["trail_table"]).capitalize()
    reference = references.get(row["trail_person"])
    if reference:
        return f"Person {reference}" if row["trail_table"] == PERSON else f"{table} of {reference}"
    return f"{table} {str(row['trail_record'])[:8]}"


def page_in_words(page: str) -> str:
    """`programme:edit-person` as *Edit person*; a command or task says so itself."""
    words = page.rpartition(":")[2].replace("-", " ").replace("_", " ").strip()
    return in_plain_words(words).capitalize()


# --- Pages ----------------------------------------------------------------------------------------


def _trail(request: HttpRequest) -> tuple[TrailFilter, Trail | None]:
    if not may_open(request.user, VIEW_AUDIT):  # a part of the trail would mislead
        raise PermissionDenied
    form = TrailFilter(request.GET or None)
    if not form.is_bound:
        return form, Trail({})
    if not form.is_valid():
        return form, None
    return form, Trail(form.cleaned_data | {"actors": actors_named(form.cleaned_data["who"])})


@permission_required(VIEW_AUDIT, raise_exception=True)
@require_safe
def audit_trail(request: HttpRequest) -> HttpResponse:
    """The trail, 25 lines a page."""
    form, trail = _trail(request)
    page = Paginator(trail or [], ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "lxp/trail.html", {"form": form, "page": page})


@permission_required(VIEW_AUDIT, raise_exception=True)
@require_safe
def audit_trail_csv(request: HttpRequest) -> HttpResponse:
    """The same lines as a file."""
    form, trail = _trail(request)
    if trail is None:
        return render(request, "lxp/trail.html", {"form": form, "page": None}, status=400)
    lines = (
        (entry.at.isoformat(timespec="seconds"), entry.who, entry.what, entry.record, entry.page)
        for entry in trail.entries()
    )
    return csv_response("audit-trail.csv", COLUMNS, lines)
