"""The gallery shows everything there is, and people can read and use it."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from design.templatetags.components import register
from tests.browser import PHONE, scrolls_sideways

TEMPLATES = settings.BASE_DIR / "templates"


def sources(*folders: str) -> str:
    return "\n".join(
        path.read_text() for folder in folders for path in (TEMPLATES / folder).rglob("*.html")
    )


@pytest.fixture
def gallery(lead_client) -> str:
    response = lead_client.get(reverse("design:gallery"))
    assert response.status_code == 200
    return response.content.decode()


def test_every_component_tag_is_shown():
    shown = sources("design", "layouts")

    missing = [name for name in register.tags if not re.search(rf"{{% {name}\b", shown)]

    assert missing == []


def test_every_component_template_is_drawn_by_a_tag_or_included():
    code = (settings.BASE_DIR / "design/templatetags/components.py").read_text()
    used = code + sources("")

    unused = [
        path.name
        for path in (TEMPLATES / "components").rglob("*.html")
        if f"components/{path.relative_to(TEMPLATES / 'components')}" not in used
        and f'block("{path.stem}"' not in code
    ]

    assert unused == []


def test_gallery_shows_every_kind_of_field(gallery):
    kinds = [path.stem for path in (TEMPLATES / "nhsuk/fields").glob("*.html")]
    marks = {
        "input": 'type="text"',
        "select": "<select",
        "textarea": "nhsuk-character-count__message",
        "radios": "nhsuk-radios__input",
        "checkboxes": 'id="empty_topics_0"',
        "checkbox": 'id="empty_agreed"',
        "date_boxes": "nhsuk-date-input__input",
        "file": 'type="file"',
        "password": "nhsuk-password-input__toggle",
        "hidden": 'id="empty_round"',
    }

    assert sorted(kinds) == sorted(marks)
    assert [kind for kind, mark in marks.items() if mark not in gallery] == []


def test_no_id_is_used_twice(gallery):
    ids = re.findall(r'\bid="([^"]+)"', gallery)

    assert sorted(ids) == sorted(set(ids))


def test_gallery_holds_no_inline_style_script_or_handler(gallery):
    assert re.findall(r'<style|\sstyle="|\son[a-z]+="|<script(?![^>]*\ssrc=)', gallery) == []


@pytest.mark.parametrize("name", ["design:survival", "design:funnel"])
def test_chart_is_answered_as_a_picture(lead_client, name):
    response = lead_client.get(reverse(name))

    assert response["Content-Type"] == "image/svg+xml"
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert response.content.startswith(b"<svg")


def test_form_to_try_says_what_is_wrong_before_its_heading(lead_client):
    page = lead_client.post(reverse("design:form"), {}).content.decode()

    assert "<title>Error: A form to try – LXP</title>" in page
    assert page.count("There is a problem") == 1
    assert page.index("There is a problem") < page.index("<h1")


@pytest.mark.browser
@pytest.mark.parametrize("name", ["design:gallery", "design:form"])
@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_and_nothing_sticks_out(lead, signed_in_page, axe, name, size):
    page = signed_in_page(lead)
    if size:
        page.set_viewport_size(size)

    page.goto(reverse(name))

    axe(page)
    assert not scrolls_sideways(page)


@pytest.mark.browser
def test_gallery_reads_at_400_percent(lead, signed_in_page):
    page = signed_in_page(lead)
    page.set_viewport_size({"width": 320, "height": 256})

    page.goto(reverse("design:gallery"))

    assert not scrolls_sideways(page)
    assert page.locator("img.lxp-chart__picture").evaluate_all(
        "pictures => pictures.map(picture => picture.complete && picture.naturalWidth > 0)"
    ) == [True, True]


@pytest.mark.browser
def test_error_link_takes_the_keyboard_to_the_wrong_box(lead, signed_in_page, axe):
    page = signed_in_page(lead)
    page.goto(reverse("design:form"))
    page.get_by_label("Full name").fill("Zoë Ó Briain")
    page.get_by_label("Day").fill("31")
    page.get_by_label("Year").fill("2026")

    page.get_by_role("button", name="Save example").press("Enter")
    page.wait_for_url("**" + reverse("design:form"))
    page.get_by_role("link", name="“First day at work” must include a month").press("Enter")

    assert page.evaluate("document.activeElement.id") == "id_started_1"
    assert page.get_by_label("Full name").input_value() == "Zoë Ó Briain"
    axe(page)


@pytest.mark.browser
def test_form_works_without_javascript(lead, browser, live_server, sign_in):
    client = sign_in(lead)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()

    page.goto(reverse("design:form"))
    page.get_by_role("button", name="Save example").click()

    assert page.get_by_role("heading", name="There is a problem").is_visible()
    assert page.get_by_role("link", name="Get support now").first.is_visible()
    assert page.get_by_role("navigation", name="Menu").get_by_role("link").first.is_visible()
    context.close()
