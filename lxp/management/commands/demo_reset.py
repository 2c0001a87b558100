"""`make demo-reset`: begin again with an empty demonstration."""

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from lxp import embedded, service


class Command(BaseCommand):
    help = "Remove the demonstration's data; the next `make demo` makes them anew."
    requires_system_checks = ()

    def handle(self, **_options) -> None:
        if not settings.DEMO:
            raise CommandError("There is no demonstration to reset: unset DATABASE_URL.")
        try:
            service.lock_checkout(embedded.RUN)
        except service.RefusedError as error:
            raise CommandError(str(error)) from error
        service.end_leftovers(embedded.RUN)
        embedded.remove_database(embedded.start())
        (embedded.RUN / "beat-schedule").unlink(missing_ok=True)
        self.stdout.write("The demonstration's data are gone; `make demo` makes them anew.")
