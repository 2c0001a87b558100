"""The spans of the engine, divided: what takes an hour in a deployment is seen in three minutes."""

from faults.hurry_times import TIMES
from notifications import alarms, circuits, notify, receipts, sending, sweeping
from notifications.management.commands import sweep_reminders

LINE_SECONDS = 1  # for each step on the line; ten in a deployment
SPANS = (
    (sending, ("LEASE", "LEAST_LEFT", "FIRST_PAUSE", "LONGEST_PAUSE")),
    (receipts, ("SETTLE", "ASKED_TWICE", "FIRST_POLL", "POLL_EVERY")),
    (circuits, ("FIRST_PAUSE", "LONGEST_PAUSE")),
    (sweeping, ("SETTLE", "SPREAD")),
    (alarms, ("SILENCE",)),
    (sweep_reminders, ("EVERY",)),
)


def hurry() -> None:
    """Divide them all. A try may still take as long as its line, so a probe has more than that."""
    for module, names in SPANS:
        for name in names:
            setattr(module, name, getattr(module, name) / TIMES)
    notify.SECONDS = LINE_SECONDS
    circuits.PROBE /= 10
