"""What people see of their own record, and who else has seen it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme import looks
from programme.exports import download
from programme.models import Person
from programme.timeline import timeline
from programme.views import frame
from programme.whereabouts import whereabouts_from

LOOK_COLUMNS = ["When", "Who", "Their role then", "What they opened"]


@require_safe
def my_record(request: HttpRequest) -> HttpResponse:
    """One's own way through the programme; friendly words where no record is linked."""
    today = timezone.localdate()
    person = Person.objects.filter(user=request.user).select_related("site").first()
    if person is None:
        return render(request, "programme/no_record.html")
    records = (
        list(person.applications.select_related("cohort")),
        list(person.enrolments.select_related("cohort", "outcome_reason")),
        list(
            person.spells.select_related(
                "post__team__site", "post__employer", "leaving_reason"
            ).prefetch_related("reviews", "breaks")
        ),
    )
    facts = [
        ("Now", whereabouts_from(*records, today).words),
        ("Name", str(person)),
        ("Reference", person.reference),
        ("Email address", person.email or "Not recorded"),
        ("Site", person.site or "No site"),
    ]
    context = {"person": person, "facts": facts, "events": timeline(*records, today)}
    return render(request, "programme/my_record.html", context)


@require_safe
def my_looks(request: HttpRequest) -> HttpResponse:
    """Everybody else who has opened one's own record, newest first."""
    person = Person.objects.filter(user=request.user).first()
    if person is None:
        return render(request, "programme/no_record.html")
    page = frame.page_of(request, looks.at(person))
    context = {"page": page, "seen": looks.in_words(page.object_list)}
    return render(request, "programme/my_looks.html", context)


@require_safe
def my_looks_file(request: HttpRequest, kind: str) -> HttpResponse:
    """All of them; nobody has looked at a record that is not there."""
    person = Person.objects.filter(user=request.user).first()
    seen = looks.in_words(looks.at(person)) if person else []
    rows = ((look.at, look.who, look.roles, look.page) for look in seen)
    return download(kind, "who-has-seen-my-record", LOOK_COLUMNS, rows)
