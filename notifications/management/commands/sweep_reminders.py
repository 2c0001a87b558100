"""The sweep without Celery: reminders leave although broker, worker and beat are gone."""

import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.db.utils import DatabaseError

from notifications.sweeping import LOOP, sweep

EVERY = 60  # seconds


class Command(BaseCommand):
    help = "Plan, repair and send reminders every minute, until it is stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="one sweep, and an end")

    def handle(self, *, once: bool, **_options) -> None:
        while True:
            if not once:
                close_old_connections()
            try:
                self.stdout.write(f"{sweep(LOOP)} sent")
            except DatabaseError as error:
                if once:
                    raise
                self.stderr.write(f"The database does not answer ({type(error).__name__}).")
            if once:
                return
            time.sleep(EVERY)
