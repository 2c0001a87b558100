"""Rows of the table of faults in which a server or a whole kind of process is gone for a time."""

import signal
import time
from collections.abc import Callable

from django.test import Client

from faults.people import alarms, counts, heard_from, intend
from faults.rows import quiet
from faults.world import World

CYCLES = 5
CONSUMES_AGAIN = 60  # seconds in which a worker must hear the broker again
ENDS_WITHIN = 30  # seconds a process may take to end after TERM
ALARM = 5 * 60  # seconds of a deployment
SOAK = 60  # seconds here


def broker_killed(world: World, intents: int) -> None:
    """R07: the broker is killed and comes back empty, again and again; pages answer meanwhile."""
    world.open_post().latency = 0.02
    world.work()
    for _ in range(CYCLES):
        intend(intents // CYCLES, "email")
        world.kill_broker()
        time.sleep(world.real(5 * 60) / 3)
        _require_pages()
        world.bring_back()
        _heard_again("sweep", CONSUMES_AGAIN)
    quiet()


def broker_full(world: World, intents: int) -> None:
    """R09: the broker takes nothing more; the loop without Celery sends, and the alarm is told."""
    world.open_post()
    world.work()
    with world.full_broker():
        intend(intents, "email")
        _wait("the alarm", lambda: "sweep is silent" in alarms(), world.real(2 * ALARM) + 30)
        _require_pages()
        quiet()
    _heard_again("sweep", CONSUMES_AGAIN)


def database_restarted(world: World, intents: int) -> None:
    """R11: PostgreSQL is restarted while it is sent, politely and at once; no process is."""
    world.open_post().latency = world.notify.latency = 0.02
    world.work()
    intend(intents, "sms")
    for number in range(CYCLES):
        time.sleep(world.chance.uniform(0.5, 2))
        world.stop_database(signal.SIGINT if number % 2 else signal.SIGQUIT)
        _require_pages(ready=False)
        world.bring_back()
    _heard_again("sweep", CONSUMES_AGAIN)
    quiet()


def beat_dead(world: World, intents: int) -> None:
    """R14: beat is dead; the loop tells the alarm and sends, and beat goes on where it was."""
    world.open_post()
    world.start("worker", "sweeper")
    world.start("beat")
    _wait("all three", lambda: {"sweep", "loop"} <= heard_from().keys(), 90)
    world.kill_last()
    intend(intents, "email")
    _wait("the alarm", lambda: "sweep is silent" in alarms(), world.real(ALARM) + 30)
    quiet()
    world.start("beat")
    _heard_again("sweep", CONSUMES_AGAIN)


def senders_dead(world: World, intents: int) -> None:
    """R15: nobody sends for an hour; whoever asks `/readyz` is told, and then everything goes."""
    world.open_post()
    world.work()
    world.kill_all()
    intend(intents, "email")
    _wait("the alarm", lambda: _readiness()["reminders"] == "silent", world.real(ALARM) + 30)
    time.sleep(world.real(60 * 60) / 6)
    world.work()
    quiet()


def rolled(world: World, intents: int) -> None:
    """R28: every process is asked to end and started anew, twenty times, while it is sent."""
    world.open_post().latency = world.notify.latency = 0.02
    world.work()
    for _ in range(4 * CYCLES):
        intend(max(intents // (4 * CYCLES), 1), "sms")
        time.sleep(world.chance.uniform(0.2, 1.5))
        if (took := world.roll_one()) > ENDS_WITHIN:
            raise AssertionError(f"A process took {took:.0f} seconds to end after TERM.")
    quiet()


def soaked(world: World, intents: int) -> None:
    """R30, for a minute: whatever chance chooses goes wrong every few seconds."""
    world.open_post().latency = world.notify.latency = 0.02
    world.work()
    faults: list[Callable[[], object]] = [
        world.kill_one,
        world.wipe_broker,
        world.roll_one,
        lambda: world.freeze_one(world.real(2 * ALARM) / 5),
        lambda: world.odd_notify("500", 2),
        lambda: world.odd_notify("429", 2),
        lambda: world.odd_notify("drop", 2),
        lambda: (world.kill_broker(), world.bring_back()),
        lambda: (world.stop_database(signal.SIGQUIT), world.bring_back()),
    ]
    ends = time.monotonic() + SOAK
    rounds = SOAK // 5
    for _ in world.every(5, lambda: time.monotonic() > ends):
        intend(max(intents // rounds, 1), "sms")
        world.chance.choice(faults)()
    if missing := intents - counts("channel = 'sms'"):
        intend(missing, "sms")
    quiet()


def _wait(what: str, until: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not until():
        if time.monotonic() > end:
            raise AssertionError(f"{what} was not there after {seconds:.0f} seconds.")
        time.sleep(0.2)


def _heard_again(name: str, seconds: float) -> None:
    """Wait until a process does its work again, as nobody has started it anew."""
    before = heard_from().get(name)
    _wait(f"the next {name}", lambda: heard_from().get(name) != before, seconds)


def _readiness() -> dict[str, str]:
    return Client().get("/readyz", secure=True, headers={"Host": "127.0.0.1"}).json()


def _require_pages(*, ready: bool = True) -> None:
    """Pages are there without a broker; without a database they say that they will be."""
    ask = Client(raise_request_exception=False)
    alive = ask.get("/healthz", secure=True, headers={"Host": "127.0.0.1"}).status_code
    page = ask.get("/support/", secure=True, headers={"Host": "127.0.0.1"}).status_code
    if (alive, page) != (200, 200 if ready else 503):
        raise AssertionError(f"/healthz answered {alive} and /support/ {page}.")


ROWS: dict[str, tuple[str, Callable[[World, int], None]]] = {
    "R07": ("broker killed, comes back empty", broker_killed),
    "R09": ("broker full", broker_full),
    "R11": ("database restarted", database_restarted),
    "R14": ("beat dead", beat_dead),
    "R15": ("all senders dead", senders_dead),
    "R28": ("each process asked to end", rolled),
    "R30": ("a minute of whatever goes wrong", soaked),
}
