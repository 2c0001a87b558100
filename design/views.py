"""The gallery: every component in every state, a form to try, and two charts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from design import gallery as examples
from design.templatetags.components import BUTTON_VARIANTS, TAG_COLOURS


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Everything that pages are made of."""
    context = {
        "variants": BUTTON_VARIANTS,
        "colours": TAG_COLOURS,
        "pages": examples.pages(),
        "facts": [("Name", "Zoë Ó Briain"), ("Reference", ""), ("Site", "North site")],
        "facts_with_actions": [
            ("Name", "Zoë Ó Briain", "#facts", "Change"),
            ("Reference", "LXP-0001"),
            ("Note", examples.LONG, "#facts", "Change"),
        ],
        "numbers": [("North site", 7, "70%"), ("Riverside <& old post office>", 3, "30%")],
        "long": examples.LONG,
        "empty_form": examples.shown_form("empty"),
        "filled_form": examples.shown_form("filled", examples.FILLED),
        "wrong_form": examples.shown_form("wrong", examples.WRONG),
        "disabled_form": examples.shown_form("disabled", disabled=True),
        "long_form": examples.LongForm(auto_id="long_%s"),
        "filters": examples.FilterForm(auto_id="filter_%s"),
        "charts": examples.charts(),
    }
    return render(request, "design/gallery.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """A form to try; what is typed is checked and kept nowhere."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    tried = examples.ExampleForm(*sent)
    if tried.is_valid():
        messages.success(request, "The example is right. Nothing was kept.")
        return redirect("design:form")
    return render(request, "design/form.html", {"form": tried, "heading": "A form to try"})


@require_safe
def survival(_request: HttpRequest) -> HttpResponse:
    return picture(examples.survival_svg(), "survival.svg")


@require_safe
def funnel(_request: HttpRequest) -> HttpResponse:
    return picture(examples.funnel_svg(), "funnel.svg")


def picture(svg: str, name: str) -> HttpResponse:
    """A chart for an `<img>`, which takes no notice of the header, and to keep as a file.

    Opened as a page it would lose its looks: our policy lets no page carry styles of its own.
    """
    return HttpResponse(
        svg,
        content_type="image/svg+xml",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
