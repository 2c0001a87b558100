from django.apps import AppConfig


class WellbeingConfig(AppConfig):
    name = "wellbeing"
    # For `programme.actions.saving`: beside which field the message of a constraint is shown.
    field_of_constraint = {
        "burden_flag_once_a_day": "kind",
        "contact_duty_hours": "hours",
        "contact_duty_once_a_site": "site",
        "contact_request_open_once": "owner",
        "plan_share_ends_after_start": "until",
        "plan_shared_once": "reader",
        "check_in_shared_once": "reader",
    }
