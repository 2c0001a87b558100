from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"
    # For `programme.actions.saving`: beside which field the message of a constraint is shown.
    field_of_constraint = {
        "agreement_ends_after_start": "ended_on",
        "agreement_once_at_a_time": "starts_on",
        "cover_ends_after_start": "last_day",
        "cover_once_at_a_time": "starts_on",
        "group_session_minutes_in_a_day": "minutes",
        "group_session_once_at_a_time": "starts_at",
        "session_minutes_in_a_day": "minutes",
        "session_once_at_a_time": "starts_at",
        "standard_cadence_in_range": "cadence_days",
        "standard_early_is_denser": "early_cadence_days",
        "standard_grace_in_range": "grace_days",
        "standard_minutes_in_a_day": "minutes",
        "standard_once_a_day": "applies_from",
        "supervision_kind_name_once": "name",
        "supervisor_hours_in_a_month": "protected_hours",
        "terms_cadence_in_range": "cadence_days",
        "terms_minutes_in_a_day": "minutes",
        "terms_without_conflict": "conflict",
        "break_glass_hours": "hours",
        "break_glass_withheld_for_law": "withheld",
    }
    # What a trigger refuses, with its field and words.
    kept_by_database = {
        "record_agreed_is_locked": (
            "words",
            "Both have agreed on this record. Add an amendment instead.",
        ),
        "agreement_with_somebody_else": ("supervisor", "Nobody supervises themselves."),
        "person_account_supervises": (
            "email",
            "This account supervises this person, or did, so it is not theirs.",
        ),
        "cover_by_a_third": (
            "stand_in",
            "Somebody other than the supervisor and the worker stands in.",
        ),
    }
