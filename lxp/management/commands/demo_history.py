"""Four invented years for the demonstration: three cohorts at two employers."""

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from lxp import demonstration_history


class Command(BaseCommand):
    help = "Add three invented cohorts over four years at two employers to the demonstration, once."

    def handle(self, **_options) -> None:
        if not settings.DEMO:
            raise CommandError("These people are invented: they do not belong in a deployment.")
        added = demonstration_history.load(at=timezone.now())
        self.stdout.write("Added the invented programme." if added else "Already there.")
