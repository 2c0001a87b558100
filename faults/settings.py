"""Production settings with spans divided, for `make faults`."""

from faults.hurry_times import TIMES
from lxp.settings import *  # noqa: F403

INSTALLED_APPS = ["faults.apps.FaultsConfig", *INSTALLED_APPS]  # noqa: F405
MAILERS["default"]["OPTIONS"]["timeout"] = 1  # noqa: F405
CELERY_BEAT_SCHEDULE = {"sweep": {"task": "notifications.sweep", "schedule": 30 / TIMES}}
LOGGING["root"]["level"] = "ERROR"  # noqa: F405
