"""What is there was written under the account that is linked now."""

from django.db import migrations

OF_PERSON = """
    UPDATE programme_{table} SET account_id = person.user_id
    FROM programme_person AS person
    WHERE person.id = programme_{table}.person_id AND account_id IS NULL
"""
OF_SPELL = """
    UPDATE programme_exitinterview SET account_id = person.user_id
    FROM programme_spell AS spell JOIN programme_person AS person ON person.id = spell.person_id
    WHERE spell.id = programme_exitinterview.spell_id AND account_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("programme", "0003_own_words_accounts")]
    operations = [
        migrations.RunSQL(OF_PERSON.format(table="adjustment"), migrations.RunSQL.noop),
        migrations.RunSQL(OF_PERSON.format(table="developmentgoal"), migrations.RunSQL.noop),
        migrations.RunSQL(OF_PERSON.format(table="learningrecord"), migrations.RunSQL.noop),
        migrations.RunSQL(OF_SPELL, migrations.RunSQL.noop),
    ]
