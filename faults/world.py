"""A real database, broker, worker, beat and sweepers of the suite's own, and ways to hurt them."""

import base64
import contextlib
import os
import random
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psutil
import redis
from django.db import connection

from faults.hurry_times import TIMES
from faults.people import heard_from
from faults.stand_ins import MailServer, NotifyServer, free_port
from lxp import embedded
from lxp.embedded import ROOT, RUN
from lxp.embedded.processes import alive, wait_for_end
from lxp.service import COMMANDS

KEY = f"faults-{uuid.UUID(int=1)}-{uuid.UUID(int=2)}"
SERVERS = RUN / "faults"
START_SECONDS = 90
PROGRAMS = {
    "worker": COMMANDS["worker"],
    "beat": COMMANDS["beat"],
    "sweeper": "manage.py sweep_reminders",
    "web": COMMANDS["web"],
}


def environment(mail_port: int, notify_url: str) -> dict[str, str]:
    """Variables for production settings on the suite's own servers."""
    servers = embedded.start(SERVERS, database="faults")
    return os.environ | {
        **servers.environment(),
        "LXP_DEMO": "0",
        "DEBUG": "0",
        "DJANGO_SETTINGS_MODULE": "faults.settings",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ENCRYPTION_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "EQUALITY_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "ALLOWED_HOSTS": embedded.LOOPBACK,
        "PUBLIC_URL": "https://lxp.example.org",
        "EMAIL_HOST": embedded.LOOPBACK,
        "EMAIL_PORT": str(mail_port),
        "EMAIL_USE_TLS": "0",
        "EMAIL_FROM": "lxp@example.org",
        "NOTIFY_API_KEY": KEY,
        "NOTIFY_URL": notify_url,
        "NOTIFY_SMS_TEMPLATE": "sms",
        "NOTIFY_CALLBACK_TOKEN": "secret",
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",
    }


def _is(process: subprocess.Popen, program: str) -> bool:
    """Whether a process was started by one of `PROGRAMS`."""
    return shlex.split(program.format(state=SERVERS))[-1] == process.args[-1]


