import logging

from django.apps import AppConfig
from django.utils.log import AdminEmailHandler


class LxpConfig(AppConfig):
    """The project itself, for its management commands."""

    name = "lxp"

    def ready(self) -> None:
        """Django mails a report of each mistake to whoever is told that reminders stand still: with
        what was typed and every value at hand. Nobody is sent that; the log says where it was."""
        log = logging.getLogger("django")
        for handler in log.handlers[:]:
            if isinstance(handler, AdminEmailHandler):
                log.removeHandler(handler)
