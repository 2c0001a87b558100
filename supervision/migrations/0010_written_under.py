"""What is there was written under the account that is linked now."""

from django.db import migrations

FILL = """
    UPDATE supervision_preparationnote SET account_id = person.user_id
    FROM programme_person AS person
    WHERE person.id = supervision_preparationnote.person_id AND account_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0009_preparation_account")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
