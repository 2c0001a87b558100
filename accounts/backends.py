"""Answers `has_perm` from the roles a user holds today."""

import uuid

from django.contrib.auth.backends import BaseBackend


class RoleBackend(BaseBackend):
    """Permissions come from grants in force; an inactive account has none."""

    def has_perm(self, user_obj, perm: str, obj: object = None) -> bool:
        """Whether the permission holds; with a site as `obj`, whether it holds for that site."""
        if not user_obj.is_authenticated or not user_obj.is_active:
            return False
        sites = user_obj.sites_for(perm)
        if sites is None:
            return True
        site_id = getattr(obj, "pk", None)
        return site_id in sites if isinstance(site_id, uuid.UUID) else bool(sites)
