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
from notifications.models.texts import Text

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
    "Text",
    "Wishes",
    "WishesQuerySet",
]
