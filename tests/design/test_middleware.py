"""The headers of every response, and the pages that people see when something is wrong."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.urls import include, path
from django.views.decorators.http import require_safe

from tests.browser import PHONE, scrolls_sideways

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)

WANTED = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
}


def missing(_request):
    raise Http404


def forbidden(_request):
    raise PermissionDenied


def unreadable(_request):
    raise BadRequest


def broken(_request):
    raise RuntimeError("Broken on purpose, for the test")


@require_safe
def reading_only(_request):
    return HttpResponse("read")


urlpatterns = [
    path("missing/", missing),
    path("forbidden/", forbidden),
    path("unreadable/", unreadable),
    path("broken/", broken),
    path("reading/", reading_only),
    path("", include("lxp.urls")),
]

HERE = override_settings(ROOT_URLCONF=__name__)
# What is asked for, and the answer.
ANSWERS = [
    ("GET", "/design/", 200),
    ("GET", "/account/logout", 301),
    ("GET", "/missing/", 404),
    ("GET", "/no-such-page/", 404),
    ("GET", "/forbidden/", 403),
    ("GET", "/unreadable/", 400),
    ("POST", "/reading/", 405),
    ("GET", "/broken/", 500),
]


@pytest.fixture
def client(lead_client) -> Client:
    lead_client.raise_request_exception = False
    return lead_client


@HERE
@pytest.mark.parametrize(("method", "address", "status"), ANSWERS)
def test_every_answer_carries_every_header(client, method, address, status):
    response = client.generic(method, address)

    assert response.status_code == status
    carried = {name: response.headers.get(name) for name in WANTED}
    assert carried == WANTED


@HERE
@pytest.mark.parametrize(("method", "address", "status"), ANSWERS)
def test_no_cache_keeps_a_page(client, method, address, status):
    answer = client.generic(method, address)

    assert "no-store" in answer["Cache-Control"]


@HERE
def test_sending_a_stranger_to_sign_in_carries_the_headers_too(db):
    response = Client().get("/design/")

    assert response.status_code == 302
    assert {name: response.headers.get(name) for name in WANTED} == WANTED


def test_static_file_carries_the_headers_too(settings, db):
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True

    response = Client().get("/static/lxp.css")
    response.close()

    assert response.status_code == 200
    assert {name: response.headers.get(name) for name in WANTED} == WANTED


@HERE
@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/missing/", "Page not found"),
        ("/no-such-page/", "Page not found"),
        ("/forbidden/", "You cannot open this page"),
    ],
)
def test_own_page_is_shown_whether_or_not_debug_is_on(client, settings, debug, address, heading):
    settings.DEBUG = debug

    page = client.get(address).content.decode()

    assert f'<h1 class="nhsuk-heading-l">{heading}</h1>' in page
    assert 'href="/support/"' in page
    assert "urlpatterns" not in page


@HERE
def test_address_without_its_last_slash_still_finds_its_page(client, settings):
    settings.DEBUG = True

    assert client.get("/design").headers["Location"] == "/design/"


@HERE
def test_lost_form_token_is_explained(lead, sign_in):
    client = Client(enforce_csrf_checks=True)
    client.force_login(lead, backend="accounts.backends.AccountBackend")

    response = client.post("/design/form/", {"name": "Zoë"})

    assert response.status_code == 403
    assert "The form was not saved" in response.content.decode()


@HERE
@pytest.mark.parametrize(
    ("address", "heading"),
    [("/unreadable/", "We could not read that"), ("/broken/", "Sorry, there is a problem")],
)
def test_plain_error_page_says_what_to_do(client, address, heading):
    page = client.get(address).content.decode()

    assert f'<h1 class="nhsuk-heading-l">{heading}</h1>' in page
    assert 'href="/support/"' in page


@pytest.mark.parametrize("template", ["400.html", "500.html", "503.html"])
def test_page_for_a_broken_server_needs_neither_request_nor_database(template):
    # No database fixture: a query would be an error here.
    assert "LXP" in render_to_string(template)


@pytest.mark.browser
@HERE
@pytest.mark.parametrize(
    ("address", "signed_in"),
    [
        ("/missing/", True),
        ("/forbidden/", True),
        ("/broken/", True),
        ("/unreadable/", False),
        ("/no-such-page/", False),
    ],
)
def test_error_pages_read_well_on_a_telephone(
    lead, page, signed_in_page, problems, axe, address, signed_in
):
    page = signed_in_page(lead) if signed_in else page
    page.set_viewport_size(PHONE)

    page.goto(address)

    axe(page)
    assert not scrolls_sideways(page)
    # The browser itself reports the status of the page, which is meant here.
    problems[:] = [line for line in problems if "the server responded with a status of" not in line]
