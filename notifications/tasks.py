"""What the worker does for reminders. Every task may run twice; none carries anything."""

from celery import shared_task

from notifications.sweeping import sweep


@shared_task(name="notifications.sweep", soft_time_limit=240, time_limit=270)
def sweep_reminders() -> None:
    """Plan, repair and send: asked for every 30 seconds."""
    sweep()
