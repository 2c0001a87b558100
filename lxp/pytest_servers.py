"""Gives every test process the checkout's own PostgreSQL and Valkey before Django is set up."""

import os

from lxp import embedded

if "DATABASE_URL" not in os.environ:
    database = os.environ.get("LXP_DATABASE", "lxp")
    os.environ.update(embedded.start(database=database).environment())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lxp.settings")
