"""One person's way through the whole programme: they apply on a phone, are scored by a panel,
offered a place and checked, train, complete, start in post, count as in post 24 months later, and
leave.

The round and every hand-over, from applicant to trainee to worker to leaver, are made on the pages
themselves; only what is there before them (a programme with its cohort, a post, accounts) and who
is on the panel come from factories.
"""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

from programme.applicant_mail import deliver_waiting
from programme.models import (
    Applicant,
    Enrolment,
    EqualityAnswers,
    ExitInterview,
    Person,
    Round,
    Spell,
)
from tests.browser import DESK, PHONE, scrolls_sideways
from tests.factories import (
    CohortFactory,
    PanelMemberFactory,
    PostFactory,
    ProgrammeVersionFactory,
    RequirementFactory,
    ScoringCriterionFactory,
    SiteFactory,
    TrainingSessionFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REVIEWS = {
    "Month 1 probation review": "Continues as planned",
    "Month 3 probation review": "Continues as planned",
    "Final probation review": "Confirmed in post",
}
REASON = "Voluntary resignation - promotion"
NAME, EMAIL = "Łukasz Ó Briain 王", "lukasz@example.org"
CLOSES, INTERVIEWED = dt.date(2026, 1, 31), dt.date(2026, 2, 2)
APPLIED, DECIDED, OFFERED = dt.date(2026, 1, 12), dt.date(2026, 1, 26), dt.date(2026, 2, 9)
CHECKED, FIRST_SESSION = dt.date(2026, 2, 23), dt.date(2026, 3, 2)
COMPLETED, STARTED = dt.date(2026, 4, 13), dt.date(2026, 6, 1)
ALL_STAYED = "100%\n1 of 1, 95% interval 21% to 100%"
INTERVIEW = "Monday 2 February 2026, 10:00 (45 minutes), Room 1"
PROBATION_ENDED = dt.date(2026, 12, 1)
TWO_YEARS, LEFT = dt.date(2028, 6, 1), dt.date(2028, 9, 1)


@pytest.fixture
def clock():
    """The day it is, for the test and for the server in its process; moved by `at`."""
    with time_machine.travel(noon(APPLIED)) as travelling:
        yield travelling


@pytest.fixture
def at(page, clock, signed_in_page):
    """`at(day, user)`: the page on a day, of a user or (`None`) of somebody not signed in."""

    def _at(day: dt.date, user=None, *, on=DESK) -> Page:
        clock.move_to(noon(day))
        page.context.clear_cookies()
        page.set_viewport_size(on)
        return page if user is None else signed_in_page(user)

    return _at


@pytest.fixture
def cast(clock, user_with_role):
    """What is there before a round is made: a cohort with its programme, a vacant post, and the
    people who work with them."""
    site = SiteFactory(name="Northgate Hospital")
    version = ProgrammeVersionFactory(starts_on=APPLIED)
    RequirementFactory(version=version, kind="attendance", name="Attendance", amount=80)
    RequirementFactory(version=version, name="Reflective essay")
    version.published_on = APPLIED
    version.save()
    cohort = CohortFactory(
        name="Spring", site=site, programme_version=version, starts_on=FIRST_SESSION, places=10
    )
    for week, topic in enumerate(("Values", "Rights")):
        TrainingSessionFactory(
            cohort=cohort, topic=topic, held_on=FIRST_SESSION + dt.timedelta(7 * week)
        )
    return SimpleNamespace(
        cohort=cohort,
        panel=[user_with_role("panel_member", site=site, name=name) for name in ("Siân", "Maya")],
        post=PostFactory(title="Peer worker", team__name="Elm ward", team__site=site),
        lead=user_with_role("lead", site=site, name="Zoë Lead"),
        trainer=user_with_role("trainer", site=site, name="Aoife Trainer"),
        person=user_with_role("trainee", site=site, name=NAME, email=EMAIL),
    )


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)
    assert not scrolls_sideways(page)


def says(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words)


def type_day(page: Page, name: str, day: dt.date) -> None:
    for box, part in enumerate((day.day, day.month, day.year)):
        page.locator(f"[name={name}_{box}]").fill(str(part))


def address_in(message: mail.EmailMessage) -> str:
    """The path of the link in an e-mail."""
    return re.search(r"https?://[^/]+(/\S+)", message.body)[1]


