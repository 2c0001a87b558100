"""Private things of people who have left: offered, kept for a while, deleted."""

import datetime as dt
import json

import pytest
from celery import current_app
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from accounts.delivery import deliver_waiting
from accounts.models import User
from lxp.supervised import PRIVATE as KNOWN_TO_SUPERVISION
from programme.models import (
    Adjustment,
    DevelopmentGoal,
    ExitInterview,
    LearningRecord,
    Person,
    Spell,
)
from supervision.models import PreparationNote
from tests.factories import (
    AdjustmentFactory,
    ApplicationFactory,
    DevelopmentGoalFactory,
    EnrolmentFactory,
    LearningRecordFactory,
    PersonFactory,
    SpellFactory,
    UserFactory,
)
from tests.factories.supervision import AgreementFactory
from tests.factories.wellbeing import (
    BurdenFlagFactory,
    CheckInFactory,
    CheckInShareFactory,
    ContactRequestFactory,
    PlanShareFactory,
    RhythmFactory,
    WellnessPlanFactory,
)
from tests.wellbeing.pages import url
from wellbeing.actions.leaving import let_go
from wellbeing.leaving import PRIVATE, has_left_by, private_kinds
from wellbeing.models import (
    BurdenFlag,
    CheckIn,
    ContactRequest,
    Leaving,
    PlanSection,
    PlanShare,
    Rhythm,
    WellnessPlan,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)
NOON = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
WORDS = "Łukasz’s own words 王"


def private_things(person: Person) -> None:
    """One of every kind."""
    plan = WellnessPlanFactory(person=person)
    section = plan.sections.first()
    section.words = WORDS
    section.save()
    PlanShareFactory(plan=plan)
    CheckInFactory(person=person, note=WORDS)
    RhythmFactory(person=person)
    BurdenFlagFactory(person=person, words=WORDS)
    ContactRequestFactory(person=person, suits=WORDS)
    AdjustmentFactory(person=person, text=WORDS)
    DevelopmentGoalFactory(person=person, text=WORDS)
    LearningRecordFactory(person=person, topic=WORDS)
    ExitInterview.objects.create(
        spell=person.spells.get(), account=person.user, text=WORDS, supported="yes"
    )
    PreparationNote.objects.create(
        person=person,
        account=person.user,
        agreement=AgreementFactory(person=person),
        words=WORDS,
        written_at=NOON,
    )


KINDS = (
    *(WellnessPlan, PlanSection, PlanShare, CheckIn, Rhythm, BurdenFlag, ContactRequest),
    *(Adjustment, DevelopmentGoal, LearningRecord, ExitInterview, PreparationNote),
)


def left(worker) -> None:
    Spell.objects.filter(person=worker.person).update(ended_on=TODAY)


# --- Who has left ---------------------------------------------------------------------------------


def test_who_has_left_and_who_has_not():
    def somebody(*spells, active=True) -> Person:
        person = PersonFactory(user=UserFactory(is_active=active))
        for started_on, ended_on in spells:
            SpellFactory(person=person, started_on=started_on, ended_on=ended_on)
        return person

    early, late = dt.date(2024, 1, 1), dt.date(2025, 1, 1)
    gone = [
        somebody((early, TODAY)),
        somebody((early, late)),
        somebody((early, late), active=False),
        somebody(active=False),
    ]
    somebody((early, None), active=False)
    somebody((early, None))
    somebody((early, TODAY + DAY))
    somebody((early, late), (TODAY, None))
    somebody((early, late), (TODAY + 30 * DAY, None))
    somebody()
    ApplicationFactory(person=somebody())
    EnrolmentFactory(person=somebody((early, late)))

    assert set(has_left_by(TODAY)) == set(gone)


# --- What is offered ------------------------------------------------------------------------------


