"""Writes docs/data-dictionary.md from the models: `manage.py data_dictionary`."""

from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand

from lxp.data_dictionary import data_dictionary

PAGE = Path(settings.BASE_DIR) / "docs" / "data-dictionary.md"


class Command(BaseCommand):
    help = "Write docs/data-dictionary.md from the models."
    requires_system_checks = ()

    def handle(self, **_options) -> None:
        PAGE.write_text(data_dictionary())
        self.stdout.write(f"Wrote {PAGE.relative_to(settings.BASE_DIR)}.")