class World:
    """The processes of one row, started and ended by it."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        self.mail_port = free_port()
        self.notify = NotifyServer(KEY).__enter__()
        self.web_port = free_port()
        self.environment = environment(self.mail_port, self.notify.url)
        self.environment["PORT"] = str(self.web_port)
        os.environ.update(self.environment)
        self.mail: MailServer | None = None
        self.posts: list[MailServer] = []  # all that were open in this row
        self.running: list[subprocess.Popen] = []
        self.kills = 0
        self.notes: list[str] = []  # what a row measured besides
        self.soak = 60.0  # seconds here
        self.changed: dict[str, float] = {}  # addresses, and since when they should get nothing
        self.log = (SERVERS / "processes.log").open("w")

    def open_post(self) -> MailServer:
        """The mail server listens, at the same port as before."""
        self.mail = MailServer(self.mail_port).__enter__()
        self.posts.append(self.mail)
        return self.mail

    def start(self, *names: str, clock: Path | None = None) -> None:
        """Start processes; by a clock of their own, where there is a file that says how wrong."""
        more = {"FAULTS_CLOCK": str(clock)} if clock else {}
        for name in names:
            program, *rest = shlex.split(PROGRAMS[name].format(state=SERVERS))
            how = [program, *rest] if program.endswith(".py") else ["-m", program, *rest]
            self.running.append(
                subprocess.Popen(
                    [sys.executable, *how],
                    cwd=ROOT,
                    env=self.environment | more,
                    stdout=self.log,
                    stderr=self.log,
                    start_new_session=True,
                )
            )

    def work(self) -> None:
        """Start all three, and wait until both ways to sweep have done so."""
        self.start("worker", "beat", "sweeper")
        end = time.monotonic() + START_SECONDS
        while heard_from().keys() < {"sweep", "loop"}:
            if time.monotonic() > end:
                raise TimeoutError("Worker or sweeper did not begin: see .run/faults.")
            time.sleep(0.2)

    def stop(self) -> None:
        """End everything that this row started, at once: nothing may depend on a goodbye."""
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.running.clear()
        if self.mail:
            self.mail.close()

    def note(self, words: str) -> None:
        self.notes.append(words)

    def megabytes(self) -> float:
        """The memory of the process that has most of it now."""
        found = []
        for process in self.running:
            with contextlib.suppress(psutil.Error):
                one = psutil.Process(process.pid)
                found += [each.memory_info().rss for each in (one, *one.children(recursive=True))]
        return max(found, default=0) / 2**20

    def senders(self) -> list[psutil.Process]:
        """Whatever may be sending: the children of workers, and sweepers."""
        found = []
        for process in self.running:
            with contextlib.suppress(psutil.Error):
                one = psutil.Process(process.pid)
                words = " ".join(one.cmdline())
                if "gunicorn" not in words:
                    found += one.children() or ([one] if "manage.py" in words else [])
        return [one for one in found if one.is_running() and one.status() != "zombie"]

    def kill_one(self) -> None:
        """End a sender in the middle of whatever it does; a sweeper is started again."""
        if senders := self.senders():
            one = self.chance.choice(senders)
            with contextlib.suppress(psutil.Error):
                one.kill()
                one.wait(5)
                self.kills += 1
            ended = [process for process in self.running if process.poll() is not None]
            for process in ended:
                self.running.remove(process)
                self.start("sweeper")

    def freeze_one(self, seconds: float) -> None:
        """Stop a sender in the middle of whatever it does, and let it go on later."""
        if senders := self.senders():
            one = self.chance.choice(senders)
            with contextlib.suppress(psutil.Error):
                one.suspend()
                self.kills += 1
                time.sleep(seconds)
                one.resume()

    def kill_all(self) -> None:
        """End every process of the service at once; the carriers stay."""
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.kills += len(self.running)
        self.running.clear()

    def kill_last(self) -> None:
        """End the process that was started last."""
        process = self.running.pop()
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.kills += 1

    def roll_one(self) -> float:
        """Ask one process to end, as a new release does, and start it anew; how long it took."""
        process = self.chance.choice(self.running)
        self.running.remove(process)
        name = next(name for name, program in PROGRAMS.items() if _is(process, program))
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait()
        self.start(name)
        return time.monotonic() - began

    def kill_broker(self) -> None:
        """End the broker, with everything it kept."""
        broker = alive(SERVERS / "valkey" / "valkey.pid")
        broker.kill()
        wait_for_end(broker, "Valkey")
        shutil.rmtree(SERVERS / "valkey" / "appendonlydir", ignore_errors=True)

    def stop_database(self, number: signal.Signals) -> None:
        """End PostgreSQL: with INT it says goodbye, with QUIT it does not."""
        server = alive(SERVERS / "postgres" / "postmaster.pid")
        server.send_signal(number)
        wait_for_end(server, "PostgreSQL")
        connection.close()

    @staticmethod
    def bring_back() -> None:
        """Start the servers that are down, at their old ports."""
        embedded.start(SERVERS, database="faults")

    @contextlib.contextmanager
    def full_broker(self) -> Iterator[None]:
        """The broker refuses to keep anything more."""
        with redis.Redis.from_url(self.environment["BROKER_URL"]) as broker:
            broker.config_set("maxmemory", 1)
            try:
                yield
            finally:
                broker.config_set("maxmemory", 0)

    def odd_notify(self, mode: str, seconds: float) -> None:
        """Notify answers oddly for a time."""
        self.notify.mode = mode
        time.sleep(seconds)
        self.notify.mode = ""

    def wipe_broker(self) -> None:
        with redis.Redis.from_url(self.environment["BROKER_URL"]) as broker:
            broker.flushdb()

    def hint(self, number: int) -> None:
        """So many hints that wait for a worker."""
        from notifications.tasks import sweep_reminders

        for _ in range(number):
            sweep_reminders.delay()

    def every(self, seconds: float, until) -> Iterator[None]:
        """Again and again, at moments that only chance knows, until something is so."""
        while not until():
            time.sleep(self.chance.uniform(0.5, 1.5) * seconds)
            yield

    @staticmethod
    def real(seconds: float) -> float:
        """A span of a deployment as it is here."""
        return seconds / TIMES
