"""What people write themselves: theirs alone unless shared, encrypted, and in no history."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone
from pghistory.models import Event

from lxp.trail import HISTORIES
from programme.actions import own_words
from programme.exit_answers import totals
from programme.models import Adjustment, DevelopmentGoal, ExitInterview
from programme.own_words import answers_of_leavers
from tests.factories import (
    AdjustmentFactory,
    DevelopmentGoalFactory,
    PathwayStepFactory,
    PersonFactory,
    ProbationReviewFactory,
    SiteFactory,
    SpellFactory,
)
from tests.programme.pages import boxes, queries_of, sent_by

pytestmark = pytest.mark.django_db
SECRET = "Needs the quiet room, Łukasz 王"


@pytest.fixture
def worker(user_with_role):
    user = user_with_role("peer_worker")
    PersonFactory(user=user, site=SiteFactory())
    return user


@pytest.fixture
def client(worker, sign_in):
    return sign_in(worker)


def everything_stored() -> str:
    """Every text of every table, the histories and their contexts included."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row for (row,) in cursor.fetchall()]
    return "\n".join(found)


def test_an_adjustment_is_its_authors_until_it_is_shared(worker, client, lead_client):
    add = "/my-record/adjustments/add/"
    for _ in range(2):
        assert client.post(add, {"text": SECRET, "share": "me"}).status_code == 302
    words = Adjustment.objects.get()
    person = f"/people/{worker.person.pk}/"
    edit = f"/my-record/adjustments/{words.pk}/"
    assert SECRET in client.get("/my-record/adjustments/").text
    assert SECRET not in lead_client.get(person).text
    assert lead_client.get(edit).status_code == 404
    client.post(edit, sent_by(client, edit, share="leads"))
    assert SECRET in lead_client.get(person).text
    client.post(edit, sent_by(client, edit, share="me"))
    assert SECRET not in lead_client.get(person).text
    client.post(f"{edit}remove/")
    assert not Adjustment.objects.exists()


def test_what_is_shared_is_for_leads_of_the_authors_site(worker, sign_in, user_with_role):
    AdjustmentFactory(person=worker.person, shared_on=timezone.localdate())
    seen = [
        Adjustment.objects.shared_with(user_with_role(role, site=site)).count()
        for role, site in [
            ("lead", worker.person.site),
            ("lead", SiteFactory()),
            ("supervisor", worker.person.site),
            ("evaluator", None),
            ("auditor", None),
            ("administrator", None),
        ]
    ]
    assert seen == [1, 0, 0, 0, 0, 0]


def test_own_words_are_stored_encrypted_and_in_no_history(worker, client):
    client.post("/my-record/adjustments/add/", {"text": SECRET, "share": "leads"})
    client.post(
        "/my-record/goals/add/",
        {
            "text": f"{SECRET} 2",
            "share": "me",
            **boxes("target_on", None),
            **boxes("reached_on", None),
        },
    )
    spell = SpellFactory(person=worker.person, ended_on=dt.date(2023, 1, 1))
    client.post(
        f"/my-record/leaving/{spell.pk}/",
        {"text": f"{SECRET} 3", "supported": "no", "release": "keep"},
    )
    goal = DevelopmentGoal.objects.get()
    own_words.rewrite(
        goal,
        by=worker,
        version=sent_by(client, f"/my-record/goals/{goal.pk}/")["version"],
        day=timezone.localdate(),
        share=False,
        text=f"{SECRET} 4",
    )
    assert ExitInterview.objects.get().text == f"{SECRET} 3"
    assert "quiet room" not in everything_stored()
    for model in (Adjustment, DevelopmentGoal, ExitInterview):
        [history] = {event for event in model.pgh_event_models.values() if issubclass(event, Event)}
        kept = {field.name for field in history._meta.fields}
        assert kept & {"text", "supported", "recommends", "would_return"} == set()
        assert model not in {each.pgh_tracked_model for each in HISTORIES.values()}


