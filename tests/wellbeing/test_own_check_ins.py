"""What becomes of a check-in afterwards: its author’s, who may let one person read it."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from programme.looks import at as looks_at
from tests.factories import CheckInFactory, CheckInShareFactory, RhythmFactory
from tests.factories.supervision import AgreementFactory, TermsFactory
from tests.programme.pages import queries_of
from tests.wellbeing.pages import GIVEN, answers, url
from wellbeing.actions import checkins as actions
from wellbeing.models import CheckIn, CheckInShare, Rhythm

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SECRET = "Xylophon8"


@pytest.fixture
def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture
def rhythm(worker, today) -> Rhythm:
    """One that waits since yesterday."""
    return RhythmFactory(
        person=worker.person, weekday=0, next_on=today - DAY, settled_on=today - 20 * DAY
    )


def only() -> CheckIn:
    return CheckIn.objects.get()


@pytest.mark.parametrize(("energy", "offered"), [("1", True), ("2", False)])
def test_after_a_low_answer_support_is_offered_and_nothing_is_sent(
    client, worker, mailoutbox, energy, offered
):
    page = client.get(answers(client, energy=energy).url).text

    assert ("Ask somebody to contact me" in page) == offered
    assert mailoutbox == []


def test_only_me_is_what_nobody_has_to_choose(client, worker):
    answers(client)

    assert not CheckInShare.objects.exists()
    assert not only().in_groups


def test_one_person_reads_one_check_in_until_it_is_taken_back(
    client, worker, supervisor, sign_in, today
):
    one, other = CheckInFactory.create_batch(2, person=worker.person, given={"line": SECRET})
    reader = sign_in(supervisor)

    client.post(url("share-check-in", one.pk), {"reader": str(supervisor.pk)})
    listed = reader.get(url("shared-with-me")).text
    read = reader.get(url("shared-check-in", one.pk))
    client.post(url("take-back-share", CheckInShare.objects.get().pk))
    after = reader.get(url("shared-check-in", one.pk))

    looks = list(looks_at(worker.person).values_list("viewer_id", "page"))
    assert url("shared-check-in", one.pk) in listed
    assert SECRET in read.text
    assert SECRET not in listed
    assert reader.get(url("shared-check-in", other.pk)).status_code == 404
    assert reader.get(url("check-in", one.pk)).status_code == 404
    assert after.status_code == 404
    assert looks == [(supervisor.pk, "wellbeing:shared-check-in")]


@pytest.mark.parametrize(("days", "status"), [(-1, 404), (0, 200), (1, 200)])
def test_a_share_ends_after_its_last_day(worker, supervisor, sign_in, today, days, status):
    share = CheckInShareFactory(
        check_in__person=worker.person, reader=supervisor, ends_on=today + days * DAY
    )

    response = sign_in(supervisor).get(url("shared-check-in", share.check_in_id))

    assert response.status_code == status


@pytest.mark.parametrize(("keep_open", "status"), [(False, 404), (True, 200)])
def test_a_share_ends_with_the_supervision_unless_the_worker_keeps_it_open(
    client, worker, supervisor, sign_in, today, keep_open, status
):
    begun = {"agreement__starts_on": today - 9 * DAY, "agreement__supervisor": supervisor}
    agreement = TermsFactory(agreement__person=worker.person, **begun).agreement
    row = CheckInFactory(person=worker.person)
    sent = {"reader": str(supervisor.pk)} | ({"keep_open": "on"} if keep_open else {})
    client.post(url("share-check-in", row.pk), sent)
    reader = sign_in(supervisor)

    during = reader.get(url("shared-check-in", row.pk)).status_code
    type(agreement).objects.filter(pk=agreement.pk).update(ended_on=today)

    assert (during, reader.get(url("shared-check-in", row.pk)).status_code) == (200, status)


def test_a_supervision_that_begins_tomorrow_is_none_yet(worker, supervisor, today):
    AgreementFactory(person=worker.person, supervisor=supervisor, starts_on=today + DAY)
    share = CheckInShareFactory(
        check_in__person=worker.person, reader=supervisor, while_supervising=True
    )

    from wellbeing.check_in_shares import check_in_shares_with

    assert share not in check_in_shares_with(supervisor, today)
    assert share in check_in_shares_with(supervisor, today + DAY)


def test_peer_workers_and_strangers_cannot_be_chosen(client, worker, user_with_role, site):
    row = CheckInFactory(person=worker.person)
    colleague = user_with_role("peer_worker", site=site)

    response = client.post(url("share-check-in", row.pk), {"reader": str(colleague.pk)})

    assert "reader" in response.context["form"].errors
    assert not CheckInShare.objects.exists()


def test_deleted_is_gone_also_for_readers(client, worker, supervisor):
    share = CheckInShareFactory(check_in__person=worker.person, reader=supervisor)
    CheckInFactory(person=worker.person)
    others = CheckInFactory()

    client.post(url("delete-check-in", share.check_in_id))
    one_less = CheckIn.objects.count()
    client.post(url("delete-check-ins"))

    assert one_less == 2
    assert list(CheckIn.objects.all()) == [others]
    assert not CheckInShare.objects.exists()


def test_nobody_acts_on_the_check_in_of_somebody_else(worker, supervisor):
    row = CheckInFactory(person=worker.person)

    for act in (
        lambda: actions.delete_one(check_in=row, by=supervisor),
        lambda: actions.write_note(check_in=row, by=supervisor, version="", note="x"),
        lambda: actions.stop_asking(person=worker.person, by=supervisor),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_trend_is_drawn_of_own_answers_only(client, worker):
    CheckInFactory(person=worker.person, given=GIVEN, note="My own note")
    CheckInFactory(given={"energy": "1"}, note=SECRET)

    page = client.get(url("trend"))
    picture = client.get(url("trend-svg", "check-in"))
    csv = b"".join(client.get(url("check-ins-csv"))).decode()
    downloaded = client.get(url("check-ins-json")).json()["check_ins"]

    assert "My own note" in page.text
    assert SECRET not in page.text + csv
    assert picture["Content-Type"] == "image/svg+xml"
    assert "no-store" in picture["Cache-Control"]
    assert csv.count("\n") == 1 + 6
    assert [row["codes"] for row in downloaded] == [GIVEN]


def test_answers_go_out_as_a_fhir_response_that_names_nobody(client, worker):
    from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

    row = CheckInFactory(person=worker.person, given=GIVEN | {"line": "Rota"}, note=SECRET)

    content = client.get(url("check-in-fhir", row.pk)).content

    found = QuestionnaireResponse.model_validate_json(content)
    assert found.questionnaire == f"{row.version.url}|{row.version.number}"
    assert {one.linkId for one in found.item} >= {"energy", "line"}
    assert not any(word in content.decode() for word in (SECRET, "Łukasz", "Briain"))


@pytest.mark.parametrize("page", ["my-check-ins", "trend"])
def test_a_list_takes_as_many_queries_for_three_as_for_one(client, worker, supervisor, page):
    CheckInShareFactory(check_in__person=worker.person, reader=supervisor)
    one = queries_of(client, url(page))
    for _ in range(2):
        CheckInShareFactory(check_in__person=worker.person, reader=supervisor)

    assert queries_of(client, url(page)) == one


def test_sharing_with_nobody_says_what_to_choose(client, worker):
    page = url("share-check-in", CheckInFactory(person=worker.person).pk)

    assert client.post(page, {}).text.count("Choose who may read it") == 2
