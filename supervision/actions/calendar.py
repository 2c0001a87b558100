"""The secret address of one's calendar: made, renewed, taken away. Only its digest is kept."""

import datetime as dt
import hashlib
import secrets

from accounts.models import User
from supervision.models import CalendarFeed


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def renew_feed(*, by: User, at: dt.datetime) -> str:
    """A new secret, which is shown once; the one before opens nothing from now on."""
    secret = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        user=by, defaults={"digest": digest_of(secret), "made_at": at}
    )
    return secret


def stop_feed(*, by: User) -> None:
    CalendarFeed.objects.filter(user=by).delete()
