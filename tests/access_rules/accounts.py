"""Signing in is open, one's own account is for whoever is signed in, users for administrators."""

import uuid

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.tokens import default_token_generator

from accounts.delivery import invitation_signer
from tests.access_rules import ANYONE, SIGNED_IN, Rule

PAGE = {"GET"}
FORM = {"GET", "POST"}
ACT = {"POST"}
ADMINISTRATOR = {"administrator"}


def invitation_link(world) -> dict:
    invited = world.user(password="!nobody has set one")
    invitation = world.invitation(user=invited)
    return {"token": invitation_signer.sign(str(invitation.pk))}


def reset_link(world) -> dict:
    user = world.user()
    return {"uidb36": user.pk.hex, "key": default_token_generator.make_token(user)}


def session(world) -> dict:
    key = uuid.uuid4().hex
    row = UserSession.objects.create(
        user=world.actor or world.stranger, session_key=key, ip="192.0.2.1", user_agent=""
    )
    return {"pk": row.pk}


def passkey(world) -> dict:
    row = Authenticator.objects.create(
        user=world.actor or world.stranger,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Work phone", "credential": {}},
    )
    return {"pk": row.pk}


def user(world) -> dict:
    return {"pk": world.user().pk}


def grant(world) -> dict:
    held = world.grant()
    return {"pk": held.user_id, "grant_pk": held.pk}


def for_administrators(methods: set[str], make=user) -> Rule:
    return Rule(roles=ADMINISTRATOR, methods=methods, make=make, scoped=False)


RULES = {
    "account_login": Rule(roles=ANYONE, methods=FORM),
    "account_logout": Rule(roles=ANYONE, methods=FORM),
    "account_signup": Rule(roles=ANYONE, methods=FORM),
    "account_reset_password": Rule(roles=ANYONE, methods=FORM),
    "account_reset_password_done": Rule(roles=ANYONE),
    "account_reset_password_from_key": Rule(roles=ANYONE, methods=FORM, make=reset_link),
    "account_reset_password_from_key_done": Rule(roles=ANYONE),
    "account_change_password": Rule(roles=SIGNED_IN, methods=FORM),
    "account_set_password": Rule(roles=SIGNED_IN, methods=FORM),
    "account_reauthenticate": Rule(roles=SIGNED_IN, methods=FORM),
    "mfa_authenticate": Rule(roles=ANYONE, methods=FORM),
    "mfa_login_webauthn": Rule(roles=ANYONE, methods=FORM),
    "mfa_index": Rule(roles=SIGNED_IN),
    "mfa_reauthenticate": Rule(roles=SIGNED_IN, methods=FORM),
    "mfa_reauthenticate_webauthn": Rule(roles=SIGNED_IN, methods=FORM),
    "mfa_activate_totp": Rule(roles=SIGNED_IN, methods=FORM),
    "mfa_deactivate_totp": Rule(roles=SIGNED_IN, methods=FORM),
    "mfa_view_recovery_codes": Rule(roles=SIGNED_IN),
    "mfa_generate_recovery_codes": Rule(roles=SIGNED_IN, methods=FORM),
    "mfa_download_recovery_codes": Rule(roles=SIGNED_IN),
    "mfa_list_webauthn": Rule(roles=SIGNED_IN),
    "mfa_add_webauthn": Rule(roles=SIGNED_IN, methods=FORM),
    "mfa_edit_webauthn": Rule(roles=SIGNED_IN, methods=FORM, make=passkey, mine=True),
    "mfa_remove_webauthn": Rule(roles=SIGNED_IN, methods=FORM, make=passkey, mine=True),
    "accounts:invitation": Rule(roles=ANYONE, methods=FORM, make=invitation_link),
    "accounts:account": Rule(roles=SIGNED_IN),
    "accounts:profile": Rule(roles=SIGNED_IN, methods=FORM),
    "accounts:sessions": Rule(roles=SIGNED_IN),
    "accounts:end-session": Rule(roles=SIGNED_IN, methods=ACT, make=session, mine=True),
    "accounts:end-other-sessions": Rule(roles=SIGNED_IN, methods=ACT),
    "accounts:keep-alive": Rule(roles=SIGNED_IN, methods=ACT),
    "accounts:qr-code": Rule(roles=SIGNED_IN),
    "accounts:users": Rule(roles=ADMINISTRATOR, scoped=False),
    "accounts:add-user": Rule(roles=ADMINISTRATOR, methods=FORM, scoped=False),
    "accounts:user": for_administrators(PAGE),
    "accounts:edit-user": for_administrators(FORM),
    "accounts:give-role": for_administrators(FORM),
    "accounts:end-role": for_administrators(FORM, grant),
    "accounts:invite-again": for_administrators(ACT),
    "accounts:deactivate": for_administrators(FORM),
    "accounts:reactivate": for_administrators(ACT),
    "accounts:end-sessions": for_administrators(ACT),
    "accounts:remove-second-step": for_administrators(FORM),
    "accounts:sites": Rule(roles={"lead", "administrator"}),
    "accounts:add-site": Rule(roles={"lead", "administrator"}, methods=FORM, scoped=False),
    "accounts:edit-site": Rule(
        roles={"lead", "administrator"},
        methods=FORM,
        make=lambda world: {"pk": world.own_site.pk},
        make_other=lambda world: {"pk": world.other_site.pk},
    ),
}
