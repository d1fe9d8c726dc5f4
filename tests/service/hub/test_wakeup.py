"""The bell rings for the systems that have something to see, and wakes nobody else."""

import threading
from io import BytesIO
from time import monotonic

import pytest
from django.db import transaction

from lienthong.hub import wakeup
from lienthong.hub.wakeup import EVERYONE, Watch, ring_after_commit
from tests.service.hub.conftest import Country, make_document, make_recall, submit

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 5
A_WHILE = 0.3


def hearers(*names: str) -> list[threading.Event]:
    return [wakeup._bell.hear(name) for name in names]


def test_who_waits_hears_what_is_his_own(country: Country) -> None:
    recipient, stranger, sender, curious = hearers("H41", "H26", "G22", EVERYONE)
    submit(country.native("G22"), make_document())
    assert recipient.wait(SOON)
    assert curious.wait(SOON)
    assert not stranger.wait(A_WHILE)
    assert not sender.is_set()
    country.native("H41").fetch(country.native("H41").inbox()[0], BytesIO())
    assert sender.wait(SOON)
    assert not stranger.wait(A_WHILE)


def test_a_withdrawal_rings_for_the_sender(country: Country) -> None:
    document = make_document()
    submit(country.native("G22"), document)
    [sender] = hearers("G22")
    submit(country.native("G22"), make_recall(document, ("H41",)))
    assert sender.wait(SOON)


def test_it_rings_only_for_what_is_durable() -> None:
    [heard] = hearers("A")
    with transaction.atomic():
        ring_after_commit("A")
        transaction.set_rollback(True)
    assert not heard.wait(A_WHILE)
    with transaction.atomic():
        ring_after_commit("A")
        assert not heard.wait(A_WHILE)
    assert heard.wait(SOON)


def test_what_is_for_very_many_rings_for_everyone() -> None:
    [heard] = hearers("someone")
    ring_after_commit(*(f"system-{number}" for number in range(2_000)))
    assert heard.wait(SOON)


def test_what_rings_while_one_looks_is_not_missed() -> None:
    watch = Watch(SOON, "A")
    ring_after_commit("A")
    [after] = hearers(EVERYONE)
    after.wait(A_WHILE)
    began = monotonic()
    assert watch.again()
    assert monotonic() - began < wakeup.LOOK_AGAIN_SECONDS / 2


def test_who_no_longer_waits_is_forgotten() -> None:
    watch = Watch(1, "alone")
    assert len(wakeup._bell._waiting["alone"]) == 1
    del watch
    assert len(wakeup._bell._waiting["alone"]) == 0
