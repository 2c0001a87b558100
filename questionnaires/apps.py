from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    name = "questionnaires"
    # For `programme.actions.saving`: beside which field the message of a constraint is shown.
    field_of_constraint = {"questionnaire_name_once": "name"}
    # What a trigger refuses, with its field and words.
    kept_by_database = {
        "questionnaire_version_is_fixed": (
            "__all__",
            "This version is published and does not change. Start a new draft instead.",
        ),
    }
