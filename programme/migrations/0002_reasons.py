"""The NHS list of leaving reasons, and categories for not completing, as data."""

from django.db import migrations

LEAVING_REASONS = {
    "resignation": [
        "Mutually agreed resignation - local with repayment",
        "Mutually agreed resignation - local without repayment",
        "Mutually agreed resignation - national",
        "Voluntary resignation - adult dependants",
        "Voluntary resignation - child dependants",
        "Voluntary resignation - further education or training",
        "Voluntary resignation - health",
        "Voluntary resignation - incompatible working relationships",
        "Voluntary resignation - lack of opportunities",
        "Voluntary resignation - other or not known",
        "Voluntary resignation - pay and reward related",
        "Voluntary resignation - promotion",
        "Voluntary resignation - relocation",
        "Voluntary resignation - work life balance",
    ],
    "retirement": [
        "Flexi retirement",
        "Initial pension ended",
        "Retirement - ill health",
        "Retirement age",
        "Voluntary early retirement with actuarial reduction",
        "Voluntary early retirement without actuarial reduction",
    ],
    "dismissal": [
        "Dismissal - capability",
        "Dismissal - conduct",
        "Dismissal - some other substantial reason",
        "Dismissal - statutory reason",
    ],
    "end_of_contract": [
        "Bank staff minimum work not met",
        "End of fixed term contract",
        "End of fixed term contract - completion of training scheme",
        "End of fixed term contract - end of work requirement",
        "End of fixed term contract - external rotation",
        "End of fixed term contract - other",
    ],
    "redundancy": ["Redundancy - compulsory", "Redundancy - voluntary"],
    "transfer": ["Employee transfer", "Merged organisation - duplicate record"],
    "death": ["Death in service"],
    "other": ["Has not worked", "Not set in legacy system", "Pregnancy", "Unknown"],
}

OUTCOME_REASONS = [
    "Another job, study or volunteering",
    "Caring or family commitments",
    "Moved away",
    "Not enough support from the programme",
    "Not stated",
    "Other",
    "The role was not what was expected",
    "Timing, travel or money",
]


def add_reasons(apps, schema_editor):
    LeavingReason = apps.get_model("programme", "LeavingReason")
    LeavingReason.objects.bulk_create(
        LeavingReason(name=name, group=group)
        for group, names in LEAVING_REASONS.items()
        for name in names
    )
    OutcomeReason = apps.get_model("programme", "OutcomeReason")
    OutcomeReason.objects.bulk_create(OutcomeReason(name=name) for name in OUTCOME_REASONS)


class Migration(migrations.Migration):
    dependencies = [("programme", "0001_initial")]
    operations = [migrations.RunPython(add_reasons, migrations.RunPython.noop)]
