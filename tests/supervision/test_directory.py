"""What the directory says of who is free, and the words that an agenda begins with."""

import re

import pytest

from supervision.prompts import PROMPTS
from tests.factories.supervision import AgreementFactory, SupervisorFactory
from tests.supervision.pages import DAY, at, page

pytestmark = pytest.mark.django_db


def test_next_free_is_a_day_to_come_or_now_or_no_place(lead_client):
    today = at(0).date()
    SupervisorFactory(user__name="Ahead", next_free_on=today + DAY)
    SupervisorFactory(user__name="Since", next_free_on=today)
    SupervisorFactory(user__name="Always")
    full = SupervisorFactory(user__name="Full", capacity=1)
    AgreementFactory(supervisor=full.user)

    text = lead_client.get("/supervision/supervisors/").text

    cells = re.findall(r"Next free </span>([^<]*)</td>", text)
    names = [entry for entry in ("Ahead", "Always", "Full", "Since") if entry in text]
    tomorrow = today + DAY
    said = f"{tomorrow.day} {tomorrow:%b %Y}"
    assert dict(zip(names, cells, strict=True)) == {
        "Ahead": said,
        "Always": "Now",
        "Full": "No place left",
        "Since": "Now",
    }


def test_both_are_offered_words_about_peer_work_to_begin_an_agenda_with(
    agreement, supervisor, worker
):
    keys = ["own_story", "role_drift", "mutuality", "team_attitudes", "boundaries", "endings"]
    assert [prompt.key for prompt in PROMPTS] == keys

    for client in (supervisor, worker):
        shown = client.get(page("add-to-agenda", agreement))
        words = re.sub(r"\s+", " ", shown.text)
        for prompt in PROMPTS:
            assert prompt.about in words
            assert prompt.questions in words
        assert "patient" not in words
