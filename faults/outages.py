"""Rows of the table of faults in which a server or a whole kind of process is gone for a time."""

import signal
import time
from collections.abc import Callable

from django.test import Client

from faults import clocks
from faults.people import alarms, connections, heard_from, intend
from faults.rows import quiet
from faults.world import SERVERS, World

CYCLES = 5
CONSUMES_AGAIN = 60  # seconds in which a worker must hear the broker again
ENDS_WITHIN = 30  # seconds a process may take to end after TERM
ALARM = 5 * 60  # seconds of a deployment
STEPS = (0, 2, -2, 0)  # hours
LINES_MORE = 10  # to the database at the end of a soak
LONG, GROWTH = 600, 1.1  # seconds of a soak from which memory may grow by a tenth at most


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
    """R30: whatever chance chooses goes wrong every few seconds; memory and lines do not grow."""
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
    ends, left = time.monotonic() + world.soak, intents
    each = max(intents // int(world.soak / 5), 1)
    before = None
    for _ in world.every(5, lambda: time.monotonic() > ends):
        left -= (now := min(each, left))
        intend(now, "sms")
        before = before or (world.megabytes(), connections())
        world.chance.choice(faults)()
    intend(left, "sms")
    quiet()
    _require_flat(world, before, (world.megabytes(), connections()))


def _require_flat(world: World, before: tuple[float, int], after: tuple[float, int]) -> None:
    """Memory counts in a soak that is long enough for what is read in at first to be there."""
    world.note(
        f"most memory of a process {before[0]:.0f} MiB, then {after[0]:.0f}; "
        f"lines to the database {before[1]}, then {after[1]}"
    )
    if after[1] > before[1] + LINES_MORE:
        raise AssertionError("Lines to the database are left open.")
    if world.soak >= LONG and after[0] > before[0] * GROWTH:
        raise AssertionError("Memory grows.")


def clocks_off(world: World, intents: int) -> None:
    """R23: the clock of worker and beat steps two hours on and back, that of the loop is ten
    minutes off: only the database's decides."""
    world.open_post().latency = 0.02
    mine, other = SERVERS / "clock", SERVERS / "other-clock"
    clocks.step(mine, 0)
    clocks.step(other, 10 * 60)
    world.start("worker", "beat", clock=mine)
    world.start("sweeper", clock=other)
    _wait("both", lambda: {"sweep", "loop"} <= heard_from().keys(), 90)
    for number, hours in enumerate(STEPS):
        clocks.step(mine, hours * 3600)
        intend(intents * (number + 1) // len(STEPS) - intents * number // len(STEPS), "email")
        time.sleep(world.chance.uniform(1, 3))
    if not quiet():
        raise AssertionError("Something waits for a wrong clock.")


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


def _require_pages() -> None:
    """Pages are there without a broker."""
    ask = Client(raise_request_exception=False)
    alive = ask.get("/healthz", secure=True, headers={"Host": "127.0.0.1"}).status_code
    page = ask.get("/support/", secure=True, headers={"Host": "127.0.0.1"}).status_code
    if (alive, page) != (200, 200):
        raise AssertionError(f"/healthz answered {alive} and /support/ {page}.")


ROWS: dict[str, tuple[str, Callable[[World, int], None]]] = {
    "R07": ("broker killed, comes back empty", broker_killed),
    "R09": ("broker full", broker_full),
    "R14": ("beat dead", beat_dead),
    "R15": ("all senders dead", senders_dead),
    "R23": ("clocks two hours off", clocks_off),
    "R28": ("each process asked to end", rolled),
    "R30": ("whatever goes wrong", soaked),
}
