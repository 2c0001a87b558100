"""The processes of the service on one machine: web, worker and beat, for `manage.py demo`.

`COMMANDS` and `PREPARE` are what docker-compose.yml runs too; a test holds the two together.

Each process leads a group of its own, so that whatever it starts can be ended with it. Their
numbers are written down before anything else happens: after a `kill -9` of the demonstration the
next start finds its leftovers and ends them, and nobody else's.
"""

import contextlib
import fcntl
import http.client
import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from lxp.embedded import LOOPBACK, ROOT, RUN

# What prepares the database, as arguments of manage.py.
PREPARE = ("migrate --no-input", "createcachetable")

# {state} is a folder that the service may write to.
COMMANDS = {
    "web": "gunicorn --config lxp/gunicorn.py lxp.wsgi:application",
    "worker": (
        "celery --quiet --app lxp.celery worker --loglevel WARNING --concurrency 2 "
        "--without-gossip --without-mingle"
    ),
    "beat": (
        "celery --quiet --app lxp.celery beat --loglevel WARNING --schedule {state}/beat-schedule"
    ),
}
OWN_ENVIRONMENT = {
    "PYTHONUNBUFFERED": "1",
    # Root on one's own machine, in a container: the worker need not say it at every start.
    "PYTHONWARNINGS": "ignore:You're running the worker with superuser",
}
READY_SECONDS = 60
STOP_SECONDS = 25
ORPHAN_SECONDS = 30

stopping = threading.Event()
_claims: list[Path] = []


class RefusedError(Exception):
    """The demonstration cannot start here and now; the message says why."""


# --- One demonstration a checkout -----------------------------------------------------------------


def claim(run: Path = RUN) -> None:
    """Make this process the one demonstration of the checkout, before anything is started.

    Raises:
        RefusedError: another one runs here, or the port is taken or is none.
    """
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), lambda *_: stopping.set())
    port = wanted_port()
    lock_checkout(run, f"http://{LOOPBACK}:{port}/")
    end_leftovers(run)
    _check_port(port)
    _claims.append(run)


def claimed() -> bool:
    """Whether this process is the demonstration of its checkout."""
    return bool(_claims)


def wanted_port() -> int:
    """The port from the environment variable PORT, 8000 when it says nothing.

    Raises:
        RefusedError: it is no port.
    """
    text = os.environ.get("PORT") or "8000"
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise RefusedError(f"PORT must be a number from 1 to 65535, not {text!r}.")


