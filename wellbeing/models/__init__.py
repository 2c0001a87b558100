from wellbeing.models.contact import (
    MOST_HOURS,
    ContactDuty,
    ContactPassing,
    ContactRequest,
    Ending,
    Way,
)
from wellbeing.models.support import SupportContact

__all__ = [
    "MOST_HOURS",
    "ContactDuty",
    "ContactPassing",
    "ContactRequest",
    "Ending",
    "SupportContact",
    "Way",
]
