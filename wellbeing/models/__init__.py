from wellbeing.models.burden import BurdenCount, BurdenFlag, BurdenKind, BurdenQuarter
from wellbeing.models.checkins import CheckIn, CheckInShare, Every, Rhythm, Weekday
from wellbeing.models.contact import (
    MOST_HOURS,
    ContactDuty,
    ContactPassing,
    ContactRequest,
    Ending,
    Way,
)
from wellbeing.models.groups import GroupDone, GroupMean, GroupMonth
from wellbeing.models.leaving import Leaving, SetAside
from wellbeing.models.plan import PlanDraft, PlanHeading, PlanSection, PlanShare, WellnessPlan
from wellbeing.models.support import SupportContact

__all__ = [
    "MOST_HOURS",
    "BurdenCount",
    "BurdenFlag",
    "BurdenKind",
    "BurdenQuarter",
    "CheckIn",
    "CheckInShare",
    "ContactDuty",
    "ContactPassing",
    "ContactRequest",
    "Ending",
    "Every",
    "GroupDone",
    "GroupMean",
    "GroupMonth",
    "Leaving",
    "PlanDraft",
    "PlanHeading",
    "PlanSection",
    "PlanShare",
    "Rhythm",
    "SetAside",
    "SupportContact",
    "Way",
    "Weekday",
    "WellnessPlan",
]
