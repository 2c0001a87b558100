#!/usr/bin/env python
"""Runs a management command, on this checkout's own servers unless DATABASE_URL names others."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lxp.settings")
    if "DATABASE_URL" not in os.environ:
        from lxp import embedded  # needs the development packages, which production has not

        database = os.environ.get("LXP_DATABASE", "lxp")
        os.environ.update(embedded.start(database=database).environment())
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
