"""How settings are read from the environment: loudly where something is missing."""

import os
import re
from typing import NamedTuple

from django.core.exceptions import ImproperlyConfigured


def required(name: str) -> str:
    """The value of an environment variable that has no safe default.

    Raises:
        ImproperlyConfigured: it is missing or empty.
    """
    if value := os.environ.get(name, ""):
        return value
    raise ImproperlyConfigured(
        f"The environment variable {name} is missing. On your own machine use `make demo` or "
        "`python manage.py`, which start a database and a broker of their own; for a deployment "
        "docs/deployment.md lists every variable."
    )


def flag(name: str, *, default: bool) -> bool:
    """An on/off environment variable.

    Raises:
        ImproperlyConfigured: it is neither 0 nor 1.
    """
    value = os.environ.get(name, "1" if default else "0")
    if value not in {"0", "1"}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value == "1"


def listed(name: str, default: str = "") -> list[str]:
    """A comma-separated environment variable."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def at_least(name: str, lowest: int, *, default: int) -> int:
    """A whole number that is never below `lowest`.

    Raises:
        ImproperlyConfigured: it is, or it is no whole number.
    """
    value = os.environ.get(name, str(default))
    if not value.isdecimal() or int(value) < lowest:
        raise ImproperlyConfigured(f"{name} must be {lowest} or more.")
    return int(value)


class Notify(NamedTuple):
    """GOV.UK Notify: what it sends has a template there; without a key it is off."""

    key: str
    url: str
    email_template: str
    sms_template: str
    callback_token: str


def notify() -> Notify:
    """What the environment says of GOV.UK Notify.

    Raises:
        ImproperlyConfigured: a key without a template or the other way round, a key that is none,
            or an address that is not encrypted.
    """
    names = ("API_KEY", "URL", "EMAIL_TEMPLATE", "SMS_TEMPLATE", "CALLBACK_TOKEN")
    found = Notify(*(os.environ.get(f"NOTIFY_{name}", "") for name in names))
    found = found._replace(url=found.url or "https://api.notifications.service.gov.uk")
    if bool(found.key) != bool(found.email_template or found.sms_template):
        raise ImproperlyConfigured(
            "NOTIFY_API_KEY goes with NOTIFY_EMAIL_TEMPLATE, NOTIFY_SMS_TEMPLATE or both."
        )
    if found.key and not re.search(r"[0-9a-f-]{36}-[0-9a-f-]{36}$", found.key):
        raise ImproperlyConfigured("NOTIFY_API_KEY must end with two ids, as Notify gives it.")
    if not re.match(r"https://|http://127\.0\.0\.1:", found.url):
        raise ImproperlyConfigured("NOTIFY_URL must begin with https://.")
    return found