def test_the_page_says_beforehand_what_becomes_of_it_and_the_file_holds_all_of_it(client, worker):
    private_things(worker.person)

    text = client.get(url("take-along")).text
    answer = client.get(url("take-along-file"))

    assert "for 90 days and then deleted" in " ".join(text.split())
    told = json.loads(answer.content)
    assert told.pop("name") == "Łukasz Ó Briain"
    assert told.pop("made")
    assert list(told) == [kind.title for kind in private_kinds()]
    assert {
        title: json.dumps(rows, ensure_ascii=False).count(WORDS) for title, rows in told.items()
    } == {kind.title: 1 for kind in (*PRIVATE, *KNOWN_TO_SUPERVISION)}
    assert "no-store" in answer["Cache-Control"]


def test_the_file_holds_nothing_of_others(client, worker):
    other = PersonFactory(user=UserFactory())
    SpellFactory(person=other)
    private_things(other)

    assert WORDS not in client.get(url("take-along-file")).text


def test_every_table_that_is_its_owners_alone_is_offered_or_goes_with_one_that_is():
    offered = {model._meta.label for model in KINDS}
    elsewhere = {
        "supervision.Draft": "what is typed and not saved is deleted after three months anyway",
        "wellbeing.CheckInShare": "goes with its check-in",
        "wellbeing.ContactPassing": "goes with its request",
        "wellbeing.Leaving": "when it is deleted",
        "wellbeing.PlanDraft": "goes with its part of the plan",
        "wellbeing.SetAside": "when it is deleted",
    }
    own = {model._meta.label for model in apps.get_models() if getattr(model, "owner_only", False)}

    assert own - offered == set(elsewhere)


# --- What is deleted ------------------------------------------------------------------------------


