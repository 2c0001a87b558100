from wellbeing.models.support import SupportContact

__all__ = ["SupportContact"]
