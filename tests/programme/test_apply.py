"""Somebody applies without an account: saved as it is typed, sent once, and theirs to follow."""

import datetime as dt
import json
import logging
import re

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lxp.logs import OneLine
from programme import limits
from programme.actions.moves import move
from programme.applicant_links import key_for
from programme.applicant_mail import deliver_waiting
from programme.models import (
    Applicant,
    ApplicantMail,
    EqualityAnswers,
    LinkRequest,
    Round,
    StageMove,
)
from programme.tasks import deliver_applicant_mail, drop_old_drafts
from tests.factories import (
    ApplicantFactory,
    DraftFactory,
    EmploymentCheckFactory,
    InterviewSlotFactory,
    RoundFactory,
    RoundQuestionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
WORDS = {
    "first_name": "Zoë",
    "last_name": "Ó Briain 王",
    "email": "zoe@example.org",
    "phone": "01632 960001",
    "statement": "I would listen.\r\nAnd then ask.",
    "adjustments": "A quiet room",
}


@pytest.fixture
def visitor() -> Client:
    return Client()


@pytest.fixture
def offered() -> Round:
    return RoundFactory()


def page(name: str, *args) -> str:
    return reverse(f"programme:{name}", args=args)


def mine(applicant: Applicant, name: str = "my-application") -> str:
    return page(name, key_for(applicant.pk))


def problems(response) -> dict:
    return dict(response.context["form"].errors)


def apply(visitor, offered, **changed):
    data = WORDS | {"ready": "on", "send": "1"} | changed
    return visitor.post(page("apply-round", offered.pk), data)


# --- Sending --------------------------------------------------------------------------------------


def test_an_application_is_sent_and_acknowledged_at_once(
    visitor, offered, django_capture_on_commit_callbacks
):
    question = RoundQuestionFactory(round=offered)
    before = timezone.now()
    with django_capture_on_commit_callbacks():
        apply(visitor, offered, **{f"question_{question.pk.hex}": "Ward work"})
    deliver_waiting(at=timezone.now())

    made = Applicant.objects.get()
    assert (str(made), made.email, made.stage.kind) == (
        "Zoë Ó Briain 王",
        "zoe@example.org",
        "applied",
    )
    assert (made.statement, made.adjustments) == ("I would listen.\nAnd then ask.", "A quiet room")
    assert [answer.text for answer in made.answers.all()] == ["Ward work"]
    move = StageMove.objects.get()
    assert (move.from_stage, move.to_stage, move.by) == (None, made.stage, None)
    assert before <= move.at == made.submitted_at == made.stage_since
    [message] = mail.outbox
    assert (message.subject, message.to) == ("Thank you, we have received it", [made.email])
    link = re.search(r"http\S+", message.body)[0]
    assert visitor.get(link.removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert not re.search("peer|lived|mental|round", message.subject + message.body, re.IGNORECASE)


def test_the_form_asks_nothing_about_health(visitor, offered):
    fields = visitor.get(page("apply-round", offered.pk)).context["form"].fields

    assert set(fields) == {*WORDS, "ready", "version", "carried"}


def test_what_is_missing_is_said_and_what_is_there_is_kept(visitor, offered):
    required = RoundQuestionFactory(round=offered, kind="short")
    response = visitor.post(
        page("apply-round", offered.pk), {"last_name": "王", "email": "wrong", "send": "1"}
    )

    assert set(problems(response)) == {
        "email",
        "statement",
        "ready",
        f"question_{required.pk.hex}",
    }
    draft = Applicant.objects.get()
    assert (draft.last_name, draft.email, draft.is_draft) == ("王", "", True)
    assert response.context["action"].startswith(f"/apply/mine/{draft.pk}")
    assert response.context["form"]["email"].value() == "wrong"


def test_an_empty_form_that_is_sent_twice_makes_one_application(visitor, offered):
    carried = visitor.get(page("apply-round", offered.pk)).context["form"]["carried"].value()
    for _ in range(2):
        apply(visitor, offered, carried=carried)
    apply(visitor, offered, carried=carried[:-3] + "abc")  # not ours: an application of its own

    elsewhere = RoundFactory()
    apply(visitor, elsewhere, carried=carried)

    assert (offered.applicants.count(), elsewhere.applicants.count()) == (2, 1)
    assert ApplicantMail.objects.count() == 3


def test_sending_twice_sends_once(visitor, offered):
    draft = DraftFactory(round=offered)
    data = WORDS | {"ready": "on", "send": "1"}
    first = visitor.post(mine(draft, "my-form"), data)
    second = visitor.post(mine(draft, "my-form"), data)

    assert first["Location"] == page("equality", offered.pk)
    assert second["Location"].startswith("/apply/mine/")
    assert (StageMove.objects.count(), ApplicantMail.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("last_name", "two\r\nBcc: all@example.org"),
        ("last_name", "a\x00b"),
        ("email", "a@example.org\nBcc: all@example.org"),
        ("statement", "a\x00b"),
        ("statement", "word " * 200_000),
        ("adjustments", "x" * 2001),
    ],
)
def test_what_cannot_be_kept_is_refused_kindly_and_stays_on_the_page(visitor, offered, name, value):
    response = apply(visitor, offered, **{name: value})

    assert (response.status_code, set(problems(response))) == (200, {name})
    assert response.context["form"][name].value() == value
    assert Applicant.objects.get().is_draft
    assert not ApplicantMail.objects.exists()


def statements(client: Client, url: str, data: dict) -> list[str]:
    """What a page asks of the database, without the values."""
    with CaptureQueriesContext(connection) as captured:
        client.post(url, data)
    values = r"'(?:[^']|'')*'|\"s\d+_x\d+\"|\b\d+(?:\.\d+)?\b"
    return [re.sub(values, "?", one["sql"]) for one in captured]


def test_nothing_tells_whether_an_address_has_applied_before(visitor, offered):
    sent = WORDS | {"ready": "on", "send": "1"}
    asked, shown = [], []
    for client in (visitor, Client()):
        own = sent | {"email": f"{len(asked)}@example.org"}
        apply(Client(), RoundFactory(), email=own["email"])  # the limits know the address
        if asked:
            apply(Client(), offered, email=own["email"])
        asked.append(statements(client, page("apply-round", offered.pk), own))
        done = client.post(page("equality", offered.pk), {"skip": "1"})
        pages = done.text + client.get(done.context["own_page"]).text
        shown.append(re.sub("/apply/mine/[^/]+/", "", pages).replace(own["email"], ""))

    assert asked[0] == asked[1]
    assert shown[0] == shown[1]
    assert offered.applicants.submitted().count() == 3


def test_the_address_alone_is_told_of_an_open_application_in_the_same_round(visitor, offered):
    open_one = ApplicantFactory(round=offered, email="ZOE@example.org", kind="on_hold")
    for other in (
        {"round": offered, "kind": "withdrew"},
        {"round": offered, "merged_into": open_one},
        {},  # of another round: one may apply for both
    ):
        ApplicantFactory(**{"email": "zoe@example.org"} | other)
    ApplicantFactory(round=offered, first_name="Zoë", last_name=WORDS["last_name"])
    apply(visitor, offered)
    deliver_waiting(at=timezone.now())

    [message] = mail.outbox
    assert message.to == ["zoe@example.org"]
    assert keys_in(message)[1:] == [str(open_one.pk)]
    assert "Sent on 2 March 2026" in message.body
    assert not re.search("peer|lived|mental|round", message.body, re.IGNORECASE)


def keys_in(message) -> list[str]:
    """Which applications a message leads to."""
    return re.findall("/apply/mine/([0-9a-f-]+):", message.body)


# --- Drafts ---------------------------------------------------------------------------------------


def test_no_draft_before_something_is_typed(visitor, offered):
    saved = visitor.post(page("apply-save", offered.pk), {"last_name": "  ", "version": ""})
    pressed = visitor.post(page("apply-round", offered.pk), {"save": "1"})

    assert (saved.json(), Applicant.objects.count()) == ({}, 0)
    assert problems(pressed)["__all__"] == ["Nothing is written yet, so there is nothing to save."]


def test_typing_makes_one_draft_and_goes_on_with_it(visitor, offered):
    first = visitor.post(page("apply-save", offered.pk), {"statement": "I would"}).json()
    second = visitor.post(
        first["save"], {"statement": "I would ask", "email": "zo", "version": first["version"]}
    ).json()

    draft = Applicant.objects.get()
    assert (draft.statement, draft.email) == ("I would ask", "")
    assert second["problem"] == "Not saved yet: Email address."
    assert visitor.get(first["action"]).context["form"]["statement"].value() == "I would ask"


def test_saving_over_what_was_saved_elsewhere_loses_neither(visitor):
    draft = DraftFactory(statement="From the phone")
    old = {"statement": "From the desk", "version": "2026-01-01T00:00:00+00:00"}

    typed = visitor.post(mine(draft, "my-save"), old)
    pressed = visitor.post(mine(draft, "my-form"), old | {"save": "1"})

    assert typed.status_code == 409
    assert ("How you would use your lived experience", "From the phone") in pressed.context[
        "elsewhere"
    ]
    assert pressed.context["form"]["statement"].value() == "From the desk"
    assert Applicant.objects.get().statement == "From the phone"


def test_finishing_later_shows_the_link_and_sends_it(visitor, offered):
    response = visitor.post(
        page("apply-round", offered.pk), {"email": "zoe@example.org", "save": "1"}, follow=True
    )
    deliver_waiting(at=timezone.now())

    assert response.context["link"] in response.content.decode()
    assert [message.subject for message in mail.outbox] == ["The link you asked for"]


def test_a_draft_can_be_deleted_with_everything_in_it(visitor):
    draft = DraftFactory()
    sent = ApplicantFactory(round=draft.round)
    visitor.post(mine(draft, "drop-draft"))
    visitor.post(mine(sent, "drop-draft"))

    assert list(Applicant.objects.all()) == [sent]


def test_a_draft_goes_when_nothing_was_written_for_half_a_year():
    long_ago = timezone.now() - dt.timedelta(days=181)
    old, kept = DraftFactory(saved_at=long_ago), ApplicantFactory(saved_at=long_ago)
    young = DraftFactory(round=old.round, saved_at=timezone.now() - dt.timedelta(days=179))
    drop_old_drafts()

    assert set(Applicant.objects.all()) == {kept, young}


def test_the_key_of_a_link_is_in_no_log_line():
    record = logging.LogRecord(
        "django.request", 40, "", 1, "Error: %s", ("/apply/mine/a:b:c/x/",), None
    )

    assert OneLine("%(message)s").format(record) == "Error: /apply/mine/…"


# --- Rounds that are not open ---------------------------------------------------------------------


def test_a_round_that_closes_while_somebody_writes_loses_nothing(visitor, offered):
    draft = DraftFactory(round=offered)
    offered.closes_on = dt.date(2026, 2, 1)
    offered.save()

    for url in (mine(draft, "my-form"), page("apply-round", offered.pk)):
        response = visitor.post(url, WORDS | {"ready": "on", "send": "1"})
        assert problems(response)["__all__"] == ["This closed while you were writing."]
        text = response.content.decode()
        assert "It took applications until 1 February 2026" in text
        assert offered.contact_email in text
        assert "I would listen." in text
    kept = {(one.statement, one.is_draft) for one in Applicant.objects.all()}
    assert kept == {("I would listen.\nAnd then ask.", True)}


def test_the_last_day_counts_and_days_are_londons(visitor):
    offered = RoundFactory(closes_on=dt.date(2026, 7, 1))
    for minute, status in (("22:59", 302), ("23:01", 200)):  # an hour less than in London
        with time_machine.travel(f"2026-07-01T{minute}:00+00:00", tick=False):
            assert apply(Client(), offered).status_code == status


def test_drafts_of_leads_are_not_there_and_only_open_rounds_are_listed(visitor, offered):
    draft = RoundFactory(state="draft", published_on=None)
    later = RoundFactory(opens_on=dt.date(2099, 1, 1))
    RoundFactory(closes_on=dt.date(2026, 2, 1))

    assert visitor.get(page("apply-round", draft.pk)).status_code == 404
    assert "1 January 2099" in visitor.get(page("apply-round", later.pk)).content.decode()
    assert list(visitor.get(page("apply")).context["rounds"]) == [offered]


# --- One's own page -------------------------------------------------------------------------------


def test_each_step_has_its_state_whose_turn_and_a_date(visitor):
    applicant = ApplicantFactory(kind="interview")
    stages = applicant.round.stages
    stages.filter(kind="interview").update(expected_on=dt.date(2099, 4, 3))
    stages.filter(kind="offer").update(expected_on=dt.date(2099, 4, 10))

    context = visitor.get(mine(applicant)).context
    assert [tuple(step) for step in context["steps"]] == [
        ("applied", "Done", "green", "2 March 2026"),
        ("shortlisting", "Done", "green", ""),
        ("interview", "Now", "blue", "Since 2 March 2026"),
        ("offer", "To come", "white", "Expected by 10 April 2099"),
        ("checks", "To come", "white", ""),
        ("appointed", "To come", "white", ""),
    ]
    assert (context["turn"], context["expected"]) == (
        "It is our turn",
        "We expect “interview” to be done by 3 April 2099.",
    )


def test_a_check_that_waits_for_the_applicant_makes_it_their_turn(visitor):
    check = EmploymentCheckFactory(expected_on=dt.date(2099, 5, 1))
    context = visitor.get(mine(check.applicant)).context

    assert context["turn"] == "It is your turn"
    assert context["checks"] == [
        ("Identity", "Not finished, expected by 1 May 2099: it is your turn")
    ]


def test_a_finished_check_has_its_day_and_a_health_assessment_says_fit(visitor):
    done = {"outcome": "clear", "outcome_on": dt.date(2026, 4, 1), "turn": "nobody"}
    done["checker"] = UserFactory()
    health = EmploymentCheckFactory(standard="health", **done)
    EmploymentCheckFactory(applicant=health.applicant, standard="identity", **done)

    assert visitor.get(mine(health.applicant)).context["checks"] == [
        ("Identity", "Clear, 1 April 2026"),
        ("Work health assessment", "Fit, 1 April 2026"),
    ]


def test_a_date_that_has_passed_is_admitted(visitor):
    applicant = ApplicantFactory(kind="shortlisting")
    applicant.round.stages.filter(kind="shortlisting").update(expected_on=dt.date(2026, 1, 9))

    assert "It takes longer" in visitor.get(mine(applicant)).context["expected"]


def test_withdrawing_is_dated_coded_and_final(visitor):
    applicant = ApplicantFactory(kind="interview")
    for reason in ("other_job", ""):
        visitor.post(mine(applicant, "withdraw"), {"reason": reason})

    applicant.refresh_from_db()
    assert (applicant.stage.kind, applicant.reason) == ("withdrew", "other_job")
    last = applicant.moves.order_by("at").last()
    assert (last.from_stage.kind, last.reason, last.by) == ("interview", "other_job", None)
    assert ApplicantMail.objects.get().kind == "withdrew"
    assert visitor.get(mine(applicant)).context["may_withdraw"] is False


def test_a_link_works_for_90_days_and_only_as_it_was_made(visitor):
    applicant = ApplicantFactory()
    url = mine(applicant)
    forged = url[:-4] + ("aaa/" if url[-4:] != "aaa/" else "bbb/")
    assert visitor.get(forged).status_code == 404
    with time_machine.travel(timezone.now() + dt.timedelta(days=91)):
        late = visitor.get(url)
    assert (late.status_code, "Links work for 90 days" in late.content.decode()) == (410, True)


def test_no_page_makes_a_link_younger(visitor):
    """Whoever has an old link could keep it alive for ever."""
    draft, sent = DraftFactory(), ApplicantFactory(kind="interview")
    slot = InterviewSlotFactory(round=sent.round, starts_at=timezone.now() + dt.timedelta(days=200))
    keys = {row.pk: key_for(row.pk) for row in (draft, sent)}
    with time_machine.travel(timezone.now() + dt.timedelta(days=80)):
        for row, name in (
            (draft, "my-application"),
            (draft, "my-form"),
            (sent, "my-application"),
            (sent, "my-interview"),
            (sent, "withdraw"),
        ):
            text = visitor.get(page(name, keys[row.pk])).text
            assert keys[row.pk] in text
            assert text.count(f"{row.pk}:") == text.count(keys[row.pk])
        saved = visitor.post(page("my-save", keys[draft.pk]), {"first_name": "Zoë"}).json()
        assert all(keys[draft.pk] in saved[name] for name in ("action", "save", "link"))
        chosen = visitor.post(page("my-interview", keys[sent.pk]), {"slot": slot.pk})
        assert chosen.url == page("my-application", keys[sent.pk])
        visitor.post(page("my-form", keys[draft.pk]), WORDS | {"ready": "on", "send": "1"})
        assert keys[draft.pk] in visitor.session["own_application"]


def test_of_two_joined_applications_the_other_ones_link_leads_on(visitor):
    kept = ApplicantFactory()
    joined = ApplicantFactory(round=kept.round, merged_into=kept)
    response = visitor.get(mine(joined))

    assert (response.status_code, str(kept.pk) in response.content.decode()) == (410, False)


def test_a_move_is_told_once_by_a_message_that_says_nothing(lead):
    applicant = ApplicantFactory()
    stages = {stage.kind: stage for stage in applicant.round.stages.all()}
    for kind in ("shortlisting", "interview"):
        picked = {applicant.pk: Applicant.objects.get().stage_id}
        now = timezone.now()
        move(in_round=applicant.round, picked=picked, to=stages[kind], by=lead, at=now)
    deliver_waiting(at=timezone.now())

    [message] = mail.outbox
    assert message.subject == "There is something new for you to read"
    assert not re.search("interview|peer|panel", message.body, re.IGNORECASE)


def test_a_new_link_is_sent_and_the_answer_is_the_same_for_every_address(visitor):
    applicant = ApplicantFactory(email="zoe@example.org")
    known = visitor.post(page("send-link"), {"email": "ZOE@example.org"})
    unknown = visitor.post(page("send-link"), {"email": "xyz@example.org"})

    told = [answer.content.decode().lower() for answer in (known, unknown)]
    assert told[0].replace("zoe", "xyz") == told[1]
    deliver_applicant_mail()
    assert ApplicantMail.objects.get().applicant == applicant
    assert not LinkRequest.objects.exists()


def test_asking_for_a_link_does_the_same_for_every_address(
    visitor, django_capture_on_commit_callbacks
):
    """So that the time of the answer says nothing: the worker looks who it is."""
    ApplicantFactory(email="zoe@example.org")
    visitor.post(page("send-link"), {"email": "first@example.org"})  # the limit knows the place
    with django_capture_on_commit_callbacks() as hints:
        known = statements(visitor, page("send-link"), {"email": "zoe@example.org"})
        unknown = statements(visitor, page("send-link"), {"email": "xyz@example.org"})

    assert known == unknown
    assert not [one for one in known if '"programme_applicant' in one]
    assert (len(hints), LinkRequest.objects.count()) == (2, 3)


def test_all_links_of_an_address_come_in_one_message(visitor):
    newest = ApplicantFactory(email="zoe@example.org", started_at=timezone.now())
    draft = DraftFactory(email="zoe@example.org")
    ApplicantFactory(email="zoe@example.org", merged_into=newest)
    ApplicantFactory(email="zoe@example.org", submitted_at=timezone.now() - dt.timedelta(days=366))
    visitor.post(page("send-link"), {"email": "Zoe@example.org"})
    deliver_applicant_mail()

    [message] = mail.outbox
    assert keys_in(message) == [str(newest.pk), str(draft.pk)]


def test_a_request_for_links_that_waited_for_days_is_forgotten(visitor):
    ApplicantFactory(email="zoe@example.org")
    visitor.post(page("send-link"), {"email": "zoe@example.org"})
    with time_machine.travel(timezone.now() + dt.timedelta(days=4)):
        deliver_applicant_mail()

    assert (LinkRequest.objects.count(), ApplicantMail.objects.count()) == (0, 0)


def test_no_page_grows_its_queries_with_questions_and_steps(visitor):
    applicant = ApplicantFactory(kind="checks")

    def queries(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert visitor.get(url).status_code == 200
        return len(captured)

    pages = [mine(applicant), page("apply-round", applicant.round.pk), page("apply")]
    one = [queries(url) for url in pages]
    for standard in ("identity", "history", "health"):
        EmploymentCheckFactory(applicant=applicant, standard=standard)
        RoundQuestionFactory(round=applicant.round)
        RoundFactory()
    assert [queries(url) for url in pages] == one
    assert max(one) <= 20


# --- Equality -------------------------------------------------------------------------------------


def test_equality_answers_are_kept_without_any_way_back(visitor, offered):
    apply(visitor, offered)
    with time_machine.travel("2026-08-20T12:00:00+00:00"):
        visitor.post(page("equality", offered.pk), {"age": "35 to 44", "sex": "prefer_not_to_say"})
        visitor.post(page("equality", offered.pk), {"age": "Under 25"})

    kept = EqualityAnswers.objects.get()
    assert (kept.round, kept.quarter) == (offered, dt.date(2026, 7, 1))
    assert json.loads(kept.answers) == {"age": "35 to 44", "sex": "prefer_not_to_say"}
    assert {field.name for field in EqualityAnswers._meta.get_fields()} == {
        "id",
        "round",
        "quarter",
        "answers",
    }


def test_equality_can_be_left_out_and_opens_only_after_sending(visitor, offered):
    Client().post(page("equality", offered.pk), {"age": "Under 25"})
    apply(visitor, offered)
    done = visitor.post(page("equality", offered.pk), {"age": "Under 25", "skip": "1"})

    assert not EqualityAnswers.objects.exists()
    own = Applicant.objects.get()
    assert done.context["own_page"].startswith("/apply/mine/" + str(own.pk))


# --- Limits ---------------------------------------------------------------------------------------


def test_too_many_from_one_place_wait_and_keep_their_words(visitor, offered, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "begin", "1/1h/ip")
    apply(visitor, offered)
    typed = visitor.post(page("apply-save", offered.pk), {"last_name": "王"})
    pressed = apply(visitor, offered)

    assert (typed.status_code, pressed.status_code) == (429, 429)
    assert pressed.context["form"]["statement"].value() == WORDS["statement"]
    assert Applicant.objects.count() == 1


def test_links_are_sent_to_one_address_only_so_often(visitor):
    for number in range(7):
        visitor.post(page("send-link"), {"email": f"zoe+{number}@EXAMPLE.org"})

    assert LinkRequest.objects.count() == 5


def test_one_address_gets_only_so_many_messages_whoever_sends_and_no_page_says_so(
    visitor, offered, monkeypatch
):
    """Else a stranger could fill somebody's mailbox from many places."""
    for what in ("received", "withdrew", "send_link"):
        monkeypatch.setitem(limits.LIMITS, what, "1/1d/key")
    shown = []
    for place in ("192.0.2.1", "192.0.2.2"):
        client = Client(REMOTE_ADDR=place)
        apply(client, offered)
        thanked = client.post(page("equality", offered.pk), {"skip": "1"})
        saved = client.post(page("apply-round", offered.pk), WORDS | {"save": "1"}, follow=True)
        told = [str(message) for message in saved.context["messages"]]
        shown.append((re.sub("/apply/mine/[^/]+/", "", thanked.text), told))
    for sent in Applicant.objects.submitted():
        visitor.post(mine(sent, "withdraw"), {"reason": ""})

    assert shown[0] == shown[1]
    kinds = ApplicantMail.objects.order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == ["received", "resume", "withdrew"]
    assert set(Applicant.objects.submitted().values_list("stage__kind", flat=True)) == {"withdrew"}
