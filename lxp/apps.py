from django.apps import AppConfig


class LxpConfig(AppConfig):
    """The project itself, for its management commands."""

    name = "lxp"
