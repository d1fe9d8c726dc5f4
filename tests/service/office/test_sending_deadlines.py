"""What is signed and not sent is told of before and after its time, once each (Decision 28, Article 6.2)."""

from datetime import datetime, timedelta

import pytest

from lienthong.office.models import Notice, OutgoingDocument
from lienthong.office.outgoing import deadlines, signing
from tests.service.office.conftest import PIN, Office, issued, now, sealed, signed


def told(office: Office, login: str, words: str) -> int:
    """How often the bell of this person tells it, as its page shows."""
    return office.client(login).get("/thong-bao/").content.decode().count(words)


def due(document: OutgoingDocument) -> datetime:
    document.refresh_from_db()
    assert document.send_due is not None
    return document.send_due


@pytest.mark.law("R-6.2-1")
def test_the_clerks_hear_before_and_after_the_deadline_once_each(office: Office) -> None:
    document = signed(office)
    end = due(document)
    for at, near, late in (
        (end - timedelta(hours=2), 0, 0), (end - timedelta(minutes=30), 1, 0), (end - timedelta(minutes=20), 1, 0),
        (end + timedelta(minutes=1), 1, 1), (end + timedelta(hours=5), 1, 1),
    ):  # fmt: skip
        deadlines.remind(office.organization, at=at)
        assert (told(office, "van.thu", "Sắp hết hạn gửi"), told(office, "van.thu", "Quá hạn gửi")) == (near, late)
    assert told(office, "lanh.dao", "Quá hạn gửi") == 0
    assert told(office, "chuyen.vien", "Quá hạn gửi") == 0


@pytest.mark.law("R-6.2-4")
def test_an_urgent_one_that_is_not_sent_at_once_rings_for_clerks_and_leaders(office: Office) -> None:
    document = sealed(office, urgency=2)
    deadlines.remind(office.organization, at=due(document) - timedelta(minutes=1))
    assert told(office, "van.thu", "hạn gửi") == 0
    for _ in range(2):
        deadlines.remind(office.organization, at=due(document) + timedelta(minutes=1))
    for login in ("van.thu", "lanh.dao"):
        assert told(office, login, "Quá hạn gửi") == 1
    assert Notice.objects.filter(person=office["lanh.dao"], text__contains="Quá hạn gửi", urgent=True).exists()


def test_what_is_sent_is_not_told_of(office: Office) -> None:
    document = issued(office)
    deadlines.remind(office.organization, at=due(document) + timedelta(days=1))
    assert told(office, "van.thu", "hạn gửi") == 0


def test_a_new_deadline_is_told_of_anew(office: Office) -> None:
    """An urgent document has another deadline once it is sealed, which completes its signing."""
    document = signed(office, urgency=1)
    deadlines.remind(office.organization, at=due(document) + timedelta(minutes=1))
    document.refresh_from_db()
    signing.number_and_seal(document, pin=PIN, actor=office["van.thu"], at=now() + timedelta(minutes=2))
    deadlines.remind(office.organization, at=due(document) + timedelta(minutes=1))
    assert told(office, "van.thu", "Quá hạn gửi") == 2
