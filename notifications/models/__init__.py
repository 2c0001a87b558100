from notifications.models.messages import (
    FINAL,
    FORWARD,
    Attempt,
    Channel,
    Heartbeat,
    Message,
    MessageQuerySet,
    Occasion,
    Sending,
    State,
    Wishes,
    WishesQuerySet,
)

__all__ = [
    "FINAL",
    "FORWARD",
    "Attempt",
    "Channel",
    "Heartbeat",
    "Message",
    "MessageQuerySet",
    "Occasion",
    "Sending",
    "State",
    "Wishes",
    "WishesQuerySet",
]
