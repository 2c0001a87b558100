"""How settings are read from the environment: loudly where something is missing."""

import os

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
