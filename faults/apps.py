from django.apps import AppConfig


class FaultsConfig(AppConfig):
    """Makes every process of the suite live faster, all spans divided by one number, and puts off
    the clocks of those that are told to."""

    name = "faults"

    def ready(self) -> None:
        from faults.clocks import put_off
        from faults.hurry import hurry

        hurry()
        put_off()
