"""Starts one real PostgreSQL for the whole test run, before Django reads its settings; workers of a parallel run use
the one of their parent. Named in `addopts` of pyproject.toml, for a conftest.py would come too late.

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

VARIABLE = "LIENTHONG_TEST_DATABASE_URL"
FOLDER = "LIENTHONG_TEST_FOLDER"
WITHOUT_WAITING = ("fsync", "synchronous_commit", "full_page_writes")
_cluster: Cluster | None = None
_folder: Path | None = None

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


def _start() -> None:
    global _cluster, _folder
    _folder = Path(tempfile.mkdtemp(prefix="lienthong-test-"))
    _folder.chmod(0o755)
    _cluster = Cluster(_folder / "postgres")
    _cluster.start()
    with psycopg.connect(_cluster.superuser_url(), autocommit=True) as connection:
        for setting in WITHOUT_WAITING:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    os.environ[VARIABLE] = _cluster.superuser_url()
    os.environ[FOLDER] = str(_folder)


def _delete_rows(test: TransactionTestCase) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(EMPTY)


if VARIABLE not in os.environ:
    _start()
# Each process of a parallel run has files of its own: who sweeps there must not take what another has just put down.
os.environ["LIENTHONG_TEST_DATA"] = str(Path(os.environ[FOLDER]) / os.environ.get("PYTEST_XDIST_WORKER", "data"))
TransactionTestCase._fixture_teardown = _delete_rows  # type: ignore[method-assign]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and forget its data."""
    if _cluster is not None:
        _cluster.stop()
    if _folder is not None:
        shutil.rmtree(_folder, ignore_errors=True)
