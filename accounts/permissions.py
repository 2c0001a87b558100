"""Who may manage accounts and sites, as predicates and as the decorators that ask them."""

from collections.abc import Callable
from functools import wraps

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.roles import MANAGE_SITES, MANAGE_USERS


def can_manage_users(user: User) -> bool:
    """An administrator for every site: accounts belong to no site."""
    return user.sites_for(MANAGE_USERS) is None


def can_add_sites(user: User) -> bool:
    """A lead or an administrator for every site."""
    return user.sites_for(MANAGE_SITES) is None


def can_see_sites(user: User) -> bool:
    """A lead or an administrator; one limited to a site sees that site."""
    return user.has_perm(MANAGE_SITES)


def only(may: Callable[[User], bool]) -> Callable:
    """Answers 403 to whoever the predicate does not let in."""

    def decorator(view: Callable) -> Callable:
        @wraps(view)
        def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not may(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wrapper

    return decorator


def ask_for_password_again(request: HttpRequest) -> None:
    """Have a sensitive act confirmed; returns at once when that was done a moment ago.

    Raises:
        ReauthenticationRequired: allauth's middleware asks, and then goes on with this request.
    """
    if is_reauthentication_required(request, app="accounts"):
        raise ReauthenticationRequired
