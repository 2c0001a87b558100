"""The least an honest page can do: session, user, one query, 25 rows in a table."""

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.template import Context, Template

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
