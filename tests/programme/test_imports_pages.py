"""The pages of the import: choose, name columns, check, apply; in the request and in the worker."""

import csv
import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from audit.models import Look
from programme import tasks
from programme.actions import imports as actions
from programme.models import ImportJob, ImportRow, ImportState, Person, Spell
from tests.factories import PersonFactory, SiteFactory
from tests.programme.importing import IN_POST, PERSON, PILOT, csv_of

pytestmark = pytest.mark.django_db
UPLOAD = "/import/"
BAD = {"reference": "P9", "last_name": "=HYPERLINK(1)", "email": "no address"}


def upload(client, content: bytes, name: str = "staff.csv"):
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)}, follow=True)


def uploaded(client, content: bytes, name: str = "staff.csv") -> ImportJob:
    upload(client, content, name)
    return ImportJob.objects.latest("created_at")


def page_of(client, job: ImportJob, **query) -> str:
    return client.get(reverse("programme:import", args=[job.pk]), query).content.decode()


def apply(client, job: ImportJob, **data):
    url = reverse("programme:import-apply", args=[job.pk])
    return client.post(url, {"fingerprint": job.fingerprint} | data, follow=True)


def many(number: int) -> bytes:
    return csv_of(*({"reference": f"P{n}", "last_name": f"Name {n}"} for n in range(number)))


# --- The journey ----------------------------------------------------------------------------------


def test_a_lead_imports_the_worked_example(lead_client):
    page = upload(lead_client, PILOT.read_bytes(), PILOT.name)
    job = ImportJob.objects.get()
    text = page.content.decode()

    assert "Check lxp-pilot.csv" in text
    assert "28 are new" in " ".join(text.split())
    assert Person.objects.count() == 0
    for missing in ("Northgate Hospital", "LXP pilot (starts 28 April 2014)", "Zoë Ó Briain", "王"):
        assert missing in text

    done = apply(lead_client, job)

    assert "Imported lxp-pilot.csv" in " ".join(done.content.decode().split())
    assert Person.objects.count() == 28
    job.refresh_from_db()
    assert (job.state, job.content, job.rows.count()) == (ImportState.DONE, None, 0)
    assert job.summary["counts"] == {"create": 28}


def test_the_same_file_again_has_nothing_to_import(lead_client):
    apply(lead_client, uploaded(lead_client, PILOT.read_bytes()))

    page = upload(lead_client, PILOT.read_bytes())

    assert "Everything in this file is recorded already" in page.content.decode()
    assert "Import all rows" not in page.content.decode()


def test_a_change_is_shown_column_by_column_before_and_after(lead_client):
    PersonFactory(reference="P1", first_name="Zoë", last_name="Briain")

    job = uploaded(lead_client, csv_of(PERSON | {"first_name": "Zoe"}))

    [row] = job.rows.all()
    assert row.effects == [
        {"column": "first_name", "before": "Zoë", "after": "Zoe", "note": ""},
        {"column": "last_name", "before": "Briain", "after": "Ó Briain", "note": ""},
    ]
    assert "Zoë becomes <strong>Zoe</strong>" in page_of(lead_client, job)


def test_history_names_the_lead_and_the_page(lead, lead_client):
    job = uploaded(lead_client, csv_of(PERSON))
    apply(lead_client, job)

    event = Person.pgh_event_models["insert"].objects.get()
    assert event.pgh_context.metadata["user"] == str(lead.pk)
    assert str(job.pk) in event.pgh_context.metadata["url"]


def test_who_checks_a_file_has_looked_at_the_people_in_it(lead, lead_client):
    known = PersonFactory(reference="P1")
    PersonFactory(reference="P2")

    uploaded(lead_client, csv_of(PERSON, {"reference": "new", "last_name": "Person"}))

    looks = Look.objects.values_list("viewer_id", "subject_id", "page")
    assert list(looks) == [(lead.pk, known.pk, "programme:import")]


def test_a_reference_with_other_spaces_is_looked_at_as_it_is_found(lead_client):
    known = PersonFactory(reference="RJ 0042")

    job = uploaded(lead_client, csv_of(PERSON | {"reference": " rj \u00a0 0042"}))

    assert job.summary["counts"] == {"change": 1}
    assert list(Look.objects.values_list("subject_id", flat=True)) == [known.pk]


