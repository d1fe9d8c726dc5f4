"""One migration stands in place of those that the office was built with; who has some of them goes on by them."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ModelState

SQUASHED = ("office", "0001_squashed_0024")
LATER = [("office", "0025_archive")]
"""What came after it."""

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def recorder() -> Iterator[MigrationRecorder]:
    """What the database says of its migrations: nothing of the one that stands for all; afterwards as it was."""
    found = MigrationRecorder(connection)
    before = found.applied_migrations()
    found.record_unapplied(*SQUASHED)
    yield found
    for step in found.applied_migrations().keys() - before.keys():
        found.record_unapplied(*step)
    for step in before.keys() - found.applied_migrations().keys():
        found.record_applied(*step)


def steps() -> list[tuple[str, str]]:
    return list(MigrationLoader(connection).disk_migrations[SQUASHED].replaces)


def test_a_database_that_was_built_step_by_step_goes_on_as_it_is(recorder: MigrationRecorder) -> None:
    for step in steps():
        recorder.record_applied(*step)
    call_command("migrate", verbosity=0, interactive=False)
    assert SQUASHED in recorder.applied_migrations()


def test_a_database_that_has_some_of_the_steps_is_led_through_the_others(recorder: MigrationRecorder) -> None:
    every = steps()
    assert len(every) == 24
    for step in (*every[16:], *LATER):
        recorder.record_unapplied(*step)
    for step in every[:16]:
        recorder.record_applied(*step)
    executor = MigrationExecutor(connection)
    planned = executor.migration_plan(executor.loader.graph.leaf_nodes("office"))
    assert [(one.app_label, one.name) for one, _ in planned] == [*every[16:], *LATER]


def test_the_steps_lead_to_the_same_tables_as_the_one_that_stands_for_them() -> None:
    graph = MigrationLoader(None, replace_migrations=False)
    chain = graph.project_state([steps()[-1]]).models
    whole = graph.project_state([SQUASHED]).models
    assert {key for key in chain if key[0] == "office"} == {key for key in whole if key[0] == "office"}
    for key in chain:
        if key[0] == "office":
            assert _told(chain[key]) == _told(whole[key]), key


def _told(model: ModelState) -> tuple[object, ...]:
    """Fields in any order, and what else makes the table."""
    fields = {name: field.deconstruct()[1:] for name, field in model.fields.items()}
    named = {kind: sorted(map(repr, model.options.get(kind, ()))) for kind in ("indexes", "constraints")}
    rest = {name: said for name, said in model.options.items() if name not in named}
    return repr(sorted(fields.items())), named, rest
