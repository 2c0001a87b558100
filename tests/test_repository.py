"""The repository tests itself: promises that no single page or function can keep."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from celery import current_app
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lxp import service

ROOT = settings.BASE_DIR
APPS = (
    *("accounts", "audit", "design", "encryption", "lxp", "programme"),
    *("notifications", "questionnaires", "supervision", "wellbeing"),
)
LOCKS = ("requirements.lock", "requirements-prod.lock", "package-lock.json")

# Longer than 40 lines, each with the reason why it reads better in one piece.
LONG_FUNCTIONS: dict[str, str] = {}

# What a view may read without asking who is looking: the file, the model, and why.
OPEN_READS = {
    "supervision/views/agreements.py:Agreement": "one's own agreements: by `of_worker`",
    "supervision/views/agreements.py:Supervisor": "who can be chosen: by `to_choose_from`",
    "supervision/views/agreements.py:SupervisionKind": "kinds belong to every site",
    "supervision/views/standards.py:SupervisionKind": "kinds belong to every site",
    "supervision/views/standards.py:SupervisionStandard": "standards belong to every site",
    "accounts/views/own.py:Invitation": "whoever holds the link may use it, signed in or not",
    "accounts/views/own.py:Session": "only the keys of the user's own sessions",
    "accounts/views/users.py:RoleGrant": "the grants of users who are in scope already",
    "programme/views/apply.py:Applicant": "whoever holds the signed link may open it",
    "programme/views/apply.py:Round": "rounds that are not drafts are open to everyone",
    "programme/views/feedback.py:Attendance": "one's own attendance",
    "programme/views/learning.py:LearningRecord": "hours that people share, in a total of ten only",
    "wellbeing/views/support.py:SupportContact": "support is open to everyone, signed in or not",
}


def sources(*folders: str) -> list[Path]:
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- Lock files -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_package_index(lock):
    text = (ROOT / lock).read_text()

    sources_named = re.findall(r"(?m)^\s*--\S*(?:index|links)\S*.*|.*\"resolved\".*", text)
    addresses = re.findall(r"\w+://[^\"\s]+", re.sub(r'"(?:url|funding)": "[^"]*"', "", text))

    assert (sources_named, addresses) == ([], [])


def locked(lock: str) -> dict[str, tuple[str, str]]:
    """Each locked package with its version and who asked for it."""
    found = {}
    for block in re.split(r"\n(?=\S)", (ROOT / lock).read_text()):
        if match := re.match(r"([\w.-]+)(?:\[[^]]*\])?==([^\s;\\]+)", block):
            found[canonicalize_name(match[1])] = (match[2], block)
    return found


def declared(*, dev: bool) -> dict[str, Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lines = project["project"]["dependencies"] + (
        project["dependency-groups"]["dev"] if dev else []
    )
    return {canonicalize_name(one.name): one for one in map(Requirement, lines)}


@pytest.mark.parametrize(
    ("lock", "dev"), [("requirements.lock", True), ("requirements-prod.lock", False)]
)
def test_lock_holds_what_pyproject_asks_for(lock, dev):
    packages = locked(lock)

    wanted = {
        name: packages.get(name, ("missing", ""))[0]
        for name, requirement in declared(dev=dev).items()
        if name not in packages or packages[name][0] not in requirement.specifier
    }
    asked_for = {
        name for name, (_, block) in packages.items() if re.search(r"#.*\blxp \(pyproj", block)
    }

    assert (wanted, asked_for) == ({}, set(declared(dev=dev)))


def test_production_runs_the_versions_that_were_tested():
    tested = {name: version for name, (version, _) in locked("requirements.lock").items()}
    production = {name: version for name, (version, _) in locked("requirements-prod.lock").items()}

    assert production == {name: tested[name] for name in production}


# --- Templates ------------------------------------------------------------------------------------


def test_every_template_is_used():
    templates = {
        path.relative_to(folder).as_posix()
        for folder in (ROOT / "templates", *(ROOT / app / "templates" for app in APPS))
        for path in folder.rglob("*")
        if path.is_file()
    }
    text = "\n".join(path.read_text() for path in sources(*APPS))
    text += "\n".join(
        path.read_text() for path in (ROOT / "templates").rglob("*") if path.is_file()
    )

    assert sorted(name for name in templates if not is_used(name, text)) == []


# Looked for by Django and allauth when something is wrong.
ERROR_PAGES = {"400.html", "403.html", "404.html", "429.html", "500.html", "503.html"}
# Looked for by a library, or named after a tag or a kind of message.
BY_PLACE = {
    "account": lambda stem, text: True,
    "mfa": lambda stem, text: True,
    "usersessions": lambda stem, text: True,
    "django": lambda stem, text: True,
    "nhsuk": lambda stem, text: stem in text or stem == "whole_uni_form",
    "components": lambda stem, text: f"{{% {stem} " in text,
    "programme/mail": lambda stem, text: f'"{stem}"' in text,
    "accounts/mail": lambda stem, text: f'"{stem}"' in text,
}


def is_used(name: str, text: str) -> bool:
    """Whether somebody names a template, or it is looked for by its place."""
    path = Path(name)
    in_place = any(
        rule(path.stem, text) for place, rule in BY_PLACE.items() if path.is_relative_to(place)
    )
    return name in text or name in ERROR_PAGES or in_place


# --- Jobs and processes ---------------------------------------------------------------------------


def test_every_beat_entry_names_a_task(monkeypatch):
    monkeypatch.setenv("CELERY_SKIP_CHECKS", "1")
    current_app.loader.import_default_modules()

    unknown = {
        entry["task"]
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
        if entry["task"] not in current_app.tasks
    }

    assert unknown == set()


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_compose_runs_what_the_demonstration_runs(compose):
    commands = {name: compose["services"][name]["command"] for name in service.COMMANDS}

    assert commands == {
        name: command.format(state="/tmp") for name, command in service.COMMANDS.items()
    }


def test_compose_prepares_the_database_as_the_demonstration_does(compose):
    assert compose["services"]["migrate"]["command"] == [
        "sh",
        "-c",
        " && ".join(f"python manage.py {command}" for command in service.PREPARE),
    ]


def test_compose_gives_every_setting_that_has_no_default(compose):
    source = (ROOT / "lxp" / "settings.py").read_text()

    given = set(compose["x-lxp"]["environment"])

    assert set(re.findall(r'required\("(\w+)"\)', source)) - given == set()


def test_deployment_guide_names_every_variable_and_image(compose):
    guide = (ROOT / "docs" / "deployment.md").read_text()
    text = (ROOT / "docker-compose.yml").read_text()
    variables = set(re.findall(r"\$\{(\w+)", text))
    images = {one["image"] for one in compose["services"].values() if "$" not in one["image"]}

    assert sorted(word for word in variables | images if f"`{word}`" not in guide) == []


# --- Code -----------------------------------------------------------------------------------------


def test_no_file_has_grown_past_400_lines():
    lengths = {
        name_of(path): len(path.read_text().splitlines()) for path in sources(*APPS, "bench")
    }

    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_long_functions_have_a_reason():
    long = {
        f"{name_of(path)}:{node.name}"
        for path in sources(*APPS, "bench")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 40
    }

    assert long == set(LONG_FUNCTIONS)


def test_views_reach_rows_through_what_the_user_may_see():
    scoped = r"\.objects\.(visible_to\(|filter\(user=request\.user\))"
    unscoped = {
        f"{name_of(path)}:{model}"
        for path in sources(*APPS)
        if "views" in name_of(path) or path.name == "dashboard.py"
        for line in path.read_text().splitlines()
        for model in re.findall(r"(\w+)\.objects\b", re.sub(rf"\w+{scoped}", "", line))
    }

    assert unscoped == set(OPEN_READS)
