from django.apps import AppConfig


class FaultsConfig(AppConfig):
    """Makes every process of the suite live faster: all spans divided by one number."""

    name = "faults"

    def ready(self) -> None:
        from faults.hurry import hurry

        hurry()
