"""The kinds of supervision and, for everybody in post, how often each is owed to begin with.

Source: domain.md 2.4. A lead changes them on the pages; these are where a programme starts.
"""

import datetime as dt

from django.db import migrations

# key, name, description, in a group, by lived experience, needs an agreement
KINDS = [
    (
        "line_management",
        "Line management",
        "Work, leave, development and how the job is going, with the line manager.",
        False,
        False,
        True,
    ),
    (
        "lived_experience",
        "Lived experience supervision",
        "The peer role itself, with somebody who has lived experience and whom the worker chooses.",
        False,
        True,
        True,
    ),
    (
        "clinical",
        "Clinical supervision",
        "Practice with people who use services, with a clinician.",
        False,
        False,
        True,
    ),
    (
        "group",
        "Group supervision",
        "Peer workers together, led by one supervisor.",
        True,
        False,
        False,
    ),
    (
        "reflective_practice",
        "Reflective practice",
        "Looking back at the work together.",
        True,
        False,
        False,
    ),
    (
        "ad_hoc_debrief",
        "Debrief",
        "A talk soon after something hard, with no date planned for the next.",
        False,
        False,
        False,
    ),
]
# key: owed to everybody in post or not, days between, days in the first three months
STANDARDS = {
    "line_management": (True, 28, 14),
    "lived_experience": (True, 28, 14),
    "group": (True, 28, 14),
    "clinical": (False, 42, 28),
    "reflective_practice": (False, 42, 28),
}
ALWAYS = dt.date(1948, 7, 5)  # before any record


def add_kinds(apps, schema_editor) -> None:
    kind_model = apps.get_model("supervision", "SupervisionKind")
    standard_model = apps.get_model("supervision", "SupervisionStandard")
    for position, (key, name, description, in_group, lived, agreed) in enumerate(KINDS, start=1):
        kind = kind_model.objects.create(
            key=key,
            name=name,
            description=description,
            in_group=in_group,
            by_lived_experience=lived,
            needs_agreement=agreed,
            position=position,
        )
        if key in STANDARDS:
            required, cadence, early = STANDARDS[key]
            standard_model.objects.create(
                kind=kind,
                applies_from=ALWAYS,
                required=required,
                cadence_days=cadence,
                early_cadence_days=early,
                grace_days=7,
                minutes=60,
            )


def remove_kinds(apps, schema_editor) -> None:
    apps.get_model("supervision", "SupervisionStandard").objects.all().delete()
    apps.get_model("supervision", "SupervisionKind").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_supervision")]
    operations = [migrations.RunPython(add_kinds, remove_kinds)]
