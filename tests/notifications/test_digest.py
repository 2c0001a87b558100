"""Once a week instead of many: numbers by the rules of the pages, no name, nothing private."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from lxp.week import lines
from notifications import actions, carrying
from notifications.models import Message, Occasion, Wishes
from notifications.planning import plan_rule
from notifications.quiet import local
from notifications.rules import rules
from notifications.sending import why_not
from supervision.models import Agreement
from tests.factories import (
    PersonFactory,
    PostFactory,
    ProbationReviewFactory,
    RhythmFactory,
    SiteFactory,
    SpellFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.notifications import MessageFactory
from tests.factories.supervision import TermsFactory
from tests.factories.wellbeing import ContactRequestFactory
from tests.programme.pages import queries_of

pytestmark = pytest.mark.django_db
WEEK, HOW = reverse("this-week"), reverse("notifications:wishes")
DAY = dt.timedelta(days=1)
MONDAY = dt.date(2026, 3, 2)


@pytest.fixture
def today() -> dt.date:
    return timezone.localdate()


@pytest.fixture
def site():
    return SiteFactory()


@pytest.fixture
def lead(site, user_with_role):
    return user_with_role("lead", site=site)


def late(site, today, **values) -> Agreement:
    terms = TermsFactory(
        agreement__person=PersonFactory(site=site, user=UserFactory(name="Łukasz Wójcik")),
        agreement__starts_on=today - 99 * DAY,
        **values,
    )
    Agreement.objects.filter(pk=terms.agreement.pk).update(due_on=today - 9 * DAY, grace_days=6)
    return terms.agreement


def due_review(site, today) -> None:
    spell = SpellFactory(post=PostFactory(team=TeamFactory(site=site)))
    ProbationReviewFactory(spell=spell, due_on=today)


def planned(at: dt.date) -> list:
    plan_rule(rules()["weekly-digest"], local(at, dt.time(8)))
    return [(row.recipient, row.day) for row in Occasion.objects.filter(rule="weekly-digest")]


def test_numbers_are_those_of_what_one_may_see(site, today, lead, user_with_role):
    agreement = late(site, today)
    for where in (site, SiteFactory(), SiteFactory()):
        due_review(where, today)
    late(SiteFactory(), today)

    assert [str(line) for line in lines(lead, today)] == [
        "1 session at your sites is late",
        "1 review is due by next week",
    ]
    assert [str(line) for line in lines(agreement.supervisor, today)] == [
        "1 session that you give is late"
    ]
    assert lines(agreement.person.user, today) == []


def test_what_is_between_a_person_and_lxp_is_in_no_digest(site, today, lead):
    person = PersonFactory(site=site, user=UserFactory())
    RhythmFactory(person=person, next_on=today - DAY, settled_on=today - 9 * DAY)
    ContactRequestFactory(person=person, owner=lead)

    assert lines(lead, today) == []


def test_the_page_leads_to_each_and_takes_as_many_queries_for_three(site, today, lead, sign_in):
    client = sign_in(lead)
    late(site, today)
    due_review(site, today)
    one = queries_of(client, WEEK)
    for _ in range(2):
        late(site, today)
        due_review(site, today)

    assert queries_of(client, WEEK) == one <= 20
    page = client.get(WEEK)
    assert "Łukasz" not in page.text
    for line in page.context["lines"]:
        assert client.get(line.url).status_code == 200


@pytest.mark.parametrize(
    ("days", "mondays"),
    [(-3, []), (-2, [MONDAY]), (0, [MONDAY]), (1, [MONDAY]), (2, []), (4, [])],
)
def test_it_is_planned_for_mondays_for_who_wants_it(lead, days, mondays):
    Wishes.objects.create(user=lead, weekly=True)
    Wishes.objects.create(user=UserFactory())

    assert planned(MONDAY + days * DAY) == [(lead, monday) for monday in mondays]


def test_the_email_holds_numbers_and_one_link_and_no_name(site, today, lead):
    late(site, today)
    message = MessageFactory(rule="weekly-digest", recipient=lead, occasion__about=lead.pk)

    email = carrying.email_of(message, rules()["weekly-digest"])

    for part in (email.body, email.alternatives[0].content):
        assert "1 session at your sites is late" in part
        assert f"/messages/{message.pk}/" in part
        assert "Łukasz" not in part
        assert "supervis" not in part.lower()


def test_it_is_not_sent_where_nothing_is_late_or_nobody_wants_it_any_more(site, today, lead):
    wishes = Wishes.objects.create(user=lead, weekly=True)
    message = MessageFactory(rule="weekly-digest", recipient=lead, occasion__about=lead.pk)
    rule, now = rules()["weekly-digest"], timezone.now()
    reasons = [why_not(message, rule, wishes, now)]
    late(site, today)
    reasons.append(why_not(message, rule, wishes, now))
    actions.set_wishes(user=lead, weekly=False)
    reasons.append(why_not(message, rule, Wishes.objects.get(), now))

    assert reasons == ["not due any more", "", "not due any more"]


@pytest.mark.parametrize(("weekly", "channels"), [(False, ["app", "email"]), (True, ["app"])])
def test_who_wants_it_gets_the_others_only_in_lxp(site, today, weekly, channels):
    agreement = late(site, today)
    wishes = Wishes.objects.create(user=agreement.supervisor, weekly=weekly)
    rule, now = rules()["supervision-overdue"], timezone.now()

    plan_rule(rule, now)

    made = Message.objects.order_by("channel")
    assert [message.channel for message in made] == channels
    waiting = MessageFactory(recipient=agreement.supervisor, occasion__about=agreement.pk)
    assert why_not(waiting, rule, wishes, now) == ("left to the digest" if weekly else "")


@pytest.mark.parametrize(("role", "offered"), [("supervisor", True), ("peer_worker", False)])
def test_it_is_offered_to_who_looks_after_something(user_with_role, sign_in, role, offered):
    user = user_with_role(role)
    client = sign_in(user)

    client.post(HOW, {"quiet_from": "20:00", "quiet_until": "08:00", "weekly": "on"})

    assert ("weekly" in client.get(HOW).context["form"].fields) == offered
    assert Wishes.objects.get(user=user).weekly == offered
