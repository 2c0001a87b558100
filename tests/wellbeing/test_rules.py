"""Rules of domain.md 5.3 that hold because something is not there: what would break them is seen.

The others have their tests beside what they are about.
"""

import re

import pytest
from celery import current_app
from django.apps import apps
from django.db.models import Field
from django.urls import reverse
from django.utils import timezone
from pghistory.models import Event

from lxp.schedule import BEAT_SCHEDULE
from notifications.planning import plan
from notifications.sending import send_due
from questionnaires import scoring
from supervision.models import LINE_MANAGEMENT, LIVED_EXPERIENCE
from tests.factories import CheckInFactory, UserFactory
from tests.factories.supervision import AgreementFactory, SupervisorFactory, TermsFactory, kind
from tests.factories.wellbeing import CheckInShareFactory, ContactRequestFactory, RhythmFactory
from tests.wellbeing.pages import url
from wellbeing.forms.hints import NO_DIAGNOSES
from wellbeing.models import CheckIn, PlanSection

pytestmark = pytest.mark.django_db
OURS = ("accounts", "programme", "questionnaires", "supervision", "wellbeing")
# Of a worker's health, in the words of columns and of the answers to choose from.
HEALTH = re.compile(
    r"diagnos|medicat|medicine|prescri|admission|admitted|inpatient|section(ed|_history)"
    r"|detain|mental_health_act|symptom|disorder|illness|psychosis|icd_?10|snomed",
    re.IGNORECASE,
)
# Of one person: a place among others, a colour, or what they will do.
JUDGED = re.compile(
    r"(^|_)(rank|ranking|league|risk|rag|traffic|predict\w*|likelihood|percentile|grade|stars?)($|_)"
)


def columns() -> dict[str, Field]:
    """Every column of our own, and its words; without those of past versions of rows."""
    return {
        f"{model._meta.label}.{field.name}": field
        for model in apps.get_models()
        if model._meta.app_label in OURS and not issubclass(model, Event)
        for field in model._meta.fields
    }


# --- 4. Line manager and lived-experience supervisor are different relations ----------------------


def test_rule_4_what_one_supervisor_reads_the_other_does_not(worker, sign_in):
    manager, chosen = UserFactory(), UserFactory()
    for supervisor, name in ((manager, LINE_MANAGEMENT), (chosen, LIVED_EXPERIENCE)):
        agreement = AgreementFactory(
            person=worker.person, supervisor=supervisor, kind=kind(name), chosen=True
        )
        TermsFactory(agreement=agreement)
    ours = CheckInFactory(person=worker.person)
    CheckInShareFactory(check_in=ours, reader=chosen, while_supervising=True)
    page = url("shared-check-in", ours.pk)

    assert [sign_in(one).get(page).status_code for one in (chosen, manager)] == [200, 404]
    assert "A check-in" not in sign_in(manager).get(url("shared-with-me")).text


def test_rule_4_who_is_or_was_their_clinician_is_asked_yes_or_no_and_kept_as_no_more(
    worker, sign_in
):
    chosen = SupervisorFactory(lived_experience="yes")
    agreement = AgreementFactory(
        person=worker.person, supervisor=chosen.user, kind=kind(LIVED_EXPERIENCE), chosen=True
    )
    TermsFactory(agreement=agreement, worker_signed_at=None, supervisor_signed_at=None)
    page = reverse("supervision:sign", args=[agreement.pk])

    asked = sign_in(chosen.user).get(page)
    form = asked.context["form"]

    assert "you are or were this person’s clinician" in asked.text
    assert [value for value, _ in form.fields["conflict"].choices] == ["no", "yes"]
    assert "clinician" not in sign_in(worker).get(page).text
    kept = [name for name in columns() if re.search("conflict|clinician", name)]
    assert kept == ["supervision.AgreementTerms.conflict"]
    assert columns()[kept[0]].get_internal_type() == "BooleanField"


# --- 14. No ranking, traffic light or prediction of one person, no automated decision -------------


def test_rule_14_no_column_judges_one_person():
    assert [name for name in columns() if JUDGED.search(name.rsplit(".")[-1])] == []


def test_rule_14_nothing_that_runs_by_itself_reads_an_answer(worker, monkeypatch):
    """Except group results, of check-ins that were put in."""
    CheckInFactory(person=worker.person, given={"energy": "1", "support": "1", "line": "Hard"})
    RhythmFactory(person=worker.person)
    current_app.loader.import_default_modules()
    done = []

    def read(row):
        raise AssertionError("An answer was read.")

    monkeypatch.setattr(CheckIn, "answered", property(read))
    monkeypatch.setattr(scoring, "scores", read)
    for named in BEAT_SCHEDULE.values():
        if named["task"].startswith("wellbeing."):
            done.append(current_app.tasks[named["task"]].apply(throw=True).state)
    plan(timezone.now())
    send_due()

    assert done == ["SUCCESS"] * 5


def test_rule_14_supervisors_stand_by_name_however_many_they_supervise(lead_client):
    first, second = (SupervisorFactory(user__name=name, protected_hours=1) for name in ("A", "B"))
    AgreementFactory.create_batch(2, supervisor=second.user)
    page = reverse("supervision:supervisors")

    for asked in ("", "?sort=load", "?order=-people", "?o=-1"):
        assert [row for row, _ in lead_client.get(page + asked).context["shown"]] == [first, second]


# --- 15. No field for diagnosis, medication, admissions or section history of a worker ------------


def test_rule_15_no_column_and_no_answer_to_choose_is_about_health():
    told = {name: f"{field.name} {field.verbose_name}" for name, field in columns().items()}
    for name, field in columns().items():
        told[name] += " ".join(str(words) for _, words in field.choices or ())

    assert len(told) > 200
    assert {name for name, words in told.items() if HEALTH.search(words)} == set()


def test_rule_15_each_box_for_free_words_says_that_none_of_it_belongs_there(
    client, worker, supervisor, sign_in
):
    client.post(url("begin-plan"))
    sections = [url("plan-section", one.pk) for one in PlanSection.objects.all()]
    ours = CheckInFactory(person=worker.person)
    asked = ContactRequestFactory(person=worker.person, account=worker, owner=supervisor)

    own = [url("note-burden"), url("new-check-in"), url("check-in-note", ours.pk), *sections]
    pages = [client.get(page) for page in own]
    pages.append(sign_in(supervisor).get(url("in-touch", asked.pk)))

    assert len(sections) == 7
    for page in pages:
        boxes = page.text.count("<textarea") + page.text.count('maxlength="300"')
        assert (page.status_code, page.text.count(NO_DIAGNOSES)) == (200, boxes), page.request
