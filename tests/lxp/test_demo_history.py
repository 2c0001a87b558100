"""The invented programme of the demonstration."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from lxp import demonstration_history
from programme.models import Cohort, Employer, Person, Spell

pytestmark = pytest.mark.django_db


def test_three_cohorts_over_four_years_at_two_employers(capsys):
    call_command("demo_history")
    call_command("demo_history")

    cohorts = Cohort.objects.order_by("starts_on").values_list("name", "starts_on__year")
    assert list(cohorts) == [("Autumn 2022", 2022), ("Spring 2024", 2024), ("Autumn 2025", 2025)]
    assert dict(Employer.objects.values_list("name", "kind")) == {
        "Example NHS Trust": "nhs",
        "Example Recovery Charity": "voluntary",
    }
    assert set(Spell.objects.values_list("post__employer__name", flat=True)) == {
        "Example NHS Trust",
        "Example Recovery Charity",
    }
    assert Person.objects.count() == 102
    assert capsys.readouterr().out.splitlines() == [
        "Added the invented programme.",
        "Already there.",
    ]


def test_every_row_of_the_sheet_says_that_it_is_invented():
    rows = demonstration_history.SHEET.read_text(encoding="utf-8").splitlines()[1:]
    assert [row for row in rows if "Invented for demonstration" not in row] == []


def test_nothing_invented_is_loaded_into_a_deployment(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="do not belong in a deployment"):
        call_command("demo_history")
    assert not Person.objects.exists()


def test_nothing_in_the_sheet_lies_ahead():
    demonstration_history.load(at=timezone.now())
    assert not Spell.objects.filter(started_on__gt=timezone.localdate()).exists()
