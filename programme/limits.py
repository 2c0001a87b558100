"""How often one place may use the pages that are open to everybody, and how many messages a day
they send to one address, whoever asks: for no page says which address has applied."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

# Wide enough for a library or a day centre, where many people share one connection.
LIMITS = {
    "begin": "60/1h/ip",
    "save": "3000/1h/ip,900/1h/key",
    "send_link": "30/1h/ip,5/1d/key",
    "received": "5/1d/key",
    "withdrew": "5/1d/key",
    "equality": "60/1h/ip",
}


def allowed(request: HttpRequest, what: str, *, key: str = "") -> bool:
    """Whether this may be done once more now, which then counts; see docs/decisions/0004."""
    used = ratelimit.consume(
        request, app="programme", action=what, config=LIMITS, key=key.lower(), limit_get=True
    )
    return used is not None


def may_write_to(request: HttpRequest, what: str, email: str) -> bool:
    """Whether an address may get one more message of a kind today; `a+b@c` is the mailbox `a@c`."""
    name, _, host = email.rpartition("@")
    return allowed(request, what, key=f"{name.partition('+')[0]}@{host}")
