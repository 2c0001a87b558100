"""The least an honest page can do: session, user, one query, 25 rows in a table; or one INSERT."""

from functools import cache

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.template import Context, Template
from django.views.decorators.http import require_POST

from audit.models import Look
from programme.models import Person

PAGE = """<!doctype html><html lang="en"><head><title>Floor</title></head><body>
<p>{{ user.name }}</p><table><thead><tr><th>Name</th><th>Reference</th><th>E-mail</th></tr></thead>
<tbody>{% for person in people %}<tr><td>{{ person.first_name }} {{ person.last_name }}</td>
<td>{{ person.reference }}</td><td>{{ person.email }}</td></tr>{% endfor %}</tbody></table>
</body></html>"""


@cache
def _template() -> Template:
    return Template(PAGE)


def floor(request: HttpRequest) -> HttpResponse:
    """25 people in a table, and who looks at them."""
    people = Person.objects.order_by("pk")[:25]
    return HttpResponse(_template().render(Context({"user": request.user, "people": people})))


class LookForm(forms.Form):
    """Of whom, and one field more; nothing is looked up."""

    person = forms.UUIDField()
    page = forms.CharField(max_length=80)


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """A form about a person, saved by a single INSERT into a table without a history, and on to a
    page. Before it nothing is read but the session and the user."""
    form = LookForm(request.POST)
    if form.is_valid():
        person, page = form.cleaned_data["person"], form.cleaned_data["page"]
        with transaction.atomic():
            Look.objects.create(viewer_id=request.user.pk, subject_id=person, page=page)
        return redirect("floor")
    return HttpResponseBadRequest()
