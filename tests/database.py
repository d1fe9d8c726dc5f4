"""Starts a real PostgreSQL for each process of the test run, before Django reads its settings. Named in `addopts` of
pyproject.toml, for a conftest.py would come too late.

Processes share none: feeds wait until no older transaction is open in the whole server (`journal.record.horizon`), and
would wait for the tests of others. Nor do they share files: who sweeps there must not take what another has just put down.

What is thrown away after the run need not outlive a power cut, so the server does not wait for its disk, and a test's
rows are deleted rather than its tables made anew: both halve the time of the run, and change nothing that a test sees.
"""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest
from django.test import TransactionTestCase

from lienthong.runtime.embedded import Cluster

WITHOUT_WAITING = ("fsync", "synchronous_commit", "full_page_writes")

# Triggers rest: some tables refuse to forget, and keys would ask for an order. What Django itself keeps of the models
# stays, as it is the same for every test. A table that no other refers to begins anew, so that its rows lie in the order
# in which they come.
EMPTY = """
DO $$
DECLARE
    place regclass;
    filled boolean;
    way text;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR place, way IN
        SELECT c.oid, CASE WHEN EXISTS (SELECT FROM pg_constraint k WHERE k.confrelid = c.oid)
            THEN 'DELETE FROM %s' ELSE 'TRUNCATE %s' END
        FROM pg_class c
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        AND c.relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', place) INTO filled;
        IF filled THEN
            EXECUTE format(way, place);
        END IF;
    END LOOP;
END $$
"""


def _started(folder: Path) -> Cluster:
    folder.chmod(0o755)
    cluster = Cluster(folder / "postgres")
    cluster.start()
    with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
        for setting in WITHOUT_WAITING:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return cluster


def _delete_rows(test: TransactionTestCase) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(EMPTY)


_folder = Path(tempfile.mkdtemp(prefix="lienthong-test-"))
_cluster = _started(_folder)
os.environ["LIENTHONG_TEST_DATABASE_URL"] = _cluster.superuser_url()
os.environ["LIENTHONG_TEST_DATA"] = str(_folder / "data")
TransactionTestCase._fixture_teardown = _delete_rows  # type: ignore[method-assign]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and forget its data."""
    _cluster.stop()
    shutil.rmtree(_folder, ignore_errors=True)