def lock_checkout(run: Path, url: str = "") -> None:
    """Hold the checkout's demonstration lock until this process ends.

    Raises:
        RefusedError: another process holds it.
    """
    run.mkdir(exist_ok=True, parents=True)
    lock = os.open(run / "demo.lock", os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + ORPHAN_SECONDS
    while True:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        holder = _holder(run)
        if not _is_leaving(holder) or time.monotonic() > deadline:
            raise RefusedError(
                f"A demonstration already runs in this folder: {holder.get('url', '')} (process "
                f"{holder.get('pid', 'unknown')}). Stop it with Ctrl-C in its own terminal first."
            )
        time.sleep(0.2)
    os.truncate(lock, 0)
    os.write(lock, json.dumps({"pid": os.getpid(), "parent": os.getppid(), "url": url}).encode())


def _holder(run: Path) -> dict:
    try:
        return json.loads((run / "demo.lock").read_text())
    except ValueError:
        return {}


def _is_leaving(holder: dict) -> bool:
    """Whether the `make` that started the other demonstration was killed, so that it ends now."""
    try:
        return psutil.Process(holder["pid"]).ppid() != holder["parent"]
    except (KeyError, psutil.Error):
        return True


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen()
        except OSError as error:
            raise RefusedError(
                f"Port {port} cannot be used ({error.strerror}). "
                f"Choose another: make demo PORT={port + 1 if port < 65535 else 8000}"
            ) from error


# --- Its processes --------------------------------------------------------------------------------


def end_leftovers(run: Path) -> None:
    """End what a killed demonstration of this checkout left running."""
    record = run / "demo-processes.json"
    with contextlib.suppress(FileNotFoundError, ValueError):
        end_groups([(one["pid"], one["created"]) for one in json.loads(record.read_text())], 5)
    record.unlink(missing_ok=True)


def end_groups(leaders: list[tuple[int, float]], seconds: float = STOP_SECONDS) -> None:
    """Ask each leader to end, which ends its children in order; then end whatever is left.

    Args:
        leaders: the number of each process that leads a group, and when it began.
        seconds: how long to wait for all of them.
    """
    numbers = {number for number, _ in leaders}
    for process in _members(leaders):
        if process.pid in numbers:
            with contextlib.suppress(psutil.Error):
                process.terminate()
    deadline = time.monotonic() + seconds
    while (left := _members(leaders)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for process in left:
        with contextlib.suppress(psutil.Error):
            process.kill()


def _members(leaders: list[tuple[int, float]]) -> list[psutil.Process]:
    """The processes of these groups that began no earlier than the leader: a number comes again."""
    began = dict(leaders)
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            leader = os.getpgid(process.pid)
            in_group = leader in began and process.create_time() >= began[leader]
            if in_group and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


class Processes:
    """The running processes, with their output on one terminal."""

    def __init__(self, run: Path, environment: dict[str, str]) -> None:
        self.run = run
        self.environment = environment
        self.running: dict[str, subprocess.Popen] = {}
        self.created: dict[str, float] = {}
        self.readers: list[threading.Thread] = []

    def start(self, name: str) -> None:
        program, *arguments = shlex.split(COMMANDS[name].format(state=shlex.quote(str(self.run))))
        process = subprocess.Popen(
            [sys.executable, "-m", program, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.running[name] = process
        self.created[name] = psutil.Process(process.pid).create_time()
        self._write_down()
        reader = threading.Thread(target=_relay, args=(name, process.stdout), daemon=True)
        reader.start()
        self.readers.append(reader)

    def ended(self) -> str | None:
        """The name of a process that is no longer running, if there is one."""
        return next((name for name, one in self.running.items() if one.poll() is not None), None)

    def stop(self) -> None:
        """Ask all to end at once, and wait for them and for everything they started."""
        end_groups([(one.pid, self.created[name]) for name, one in self.running.items()])
        for process in self.running.values():
            process.wait()
        for reader in self.readers:
            reader.join(timeout=1)
        (self.run / "demo-processes.json").unlink(missing_ok=True)

    def _write_down(self) -> None:
        record = [
            {"name": name, "pid": process.pid, "created": self.created[name]}
            for name, process in self.running.items()
        ]
        (self.run / "demo-processes.json").write_text(json.dumps(record))


def _relay(name: str, output) -> None:
    for line in output:
        try:
            sys.stdout.write(f"{name:<6} | {line.decode(errors='replace')}")
            sys.stdout.flush()
        except OSError:  # whoever read our output has gone: so do we
            stopping.set()


def serve(say: Callable[[str], None], announce: Callable[[str], None], run: Path = RUN) -> int:
    """Run web, worker and beat until somebody stops us; the exit status.

    Args:
        say: tells the person at the terminal.
        announce: told the address once the pages answer.
        run: where the processes may keep files.
    """
    port = wanted_port()
    parent = os.getppid()
    processes = Processes(run, os.environ | OWN_ENVIRONMENT | {"PORT": str(port)})
    try:
        # The web server first: on two processors all at once would make everybody wait.
        processes.start("web")
        deadline = time.monotonic() + READY_SECONDS
        ready = False
        while not stopping.wait(0.1):
            if name := processes.ended():
                say(f"{name} ended by itself, so the demonstration ends.")
                return 1
            if os.getppid() != parent and "MAKELEVEL" in os.environ:
                return 1  # `make` was killed: nobody is left to stop us
            if not ready and (ready := _pages_answer(port)):
                processes.start("worker")
                processes.start("beat")
                announce(f"http://{LOOPBACK}:{port}/")
            if not ready and time.monotonic() > deadline:
                say(f"No page answered within {READY_SECONDS} seconds.")
                return 1
        return 0
    finally:
        with contextlib.suppress(OSError):  # whoever read our output may have gone
            say("Stopping …")
        processes.stop()


def _pages_answer(port: int) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
