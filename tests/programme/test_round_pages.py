"""A lead prepares a round: what it is for, its stages and questions, and when people can apply."""

import datetime as dt

import pytest
from django.urls import reverse

from programme.models import Round, StageTemplate
from tests.factories import (
    ApplicantFactory,
    CohortFactory,
    PostFactory,
    RoundFactory,
    RoundQuestionFactory,
    SiteFactory,
    StageTemplateFactory,
    TeamFactory,
    TemplateStageFactory,
)
from tests.programme.pages import boxes, queries_of, sent_by

pytestmark = pytest.mark.django_db
ROUNDS = reverse("programme:rounds")


def filled_in(**changed) -> dict:
    vacancy = StageTemplate.objects.get(name="Vacancy")
    return (
        {
            "title": "Peer worker, Ó Briain ward",
            "kind": "vacancy",
            "template": str(vacancy.pk),
            "places": "2",
            "contact_name": "Łukasz 王",
            "contact_email": "recruitment@example.org",
        }
        | boxes("opens_on", dt.date(2026, 3, 2))
        | boxes("closes_on", dt.date(2099, 3, 20))
        | changed
    )


def post_to(client, name: str, *args, data: dict | None = None):
    return client.post(reverse(f"programme:{name}", args=args), data or {})


def warned(response) -> str:
    return str(list(response.wsgi_request._messages)[-1])


# --- Rounds ---------------------------------------------------------------------------------------


def test_a_round_begins_as_a_draft_at_the_site_of_its_post_with_stages_of_its_own(lead_client):
    post = PostFactory()
    response = post_to(lead_client, "add-round", data=filled_in(post=str(post.pk)))

    made = Round.objects.get()
    assert response["Location"] == reverse("programme:round", args=[made.pk])
    assert (made.title, made.site, made.state) == (
        "Peer worker, Ó Briain ward",
        post.team.site,
        "draft",
    )
    assert list(made.stages.values_list("kind", "expected_on"))[:3] == [
        ("applied", None),
        ("shortlisting", dt.date(2099, 3, 30)),
        ("interview", dt.date(2099, 4, 13)),
    ]


def test_the_same_form_sent_twice_makes_one_round(lead_client):
    data = filled_in(post=str(PostFactory().pk))
    post_to(lead_client, "add-round", data=data)
    post_to(lead_client, "add-round", data=data)

    assert Round.objects.get().stages.count() == 9


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({}, "post", "Choose the post that people apply for"),
        ({"kind": "intake"}, "cohort", "Choose the cohort that people apply for"),
        (
            boxes("closes_on", dt.date(2026, 3, 1)),
            "closes_on",
            "A round cannot close before it opens",
        ),
        ({"title": "two\nlines"}, "title", "Use one line of ordinary letters, numbers and signs"),
    ],
)
def test_a_round_that_makes_no_sense_is_not_saved(lead_client, changed, field, words):
    response = post_to(lead_client, "add-round", data=filled_in(**changed))

    assert response.context["form"].errors[field] == [words]
    assert not Round.objects.exists()


def test_a_lead_of_one_site_is_offered_only_what_is_there(user_with_role, sign_in):
    here, elsewhere = CohortFactory(site=SiteFactory()), CohortFactory(site=SiteFactory())
    client = sign_in(user_with_role("lead", site=here.site))
    data = filled_in(kind="intake", cohort=str(elsewhere.pk))

    response = post_to(client, "add-round", data=data)

    assert list(response.context["form"].fields["cohort"].queryset) == [here]
    assert "cohort" in response.context["form"].errors


def test_the_steps_dates_move_with_the_closing_date(lead_client):
    shown = RoundFactory()
    stage = shown.stages.get(kind="interview")
    stage.expected_on = dt.date(2100, 1, 10)
    stage.save()
    url = reverse("programme:edit-round", args=[shown.pk])
    closes = shown.closes_on + dt.timedelta(days=7)

    lead_client.post(url, sent_by(lead_client, url, **boxes("closes_on", closes)))

    stage.refresh_from_db()
    assert stage.expected_on == dt.date(2100, 1, 17)


def test_a_round_with_applicants_does_not_move_to_another_site(lead_client):
    shown = ApplicantFactory().round
    same_site = PostFactory(team=TeamFactory(site=shown.site))
    url = reverse("programme:edit-round", args=[shown.pk])

    refused = lead_client.post(url, sent_by(lead_client, url, post=str(PostFactory().pk)))
    lead_client.post(url, sent_by(lead_client, url, post=str(same_site.pk)))

    assert refused.context["form"].errors["post"] == [
        "People have applied at the site it is at. Choose one there."
    ]
    shown.refresh_from_db()
    assert shown.post == same_site


def test_publishing_closing_and_publishing_again(lead_client):
    shown = RoundFactory(state="draft", published_on=None)
    for page, state, closed in (
        ("publish-round", "published", False),
        ("close-round", "closed", True),
        ("publish-round", "published", False),
    ):
        post_to(lead_client, page, shown.pk)
        shown.refresh_from_db()
        assert (shown.state, shown.closed_on is not None) == (state, closed)


def test_a_round_whose_closing_date_has_passed_is_not_published(lead_client):
    shown = RoundFactory(state="draft", published_on=None, closes_on=dt.date(2026, 2, 1))
    response = post_to(lead_client, "publish-round", shown.pk)

    shown.refresh_from_db()
    assert shown.state == "draft"
    assert warned(response) == "The closing date has passed. Change it first."


