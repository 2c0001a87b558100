"""A migration operation that makes many tables at once, in the time of one."""

from collections.abc import Sequence

from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from pgtrigger.migrations import AddTrigger

LEAD_TO_TABLES = (AddConstraint, AddField, AddIndex)


class Together(Operation):
    """Makes every table of a first migration as it is after all of its operations.

    Django draws the models of a state again after each operation, with all that are related; with
    a history table beside each table those are all there are, and a new database took a minute.
    Here the state is reached first and drawn once; then each table is made with all its fields,
    indexes and constraints, and after the tables their triggers.

    Args:
        operations: as `makemigrations` wrote them for tables that are not there yet.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, operations: Sequence[Operation]):
        for operation in operations:
            if not isinstance(operation, (CreateModel, AddTrigger, *LEAD_TO_TABLES)):
                raise TypeError(f"{type(operation).__name__} cannot be done together with others.")
        self.operations = operations

    def deconstruct(self):
        return type(self).__name__, [self.operations], {}

    def state_forwards(self, app_label, state) -> None:
        state.__dict__.pop("apps", None)  # drawn again when it is next asked for
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        for kind in (CreateModel, AddTrigger):
            for operation in self.operations:
                if isinstance(operation, kind):
                    operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        made = [one for one in self.operations if isinstance(one, CreateModel)]
        for operation in reversed(made):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        tables = sum(isinstance(one, CreateModel) for one in self.operations)
        return f"Make {tables} tables at once"
