from notifications.models.handling import Did, Handling
from notifications.models.messages import (
    FINAL,
    FORWARD,
    ON_WORK_LIST,
    SENT,
    Attempt,
    Carrier,
    Channel,
    Message,
    MessageQuerySet,
    Occasion,
    State,
    Wishes,
    WishesQuerySet,
)
from notifications.models.running import Alarm, Circuit, Heartbeat, Sending
from notifications.models.texts import Text

__all__ = [
    "FINAL",
    "FORWARD",
    "ON_WORK_LIST",
    "SENT",
    "Alarm",
    "Attempt",
    "Carrier",
    "Channel",
    "Circuit",
    "Did",
    "Handling",
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
