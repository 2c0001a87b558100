"""After a restore from a backup: sending goes on once somebody has looked."""

from django.conf import settings
from django.core.management.base import BaseCommand

from notifications.sweeping import reconcile


class Command(BaseCommand):
    help = "Let reminders be sent again after a restore; what may have left before is not repeated."

    def handle(self, **_options) -> None:
        number = reconcile(settings.SENDING_EPOCH)
        self.stdout.write(f"{number} messages are put aside. Sending goes on.")
