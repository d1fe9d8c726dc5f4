"""One migration stands in place of those that the office was built with: a database that has them goes on as it is."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

SQUASHED = ("office", "0001_squashed_0021")


@pytest.mark.usefixtures("transactional_db")
def test_a_database_that_was_built_step_by_step_goes_on_as_it_is() -> None:
    recorder = MigrationRecorder(connection)
    built = MigrationLoader(connection).disk_migrations[SQUASHED].replaces
    assert len(built) == 21
    recorder.record_unapplied(*SQUASHED)
    for step in built:
        recorder.record_applied(*step)
    call_command("migrate", verbosity=0, interactive=False)
    assert SQUASHED in recorder.applied_migrations()