def read_mail() -> mail.EmailMessage:
    """The latest message; there must be one since the last that was read."""
    deliver_waiting(at=timezone.now())
    latest = mail.outbox[-1]
    mail.outbox.clear()
    return latest


# --- The round ------------------------------------------------------------------------------------


def open_a_round(at, cast) -> Round:
    """An intake from a template, with a stage of its own and a time for an interview."""
    page = at(APPLIED, cast.lead)
    page.goto("/recruitment/")
    press(page, "Add a round")
    page.get_by_label("Title").fill("Peer training")
    page.get_by_label("Training intake").check()
    page.get_by_role("combobox", name="Cohort").select_option("Spring")
    page.get_by_role("combobox", name="Stages").select_option("Training intake")
    type_day(page, "opens_on", APPLIED)
    type_day(page, "closes_on", CLOSES)
    page.get_by_label("Places").fill("10")
    page.get_by_label("Who can applicants ask?").fill("Zoë Lead")
    page.get_by_label("Their email address").fill("zoe@example.org")
    press(page, "Save round")
    says(page, "Nobody can apply yet.")
    press(page, "Add a stage")
    page.get_by_label("Employment checks").check()
    page.get_by_label("What is it called?").fill("Employment checks")
    page.get_by_label("Comes after").select_option("Place offered")
    press(page, "Save stage")
    press(page, "Publish round")
    says(page, "The round is published.")
    follow(page, "Times for interviews")
    press(page, "Add times")
    type_day(page, "day", INTERVIEWED)
    page.get_by_label("First time").fill("10:00")
    page.get_by_label("Place or how to join").fill("Room 1")
    press(page, "Add times")
    says(page, "Room 1")
    return Round.objects.get()


def choose_a_panel(cast) -> None:
    ScoringCriterionFactory(round=cast.intake, name="Uses experience", highest=4)
    for user in cast.panel:
        PanelMemberFactory(round=cast.intake, user=user)


# --- The applicant, on a phone --------------------------------------------------------------------


def apply(at, axe) -> None:
    page = at(APPLIED, on=PHONE)
    page.goto("/apply/")
    follow(page, "Peer training")
    heading(page, "Peer training")
    page.get_by_label("First name").fill("Łukasz")
    page.get_by_label("Last name").fill("Ó Briain 王")
    page.get_by_label("Email address").fill(EMAIL)
    press(page, "Save and finish later")
    heading(page, "Saved, and not sent yet")

    page = at(APPLIED + dt.timedelta(2), on=PHONE)
    page.goto(address_in(read_mail()))
    page.get_by_role("button", name="Go on with it").click()
    expect(page.get_by_label("Last name")).to_have_value("Ó Briain 王")
    page.get_by_label("How would you use").fill("I would listen first.")
    page.get_by_label("I have read what I wrote").check()
    axe(page)
    press(page, "Send application")
    heading(page, "One last step, if you like")
    press(page, "Leave this out")
    heading(page, "Thank you")


def open_own_page(at, axe, day: dt.date, *words: str) -> Page:
    """By the link in the message that told of something new."""
    page = at(day, on=PHONE)
    page.goto(address_in(read_mail()))
    heading(page, "Your application")
    for each in words:
        says(page, each)
    axe(page)
    return page


def choose_interview(at, axe) -> None:
    words = ("We would like to meet you", "It is your turn.")
    page = open_own_page(at, axe, DECIDED, *words)
    press(page, "Choose a time")
    heading(page, "Choose a time for your interview")
    page.get_by_label(INTERVIEW).check()
    axe(page)
    press(page, "Choose this time")
    says(page, f"Your interview: {INTERVIEW}.")


# --- Recruitment ----------------------------------------------------------------------------------


def shortlist(at, axe, cast) -> None:
    """On the board, with the keyboard."""
    page = at(APPLIED + dt.timedelta(3), cast.lead)
    page.goto(f"/recruitment/{cast.intake.pk}/board/")
    axe(page)
    page.get_by_role("checkbox", name=f"Choose {NAME}").focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[aria-labelledby=stage-2]")).to_contain_text(NAME)


