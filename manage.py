#!/usr/bin/env python
"""Runs a management command, on this checkout's own servers unless DATABASE_URL names others."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lxp.settings")
    if "DATABASE_URL" not in os.environ:
        start_own_servers()
    execute_from_command_line(sys.argv)


def start_own_servers() -> None:
    from lxp import embedded, service  # need the development packages, which production has not

    try:
        if sys.argv[1:2] == ["demo"]:
            service.claim()
        database = os.environ.get("LXP_DATABASE", "lxp")
        os.environ.update(embedded.start(database=database).environment())
    except (embedded.EmbeddedServerError, service.RefusedError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
