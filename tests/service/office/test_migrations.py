"""One migration stands in place of those that the office was built with; who has some of them goes on by them."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

SQUASHED = ("office", "0001_squashed_0024")

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def recorder() -> MigrationRecorder:
    """What the database says of its migrations: nothing of the one that stands for all."""
    found = MigrationRecorder(connection)
    found.record_unapplied(*SQUASHED)
    return found


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
    for step in every[16:]:
        recorder.record_unapplied(*step)
    for step in every[:16]:
        recorder.record_applied(*step)
    executor = MigrationExecutor(connection)
    planned = executor.migration_plan(executor.loader.graph.leaf_nodes("office"))
    assert [(one.app_label, one.name) for one, _ in planned] == every[16:]
    for step in every[16:]:
        recorder.record_applied(*step)
    recorder.record_applied(*SQUASHED)
