"""The verbs of accounts: invite, accept, give and end roles, switch off and on, name sites.

Each is atomic and raises an error of its own where the rules say no. Whoever calls has checked
that `by` may do it at all.
"""

import datetime as dt
from collections.abc import Mapping
from importlib import import_module

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts import delivery, sessions
from accounts.models import Invitation, Notice, NoticeKind, RoleGrant, Site, User
from accounts.roles import MANAGE_USERS, roles_with

KEEP_NOTICES = dt.timedelta(days=30)


class AccountsError(Exception):
    """A rule of accounts said no; the text is for the person who asked."""


class OwnAccount(AccountsError):  # noqa: N818  says what is so
    def __init__(self) -> None:
        super().__init__("You cannot do this to your own account. Ask another administrator.")


class LastAdministrator(AccountsError):  # noqa: N818  says what is so
    def __init__(self) -> None:
        super().__init__(
            "Nobody else is an administrator on that day. Give the role to another person first."
        )


class AlreadyAccepted(AccountsError):  # noqa: N818  says what is so
    def __init__(self) -> None:
        super().__init__("This person has already set a password.")


class InvitationClosed(AccountsError):  # noqa: N818  says what is so
    def __init__(self) -> None:
        super().__init__("This invitation is used or too old.")


# --- Invitations ------------------------------------------------------------------------------


@transaction.atomic
def invite(
    *, email: str, name: str, grant: Mapping[str, object], by: User, at: dt.datetime
) -> User:
    """Make an account with one role and write down an invitation to it.

    Args:
        grant: `role`, `site`, `starts_on` and `ends_on` of the role.
    """
    user = User.objects.create_user(email=email, name=name)
    RoleGrant.objects.create(user=user, **grant)
    _write_invitation(user, by, at)
    return user


@transaction.atomic
def invite_again(*, user: User, by: User, at: dt.datetime) -> Invitation:
    """Write down a new invitation; the links of earlier ones stop working.

    Raises:
        AlreadyAccepted: the account has a password.
    """
    if user.has_usable_password() or not user.is_active:
        raise AlreadyAccepted
    return _write_invitation(user, by, at)


def _write_invitation(user: User, by: User, at: dt.datetime) -> Invitation:
    invitation = Invitation.objects.create(user=user, invited_by=by, created_at=at)
    transaction.on_commit(delivery.hint)
    return invitation


@transaction.atomic
def accept_invitation(
    *, invitation: Invitation, password: str, preferred_role_term: str, at: dt.datetime
) -> User:
    """Set the password of an invited account, once.

    Raises:
        InvitationClosed: it was used or withdrawn since the page was opened.
    """
    locked = Invitation.objects.select_for_update().select_related("user").get(pk=invitation.pk)
    if not locked.is_open(at):
        raise InvitationClosed
    locked.accepted_at = at
    locked.save(update_fields=["accepted_at"])
    user = locked.user
    user.preferred_role_term = preferred_role_term
    user.set_password(password)
    user.save(update_fields=["password", "preferred_role_term"])
    return user


# --- Accounts ---------------------------------------------------------------------------------


@transaction.atomic
def change_account(*, user: User, name: str, email: str, by: User, at: dt.datetime) -> User:
    """Correct a name or an e-mail address; an invitation not yet used goes to the new address.

    Whoever holds the address can set a new password. So a change of it is told to the old address,
    ends every session, and is never made to one's own account.

    Raises:
        OwnAccount: an administrator changes their own address.
    """
    former = User.objects.get(pk=user.pk).email
    if former != email and user == by:
        raise OwnAccount
    user.name, user.email = name, email
    user.save(update_fields=["name", "email"])
    if former != email:
        _address_moved(user, former, by, at)
    return user


def _address_moved(user: User, former: str, by: User, at: dt.datetime) -> None:
    sessions.end_all(user)
    if user.has_usable_password():
        notify(user=user, kind=NoticeKind.EMAIL_CHANGED, at=at, former_email=former)
    elif user.is_active:
        _write_invitation(user, by, at)


