"""Asking somebody to get in touch: who is told, when, and of how little."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.roles import ROLES
from lxp.trail import Trail
from programme.actions.saving import NotSaved
from programme.looks import at as looks_at
from programme.models import Person
from tests.factories import SiteFactory, UserFactory
from tests.factories.supervision import TermsFactory
from tests.factories.wellbeing import ContactDutyFactory, ContactRequestFactory
from tests.programme.pages import queries_of
from tests.wellbeing.pages import pages_of_others, tables_with, url
from wellbeing.actions import contact as actions
from wellbeing.colleagues import to_choose_from
from wellbeing.models import ContactPassing, ContactRequest, Ending

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
SECRET = "Xylophon7"


WORDS = {"way": "phone", "detail": "01632 960777", "suits": "Tuesday"}


def asks(client, owner: User, **more):
    return client.post(url("ask-contact"), {"owner": str(owner.pk)} | WORDS | more)


@pytest.fixture
def stand_in(user_with_role, site):
    user = user_with_role("supervisor", site=site, name="Aoife")
    ContactDutyFactory(site=site, hours=4, stand_in=user)
    return user


@pytest.fixture
def asked(client, supervisor, stand_in) -> ContactRequest:
    asks(client, supervisor)
    return ContactRequest.objects.get()


# --- Asking ---------------------------------------------------------------------------------------


def test_staff_of_ones_sites_and_ones_supervisors_can_be_asked_and_peer_workers_never(
    worker, supervisor, user_with_role, site
):
    today = timezone.localdate()
    leads = [user_with_role("lead", site=site), user_with_role("lead")]
    user_with_role("lead", site=SiteFactory())
    user_with_role("supervisor", site=site, is_active=False)
    for role in ROLES.keys() - {"lead", "supervisor"}:
        user_with_role(role, site=site)
    elsewhere = TermsFactory(agreement__person=worker.person).agreement.supervisor

    offered = set(to_choose_from(worker.person, today))

    assert offered == {supervisor, *leads, elsewhere}


def test_a_request_holds_who_how_and_when_and_nothing_about_why():
    columns = {field.name for field in ContactRequest._meta.get_fields()}

    assert columns == {
        *("id", "person", "account", "owner", "way", "detail", "suits", "asked_at", "answer_by"),
        *("stand_in", "leads_from", "ended_at", "ending", "ended_by", "reply", "passings"),
    }


def test_the_worker_reads_before_and_after_who_is_told_next_and_when(
    client, supervisor, stand_in, monkeypatch
):
    monday = dt.datetime(2026, 11, 23, 10, 30, tzinfo=dt.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: monday)

    before = client.get(url("ask-contact")).text
    after = client.get(asks(client, supervisor).url).text

    for text in (before, after):
        assert "Monday 23 November, 14:30" in text
        assert "Tuesday 24 November, 10:30" in text
        assert "Aoife" in text
        assert "Nobody watches this live" in text
        assert url("support") in text


def test_without_a_stand_in_leads_are_next(client, supervisor):
    asks(client, supervisor)

    asked = ContactRequest.objects.get()
    assert (asked.stand_in, asked.leads_from) == (None, asked.answer_by)


def test_a_stand_in_who_is_asked_or_left_the_role_is_nobodys_stand_in(
    client, worker, stand_in, supervisor
):
    asks(client, stand_in)
    stand_in.grants.update(ends_on=dt.date(2021, 1, 1))
    asks(client, supervisor)

    assert set(ContactRequest.objects.values_list("stand_in", flat=True)) == {None}


def test_sent_twice_is_one_request_and_another_way_is_refused_with_the_reason(client, supervisor):
    pages = [asks(client, supervisor).url, asks(client, supervisor).url]
    refused = asks(client, supervisor, way="email")

    assert pages[0] == pages[1]
    assert refused.context["form"].errors == {"owner": [actions.ASKED_ALREADY]}
    assert ContactRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_are_one_request(worker, supervisor):
    barrier, found = threading.Barrier(2), []
    words = {"way": "phone", "detail": "", "suits": ""}

    def ask():
        try:
            barrier.wait()
            act = {"at": timezone.now(), "day": timezone.localdate()}
            person = worker.person
            found.append(actions.ask(person=person, by=worker, owner=supervisor, **act, **words))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 2
    assert ContactRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("owner", ""), ("owner", "x"), ("way", ""), ("way", "fax"), ("detail", "a\x00b")],
)
def test_a_wrong_entry_is_refused(client, supervisor, field, value):
    sent = {"owner": str(supervisor.pk)} | WORDS | {field: value}
    response = client.post(url("ask-contact"), sent)

    assert response.context["form"].errors.keys() == {field}
    assert not ContactRequest.objects.exists()


def test_nobody_outside_the_list_is_asked(client, worker, user_with_role):
    stranger = user_with_role("supervisor", site=SiteFactory())

    assert asks(client, stranger).context["form"].errors.keys() == {"owner"}
    with pytest.raises(NotSaved):
        actions.ask(
            person=worker.person,
            by=worker,
            owner=stranger,
            at=timezone.now(),
            day=timezone.localdate(),
            way="phone",
        )


# --- Who sees it, and when ------------------------------------------------------------------------


def test_unanswered_it_comes_to_the_stand_in_and_then_to_leads_of_the_site(
    asked, worker, supervisor, stand_in, user_with_role, site
):
    cast = {
        "asked": supervisor,
        "stand-in": stand_in,
        "lead": user_with_role("lead", site=site),
        "lead of all": user_with_role("lead"),
        "lead elsewhere": user_with_role("lead", site=SiteFactory()),
        "administrator": user_with_role("administrator"),
        "supervisor": user_with_role("supervisor", site=site),
        "peer worker": user_with_role("peer_worker", site=site),
        "themselves": worker,
    }

    def told(at):
        seen = ContactRequest.objects
        return [who for who, user in cast.items() if seen.waiting_for(user, at).exists()]

    moment = dt.timedelta(seconds=1)
    assert told(asked.answer_by - moment) == ["asked"]
    assert told(asked.answer_by) == ["asked", "stand-in"]
    assert told(asked.leads_from - moment) == ["asked", "stand-in"]
    assert told(asked.leads_from) == ["asked", "stand-in", "lead", "lead of all"]


def test_whoever_cannot_sign_in_is_not_waited_for(asked, supervisor, stand_in, lead):
    now = timezone.now()

    supervisor.is_active = False
    supervisor.save()
    waiting = ContactRequest.objects.waiting_for
    assert [waiting(user, now).count() for user in (stand_in, lead)] == [1, 0]
    stand_in.is_active = False
    stand_in.save()
    assert waiting(lead, now).count() == 1


def test_who_comes_later_reads_name_way_and_when_and_no_number(
    asked, supervisor, stand_in, sign_in
):
    page, listed = url("contact", asked.pk), url("contact-waiting")
    assert sign_in(stand_in).get(page).status_code == 404
    ContactRequest.objects.update(
        asked_at=asked.asked_at - 9 * HOUR, answer_by=timezone.now() - HOUR
    )

    first, later = sign_in(supervisor).get(page).text, sign_in(stand_in).get(page).text

    for text in (first, later):
        assert "Łukasz Ó Briain" in text
        assert "Tuesday" in text
    assert ("01632 960777" in first, "01632 960777" in later) == (True, False)
    assert "Pass it to" not in later
    assert sign_in(stand_in).get(url("pass-contact", asked.pk)).status_code == 403
    assert "Łukasz Ó Briain" in sign_in(stand_in).get(listed).text


def test_opening_a_request_is_a_look_that_the_worker_sees_and_the_trail_does_not_tell(
    asked, client, worker, supervisor, sign_in
):
    sign_in(supervisor).get(url("contact", asked.pk))

    assert [look.page for look in looks_at(worker.person)] == ["wellbeing:contact"]
    assert "Your request to be contacted" in client.get("/my-record/looks/").text
    assert "Looked at" not in {entry.what for entry in Trail({}).entries()}


def test_waiting_costs_the_same_for_one_and_three(supervisor, sign_in):
    ContactRequestFactory(owner=supervisor)
    client = sign_in(supervisor)
    one = [queries_of(client, page) for page in (url("contact-waiting"), "/")]
    for _ in range(2):
        ContactRequestFactory(owner=supervisor)

    assert [queries_of(client, page) for page in (url("contact-waiting"), "/")] == one
    assert max(one) <= 10
    assert "3 people ask to be contacted." in client.get("/").text


def test_ones_own_list_costs_the_same_for_one_and_three(client, worker):
    ContactRequestFactory(person=worker.person)
    one = queries_of(client, url("my-contact"))
    for _ in range(2):
        ContactRequestFactory(person=worker.person)

    assert queries_of(client, url("my-contact")) == one


# --- How it ends ----------------------------------------------------------------------------------


def test_whoever_was_in_touch_says_so_and_it_waits_for_nobody(
    asked, client, supervisor, stand_in, sign_in
):
    answered = sign_in(supervisor)
    assert "1 person asks to be contacted." in answered.get("/").text

    answered.post(url("in-touch", asked.pk), {"reply": "See you on Tuesday."})

    asked.refresh_from_db()
    assert (asked.ending, asked.ended_by, asked.detail, asked.suits) == (
        Ending.IN_TOUCH,
        supervisor,
        "",
        "",
    )
    assert answered.get(url("contact", asked.pk)).status_code == 404
    assert "contacted" not in answered.get("/").text
    assert "See you on Tuesday." in client.get(url("contact", asked.pk)).text


def test_a_message_that_was_asked_for_is_written(client, supervisor, sign_in):
    asks(client, supervisor, way="message")
    page = url("in-touch", ContactRequest.objects.get().pk)
    answering = sign_in(supervisor)

    empty = answering.post(page, {"reply": ""})

    assert empty.context["form"].errors.keys() == {"reply"}
    assert answering.post(page, {"reply": "Yes"}).status_code == 302
    assert ContactRequest.objects.get().reply == "Yes"


def test_two_who_answer_at_once_are_told_that_one_has(asked, supervisor, stand_in, sign_in):
    at = asked.answer_by
    actions.say_in_touch(request=asked, by=stand_in, at=at, reply="")

    with pytest.raises(NotSaved, match=actions.ENDED):
        actions.say_in_touch(request=asked, by=supervisor, at=at, reply="")


def test_passed_on_it_keeps_its_times_and_the_worker_is_told(
    asked, client, supervisor, stand_in, sign_in, user_with_role, site
):
    other = user_with_role("lead", site=site, name="Siân")
    outsider = user_with_role("lead", site=SiteFactory())
    page = url("pass-contact", asked.pk)

    refused = sign_in(supervisor).post(page, {"to": str(outsider.pk)})
    sign_in(supervisor).post(page, {"to": str(other.pk)})

    assert refused.context["form"].errors.keys() == {"to"}
    was = asked.answer_by
    asked.refresh_from_db()
    assert (asked.owner, asked.answer_by) == (other, was)
    assert sign_in(supervisor).get(url("contact", asked.pk)).status_code == 404
    assert "Marcus 王 passed it to Siân" in client.get(url("contact", asked.pk)).text


def test_passed_to_somebody_who_was_asked_too_the_two_become_one(
    asked, client, supervisor, stand_in, sign_in
):
    asks(client, stand_in)

    answer = sign_in(supervisor).post(
        url("pass-contact", asked.pk), {"to": str(stand_in.pk)}, follow=True
    )

    assert "Passed on." in answer.text
    assert [one.owner for one in ContactRequest.objects.open()] == [stand_in]
    assert "so both are one now" in client.get(url("contact", asked.pk)).text


@pytest.mark.parametrize("page", ["withdraw-contact", "settle-contact", "delete-contact"])
def test_the_worker_ends_it_at_once(asked, client, supervisor, sign_in, page):
    before = sign_in(supervisor).get(url("contact", asked.pk)).status_code
    assert client.get(url(page, asked.pk)).status_code == 200
    assert ContactRequest.objects.open().exists()

    client.post(url(page, asked.pk))

    after = sign_in(supervisor).get(url("contact", asked.pk)).status_code
    assert (before, after) == (200, 404)
    left = {"withdraw-contact": ["withdrawn"], "settle-contact": ["settled"], "delete-contact": []}
    assert list(ContactRequest.objects.values_list("ending", flat=True)) == left[page]


# --- What nobody finds ----------------------------------------------------------------------------


def test_what_is_typed_stands_nowhere_but_in_its_encrypted_columns(
    client, worker, supervisor, stand_in, sign_in, user_with_role, caplog, mailoutbox, monkeypatch
):
    asks(client, supervisor, detail=f"{SECRET} a", suits=f"{SECRET} b")
    asks(client, stand_in, way="message")
    second = ContactRequest.objects.get(owner=stand_in)
    sign_in(stand_in).post(url("in-touch", second.pk), {"reply": f"{SECRET} c"})
    for role in ROLES:
        visitor = sign_in(user_with_role(role))
        for page in [*pages_of_others(worker.person), url("contact", second.pk)]:
            assert SECRET not in visitor.get(page).text, (role, page)
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(actions, "after", lambda *_args: 1 / 0)
        answer = asks(client, supervisor, suits=f"{SECRET} d")

    assert (answer.status_code, SECRET in answer.text) == (500, False)
    assert ContactRequest.objects.get(owner=supervisor).detail == f"{SECRET} a"
    assert ContactRequest.objects.get(owner=stand_in).reply == f"{SECRET} c"
    assert tables_with(SECRET) == []
    assert SECRET not in caplog.text
    assert mailoutbox == []


def test_no_history_tells_that_somebody_asked():
    for model in (ContactRequest, ContactPassing):
        assert model.owner_only
        assert not hasattr(model, "pgh_event_models")


def test_what_a_former_account_asked_is_nobodys_to_answer(worker, supervisor, sign_in):
    """Taken off its account it still waits, so that nobody who asked is forgotten."""
    asked = ContactRequestFactory(
        person=worker.person, account=worker, owner=supervisor, detail="01632 960001"
    )
    page, reader, seen = url("contact", asked.pk), sign_in(supervisor), []

    for account in (worker, None, UserFactory()):
        Person.objects.filter(pk=asked.person_id).update(user=account)
        seen.append((reader.get(page).status_code, "960001" in reader.get(page).text))

    assert seen == [(200, True), (200, True), (404, False)]
    assert reader.get(url("contact-waiting")).context["page"].paginator.count == 0
