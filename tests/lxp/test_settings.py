"""Settings stop the start when the environment is incomplete or contradicts itself."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "SECRET_KEY": "k" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "ENCRYPTION_KEYS": "k1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
    "EQUALITY_KEYS": "k1:MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=",
    "ALLOWED_HOSTS": "lxp.example.org",
    "PUBLIC_URL": "https://lxp.example.org",
    "DATABASE_URL": os.environ["DATABASE_URL"],
    "BROKER_URL": "redis://127.0.0.1:1/0",
    "CACHE_URL": "redis://127.0.0.1:1/1",
    "EMAIL_HOST": "mail.example.org",
    "EMAIL_FROM": "lxp@example.org",
}
DEMO = {
    name: value
    for name, value in PRODUCTION.items()
    if name in {"DATABASE_URL", "BROKER_URL", "CACHE_URL"}
} | {"LXP_DEMO": "1"}


def start(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess:
    """A process with this environment and no other, that loads the settings if not told else."""
    return subprocess.run(
        [sys.executable, *(arguments or ("-c", "import lxp.settings"))],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# Other people's packages take most of a start and are the same at each: loaded once, then forked.
LOADED = """
import ast, os, sys
import dj_database_url, django.db.models, django.utils.csp, pghistory
from celery import Celery

for line in sys.stdin:
    environment, errors = ast.literal_eval(line)
    child = os.fork()
    if not child:
        os.environ.clear()
        os.environ.update(environment)
        os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT), 2)
        import lxp.settings
        sys.exit()
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def load(tmp_path_factory):
    """`load(environment)`: the exit status and the last words of a process that loads the settings
    with this environment and no other."""
    errors = tmp_path_factory.mktemp("settings") / "stderr"
    with subprocess.Popen(
        [sys.executable, "-c", LOADED],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as loaded:

        def _load(environment: dict[str, str]) -> tuple[int, str]:
            errors.unlink(missing_ok=True)
            print((environment, str(errors)), file=loaded.stdin, flush=True)
            status = int(loaded.stdout.readline())
            return status, (errors.read_text().strip().splitlines() or [""])[-1]

        yield _load


def last_line(process: subprocess.CompletedProcess) -> str:
    return process.stderr.strip().splitlines()[-1] if process.stderr.strip() else ""


@pytest.mark.parametrize("environment", [PRODUCTION, DEMO], ids=["deployment", "demonstration"])
def test_complete_environment_loads(environment):
    process = start(environment)

    assert (process.returncode, process.stderr) == (0, "")


def test_loading_after_other_packages_is_the_same(load):
    assert [load(PRODUCTION), load(DEMO)] == [(0, ""), (0, "")]


@pytest.mark.parametrize("name", sorted(PRODUCTION))
@pytest.mark.parametrize("how", ["missing", "empty"])
def test_variable_without_a_default_is_named_when_absent(load, name, how):
    environment = dict(PRODUCTION)
    environment.pop(name)
    if how == "empty":
        environment[name] = ""

    status, words = load(environment)

    assert status == 1
    assert f"The environment variable {name} is missing" in words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"DEBUG": "0"}, "refuse to serve with DEBUG off"),
        ({"ALLOWED_HOSTS": "example.org"}, "serve the loopback address only"),
        ({"ALLOWED_HOSTS": "127.0.0.1,example.org"}, "ALLOWED_HOSTS names example.org"),
        ({"ALLOWED_HOSTS": "*"}, "serve the loopback address only"),
        ({"LXP_DEMO": "maybe"}, "LXP_DEMO must be 0 or 1, not 'maybe'"),
        ({"DEBUG": "yes"}, "DEBUG must be 0 or 1, not 'yes'"),
        ({"DATABASE_URL": "sqlite:///lxp.sqlite3"}, "must name a PostgreSQL database"),
    ],
)
def test_demonstration_refuses_what_would_be_unsafe(load, change, words):
    status, said = load(DEMO | change)

    assert status == 1
    assert words in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ENCRYPTION_KEYS": "k1:c2hvcnQ="}, "each key 32 random bytes"),
        ({"ENCRYPTION_KEYS": PRODUCTION["EQUALITY_KEYS"]}, "must not share a key"),
    ],
)
def test_keys_that_would_protect_nothing_are_refused_without_being_shown(load, change, words):
    status, said = load(PRODUCTION | change)

    assert status == 1
    assert words in said
    assert change["ENCRYPTION_KEYS"].partition(":")[2] not in said


def test_deployment_check_is_silent():
    process = start(PRODUCTION, "manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert (process.returncode, process.stdout, process.stderr) == (
        0,
        "System check identified no issues (0 silenced).\n",
        "",
    )


def test_deployment_check_can_fail():
    process = start(
        PRODUCTION | {"SECRET_KEY": "short"},
        *("manage.py", "check", "--deploy", "--fail-level", "WARNING"),
    )

    assert process.returncode == 1


def test_demonstration_data_are_refused_in_a_deployment():
    process = start(PRODUCTION, "manage.py", "demo_data")

    assert process.returncode == 1
    assert "not in a deployment" in last_line(process)


@pytest.mark.parametrize(
    ("environment", "bind"),
    [
        ({"LXP_DEMO": "1", "PORT": "8123", "WEB_HOST": "0.0.0.0"}, "127.0.0.1:8123"),
        ({"LXP_DEMO": "0", "WEB_HOST": "0.0.0.0"}, "0.0.0.0:8000"),
        ({}, "127.0.0.1:8000"),
    ],
)
def test_web_server_of_the_demonstration_listens_on_this_machine_only(environment, bind):
    process = start(
        environment, "-c", "import runpy; print(runpy.run_path('lxp/gunicorn.py')['bind'])"
    )

    assert process.stdout == f"{bind}\n"


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/account/invitation/abc:def:ghi/", "/account/invitation/…"),
        ("/account/password/reset/key/3f2a-c1b2/", "/account/password/reset/key/…"),
        ("/account/password/reset/", "/account/password/reset/"),
        ("/apply/mine/3f2a:1u:c1b2/form/", "/apply/mine/…"),
        ("/people/", "/people/"),
    ],
)
def test_the_access_log_leaves_out_the_keys_of_one_time_links(path, logged):
    from lxp.gunicorn import ONE_TIME_LINK

    assert ONE_TIME_LINK.sub(r"\1…", path) == logged
