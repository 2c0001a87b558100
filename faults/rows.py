"""The rows of the table of faults, each by its number in `reliability.md` 2.1."""

import json
import time
from collections.abc import Callable

from faults.hurry_times import TIMES
from faults.people import change, counts, due_since, everybody, intend, is_quiet
from faults.stand_ins import Window
from faults.world import World

WIPES = 12
MANY, MOST_SECONDS, MOST_MEMORY = 10_000, 120, 300  # MiB
LEASE = 120  # seconds of a deployment
WARM = 5  # seconds until each process of a web server has shown its first pages
MOST_WAIT = 240  # seconds here for everything to become quiet


def quiet(seconds: float = MOST_WAIT) -> bool:
    """Wait until every message has ended; whether it has."""
    end = time.monotonic() + seconds
    while not is_quiet() and time.monotonic() < end:
        time.sleep(0.5)
    return is_quiet()


def planned(intents: int) -> None:
    """Wait until every message is written down."""
    end = time.monotonic() + MOST_WAIT
    while counts("channel = 'email'") < intents and time.monotonic() < end:
        time.sleep(0.5)


def killed(world: World, channel: str, intents: int) -> None:
    """R03: senders are killed at random moments, a kill for every ten intents."""
    world.open_post().latency = world.notify.latency = 0.02
    world.work()
    intend(intents, channel)
    wanted = intents // 10
    for _ in world.every(0.25, lambda: world.kills >= wanted or is_quiet()):
        world.kill_one()
    quiet()


def killed_by_sms(world: World, intents: int) -> None:
    killed(world, "sms", intents)


def killed_by_mail(world: World, intents: int) -> None:
    killed(world, "email", intents)


def wiped(world: World, intents: int) -> None:
    """R06: a thousand hints are wiped before anybody has heard them."""
    world.open_post()
    intend(intents, "email")
    world.hint(1000)
    world.wipe_broker()
    world.start("worker", "beat", "sweeper")
    quiet()


def frozen(world: World, intents: int) -> None:
    """R05: a sender is stopped for two leases and goes on, three times."""
    world.open_post()
    world.notify.latency = 0.05
    world.work()
    intend(intents, "sms")
    for _ in range(3):
        world.freeze_one(world.real(2 * LEASE))
    quiet()


def mail_down(world: World, intents: int) -> None:
    """R16: for an hour the mail server refuses, is silent, closes or puts off."""
    world.work()
    intend(intents, "email")
    for mode in ("refused", "silent", "421", "451"):
        if mode != "refused":
            world.open_post().mode = mode
        time.sleep(world.real(15 * 60))
        if world.mail:
            world.mail.close()
    world.open_post()
    quiet()


def forgets(world: World, intents: int) -> None:
    """R20: Notify answers nothing, and finds what it has only a minute later."""
    world.open_post()
    world.notify.lag = world.real(60)
    world.notify.mode = "drop"
    world.work()
    intend(intents, "sms")
    for _ in world.every(0.5, lambda: len(world.notify.accepted) >= min(3, intents)):
        continue
    world.notify.mode = ""
    quiet()


def no_callback(world: World, intents: int) -> None:
    """R21: nobody can call back; then calls come twice, in any order and forged."""
    from django.test import Client

    world.open_post()
    world.work()
    intend(intents, "sms")
    quiet()
    for number, one in enumerate(world.notify.accepted):
        world.notify.statuses[one.reference] = "permanent-failure" if number % 5 else "delivered"
    end = time.monotonic() + MOST_WAIT
    while counts("state = 'accepted' AND channel = 'sms'") and time.monotonic() < end:
        time.sleep(0.5)
    before = counts("state = 'delivered'")
    for one in world.notify.accepted:
        for status, token in (("delivered", "forged"), ("delivered", "secret"), ("sending", "")):
            Client().post(
                "/messages/receipts/",
                json.dumps({"reference": one.reference, "status": status}),
                "application/json",
                secure=True,
                headers={"Authorization": f"Bearer {token}", "Host": "127.0.0.1"},
            )
    if counts("state = 'delivered'") != before or counts("state = 'accepted' AND channel = 'sms'"):
        raise AssertionError("A final state went back, or polling left one without an end.")


