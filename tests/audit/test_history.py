"""Every change to a programme or account table leaves a row that nobody can alter."""

import datetime as dt
import uuid

import pghistory
import pytest
from django.apps import apps
from django.conf import settings
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from pghistory.models import Context, Event

from audit.actions import record_looks
from audit.models import Look
from programme.models import Person
from tests.factories import PersonFactory

# Tables without a history, each with its reason.
EXEMPT = {
    "programme.FeedbackGiven": "a history's time would lead from a name to the answers",
    "programme.SessionFeedback": "answers without a name have no time either",
    "programme.EqualityAnswers": "detached: a history would say when each was given",
    "programme.ImportJob": "staging: emptied when the import is done or a day old",
    "programme.ImportRow": "staging: emptied when the import is done or a day old",
    "programme.LinkRequest": "an address that somebody typed is gone once it is answered",
    "notifications.Alarm": "what is wrong now: gone when it is over",
    "notifications.Circuit": "how a carrier does now",
    "notifications.Attempt": "append-only itself: a trigger",
    "notifications.Handling": "append-only itself: a trigger",
    "notifications.Heartbeat": "when a process last did its work",
    "notifications.Message": "its tries are rows, and it only goes forward: a trigger",
    "notifications.Occasion": "made once and never changed",
    "notifications.Sending": "whether anything is sent: a switch of the operator",
    "notifications.Text": "versions are rows, never changed: a trigger",
    "notifications.Wishes": "how somebody wants to be told things is theirs alone",
    "supervision.CalendarFeed": "the digest of a secret address",
    "supervision.Draft": "what is typed and not saved is in no history",
    "wellbeing.CheckIn": "whether somebody checks in is theirs alone, and so are the answers",
    "wellbeing.CheckInShare": "it would tell that there is a check-in",
    "wellbeing.GroupDone": "that a month was looked through: made once and never changed",
    "wellbeing.GroupMean": "made once and never changed: a trigger",
    "wellbeing.GroupMonth": "made once and never changed: a trigger",
    "wellbeing.Rhythm": "whether somebody wants to be asked is theirs alone",
    "supervision.SessionTopic": "what a session was about is part of its record",
    "wellbeing.BurdenCount": "made once and never changed: a trigger",
    "wellbeing.BurdenQuarter": "that a quarter was counted: made once and never changed",
    "wellbeing.BurdenFlag": "that something weighs on somebody is theirs to tell",
    "wellbeing.ContactPassing": "that somebody asked to be contacted is theirs to tell",
    "wellbeing.ContactRequest": "that somebody asked to be contacted is theirs to tell",
    "wellbeing.Leaving": "follows from posts and accounts, which have a history",
    "wellbeing.PlanDraft": "what is typed and not saved is in no history",
    "wellbeing.PlanSection": "that somebody keeps a plan is theirs to tell",
    "wellbeing.PlanShare": "that somebody keeps a plan is theirs to tell",
    "wellbeing.SetAside": "that somebody kept private things is theirs to tell",
    "wellbeing.WellnessPlan": "that somebody keeps a plan is theirs to tell",
}
# Tables of which a history keeps only that a row was made, with the reason.
INSERTS_ONLY = {
    "accounts.Notice": "later changes are only how far its delivery has got",
    "programme.ApplicantMail": "later changes are only how far its delivery has got",
}
OURS = ("accounts", "notifications", "programme", "questionnaires", "supervision", "wellbeing")
TRACKED = {model.pgh_tracked_model for model in apps.get_models() if issubclass(model, Event)}


def last_event(person: Person) -> tuple:
    event = Person.pgh_event_models["insert"].objects.filter(pgh_obj_id=person.pk).latest("pgh_id")
    return event.pgh_label, event.last_name, event.pgh_context and event.pgh_context.metadata


def test_every_programme_account_and_support_table_has_a_history():
    ours = {
        model
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        if not issubclass(model, Event)
    }

    assert {
        model._meta.label for model in ours - TRACKED if model._meta.label not in EXEMPT
    } == set()


def test_every_exemption_is_still_needed():
    known = {model._meta.label for model in apps.get_models()} - {
        model._meta.label for model in TRACKED
    }

    assert EXEMPT.keys() - known == set()


@pytest.mark.parametrize("model", sorted(TRACKED, key=lambda model: model._meta.label))
def test_a_history_hears_of_insert_update_and_delete(db, model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'",
            [model._meta.db_table],
        )
        names = {
            name.split("_")[1] for (name,) in cursor.fetchall() if name.startswith("pgtrigger")
        }

    wanted = {"insert"} if model._meta.label in INSERTS_ONLY else {"insert", "update", "delete"}
    assert wanted - names == set()


