"""The one stylesheet and the scripts: everything that pages name, and nothing from elsewhere."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

STATIC = settings.BASE_DIR / "static"
SOURCES = [
    *(settings.BASE_DIR / "templates").rglob("*.html"),
    settings.BASE_DIR / "design/templatetags/nhsuk.py",
]


@pytest.fixture(scope="module")
def css() -> str:
    return (STATIC / "dist/lxp.css").read_text()


def named_classes() -> set[str]:
    text = "\n".join(path.read_text() for path in SOURCES)
    text = re.sub(r"\{%.*?%\}", " ", text)
    return set(re.findall(r"(?<![\w-])(?:nhsuk|lxp)-[a-z0-9_-]+(?![\w.{-])", text))


def test_every_class_of_a_template_is_in_the_stylesheet(css):
    # Not classes: names of components for scripts, hooks for scripts, ids, a cookie, a file.
    modules = set(re.findall(r'data-module="([\w-]+)"', "".join(p.read_text() for p in SOURCES)))
    unstyled = {
        "nhsuk-header__navigation-item--current",
        "nhsuk-header__account-form",
        "nhsuk-icon--arrow-left",
        "nhsuk-icon--arrow-right",
        "lxp-service",
    }

    missing = {
        name
        for name in named_classes() - modules - unstyled
        if not name.startswith("nhsuk-js-") and not re.search(rf"\.{name}(?![\w-])", css)
    }

    assert missing == set()


def test_every_component_of_the_stylesheet_is_used():
    scss = (STATIC / "scss/lxp.scss").read_text()
    used = " ".join(sorted(named_classes()))
    classes = {"tables": "nhsuk-table", "warning-callout": "nhsuk-card--warning"}

    unused = [
        component
        for component in re.findall(r'@use "nhsuk/components/([\w-]+)"', scss)
        if classes.get(component, f"nhsuk-{component}") not in used
    ]

    assert unused == []


def test_stylesheet_asks_no_other_host_and_sets_arial(css):
    assert re.findall(r"https?:|@import|@font-face|url\(data:", css) == []
    assert "font-family:arial,sans-serif" in css
    assert "Frutiger" not in css


def test_scripts_ask_no_other_host_and_need_no_eval():
    scripts = [STATIC / "dist/lxp.js", *(STATIC / "js").glob("*.js")]
    text = "\n".join(script.read_text() for script in scripts)

    assert re.findall(r"\bimport\s*[({'\"]|\beval\(|new Function", text) == []
    assert set(re.findall(r"https?://[^\s\"'`]+", text)) <= {"http://www.w3.org/2000/svg"}


def test_static_files_can_be_collected_with_hashed_names(settings, tmp_path: Path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    for name in ("lxp.css", "lxp.js", "supported.js", "favicon.svg"):
        assert re.fullmatch(
            rf"/static/{name.partition('.')[0]}\.[0-9a-f]{{12}}\.\w+", staticfiles_storage.url(name)
        )
