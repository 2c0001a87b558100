"""Gives each change its author and page."""

import pghistory
from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware as BaseHistoryMiddleware


class HistoryMiddleware(BaseHistoryMiddleware):
    """Adds who and which page to every change of a request that may change something.

    The page is the name of its address, never the address itself: that may hold a one-time key of
    an invitation or a new password, and names in a search.
    """

    def get_context(self, request: HttpRequest) -> dict:
        return {"user": str(request.user.pk) if request.user.pk else None}

    def process_view(self, request: HttpRequest, *_view) -> None:
        """Only now is the address resolved; outside a history context this does nothing."""
        pghistory.context(page=request.resolver_match.view_name)
