"""Waiting until feeds tell all that happened: the horizon below which they read is one for the whole server."""

from time import monotonic, sleep

from django.db import connection, transaction

from lienthong.journal.record import horizon

LONGEST = 90
"""Seconds: what writes for long in another test's database holds the horizon back as well."""


def await_final() -> None:
    """Wait until no transaction is open that began before now. Raises `AssertionError` after `LONGEST` seconds."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT journal_transaction()")
        (here,) = cursor.fetchone()
    end = monotonic() + LONGEST
    while horizon() <= here:
        assert monotonic() < end, "a transaction stays open"
        sleep(0.02)
