"""How long a session lasts: an idle limit, an absolute limit, and what each looks like in seconds.

Times are seconds since 1970, as a session can hold them. The figures are settings:
`SESSION_IDLE_SECONDS` (30 minutes) and `SESSION_ABSOLUTE_SECONDS` (12 hours).
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session

from accounts.models import User

SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
WRITE_EVERY = 60  # seconds: an active session is written at most this often

IDLE = "idle"
ABSOLUTE = "limit"


@dataclass(frozen=True)
class Clock:
    """What is left of a session, for the warning on the page.

    Attributes:
        seconds_left: until the session ends if nothing more is done.
        absolute_left: until it ends whatever is done.
        warning: how long before the end to warn, in seconds.
    """

    seconds_left: int
    absolute_left: int
    warning: int


def begin(session: SessionBase, now: float) -> None:
    """Start both limits, at sign-in."""
    session[SIGNED_IN_AT] = session[SEEN_AT] = now


def ended(session: SessionBase, user: User, now: float) -> str:
    """Which limit has passed: `IDLE`, `ABSOLUTE`, or nothing."""
    if now - signed_in_at(session, user, now) >= settings.SESSION_ABSOLUTE_SECONDS:
        return ABSOLUTE
    if now - _seen_at(session, user, now) >= settings.SESSION_IDLE_SECONDS:
        return IDLE
    return ""


def touch(session: SessionBase, user: User, now: float, *, at_once: bool = False) -> None:
    """Note that the user did something; written at most once a minute unless `at_once`."""
    if at_once or now - _seen_at(session, user, now) >= WRITE_EVERY:
        session[SIGNED_IN_AT] = signed_in_at(session, user, now)
        session[SEEN_AT] = now


def clock(session: SessionBase, user: User, now: float) -> Clock:
    """What is left of a session that has not ended."""
    idle = _seen_at(session, user, now) + settings.SESSION_IDLE_SECONDS - now
    absolute = signed_in_at(session, user, now) + settings.SESSION_ABSOLUTE_SECONDS - now
    return Clock(int(min(idle, absolute)), int(absolute), settings.SESSION_WARNING_SECONDS)


def signed_in_at(session: SessionBase, user: User, now: float) -> float:
    """When a session began; where it does not say so itself, when its user last signed in."""
    if SIGNED_IN_AT in session:
        return session[SIGNED_IN_AT]
    return user.last_login.timestamp() if user.last_login else now


def _seen_at(session: SessionBase, user: User, now: float) -> float:
    return session.get(SEEN_AT) or signed_in_at(session, user, now)


def end_all(user: User) -> int:
    """End every session of a user, wherever it was begun; returns how many there were.

    Reads every session that is still in force: an administrator's rare act, in which none may be
    missed.
    """
    keys = [
        row.session_key
        for row in Session.objects.filter(expire_date__gt=dt.datetime.now(dt.UTC)).iterator()
        if row.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    Session.objects.filter(session_key__in=keys).delete()
    user.usersession_set.all().delete()
    return len(keys)


def lives(row: Session, user: User, now: float) -> bool:
    """Whether a stored session would still let this user in."""
    held = row.get_decoded()
    return bool(
        held.get(SESSION_KEY) == str(user.pk)
        and held.get(BACKEND_SESSION_KEY)
        and held.get(HASH_SESSION_KEY) == user.get_session_auth_hash()
        and now - held.get(SEEN_AT, now) < settings.SESSION_IDLE_SECONDS
    )
