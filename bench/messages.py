"""Messages a second through a real worker, beside a bare task that does one INSERT.

Both by the same worker in the same run, one after the other. A mail server on this machine takes
each message without a pause; pauses of the engine are those of the fault suite.
"""

import json
import subprocess
import sys
import time
import uuid
from typing import NamedTuple

MESSAGES = 1_000
MOST_WAIT = 300  # seconds


class Rates(NamedTuple):
    """How many a second: messages taken by the mail server, and bare tasks done."""

    messages: float
    bare: float


def measure() -> Rates:
    """In a process of its own, which has the settings of the fault suite."""
    print(f"{MESSAGES:,} messages: preparing", flush=True)
    run = [sys.executable, "-W", "ignore", "-m", "bench.messages"]
    return Rates(**json.loads(subprocess.run(run, check=True, stdout=subprocess.PIPE).stdout))


def report(seen: Rates) -> None:
    print(
        f"\n{seen.messages:.0f} messages a second, {seen.bare:.0f} bare tasks with one INSERT: "
        f"{seen.bare / seen.messages:.2f} bare tasks in the time of a message"
    )


def _rates() -> Rates:
    from faults import people
    from faults.world import World

    world = World(seed=0)
    people.prepare()
    people.clear()
    world.wipe_broker()
    post = world.open_post()
    try:
        people.intend(MESSAGES, "email")
        world.start("worker", "beat")
        _until(people.is_quiet)
        moments = [one.at for one in post.accepted]
        return Rates(_rate(moments), _rate(_bare()))
    finally:
        world.stop()
        world.notify.close()


def _bare() -> list[float]:
    """The moments at which bare tasks did their INSERT."""
    from audit.models import Look
    from faults.tasks import insert_one

    viewer, subject = str(uuid.uuid4()), str(uuid.uuid4())
    for _ in range(MESSAGES):
        insert_one.delay(viewer, subject)
    done = Look.objects.filter(viewer_id=viewer)
    _until(lambda: done.count() == MESSAGES)
    return [at.timestamp() for at in done.values_list("at", flat=True)]


def _until(so) -> None:
    end = time.monotonic() + MOST_WAIT
    while not so():
        if time.monotonic() > end:
            raise TimeoutError("The worker did not get through: see .run/faults.")
        time.sleep(0.1)


def _rate(moments: list[float]) -> float:
    return (len(moments) - 1) / (max(moments) - min(moments))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_rates()._asdict()))
