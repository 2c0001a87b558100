"""The list of leaving reasons is data that leads of every site keep."""

import datetime as dt

import pytest

from programme.models import LeavingReason
from tests.factories import SpellFactory
from tests.programme.pages import boxes, queries_of, sent_by

pytestmark = pytest.mark.django_db
REASONS = "/leavers/reasons/"


def test_a_reason_is_offered_between_its_days_and_stays_with_who_has_it(lead_client):
    sent = {"name": "Löwe’s new reason", "group": "other"}
    sent |= boxes("valid_from", dt.date(2026, 1, 1)) | boxes("valid_to", dt.date(2026, 3, 31))

    assert lead_client.post(f"{REASONS}add/", sent).status_code == 302

    reason = LeavingReason.objects.get(name="Löwe’s new reason")
    offered = [
        day
        for day in (dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 3, 31))
        if reason in LeavingReason.objects.valid_on(day)
    ]
    assert offered == [dt.date(2026, 1, 1), dt.date(2026, 3, 31)]


def test_a_reason_that_ends_stays_where_it_was_given(lead_client):
    reason = LeavingReason.objects.get(name="Retirement age")
    left = dt.date(2026, 2, 2)
    spell = SpellFactory(started_on=dt.date(2025, 2, 2), ended_on=left, leaving_reason=reason)
    page = f"{REASONS}{reason.pk}/"

    changed = sent_by(lead_client, page, **boxes("valid_to", dt.date(2025, 1, 1)))
    lead_client.post(page, changed)

    reason.refresh_from_db()
    spell.refresh_from_db()
    assert (reason.valid_to, spell.leaving_reason) == (dt.date(2025, 1, 1), reason)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "RETIREMENT AGE"}, "name"),
        (
            boxes("valid_from", dt.date(2026, 5, 2)) | boxes("valid_to", dt.date(2026, 5, 1)),
            "valid_to",
        ),
    ],
)
def test_what_contradicts_the_list_is_said_beside_its_field(lead_client, changed, field):
    sent = {"name": "Another reason", "group": "other"} | changed

    response = lead_client.post(f"{REASONS}add/", sent)

    assert response.context["form"].errors.keys() == {field}


def test_the_list_takes_as_many_queries_for_one_as_for_all(lead_client):
    LeavingReason.objects.exclude(name="Retirement age").delete()
    one = queries_of(lead_client, REASONS)
    LeavingReason.objects.bulk_create(
        LeavingReason(name=f"Reason {number}", group="other") for number in range(3)
    )

    assert queries_of(lead_client, REASONS) == one
