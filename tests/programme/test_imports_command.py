"""`manage.py import_programme`: words or JSON, and an exit status that a script can use."""

import json

import pytest
from django.core.management import CommandError, call_command

from audit.models import Look
from programme.models import Person
from tests.factories import PersonFactory, SiteFactory
from tests.programme.importing import PERSON, PILOT, csv_of

pytestmark = pytest.mark.django_db
BAD = {"reference": "P2", "last_name": "Two", "email": "no address"}


@pytest.fixture
def run(capsys):
    """Runs the command: `(exit status, what it printed)`."""

    def _run(path, *options: str) -> tuple[int, str]:
        status = 0
        try:
            call_command("import_programme", str(path), *options)
        except SystemExit as ended:
            status = ended.code
        return status, capsys.readouterr().out

    return _run


@pytest.fixture
def mixed(tmp_path):
    """A file with a good row and a refused one."""
    path = tmp_path / "mixed.csv"
    path.write_bytes(csv_of(PERSON | {"email": ""}, BAD))
    return path


def test_json_is_all_that_is_printed(run):
    status, out = run(PILOT, "--json")

    assert (status, json.loads(out)) == (
        0,
        {"rows": 28, "created": 28, "changed": 0, "unchanged": 0, "refused": []},
    )
    assert list(json.loads(out)) == ["rows", "created", "changed", "unchanged", "refused"]


def test_the_same_file_twice_changes_nothing(run):
    run(PILOT)

    assert json.loads(run(PILOT, "--json")[1])["unchanged"] == 28


def test_a_dry_run_writes_nothing_and_says_what_would_happen(run):
    status, out = run(PILOT, "--dry-run", "--json")

    assert (status, json.loads(out)["created"], Person.objects.count()) == (0, 28, 0)
    assert "Nothing was written: this was a dry run." in run(PILOT, "--dry-run")[1]


def test_one_refused_row_stops_all_and_ends_with_1(run, mixed):
    status, out = run(mixed, "--json")

    assert (status, json.loads(out), Person.objects.count()) == (
        1,
        {
            "rows": 2,
            "created": 0,
            "changed": 0,
            "unchanged": 1,
            "refused": [
                {
                    "row": 3,
                    "column": "email",
                    "reason": "“no address” is not an email address, like name@example.org.",
                }
            ],
        },
        0,
    )


def test_good_rows_are_written_where_that_is_asked_for(run, mixed):
    status, out = run(mixed, "--good-rows")

    assert (status, Person.objects.get().reference) == (1, "P1")
    assert "2 rows: 1 created, 0 changed, 0 left as they are, 1 refused." in out
    assert "Row 3, Email: “no address”" in out


@pytest.mark.parametrize("content", [b"", b"%PDF", b"reference\nP1\n", None])
def test_a_file_that_cannot_be_read_ends_with_2(tmp_path, content):
    path = tmp_path / "file.csv"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(CommandError) as ended:
        call_command("import_programme", str(path))

    assert ended.value.returncode == 2
    assert str(ended.value).endswith(".")


def test_it_can_be_done_as_a_lead_within_their_sites(run, user_with_role, tmp_path):
    lead = user_with_role("lead", site=SiteFactory(name="Northgate"))
    path = tmp_path / "file.csv"
    path.write_bytes(csv_of(PERSON | {"site": "Riverside"}))

    status, out = run(path, "--json", "--by", lead.email)

    assert (status, json.loads(out)["refused"][0]["column"]) == (1, "site")


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_the_lead_has_looked_at_everybody_recorded_who_is_in_the_file(
    run, user_with_role, mixed, options
):
    lead = user_with_role("lead", site=SiteFactory(name="Northgate"))
    own = PersonFactory(reference="P1", user=lead, site=SiteFactory())
    hidden = PersonFactory(reference="p2", site=own.site)
    PersonFactory(reference="P3")

    run(mixed, "--by", lead.email, *options)

    looks = Look.objects.values_list("viewer_id", "subject_id", "page")
    assert list(looks) == [(lead.pk, hidden.pk, "programme:import")]


def test_an_import_as_nobody_is_no_look(run, mixed):
    PersonFactory(reference="P1")

    run(mixed)

    assert not Look.objects.exists()


def test_somebody_who_may_not_import_is_refused(user_with_role):
    with pytest.raises(CommandError, match="may import"):
        call_command("import_programme", str(PILOT), by=user_with_role("trainer").email)
