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
# in which they come. Nothing was ever in a file without bytes, and the constraints are read once, not for each table.
EMPTY = """
DO $$
DECLARE
    place regclass;
    filled boolean;
    way text;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR place, way IN
        SELECT c.oid, CASE WHEN c.oid IN (SELECT confrelid FROM pg_constraint)
            THEN 'DELETE FROM %s' ELSE 'TRUNCATE %s' END
        FROM pg_class c
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        AND c.relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
        AND pg_relation_size(c.oid) > 0
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s)', place) INTO filled;
        IF filled THEN
            EXECUTE format(way, place);
        END IF;
    END LOOP;
END $$
"""

COLUMNS = """
SELECT c.oid::regclass::text, string_agg(quote_ident(a.attname), ', '), max(a.attname) FILTER (WHERE a.attidentity <> '')
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND pg_relation_size(c.oid) > 0
AND c.relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
GROUP BY c.oid
"""


class Kept:
    """Rows that many tests begin with. They are made once, by the product's own acts, and laid aside in a schema of
    their own; each test gets them back as they were, keys and all, by one statement."""

    def __init__(self, name: str) -> None:
        """Lay aside all rows that there are, and leave the tables empty."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(COLUMNS)
            places = cursor.fetchall()
            cursor.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}")
            back = ["SET LOCAL session_replication_role = replica"]  # the rows have been through the triggers
            for place, columns, counted in places:
                cursor.execute(f"CREATE TABLE {name}.{place} AS TABLE public.{place}")
                back.append(f"INSERT INTO public.{place} ({columns}) SELECT {columns} FROM {name}.{place}")  # noqa: S608
                if counted:  # a test of the tables' history may have begun to count anew
                    count = f"pg_get_serial_sequence('public.{place}', '{counted}')"
                    last = f"SELECT max({counted}) FROM {name}.{place}"  # noqa: S608
                    back.append(f"PERFORM setval({count}, greatest(nextval({count}), ({last})))")
            cursor.execute(EMPTY)
        self._back = f"DO $$ BEGIN {'; '.join(back)}; END $$"

    def put_back(self) -> None:
        """Let the rows be there again. The tables are empty."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(self._back)


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