@transaction.atomic
def change_profile(*, user: User, name: str, preferred_role_term: str) -> User:
    """Change one's own name and the words for one's own role."""
    user.name, user.preferred_role_term = name, preferred_role_term
    user.save(update_fields=["name", "preferred_role_term"])
    return user


@transaction.atomic
def deactivate(*, user: User, by: User, day: dt.date) -> None:
    """Switch an account off; every session of it ends at once.

    Raises:
        OwnAccount: nobody locks themselves out.
        LastAdministrator: nobody would be left to let anybody in.
    """
    if user == by:
        raise OwnAccount
    _leave_an_administrator(day, without_user=user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    sessions.end_all(user)


@transaction.atomic
def reactivate(*, user: User) -> None:
    """Switch an account on again, with the roles it holds."""
    user.is_active = True
    user.save(update_fields=["is_active"])


@transaction.atomic
def end_sessions(*, user: User) -> int:
    """Sign a user out everywhere; returns from how many places."""
    return sessions.end_all(user)


@transaction.atomic
def remove_second_step(*, user: User, by: User, at: dt.datetime) -> None:
    """For somebody who has lost phone, passkey and recovery codes: they set up a new one.

    Raises:
        OwnAccount: one's own is changed on one's own account page.
    """
    if user == by:
        raise OwnAccount
    Authenticator.objects.filter(user=user).delete()
    sessions.end_all(user)
    notify(user=user, kind=NoticeKind.STEP_REMOVED, at=at)


# --- Roles ------------------------------------------------------------------------------------


@transaction.atomic
def give_role(
    *,
    user: User,
    role: str,
    site: Site | None,
    starts_on: dt.date,
    ends_on: dt.date | None,
    by: User,
) -> RoleGrant:
    """Give a role from a day on.

    Raises:
        OwnAccount: nobody gives themselves a role.
    """
    if user == by:
        raise OwnAccount
    return RoleGrant.objects.create(
        user=user, role=role, site=site, starts_on=starts_on, ends_on=ends_on
    )


@transaction.atomic
def end_role(*, grant: RoleGrant, day: dt.date) -> RoleGrant:
    """End a role; `day` is the first without it.

    Raises:
        LastAdministrator: nobody would be left to let anybody in.
    """
    _leave_an_administrator(day, without_grant=grant)
    grant.ends_on = max(day, grant.starts_on)
    grant.save(update_fields=["ends_on"])
    return grant


def _leave_an_administrator(
    day: dt.date, *, without_user: User | None = None, without_grant: RoleGrant | None = None
) -> None:
    """Refuse what would leave nobody to manage users on that day.

    Locks the grants in question, so that two administrators cannot remove each other at once.
    """
    grants = list(
        RoleGrant.objects.select_for_update()
        .filter(role__in=roles_with(MANAGE_USERS), site=None)
        .in_force_on(day)
    )
    left = [
        grant
        for grant in grants
        if grant != without_grant and (without_user is None or grant.user_id != without_user.pk)
    ]
    touched = len(left) < len(grants)
    holders = {grant.user_id for grant in left}
    if touched and not User.objects.filter(pk__in=holders, is_active=True).exists():
        raise LastAdministrator


# --- Sites ------------------------------------------------------------------------------------


@transaction.atomic
def save_site(*, site: Site) -> Site:
    """Add a site, or give one another name."""
    site.save()
    return site


# --- Messages and cleaning --------------------------------------------------------------------


@transaction.atomic
def notify(
    *, user: User | None, kind: NoticeKind, at: dt.datetime, former_email: str = ""
) -> Notice:
    """Write down a message to a user about their account; the worker sends it."""
    notice = Notice.objects.create(user=user, kind=kind, created_at=at, former_email=former_email)
    transaction.on_commit(delivery.hint)
    return notice


def clear_ended(*, at: dt.datetime) -> None:
    """Remove sessions past their end, what is known of them, and notices past their use."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    Notice.objects.filter(created_at__lt=at - KEEP_NOTICES).delete()
