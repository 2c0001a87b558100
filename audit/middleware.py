"""Gives each change its author and page."""

from pghistory.middleware import HistoryMiddleware as BaseHistoryMiddleware


class HistoryMiddleware(BaseHistoryMiddleware):
    """Adds the URL name to who and where; addresses hold ids, never names."""

    def get_context(self, request):
        return {"user": str(request.user.pk) if request.user.pk else None, "url": request.path}
