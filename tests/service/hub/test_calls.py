"""A system sees its own last calls at both doors: what it asked and how that ended, never what was in it."""

import hashlib
import json
from datetime import timedelta
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import httpx
import pytest

from lienthong.hub import calls, jobs, systems
from lienthong.hub.models import Call
from lienthong.protocol.problems import Problem
from tests.museum.packets import document_packet
from tests.service.hub.conftest import SECRET, Country, make_document, now, receive_all, submit


def listed(country: Country, system: str, until: str = "", **params: Any) -> list[dict[str, Any]]:
    """The calls of a system, once one of the operation is among them."""
    bearer = country.native(system)._bearer()
    end = monotonic() + 20
    while True:
        answer = httpx.get(f"{country.url}/api/v1/calls", headers=bearer, params=params)
        assert answer.status_code == 200, answer.text
        found = list(answer.json()["calls"])
        if not until or any(one["operation"] == until for one in found):
            return found
        assert monotonic() < end, found
        sleep(0.1)


def test_calls_of_the_native_door_are_listed(country: Country) -> None:
    packet, key = document_packet(make_document()), uuid4().hex
    sent = submit(country.native("G22"), packet, sender="G22", key=key)
    digest = hashlib.sha256(packet).hexdigest()
    [call] = [one for one in listed(country, "G22", "POST /packets") if one["operation"] == "POST /packets"]
    assert (call["door"], call["status"], call["problem"]) == ("native", 201, "")
    assert (call["digest"], call["packet_id"], call["received"]) == (digest, sent.packet_id, len(packet))
    assert call["key_hash"] == hashlib.sha256(key.encode()).hexdigest()
    assert call["milliseconds"] >= 0
    receive_all(country.native("H41"))
    found = listed(country, "H41", "POST /deliveries/{delivery_id}/ack")
    by_operation = {one["operation"]: one for one in found}
    fetched = by_operation["GET /deliveries/{delivery_id}/packet"]
    assert (fetched["delivery_id"], fetched["sent"]) == (sent.deliveries[0].delivery_id, len(packet))
    assert by_operation["POST /deliveries/{delivery_id}/ack"]["digest"] == digest


def test_a_refusal_is_listed_by_its_name(country: Country) -> None:
    with pytest.raises(Problem):
        submit(country.native("G22"), make_document(("X77",)))
    [call] = [one for one in listed(country, "G22", "POST /packets") if one["operation"] == "POST /packets"]
    assert (call["status"], call["problem"]) == (422, "unknown_recipient")


def test_calls_of_the_other_door_are_listed(old_country: Country) -> None:
    systems.set_doors("000.00.00.G22", native=True, at=now())
    key = old_country.keys["G22"]
    systems.change_key("000.00.00.G22", _other(key), old_until=now(), at=now())
    client = old_country.java("G22")
    doc_id = client.send_edoc(document_packet(make_document()), sender="000.00.00.G22")["DocId"]
    client.update_status("nothing", "done")
    bearer = old_country.native("000.00.00.G22", _OTHER[0])._bearer()
    end = monotonic() + 20
    while True:
        found = httpx.get(f"{old_country.url}/api/v1/calls", headers=bearer).json()["calls"]
        by_operation = {one["operation"]: one for one in found}
        if {"sendEdoc", "updateStatus"} <= by_operation.keys():
            break
        assert monotonic() < end
        sleep(0.1)
    sent = by_operation["sendEdoc"]
    assert (sent["door"], sent["status"], sent["problem"], sent["packet_id"]) == ("vxp", 200, "", doc_id)
    assert by_operation["updateStatus"]["problem"] == "unknown_delivery"


_OTHER: list[Any] = []


def _other(_: Any) -> dict[str, Any]:
    from lienthong.evidence.receipts import SigningKey

    _OTHER[:] = [SigningKey.generate()]
    return dict(_OTHER[0].public_jwk())


@pytest.mark.law("SEC-6")
def test_nobody_sees_anothers_calls(country: Country) -> None:
    submit(country.native("G22"), make_document())
    listed(country, "G22", "POST /packets")
    assert all(one["operation"] != "POST /packets" for one in listed(country, "H26", "GET /calls"))
    assert httpx.get(f"{country.url}/api/v1/calls").status_code == 401


def test_no_body_no_secret_no_parameter_is_kept(country: Country) -> None:
    document = make_document(subject="Về việc không ai được đọc")
    key = uuid4().hex
    submit(country.native("G22"), document, key=key)
    sender = country.native("G22")
    httpx.get(f"{country.url}/api/v1/agencies/search", headers=sender._bearer(), params={"q": "tìm điều kín"})
    kept = json.dumps(listed(country, "G22", "GET /agencies/search"), ensure_ascii=False)
    bearer = sender._bearer()["Authorization"].split()[1]
    for secret in ("không ai được đọc", document.identifier, key, bearer, "tìm điều kín", SECRET):
        assert secret not in kept


def test_a_request_costs_no_statement_for_it(country: Country) -> None:
    """Calls are written by a thread of their own, together."""
    sender = country.native("G22")
    for _ in range(30):
        sender.time()
        sender.inbox()
    listed(country, "G22", "GET /inbox")
    sleep(calls.TOGETHER_SECONDS + 0.5)
    written = Call.objects.filter(system="G22", operation="GET /inbox")
    assert written.count() == 30
    assert not Call.objects.filter(operation="GET /time").exists()  # who asks is not known


def test_the_list_is_read_page_by_page(country: Country) -> None:
    _fill("G22", 25)
    first = listed(country, "G22", limit=10)
    second = listed(country, "G22", limit=10, before=first[-1]["id"])
    ids = [one["id"] for one in first + second]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 20


def test_the_list_stays_short(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "KEPT_OF_ONE", 10)
    _fill("G22", 25)
    _fill("H41", 5)
    old = Call.objects.filter(system="H41").first()
    assert old is not None
    Call.objects.filter(pk=old.pk).update(at=now() - calls.KEPT - timedelta(minutes=1))
    newest = list(Call.objects.filter(system="G22").order_by("-id").values_list("id", flat=True)[:10])
    jobs.work_once(now())
    assert list(Call.objects.filter(system="G22").order_by("-id").values_list("id", flat=True)) == newest
    assert Call.objects.filter(system="H41").count() == 4


def test_who_calls_without_end_costs_no_more_than_others() -> None:
    made = [
        calls.Call("G22" if number % 100 else "H41", now(), "native", f"GET /{number}", 200, "", 1, 0, 0)
        for number in range(1000)
    ]
    kept = calls._newest_of_each(made)
    assert [call for call in kept if call.system == "G22"] == [call for call in made if call.system == "G22"][-300:]
    assert sum(call.system == "H41" for call in kept) == 10
    assert kept == sorted(kept, key=made.index)


def _fill(system: str, number: int) -> None:
    Call.objects.bulk_create(
        Call(
            system=system,
            at=now(),
            door="native",
            operation="GET /made",
            status=200,
            milliseconds=1,
            received=0,
            sent=0,
        )
        for _ in range(number)
    )