@pytest.mark.parametrize("number", [1, 3])
def test_who_downloads_refused_rows_has_looked_at_the_people_in_them(lead, lead_client, number):
    known = [PersonFactory(reference=f"RJ {n}") for n in range(number)]
    PersonFactory(reference="P1", last_name="Ó Briain")
    refused = [BAD | {"reference": f" rj  {n}"} for n in range(number)]
    job = uploaded(lead_client, csv_of(PERSON | {"email": ""}, *refused, BAD))
    url = reverse("programme:import-refused", args=[job.pk])

    with CaptureQueriesContext(connection) as queries:
        b"".join(lead_client.get(url).streaming_content)

    looks = Look.objects.filter(page="programme:import-refused")
    assert set(looks.values_list("viewer_id", "subject_id")) == {
        (lead.pk, person.pk) for person in known
    }
    assert len([q for q in queries if "audit_look" in q["sql"]]) == 1


def test_a_reference_of_somebody_at_another_site_is_refused_neutrally_and_is_a_look(
    user_with_role, sign_in
):
    northgate = SiteFactory(name="Northgate")
    local_lead = user_with_role("lead", site=northgate)
    hidden = PersonFactory(reference="RJ 1", site=SiteFactory(name="Riverside"))
    PersonFactory(reference="RJ 2", site=hidden.site, user=local_lead)
    references = [f"P{n}" for n in range(30)] + ["rj  1", "RJ 2"]
    rows = ({"reference": r, "last_name": "Name", "site": "Northgate"} for r in references)

    job = uploaded(sign_in(local_lead), csv_of(*rows))

    refused = job.rows.filter(verdict="refuse").values_list("problems", flat=True)
    words = "This reference cannot be used here. Ask a lead of every site."
    assert list(refused) == [[{"column": "reference", "reason": words}]] * 2
    looks = Look.objects.values_list("viewer_id", "subject_id", "page")
    assert list(looks) == [(local_lead.pk, hidden.pk, "programme:import")]


# --- Refused rows ---------------------------------------------------------------------------------


def test_with_a_refused_row_only_the_good_rows_can_be_applied(lead_client):
    job = uploaded(lead_client, csv_of(PERSON | {"email": ""}, BAD))
    page = page_of(lead_client, job)

    assert "“no address” is not an email address" in page
    assert "Import all rows" not in page
    refused = apply(lead_client, job)
    assert "Some rows are refused" in refused.content.decode()
    assert Person.objects.count() == 0

    apply(lead_client, job, rows="good")

    assert [person.reference for person in Person.objects.all()] == ["P1"]


def test_refused_rows_come_back_with_their_reason_and_can_be_imported_again(lead_client):
    job = uploaded(lead_client, csv_of(PERSON | {"email": "", "note": "keep"}, BAD))
    apply(lead_client, job, rows="good")

    response = lead_client.get(reverse("programme:import-refused", args=[job.pk]))
    content = b"".join(response.streaming_content)
    [row] = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))

    assert list(row) == ["reference", "last_name", "email", "note", "reason"]
    assert row["last_name"] == "'=HYPERLINK(1)"
    assert row["reason"] == ("Email: “no address” is not an email address, like name@example.org.")
    again = uploaded(lead_client, content.replace(b"no address", b"a@example.org"))
    apply(lead_client, again)
    assert Person.objects.get(reference="P9").last_name == "=HYPERLINK(1)"


def test_a_refused_row_with_a_nul_comes_back_and_is_refused_again(lead_client):
    job = uploaded(lead_client, csv_of({"reference": "P1", "last_name": "a\x00b"}))
    response = lead_client.get(reverse("programme:import-refused", args=[job.pk]))

    again = uploaded(lead_client, b"".join(response.streaming_content))

    assert again.summary["counts"] == job.summary["counts"] == {"refuse": 1}


# --- Files that cannot be read --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7", "This is a PDF."),
        (b"PK\x03\x04", "The workbook is damaged."),
    ],
)
def test_a_file_of_another_kind_is_an_error_of_the_form(lead_client, content, words):
    page = upload(lead_client, content)

    assert words in page.content.decode()
    assert ImportJob.objects.count() == 0


def test_a_file_over_the_limit_is_refused(lead_client, settings):
    settings.IMPORT_MAX_BYTES = 1024 * 1024

    page = upload(lead_client, b"a" * (1024 * 1024 + 1))

    assert "The file is larger than 1 MB." in page.content.decode()


