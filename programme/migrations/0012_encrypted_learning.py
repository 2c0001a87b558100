from collections.abc import Callable

import encryption.fields
from django.db import migrations

from encryption.keys import seal, unseal

TABLE = "programme_learningrecord"


def rewrite(connection, written: Callable[..., str]) -> None:
    """Write every topic anew, bound to its row as the column binds it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, topic FROM {TABLE} WHERE topic <> ''")
        for pk, topic in cursor.fetchall():
            text = written(topic, setting="ENCRYPTION_KEYS", bound_to=f"{TABLE}|topic|{pk}")
            cursor.execute(f"UPDATE {TABLE} SET topic = %s WHERE id = %s", [text, pk])


def encrypt(_apps, editor) -> None:
    rewrite(editor.connection, seal)


def decrypt(_apps, editor) -> None:
    rewrite(editor.connection, unseal)


class Migration(migrations.Migration):
    # The column changes in one transaction and its rows in the next: PostgreSQL does not alter a
    # table whose rows have just changed.
    atomic = False

    dependencies = [
        ('programme', '0011_own_words'),
    ]

    operations = [
        migrations.AlterField(
            model_name='learningrecord',
            name='topic',
            field=encryption.fields.EncryptedTextField(keys='ENCRYPTION_KEYS'),
        ),
        migrations.RunPython(encrypt, decrypt, atomic=True),
    ]
