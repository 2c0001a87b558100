"""Whether a team is ready for a peer worker, and the warning before one starts; pathways."""

import datetime as dt

import pytest
from django.contrib.messages import get_messages

from programme.models import Pathway, PathwayStep, Spell, TeamPreparation
from tests.factories import (
    PathwayFactory,
    PathwayStepFactory,
    PersonFactory,
    PostFactory,
    SiteFactory,
    SpellFactory,
    TeamFactory,
    TeamPreparationFactory,
)
from tests.programme.pages import boxes, queries_of, sent_by

pytestmark = pytest.mark.django_db
HELD = dt.date(2022, 5, 1)


def warning_of_start(client, post, day: dt.date) -> list[str]:
    person = PersonFactory()
    page = f"/people/{person.pk}/posts/add/"
    data = sent_by(client, page, post=str(post.pk), **boxes("started_on", day))
    answer = client.post(page, data)
    assert answer.status_code == 302
    return [str(m) for m in get_messages(answer.wsgi_request) if "not ready" in str(m)]


def test_a_start_says_what_the_team_lacks_and_is_not_refused(lead_client):
    team = TeamFactory(name="Ash Ward")
    post = PostFactory(team=team)
    soon = dt.date(2099, 1, 1)
    assert warning_of_start(lead_client, post, soon) == [
        (
            "Ash Ward is not ready yet: no session has prepared the team; nobody is named who "
            "supervises its peer workers; no other peer worker is in post in it."
        )
    ]
    TeamPreparationFactory(team=team, held_on=HELD)
    team.supervisor = "Zoë Ó Briain"
    team.save()
    SpellFactory(post__team=team)
    assert warning_of_start(lead_client, post, soon) == [
        (
            "Ash Ward is not ready yet: no session was co-delivered by peer workers; no training "
            "of its supervisor is recorded."
        )
    ]
    team.supervisor_trained_on = HELD
    team.save()
    TeamPreparationFactory(team=team, held_on=dt.date(2098, 1, 1), by_peers=True)
    assert warning_of_start(lead_client, post, soon) == []
    assert Spell.objects.filter(post=post).count() == 3


def test_a_planned_session_does_not_make_a_team_ready_today(lead_client):
    team = TeamFactory(supervisor="Zoë", supervisor_trained_on=HELD)
    TeamPreparationFactory(team=team, held_on=dt.date(2099, 1, 1), by_peers=True)
    context = lead_client.get(f"/posts/teams/{team.pk}/").context
    assert context["missing"] == ["no session has prepared the team"]
    post = PostFactory(team=team)
    assert "no session has prepared the team" in lead_client.get(f"/posts/{post.pk}/").text


def test_a_session_is_added_once_changed_and_removed(lead_client):
    team = TeamFactory()
    data = {"session": "王 and peers", "by_peers": "on", "staff_share": "60"}
    for _ in range(2):
        lead_client.post(f"/posts/teams/{team.pk}/sessions/add/", data | boxes("held_on", HELD))
    session = TeamPreparation.objects.get()
    edit = f"/posts/teams/sessions/{session.pk}/"
    refused = lead_client.post(edit, sent_by(lead_client, edit, staff_share="101"))
    assert list(refused.context["form"].errors) == ["staff_share"]
    lead_client.post(edit, sent_by(lead_client, edit, staff_share="75"))
    session.refresh_from_db()
    assert (session.staff_share, session.by_peers, session.session) == (75, True, "王 and peers")
    lead_client.post(f"{edit}remove/")
    assert not TeamPreparation.objects.exists()


def test_lists_of_teams_and_pathways_take_as_many_queries_for_three_rows_as_for_one(lead_client):
    def row():
        TeamPreparationFactory(team=SpellFactory().post.team)
        PathwayStepFactory()

    row()
    urls = ["/posts/teams/", "/posts/pathways/", f"/posts/teams/{TeamFactory().pk}/"]
    one = [queries_of(lead_client, url) for url in urls]
    row()
    row()
    assert [queries_of(lead_client, url) for url in urls] == one
    assert max(one) <= 20


def test_a_pathway_has_its_steps_in_order_and_counts_who_stands_on_them(lead_client):
    lead_client.post("/posts/pathways/add/", {"name": "Peer support"})
    pathway = Pathway.objects.get()
    page = f"/posts/pathways/{pathway.pk}/"
    for role in ("Peer worker", "Senior peer worker"):
        data = sent_by(lead_client, f"{page}steps/add/", role=role, band="3", criteria="A year")
        assert lead_client.post(f"{page}steps/add/", data).status_code == 302
    first, second = PathwayStep.objects.all()
    SpellFactory(step=second)
    steps = lead_client.get(page).context["steps"]
    assert steps == [(first, 0), (second, 1)]
    edit = f"/posts/pathways/steps/{second.pk}/"
    refused = lead_client.post(edit, sent_by(lead_client, edit, position="1"))
    assert refused.context["form"].errors == {
        "position": ["Another step has this place on the pathway."]
    }
    lead_client.post(f"{edit}remove/")
    assert Spell.objects.get().step is None


def test_a_lead_of_one_site_reads_pathways_and_changes_none(user_with_role, sign_in):
    client = sign_in(user_with_role("lead", site=SiteFactory()))
    page = f"/posts/pathways/{PathwayFactory().pk}/"
    assert client.get(page).status_code == 200
    assert client.post(f"{page}edit/", {"name": "Mine"}).status_code == 403
