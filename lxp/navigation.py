"""What the frame of every page shows: the links a role can open, and the banner of the demo."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Link:
    """One link of the main navigation."""

    text: str
    url: str
    current: bool


# The words, the page, and the permission that opens it (None: everybody who is signed in).
NAVIGATION = (
    ("Home", "home", None),
    ("Dashboard", "dashboard", "programme.view_figures"),
    ("People", "programme:people", "programme.view_people"),
    ("Cohorts", "programme:cohorts", "programme.view_cohorts"),
    ("Posts", "programme:posts", "programme.view_posts"),
    ("Import", "programme:imports", "programme.import_people"),
    ("Teams", "programme:teams", "programme.change_people"),
    ("Users", "accounts:users", "accounts.manage_users"),
    ("Sites", "accounts:sites", "accounts.manage_sites"),
    ("Audit trail", "audit-trail", "audit.view_trail"),
)


def page_frame(request: HttpRequest) -> dict:
    """Template context of every page."""
    user = getattr(request, "user", None)
    links = []
    if user is not None and user.is_authenticated:
        for text, name, permission in NAVIGATION:
            if permission is None or user.has_perm(permission):
                try:
                    url = reverse(name)
                except NoReverseMatch:
                    continue
                current = request.path == url or (name != "home" and request.path.startswith(url))
                links.append(Link(text, url, current))
    return {
        "navigation": links,
        "organisation_name": settings.ORGANISATION_NAME,
        "demo": settings.DEMO,
        "second_factor_off": not settings.SECOND_FACTOR_REQUIRED,
    }