def planners_killed(world: World, intents: int) -> None:
    """R25: who writes down what is due is killed again and again; nothing hangs on a hook."""
    world.open_post()
    intend(intents, "email", planned=False)
    since = due_since()
    world.environment["FAULTS_DUE_SINCE"] = since
    world.start("worker", "beat", "sweeper")
    for _ in world.every(0.25, lambda: world.kills >= max(10, intents // 10)):
        world.kill_one()
    planned(intents)
    quiet()
    del world.environment["FAULTS_DUE_SINCE"]


def wiped_and_killed(world: World, intents: int) -> None:
    """For a minute the broker is wiped and one sender killed every five seconds."""
    world.open_post().latency = world.notify.latency = 0.05
    world.work()
    for number in range(WIPES):
        intend(intents * (number + 1) // WIPES - intents * number // WIPES, "sms")
        time.sleep(5)
        world.wipe_broker()
        world.kill_one()
    quiet()


def many(world: World, intents: int) -> None:
    """R01: everything is due at once; eight senders, each message takes a mail server 20 ms."""
    from faults.web import Crowd, pages_meanwhile, serve

    post = world.open_post()
    post.latency = 0.02
    intend(intents, "email")
    port = serve(world)
    with Crowd(port, a_second=10):
        time.sleep(WARM)
    began = time.monotonic()
    with Crowd(port, a_second=4) as crowd:
        world.start("sweeper", "sweeper")
        quiet(10 * MOST_WAIT)
        memory = world.megabytes()
    took = max(one.at for one in post.accepted) - began
    world.note(f"{intents:,} taken in {took:.0f} s; most memory of a process {memory:.0f} MiB")
    world.note(pages_meanwhile(crowd))
    if intents >= MANY and (took > MOST_SECONDS or memory > MOST_MEMORY):
        raise AssertionError(f"It may take {MOST_SECONDS} s and {MOST_MEMORY} MiB.")


def limited(world: World, intents: int) -> None:
    """R02: Notify takes three in ten of the messages in a minute, and no more until it is over."""
    world.open_post()
    world.notify.latency = 0.02
    world.notify.window = window = Window(max(intents * 3 // 10, 1), world.real(60))
    world.work()
    intend(intents, "sms")
    began = time.monotonic()
    quiet()
    took = time.monotonic() - began
    world.note(f"{window.refused} of {world.notify.calls} calls refused; {took:.0f} s")
    if counts("channel = 'sms' AND state IN ('failed', 'dead')") or not window.refused:
        raise AssertionError("A limit made messages fail, or was not reached.")
    # Of a minute that is divided there are as many calls at its end, and fewer before.
    if window.refused * 100 > world.notify.calls * TIMES:
        raise AssertionError("Too many calls were made that a limit refused.")
    if took > world.real(5 * 60) + 30:
        raise AssertionError("It took longer than five minutes.")


def loop_only(world: World, intents: int) -> None:
    """R10: broker, worker and beat are gone; the loop without Celery sends."""
    world.open_post()
    intend(intents, "email")
    world.start("sweeper")
    quiet()


def crowd(world: World, intents: int) -> None:
    """R13: two beats and three sweepers find the same."""
    world.open_post()
    intend(intents, "email", planned=False)
    world.environment["FAULTS_DUE_SINCE"] = due_since()
    world.start("worker", "beat", "beat", "sweeper", "sweeper", "sweeper")
    planned(intents)
    quiet()
    del world.environment["FAULTS_DUE_SINCE"]


def changed(world: World, intents: int) -> None:
    """R26: while it is sent, people leave, opt out and get other addresses."""
    world.open_post().latency = 0.02
    world.work()
    intend(intents, "email")
    for user in everybody(world.chance):
        world.changed[user.email] = change(user, world.chance)
        time.sleep(world.chance.uniform(0, 0.02))
    quiet()


ROWS: dict[str, tuple[str, Callable[[World, int], None]]] = {
    "R01": ("all due at once, eight senders", many),
    "R02": ("Notify takes so many a minute", limited),
    "R03n": ("senders killed, Notify", killed_by_sms),
    "R03m": ("senders killed, mail server", killed_by_mail),
    "R05": ("sender frozen for two leases", frozen),
    "R06": ("broker wiped", wiped),
    "R10": ("only the loop without Celery", loop_only),
    "R13": ("two beats, three sweepers", crowd),
    "R16": ("mail server down for an hour", mail_down),
    "R20": ("Notify forgets for a minute", forgets),
    "R21": ("no callback, then odd ones", no_callback),
    "R25": ("planners killed", planners_killed),
    "R26": ("people change while it is sent", changed),
    "both": ("broker wiped and a sender killed", wiped_and_killed),
}