def test_a_file_that_breaks_further_down_says_where(lead_client):
    page = upload(lead_client, b'reference,last_name\nP1,a\nP2,"b\n')

    assert "Could not read staff.csv" in " ".join(page.content.decode().split())
    assert "is never closed" in page.content.decode()
    assert ImportJob.objects.get().content is None


def test_no_file_at_all_is_asked_for(lead_client):
    assert "Choose a spreadsheet" in lead_client.post(UPLOAD, {}).content.decode()


@pytest.mark.parametrize("name", ["a\r\nb.csv", "<script>.csv", "x" * 300 + ".csv", "../../a.csv"])
def test_a_file_may_have_any_name(lead_client, name):
    job = uploaded(lead_client, csv_of(PERSON), name)

    assert "<script>" not in page_of(lead_client, job)
    assert job.state == ImportState.READY


# --- Naming columns -------------------------------------------------------------------------------


def test_headings_that_nobody_knows_are_named_on_screen(lead_client):
    content = b"Ref,Known as,Shoe size\nP1,Briain,38\n"
    job = uploaded(lead_client, content)
    url = reverse("programme:import-mapping", args=[job.pk])

    assert job.state == ImportState.MAPPING
    assert "For example: Briain" in lead_client.get(url).content.decode()
    wrong = lead_client.post(
        url, {"column_0": "reference", "column_1": "ignore", "column_2": "ignore"}
    )
    assert "Say which column holds the last name." in wrong.content.decode()
    page = lead_client.post(
        url, {"column_0": "reference", "column_1": "last_name", "column_2": "ignore"}, follow=True
    ).content.decode()

    assert "Not read: Shoe size." in " ".join(page.split())
    job.refresh_from_db()
    assert (job.state, job.summary["counts"]) == (ImportState.READY, {"create": 1})


def test_one_column_cannot_be_two_headings(lead_client):
    job = uploaded(lead_client, b"reference,Surname,Last name\nP1,a,b\n")
    url = reverse("programme:import-mapping", args=[job.pk])

    page = lead_client.post(
        url, {"column_0": "reference", "column_1": "last_name", "column_2": "last_name"}
    )

    assert "Choose one heading for Last name" in page.content.decode()


def test_columns_can_be_named_again_after_the_preview(lead_client):
    job = uploaded(lead_client, b"reference,last_name,note\nP1,a,Zoe\n")
    url = reverse("programme:import-mapping", args=[job.pk])

    lead_client.post(
        url, {"column_0": "reference", "column_1": "last_name", "column_2": "first_name"}
    )

    job.refresh_from_db()
    apply(lead_client, job)
    assert Person.objects.get().first_name == "Zoe"


# --- Nothing that was not shown -------------------------------------------------------------------


def test_where_the_records_changed_nothing_is_written_and_a_new_preview_says_why(lead_client):
    job = uploaded(lead_client, csv_of(PERSON, {"reference": "P2", "last_name": "Two"}))
    PersonFactory(reference="P2", last_name="Meanwhile")

    page = apply(lead_client, job)

    assert "the records changed after this preview was made" in page.content.decode()
    assert Person.objects.count() == 1
    shown = job.fingerprint
    job.refresh_from_db()
    assert job.state == ImportState.READY
    assert job.fingerprint != shown
    assert job.summary["counts"] == {"create": 1, "change": 1}


def test_a_preview_that_is_not_on_the_screen_any_more_is_not_applied(lead_client):
    job = uploaded(lead_client, csv_of(PERSON))

    page = apply(lead_client, job, fingerprint="of another preview")

    assert "This import has moved on" in page.content.decode()
    assert Person.objects.count() == 0


def test_applying_twice_writes_once(lead_client):
    job = uploaded(lead_client, csv_of(IN_POST))

    apply(lead_client, job)
    apply(lead_client, job)

    assert (Person.objects.count(), Spell.objects.count()) == (1, 1)


def test_a_cancelled_import_leaves_nothing(lead_client):
    job = uploaded(lead_client, csv_of(PERSON))

    lead_client.post(reverse("programme:import-cancel", args=[job.pk]))

    job.refresh_from_db()
    assert (job.state, job.content, job.rows.count()) == (ImportState.CANCELLED, None, 0)
    apply(lead_client, job)
    assert Person.objects.count() == 0


