"""The security feed: what is refused and what operators do is told once and in order, and strangers fill no disk."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from django.db import connection, transaction
from django.test import Client

from lienthong.evidence.receipts import SigningKey
from lienthong.hub import monitors, operators, refusal_counts, security, systems
from lienthong.hub.models import Refusal
from lienthong.hub.operators import Role
from lienthong.hub.security import MEANINGS, OF_EVENT, Kind
from lienthong.hub.systems import OPERATOR
from lienthong.journal.models import Event
from lienthong.journal.vocabulary import OF_SECURITY
from lienthong.protocol.problems import BadRequest, Problem, TokenExpired, Unauthenticated
from lienthong.protocol.support import SecurityEvent
from lienthong.testing.vxp_client import JavaClient
from tests.horizon import await_final
from tests.museum.packets import document_packet
from tests.service.hub.conftest import SECRET, Country, make_document, now, submit
from tests.service.hub.people import PASSWORD

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "security-events.md"


@pytest.fixture(autouse=True)
def _count_anew() -> Iterator[None]:
    refusal_counts.forget_copy()
    yield
    refusal_counts.forget_copy()


def told(after: str = "") -> list[SecurityEvent]:
    """The feed, with what is still in memory."""
    refusal_counts.flush()
    await_final()
    return list(security.all_since(after))


def kinds(after: str = "") -> dict[str, SecurityEvent]:
    return {event.kind: event for event in told(after)}


def refused(act: object) -> None:
    with pytest.raises(Problem):
        act()  # type: ignore[operator]


@pytest.mark.law("R-16.2-1")
@pytest.mark.refuses("R-12.1-1", "R-13.2-1")
def test_what_is_refused_at_the_native_door_is_told(country: Country) -> None:
    after = told()[-1].cursor
    refused(country.native("G22", SigningKey.generate()).inbox)
    refused(country.native("X99", SigningKey.generate()).inbox)
    events = {event.system: event for event in told(after)}
    assert {event.kind for event in events.values()} == {"authentication_failed"}
    assert set(events) == {"G22", ""}  # a name that nobody has is not kept: anybody could make up any number
    assert events["G22"].network == "127.0.0.0/24"
    assert events["G22"].facts == {"problem": "unauthenticated"}

    old = country.native("H41")
    old.inbox()
    systems.revoke_key("H41", country.keys["H41"].id, reason="Lộ khóa", at=now())
    refusal_counts.forget_copy()
    refused(country.native("H41").inbox)
    found = kinds(after)
    assert found["revoked_key_used"].system == "H41"
    assert found["key_revoked"].subject == "system:H41"

    systems.set_networks("H26", ["10.0.0.0/8"], at=now())
    refused(country.native("H26").inbox)
    systems.suspend("G12", reason="Kiểm tra", at=now())
    refused(country.native("G12").inbox)
    found = kinds(after)
    assert found["foreign_network"].system == "H26"
    assert found["suspended_system_called"].system == "G12"
    assert found["rights_changed"].facts["networks"] == ["10.0.0.0/8"]
    assert found["system_suspended"].severity == "high"


@pytest.mark.refuses("R-6.1-1")
def test_what_is_wrong_with_a_packet_is_told(country: Country) -> None:
    sender = country.native("G22")
    after = told()[-1].cursor
    packet = document_packet(make_document())
    refused(lambda: submit(sender, packet, sender="G22", announced="0" * 64))
    refused(lambda: submit(sender, make_document(sender="H26")))
    hostile = packet.replace(b"<edXML ", b"<!DOCTYPE x><edXML ", 1)
    assert hostile != packet
    refused(lambda: submit(sender, hostile, sender="G22"))
    found = kinds(after)
    assert found["content_tampered"].system == "G22"
    assert found["foreign_agency"].facts == {"problem": "not_your_agency"}
    assert found["hostile_packet"].facts == {"problem": "packet_invalid", "fault": "doctype_forbidden"}


def test_what_is_refused_at_the_old_door_is_told(old_country: Country) -> None:
    after = told()[-1].cursor
    JavaClient(old_country.url, "000.00.00.G22", SECRET + "wrong")._request("POST", "getAgenciesList", b"{}", "")
    JavaClient(old_country.url, "nobody", SECRET)._request("POST", "getAgenciesList", b"{}", "")
    assert sorted(event.system for event in told(after)) == ["", "000.00.00.G22"]


@pytest.mark.django_db(transaction=True)
def test_made_up_names_at_the_console_are_counted_and_a_real_one_is_told() -> None:
    operators.add("truc.ban", name="Trực Ban", role=Role.OPERATOR, password=PASSWORD, at=now())
    after = told()[-1].cursor
    for number in range(5):
        Client().post("/console/dang-nhap/", {"username": f"ai.do.{number}", "password": "x"})
    Client().post("/console/dang-nhap/", {"username": "truc.ban", "password": "x"})
    found = kinds(after)
    assert (found["authentication_failed"].count, found["authentication_failed"].system) == (5, "")
    assert found["sign_in_refused"].subject == "account:truc.ban"
    assert Event.objects.filter(name="operator.sign_in_refused").count() == 1


@pytest.mark.django_db(transaction=True)
def test_strangers_from_ever_new_networks_fill_no_disk() -> None:
    at = datetime(2026, 11, 25, 8, 0, 30, tzinfo=UTC)
    problem = Unauthenticated(reason="thử")
    for number in range(3000):
        address = f"10.{number // 256}.{number % 256}.7"
        refusal_counts.note(problem, door="native", system="", address=address, known=False, at=at)
    refusal_counts.flush()
    assert Refusal.objects.count() == refusal_counts.STRANGERS_AN_HOUR + 1
    assert sum(Refusal.objects.values_list("count", flat=True)) == 3000
    assert Refusal.objects.get(network="").count == 3000 - refusal_counts.STRANGERS_AN_HOUR
    refusal_counts.note(problem, door="native", system="G22", address="10.99.1.1", known=True, at=at)
    refusal_counts.flush()  # who proved who he is is always told apart
    assert Refusal.objects.filter(system="G22", network="10.99.1.0/24").exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_within_a_minute_is_one_event_that_comes_again() -> None:
    at = datetime(2026, 11, 25, 8, 0, 30, tzinfo=UTC)
    note = lambda seconds: refusal_counts.note(  # noqa: E731
        Unauthenticated(reason="x"), door="native", system="G22", address="2001:db8:1:2::5", known=False,
        at=at + timedelta(seconds=seconds),
    )  # fmt: skip
    note(0)
    (first,) = told()
    note(5)
    note(6)
    (again,) = told(first.cursor)
    assert (again.id, again.count, again.network) == (first.id, 3, "2001:db8:1::/48")
    assert again.last_at - again.at == timedelta(seconds=6)
    assert told(again.cursor) == []
    note(40)
    (other,) = told(again.cursor)
    assert other.id != first.id
    refusal_counts.note(TokenExpired(), door="native", system="G22", address="", known=False, at=at)
    assert told(other.cursor) == []  # counted, and nothing for monitoring
    refusal_counts.forget_old(at + timedelta(days=181))
    assert not Refusal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_feed_passes_over_no_late_commit_and_reads_page_by_page() -> None:
    for number in range(5):
        monitors.add(f"soc-{number}", actor=OPERATOR, at=now())
    await_final()
    first = security.feed("", limit=2)
    assert (len(first.events), first.more) == (2, True)
    rest = security.feed(first.cursor)
    assert [event.subject for event in rest.events] == ["monitor:soc-2", "monitor:soc-3", "monitor:soc-4"]
    with transaction.atomic():
        monitors.add("soc-5", actor=OPERATOR, at=now())
        assert security.feed(rest.cursor).events == ()  # this very transaction is not final yet
    await_final()
    assert [event.subject for event in security.feed(rest.cursor).events] == ["monitor:soc-5"]
    for wrong in ("x", "1-b2", "1-a", "-a1", "1" * 30 + "-a1", "1-r" + "9" * 30):
        with pytest.raises(BadRequest):
            security.feed(wrong)


@pytest.mark.django_db
def test_the_feed_of_acts_is_read_from_its_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + security._ACTS, [0, -1, 1 << 60, 100])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "event_of_security" in plan


@pytest.mark.law("R-16.2-1")
def test_only_a_reader_reads_and_reads_nothing_else(country: Country) -> None:
    place = f"{country.url}/api/v1/security-events"
    token = monitors.add("soc-vpcp", actor=OPERATOR, at=now())
    await_final()
    bearer = {"Authorization": f"Bearer {token}"}
    page = httpx.get(place, headers=bearer).json()
    assert page["version"] == security.VERSION
    assert page["events"][-1]["subject"] == "monitor:soc-vpcp"
    assert token not in str(page)
    assert httpx.get(f"{place}?after={page['cursor']}", headers=bearer).json()["events"] == []
    for wrong in ({}, country.native("G22")._bearer(), {"Authorization": f"Bearer {token}x"}):
        assert httpx.get(place, headers=wrong).status_code == 401
    for other in ("inbox", "agencies", "changes"):
        assert httpx.get(f"{country.url}/api/v1/{other}", headers=bearer).status_code == 401
    monitors.revoke("soc-vpcp", actor=OPERATOR, at=now())
    assert httpx.get(place, headers=bearer).status_code == 401
    with pytest.raises(ValueError, match="không có"):
        monitors.revoke("soc-vpcp", actor=OPERATOR, at=now())
    with pytest.raises(ValueError, match="dùng tên khác"):
        monitors.add("soc-vpcp", actor=OPERATOR, at=now())


def test_the_page_and_the_code_say_the_same() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (info|low|medium|high) \| (.+) \|$", text, re.MULTILINE)
    assert {kind: (severity, words) for kind, severity, words in rows} == {
        kind.value: (meaning.severity.value, meaning.en) for kind, meaning in MEANINGS.items()
    }
    assert set(MEANINGS) == set(Kind)
    assert set(OF_EVENT) == set(OF_SECURITY)
    assert f"Format version {security.VERSION}" in text
    members = re.findall(r"^\| (`[\w`, ]+`) \|", text.split("## Kinds")[0], re.MULTILINE)
    assert {name.strip("` ") for cell in members for name in cell.split(",")} == set(SecurityEvent.__dataclass_fields__)
