"""Figures from counts that a lead types and nobody keeps (decision 0032).

They come by POST, so that they stand in no address, and are written to no table and no log.
"""

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.roles import VIEW_FIGURES
from programme.forms.own_counts import (
    DisabilityForm,
    EthnicityForm,
    LikelihoodForm,
    OwnCountsForm,
    SicknessForm,
)
from programme.own_counts import LEAST, LEAST_PEOPLE, relative_likelihood, sickness_rate
from programme.views import frame

may_bring_counts = permission_required(VIEW_FIGURES, raise_exception=True)
PAGES = {
    "likelihood-by-ethnicity": "Appointed by ethnicity (WRES 2)",
    "likelihood-by-disability": "Appointed by disability (WDES 2)",
    "sickness-absence": "Sickness absence",
}
HOW_LIKELIHOOD = (
    (
        "The share of people appointed from shortlisting in one group is divided by the same share "
        "in the other. 1 means equally likely."
    ),
    (
        f"It is not worked out where one of the four counts is below {LEAST}: it would rest on "
        "chance, and could point at somebody."
    ),
    (
        "The shape is that of indicator 2 of the Workforce Race Equality Standard and of metric 2 "
        "of the Workforce Disability Equality Standard. Leave out who did not say."
    ),
)
HOW_SICKNESS = (
    (
        "Whole-time equivalent days absent for sickness over whole-time equivalent days available, "
        "in the same period."
    ),
    f"It is worked out for groups of {LEAST_PEOPLE} people or more, and never for one person.",
)


@may_bring_counts
@frame.page_with_form
def by_ethnicity(request: HttpRequest) -> HttpResponse:
    """WRES indicator 2."""
    groups = ("White people", "Black and minority ethnic people")
    return _likelihood(request, "likelihood-by-ethnicity", EthnicityForm, groups)


@may_bring_counts
@frame.page_with_form
def by_disability(request: HttpRequest) -> HttpResponse:
    """WDES metric 2."""
    groups = ("People without a disability", "disabled people")
    return _likelihood(request, "likelihood-by-disability", DisabilityForm, groups)


def _likelihood(
    request: HttpRequest, page: str, kind: type[LikelihoodForm], groups: tuple[str, str]
) -> HttpResponse:
    form = kind(request.POST or None)
    if not form.is_valid():
        return _page(request, page, form, HOW_LIKELIHOOD)
    counts = [form.group("first"), form.group("second")]
    rows = [
        (f"{group[0].upper()}{group[1:]}", _of(count.appointed, count.shortlisted, count.share))
        for group, count in zip(groups, counts, strict=True)
    ]
    ratio = relative_likelihood(*counts)
    first, second = groups
    answer = (
        f"Not worked out: one of the four counts is below {LEAST}."
        if ratio is None
        else f"{first} were {ratio:.2f} times as likely to be appointed from shortlisting as "
        f"{second}."
    )
    return _page(request, page, form, HOW_LIKELIHOOD, answer=answer, rows=rows)


@may_bring_counts
@frame.page_with_form
def sickness_absence(request: HttpRequest) -> HttpResponse:
    """The sickness absence rate of a group."""
    page, form = "sickness-absence", SicknessForm(request.POST or None)
    if not form.is_valid():
        return _page(request, page, form, HOW_SICKNESS)
    absence, rate = form.absence, sickness_rate(form.absence)
    if absence.people < LEAST_PEOPLE:
        return _page(
            request,
            page,
            form,
            HOW_SICKNESS,
            answer=f"Not worked out: the group has fewer than {LEAST_PEOPLE} people.",
        )
    answer = (
        "Not applicable: there are no days to divide by."
        if rate is None
        else f"{rate:.1f}% of the days available were absent for sickness."
    )
    days = _of(absence.days_absent, absence.days_available, rate)
    rows = [("People", f"{absence.people:,}"), ("Whole-time equivalent days", days)]
    return _page(request, page, form, HOW_SICKNESS, answer=answer, rows=rows)


def _of(part: float, whole: float, share: float | None) -> str:
    """*312.5 of 7,300 (4.3%)*."""
    found = f"{part:,.10g} of {whole:,.10g}"
    return f"{found} (not applicable)" if share is None else f"{found} ({share:.1f}%)"


def _page(
    request: HttpRequest,
    page: str,
    form: OwnCountsForm,
    how: tuple[str, ...],
    *,
    answer: str = "",
    rows: list[tuple] | None = None,
) -> HttpResponse:
    """One of the three, with the way to the others."""
    others = [
        (words, reverse(f"programme:{name}")) for name, words in PAGES.items() if name != page
    ]
    context = {
        "form": form,
        "heading": PAGES[page],
        "others": others,
        "how": how,
        "answer": answer,
        "rows": rows or [],
    }
    return render(request, "programme/own_counts.html", context)