def test_after_the_day_that_was_said_everything_private_is_gone_and_nothing_else(client, worker):
    private_things(worker.person)
    other = PersonFactory(user=UserFactory())
    SpellFactory(person=other)
    private_things(other)
    left(worker)

    let_go(TODAY)
    kept_until = Leaving.objects.get()
    assert "21 February 2027" in client.get(url("take-along")).text
    assert "21 February 2027" in client.get("/").text
    before = [model.objects.count() for model in KINDS]
    let_go(kept_until.delete_on - DAY)
    assert [model.objects.count() for model in KINDS] == before
    for _ in range(2):  # it may run twice
        let_go(kept_until.delete_on)

    assert [model.objects.count() for model in KINDS] == [number // 2 for number in before]
    assert Person.objects.filter(pk=worker.person.pk).exists()
    assert worker.person.spells.count() == 1


def test_a_leaving_that_is_recorded_late_leaves_as_much_time(worker, settings):
    settings.PRIVATE_KEPT_DAYS = 30
    Spell.objects.filter(person=worker.person).update(ended_on=TODAY - 400 * DAY)
    WellnessPlanFactory(person=worker.person)

    for day in (TODAY, TODAY + DAY):
        let_go(day)

    assert Leaving.objects.get().delete_on == TODAY + 30 * DAY
    assert WellnessPlan.objects.exists()


def test_who_comes_back_keeps_everything(worker):
    WellnessPlanFactory(person=worker.person)
    left(worker)
    let_go(TODAY)
    SpellFactory(person=worker.person, started_on=TODAY + 60 * DAY)

    let_go(TODAY + 200 * DAY)

    assert WellnessPlan.objects.exists()
    assert not Leaving.objects.exists()


def test_whose_account_is_switched_on_again_has_the_whole_time_again(worker):
    WellnessPlanFactory(person=worker.person)
    left(worker)
    User.objects.update(is_active=False)
    let_go(TODAY)
    User.objects.update(is_active=True)

    let_go(TODAY + 95 * DAY)

    assert WellnessPlan.objects.exists()
    assert Leaving.objects.get().delete_on == TODAY + 185 * DAY


def test_what_was_let_be_counted_stays_without_a_word(worker):
    left(worker)
    LearningRecordFactory(person=worker.person, topic=WORDS, hours_shared=True)
    ExitInterview.objects.create(
        spell=worker.person.spells.get(),
        account=worker,
        text=WORDS,
        supported="yes",
        released_on=TODAY,
    )
    let_go(TODAY)

    let_go(TODAY + 90 * DAY)

    said = ExitInterview.objects.get()
    assert (said.supported, said.text) == ("yes", "")
    assert LearningRecord.objects.get().topic == ""


def test_the_worker_does_it_every_day(settings):
    [entry] = [one for one in settings.CELERY_BEAT_SCHEDULE.values() if "let_go" in one["task"]]

    assert entry["schedule"] == 86400.0
    current_app.loader.import_default_modules()
    assert entry["task"] in current_app.tasks


# --- Another account ------------------------------------------------------------------------------


def test_another_account_of_the_same_record_reads_nothing_that_was_written_before(
    worker, supervisor, lead_client, user_with_role, sign_in, mailoutbox
):
    """Neither do those whom the former account let read it; linked again in time, all is there."""
    person, other = worker.person, user_with_role("supervisor")
    private_things(person)
    flag = BurdenFlag.objects.get()
    Adjustment.objects.update(shared_on=TODAY)
    of_lead = [reverse("programme:person", args=[person.pk])]
    assert WORDS in lead_client.get(of_lead[0]).text
    shares = [
        CheckInShareFactory(check_in=CheckIn.objects.get(), reader=supervisor).check_in_id,
        PlanShareFactory(plan=WellnessPlan.objects.get(), reader=supervisor).pk,
    ]
    BurdenFlag.objects.update(addressed_to=supervisor)
    pages = (url("shared-check-in", shares[0]), url("shared-plan", shares[1]))
    pages += (url("shared-burden", flag.pk),)
    reader = sign_in(supervisor)
    assert [reader.get(page).status_code for page in pages] == [200] * 3
    seen = "that you let them read"
    assert seen in sign_in(worker).get(reverse("programme:my-looks")).text

    lead_client.post(reverse("programme:unlink-account", args=[person.pk]))
    link = reverse("programme:link-account", args=[person.pk])
    lead_client.post(link, {"email": other.email, "confirmed": "yes"})

    new = sign_in(other)
    told = new.get(url("take-along-file")).json()
    titles = [kind.title for kind in private_kinds()]
    assert [told[title] for title in titles] == [[]] * 9
    looks = new.get(reverse("programme:my-looks"))
    assert {one.page for one in looks.context["seen"]} == {"Your record"}
    file = b"".join(new.get(reverse("programme:my-looks-csv"))).decode()
    assert ("Your record" in file, seen in looks.text + file) == (True, False)
    assert WORDS not in "".join(lead_client.get(page).text for page in of_lead)
    assert not Adjustment.objects.shared_with(user_with_role("lead")).exists()
    assert WORDS not in new.get(reverse("programme:my-adjustments")).text
    assert [reader.get(page).status_code for page in pages] == [404] * 3
    new.post(url("begin-plan"))
    assert new.get(url("plan")).status_code == 200
    deliver_waiting(at=timezone.now())
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        ([worker.email], "Your account was changed")
    ]

    let_go(TODAY)
    let_go(TODAY + 89 * DAY)
    assert CheckIn.objects.filter(account=worker).count() == 1
    Person.objects.filter(pk=person.pk).update(user=worker)
    told = sign_in(worker).get(url("take-along-file")).json()
    assert [len(told[title]) for title in titles] == [1] * 9
    let_go(TODAY + 90 * DAY)
    assert list(CheckIn.objects.values_list("account")) == [(worker.pk,)]
    Person.objects.filter(pk=person.pk).update(user=None)
    let_go(TODAY + 100 * DAY)
    let_go(TODAY + 190 * DAY)
    assert not any(model.objects.exists() for kind in private_kinds() for model in kind.models)
