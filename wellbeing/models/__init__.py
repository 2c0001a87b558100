from wellbeing.models.contact import (
    MOST_HOURS,
    ContactDuty,
    ContactPassing,
    ContactRequest,
    Ending,
    Way,
)
from wellbeing.models.plan import PlanHeading, PlanSection, PlanShare, WellnessPlan
from wellbeing.models.support import SupportContact

__all__ = [
    "MOST_HOURS",
    "ContactDuty",
    "ContactPassing",
    "ContactRequest",
    "Ending",
    "PlanHeading",
    "PlanSection",
    "PlanShare",
    "SupportContact",
    "Way",
    "WellnessPlan",
]
