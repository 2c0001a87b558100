"""Hurts everything that carries reminders, and counts: LOST, DUP, GHOST and WRONG must be 0.

Kills come at moments drawn from a printed seed. All spans of the engine are divided by 20, so that
an hour is three minutes; FAULTS_TIMES=1 runs them as they are. A second copy by a mail server after
a sender was killed is flagged on its row, and is counted apart. Exit status 1 where a row does not
hold.
"""

import argparse
import secrets
import signal
import sys
import time

from faults import outages, people, rows, web
from faults.world import World

ROWS = rows.ROWS | outages.ROWS | web.ROWS


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    arguments.add_argument("--only", default="", help="rows, separated by commas")
    arguments.add_argument("--intents", type=int, default=300, help="messages owed in each row")
    arguments.add_argument("--soak", type=float, default=60, help="seconds of R30")
    asked = arguments.parse_args()
    names = [name for name in asked.only.split(",") if name] or list(ROWS)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing stays behind
    world = World(asked.seed)
    world.soak = asked.soak
    people.prepare()
    print(f"seed {asked.seed}, {asked.intents} messages a row", flush=True)
    print(
        f"{'row':<6}{'fault':<34}{'LOST':>5}{'DUP':>5}{'flagged':>8}{'GHOST':>6}{'WRONG':>6}"
        f"{'tries':>6}{'kills':>6}{'time':>7}"
    )
    held = [_row(world, name, asked.intents) for name in names]
    world.notify.close()
    print("Every row holds." if all(held) else "Some rows do not hold.")
    return 0 if all(held) else 1


def _row(world: World, name: str, intents: int) -> bool:
    """One row, on a database without a message; whether it holds."""
    words, hurt = ROWS[name]
    people.clear()
    world.wipe_broker()
    world.kills, began = 0, time.monotonic()
    world.notes.clear()
    world.notify.mode, world.notify.latency, world.notify.lag = "", 0.0, 0.0
    world.notify.window, world.notify.calls = None, 0
    world.notify.accepted.clear()
    world.posts.clear()
    world.changed.clear()
    try:
        own = hurt(world, intents)
    finally:
        world.stop()
    taken = [*world.notify.accepted, *(one for post in world.posts for one in post.accepted)]
    seen = own or people.count(intents, taken, world.changed)
    print(
        f"{name:<6}{words:<34}{seen.lost:>5}{seen.dup:>5}{seen.flagged:>8}{seen.ghost:>6}"
        f"{seen.wrong:>6}{seen.most_tries:>6}{world.kills:>6}{time.monotonic() - began:>6.0f}s",
        flush=True,
    )
    for words in world.notes:
        print(f"{'':<6}{words}", flush=True)
    return not (seen.lost or seen.dup or seen.ghost or seen.wrong) and seen.flagged <= world.kills


if __name__ == "__main__":
    sys.exit(main())
