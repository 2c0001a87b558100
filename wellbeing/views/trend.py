"""My trend: one's own answers over time as picture, table and file. Kept in no cache."""

import json
import uuid
from collections.abc import Iterator

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.views.decorators.http import require_safe

from design.charts import Chart, Table
from design.trend_charts import Trend, trend_chart, trend_size
from programme.exports import csv_response
from programme.views import frame
from questionnaires import fhir
from questionnaires.models import CHECK_IN, QuestionnaireVersion
from wellbeing.asked import ever_asked
from wellbeing.models import CheckIn
from wellbeing.reading import Line, in_words, lines
from wellbeing.views.checkins import own_check_in

MOST_DRAWN = 60  # check-ins: more dots than that are a line only
COLUMNS = ["Day", "Questionnaire", "Question", "Answer", "My note"]
TITLE = "My answers over time"


def _rows(request: HttpRequest) -> QuerySet[CheckIn]:
    """Everything of one's own, what is begun first."""
    rows = CheckIn.objects.visible_to(request.user)
    # Prefetched rather than joined: rows of one version share it, and read its wording once.
    return rows.prefetch_related("version").order_by("-finished_at", "-started_at", "pk")


def _finished(request: HttpRequest, version: QuestionnaireVersion) -> QuerySet[CheckIn]:
    """Those of a questionnaire, in any version."""
    of_it = {"version__questionnaire": version.questionnaire_id}
    return _rows(request).finished().filter(**of_it)


def _page_of(request: HttpRequest, rows: QuerySet[CheckIn], newest: list[CheckIn]) -> Page:
    """The page that is asked for, of rows of which the newest have been read."""
    page = frame.page_of(request, rows, total=None if newest[MOST_DRAWN - 1 :] else len(newest))
    if page.end_index() <= len(newest):
        page.object_list = newest[max(page.start_index() - 1, 0) : page.end_index()]
    return page


def _asked_ever(key: str) -> QuestionnaireVersion:
    """The newest published version, also of what is asked no more: answers stay; else 404."""
    # Without its document, which every process has read before.
    return get_object_or_404(ever_asked(key).select_related(None).defer("document")[:1])


@require_safe
def trend(request: HttpRequest, key: str = CHECK_IN) -> HttpResponse:
    """The picture, and every check-in in a table, the newest first."""
    version = _asked_ever(key)
    rows = _finished(request, version)
    newest = list(rows[:MOST_DRAWN])
    drawn = lines(newest)
    context = {
        "title": version.definition.title,
        "chart": _chart(drawn, key) if drawn else None,
        "page": _page_of(request, rows, newest),
    }
    return render(request, "wellbeing/trend.html", context)


def _chart(drawn: list[Line], key: str) -> Chart:
    number = max(len(line.points) for line in drawn)
    picture = reverse("wellbeing:trend-svg", args=[key])
    width, height = trend_size(len(drawn))
    return Chart(
        title=TITLE,
        sentence="Each dot is an answer of yours. Only you can see this page.",
        image_url=picture,
        alt="Your answers over time, one line a question. The table below has them all.",
        table=Table(
            "Each answer, the latest first",
            ["Day", "Question", "Answer"],
            _rows_of(drawn),
        ),
        how=[
            f"Your last {number} check-ins, of at most {MOST_DRAWN} that are drawn."
            if number > 1
            else "You have checked in once. A line begins with the second.",
            "Nothing is added up, compared or kept: the picture is drawn when you open this page.",
        ],
        downloads=[
            ("Picture (SVG)", f"{picture}?download=1"),
            ("All my check-ins (CSV)", reverse("wellbeing:check-ins-csv")),
            ("All my check-ins (JSON)", reverse("wellbeing:check-ins-json")),
        ],
        width=width,
        height=height,
    )


def _rows_of(drawn: list[Line]) -> list[tuple[str, str, str]]:
    """A row for each answer; what stands in many of them is made fit for a page once."""
    days = {day for line in drawn for day, *_ in line.points}
    on = {day: conditional_escape(f"{day.day} {day:%B %Y}") for day in days}
    said = {words for line in drawn for *_, words in line.points}
    said = {words: conditional_escape(words) for words in said}
    return [
        (on[day], asked, said[words])
        for line in drawn
        for asked in [conditional_escape(line.question.text)]
        for day, _, words in reversed(line.points)
    ]


@require_safe
def trend_svg(request: HttpRequest, key: str) -> HttpResponse:
    """The picture, drawn anew each time it is asked for."""
    newest = _finished(request, _asked_ever(key))[:MOST_DRAWN]
    drawn = [_trend(line) for line in lines(newest)]
    response = HttpResponse(trend_chart(drawn, title=TITLE), content_type="image/svg+xml")
    if request.GET.get("download"):
        response["Content-Disposition"] = 'attachment; filename="my-check-ins.svg"'
    return response


def _trend(line: Line) -> Trend:
    scored = [option for option in line.question.options if option.score is not None]
    scores = sorted(scored, key=lambda option: option.score)
    return Trend(
        name=line.question.text,
        lowest=float(scores[0].score),
        highest=float(scores[-1].score),
        points=[(day, float(score)) for day, score, _ in line.points],
        low_words=scores[0].text,
        high_words=scores[-1].text,
    )


# --- Files ----------------------------------------------------------------------------------------


@require_safe
def check_ins_csv(request: HttpRequest) -> HttpResponse:
    """Everything one ever answered, a row an answer."""
    return csv_response("my-check-ins.csv", COLUMNS, _cells(request))


def _cells(request: HttpRequest) -> Iterator[list]:
    for row in _rows(request).iterator(chunk_size=200):
        day = timezone.localdate(row.finished_at or row.started_at)
        for number, (question, answer) in enumerate(in_words(row)):
            note = row.note if number == 0 else ""
            yield [day, row.version.definition.title, question, answer, note]


@require_safe
def check_ins_json(request: HttpRequest) -> HttpResponse:
    """The same for a program, with the answers by their codes too."""
    found = [
        {
            "id": str(row.pk),
            "finished": row.finished_at and timezone.localtime(row.finished_at).isoformat(),
            "questionnaire": row.version.definition.title,
            "answers": [answered._asdict() for answered in in_words(row)],
            "codes": row.answered,
            "note": row.note,
        }
        for row in _rows(request)
    ]
    response = JsonResponse({"check_ins": found}, json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="my-check-ins.json"'
    return response


@require_safe
def check_in_fhir(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One's own answers and scores as an HL7 FHIR R4 `QuestionnaireResponse`, without a name."""
    row = own_check_in(request, pk)
    found = fhir.response(
        row.version.definition,
        row.answered,
        authored=row.finished_at,
        questionnaire=f"{row.version.url}|{row.version.number}",
    )
    content = json.dumps(found, ensure_ascii=False, indent=2)
    response = HttpResponse(content, content_type="application/fhir+json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="my-check-in.json"'
    return response
