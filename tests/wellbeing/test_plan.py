"""The wellness plan: its worker's alone, but for the parts they let somebody read."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.roles import ROLES
from programme.looks import at as looks_at
from programme.models import Spell
from tests.factories import AdjustmentFactory, PostFactory, SiteFactory, SpellFactory, TeamFactory
from tests.factories.supervision import TermsFactory
from tests.factories.wellbeing import PlanShareFactory
from tests.programme.pages import boxes, queries_of, sent_by
from tests.wellbeing.pages import pages_of_others, tables_with, url
from wellbeing.actions import plan as actions
from wellbeing.models import PlanDraft, PlanHeading, PlanSection, PlanShare, WellnessPlan
from wellbeing.plans import on_paper

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SECRET = "Xylophon8"
WELL, HARD, HELPS = PlanHeading.WELL, PlanHeading.HARD, PlanHeading.HELPS


@pytest.fixture
def plan(worker, client) -> WellnessPlan:
    client.post(url("begin-plan"))
    return WellnessPlan.objects.get()


def part(plan: WellnessPlan, heading: str) -> PlanSection:
    return plan.sections.get(heading=heading)


def write(client, plan: WellnessPlan, heading: str, words: str):
    page = url("plan-section", part(plan, heading).pk)
    return client.post(page, sent_by(client, page, words=words))


def let_read(client, plan, reader, *headings, until=None, **more):
    sent = {
        "reader": str(reader.pk),
        "sections": [str(part(plan, heading).pk) for heading in headings],
        "purpose": "My first month",
        **boxes("until", until or timezone.localdate() + 30 * DAY),
    }
    return client.post(url("share-plan", plan.pk), sent | more)


# --- Writing --------------------------------------------------------------------------------------


def test_before_it_is_begun_one_reads_who_can_read_it(client):
    text = client.get(url("plan")).text

    assert "no manager, lead or administrator" in text
    assert "Nobody watches what you write" in text
    assert not WellnessPlan.objects.exists()


def test_begun_twice_is_one_plan_with_every_heading(client):
    for _ in range(2):
        client.post(url("begin-plan"))

    headings = list(WellnessPlan.objects.get().sections.values_list("heading", flat=True))
    assert headings == PlanHeading.values


def test_of_two_devices_the_second_is_shown_what_the_first_saved(client, plan):
    page = url("plan-section", part(plan, WELL).pk)
    second = sent_by(client, page, words="A run")
    write(client, plan, WELL, "A walk")

    refused = client.post(page, second)

    assert part(plan, WELL).words == "A walk"
    assert "“A walk”" in refused.text
    assert "A run" in refused.text
    again = second | {"version": refused.context["form"]["version"].value()}
    assert client.post(page, again).status_code == 302
    assert part(plan, WELL).words == "A run"


def test_what_is_typed_stands_there_again_until_it_is_saved_or_deleted(
    client, plan, supervisor, sign_in
):
    write(client, plan, WELL, "A walk")
    let_read(client, plan, supervisor, WELL)
    page, keep = (url(name, part(plan, WELL).pk) for name in ("plan-section", "keep-plan-section"))
    reads = url("shared-plan", PlanShare.objects.get().pk)

    kept = client.post(keep, sent_by(client, page, words=f"{SECRET} 王"))
    shown = client.get(page)
    assert (kept.json()["problem"], shown.context["form"]["words"].value()) == ("", f"{SECRET} 王")
    assert "It is not saved yet" in shown.text
    assert "Typed and not saved" in client.get(url("plan")).text
    assert SECRET in client.get(url("take-along-file")).text
    assert (SECRET in sign_in(supervisor).get(reads).text, tables_with(SECRET)) == (False, [])

    client.post(url("forget-plan-section", part(plan, WELL).pk))
    assert client.get(page).context["form"]["words"].value() == "A walk"
    for words in ("A run", "A walk", "A swim"):  # typed back to what is saved, there is no draft
        client.post(keep, sent_by(client, page, words=words))
        assert PlanDraft.objects.exists() == (words != "A walk")
    write(client, plan, WELL, "A ride")
    assert (part(plan, WELL).words, PlanDraft.objects.count()) == ("A ride", 0)


@pytest.mark.parametrize("words", ["x" * 4001, "a\0b"])
def test_what_cannot_be_saved_is_not_kept_while_typing_either(client, plan, words):
    answer = client.post(url("keep-plan-section", part(plan, WELL).pk), {"words": words})

    assert (answer.status_code, PlanDraft.objects.count()) == (400, 0)


@pytest.mark.parametrize(("days", "left"), [(60, 1), (61, 0)])
def test_what_nobody_goes_on_with_is_kept_for_two_months(client, plan, days, left):
    section, now = part(plan, WELL), timezone.now()
    actions.keep_typed(section=section, by=plan.account, words="A walk", at=now - days * DAY)

    actions.drop_typed(now)

    assert PlanDraft.objects.count() == left


def test_the_day_to_look_again_is_set_and_taken_out(client, plan):
    page = url("review-plan", plan.pk)
    for day in (dt.date(2027, 3, 1), None):
        client.post(page, sent_by(client, page) | boxes("review_on", day))
        plan.refresh_from_db()
        assert plan.review_on == day


def test_deleted_it_is_gone_with_what_was_shared(client, plan, supervisor):
    write(client, plan, WELL, "A walk")
    let_read(client, plan, supervisor, WELL)
    page = url("delete-plan", plan.pk)

    assert "Delete your plan?" in client.get(page).text
    client.post(page)

    assert [model.objects.count() for model in (WellnessPlan, PlanSection, PlanShare)] == [0, 0, 0]


# --- Who reads it ---------------------------------------------------------------------------------


def test_whoever_is_chosen_reads_the_chosen_parts_and_no_other_until_it_is_taken_back(
    client, plan, worker, supervisor, sign_in
):
    for heading in (WELL, HARD, HELPS):
        write(client, plan, heading, f"Words {heading}.")
    let_read(client, plan, supervisor, WELL, HELPS)
    reader, page = sign_in(supervisor), url("shared-plan", PlanShare.objects.get().pk)

    assert url("shared-with-me") in reader.get("/").text
    listed, text = reader.get(url("shared-with-me")).text, reader.get(page).text

    assert page in listed
    assert "My first month" in listed
    assert [f"Words {heading}." in text for heading in (WELL, HARD, HELPS)] == [True, False, True]
    assert HARD.label not in text
    assert [look.page for look in looks_at(worker.person)] == ["wellbeing:shared-plan"]
    assert "Parts of your wellness plan" in client.get("/my-record/looks/").text
    client.post(url("take-back-plan", PlanShare.objects.get().pk))
    assert reader.get(page).status_code == 404
    assert page not in reader.get(url("shared-with-me")).text
    assert url("shared-with-me") not in reader.get("/").text


def test_the_last_day_counts_and_the_next_does_not(plan, supervisor):
    shared = PlanShareFactory(plan=plan, reader=supervisor)

    open_to = PlanShare.objects.open_to
    assert [open_to(supervisor, shared.until + n * DAY).exists() for n in (0, 1)] == [True, False]


def test_shared_once_more_with_the_same_person_changes_it(client, plan, supervisor):
    for heading in (WELL, HARD):
        write(client, plan, heading, "Words")
    let_read(client, plan, supervisor, WELL, HARD)
    let_read(client, plan, supervisor, WELL)
    shared = PlanShare.objects.get()
    assert [one.heading for one in shared.sections.all()] == [WELL]
    page = url("change-plan-share", shared.pk)
    sent = sent_by(client, page, sections=[str(part(plan, HARD).pk)])
    until = boxes("until", timezone.localdate() + DAY)

    assert client.post(page, sent | until).status_code == 302

    shared.refresh_from_db()
    assert [one.heading for one in shared.sections.all()] == [HARD]
    assert shared.until == timezone.localdate() + DAY


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"sections": []}, "sections"),
        ({"purpose": ""}, "purpose"),
        (boxes("until", timezone.localdate() - DAY), "until"),
        (boxes("until", timezone.localdate() + 800 * DAY), "until"),
        (boxes("until", None), "until"),
    ],
)
def test_a_share_that_cannot_be_is_refused(client, plan, supervisor, changed, field):
    write(client, plan, WELL, "Words")

    response = let_read(client, plan, supervisor, WELL, **changed)

    assert response.context["form"].errors.keys() == {field}
    assert not PlanShare.objects.exists()


def test_only_staff_of_ones_sites_and_own_parts_can_be_chosen(
    client, plan, supervisor, user_with_role
):
    write(client, plan, WELL, "Words")
    strangers = [user_with_role("lead", site=SiteFactory()), user_with_role("peer_worker")]
    theirs = PlanShareFactory().plan.sections.first()

    for stranger in strangers:
        assert let_read(client, plan, stranger, WELL).context["form"].errors.keys() == {"reader"}
    answer = let_read(client, plan, supervisor, sections=[str(theirs.pk)])
    assert answer.context["form"].errors.keys() == {"sections"}


def test_adjustments_go_along_only_where_they_are_ticked_and_shared(
    client, plan, worker, supervisor, sign_in
):
    write(client, plan, WELL, "Words")
    AdjustmentFactory(person=worker.person, text="A later start", shared_on=dt.date(2026, 1, 5))
    AdjustmentFactory(person=worker.person, text="A quiet room")
    let_read(client, plan, supervisor, WELL)
    page = url("shared-plan", PlanShare.objects.get().pk)
    without = sign_in(supervisor).get(page).text
    let_read(client, plan, supervisor, WELL, adjustments="on")

    text = sign_in(supervisor).get(page).text

    assert ["A later start" in each for each in (without, text)] == [False, True]
    assert "A quiet room" not in text


def test_it_goes_with_the_worker_to_another_team_and_says_who_works_with_them_no_more(
    client, plan, worker, supervisor, sign_in
):
    write(client, plan, WELL, "Words")
    let_read(client, plan, supervisor, WELL)
    page = url("shared-plan", PlanShare.objects.get().pk)
    assert "No longer works with you" not in client.get(url("plan")).text

    Spell.objects.update(ended_on=timezone.localdate())
    SpellFactory(person=worker.person, post=PostFactory(team=TeamFactory()))
    new = TermsFactory(agreement__person=worker.person).agreement.supervisor

    text = client.get(url("plan")).text
    assert "No longer works with you" in text
    assert "Words" in text
    assert sign_in(supervisor).get(page).status_code == 200  # until the worker takes it back
    assert sign_in(new).get(page).status_code == 404
    assert page not in sign_in(new).get(url("shared-with-me")).text


def test_the_list_costs_the_same_for_one_and_three(supervisor, sign_in, client, plan):
    PlanShareFactory(reader=supervisor)
    PlanShareFactory(plan=plan)
    reader = sign_in(supervisor)
    one = queries_of(reader, url("shared-with-me")), queries_of(client, url("plan"))
    for _ in range(2):
        PlanShareFactory(reader=supervisor)
        PlanShareFactory(plan=plan)

    assert (queries_of(reader, url("shared-with-me")), queries_of(client, url("plan"))) == one
    assert max(one) <= 15


# --- On paper -------------------------------------------------------------------------------------


def test_a_copy_holds_the_chosen_parts_and_the_shared_adjustments(client, plan, worker):
    write(client, plan, WELL, "A walk\n\nwith 王")
    write(client, plan, HARD, "Meetings")
    AdjustmentFactory(person=worker.person, text="A later start", shared_on=dt.date(2026, 1, 5))
    chosen = plan.sections.filter(heading=WELL)

    paper = on_paper(plan, chosen, adjustments=True, day=dt.date(2026, 11, 23))

    assert [block.text for block in paper.blocks] == [
        WELL.label,
        "A walk",
        "with 王",
        "My adjustments",
        "A later start",
    ]
    sent = {"sections": [str(chosen.get().pk)], "adjustments": "on"}
    answer = client.post(url("copy-plan", plan.pk), sent)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert client.post(url("copy-plan", plan.pk), {}).context["form"].errors.keys() == {"sections"}


# --- What nobody finds ----------------------------------------------------------------------------


def test_no_role_reads_it_and_it_stands_nowhere_but_in_its_encrypted_columns(
    client, plan, worker, supervisor, sign_in, user_with_role, caplog, mailoutbox, monkeypatch
):
    write(client, plan, WELL, f"{SECRET} a")
    write(client, plan, HARD, f"{SECRET} b")
    let_read(client, plan, supervisor, WELL, purpose=f"{SECRET} c")
    shared = PlanShare.objects.get()
    private = [
        url("plan-section", part(plan, HARD).pk),
        url("shared-plan", shared.pk),
        url("change-plan-share", shared.pk),
        url("copy-plan", plan.pk),
    ]
    for role in ROLES:
        visitor = sign_in(user_with_role(role))
        assert [visitor.get(page).status_code for page in private] == [404] * 4
        for page in pages_of_others(worker.person):
            text = visitor.get(page).text
            assert SECRET not in text, (role, page)
            assert "ellness plan" not in text, (role, page)
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(actions, "change", lambda *_args, **_more: 1 / 0)
        answer = write(client, plan, WELL, f"{SECRET} d")

    assert (answer.status_code, SECRET in answer.text) == (500, False)
    assert part(plan, WELL).words == f"{SECRET} a"
    assert tables_with(SECRET) == []
    assert SECRET not in caplog.text
    assert mailoutbox == []


def test_no_history_tells_that_somebody_keeps_a_plan():
    for model in (WellnessPlan, PlanSection, PlanDraft, PlanShare):
        assert model.owner_only
        assert not hasattr(model, "pgh_event_models")
