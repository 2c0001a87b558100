"""`make demo`: the whole service on this machine, with invented data."""

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections

from lxp import demonstration, service


class Command(BaseCommand):
    help = "Run the whole service on this machine with invented data, until Ctrl-C."
    requires_system_checks = ()

    def handle(self, **_options) -> None:
        if not settings.DEMO or not service.claimed():
            raise CommandError("The demonstration uses its own servers only: unset DATABASE_URL.")
        self.say("Preparing the database …")
        for command in (*service.PREPARE, "demo_data"):
            if not service.stopping.is_set():
                call_command(*command.split(), verbosity=0, stdout=self.stdout)
        connections.close_all()
        self.say("Starting the web server, the worker and beat …")
        raise SystemExit(service.serve(self.say, self.announce))

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def announce(self, url: str) -> None:
        """The one line that scripts wait for, and what a person needs to sign in."""
        width = max(len(account.email) for account in demonstration.ACCOUNTS)
        names = "\n".join(
            f"  {account.email:<{width}}  {account.title}" for account in demonstration.ACCOUNTS
        )
        self.say(
            f"ready {url}\nSign in with the password {demonstration.PASSWORD} as\n{names}\n"
            "All people and figures are invented. Ctrl-C stops everything; the data stay."
        )