def score(at, axe, cast) -> None:
    """Two members, each before seeing what the other gave."""
    seen = ("Nobody else has submitted scores yet.", "Siân, Uses experience: 3")
    for user, given, then in zip(cast.panel, "34", seen, strict=True):
        page = at(APPLIED + dt.timedelta(4), user)
        page.goto("/")
        follow(page, "Your panels")
        follow(page, "Peer training")
        follow(page, NAME)
        says(page, "I would listen first.")
        expect(page.locator("main")).not_to_contain_text("Siân")
        page.get_by_label("Uses experience (0 to 4)").select_option(given)
        press(page, "Submit scores")
        says(page, "Your scores are submitted.")
        follow(page, NAME)
        says(page, then)
    axe(page)


def move(page: Page, applicant: str, stage: str) -> None:
    page.goto(applicant)
    page.get_by_label("Move to").select_option(stage)
    press(page, "Move")
    says(page, f"{stage}, since ")


def offer(at, axe, cast, applicant: str) -> None:
    """Made, read by the applicant, and accepted."""
    page = at(OFFERED, cast.lead)
    move(page, applicant, "Place offered")
    read_mail()
    press(page, "Record the offer")
    type_day(page, "offered_on", OFFERED)
    press(page, "Save offer")
    open_own_page(at, axe, OFFERED, "We have offered you a place.", "It is your turn.")
    page = at(OFFERED, cast.lead)
    page.goto(f"{applicant}offer/")
    page.get_by_label("Accepted").check()
    type_day(page, "offer_answered_on", OFFERED)
    press(page, "Save offer")
    says(page, "Accepted on 9 February 2026")
    move(page, applicant, "Employment checks")


def check(at, axe, cast, applicant: str) -> None:
    page = at(CHECKED, cast.lead)
    for number in range(6):
        page.goto(f"{applicant}checks/")
        page.get_by_role("link", name="Record").nth(number).click()
        page.get_by_label("Fit", exact=True).or_(page.get_by_label("Clear", exact=True)).check()
        type_day(page, "outcome_on", CHECKED)
        press(page, "Save check")
    says(page, "6 of 6 complete.")
    axe(page)


def make_a_trainee(at, cast, applicant: str) -> str:
    """Without retyping; the address of their record."""
    page = at(CHECKED, cast.lead)
    page.goto(applicant)
    press(page, "Make a trainee")
    page.get_by_label("Reference of the new record").fill("P-1")
    press(page, "Make a trainee")
    says(page, "They are on the list of people")
    record = page.url
    follow(page, "Link an account")
    page.get_by_label("Email address of the account").fill(EMAIL)
    press(page, "Continue")
    press(page, "Link account")
    says(page, "can now read this record as its own")
    return record


# --- Training -------------------------------------------------------------------------------------


def attend(at, cast) -> None:
    """Both sessions, in the grid, with the keyboard."""
    page = at(FIRST_SESSION + dt.timedelta(8), cast.trainer)
    page.goto("/cohorts/")
    follow(page, "Spring")
    follow(page, "Attendance")
    page.locator("td").first.click()
    for key in ("a", "ArrowRight", "a"):
        page.keyboard.press(key)
    expect(page.locator("td[data-state=saved]")).to_have_count(2)


def complete(at, cast) -> None:
    page = at(COMPLETED, cast.trainer)
    page.goto(f"/cohorts/{cast.cohort.pk}/requirements/")
    follow(page, NAME)
    says(page, "Still missing: Reflective essay")
    follow(page, "Record a result")
    page.get_by_label("Met", exact=True).check()
    type_day(page, "decided_on", COMPLETED)
    press(page, "Save result")
    press(page, "Confirm completion")
    press(page, "Confirm completion")
    says(page, "Completed on 13 April 2026, confirmed by Aoife Trainer")


def read_own_training(at, axe, cast) -> None:
    """The trainee's own certificate, on the phone."""
    page = at(COMPLETED, cast.person, on=PHONE)
    page.goto("/my-record/")
    follow(page, "My training")
    heading(page, "My training")
    says(page, "Everything that is asked for is met.")
    axe(page)
    with page.expect_download() as download:
        press(page, "Download my certificate (PDF)")
    assert download.value.path().read_bytes().startswith(b"%PDF-")


# --- In post --------------------------------------------------------------------------------------


