"""Many new tables at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateModels(Operation):
    """Create tables that refer to one another.

    One `CreateModel` after the other, Django draws up anew for each table the models of all that it has to do with: of
    ninety tables some thousands, which is most of the time that a new office waits for them. Here they are drawn up once,
    when all are known; foreign keys come at the end of a migration anyway.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, tables: Sequence[migrations.CreateModel]) -> None:
        self.tables = tables

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # drawn up again when somebody asks for it
        for table in self.tables:
            table.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for table in self.tables:
            table.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for table in reversed(self.tables):
            table.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.tables)} tables"


def at_once(operations: Sequence[Operation]) -> list[Operation]:
    """The same operations, with the tables that follow upon one another made together."""
    made: list[Operation] = []
    for is_table, run in groupby(operations, lambda one: isinstance(one, migrations.CreateModel)):
        adjacent: list[Any] = list(run)
        made += [CreateModels(adjacent)] if is_table else adjacent
    return made