# --- Stages and questions -------------------------------------------------------------------------


def test_a_stage_goes_where_it_is_put_and_never_behind_the_ends(lead_client):
    shown = RoundFactory()
    after = shown.stages.get(kind="shortlisting")
    data = {"kind": "interview", "name": "Meeting the team", "after": str(after.pk)}
    post_to(lead_client, "add-stage", shown.pk, data=data)

    names = list(shown.stages.values_list("name", flat=True))
    assert names[:4] == ["applied", "shortlisting", "Meeting the team", "interview"]

    stage = shown.stages.get(name="Meeting the team")
    end = shown.stages.get(kind="appointed")
    url = reverse("programme:edit-stage", args=[shown.pk, stage.pk])
    response = lead_client.post(url, sent_by(lead_client, url, after=str(end.pk)))
    assert "after" in response.context["form"].errors


def test_a_stage_that_somebody_has_reached_or_every_round_has_is_not_removed(lead_client):
    applicant = ApplicantFactory(kind="interview")
    shown = applicant.round
    for kind, words in (
        ("interview", "Applicants have been at this stage or answered this question: it stays."),
        ("withdrew", "Every round has this stage."),
    ):
        stage = shown.stages.get(kind=kind)
        response = post_to(lead_client, "remove-stage", shown.pk, stage.pk)
        assert warned(response) == words
    post_to(lead_client, "remove-stage", shown.pk, shown.stages.get(kind="checks").pk)

    assert shown.stages.count() == 8


def test_a_question_needs_the_word_that_it_is_not_about_health(lead_client):
    shown = RoundFactory()
    first = RoundQuestionFactory(round=shown, position=1)
    data = {"text": "When are you free?", "kind": "choice", "choices": "Days\n\nEvenings "}

    refused = post_to(lead_client, "add-question", shown.pk, data=data)
    post_to(lead_client, "add-question", shown.pk, data=data | {"lawful": "on"})

    assert list(refused.context["form"].errors) == ["lawful"]
    made = shown.questions.get(text="When are you free?")
    assert (made.listed, made.required) == (["Days", "Evenings"], False)
    assert list(shown.questions.all()) == [made, first]


def test_a_list_to_choose_from_has_two_choices_at_least(lead_client):
    data = {"text": "When?", "kind": "choice", "choices": "Days\nDays", "lawful": "on"}
    response = post_to(lead_client, "add-question", RoundFactory().pk, data=data)

    assert list(response.context["form"].errors) == ["choices"]


# --- Templates ------------------------------------------------------------------------------------


def test_a_template_begins_with_what_every_round_has(lead_client):
    post_to(lead_client, "add-stage-template", data={"name": "Band 4", "site": ""})

    made = StageTemplate.objects.get(name="Band 4")
    assert list(made.stages.values_list("kind", flat=True)) == [
        "applied",
        "appointed",
        "on_hold",
        "not_selected",
        "withdrew",
    ]
    post_to(
        lead_client,
        "add-template-stage",
        made.pk,
        data={
            "kind": "interview",
            "name": "Talk",
            "after": str(made.stages.get(kind="applied").pk),
            "days_after_closing": "14",
        },
    )
    assert list(made.stages.values_list("name", "days_after_closing"))[1] == ("Talk", 14)


def test_a_lead_of_one_site_uses_shared_templates_and_changes_only_their_own(
    user_with_role, sign_in
):
    own = StageTemplateFactory(site=SiteFactory())
    client = sign_in(user_with_role("lead", site=own.site))
    shared = StageTemplate.objects.get(name="Vacancy")
    for name, template, status in (
        ("stage-template", shared, 200),
        ("edit-stage-template", shared, 404),
        ("edit-stage-template", own, 200),
    ):
        assert client.get(reverse(f"programme:{name}", args=[template.pk])).status_code == status


# --- The list -------------------------------------------------------------------------------------


def titles(client, **query) -> list[str]:
    return [shown.title for shown, _ in client.get(ROUNDS, query).context["rows"]]


def test_the_list_is_searched_and_filtered(lead_client):
    RoundFactory(title="Zoë ward")
    RoundFactory(title="Draft", state="draft", published_on=None)
    RoundFactory(title="Over", closes_on=dt.date(2026, 2, 1))
    RoundFactory(title="To come", opens_on=dt.date(2099, 1, 1))

    assert titles(lead_client, q="zoe WARD") == ["Zoë ward"]
    assert titles(lead_client, state="open") == ["Zoë ward"]
    assert titles(lead_client, state="drafts") == ["Draft", "To come"]
    assert titles(lead_client, state="over") == ["Over"]
    assert titles(lead_client, state="nonsense") == []


def test_queries_do_not_grow_with_rows(lead_client):
    shown = ApplicantFactory().round
    TemplateStageFactory()
    pages = [
        ROUNDS,
        reverse("programme:round", args=[shown.pk]),
        reverse("programme:stage-templates"),
    ]
    one = [queries_of(lead_client, page) for page in pages]
    for _ in range(2):
        ApplicantFactory()
        ApplicantFactory(round=shown)
        TemplateStageFactory()
        RoundQuestionFactory(round=shown)
    assert [queries_of(lead_client, page) for page in pages] == one
    assert max(one) <= 20


def test_applications_are_counted_without_drafts_and_merged_ones(lead_client):
    first = ApplicantFactory()
    ApplicantFactory(round=first.round, merged_into=first)

    row, _ = lead_client.get(ROUNDS).context["rows"][0]
    assert row.sent == 1
