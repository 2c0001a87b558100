"""Looks at what is private are kept for the account that wrote it."""

from collections.abc import Iterable

from django.http import HttpRequest

from programme.views import frame
from wellbeing.models import BurdenFlag, CheckIn, ContactRequest, WellnessPlan


def note_private_looks(
    request: HttpRequest, rows: Iterable[BurdenFlag | CheckIn | ContactRequest | WellnessPlan]
) -> None:
    """Not for the person: another account that is linked to the same record later reads who has
    seen the record, and does not learn from it that the former one shared anything, or with whom.
    """
    frame.note_looks(request, {(row.account_id, row.account_id) for row in rows if row.account_id})
