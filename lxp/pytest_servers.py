"""Gives every test process the checkout's own PostgreSQL and Valkey before Django is set up.

With LXP_FORBID_SKIPS=1, as `.ci/run` sets it, a skipped test fails the run: a machine that cannot
run the browser tests has not tested the pages.
"""

import os

import pytest

from lxp import embedded

if "DATABASE_URL" not in os.environ:
    database = os.environ.get("LXP_DATABASE", "lxp")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "one")
    servers = embedded.start(database=database, keyspace=f"test-{database}-{worker}")
    os.environ.update(servers.environment())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lxp.settings")

_skipped: list[str] = []


def pytest_runtest_logreport(report) -> None:
    if report.skipped:
        _skipped.append(report.nodeid)


def pytest_collectreport(report) -> None:
    if report.skipped:
        _skipped.append(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session) -> None:
    if _skipped and os.environ.get("LXP_FORBID_SKIPS") == "1":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter) -> None:
    if _skipped and os.environ.get("LXP_FORBID_SKIPS") == "1":
        terminalreporter.section("skipped tests are not allowed here")
        for nodeid in _skipped:
            terminalreporter.line(nodeid)
