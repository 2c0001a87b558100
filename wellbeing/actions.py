"""What a lead does with the support contacts."""

import pghistory
from django.db import transaction

from accounts.models import User
from wellbeing.models import SupportContact


def save_contact(*, contact: SupportContact, by: User) -> SupportContact:
    """Add a contact, or change one, as the form filled it in."""
    with transaction.atomic(), pghistory.context(user=str(by.pk)):
        contact.save()
    return contact


def remove_contact(*, contact: SupportContact, by: User) -> None:
    """Take a contact off the support page; its history stays."""
    with transaction.atomic(), pghistory.context(user=str(by.pk)):
        contact.delete()