def test_an_import_that_is_done_cannot_be_cancelled(lead_client):
    job = uploaded(lead_client, csv_of(PERSON))
    apply(lead_client, job)

    lead_client.post(reverse("programme:import-cancel", args=[job.pk]))

    job.refresh_from_db()
    assert job.state == ImportState.DONE


# --- Who ------------------------------------------------------------------------------------------


def test_a_file_is_seen_by_who_brought_it(lead_client, user_with_role, sign_in):
    job = uploaded(lead_client, csv_of(PERSON))
    another = sign_in(user_with_role("lead"))

    assert another.get(reverse("programme:import", args=[job.pk])).status_code == 404
    assert "staff.csv" not in another.get(UPLOAD).content.decode()


def test_a_lead_of_a_site_is_told_which_rows_they_can_import(user_with_role, sign_in):
    client = sign_in(user_with_role("lead", site=SiteFactory(name="Northgate")))

    assert "You can import rows for Northgate." in " ".join(
        client.get(UPLOAD).content.decode().split()
    )
    job = uploaded(client, csv_of(PERSON | {"site": "Riverside"}))
    assert job.summary["counts"] == {"refuse": 1}


def test_the_empty_file_has_the_headings_that_are_read(lead_client):
    response = lead_client.get(reverse("programme:import-template"))
    headings = b"".join(response.streaming_content).decode("utf-8-sig").strip()

    job = uploaded(lead_client, (headings + '\n"P1","","Briain"\n').encode())

    assert job.state == ImportState.READY
    assert "ignore" not in job.mapping.values()


def test_the_worked_example_can_be_downloaded(lead_client):
    response = lead_client.get(reverse("programme:import-example"))

    assert b"".join(response.streaming_content) == PILOT.read_bytes()


# --- Large files: the worker ----------------------------------------------------------------------


@pytest.fixture
def hints(monkeypatch):
    """The ids of jobs that the broker was told of."""
    sent = []
    monkeypatch.setattr(actions, "hint", sent.append)
    return sent


@pytest.fixture
def large(settings):
    settings.IMPORT_ROWS_AT_ONCE = 2


