"""The project: puts the apps together. Nothing imports it."""

from lxp.celery import app as celery_app

__all__ = ["celery_app"]
