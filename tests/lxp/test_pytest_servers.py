"""Where skipping is forbidden, a run in which anything was skipped has failed."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

TESTS = {
    "skips": "import pytest\ndef test_one(): pytest.skip('no browser')\ndef test_two(): pass",
    "module": "import pytest\npytest.skip('no browser', allow_module_level=True)",
}


@pytest.mark.parametrize(
    ("forbidden", "kind", "workers", "failed"),
    [
        ("1", "skips", "1", True),
        ("1", "module", "0", True),
        ("0", "skips", "0", False),
    ],
)
def test_skipped_tests_fail_the_run_where_they_are_forbidden(
    tmp_path, forbidden, kind, workers, failed
):
    (tmp_path / "test_it.py").write_text(TESTS[kind])
    settings_of_tests = tmp_path / "pytest.ini"
    settings_of_tests.write_text("[pytest]\naddopts = -p no:django -p lxp.pytest_servers\n")

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", settings_of_tests, "-n", workers, tmp_path],
        cwd=settings.BASE_DIR,
        env=os.environ | {"LXP_FORBID_SKIPS": forbidden, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (run.returncode == 1) is failed, run.stdout


def test_these_tests_run_under_that_rule(pytestconfig):
    assert pytestconfig.pluginmanager.has_plugin("lxp.pytest_servers")
