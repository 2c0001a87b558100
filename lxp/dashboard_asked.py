"""What a request for figures asked for, whose figures they are, and what is kept of the answer."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from crispy_forms.utils import render_crispy_form
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode

from accounts.models import User
from accounts.roles import (
    IMPORT_PEOPLE,
    VIEW_COHORTS,
    VIEW_FIGURES,
    VIEW_PEOPLE,
    VIEW_POSTS,
    VIEW_PUBLISHED_FIGURES,
    VIEW_RECRUITMENT,
)
from design.errors import error_links
from lxp import dashboard_words as words
from lxp.dashboard_filters import FigureFilters
from programme.disclosure import Published
from programme.figures import Filters
from programme.kept import Keeping, kept
from programme.measures import Measures, read_measures
from programme.numbers import INTERNAL, PUBLISHED
from programme.publishing import published_figures, rule_in_force
from programme.records import (
    Choices,
    Records,
    read_choices,
    records_visible_to,
    whole_programme,
)
from programme.summary import Summary, read_summary
from programme.version import records_version

PARAMETERS = ("as_at", "site", "team", "cohort", "employer", "by", "mode")
RULE = rule_in_force()
LONGEST_KEPT = 200  # letters of a filter; a page asked for with more is made each time


class Asked:
    """What one request asked for, and which records it may read; each part is read when needed."""

    def __init__(self, user: User, query: Mapping[str, str], *, compared: bool = True):
        """Reads the address, or what a report was asked with; `compared`: whether the figures can
        be compared by groups.

        Raises:
            PermissionDenied: the user may read neither exact nor published figures.
        """
        self.user, self.compared = user, compared
        self.keeping: Keeping | None = None
        self.may_read_exact = self.user.has_perm(VIEW_FIGURES)
        if not self.may_read_exact and not self.user.has_perm(VIEW_PUBLISHED_FIGURES):
            raise PermissionDenied
        self.query = {name: query[name] for name in PARAMETERS if name in query}
        self.published = not self.may_read_exact or self.query.get("mode") == PUBLISHED

    @property
    def mode(self) -> str:
        return PUBLISHED if self.published else INTERNAL

    @cached_property
    def records(self) -> Records:
        records = whole_programme() if self.published else records_visible_to(self.user)
        return replace(records, keeping=self.keeping)

    @cached_property
    def choices(self) -> Choices:
        return Choices() if self.published else read_choices(self.records)

    @cached_property
    def form(self) -> FigureFilters:
        return FigureFilters(
            self.query,
            choices=self.choices,
            today=timezone.localdate(),
            published=self.published,
            compared=self.compared,
        )

    @cached_property
    def filters(self) -> Filters:
        return self.form.filters

    @cached_property
    def summary(self) -> Summary:
        return read_summary(self.records, self.filters, self.choices)

    @cached_property
    def measures(self) -> Measures:
        return read_measures(self.records, self.filters, self.choices)

    @cached_property
    def shown(self) -> Published:
        """What may be shown of the measures in published mode."""
        return published_figures(self.measures, rule=RULE)

    @property
    def refusal(self) -> HttpResponse | None:
        """The plain answer to a download whose filters were not understood."""
        if not self.form.errors:
            return None
        said = "\n".join(message for _, message in error_links(self.form))
        return HttpResponse(said, status=400, content_type="text/plain; charset=utf-8")

    @property
    def scope(self) -> tuple:
        """Two readers alike in this may count the same records."""
        rights = (
            VIEW_FIGURES,
            VIEW_PEOPLE,
            VIEW_COHORTS,
            VIEW_POSTS,
            VIEW_RECRUITMENT,
            IMPORT_PEOPLE,
        )
        scopes = [self.user.sites_for(right) for right in rights]
        sites = [scope if scope is None else sorted(scope) for scope in scopes]
        return self.published, self.may_read_exact, sites

    def everything_the_page_depends_on(self, version: str) -> tuple:
        """Two requests alike in this get the same figures, whoever asks."""
        return version, timezone.localdate(), self.scope, sorted(self.query.items())


def frame_of(asked: Asked, page: str) -> dict:
    """Template context of every page of figures: the mode, the day and the filters."""
    own_sites = asked.may_read_exact and asked.user.sites_for(VIEW_FIGURES) is not None
    return {
        "form": asked.form,
        "drawn_form": drawn_form(asked.form),
        "mode": asked.mode,
        "published": asked.published,
        "may_read_exact": asked.may_read_exact,
        "other_mode": address_of(page, asked.filters, INTERNAL if asked.published else PUBLISHED),
        "rule": RULE,
        "most_hidden": RULE.smallest_shown - 1,
        "as_at": words.written(asked.filters.as_at),
        "own_sites_only": own_sites and not asked.published,
    }


def drawn_form(form: FigureFilters) -> str:
    """The filters drawn; kept by all that they are drawn from, but drawn each time with errors."""
    if form.errors:
        return render_crispy_form(form)
    fields = [
        (name, field.help_text, getattr(field.widget, "choices", None))
        for name, field in form.fields.items()
    ]
    return kept(("filters", form.data, fields), lambda: render_crispy_form(form))


def address_of(page: str, filters: Filters, mode: str = INTERNAL, **more: str) -> str:
    """A page or file of figures with the filters that were understood; published figures know no
    other filter than the day."""
    query = {"as_at": filters.as_at.isoformat()}
    if mode == PUBLISHED:
        query["mode"] = mode
    else:
        rows = {name: getattr(filters, name) for name in ("site", "team", "cohort", "employer")}
        query |= {name: str(row.id) for name, row in rows.items() if row}
        if filters.by != "none":
            query["by"] = filters.by
    return f"{reverse(page)}?{urlencode(query | more)}"


def kept_content(
    asked: Asked, page: str, draw: Callable[[], str], *, also: tuple[type[Model], ...] = ()
) -> str:
    """The content of a page, drawn anew only after a change of the records; `also`: of further
    tables that it hangs on."""
    if any(len(value) > LONGEST_KEPT for value in asked.query.values()):
        return draw()
    version = records_version(*also)
    asked.keeping = Keeping(version, asked.scope)
    depends_on = (page, *asked.everything_the_page_depends_on(version.name))
    return kept(depends_on, draw, keep=version.settled)


def file_name(figure: str, asked: Asked, kind: str) -> str:
    mode = "-published" if asked.published else ""
    return f"{figure}{mode}-{asked.filters.as_at.isoformat()}.{kind}"
