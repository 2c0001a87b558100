"""What is there was written under the account that is linked now."""

from django.db import migrations
from django.db.models import OuterRef, Subquery

MODELS = ("BurdenFlag", "CheckIn", "ContactRequest", "Rhythm", "WellnessPlan")


def fill(apps, _editor):
    people = apps.get_model("programme", "Person").objects.filter(pk=OuterRef("person"))
    for name in MODELS:
        rows = apps.get_model("wellbeing", name).objects.filter(account__isnull=True)
        rows.update(account=Subquery(people.values("user")[:1]))


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0020_accounts")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