def test_only_the_author_writes(worker, lead):
    words = AdjustmentFactory(person=worker.person)
    spell = SpellFactory(person=worker.person, ended_on=dt.date(2023, 1, 1))
    day = timezone.localdate()
    tries = [
        lambda: own_words.rewrite(words, by=lead, version="", day=day, share=True),
        lambda: own_words.take_away(words, by=lead),
        lambda: own_words.write_exit_interview(spell=spell, by=lead, day=day, release=True),
        lambda: own_words.write(
            Adjustment, person=worker.person, by=lead, day=day, share=True, text="x"
        ),
    ]
    for attempt in tries:
        with pytest.raises(own_words.PermissionDenied):
            attempt()


def test_an_exit_interview_is_kept_released_and_taken_back(worker, client, lead):
    spell = SpellFactory(person=worker.person, ended_on=dt.date(2023, 1, 1))
    page = f"/my-record/leaving/{spell.pk}/"
    assert page in client.get("/my-record/post/").text
    released = []
    for choice in ("count", "keep"):
        data = sent_by(client, page, text=SECRET, supported="yes", release=choice)
        assert client.post(page, data).status_code == 302
        released.append(list(ExitInterview.objects.released_to(lead).values_list("supported")))
    assert released == [[("yes",)], []]
    assert client.get(f"/my-record/leaving/{SpellFactory().pk}/").status_code == 404


def test_answers_are_counted_only_where_they_tell_of_nobody():
    def answers(yes: int, no: int) -> list[dict]:
        blank = {"supported": "", "recommends": "", "would_return": ""}
        return [blank | {"supported": "yes"}] * yes + [blank | {"supported": "no"}] * no

    assert [totals(answers(*given))[0].counts for given in [(9, 0), (12, 3), (23, 12)]] == [
        [],
        [],
        [("Yes", 25), ("Partly or not sure", 0), ("No", 10)],
    ]


def test_of_somebody_who_left_several_posts_the_last_answers_count(worker, lead):
    for number, said in enumerate(["no"] * 12 + ["yes"] * 23):
        left = dt.date(2020, 1, 1) + dt.timedelta(number * 30)
        spell = SpellFactory(
            person=worker.person, started_on=left - dt.timedelta(20), ended_on=left
        )
        ExitInterview.objects.create(spell=spell, supported=said, released_on=left)
    assert answers_of_leavers(lead)[0].counts == []


def test_my_post_shows_dates_pathway_and_goals(worker, client):
    step = PathwayStepFactory(position=2, role="Senior peer worker", criteria="Two years in post")
    PathwayStepFactory(pathway=step.pathway, position=1, role="Peer worker", band="3")
    spell = SpellFactory(person=worker.person, step=step, probation_ends_on=dt.date(2022, 12, 1))
    ProbationReviewFactory(spell=spell, due_on=dt.date(2022, 12, 1), is_final=True)
    DevelopmentGoalFactory(person=worker.person, text="Lead a group")
    text = " ".join(client.get("/my-record/post/").text.split())
    for words in (
        "1. Peer worker (band 3)",
        "Two years in post",
        "You are here",
        "Lead a group",
        "Due on 1 December 2022",
    ):
        assert words in text
    one = queries_of(client, "/my-record/post/")
    for _ in range(2):
        SpellFactory(person=worker.person, step=PathwayStepFactory(), post__title="Another")
        DevelopmentGoalFactory(person=worker.person)
    assert queries_of(client, "/my-record/post/") == one <= 20


@pytest.mark.parametrize("page", ["post/", "adjustments/", "adjustments/add/", "goals/add/"])
def test_who_has_no_record_is_told_so(user_with_role, sign_in, page):
    client = sign_in(user_with_role("peer_worker"))
    assert "No record is linked" in (text := client.get(f"/my-record/{page}").text) or (
        "linked" in text
    )
