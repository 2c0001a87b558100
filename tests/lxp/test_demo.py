"""`manage.py demo` as its user meets it: it serves, says what is wrong, leaves nothing behind."""

import contextlib
import csv
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request

import psutil
import pytest
from django.conf import settings
from django.core.management import call_command

from accounts.models import Site, User
from lxp import demonstration
from lxp.embedded import RUN
from programme.models import Application, Enrolment, Person, Spell
from wellbeing.models import SupportContact

PYTHON = sys.executable


@pytest.fixture(scope="module")
def run():
    """A demonstration's own folder, kept from one start to the next."""
    folder = RUN / "tests" / f"demo {os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    for process in belonging_to(folder):
        with contextlib.suppress(psutil.Error):
            process.kill()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def belonging_to(run) -> list[psutil.Process]:
    """Everything that runs for a demonstration: told its folder, or at work inside it."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            told = process.environ().get("LXP_RUN") == str(run)
            if process.pid != os.getpid() and (told or process.cwd().startswith(str(run))):
                found.append(process)
    return found


class Demo:
    """A demonstration started as `make demo` starts it."""

    def __init__(self, run, port, *, through: tuple[str, ...] = (), **environment: str) -> None:
        own = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "BROKER_URL", "CACHE_URL", "LXP_DEMO", "LXP_DATABASE"}
        }
        self.process = subprocess.Popen(
            [*through, PYTHON, "manage.py", "demo"],
            cwd=settings.BASE_DIR,
            env=own | {"LXP_RUN": str(run), "PORT": str(port)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []

    def until_ready(self) -> str:
        for line in self.process.stdout:
            self.lines.append(line)
            if line.startswith("ready "):
                return line.strip()
        raise AssertionError("".join(self.lines))

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        with self.process.stdout:
            self.lines += self.process.stdout.readlines()
        return self.process.wait(timeout=60)

    def refusal(self) -> tuple[int, str]:
        text = self.process.communicate(timeout=60)[0]
        return self.process.returncode, text.strip()


def get(port: int, path: str) -> tuple[int, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return answer.status, answer.read().decode()


# One test, because a new database takes longer than all the rest: each part begins with the last
# one's data, and the reset comes at the end.
@pytest.mark.slow
def test_one_demonstration_from_its_first_start_to_its_reset(run, port):
    serves_and_refuses_a_second(run, port)
    recovers_from_kill_9_of_make_and_of_the_demonstration(run, port)
    allowed = reset(run)

    assert (allowed.returncode, belonging_to(run)) == (0, [])
    assert allowed.stdout.startswith("The demonstration's data are gone")


def serves_and_refuses_a_second(run, port) -> None:
    demo = Demo(run, port)
    ready = demo.until_ready()
    alive, sign_in = get(port, "/healthz"), get(port, "/account/login/")
    second = Demo(run, port + 1 if port < 65535 else port - 1).refusal()
    refused = reset(run)
    still_serving = get(port, "/healthz")[0]

    status = demo.end(signal.SIGINT)  # Ctrl-C

    words = (
        f"A demonstration already runs in this folder: http://127.0.0.1:{port}/ (process "
        f"{demo.process.pid}). Stop it with Ctrl-C in its own terminal first."
    )
    assert ready == f"ready http://127.0.0.1:{port}/"
    assert (alive[0], sign_in[0], still_serving) == (200, 200, 200)
    assert second == (1, words)
    assert (refused.returncode, words in refused.stderr) == (1, True)
    assert (status, belonging_to(run)) == (0, [])
    assert all(account.email in "".join(demo.lines) for account in demonstration.ACCOUNTS)
    assert demonstration.PASSWORD in "".join(demo.lines)


def recovers_from_kill_9_of_make_and_of_the_demonstration(run, port) -> None:
    make = "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))"
    first = Demo(run, port, through=(PYTHON, "-c", make), MAKELEVEL="1")
    ready = [first.until_ready()]
    first.process.kill()

    second = Demo(run, port)
    ready.append(second.until_ready())
    first.end(signal.SIGKILL)
    second.end(signal.SIGKILL)
    left_by_second = belonging_to(run)

    third = Demo(run, port)
    ready.append(third.until_ready())
    survivors = [one for one in left_by_second if "gunicorn" in " ".join(command_of(one))]
    status = third.end(signal.SIGTERM)

    assert ready == [f"ready http://127.0.0.1:{port}/"] * 3
    assert (len(left_by_second) > 0, survivors, status) == (True, [], 0)
    assert belonging_to(run) == []


def reset(run) -> subprocess.CompletedProcess:
    names = {"DATABASE_URL", "BROKER_URL", "CACHE_URL", "LXP_DEMO", "LXP_DATABASE"}
    own = {name: value for name, value in os.environ.items() if name not in names}
    return subprocess.run(
        [PYTHON, "manage.py", "demo_reset"],
        cwd=settings.BASE_DIR,
        env=own | {"LXP_RUN": str(run)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def command_of(process: psutil.Process) -> list[str]:
    """The command line of a process, none when it has ended."""
    try:
        return process.cmdline() if process.status() != psutil.STATUS_ZOMBIE else []
    except psutil.NoSuchProcess:
        return []


def test_busy_port_is_a_clear_error_before_anything_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        status, words = Demo(tmp_path, port).refusal()

    assert status == 1
    assert words.startswith(f"Port {port} cannot be used (Address already in use). Choose another")
    assert not (tmp_path / "postgres").exists()


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1", "８０００"])
def test_port_that_is_none_is_a_clear_error(tmp_path, port):
    status, words = Demo(tmp_path, port).refusal()

    assert (status, words) == (1, f"PORT must be a number from 1 to 65535, not {port!r}.")


# --- Its data -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_demonstration_data_are_made_once(capsys):
    call_command("demo_data")
    User.objects.filter(email="panel@example.org").delete()
    call_command("demo_data")

    assert capsys.readouterr().out == "Made the demonstration data.\nAlready there.\n"
    assert not User.objects.filter(email="panel@example.org").exists()


@pytest.mark.django_db
def test_each_account_signs_in_and_holds_its_role(client):
    call_command("demo_data", verbosity=0)

    held = {
        account.email: [
            client.login(email=account.email, password=demonstration.PASSWORD),
            [role.key for role in User.objects.get(email=account.email).roles],
        ]
        for account in demonstration.ACCOUNTS
    }

    assert held == {
        "lead@example.org": [True, ["lead"]],
        "supervisor@example.org": [True, ["supervisor"]],
        "peer@example.org": [True, ["peer_worker"]],
        "trainer@example.org": [True, ["trainer"]],
        "panel@example.org": [True, ["panel_member"]],
        "evaluator@example.org": [True, ["evaluator"]],
        "auditor@example.org": [True, ["auditor"]],
        "admin@example.org": [True, ["administrator"]],
    }


@pytest.mark.django_db
def test_peer_worker_has_a_record_and_no_figure_counts_it_yet():
    call_command("demo_data", verbosity=0)

    people = list(Person.objects.values_list("reference", "user__email"))
    episodes = [model.objects.count() for model in (Application, Enrolment, Spell)]

    assert (people, episodes) == ([("LXP-004", "peer@example.org")], [0, 0, 0])


@pytest.mark.django_db
def test_peer_worker_and_sites_are_those_of_the_example_file():
    call_command("demo_data", verbosity=0)
    with (settings.BASE_DIR / "docs/examples/lxp-pilot.csv").open(encoding="utf-8-sig") as file:
        rows = {row["reference"]: row for row in csv.DictReader(file)}

    person = Person.objects.get()
    same = [rows["LXP-004"][name] for name in ("first_name", "last_name", "email")]

    assert [person.first_name, person.last_name, person.email] == same
    assert {row["site"] for row in rows.values()} == {site.name for site in Site.objects.all()}


@pytest.mark.django_db
def test_support_contacts_that_are_not_national_say_that_they_are_invented():
    call_command("demo_data", verbosity=0)

    local = SupportContact.objects.filter(urgent=False).values_list("name", flat=True)
    national = SupportContact.objects.filter(urgent=True).values_list("phone", flat=True)

    assert [name for name in local if "(invented)" not in name] == []
    assert set(national) == {"999", "111", "116 123", "Text SHOUT to 85258"}
