"""The help that everybody in England can call; a trust adds its own beside it.

Public facts of 2026: 999; NHS 111 with its mental health option; Samaritans, free at any hour.
"""

from django.db import migrations

PUBLIC_CONTACTS = [
    {
        "name": "Emergency services",
        "phone": "999",
        "when": "Any time",
        "details": (
            "Call now if somebody's life is at risk, or you cannot keep yourself or somebody else "
            "safe."
        ),
    },
    {
        "name": "NHS 111, mental health option",
        "phone": "111",
        "website": "https://111.nhs.uk/",
        "when": "Any time",
        "details": (
            "For urgent mental health help that is not life-threatening. Call 111 and choose the "
            "mental health option."
        ),
    },
    {
        "name": "Samaritans",
        "phone": "116 123",
        "website": "https://www.samaritans.org/",
        "when": "Any time, free from any phone",
        "details": "To talk about anything that is troubling you, however large or small.",
    },
]


def add_contacts(apps, schema_editor):
    contact = apps.get_model("wellbeing", "SupportContact")
    for position, fields in enumerate(PUBLIC_CONTACTS, start=1):
        contact.objects.create(urgent=True, position=position, **fields)


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0001_initial")]
    operations = [migrations.RunPython(add_contacts, migrations.RunPython.noop)]
