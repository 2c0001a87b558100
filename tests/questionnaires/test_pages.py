"""Leads of every site bring questionnaires in, look at them, publish and retire them."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programme.actions.saving import ChangedMeanwhile, NotSaved, version_of
from questionnaires import actions
from questionnaires.definition import questions
from questionnaires.models import CHECK_IN, Questionnaire, QuestionnaireVersion
from tests.factories.questionnaires import DOCUMENT, QuestionnaireVersionFactory
from tests.questionnaires.definitions import every_kind
from tests.questionnaires.test_fhir import from_outside

pytestmark = pytest.mark.django_db


def page(client, name: str, *args) -> str:
    response = client.get(reverse(f"questionnaires:{name}", args=args))
    assert response.status_code == 200
    return response.content.decode()


def send(client, name: str, /, *args, **data):
    """Send a form as it was shown, with these values."""
    address = reverse(f"questionnaires:{name}", args=args)
    form = client.get(address).context
    shown = form["version"] if "version" in form and isinstance(form["version"], str) else ""
    if not shown and "form" in form and "version" in form["form"].fields:
        shown = form["form"]["version"].value()
    return client.post(address, {"version": shown, **data}, follow=True)


def upload(client, content: bytes, name: str = "file.json"):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("questionnaires:import"), {"file": file})


def draft_of(key: str) -> QuestionnaireVersion:
    return QuestionnaireVersion.objects.of(key).drafts().get()


# --- From a file ----------------------------------------------------------------------------------


def test_a_file_is_shown_whole_before_it_is_kept(lead_client):
    response = upload(lead_client, from_outside())

    text = response.content.decode()
    assert "A question of type “time”" in text
    assert "item[3]" in text
    assert "1. Did you sleep well?" in text
    assert not QuestionnaireVersion.objects.drafts().exists()

    document = response.context["form"].initial["document"]
    kept = lead_client.post(
        reverse("questionnaires:keep-import"),
        {"document": document, "into": "new", "name": "Days"},
        follow=True,
    )
    draft = draft_of("days")
    assert kept.redirect_chain[-1][0] == reverse("questionnaires:version", args=[draft.pk])
    assert questions(draft.definition)[0].link_id == "H1/T1/Q1"


def test_a_file_can_be_the_next_version_of_another(lead_client):
    document = upload(lead_client, from_outside()).context["form"].initial["document"]
    check_in = Questionnaire.objects.get(key=CHECK_IN)

    lead_client.post(
        reverse("questionnaires:keep-import"), {"document": document, "into": check_in.pk}
    )

    assert draft_of(CHECK_IN).number == 2
    assert (
        "The next version of Check-in" not in upload(lead_client, from_outside()).content.decode()
    )


def test_a_spreadsheet_is_called_as_its_file(lead_client):
    response = upload(lead_client, "text\nZoë?\n".encode(), "How_are_you.csv")

    assert response.context["definition"].title == "How are you"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"resourceType": "Bundle"}', "resourceType: This is no FHIR Questionnaire"),
        (b"{" * 2_000_000, "larger than 1 MB"),
        (b"text\n", "There is no row under the headings."),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(lead_client, content, words):
    assert words in upload(lead_client, content).content.decode()


@pytest.mark.parametrize(
    "document", ["", "{", "[]", '{"title": "a", "items": []}', "[" * 50_000, "null"]
)
def test_what_comes_back_broken_is_not_kept(lead_client, document):
    response = lead_client.post(
        reverse("questionnaires:keep-import"), {"document": document, "into": "new", "name": "Days"}
    )

    assert response.status_code == 200
    assert not QuestionnaireVersion.objects.drafts().exists()


# --- A draft --------------------------------------------------------------------------------------


def test_an_instrument_is_filled_in_before_it_is_published(lead_client):
    send(lead_client, "begin", "who-5")
    draft = draft_of("who-5")
    assert "cannot be published before" in page(lead_client, "version", draft.pk)
    assert (
        lead_client.get(reverse("questionnaires:edit-item", args=[draft.pk, 0]))
        .context["form"]["text"]
        .value()
        == ""
    )
    refused = send(lead_client, "publish", draft.pk)
    assert "still to be filled in: “Item 1”" in refused.content.decode()

    for place in range(5):
        answers = {f"answer_{number}": f"Words {number}" for number in range(1, 7)}
        same = {"same": "on"} if place == 0 else {}
        send(lead_client, "edit-item", draft.pk, place, text=f"Q {place}", **answers, **same)
    send(lead_client, "publish", draft.pk)

    published = QuestionnaireVersion.objects.of("who-5").published().get()
    asked = questions(published.definition)
    assert [(item.text, item.slot) for item in asked] == [(f"Q {n}", False) for n in range(5)]
    assert [option.text for option in asked[4].options] == [f"Words {n}" for n in range(1, 7)]


def test_the_same_answers_go_to_every_question_that_has_them(lead_client):
    send(lead_client, "begin", "who-5")
    draft = draft_of("who-5")
    answers = {f"answer_{number}": f"Words {number}" for number in range(1, 7)}

    send(lead_client, "edit-item", draft.pk, 0, text="First", same="on", low=["0"], **answers)

    first, second, *_ = questions(draft_of("who-5").definition)
    assert [option.text for option in second.options] == [option.text for option in first.options]
    assert (first.options[5].low, second.options[5].low) == (True, False)
    assert (first.slot, second.slot) == (False, True)


def test_details_and_scores_of_a_draft_are_changed(lead_client):
    draft = QuestionnaireVersionFactory()

    send(lead_client, "edit-details", draft.pk, title="Nights", licence="Ours", validated="on")
    send(lead_client, "add-scale", draft.pk, name="Rest", items=["well"], method="percentage")
    send(lead_client, "remove-scale", draft.pk, 0)

    changed = QuestionnaireVersion.objects.get(pk=draft.pk).definition
    assert (changed.title, changed.licence, changed.validated) == ("Nights", "Ours", True)
    assert [(scale.name, scale.needed) for scale in changed.scales] == [("Rest", 1)]


def test_a_score_that_cannot_be_is_refused_beside_the_form(lead_client):
    document = json.loads(json.dumps(DOCUMENT))
    document["items"][0]["options"][1]["score"] = "0"
    draft = QuestionnaireVersionFactory(document=document)

    refused = send(
        lead_client, "add-scale", draft.pk, name="Rest", items=["well"], method="percentage"
    )

    assert "Every option of “well” scores the same." in refused.content.decode()


def test_what_somebody_else_changed_is_not_written_over_nor_published_unseen(lead):
    draft = QuestionnaireVersionFactory()
    draft.refresh_from_db()
    seen = version_of(draft)
    actions.change_draft(draft=draft, definition=every_kind(), by=lead, version=seen)

    with pytest.raises(ChangedMeanwhile):
        actions.publish(draft=draft, by=lead, at=timezone.now(), version=seen)
    with pytest.raises(ChangedMeanwhile):
        actions.change_draft(draft=draft, definition=draft.definition, by=lead, version=seen)


def test_a_published_version_is_asked_until_the_next_and_stays_readable(lead_client, lead):
    first = QuestionnaireVersionFactory()
    key = first.questionnaire.key
    send(lead_client, "publish", first.pk)
    send(lead_client, "revise", first.questionnaire_id)
    second = draft_of(key)
    assert QuestionnaireVersion.objects.of(key).published().latest() == first
    assert (
        lead_client.get(reverse("questionnaires:edit-details", args=[first.pk])).status_code == 404
    )

    send(lead_client, "publish", second.pk)

    assert QuestionnaireVersion.objects.of(key).published().latest() == second
    assert "Did you sleep?" in page(lead_client, "version", first.pk)
    assert "Asked before" in page(lead_client, "questionnaire", first.questionnaire_id)
    with pytest.raises(NotSaved, match="published and does not change"):
        actions.discard(draft=first, by=lead)


def test_a_draft_is_taken_away_with_what_never_was_published(lead_client):
    draft = QuestionnaireVersionFactory()
    key = draft.questionnaire.key

    send(lead_client, "discard", draft.pk)

    assert not Questionnaire.objects.filter(key=key).exists()
    check_in = Questionnaire.objects.get(key=CHECK_IN)
    send(lead_client, "revise", check_in.pk)
    send(lead_client, "discard", draft_of(CHECK_IN).pk)
    assert check_in.versions.count() == 1


def test_a_questionnaire_is_retired_and_asked_again(lead_client):
    """But the check-in, which workers are asked in their rhythm."""
    check_in = Questionnaire.objects.get(key=CHECK_IN)
    other = QuestionnaireVersionFactory(published_at=timezone.now()).questionnaire
    in_use = Questionnaire.objects.in_use_on(timezone.localdate())

    for one in (check_in, other):
        send(lead_client, "retire", one.pk)
    assert list(in_use.all()) == [check_in]
    send(lead_client, "retire", other.pk)
    assert set(in_use.all()) == {check_in, other}


# --- Looking --------------------------------------------------------------------------------------


def test_the_scoring_is_tried_and_nothing_is_kept(lead_client):
    draft = QuestionnaireVersionFactory()
    address = reverse("questionnaires:preview", args=[draft.pk])

    with CaptureQueriesContext(
        connection,
    ) as asked:
        text = lead_client.post(address, {"q1": "0"}).content.decode()

    assert "Sleep: 0" in text
    assert "Support would be offered after: “Did you sleep?”" in text
    assert not [one for one in asked if "INSERT" in one["sql"] and "questionnaire" in one["sql"]]


def test_each_question_has_a_page(lead_client):
    check_in = QuestionnaireVersion.objects.of(CHECK_IN).get()

    text = page(lead_client, "preview-one", check_in.pk, 5)
    assert "Question 5 of 6" in text
    assert (
        lead_client.get(reverse("questionnaires:preview-one", args=[check_in.pk, 7])).status_code
        == 404
    )


def test_a_version_goes_out_as_fhir(lead_client):
    check_in = QuestionnaireVersion.objects.of(CHECK_IN).get()

    response = lead_client.get(reverse("questionnaires:export", args=[check_in.pk]))

    found = json.loads(response.content)
    assert response["Content-Type"].startswith("application/fhir+json")
    assert (found["status"], found["version"]) == ("active", "1")
    assert [item["linkId"] for item in found["item"]][:2] == ["energy", "support"]


def test_the_list_asks_the_same_whatever_its_length(lead_client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(lead_client, "questionnaires")
        return len(asked)

    queries()
    one = queries()
    QuestionnaireVersionFactory.create_batch(2)

    assert queries() == one
