"""Learning after training: one's own list, and a total that tells nobody's hours."""

import csv
import datetime as dt
import io
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from lxp.trail import HISTORIES
from programme.learning import Shared, shared, year_before
from programme.models import LearningRecord
from tests.factories import LearningRecordFactory, PersonFactory
from tests.programme.pages import boxes, queries_of, sent_by

TOPIC = "Łódź: listening – part 2"


def test_twelve_months_end_with_the_day():
    assert year_before(dt.date(2026, 11, 23)) == dt.date(2025, 11, 24)
    assert year_before(dt.date(2024, 2, 29)) == dt.date(2023, 3, 1)


def test_a_topic_is_stored_encrypted_and_is_in_no_trail(client, person):
    client.post("/my-record/learning/add/", entry(timezone.localdate()))
    record = LearningRecord.objects.get()
    assert record.topic == TOPIC
    with connection.cursor() as cursor:
        cursor.execute("SELECT topic FROM programme_learningrecord")
        [[stored]] = cursor.fetchall()
    assert "listening" not in stored
    assert LearningRecord not in {each.pgh_tracked_model for each in HISTORIES.values()}


def test_a_total_is_of_ten_people_and_rounded():
    people = [(uuid.uuid4(), Decimal("3.5")) for _ in range(10)]
    assert shared(people) == Shared(10, 35)
    assert shared([*people[:9], people[0]]) == Shared(None, None)
    assert shared([*people, (uuid.uuid4(), Decimal(2))]) == Shared(10, 35)


@pytest.fixture
def person(user_with_role):
    return PersonFactory(user=user_with_role("peer_worker"))


@pytest.fixture
def client(person, sign_in):
    return sign_in(person.user)


def entry(day: dt.date, hours: str = "2.5", **fields) -> dict:
    return {"topic": TOPIC, "hours": hours} | boxes("learned_on", day) | fields


def test_learning_is_added_changed_downloaded_and_removed(client, person):
    today = timezone.localdate()
    for _ in range(2):
        assert client.post("/my-record/learning/add/", entry(today)).status_code == 302
    record = LearningRecord.objects.get()
    assert (record.person, record.hours, record.topic, record.hours_shared) == (
        person,
        Decimal("2.5"),
        TOPIC,
        False,
    )
    LearningRecordFactory(person=person, learned_on=year_before(today), hours=4)
    LearningRecordFactory(person=person, learned_on=year_before(today) - dt.timedelta(1))
    LearningRecordFactory(learned_on=today)  # somebody else's
    page = client.get("/my-record/learning/")
    assert (page.context["hours"], len(page.context["page"])) == (Decimal("6.5"), 3)
    content = b"".join(client.get("/my-record/learning/my-learning.csv").streaming_content)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert (len(rows), rows[0]["What it was about"]) == (3, TOPIC)
    edit = f"/my-record/learning/{record.pk}/"
    client.post(edit, sent_by(client, edit, hours="3", hours_shared="on"))
    record.refresh_from_db()
    assert (record.hours, record.hours_shared) == (3, True)
    client.post(f"{edit}remove/")
    assert not LearningRecord.objects.filter(pk=record.pk).exists()


@pytest.mark.parametrize(
    "wrong",
    [{"hours": "0"}, {"hours": "101"}, {"topic": ""}, {"topic": "a\0b"}, {"learned_on_2": "2100"}],
)
def test_what_cannot_be_is_refused(client, wrong):
    response = client.post("/my-record/learning/add/", entry(timezone.localdate()) | wrong)
    assert response.context["form"].errors
    assert not LearningRecord.objects.exists()


def test_nobody_else_reads_it_and_a_lead_sees_only_the_total_of_ten(lead_client, person):
    last_month = timezone.localdate().replace(day=1) - dt.timedelta(1)
    mine = LearningRecordFactory(person=person, learned_on=last_month, topic=TOPIC)
    assert lead_client.get(f"/my-record/learning/{mine.pk}/").status_code == 404
    shared_by_nine = {"learned_on": last_month, "hours_shared": True, "hours": 4}
    LearningRecordFactory.create_batch(9, **shared_by_nine)
    page = lead_client.get("/people/learning/")
    assert page.context["shared"] == (None, None)
    assert TOPIC not in page.text
    LearningRecordFactory(**shared_by_nine)
    LearningRecordFactory(**shared_by_nine | {"learned_on": timezone.localdate()})
    assert lead_client.get("/people/learning/").context["shared"] == (10, 40)


def test_the_number_of_queries_does_not_grow(client, person):
    LearningRecordFactory(person=person)
    one = queries_of(client, "/my-record/learning/")
    LearningRecordFactory.create_batch(2, person=person)
    assert queries_of(client, "/my-record/learning/") == one <= 20