def test_an_insert_an_update_and_a_delete_each_leave_a_row_with_who_and_where(db):
    who = str(uuid.uuid4())
    with pghistory.context(user=who, page="programme:edit-person"):
        person = PersonFactory(last_name="Łukasz")
        assert last_event(person)[:2] == ("insert", "Łukasz")
        person.last_name = "Ó Briain"
        person.save()
        assert last_event(person)[:2] == ("update", "Ó Briain")
        person.delete()

    gone = Person.pgh_event_models["delete"].objects.latest("pgh_id")
    assert (gone.pgh_label, gone.last_name) == ("delete", "Ó Briain")
    assert gone.pgh_context.metadata == {"user": who, "page": "programme:edit-person"}


def test_a_bulk_update_leaves_a_row_for_each(db):
    people = [PersonFactory(), PersonFactory()]

    with pghistory.context(user="somebody", page="bulk"):
        Person.objects.update(last_name="王")

    assert [last_event(person) for person in people] == [
        ("update", "王", {"user": "somebody", "page": "bulk"})
    ] * 2


def test_raw_sql_leaves_a_row(db):
    person = PersonFactory()

    with pghistory.context(user="somebody", page="raw"), connection.cursor() as cursor:
        cursor.execute("UPDATE programme_person SET last_name = 'Raw' WHERE id = %s", [person.pk])

    assert last_event(person) == ("update", "Raw", {"user": "somebody", "page": "raw"})


@pytest.mark.parametrize(
    "model",
    sorted(
        (model for model in apps.get_models() if issubclass(model, Event) or model is Look),
        key=lambda model: model._meta.label,
    ),
)
def test_a_trail_cannot_be_altered(db, model):
    table, key = model._meta.db_table, model._meta.pk.column
    fill_a_row(model)

    for statement in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}"):
        with (
            pytest.raises(ProgrammingError, match="Cannot update or delete"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def fill_a_row(model) -> None:
    """Protection speaks up for each row, so there must be one."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
        if cursor.fetchone()[0]:
            return
    if model is Look:
        Look.objects.create(viewer_id=uuid.uuid4(), subject_id=uuid.uuid4(), page="x")
        return
    pk = uuid.uuid4()
    values = {"pgh_label": "insert", "pgh_created_at": timezone.now(), "pgh_obj_id": pk}
    for field in model._meta.concrete_fields:
        if field.attname in values or field.primary_key or field.null:
            continue
        values[field.attname] = {
            "UUIDField": pk,
            "ForeignKey": pk,
            "DateField": dt.date(2026, 1, 5),
            "DateTimeField": timezone.now(),
            "BooleanField": False,
            "DecimalField": 0,
            "PositiveIntegerField": 0,
            "PositiveSmallIntegerField": 0,
        }.get(field.get_internal_type(), "x")
    model.objects.create(**values)


def test_no_history_holds_a_password():
    columns = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if issubclass(model, Event)
        for field in model._meta.get_fields()
    }

    assert {name for name in columns if "password" in name or "search_text" in name} == set()


# --- Who and where, from the middleware -----------------------------------------------------------


def test_the_history_middleware_stands_after_who_is_signed_in_and_innermost():
    names = settings.MIDDLEWARE

    assert names[-1] == "audit.middleware.HistoryMiddleware"


def test_a_change_in_a_request_knows_its_author_and_page_and_no_address(lead_client, lead):
    lead_client.post(
        "/support/contacts/add/?q=Zo%C3%AB",
        {"name": "Line", "phone": "999", "position": "1"},
    )

    context = Context.objects.latest("created_at")
    assert context.metadata == {"user": str(lead.pk), "page": "wellbeing:add-contact"}


def test_a_get_opens_no_history_context(lead_client):
    lead_client.get("/support/contacts/add/")

    assert Context.objects.count() == 0


def test_a_post_of_nobody_is_answered(client, db):
    assert client.post("/support/").status_code == 405


# --- Looks ----------------------------------------------------------------------------------------


def test_looks_are_read_newest_first(db):
    viewer, subject = uuid.uuid4(), uuid.uuid4()
    early = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
    late = early + dt.timedelta(minutes=1)

    record_looks(viewer_id=viewer, subject_ids=[subject], page="programme:person", at=early)
    record_looks(viewer_id=viewer, subject_ids=[subject], page="programme:people", at=late)
    record_looks(viewer_id=viewer, subject_ids=[uuid.uuid4()], page="programme:person", at=late)

    assert list(Look.objects.at(subject).values_list("page", "at")) == [
        ("programme:people", late),
        ("programme:person", early),
    ]


def test_looks_at_many_people_are_one_statement(db, django_assert_num_queries):
    with django_assert_num_queries(1):
        record_looks(
            viewer_id=uuid.uuid4(),
            subject_ids=[uuid.uuid4() for _ in range(25)],
            page="programme:people",
            at=timezone.now(),
        )
