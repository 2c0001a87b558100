"""How often one place or one address may use the pages that are open to everybody."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

# Wide enough for a library or a day centre, where many people share one connection.
LIMITS = {
    "begin": "60/1h/ip",
    "save": "3000/1h/ip,900/1h/key",
    "send_link": "30/1h/ip,5/1d/key",
    "equality": "60/1h/ip",
}


def allowed(request: HttpRequest, what: str, *, key: str = "") -> bool:
    """Whether this may be done once more now, which then counts; see docs/decisions/0004."""
    used = ratelimit.consume(
        request, app="programme", action=what, config=LIMITS, key=key.lower(), limit_get=True
    )
    return used is not None
