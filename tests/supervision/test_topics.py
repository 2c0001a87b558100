"""The words that we offer: topics by five mechanisms with both their sides, and six prompts."""

import re

import pytest

from supervision.models import AgendaItem, Session, SessionTopic
from supervision.prompts import PROMPTS
from tests.supervision.pages import at, page, when

pytestmark = pytest.mark.django_db
MECHANISMS = {
    "lived_experience": "Use of lived experience",
    "love_labour": "Emotional work",
    "liminal_position": "Being between staff and people who use services",
    "strengths": "Strengths and practical, social support",
    "helper_role": "The helper’s role",
}
SIDES = {"success": "What goes well", "difficulty": "What is hard", "both": "Both"}
PROMPTED = {
    "own_story": (
        "Using my own story",
        (
            "What did I share of my own experience, and who was it for? Was there something I was "
            "pressed to share, or held back?"
        ),
    ),
    "role_drift": (
        "Role drift",
        "What was I asked to do that is not peer work? What kept the work peer work?",
    ),
    "mutuality": (
        "Mutuality",
        "Where did we learn from each other? Where did I begin to fix, advise or carry it alone?",
    ),
    "team_attitudes": (
        "Attitudes in the team",
        (
            "How am I spoken to and about? What did I hear said of people who use services, and "
            "what should the organisation do about it?"
        ),
    ),
    "boundaries": (
        "Boundaries",
        "Where was it hard to say no, or to stop? What do I take home with me?",
    ),
    "endings": (
        "Endings",
        (
            "Which ending is near or just over, planned or not? What would make it a good one for "
            "both of us?"
        ),
    ),
}


def words_of(response) -> str:
    return re.sub(r"\s+", " ", response.text)


def test_each_of_five_mechanisms_is_offered_with_both_its_sides_and_none_is_asked_for(
    agreement, supervisor
):
    form = supervisor.get(page("log-session", agreement)).context["form"]

    sides = [("", "Not talked about"), *SIDES.items()]
    assert [(bound.label, bound.field.choices) for bound in form.topics] == [
        (label, sides) for label in MECHANISMS.values()
    ]
    assert {bound.field.required for bound in form.topics} == {False}
    supervisor.post(page("log-session", agreement), when(at(-1), status="attended"))
    assert Session.objects.attended().count() == 1
    assert not SessionTopic.objects.exists()


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_topic_is_kept_and_shown_to_both_with_its_side(
    agreement, supervisor, worker, mechanism, side
):
    sent = when(at(-1), status="attended") | {f"topic_{mechanism}": side}
    supervisor.post(page("log-session", agreement), sent)

    session = Session.objects.attended().get()
    assert list(SessionTopic.objects.values_list("session", "mechanism", "side")) == [
        (session.pk, mechanism, side)
    ]
    for client in (supervisor, worker):
        shown = client.get(page("session", session))
        assert [str(topic) for topic in shown.context["topics"]] == [
            f"{MECHANISMS[mechanism]}: {SIDES[side]}"
        ]
        assert f"<li>{MECHANISMS[mechanism]}: {SIDES[side]}</li>" in shown.text


def test_all_five_are_kept_of_one_session_and_another_side_is_refused(agreement, supervisor):
    every = {f"topic_{mechanism}": "both" for mechanism in MECHANISMS}
    url, sent = page("log-session", agreement), when(at(-1), status="attended")
    refused = supervisor.post(url, sent | every | {"topic_strengths": "neither"})
    assert list(refused.context["form"].errors) == ["topic_strengths"]
    assert not Session.objects.exists()

    supervisor.post(url, sent | every)

    kept = SessionTopic.objects.values_list("mechanism", "side")
    assert dict(kept) == dict.fromkeys(MECHANISMS, "both")


def test_the_prompts_are_six_in_these_words(agreement, supervisor, worker):
    assert {one.key: (one.about, one.questions) for one in PROMPTS} == PROMPTED
    for client in (supervisor, worker):
        words = words_of(client.get(page("add-to-agenda", agreement)))
        for about, questions in PROMPTED.values():
            assert f"{about}" in words
            assert questions in words


@pytest.mark.parametrize("prompt", PROMPTED)
def test_a_prompt_stands_on_the_agenda_in_its_own_words_for_both(
    agreement, supervisor, worker, prompt
):
    about, questions = PROMPTED[prompt]
    worker.post(page("add-to-agenda", agreement), {"prompt": prompt})

    item = AgendaItem.objects.get()
    assert (item.prompt, item.words) == (prompt, questions)
    for client in (supervisor, worker):
        shown = client.get(page("sessions", agreement))
        assert [(one.about, one.words) for one in shown.context["agenda"]] == [(about, questions)]
        assert about in words_of(shown)
        assert questions in words_of(shown)
