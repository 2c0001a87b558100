"""What waits for a worker stands first on their own pages, and on nobody else's."""

import datetime as dt

import pytest
from django.utils import timezone

from supervision.models import AgreedAction, RecordState, SessionStatus
from supervision.waiting import waiting_for
from tests.factories import PersonFactory, UserFactory
from tests.factories.supervision import AgreementFactory, SessionFactory, SessionRecordFactory
from tests.programme.pages import queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(user_with_role):
    user = user_with_role("peer_worker")
    PersonFactory(user=user)
    return user


def a_record(agreement, days_ago: int, **fields):
    starts_at = timezone.now() - dt.timedelta(days=days_ago)
    return SessionRecordFactory(
        session__agreement=agreement, session__starts_at=starts_at, **fields
    )


def test_what_waits_is_ones_own_and_what_is_settled_waits_no_more(worker):
    agreement = AgreementFactory(person=worker.person)
    older, newer = a_record(agreement, 9), a_record(agreement, 2)
    a_record(agreement, 5, state=RecordState.AGREED, agreed_at=timezone.now())
    a_record(AgreementFactory(), 1)
    ahead = [
        SessionFactory(
            agreement=agreement,
            status=SessionStatus.PLANNED,
            starts_at=timezone.now() + dt.timedelta(days=days),
        )
        for days in (9, 3)
    ]
    today = timezone.localdate()
    for owner, done_on in (("worker", None), ("worker", today), ("supervisor", None)):
        AgreedAction.objects.create(
            agreement=agreement,
            agreed_in=newer.session,
            words="Ask",
            owner=owner,
            added_on=today,
            done_on=done_on,
        )

    found = waiting_for(worker, timezone.now())

    assert found == ([older.session, newer.session], ahead[1], 1)
    assert waiting_for(agreement.supervisor, timezone.now()) == ([], None, 0)
    assert waiting_for(UserFactory(), timezone.now()) == ([], None, 0)


def test_the_first_page_and_my_supervision_lead_to_it(worker, sign_in):
    record = a_record(AgreementFactory(person=worker.person), 2)
    client = sign_in(worker)

    for page in ("/", "/supervision/mine/"):
        text = client.get(page).content.decode()
        assert f'href="/supervision/sessions/{record.session_id}/"' in text
        assert "Read and confirm what was written" in text


def test_three_records_take_no_more_queries_than_one(worker, sign_in):
    agreement = AgreementFactory(person=worker.person)
    client = sign_in(worker)
    a_record(agreement, 2)
    one = [queries_of(client, page) for page in ("/", "/supervision/mine/")]
    a_record(agreement, 3)
    a_record(agreement, 4)

    assert [queries_of(client, page) for page in ("/", "/supervision/mine/")] == one


@pytest.mark.parametrize("page", ["actions", "calendar", "drafts"])
def test_what_both_sides_have_leads_back_to_where_each_came_from(worker, sign_in, page):
    mine, theirs = (sign_in(user) for user in (worker, UserFactory()))

    found = [client.get(f"/supervision/{page}/").context["back"] for client in (mine, theirs)]

    assert found == ["/supervision/mine/", "/supervision/"]
