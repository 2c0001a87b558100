"""The second step of signing in: who has to take it, who has set it up, which session took it."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User

SET_UP_HERE = "second_step_set_up_here"


def steps(user: User) -> QuerySet[Authenticator]:
    """What a user has set up to take the second step with; recovery codes only stand in for it."""
    return Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)


def is_set_up(user: User) -> bool:
    """Whether a user has an authenticator app or a passkey."""
    return steps(user).exists()


def is_required(user: User) -> bool:
    """Whether a role held today asks for it, and the service does."""
    return settings.SECOND_FACTOR_REQUIRED and user.needs_second_factor


def taken(request: HttpRequest) -> bool:
    """Whether this session has taken a second step, or has set the first one up."""
    if request.session.get(SET_UP_HERE) == str(request.user.pk):
        return True
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def missing(request: HttpRequest) -> bool:
    """Whether this session has to take a second step before it may go on."""
    if not settings.SECOND_FACTOR_REQUIRED or not request.user.is_authenticated:
        return False
    return not taken(request) and is_required(request.user)
