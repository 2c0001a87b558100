"""Answers `has_perm` from the roles a user holds today."""

from django.contrib.auth.backends import BaseBackend


class RoleBackend(BaseBackend):
    """Permissions come from grants in force; an inactive account has none."""

    def has_perm(self, user_obj, perm: str, obj: object = None) -> bool:
        """Whether the permission holds; with a site as `obj`, whether it holds for that site."""
        return user_obj.is_authenticated and user_obj.has_perm(perm, obj)
