"""Two windows, two versions, a long time away: no answer is lost, doubled or put elsewhere."""

import datetime as dt
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils import timezone

from questionnaires.models import Questionnaire, QuestionnaireVersion
from tests.factories import CheckInFactory, RhythmFactory, SiteFactory, UserFactory
from tests.factories.supervision import TermsFactory
from tests.factories.wellbeing import ContactRequestFactory, five_questions
from tests.programme.pages import sent_by
from tests.wellbeing.pages import url
from wellbeing.actions import checkins as actions
from wellbeing.models import CheckIn, CheckInShare, Rhythm
from wellbeing.reading import lines

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
HELPS = {"link_id": "helps", "text": "What helps?", "kind": "short_text"}
HURTS = {"link_id": "hurts", "text": "What hurts?", "kind": "short_text"}


@pytest.fixture
def today() -> dt.date:
    return timezone.localdate()


def published(*items, of: Questionnaire | None = None) -> QuestionnaireVersion:
    of = of or Questionnaire.objects.create(key="w", name="W")
    return QuestionnaireVersion.objects.create(
        questionnaire=of,
        number=of.versions.count() + 1,
        document={"title": "W", "items": list(items)},
        published_at=timezone.now(),
    )


def given() -> list[dict]:
    return [row.answered for row in CheckIn.objects.order_by("started_at")]


def waits_since(worker, today: dt.date, days: int, **values) -> Rhythm:
    days = {"next_on": today - days * DAY, "settled_on": today - (days + 20) * DAY}
    return RhythmFactory(person=worker.person, weekday=0, **days | values)


@pytest.mark.parametrize("kept_first", [False, True])
def test_a_version_that_is_published_meanwhile_moves_no_answer(client, worker, kept_first):
    first = published(HELPS, HURTS)
    page = url("new-of-questionnaire", "w")
    sent = sent_by(client, page) | {"q1": "tea", "q2": "rota"}
    new = {"link_id": "wrong", "text": "What does your supervisor do wrong?", "kind": "short_text"}
    published(new, HELPS, HURTS, of=first.questionnaire)

    if kept_first:
        client.post(url("keep-check-in", "w"), sent)
    client.post(page, sent)

    assert given() == [{"helps": "tea", "hurts": "rota"}]
    assert CheckIn.objects.get().version == first


def test_one_question_a_page_keeps_its_words_though_another_window_moves_it(client, worker):
    nights = {"link_id": "nights", "text": "Nights?", "kind": "boolean"}
    when = [{"question": "nights", "operator": "=", "answer": True}]
    published(nights, HURTS | {"conditions": when}, HELPS, HELPS | {"link_id": "last"})

    def step(number: int) -> str:
        return url("check-in-step", "w", number)

    for number, typed in ((1, "yes"), (2, "the rota"), (4, "last words")):
        client.post(step(number), sent_by(client, step(number)) | {f"q{number}": typed})
    hidden, moved = sent_by(client, step(2)), sent_by(client, step(3))
    client.post(step(1), sent_by(client, step(1)) | {"q1": "no"})  # in another window
    onwards = client.post(step(3), moved | {"q3": "tea"})
    back = client.post(step(2), hidden | {"q2": "more"})

    assert given() == [{"nights": False, "helps": "tea", "last": "last words"}]
    assert onwards.url == step(3)
    assert back.url == url("new-of-questionnaire", "w")


def test_other_questions_are_neither_skipped_nor_counted_as_the_check_in(client, worker, today):
    published(HELPS)
    waits_since(worker, today, 1)
    client.post(url("keep-check-in", "w"), {"q1": "half an hour of writing"})

    page = url("new-of-questionnaire", "w")
    client.post(page, sent_by(client, page))
    still = "Check in, if you like" in client.get("/").text
    CheckIn.objects.update(finished_at=None)
    client.post(url("skip"))

    assert still
    assert given() == [{"helps": "half an hour of writing"}]
    assert "Check in, if you like" not in client.get("/").text


def test_sent_twice_after_a_long_time_away_it_is_one(client, worker, today):
    waits_since(worker, today, 70)
    page = url("new-check-in")
    sent = sent_by(client, page) | {"q1": "4"}

    first, again = client.post(page, sent), client.post(page, sent)
    kept = client.post(url("keep-check-in", "check-in"), sent)

    assert first.url == again.url
    assert (kept.status_code, CheckIn.objects.count()) == (409, 1)


def test_what_is_retired_can_be_finished_and_looked_back_on(client, worker, today):
    first = published(HELPS)
    page = url("new-of-questionnaire", "w")
    sent = sent_by(client, page) | {"q1": "tea"}
    client.post(url("keep-check-in", "w"), sent)
    Questionnaire.objects.filter(pk=first.questionnaire_id).update(retired_on=today)

    read = sent_by(client, page)
    finished = client.post(page, read)

    assert read["q1"] == "tea"
    assert finished.url == url("finished", CheckIn.objects.get().pk)
    assert client.get(url("trend-of", "w")).status_code == 200
    assert client.get(page).status_code == 404


