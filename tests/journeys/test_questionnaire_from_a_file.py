"""A questionnaire that nobody here wrote: brought in, scored, published, answered on a phone, and
the answers given out again."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE, scrolls_sideways
from tests.factories import PersonFactory, RoleGrantFactory, SpellFactory, UserFactory
from tests.questionnaires.test_fhir_files import BELOW_ANSWERS, BY_CODES, BY_WORDS, OLDER, file
from wellbeing.models import CheckIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_file_becomes_a_form_and_its_answers_a_file(signed_in_page, axe, tmp_path):
    from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

    lead = RoleGrantFactory(role="lead").user
    person = PersonFactory(user=UserFactory())
    RoleGrantFactory(user=person.user, role="peer_worker")
    SpellFactory(person=person)
    brought = tmp_path / "month.json"
    brought.write_bytes(file([*BELOW_ANSWERS, *BY_CODES, *BY_WORDS, *OLDER]))

    page = signed_in_page(lead)
    page.goto("/questionnaires/import/")
    page.locator("input[type=file]").set_input_files(brought)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("A list without answers")).to_be_visible()
    axe(page)
    page.get_by_label("Keep it as").select_option("new")
    page.get_by_label("What you call it").fill("Month")
    page.get_by_role("button", name="Keep as a draft").click()
    page.get_by_role("link", name="Add a score").click()
    page.get_by_label("What the score is called").fill("Room")
    for words in ("How loud is it?", "How bright is it?"):
        page.get_by_label(words).check()
    page.get_by_label("Their sum").check()
    page.get_by_role("button", name="Add score").click()
    page.get_by_role("button", name="Publish").click()
    page.wait_for_url("**/publish/")
    page.get_by_role("button", name="Publish").click()

    page = signed_in_page(person.user)
    page.set_viewport_size(PHONE)
    page.goto("/check-ins/new/month/")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("How far is it (m)?").fill("2.5")
    for words in ("Loud", "Dim", "Good"):
        page.get_by_label(words, exact=True).check()
    assert not scrolls_sideways(page)
    axe(page)
    page.get_by_role("button", name="Finish").click()
    page.goto(f"/check-ins/{CheckIn.objects.get().pk}/")
    assert not scrolls_sideways(page)
    with page.expect_download() as started:
        page.get_by_role("link", name="These answers as a file (HL7 FHIR)").click()
    content = Path(started.value.path()).read_text()
    assert QuestionnaireResponse.model_validate_json(content)
    given = json.dumps(json.loads(content)["item"][-1])
    assert '"valueDecimal": 3' in given
