"""Maintenance: nothing new comes in, at either door; what is here drains, unless the operators stop that too."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from lienthong.evidence.receipts import SigningKey
from lienthong.hub import maintenance
from lienthong.hub.models import Packet, Quarantined
from lienthong.hub.systems import OPERATOR
from lienthong.journal.models import Event
from lienthong.protocol.client.native import NativeConnection
from lienthong.protocol.problems import UnderMaintenance
from lienthong.standards.statuses import StatusCode
from tests.museum.packets import document_packet
from tests.service.hub.conftest import Country, make_document, make_status, now, receive_all, submit

REASON = "Nâng cấp máy chủ cơ sở dữ liệu"


@pytest.fixture(autouse=True)
def _open_again() -> Iterator[None]:
    yield
    maintenance.forget_copy()


def begin(**how: object) -> None:
    told = {"until": now() + timedelta(minutes=30), "reads": False, **how}
    maintenance.begin(reason=REASON, actor=OPERATOR, at=now(), **told)  # type: ignore[arg-type]


def test_nothing_new_comes_in_by_the_native_door_and_what_is_here_drains(country: Country) -> None:
    sender, recipient = country.native("G22"), country.native("H41")
    waiting, later = make_document(), make_document()
    submit(sender, waiting)
    begin()
    with pytest.raises(UnderMaintenance) as refusal:
        submit(sender, later, key="khoa-chong-trung-1")
    assert REASON in refusal.value.detail
    assert 1700 < refusal.value.data["retry_after"] <= 1800
    assert len(receive_all(recipient)) == 1
    with pytest.raises(UnderMaintenance):  # a status is something new as well
        submit(recipient, make_status(waiting, StatusCode.ARRIVED))
    assert not Quarantined.objects.exists()  # nothing is wrong with what was refused
    assert maintenance.end(actor=OPERATOR, at=now())
    assert not submit(sender, later, key="khoa-chong-trung-1").repeated
    assert Packet.objects.count() == 2


def test_the_refusal_says_when_to_come_again(country: Country) -> None:
    begin()
    bearer = country.native("G22")._bearer()
    packet = document_packet(make_document())
    headers = {**bearer, "Lienthong-From": "G22", "Idempotency-Key": "khoa-chong-trung", "Lienthong-Statement": "x"}
    answer = httpx.post(f"{country.url}/api/v1/packets", content=packet, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (503, "under_maintenance")
    assert 1700 < int(answer.headers["Retry-After"]) <= 1800
    begin(until=None)
    answer = httpx.post(f"{country.url}/api/v1/packets", content=packet, headers=headers)
    assert answer.headers["Retry-After"] == "60"
    begin(until=now() + timedelta(days=2))
    answer = httpx.post(f"{country.url}/api/v1/packets", content=packet, headers=headers)
    assert answer.headers["Retry-After"] == "3600"


def test_uploads_neither_begin_nor_go_on(country: Country) -> None:
    tus = {**country.native("G22")._bearer(), "Tus-Resumable": "1.0.0"}
    place = f"{country.url}/api/v1/uploads"
    begun = httpx.post(place, headers={**tus, "Upload-Length": "10", "Idempotency-Key": "tai-len-thu-1"})
    assert begun.status_code == 201
    begin()
    refused = httpx.post(place, headers={**tus, "Upload-Length": "10", "Idempotency-Key": "tai-len-thu-2"})
    assert (refused.status_code, refused.json()["code"]) == (503, "under_maintenance")
    piece = {**tus, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    where = country.url + begun.headers["Location"]
    assert httpx.patch(where, headers=piece, content=b"12345").status_code == 503
    assert httpx.head(where, headers=tus).headers["Upload-Offset"] == "0"
    maintenance.end(actor=OPERATOR, at=now())
    assert httpx.patch(where, headers=piece, content=b"12345").status_code == 204


def test_the_old_door_answers_503_so_that_its_clients_try_again(old_country: Country) -> None:
    sender, recipient = old_country.java("G22"), old_country.java("H41")
    packet = document_packet(make_document())
    assert sender.send_edoc(packet, sender="000.00.00.G22")["status"] == "OK"
    begin()
    sender.parameters |= {"messagetype": "edoc", "from": "000.00.00.G22", "hash-file": "0"}
    status, body = sender._request("POST", "sendEdoc", packet, "application/octet-stream")
    said = json.loads(body)
    assert (status, said["status"], said["ErrorCode"]) == (503, "FAIL", "20")
    assert REASON in said["ErrorDesc"]
    row = recipient.received()[0]
    assert recipient.get_edoc(row["docId"]) == packet
    assert recipient.update_status(row["docId"], "done")["status"] == "OK"
    begin(reads=True)
    status, body = recipient._request("POST", "getReceivedEdocList", b"{}", "application/json")
    assert (status, json.loads(body)["ErrorCode"]) == (503, "20")


def test_reads_stop_as_well_when_the_operators_say_so(country: Country) -> None:
    sender, recipient = country.native("G22"), country.native("H41")
    submit(sender, make_document())
    item = recipient.inbox()[0]
    begin(reads=True)
    for act in (recipient.inbox, lambda: recipient.fetch(item, io.BytesIO()), country.native("G12").inbox):
        with pytest.raises(UnderMaintenance):
            act()
    told = httpx.get(f"{country.url}/api/v1/hub").json()["maintenance"]
    assert (told["reason"], told["reads"]) == (REASON, True)
    maintenance.end(actor=OPERATOR, at=now())
    assert len(receive_all(recipient)) == 1
    assert httpx.get(f"{country.url}/api/v1/hub").json()["maintenance"] is None


def test_who_may_not_come_in_learns_nothing_else(country: Country) -> None:
    begin(reads=True)
    stranger = NativeConnection(country.url, system="G22", key=SigningKey.generate())
    country.connections.append(stranger)
    with pytest.raises(Exception, match="not authenticated"):
        stranger.inbox()


@pytest.mark.django_db
def test_each_move_is_in_the_journal_and_a_reason_is_needed() -> None:
    with pytest.raises(ValueError, match="Cần lý do"):
        maintenance.begin(reason=" ", until=None, reads=False, actor=OPERATOR, at=now())
    with pytest.raises(ValueError, match="kết thúc"):
        maintenance.begin(reason=REASON, until=now(), reads=False, actor=OPERATOR, at=now())
    begin()
    first = maintenance.current()
    begin(reads=True)
    again = maintenance.current()
    assert first is not None
    assert again is not None
    assert again.since == first.since
    assert maintenance.end(actor=OPERATOR, at=now())
    assert not maintenance.end(actor=OPERATOR, at=now())
    names = list(Event.objects.order_by("id").values_list("name", flat=True))
    assert names == ["hub.maintenance_begun", "hub.maintenance_begun", "hub.maintenance_ended"]
