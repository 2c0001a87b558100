"""Whose private things are: of the account that wrote them, while it is linked to its person."""

from django.db import models
from django.db.models import F

from accounts.models import User
from programme.models.people import Person


class OwnQuerySet(models.QuerySet):
    """Rows with the `account` under which they were written about a person.

    A record that is linked to another account takes none of them along: see docs/decisions/0030.
    """

    to_person = "person"

    def visible_to(self, user: User) -> "OwnQuerySet":
        """One's own, whatever the role."""
        return self.filter(account=user, **{f"{self.to_person}__user": user})

    def of(self, person: Person) -> "OwnQuerySet":
        """Those of the account that is linked to a person now."""
        return self.filter(account=person.user_id, **{self.to_person: person})

    def under(self, person: object, account: object) -> "OwnQuerySet":
        """Those that an account wrote about a person, both by their keys."""
        return self.filter(account=account, **{self.to_person: person})

    def of_people(self, people: models.QuerySet) -> "OwnQuerySet":
        """Those about some people, whoever wrote them."""
        return self.filter(**{f"{self.to_person}__in": people})

    def linked(self) -> "OwnQuerySet":
        """Those whose writer is linked to their person still, and so can take them back."""
        return self.filter(account=F(f"{self.to_person}__user"))

    def set_aside(self) -> "OwnQuerySet":
        """The others: of an account that is linked to their person no more."""
        return self.exclude(account=F(f"{self.to_person}__user"))

    def writers(self) -> "OwnQuerySet":
        """The pairs of person and account, by their keys, each once."""
        return self.order_by().values_list(self.to_person, "account").distinct()
