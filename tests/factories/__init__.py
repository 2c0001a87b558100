"""Dull factories: each makes the least that the database accepts, with no surprises."""

from tests.factories.accounts import RoleGrantFactory, SiteFactory, UserFactory
from tests.factories.programme import (
    ApplicationFactory,
    CohortFactory,
    EmployerFactory,
    EnrolmentFactory,
    PersonFactory,
    PostFactory,
    SpellFactory,
    TeamFactory,
)

__all__ = [
    "ApplicationFactory",
    "CohortFactory",
    "EmployerFactory",
    "EnrolmentFactory",
    "PersonFactory",
    "PostFactory",
    "RoleGrantFactory",
    "SiteFactory",
    "SpellFactory",
    "TeamFactory",
    "UserFactory",
]
