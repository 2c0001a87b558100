"""What the worker does for accounts. Every task may run twice."""

from celery import shared_task
from django.utils import timezone

from accounts import actions, delivery


@shared_task(name=delivery.DELIVER)
def deliver_messages() -> None:
    """Send the e-mails that wait: asked for by a hint, and swept every minute."""
    delivery.deliver_waiting(at=timezone.now())


@shared_task(name="accounts.clear_expired_sessions")
def clear_expired_sessions() -> None:
    """Remove sessions that have ended and notices that are no longer of use."""
    actions.clear_ended(at=timezone.now())
