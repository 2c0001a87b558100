"""Whose private things are: of the account that wrote them, while it is linked to its person."""

from django.db import models
from django.db.models import F

from accounts.models import User
from programme.models import Person


class OwnQuerySet(models.QuerySet):
    """Rows with a `person` and the `account` under which they were written.

    A record that is linked to another account takes none of them along: see docs/decisions/0030.
    """

    def visible_to(self, user: User) -> "OwnQuerySet":
        """One's own, whatever the role."""
        return self.filter(person__user=user, account=user)

    def of(self, person: Person) -> "OwnQuerySet":
        """Those of the account that is linked to a person now."""
        return self.filter(person=person, account=person.user_id)

    def linked(self) -> "OwnQuerySet":
        """Those whose writer is linked to their person still, and so can take them back."""
        return self.filter(account=F("person__user"))

    def set_aside(self) -> "OwnQuerySet":
        """The others: of an account that is linked to their person no more."""
        return self.exclude(account=F("person__user"))
