"""The journal keeps what happened, in the transaction in which it happened."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from lienthong.journal.models import Event
from lienthong.journal.record import Actor, Subject, history, horizon, record
from lienthong.journal.vocabulary import OfficeEvent
from tests.horizon import await_final

NOW = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
CLERK = Actor("person", "van.thu.g22", "Nguyễn Thị Hạnh", "G22")
DOCUMENT = Subject("outgoing", "28")


@pytest.mark.django_db(transaction=True)
def test_an_event_needs_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record(OfficeEvent.SEALED, actor=CLERK, subject=DOCUMENT, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_an_event_is_gone_with_the_transaction_that_failed() -> None:
    with transaction.atomic():
        record(OfficeEvent.SEALED, actor=CLERK, subject=DOCUMENT, at=NOW)
        transaction.set_rollback(True)
    assert not history(DOCUMENT).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_the_past(act: str) -> None:
    record(OfficeEvent.SEALED, actor=CLERK, subject=DOCUMENT, at=NOW, number=28)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        history(DOCUMENT).update(actor="nobody") if act == "update" else Event.objects.all()._raw_delete("default")
    assert history(DOCUMENT).get().data == {"number": 28}


@pytest.mark.django_db
def test_every_event_has_a_salt_of_its_own() -> None:
    for _ in range(2):
        record(OfficeEvent.SEALED, actor=CLERK, subject=DOCUMENT, at=NOW)
    first, second = (bytes(event.salt) for event in history(DOCUMENT))
    assert len(first) == 16
    assert first != second


def visible() -> list[str]:
    return list(Event.objects.filter(transaction__lt=horizon()).order_by("id").values_list("name", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_late_commit_stays_above_the_horizon() -> None:
    """An event of an open transaction, and all younger ones, wait: otherwise a reader would pass the late one by."""
    written, go_on = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            record(OfficeEvent.SEALED, actor=CLERK, subject=DOCUMENT, at=NOW)
            written.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow_writer)
    thread.start()
    written.wait(10)
    with transaction.atomic():
        record(OfficeEvent.ISSUED, actor=CLERK, subject=DOCUMENT, at=NOW)
    assert visible() == []
    go_on.set()
    thread.join(10)
    await_final()
    assert visible() == ["outgoing.sealed", "outgoing.issued"]
