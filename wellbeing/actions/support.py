"""What a lead does with the support contacts."""

from accounts.models import User
from programme.actions.saving import add, change, remove
from wellbeing.models import SupportContact


def add_contact(*, by: User, **values) -> SupportContact:
    """Put a contact on the support page.

    Raises:
        NotSaved: it has neither a phone number nor a website.
    """
    return add(SupportContact(**values), by=by)


def change_contact(*, contact: SupportContact, by: User, version: str, **values) -> SupportContact:
    """Change a contact, if it is still the one that was read.

    Raises:
        ChangedMeanwhile, NotSaved: see `programme.actions.saving`.
    """
    return change(contact, by=by, version=version, values=values)


def remove_contact(*, contact: SupportContact, by: User) -> None:
    """Take a contact off the support page; its history stays."""
    remove(contact, by=by)
