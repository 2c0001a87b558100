"""A real PostgreSQL and a real Valkey for one checkout, kept under `.run/`.

The demonstration, the tests, the benchmarks and every `manage.py` command use the same two
servers. Whoever comes first starts them, whoever leaves last stops them: each user holds a shared
lock on one file, and a leaver who can turn it into an exclusive lock was the last. A lock dies with
its process, so after `kill -9` the next user finds the servers running and takes them over.

Both listen on the loopback address only and ask for a password that exists only in `.run/`. Each
database has a pair of Valkey databases of its own, so that a test never feeds the worker of a
running demonstration. See docs/decisions/0001.
"""

import atexit
import fcntl
import json
import os
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lxp.embedded import postgresql, valkey
from lxp.embedded.processes import LOOPBACK, EmbeddedServerError, write_private

__all__ = ["LOOPBACK", "RUN", "EmbeddedServerError", "Servers", "remove_database", "start", "stop"]

ROOT = Path(__file__).resolve().parent.parent.parent
# Tests and screenshots of the whole service name a folder of their own.
RUN = Path(os.environ.get("LXP_RUN") or ROOT / ".run")


@dataclass(frozen=True)
class Servers:
    """The two running servers: loopback ports and the password both ask for."""

    postgres_port: int
    valkey_port: int
    password: str
    database: str
    keyspace: int

    def environment(self) -> dict[str, str]:
        """Environment variables that make `lxp.settings` use these servers for a demonstration."""
        return {
            "LXP_DEMO": "1",
            "DATABASE_URL": (
                f"postgresql://lxp:{self.password}@{LOOPBACK}:{self.postgres_port}/{self.database}"
            ),
            "BROKER_URL": self._valkey(self.keyspace),
            "CACHE_URL": self._valkey(self.keyspace + 1),
        }

    def _valkey(self, number: int) -> str:
        return f"redis://:{self.password}@{LOOPBACK}:{self.valkey_port}/{number}"


_held_lock: int | None = None


def start(run: Path = RUN, *, database: str = "lxp", keyspace: str = "") -> Servers:
    """Start what is down, keep both servers up until this process ends, and say where they are.

    Args:
        run: the folder for data, logs and locks.
        database: the database to make sure of; benchmarks and tests have their own.
        keyspace: whose pair of Valkey databases to use; the database's own when not said.

    Raises:
        EmbeddedServerError: a server could not be started.
    """
    global _held_lock
    run.mkdir(exist_ok=True, parents=True)
    if not os.access(run, os.W_OK):
        raise EmbeddedServerError(f"{run} belongs to another account; give it back or remove it.")
    if _held_lock is None:
        _held_lock = os.open(run / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        atexit.register(_leave, run, _held_lock, os.getpid())
    with _alone(run):
        fcntl.flock(_held_lock, fcntl.LOCK_SH)
        state = _state(run)
        number = _keyspace(state, keyspace or database)
        _save(run, state)  # before the first start: a password that is lost locks the data up
        postgresql.start(run / "postgres", state)
        valkey.start(run / "valkey", state)
        _save(run, state)
        postgresql.ensure_database(state, database)
    return Servers(
        state["postgres_port"], state["valkey_port"], state["password"], database, number
    )


def stop(run: Path = RUN) -> None:
    """Stop both servers, whoever else uses them."""
    valkey.stop(run / "valkey")
    postgresql.stop(run / "postgres")


def remove_database(servers: Servers) -> None:
    """Remove the database and what its worker has still to do; the next `start` makes it anew."""
    postgresql.remove_database(servers.postgres_port, servers.password, servers.database)
    valkey.empty(servers.environment()["BROKER_URL"], servers.environment()["CACHE_URL"])


def _leave(run: Path, lock: int, owner: int) -> None:
    if os.getpid() != owner:  # a forked child shares the lock and must not give it away
        return
    with _alone(run):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        stop(run)


@contextmanager
def _alone(run: Path):
    """One process at a time may start or stop servers."""
    with (run / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _state(run: Path) -> dict:
    path = run / "state.json"
    if path.exists():
        return {"keyspaces": {"lxp": 0}} | json.loads(path.read_text())
    return {
        "password": secrets.token_urlsafe(24),
        "postgres_port": 0,
        "valkey_port": 0,
        "keyspaces": {"lxp": 0},
    }


def _keyspace(state: dict, name: str) -> int:
    """The first of a user's two Valkey databases: the same one at every start."""
    known = state["keyspaces"]
    if name not in known:
        known[name] = (max(known.values()) + 2) % valkey.DATABASES or 2  # 0 is the demonstration
    return known[name]


def _save(run: Path, state: dict) -> None:
    """Replace the file in one step, so that a killed process leaves the old one or the new one."""
    write_private(run / "state.json.new", json.dumps(state))
    (run / "state.json.new").replace(run / "state.json")
