"""Production settings with spans divided, for `make faults`."""

from faults.hurry_times import TIMES
from lxp.settings import *  # noqa: F403

INSTALLED_APPS = ["faults.apps.FaultsConfig", *INSTALLED_APPS]  # noqa: F405
MAILERS["default"]["OPTIONS"]["timeout"] = 1  # noqa: F405
CELERY_BEAT_SCHEDULE = {"sweep": {"task": "notifications.sweep", "schedule": 30 / TIMES}}
SECOND_FACTOR_REQUIRED = False
STORAGES = {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING["loggers"]["django.request"]["level"] = "CRITICAL"  # noqa: F405  pages are asked in the row
LOGGING["root"]["level"] = "ERROR"  # noqa: F405
