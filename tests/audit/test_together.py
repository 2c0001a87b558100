"""Tables made at once are what they would be one after the other."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from audit.together import Together

FIRST = [
    migrations.CreateModel("Leaf", [("id", models.AutoField(primary_key=True))]),
    migrations.CreateModel(
        "Tree",
        [("id", models.AutoField(primary_key=True)), ("height", models.IntegerField())],
    ),
    migrations.AddField("leaf", "tree", models.ForeignKey("audit.Tree", on_delete=models.CASCADE)),
    migrations.AddIndex("tree", models.Index(fields=["height"], name="tree_height")),
    migrations.AddConstraint(
        "tree", models.CheckConstraint(condition=models.Q(height__gt=0), name="tree_grows")
    ),
]
DESCRIBED = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid IN ('audit_leaf'::regclass, 'audit_tree'::regclass)
UNION SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('audit_leaf', 'audit_tree')
UNION SELECT column_name, data_type || is_nullable FROM information_schema.columns
WHERE table_name IN ('audit_leaf', 'audit_tree')
"""


def described() -> set:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(DESCRIBED)
        return set(cursor)


def carry_out(operations) -> None:
    migration = migrations.Migration("trees", "audit")
    migration.operations = operations
    with connection.schema_editor(atomic=False) as editor:
        migration.apply(ProjectState(), editor)


@pytest.mark.django_db
def test_tables_are_the_same_as_one_after_the_other():
    carry_out([Together(FIRST)])
    together = described()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE audit_leaf, audit_tree")
    carry_out(FIRST)

    assert together == described()
    assert len(together) > len(FIRST)


def test_what_changes_tables_that_are_there_is_refused():
    with pytest.raises(TypeError, match="RemoveField cannot be done together"):
        Together([migrations.RemoveField("tree", "height")])
