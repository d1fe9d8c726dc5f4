"""A database that comes out of a backup into another cluster: whose transactions count from the beginning, and nobody who
reads a feed on from where they stood misses anything."""

import psycopg
from django.apps import apps
from django.db import connection

from lienthong.hub import agencies, lookup
from lienthong.journal.models import Event, PlaceInFeeds, Restored
from lienthong.journal.record import count_on, horizon
from tests.horizon import await_final
from tests.service.hub.conftest import Country, make_document, now, receive_all, submit

AHEAD = 10**9
"""How many transactions the cluster that is gone had counted more."""


def of_a_cluster_that_is_gone() -> None:
    """Let every row stand where the other cluster put it."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for model in apps.get_models():
            for field in model._meta.local_fields:
                if isinstance(field.db_default, PlaceInFeeds):
                    cursor.execute(f"UPDATE {model._meta.db_table} SET {field.column} = {field.column} + {AHEAD}")  # noqa: S608
        cursor.execute("SET session_replication_role = origin")


def test_feeds_go_on_where_they_stood(country: Country) -> None:
    sender = country.native("G22")
    submit(sender, make_document(("H41",)))
    receive_all(country.native("H41"))
    await_final()
    before = [(one.delivery_id, one.state) for one in sender.changes(after=0)]
    assert before
    of_a_cluster_that_is_gone()
    assert sender.changes(after=0) == []  # they are from a future

    count_on()
    await_final()
    again = sender.changes(after=0)
    assert [(one.delivery_id, one.state) for one in again] == before
    place = again[-1].seq
    submit(sender, make_document(("H26",)))
    receive_all(country.native("H26"))
    await_final()
    following = sender.changes(after=place)
    assert {one.recipient for one in following} == {"H26"}
    assert min(one.seq for one in following) > place

    count_on()  # with every start; it changes nothing any more
    await_final()
    assert [one.seq for one in sender.changes(after=place)] == [one.seq for one in following]
    assert Event.objects.latest("id").transaction < horizon()


def test_the_directory_goes_on_as_well(country: Country) -> None:
    of_a_cluster_that_is_gone()
    count_on()
    await_final()
    copied = lookup.changed_since("")
    assert {one.code for one in copied.agencies} >= {"G22", "H41"}
    agencies.add_agency("H41", name="Ủy ban nhân dân tỉnh Nghệ An (mới)", at=now())
    await_final()
    assert [one.code for one in lookup.changed_since(copied.cursor).agencies] == ["H41"]


def test_a_start_waits_for_nobody_who_writes_and_moves_no_place(country: Country) -> None:
    """A table of agencies may be read for a minute while a command prepares the same database."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=False) as other:  # type: ignore[arg-type]
        other.execute("SELECT journal_transaction()")
        submit(country.native("G22"), make_document(("H41",)))
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
            count_on()
            cursor.execute("RESET lock_timeout")
        submit(country.native("G22"), make_document(("H26",)))
    assert not Restored.objects.exists()
