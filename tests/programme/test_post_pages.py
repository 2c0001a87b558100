"""Posts, teams and employers; and spells in post, how they end and what they add up to."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages

from audit.models import Look
from programme.actions import people, posts, training
from programme.actions.saving import NotYours
from programme.models import Employer, LeavingReason, Post, Spell, Team
from tests.factories import (
    CareerBreakFactory,
    CohortFactory,
    EmployerFactory,
    EnrolmentFactory,
    FundingFactory,
    PersonFactory,
    PostFactory,
    SiteFactory,
    SpellFactory,
    TeamFactory,
)
from tests.programme.pages import boxes, queries_of, sent_by

pytestmark = pytest.mark.django_db
START, END = dt.date(2022, 6, 1), dt.date(2023, 6, 1)


def url(post: Post, rest: str = "") -> str:
    return f"/posts/{post.pk}/{rest}"


def words_of(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


# --- Posts ----------------------------------------------------------------------------------------


def wte(client) -> list[tuple]:
    return [
        (post.funded_wte, post.filled_wte, post.vacancy, post.more_than_funded)
        for post in client.get("/posts/").context["page"]
    ]


def test_a_job_share_adds_up(lead_client):
    post = PostFactory(funded_wte="1.00")
    SpellFactory.create_batch(2, post=post, contracted_hours="15")
    SpellFactory(post=post, contracted_hours="37.5", ended_on=END)
    assert wte(lead_client) == [(Decimal("1.00"), Decimal("0.8"), Decimal("0.2"), False)]


def test_what_is_not_known_is_not_nought(lead_client):
    PostFactory(title="First")
    SpellFactory(post=PostFactory(title="Second", funded_wte="1.00"))
    assert wte(lead_client) == [(None, 0, None, False), (Decimal("1.00"), None, None, False)]
    assert lead_client.get("/posts/").text.count("Not known") == 4


def test_more_in_post_than_is_funded_is_a_warning(lead_client):
    post = PostFactory(funded_wte="0.50")
    SpellFactory(post=post, contracted_hours="22.5")
    SpellFactory(post=post)
    assert "More than funded" in lead_client.get("/posts/").text
    assert "More in post than is funded" in lead_client.get(url(post)).text


def test_an_empty_list_says_what_to_do_next(lead_client):
    assert "No posts yet" in lead_client.get("/posts/").text


def test_the_list_is_downloaded_without_inventing_noughts(lead_client):
    post = PostFactory(title="=Peer worker", funded_wte="1.00")
    SpellFactory(post=post, contracted_hours="22.5")
    SpellFactory(post=PostFactory(title="Unknown"))
    content = b"".join(lead_client.get("/posts/posts.csv").streaming_content)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    columns = ("Title", "Funded WTE", "In-post WTE", "Vacancy WTE", "People in post")
    assert [tuple(row[column] for column in columns) for row in rows] == [
        ("'=Peer worker", "1.00", "0.60", "0.40", "1"),
        ("Unknown", "", "", "", "1"),
    ]
    assert lead_client.get("/posts/posts.xlsx").status_code == 200


def test_a_post_page_shows_who_is_and_was_in_it(lead, lead_client):
    post = PostFactory()
    now = CareerBreakFactory(spell__post=post, spell__started_on=END, starts_on=END).spell.person
    before = SpellFactory(post=post, started_on=START, ended_on=END).person
    later = SpellFactory(post=post, started_on=dt.date(2099, 1, 1)).person
    rows = lead_client.get(url(post)).context["rows"]
    assert [(spell.person, state) for spell, state, _ in rows] == [
        (later, "Not started yet"),
        (now, "In post, on a long break"),
        (before, "Left"),
    ]
    looks = Look.objects.filter(viewer_id=lead.pk, page="programme:post")
    assert set(looks.values_list("subject_id", flat=True)) == {now.pk, before.pk, later.pk}


def test_the_number_of_queries_does_not_grow(lead_client):
    post = SpellFactory(contracted_hours="20").post
    lists, page = queries_of(lead_client, "/posts/"), queries_of(lead_client, url(post))
    SpellFactory.create_batch(2, post=post)
    SpellFactory.create_batch(2)
    assert queries_of(lead_client, "/posts/") == lists
    assert queries_of(lead_client, url(post)) == page
    assert max(lists, page) <= 20


def new_post(team: Team, **changed) -> dict:
    employer = changed.pop("employer", None) or EmployerFactory()
    return {
        "title": "Peer worker 王",
        "band": "3",
        "team": str(team.pk),
        "employer": str(employer.pk),
        "funded_wte": "0.6",
        **changed,
    }


def test_a_post_is_added_once_and_changed(lead_client):
    data = new_post(TeamFactory())
    first, second = (lead_client.post("/posts/add/", data) for _ in range(2))
    post = Post.objects.get()
    assert first["Location"] == second["Location"] == url(post)
    assert [(one.wte, one.starts_on) for one in post.funding.all()] == [(Decimal("0.6"), None)]
    edit = url(post, "edit/")
    lead_client.post(edit, sent_by(lead_client, edit, band="4"))
    post.refresh_from_db()
    assert (post.title, post.band) == ("Peer worker 王", "4")


def test_a_post_of_which_no_funding_is_known_is_funded_as_far_as_anybody_knows(lead_client):
    lead_client.post("/posts/add/", new_post(TeamFactory(), funded_wte=""))
    post = Post.objects.get()
    assert not post.funding.exists()
    page = lead_client.get(url(post)).context
    assert (page["post"].funded_wte, dict(page["facts"])["Funding ends"]) == (
        None,
        "No end recorded",
    )


def test_funding_changes_on_a_day_and_what_was_before_stays_true_before_it(lead_client):
    post = PostFactory(funded_wte="1.00")
    change = url(post, "funding/add/")
    data = {"wte": "0.50", **boxes("starts_on", dt.date(2025, 4, 1))}
    first, second = (lead_client.post(change, data) for _ in range(2))
    assert first["Location"] == second["Location"] == url(post)
    assert [(one.wte, one.starts_on, one.ends_on) for one in post.funding.all()] == [
        (Decimal("0.50"), dt.date(2025, 4, 1), None),
        (Decimal("1.00"), None, dt.date(2025, 4, 1)),
    ]
    for day, wte in (("2025-03-31", "1.00"), ("2025-04-01", "0.50")):
        [shown] = lead_client.get("/posts/", {"as_at": day}).context["page"].object_list
        [line] = lead_client.get("/posts/establishment/", {"as_at": day}).context["lines"]
        assert shown.funded_wte == line.funded_wte == line.vacancy == Decimal(wte)
        assert line.ending == 0
    assert "0.50" in lead_client.get(url(post)).text


def test_two_fundings_of_a_post_never_hold_at_once_and_one_is_corrected_or_removed(lead_client):
    later = FundingFactory(starts_on=dt.date(2025, 4, 1), wte="0.50")
    change = url(later.post, "funding/add/")
    refused = lead_client.post(change, {"wte": "1", **boxes("starts_on", dt.date(2025, 1, 1))})
    assert refused.context["form"].errors == {
        "starts_on": ["Other funding of this post holds over that period."]
    }
    edit = f"/posts/funding/{later.pk}/"
    ends = boxes("ends_on", dt.date(2025, 4, 1))
    wrong = lead_client.post(edit, sent_by(lead_client, edit, **ends))
    assert wrong.context["form"].errors == {"ends_on": ["Funding must end after it starts."]}
    ends = boxes("ends_on", dt.date(2025, 10, 1))
    lead_client.post(edit, sent_by(lead_client, edit, wte="0.6", **ends))
    later.refresh_from_db()
    assert (later.wte, later.ends_on) == (Decimal("0.6"), dt.date(2025, 10, 1))
    page = lead_client.get(url(later.post)).context
    assert (page["post"].funded_wte, dict(page["facts"])["Funding ends"]) == (0, "Not funded now")
    lead_client.post(f"{edit}remove/")
    assert not later.post.funding.exists()


@pytest.mark.parametrize("text", ["-1", "NaN", "a lot", "1e9", "0.123", "99999999"])
def test_a_funding_that_is_none_is_refused(lead_client, text):
    response = lead_client.post("/posts/add/", new_post(TeamFactory(), funded_wte=text))
    assert list(response.context["form"].errors) == ["funded_wte"]


def test_funding_less_than_is_in_post_is_saved_with_a_warning(lead_client):
    spell = SpellFactory(post__funded_wte="1.00", contracted_hours="22.5")
    edit = f"/posts/funding/{spell.post.funding.get().pk}/"
    response = lead_client.post(edit, sent_by(lead_client, edit, wte="0.5"))
    assert spell.post.funding.get().wte == Decimal("0.5")
    assert words_of(response)[-1] == (
        f"{spell.post.title}: 0.60 WTE are in post and 0.50 WTE are funded. "
        "Check the hours, or the funding."
    )


def test_a_lead_of_one_site_adds_no_post_elsewhere(user_with_role, sign_in):
    client = sign_in(user_with_role("lead", site=SiteFactory()))
    response = client.post("/posts/add/", new_post(TeamFactory()))
    assert list(response.context["form"].errors) == ["team"]
    assert not Post.objects.exists()


# --- Spells in post -------------------------------------------------------------------------------


def new_spell(post: Post, **changed) -> dict:
    return {
        "post": str(post.pk),
        "contracted_hours": "22.5",
        "leaving_reason": "",
        "destination": "",
        **boxes("started_on", START),
        **boxes("last_working_day", None),
        **boxes("ended_on", None),
        **changed,
    }


def add(client, person, data):
    return client.post(f"/people/{person.pk}/posts/add/", data)


def test_a_spell_is_added_once_ended_and_removed(lead_client):
    person, post = PersonFactory(), PostFactory()
    for _ in range(2):
        assert add(lead_client, person, new_spell(post))["Location"] == f"/people/{person.pk}/"
    spell = Spell.objects.get()
    page = f"/people/{person.pk}/posts/{spell.pk}/"
    reason = LeavingReason.objects.get(name="Voluntary resignation - promotion")
    leaving = sent_by(
        lead_client,
        f"{page}end/",
        leaving_reason=str(reason.pk),
        destination="Another trust",
        **boxes("last_working_day", END - dt.timedelta(3)),
        **boxes("ended_on", END),
    )
    assert lead_client.post(f"{page}end/", leaving).status_code == 302
    spell.refresh_from_db()
    assert (spell.ended_on, spell.leaving_reason, spell.destination, spell.contracted_hours) == (
        END,
        reason,
        "Another trust",
        Decimal("22.5"),
    )
    assert lead_client.get(f"{page}remove/").status_code == 200
    lead_client.post(f"{page}remove/")
    assert not Spell.objects.exists()


def test_the_same_person_twice_in_one_post_is_refused_in_words(lead_client):
    spell = SpellFactory(started_on=START)
    response = add(lead_client, spell.person, new_spell(spell.post, **boxes("started_on", END)))
    assert response.context["form"].errors == {
        "started_on": ["This person is already in this post over that period."]
    }
    assert response.context["form"]["contracted_hours"].value() == "22.5"
    assert Spell.objects.count() == 1


def test_a_job_share_is_saved_and_more_than_is_funded_is_said(lead_client):
    post = PostFactory(title="Peer worker", funded_wte="0.6")
    warning = "Peer worker: 1.20 WTE are in post and 0.60 WTE are funded."
    first, second = (
        words_of(add(lead_client, PersonFactory(), new_spell(post)))[-1] for _ in range(2)
    )
    assert Spell.objects.filter(post=post).count() == 2
    assert [words.startswith(warning) for words in (first, second)] == [False, True]


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        (
            boxes("ended_on", START - dt.timedelta(1)),
            "ended_on",
            "A spell in post cannot end before it starts.",
        ),
        (
            boxes("last_working_day", START - dt.timedelta(1)),
            "last_working_day",
            "The last working day must lie within the spell.",
        ),
        (
            {"destination": "Another trust"},
            "ended_on",
            "A reason or destination needs the day the spell ended.",
        ),
        (
            {"contracted_hours": "61"},
            "contracted_hours",
            "Contracted hours must be above 0 and at most 60 a week.",
        ),
        (
            {"contracted_hours": "0"},
            "contracted_hours",
            "Contracted hours must be above 0 and at most 60 a week.",
        ),
    ],
)
def test_a_spell_that_cannot_be_is_refused_beside_its_field(lead_client, changed, field, words):
    response = add(lead_client, PersonFactory(), new_spell(PostFactory(), **changed))
    assert response.context["form"].errors == {field: [words]}
    assert not Spell.objects.exists()


def test_reasons_are_those_in_use_on_the_day_and_stand_under_their_headings(lead_client):
    old = LeavingReason.objects.create(
        name="Old words", group="resignation", valid_to=START, valid_from=None
    )
    spell = SpellFactory(started_on=dt.date(2020, 1, 1))
    page = f"/people/{spell.person_id}/posts/{spell.pk}/end/"

    def send(day):
        data = sent_by(lead_client, page, leaving_reason=str(old.pk), **boxes("ended_on", day))
        return lead_client.post(page, data)

    text = lead_client.get(page).text
    assert "Old words" not in text
    assert '<optgroup label="Retirement">' in text
    late = send(END)
    assert late.context["form"].errors == {
        "leaving_reason": ["Choose a reason that was in use on the day it ended"]
    }
    assert send(START).status_code == 302
    spell.refresh_from_db()
    assert spell.leaving_reason == old


def test_a_reason_recorded_before_stays_when_the_spell_is_changed(lead_client):
    old = LeavingReason.objects.create(name="Old words", valid_to=dt.date(2020, 1, 1))
    spell = SpellFactory(started_on=START, ended_on=END, leaving_reason=old)
    page = f"/people/{spell.person_id}/posts/{spell.pk}/"
    lead_client.post(page, sent_by(lead_client, page, destination="Another trust"))
    spell.refresh_from_db()
    assert (spell.leaving_reason, spell.destination) == (old, "Another trust")


def test_two_who_change_one_spell_are_told(lead_client):
    spell = SpellFactory(started_on=START, contracted_hours="20")
    page = f"/people/{spell.person_id}/posts/{spell.pk}/"
    mine = sent_by(lead_client, page, contracted_hours="30")
    lead_client.post(page, sent_by(lead_client, page, contracted_hours="22.5"))
    told = lead_client.post(page, mine)
    assert told.context["form"].errors["contracted_hours"] == [
        "Contracted hours a week is now saved as 22.5"
    ]
    spell.refresh_from_db()
    assert spell.contracted_hours == Decimal("22.5")


def test_a_spell_is_changed_on_the_pages_of_its_own_person_only(lead_client):
    spell = SpellFactory()
    other = PersonFactory()
    for rest in ("", "end/", "remove/"):
        response = lead_client.post(f"/people/{other.pk}/posts/{spell.pk}/{rest}")
        assert response.status_code == 404
    assert Spell.objects.filter(pk=spell.pk).exists()


# --- Teams and employers --------------------------------------------------------------------------


def test_a_team_is_added_once_renamed_and_counted(lead_client):
    site = SiteFactory()
    for _ in range(2):
        lead_client.post("/posts/teams/add/", {"name": "Ash Ward", "site": str(site.pk)})
    team = Team.objects.get()
    edit = f"/posts/teams/{team.pk}/edit/"
    lead_client.post(edit, sent_by(lead_client, edit, name="Birch Ward"))
    PostFactory(team=team)
    [row] = lead_client.get("/posts/teams/").context["page"]
    assert (row.name, row.site, row.posts_count) == ("Birch Ward", site, 1)


def test_an_employer_is_added_once_and_changed(lead_client):
    for _ in range(2):
        lead_client.post("/posts/employers/add/", {"name": "Common Ground", "kind": "nhs"})
    employer = Employer.objects.get()
    edit = f"/posts/employers/{employer.pk}/"
    lead_client.post(edit, sent_by(lead_client, edit, kind="voluntary"))
    [row] = lead_client.get("/posts/employers/").context["page"]
    assert (row.name, row.kind) == ("Common Ground", "voluntary")


def test_a_name_that_is_taken_is_refused_whatever_its_case(lead_client):
    employer, team = EmployerFactory(name="Common Ground"), TeamFactory(name="Ash Ward")
    tries = {
        "/posts/employers/add/": {"name": "COMMON GROUND", "kind": "nhs"},
        "/posts/teams/add/": {"name": "ash ward", "site": str(team.site_id)},
    }
    found = [lead_client.post(to, data).context["form"].errors for to, data in tries.items()]
    assert found == [
        {"name": ["There is already an employer with this name."]},
        {"name": ["This site already has a team with this name."]},
    ]
    assert list(Employer.objects.all()) == [employer]


def test_a_lead_of_one_site_moves_no_team_elsewhere(user_with_role, sign_in):
    own, other = SiteFactory(), SiteFactory()
    team = TeamFactory(site=own)
    client = sign_in(user_with_role("lead", site=own))
    edit = f"/posts/teams/{team.pk}/edit/"
    response = client.post(edit, sent_by(client, edit, site=str(other.pk)))
    assert list(response.context["form"].errors) == ["site"]
    team.refresh_from_db()
    assert team.site == own


def test_a_lead_of_one_site_takes_nothing_from_another(user_with_role):
    own = SiteFactory()
    by = user_with_role("lead", site=own)
    team, cohort = TeamFactory(site=own), CohortFactory(site=own)
    post = PostFactory(team=team)
    spell, enrolment = SpellFactory(), EnrolmentFactory(cohort__site=SiteFactory())
    refused = [
        lambda: people.change_team(team=spell.post.team, by=by, version="", site=own),
        lambda: posts.change_post(post=spell.post, by=by, version="", team=team),
        lambda: posts.change_spell(spell=spell, by=by, version="", post=post),
        lambda: posts.remove_spell(spell=spell, by=by),
        lambda: training.change_cohort(cohort=enrolment.cohort, by=by, version="", site=own),
        lambda: training.change_enrolment(enrolment=enrolment, by=by, version="", cohort=cohort),
        lambda: training.remove_enrolment(enrolment=enrolment, by=by),
    ]
    for act in refused:
        with pytest.raises(NotYours):
            act()


def test_the_number_of_queries_of_teams_and_employers_does_not_grow(lead_client):
    PostFactory()
    before = [queries_of(lead_client, f"/posts/{rest}/") for rest in ("teams", "employers")]
    PostFactory.create_batch(2)
    after = [queries_of(lead_client, f"/posts/{rest}/") for rest in ("teams", "employers")]
    assert after == before
    assert max(before) <= 20
