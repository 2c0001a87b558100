"""The Celery application. Messages are hints that carry ids; PostgreSQL is the only truth."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lxp.settings")

app = Celery("lxp")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