def test_a_large_file_waits_for_the_worker_and_the_page_says_how_far_it_is(
    lead_client, large, hints, monkeypatch, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        job = uploaded(lead_client, many(3))

    assert (job.state, job.rows_total, hints) == (ImportState.WAITING, 3, [job.pk])
    page = page_of(lead_client, job)
    assert "every 2s" in page
    assert "See how far it is" in page

    tasks.continue_import(job_id=str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.rows_done) == (ImportState.READY, 3)
    with django_capture_on_commit_callbacks(execute=True):
        apply(lead_client, job)
    job.refresh_from_db()
    assert (job.state, len(hints), Person.objects.count()) == (ImportState.APPLYING, 2, 0)
    assert "Importing staff.csv" in " ".join(page_of(lead_client, job).split())
    assert "The rows are being written." in page_of(lead_client, job)

    shares = []
    monkeypatch.setattr(actions, "_tell", lambda _job, share: shares.append(share))
    tasks.continue_import(job_id=str(job.pk))

    assert shares == [100]

    job.refresh_from_db()
    assert (job.state, Person.objects.count()) == (ImportState.DONE, 3)


def test_a_hint_that_was_lost_is_sent_again(lead_client, large, hints):
    job = uploaded(lead_client, many(3))

    tasks.resume_imports()

    assert hints == [job.pk]


def test_a_broker_that_is_down_stops_nobody(lead_client, large, monkeypatch):
    def down(*_args, **_kwargs):
        raise OperationalError("down")

    monkeypatch.setattr(actions.current_app, "send_task", down)

    assert uploaded(lead_client, many(3)).state == ImportState.WAITING
    tasks.resume_imports()


def test_a_job_that_somebody_works_on_is_left_to_them_until_their_claim_ends(
    lead_client, large, hints
):
    job = uploaded(lead_client, many(3))
    ImportJob.objects.update(claimed_until=timezone.now() + dt.timedelta(minutes=1))

    tasks.resume_imports()
    tasks.continue_import(job_id=str(job.pk))

    job.refresh_from_db()
    assert (job.state, hints) == (ImportState.WAITING, [])

    ImportJob.objects.update(claimed_until=timezone.now() - dt.timedelta(seconds=1))
    tasks.resume_imports()
    tasks.continue_import(job_id=str(job.pk))
    job.refresh_from_db()
    assert (job.state, hints) == (ImportState.READY, [job.pk])


def test_a_worker_that_died_half_way_leaves_no_row_behind(lead_client, large, hints, monkeypatch):
    job = uploaded(lead_client, many(3))
    monkeypatch.setattr(actions, "BATCH", 1)

    def die(*_args, **_kwargs):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(actions, "_move_on", die)
        with pytest.raises(MemoryError):
            tasks.continue_import(job_id=str(job.pk))
    ImportJob.objects.update(claimed_until=None)
    tasks.continue_import(job_id=str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.rows.count()) == (ImportState.READY, 3)


def test_a_job_cancelled_while_it_is_read_stops(lead_client, large, hints, monkeypatch):
    job = uploaded(lead_client, many(3))
    plan_of = actions.plan_of

    def cancelled_meanwhile(*args, **kwargs):
        actions.cancel_import(job=job, at=timezone.now())
        return plan_of(*args, **kwargs)

    monkeypatch.setattr(actions, "plan_of", cancelled_meanwhile)
    tasks.continue_import(job_id=str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.rows.count()) == (ImportState.CANCELLED, 0)


def test_a_file_that_kills_its_worker_is_given_up_after_five_tries(lead_client, large, hints):
    job = uploaded(lead_client, many(3))
    ImportJob.objects.update(summary={"attempts": 5})

    tasks.continue_import(job_id=str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.content) == (ImportState.FAILED, None)


def test_a_job_that_is_gone_is_no_error():
    tasks.continue_import(job_id="00000000-0000-4000-8000-000000000000")


def test_after_a_day_an_import_is_emptied_and_its_counts_stay(lead_client, hints):
    done = uploaded(lead_client, csv_of(PERSON | {"email": ""}, BAD))
    apply(lead_client, done, rows="good")
    waiting = uploaded(lead_client, csv_of({"reference": "P7", "last_name": "Waiting"}))
    ImportJob.objects.update(created_at=timezone.now() - dt.timedelta(hours=25))

    tasks.resume_imports()

    done.refresh_from_db()
    waiting.refresh_from_db()
    assert (done.state, waiting.state) == (ImportState.DONE, ImportState.CANCELLED)
    assert done.summary["counts"] == {"create": 1, "refuse": 1}
    assert (waiting.content, ImportRow.objects.count()) == (None, 0)


def test_the_progress_is_sent_alone_and_the_page_asks_for_itself_when_it_is_over(
    lead_client, large, hints
):
    job = uploaded(lead_client, many(3))
    url = reverse("programme:import", args=[job.pk])
    headers = {"HX-Request": "true"}

    bar = lead_client.get(url, headers=headers)
    assert "<progress" in bar.content.decode()
    assert "<html" not in bar.content.decode()
    tasks.continue_import(job_id=str(job.pk))

    assert lead_client.get(url, headers=headers)["HX-Refresh"] == "true"


# --- Pages of any size ----------------------------------------------------------------------------


def test_the_preview_shows_25_rows_and_can_show_one_verdict(lead_client):
    job = uploaded(lead_client, many(30) + b"P99,\n")

    assert page_of(lead_client, job).count('role="row"') == 26
    assert page_of(lead_client, job, page=2).count('role="row"') == 7
    refused = page_of(lead_client, job, show="refuse")
    assert refused.count('role="row"') == 2
    assert "The last name is missing." in refused
    assert page_of(lead_client, job, show="nonsense").count('role="row"') == 26


@pytest.mark.parametrize("name", ["imports", "import", "import-mapping"])
def test_a_page_asks_the_database_as_often_for_three_as_for_one(lead_client, name):
    asked = []
    for number in (1, 3):
        for n in range(number):
            PersonFactory(reference=f"P{n}") if number == 3 and n else None
        job = uploaded(lead_client, many(number))
        args = [] if name == "imports" else [job.pk]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            lead_client.get(reverse(f"programme:{name}", args=args))
        asked.append(len([q for q in queries if "audit_look" not in q["sql"]]))

    assert asked[0] == asked[1] <= 20
