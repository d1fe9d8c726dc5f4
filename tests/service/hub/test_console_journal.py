"""Nhật ký: what is asked for is found, however long the journal; what is taken away is journaled."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from lxml import html

from lienthong.hub.http.console import journal
from lienthong.hub.http.console.words import EVENTS
from lienthong.hub.operators import Role
from lienthong.journal import search
from lienthong.journal.models import Event
from lienthong.journal.record import Actor, Subject, record_all
from lienthong.journal.search import Wanted
from lienthong.journal.vocabulary import HubEvent
from lienthong.standards.times import VIETNAM
from tests.service.hub.conftest import Country, make_document, now, receive_all, submit
from tests.service.hub.people import PASSWORD, sit_down

LONG_AGO = datetime(2026, 3, 1, 5, tzinfo=UTC)


def names(client: Client, **query: str) -> list[str]:
    page = html.document_fromstring(client.get("/console/nhat-ky/", query).content.decode())
    return [str(row.get("data-event")) for row in page.xpath("//tr[@data-event]")]


def test_every_event_of_the_hub_has_its_words() -> None:
    assert set(EVENTS) == {each.value for each in HubEvent}


def test_events_are_found_by_kind_person_subject_and_day(country: Country) -> None:
    document = make_document()
    packet = submit(country.native("G22"), document).packet_id
    receive_all(country.native("H41"))
    auditor = sit_down(Role.AUDITOR)
    assert names(auditor)[:2] == ["operator.added", "delivery.done"]
    assert names(auditor, event="packet.accepted") == ["packet.accepted"]
    assert names(auditor, subject=packet) == ["packet.accepted"]
    assert names(auditor, actor="H41") == ["delivery.done", "delivery.fetched"]
    assert set(names(auditor, subject="H41")) >= {"agency.added", "system.added"}
    assert names(auditor, since="2099-01-01") == names(auditor, until="2001-01-01") == []
    today = now().astimezone().date().isoformat()
    assert "packet.accepted" in names(auditor, since=today, event="packet.accepted")
    assert names(auditor, event="sai", tu="sai", since="sai") == names(auditor, tu="²") == names(auditor)


@pytest.mark.law("SEC-2")
def test_the_sign_in_log(country: Country) -> None:
    sit_down(Role.OPERATOR)
    for password in ("sai", PASSWORD):
        Client().post("/console/dang-nhap/", {"username": "operator", "password": password})
    auditor = sit_down(Role.AUDITOR)
    assert names(auditor, log="sign-ins") == ["operator.signed_in", "operator.sign_in_refused"]
    assert names(auditor, log="sign-ins", event="operator.signed_in") == ["operator.signed_in"]
    assert names(auditor, log="sign-ins", event="packet.accepted") == []


@pytest.mark.law("SEC-7")
def test_who_did_what_when_and_to_what_is_there_for_good(country: Country) -> None:
    """An act at the console and one at a door, as an auditor reads them; no page and no statement takes one back."""
    operator, auditor = sit_down(Role.OPERATOR), sit_down(Role.AUDITOR)
    begun = now()
    notice = {"kind": "other", "title": "Bảo trì", "text": "Trục bảo trì tối thứ bảy"}
    assert operator.post("/console/thong-bao/moi/", notice).status_code == 302
    submit(country.native("G22"), make_document())
    for event, actor in (("notice.published", "operator"), ("packet.accepted", "G22")):
        page = html.document_fromstring(auditor.get("/console/nhat-ky/", {"event": event}).content.decode())
        (row,) = page.xpath("//tr[@data-event]")
        at, _what, who, about, *_ = (" ".join(cell.text_content().split()) for cell in row.xpath("./td"))
        moment = Event.objects.get(name=event).at
        assert begun <= moment <= now()
        assert f"{moment.astimezone(VIETNAM):%H:%M:%S}" in at
        assert actor in who
        assert about
    for method in ("post", "put", "delete", "patch"):
        for client in (operator, auditor):
            assert getattr(client, method)("/console/nhat-ky/").status_code == 405
    before = Event.objects.count()
    for statement in ("UPDATE journal_event SET actor = 'ai'", "DELETE FROM journal_event"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as database:
            database.execute(statement)
    assert Event.objects.count() == before


def fill(amount: int, *, at: datetime = LONG_AGO) -> None:
    """A journal in which one event in ten is of another kind."""
    with transaction.atomic():
        for index in range(amount):
            name = HubEvent.DELIVERY_FAILED if index % 10 == 0 else HubEvent.DELIVERY_DONE
            record_all(
                [(name, Subject("delivery", f"d{index}"), {})],
                actor=Actor("system", "H41"),
                at=at + timedelta(hours=index),
            )


@pytest.mark.django_db
def test_pages_go_through_everything_once(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(60)
    monkeypatch.setattr(search, "PAGE", 4)
    monkeypatch.setattr(search, "LOOKED_AT", 7)
    for wanted, expected in (
        (Wanted(), 60),
        (Wanted(names=["delivery.failed"]), 6),
        (Wanted(actor="KHONG.CO"), 0),
        (Wanted(since=LONG_AGO + timedelta(hours=10), until=LONG_AGO + timedelta(hours=30)), 20),
        (Wanted(names=["delivery.failed"], until=LONG_AGO + timedelta(hours=30)), 3),
    ):
        seen: list[int] = []
        below: int | None = None
        for _ in range(40):
            found = search.find(wanted, below=below)
            seen += [event.pk for event in found.events]
            below = found.next
            if below is None:
                break
        assert below is None
        assert (len(seen), seen) == (expected, sorted(set(seen), reverse=True)), wanted


@pytest.mark.law("SEC-6")
@pytest.mark.django_db
def test_what_an_auditor_takes_away_is_journaled_first(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(20)
    record = [(HubEvent.SIGN_IN_REFUSED, Subject("account", "=cmd|' /C calc'!A0"), {})]
    with transaction.atomic():
        record_all(record, actor=Actor("person", "=cmd"), at=LONG_AGO)  # type: ignore[arg-type]
    auditor = sit_down(Role.AUDITOR)
    answer = auditor.post("/console/nhat-ky/xuat/", {"event": "delivery.failed"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[2] for row in rows[1:]] == ["delivery.failed"] * 2
    assert "attachment" in answer["Content-Disposition"]
    told = Event.objects.get(name="journal.exported")
    assert (told.actor, told.data) == ("auditor", {"asked": {"event": "delivery.failed"}, "amount": 2})
    everything = auditor.post("/console/nhat-ky/xuat/").content.decode("utf-8-sig")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in csv.reader(io.StringIO(everything)) for cell in row)
    monkeypatch.setattr(journal, "MOST_EXPORTED", 5)
    refused = auditor.post("/console/nhat-ky/xuat/", {"actor": "H41"})
    assert refused.status_code == 422
    assert "Thu hẹp khoảng ngày" in refused.content.decode()
    for role in (Role.OPERATOR, Role.REGISTRY):
        assert sit_down(role).post("/console/nhat-ky/xuat/").status_code == 403
    assert Event.objects.filter(name="journal.exported").count() == 2