def test_what_is_begun_is_listed_taken_along_deleted_and_kept_while_it_is_typed(client, worker):
    now, version = timezone.now(), five_questions()
    act = {"person": worker.person, "by": worker, "version": version, "read": ""}
    long_ago = now - 61 * DAY
    for at in (long_ago, now):
        actions.keep(**act, occasion_on=long_ago.date(), answers={"line": "Rota"}, at=at)
    actions.drop_unfinished(now)

    listed = client.get(url("my-check-ins")).text
    files = [b"".join(client.get(url(f"check-ins-{kind}"))).decode() for kind in ("json", "csv")]
    row = CheckIn.objects.get()
    client.post(url("delete-check-in", row.pk))

    assert url("delete-check-in", row.pk) in listed
    assert url("new-of-questionnaire", "check-in") in listed
    assert ["Rota" in file for file in files] == [True, True]
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize("by", ["not-now", "finish"])
def test_a_pause_ends_when_it_was_said_to(client, worker, today, by):
    waits_since(worker, today, 1, not_before=today + 60 * DAY)

    page = url("new-check-in")
    client.post(url("not-now")) if by == "not-now" else client.post(page, sent_by(client, page))

    assert Rhythm.objects.get().not_before == today + 60 * DAY


def test_a_change_of_rhythm_never_says_a_day_that_is_over(client, worker, today):
    waits_since(worker, today, 9)
    chosen = {"every_days": "28", "weekday": "4", "hour": "8", "at_points": "on"}

    assert "You are next asked today." in client.post(url("rhythm"), chosen, follow=True).text


def test_two_scales_of_one_question_are_two_lines():
    def asked(top: int, of=None) -> QuestionnaireVersion:
        options = [{"code": str(n), "text": str(n), "score": str(n)} for n in range(1, top + 1)]
        item = {"link_id": "e", "text": "Energy", "kind": "scale", "options": options}
        return published(item, of=of)

    first = asked(5)
    CheckInFactory(version=first, given={"e": "5"})
    CheckInFactory(version=asked(10, first.questionnaire), given={"e": "9"})

    found = [
        (len(line.question.options), line.points[0][1]) for line in lines(CheckIn.objects.all())
    ]
    assert sorted(found) == [(5, Fraction(5)), (10, Fraction(9))]


# --- What is said to whom -------------------------------------------------------------------------


def test_the_next_person_on_a_browser_is_told_nothing_of_the_last(
    client, worker, supervisor, sign_in
):
    row = CheckInFactory(person=worker.person)
    client.post(url("share-check-in", row.pk), {"reader": str(supervisor.pk)})
    waiting = client.cookies["messages"].value

    client.post(reverse("account_logout"))
    client.force_login(UserFactory())

    assert CheckInShare.objects.exists()
    assert supervisor.name not in waiting
    assert "can read this one" not in client.get("/account/").text


def test_whoever_passes_a_request_on_does_not_learn_who_else_supervises(
    worker, supervisor, user_with_role, sign_in, today
):
    far = user_with_role("supervisor", site=SiteFactory(), name="Far Away")
    near = user_with_role("supervisor", site=worker.person.spells.get().post.team.site)
    begun = {"agreement__supervisor": far, "agreement__starts_on": today - DAY}
    TermsFactory(agreement__person=worker.person, **begun)
    page = url("pass-contact", ContactRequestFactory(person=worker.person, owner=supervisor).pk)
    client = sign_in(supervisor)

    refused = client.post(page, sent_by(client, page) | {"to": str(far.pk)})

    assert refused.context["form"].errors.keys() == {"to"}
    assert list(refused.context["form"].fields["to"].queryset) == [near]


def test_a_lead_whose_role_has_ended_reads_nothing_more(client, worker, user_with_role, sign_in):
    lead = user_with_role("lead", site=worker.person.spells.get().post.team.site)
    row = CheckInFactory(person=worker.person)
    client.post(url("share-check-in", row.pk), {"reader": str(lead.pk), "keep_open": "on"})
    reader, page = sign_in(lead), url("shared-check-in", row.pk)

    before = reader.get(page).status_code
    lead.grants.update(ends_on=timezone.localdate())

    assert (before, reader.get(page).status_code) == (200, 404)


def test_ones_own_note_was_changed_by_oneself(client, worker):
    page = url("check-in-note", CheckInFactory(person=worker.person).pk)
    sent = sent_by(client, page)

    client.post(page, sent | {"note": "one"})
    told = client.post(page, sent | {"note": "two"}).text

    assert "You changed this in another window" in told
    assert "Somebody else" not in told
