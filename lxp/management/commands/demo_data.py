"""The demonstration's invented data, once."""

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from lxp import demonstration


class Command(BaseCommand):
    help = "Make the accounts, sites and support contacts of the demonstration, once."

    def handle(self, **options) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration's passwords are published: not in a deployment.")
        made = demonstration.load(at=timezone.now())
        if options["verbosity"] > 0:
            self.stdout.write("Made the demonstration data." if made else "Already there.")
