"""What the frame of every page shows: the links a role can open, and the banner of the demo."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from accounts.roles import (
    CHANGE_PEOPLE,
    IMPORT_PEOPLE,
    MANAGE_SITES,
    MANAGE_USERS,
    SCORE_APPLICANTS,
    VIEW_AUDIT,
    VIEW_COHORTS,
    VIEW_FIGURES,
    VIEW_PEOPLE,
    VIEW_POSTS,
    VIEW_PUBLISHED_FIGURES,
    VIEW_RECRUITMENT,
    VIEW_SUPERVISION_DUTY,
)
from programme.models import Person


@dataclass(frozen=True)
class Link:
    """One link of the main navigation."""

    text: str
    url: str
    current: bool


# The words, the page, and the permissions of which any one opens it.
NAVIGATION = (
    ("Dashboard", "dashboard", (VIEW_FIGURES, VIEW_PUBLISHED_FIGURES)),
    ("People", "programme:people", (VIEW_PEOPLE,)),
    ("Recruitment", "programme:rounds", (VIEW_RECRUITMENT,)),
    ("Cohorts", "programme:cohorts", (VIEW_COHORTS,)),
    ("Posts", "programme:posts", (VIEW_POSTS,)),
    ("Supervision", "supervision:duty", (VIEW_SUPERVISION_DUTY,)),
    ("Panels", "programme:panels", (SCORE_APPLICANTS,)),
    ("Import", "programme:imports", (IMPORT_PEOPLE,)),
    ("Teams", "programme:teams", (CHANGE_PEOPLE,)),
    ("Users", "accounts:users", (MANAGE_USERS,)),
    ("Sites", "accounts:sites", (MANAGE_SITES,)),
    ("Audit trail", "audit-trail", (VIEW_AUDIT,)),
)

# Roles of people whom the programme itself is for.
HAVE_RECORDS = frozenset({"peer_worker", "trainee"})

# What belongs to no site: a role that is limited to one does not open it.
FOR_EVERY_SITE = frozenset({MANAGE_USERS, VIEW_AUDIT})


# Each page asks for the same dozen addresses, which never change.
address = cache(reverse)


def may_open(user: User, permission: str) -> bool:
    """Whether the pages behind a permission open for a user, for one site at least."""
    sites = user.sites_for(permission)
    return sites is None or (bool(sites) and permission not in FOR_EVERY_SITE)


def own_record(user: User) -> Person | None:
    """The record linked to an account, asked for once in a request."""
    return getattr(user, "person", None)


def is_led_to_own_record(user: User) -> bool:
    """Whether the navigation leads to one's own record: by the role, which costs no query.

    Anybody else with a linked record finds it on the home page.
    """
    return any(role.key in HAVE_RECORDS for role in user.roles)


def pages_for(user: User) -> list[tuple[str, str]]:
    """Words and address of each page of the navigation that a user can open."""
    pages = [("Home", address("home"))]
    if is_led_to_own_record(user):
        pages.append(("My record", address("programme:my-record")))
        pages.append(("My supervision", address("supervision:mine")))
        pages.append(("My check-ins", address("wellbeing:my-check-ins")))
    if any(role.key == "supervisor" for role in user.roles):
        pages.append(("People I supervise", address("supervision:home")))
    pages += [
        (text, address(name))
        for text, name, permissions in NAVIGATION
        if any(may_open(user, permission) for permission in permissions)
    ]
    pages.append(("Messages", address("notifications:mine")))
    return pages


def current_page(path: str, urls: list[str]) -> str | None:
    """The address a path belongs to: the longest that it begins with; home only for itself."""
    above = [
        url for url in urls if path == url or (url != address("home") and path.startswith(url))
    ]
    return max(above, key=len, default=None)


def page_frame(request: HttpRequest) -> dict:
    """Template context of every page."""
    user = getattr(request, "user", None)
    pages = pages_for(user) if user is not None and user.is_authenticated else []
    current = current_page(request.path, [url for _, url in pages])
    return {
        "navigation": [Link(text, url, url == current) for text, url in pages],
        "organisation_name": settings.ORGANISATION_NAME,
        "demo": settings.DEMO,
        "second_factor_off": not settings.SECOND_FACTOR_REQUIRED,
    }