def start_in_post(at, cast, record: str) -> None:
    page = at(STARTED, cast.lead)
    page.goto(record)
    press(page, "Add a post")
    page.get_by_label("Post", exact=True).select_option(index=1)
    type_day(page, "started_on", STARTED)
    page.get_by_label("Contracted hours a week").fill("22.5")
    page.get_by_label("Foresee probation").check()
    press(page, "Save time in post")
    says(page, "They are recorded in the post Peer worker")
    says(page, "Elm ward is not ready yet")


def review_probation(at, cast, record: str) -> None:
    page = at(PROBATION_ENDED, cast.lead)
    for review, outcome in REVIEWS.items():
        page.goto(record)
        follow(page, f"Change {review}")
        type_day(page, "held_on", PROBATION_ENDED)
        page.get_by_label(outcome, exact=True).check()
        press(page, "Save review")
    expect(page.get_by_role("row").last).to_contain_text("Final probation review held")
    expect(page.get_by_role("row").last).to_contain_text("Confirmed in post")


def read_own_post(at, axe, cast) -> None:
    """The worker's own page, on the phone."""
    page = at(PROBATION_ENDED, cast.person, on=PHONE)
    page.goto("/my-record/")
    follow(page, "My post and pathway")
    heading(page, "My post and pathway")
    says(page, "Confirmed in post, 1 December 2026")
    axe(page)


def stayed(at, cast, day: dt.date) -> str:
    """What the dashboard of a day says of who was in post after 24 months."""
    page = at(day, cast.lead)
    page.goto("/dashboard/")
    return page.get_by_test_id("retention-24").inner_text().partition("\n")[2]


def leave(at, cast, record: str) -> None:
    page = at(LEFT, cast.lead)
    page.goto(record)
    follow(page, "Record leaving: Peer worker")
    type_day(page, "ended_on", LEFT)
    page.get_by_label("Reason for leaving").select_option(REASON)
    press(page, "Save leaving")
    page.goto("/leavers/")
    says(page, REASON)


def say_how_it_was(at, axe, cast) -> None:
    """The exit interview, the leaver's own, on the phone; its ticked answers may be counted."""
    page = at(LEFT, cast.person, on=PHONE)
    page.goto("/my-record/")
    follow(page, "My post and pathway")
    follow(page, "Leaving Peer worker")
    heading(page, "Leaving Peer worker")
    page.get_by_role("group", name="Did you feel supported").get_by_label("Yes", exact=True).check()
    page.get_by_label("Anything you want to say").fill("The team was ready for me.")
    page.get_by_label("Yes, in totals of ten leavers").check()
    axe(page)
    press(page, "Save")
    says(page, "You can change it at any time.")


def test_from_the_public_form_to_two_years_in_post_and_leaving(at, axe, cast):
    cast.intake = open_a_round(at, cast)
    choose_a_panel(cast)
    apply(at, axe)
    applicant = Applicant.objects.get()
    own_page = f"/recruitment/{cast.intake.pk}/applicants/{applicant.pk}/"
    assert not EqualityAnswers.objects.exists()
    shortlist(at, axe, cast)
    score(at, axe, cast)
    move(at(DECIDED, cast.lead), own_page, "Conversation")
    choose_interview(at, axe)
    offer(at, axe, cast, own_page)
    check(at, axe, cast, own_page)
    record = make_a_trainee(at, cast, own_page)
    open_own_page(at, axe, CHECKED, "You have a place. Welcome!")
    attend(at, cast)
    complete(at, cast)
    read_own_training(at, axe, cast)
    start_in_post(at, cast, record)
    review_probation(at, cast, record)
    read_own_post(at, axe, cast)

    the_day_before = TWO_YEARS - dt.timedelta(1)
    assert stayed(at, cast, the_day_before) == "Not applicable\nNobody could have been yet"
    assert stayed(at, cast, TWO_YEARS) == ALL_STAYED
    leave(at, cast, record)
    assert stayed(at, cast, LEFT + dt.timedelta(1)) == ALL_STAYED
    say_how_it_was(at, axe, cast)
    said = ExitInterview.objects.get()
    assert (said.supported, said.released_on) == ("yes", LEFT)
    spell = Spell.objects.get()
    assert (spell.person, spell.ended_on, spell.leaving_reason.name) == (
        Person.objects.get(),
        LEFT,
        REASON,
    )
    assert Enrolment.objects.get().outcome == "completed"
