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
    """A process that loads the settings with this environment and no other."""
    command = arguments or ("-c", "import lxp.settings")
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def last_line(process: subprocess.CompletedProcess) -> str:
    return process.stderr.strip().splitlines()[-1] if process.stderr.strip() else ""


@pytest.mark.parametrize("environment", [PRODUCTION, DEMO], ids=["deployment", "demonstration"])
def test_complete_environment_loads(environment):
    assert (start(environment).returncode, start(environment).stderr) == (0, "")


@pytest.mark.parametrize("name", sorted(PRODUCTION))
@pytest.mark.parametrize("how", ["missing", "empty"])
def test_variable_without_a_default_is_named_when_absent(name, how):
    environment = dict(PRODUCTION)
    environment.pop(name)
    if how == "empty":
        environment[name] = ""

    process = start(environment)

    assert process.returncode == 1
    assert f"The environment variable {name} is missing" in last_line(process)


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
def test_demonstration_refuses_what_would_be_unsafe(change, words):
    process = start(DEMO | change)

    assert process.returncode == 1
    assert words in last_line(process)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ENCRYPTION_KEYS": "k1:c2hvcnQ="}, "each key 32 random bytes"),
        ({"ENCRYPTION_KEYS": PRODUCTION["EQUALITY_KEYS"]}, "must not share a key"),
    ],
)
def test_keys_that_would_protect_nothing_are_refused_without_being_shown(change, words):
    process = start(PRODUCTION | change)

    assert process.returncode == 1
    assert words in last_line(process)
    assert change["ENCRYPTION_KEYS"].partition(":")[2] not in last_line(process)


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
        ("/people/", "/people/"),
    ],
)
def test_the_access_log_leaves_out_the_keys_of_one_time_links(path, logged):
    from lxp.gunicorn import ONE_TIME_LINK

    assert ONE_TIME_LINK.sub(r"\1…", path) == logged
