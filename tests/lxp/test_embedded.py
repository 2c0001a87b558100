"""The embedded servers: started by the first, stopped by the last, taken over after a kill."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest
from django.conf import settings

from lxp.embedded import RUN, processes, valkey

pytestmark = pytest.mark.slow

USER = """
import os, sys
from lxp import embedded
servers = embedded.start(database=sys.argv[1])
print(servers.postgres_port, servers.valkey_port, servers.keyspace, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def run(request):
    """A folder of servers of its own, short enough and open to the account of PostgreSQL."""
    folder = RUN / "tests" / f"embedded {os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    for process in servers_in(folder):
        process.kill()
    shutil.rmtree(folder, ignore_errors=True)


def servers_in(folder) -> list[psutil.Process]:
    found = []
    for name in ("postgres/postmaster.pid", "valkey/valkey.pid"):
        if process := processes.alive(folder / name):
            found.append(process)
    return found


class Visitor:
    """A process that uses the servers until it is told to leave."""

    def __init__(self, run, database: str = "lxp") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, database],
            cwd=settings.BASE_DIR,
            env=os.environ | {"LXP_RUN": str(run)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.said = ""

    def ready(self) -> str:
        self.said = self.said or self.process.stdout.readline().strip()
        return self.said

    def leave(self) -> None:
        self.process.communicate(timeout=60)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=60)


def test_servers_outlive_all_users_but_the_last(run):
    first, second = Visitor(run), Visitor(run, "other")
    places = [first.ready().split()[:2], second.ready().split()[:2]]

    first.leave()
    after_first = len(servers_in(run))
    second.leave()

    assert places[0] == places[1]
    assert (after_first, servers_in(run)) == (2, [])


def test_killed_user_leaves_servers_that_the_next_takes_over(run):
    first = Visitor(run)
    said = first.ready()
    before = servers_in(run)
    first.kill()
    after_kill = servers_in(run)

    second = Visitor(run)
    said_again = second.ready()
    taken_over = servers_in(run)
    second.leave()

    assert (said, before, before) == (said_again, after_kill, taken_over)
    assert servers_in(run) == []


def test_killed_servers_start_again_with_their_data(run):
    first = Visitor(run)
    first.ready()
    for process in servers_in(run):
        process.kill()
    first.kill()
    time.sleep(0.5)

    second = Visitor(run)
    ready = second.ready() != ""
    second.leave()

    assert ready


def test_pid_file_that_names_a_stranger_does_not_stop_the_start(run):
    first = Visitor(run)
    first.ready()
    first.leave()
    (run / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    (run / "valkey" / "valkey.pid").write_text(f"{os.getpid()}\n")

    second = Visitor(run)
    ready = second.ready() != ""
    second.leave()

    assert ready


def test_each_database_keeps_its_own_pair_in_valkey(run):
    one, other = Visitor(run), Visitor(run, "other")
    pairs = [one.ready().split()[2], other.ready().split()[2]]
    one.leave()
    other.leave()

    again = Visitor(run, "other")
    pairs.append(again.ready().split()[2])
    again.leave()

    assert pairs == ["0", "2", "2"]


def test_password_is_private_and_asked_for(run):
    visitor = Visitor(run)
    postgres_port, valkey_port, _ = map(int, visitor.ready().split())
    state = json.loads((run / "state.json").read_text())
    mode = (run / "state.json").stat().st_mode & 0o777

    refusals = [refused_by_postgres(postgres_port), refused_by_valkey(valkey_port)]
    visitor.leave()

    assert (mode, len(state["password"]) >= 32, refusals) == (0o600, True, [True, True])


def refused_by_postgres(port: int) -> bool:
    import psycopg

    try:
        psycopg.connect(host="127.0.0.1", port=port, user="lxp", password="x", dbname="lxp").close()
    except psycopg.OperationalError:
        return True
    return False


def refused_by_valkey(port: int) -> bool:
    import redis

    with redis.Redis(host="127.0.0.1", port=port) as client:
        try:
            client.ping()
        except redis.AuthenticationError:
            return True
    return False


def test_there_are_pairs_for_every_test_process():
    assert 4 * (os.cpu_count() or 1) <= valkey.DATABASES
