"""Who signs in, and what their roles of today let them do."""

import uuid

from allauth.account.auth_backends import AuthenticationBackend
from django.utils import timezone

from accounts.models import RoleGrant, User


class AccountBackend(AuthenticationBackend):
    """Signs in by email address and password; permissions come from the grants in force."""

    def get_user(self, user_id: uuid.UUID) -> User | None:
        """The account of a session, together with its roles: every page asks for both."""
        in_force = RoleGrant.objects.in_force_on(timezone.localdate())
        grants = list(in_force.filter(user=user_id).select_related("user"))
        if not grants:
            return super().get_user(user_id)
        user = grants[0].user
        user.grants_in_force = grants
        return user if self.user_can_authenticate(user) else None

    def has_perm(self, user_obj, perm: str, obj: object = None) -> bool:
        """Whether the permission holds; with a site as `obj`, whether it holds for that site."""
        return user_obj.is_authenticated and user_obj.has_perm(perm, obj)
