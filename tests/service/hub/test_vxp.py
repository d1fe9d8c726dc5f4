"""The door of existing client software: both versions of the client do everything, and both doors meet."""

import base64
import hashlib
import http.client
import json
from time import monotonic, sleep

import httpx
import pytest
from django.db import OperationalError

from lienthong.hub.models import Delivery, Packet
from lienthong.journal.models import Event
from lienthong.protocol.problems import ALL
from lienthong.standards.statuses import StatusCode
from lienthong.testing.vxp_client import JavaClient
from tests.museum.exchange import SAID
from tests.museum.packets import PIECES, document_packet, status_packet
from tests.service.hub.conftest import (
    Country,
    close,
    make_document,
    make_recall,
    make_status,
    move_to_vxp,
    receive_all,
    submit,
)

S = StatusCode
VERSIONS = pytest.mark.parametrize("version", ["2.0.0", "2.0.1"])


@VERSIONS
def test_a_day_of_the_client(old_country: Country, version: str) -> None:
    sender, recipient = old_country.java("G22", version), old_country.java("H41", version)
    document = make_document(("000.00.00.H41",), sender="000.00.00.G22")
    packet = document_packet(document)
    answer = sender.send_edoc(packet, sender="000.00.00.G22")
    assert (answer["status"], answer["ErrorCode"]) == ("OK", "0")
    rows = recipient.received()
    assert [(row["from"], row["to"], row["status"]) for row in rows] == [("000.00.00.G22", "000.00.00.H41", "initial")]
    assert recipient.count() == 1
    assert recipient.get_edoc(rows[0]["docId"]) == packet
    assert recipient.download_edoc(rows[0]["docId"]) == packet
    assert recipient.update_status(rows[0]["docId"], "done")["status"] == "OK"
    assert recipient.received() == []
    report = make_status(document, S.ACCEPTED, "000.00.00.H41")
    assert recipient.send_edoc(status_packet(report), sender="000.00.00.H41", kind="status")["status"] == "OK"
    statuses = sender.received("status")
    assert [row["messageType"] for row in statuses] == ["status"]
    assert sender.get_edoc(statuses[0]["docId"]) == status_packet(report)
    assert sender.update_status(statuses[0]["docId"], "done")["status"] == "OK"
    sent = sender.sent(doc_id=answer["DocId"])
    assert [(row["receiveStatus"], row["notation"]) for row in sent] == [("03", document.printed_number)]
    assert {row["code"] for row in sender.agencies()} >= {"000.00.00.G22", "000.00.00.H26"}
    assert {(row["code"], row["code102"]) for row in sender.agencies_qd20()} >= {("G22", "000.00.00.G22")}


def test_both_doors_deliver_into_each_other(old_country: Country) -> None:
    letter = make_document(("H26", "H41"), sender="G22")
    packet = document_packet(letter)
    old_country.java("G22").send_edoc(packet, sender="000.00.00.G22")
    item = old_country.native("H26").inbox()[0]
    assert receive_all(old_country.native("H26")) == [packet]
    assert Packet.objects.get().statement == ""
    attested = json.loads(base64.urlsafe_b64decode(item.receipt.split(".")[1] + "=="))
    assert attested["attested_for"] == "000.00.00.G22"
    reply = make_document(("000.00.00.G22",), sender="H26")
    submit(old_country.native("H26"), reply)
    submit(old_country.native("H26"), make_status(letter, S.FINISHED, "H26"))
    client = old_country.java("G22")
    assert client.get_edoc(client.received()[0]["docId"]) == document_packet(reply)
    assert len(client.received("status")) == 1
    client.update_status(client.received()[0]["docId"], "done")
    handed_over = Delivery.objects.get(packet__door="native", kind="document")
    said = json.loads(base64.urlsafe_b64decode(handed_over.statement.split(".")[1] + "=="))
    assert (said["event"], said["attested_for"]) == ("ContentHandover", "000.00.00.G22")


def test_a_recall_by_this_door(old_country: Country) -> None:
    document = make_document(("H41",), sender="G22")
    client, recipient = old_country.java("G22"), old_country.java("H41")
    client.send_edoc(document_packet(document), sender="000.00.00.G22")
    recipient.update_status(recipient.received()[0]["docId"], "done")
    client.send_edoc(document_packet(make_recall(document, ("H41",))), sender="000.00.00.G22")
    assert len(recipient.received()) == 1


@pytest.mark.law("R-14.2-1")
@pytest.mark.refuses("R-14.2-1")
def test_every_bad_packet_of_the_museum_is_refused_with_the_code_of_the_field(old_country: Country) -> None:
    client = old_country.java("G22")
    for defect, piece in PIECES.items():
        answer = client.send_edoc(piece.make(), sender="000.00.00.G22")
        assert (answer["status"], answer["ErrorCode"], answer["DocId"]) == ("FAIL", "22", ""), defect
        assert answer["ErrorDesc"], defect
    assert not Packet.objects.exists()
    assert client.send_edoc(document_packet(make_document(("H41",), sender="G22")), sender="000.00.00.G22")["DocId"]


BY_THIS_DOOR = [name for name, said in SAID.items() if not said.announced and not said.ahead and not said.to]
"""The rest is said by what this client does not let anybody say: another digest, another clock, fewer recipients."""


@pytest.mark.law("R-14.2-1", "R-1.2-1", "R-6.3-1")
@pytest.mark.refuses("R-1.2-1")
@pytest.mark.parametrize("defect", BY_THIS_DOOR)
def test_what_a_packet_says_wrongly_is_refused_at_this_door_too(country: Country, defect: str) -> None:
    said = SAID[defect]
    move_to_vxp(said.system)
    for make in said.before:
        if said.system == "G22":
            country.java("G22").send_edoc(make(), sender="000.00.00.G22")
        else:
            submit(country.native("G22"), make(), sender="G22")
    if said.closed:
        close(said.closed)
    before = Packet.objects.count()
    answer = country.java(said.system).send_edoc(said.make(), sender=said.sender)
    codes = {problem.code: problem.vxp for problem in ALL}
    assert (answer["status"], answer["ErrorCode"], answer["DocId"]) == ("FAIL", codes[said.code], "")
    assert Packet.objects.count() == before


@pytest.mark.parametrize("odd", ["a\0b", "\ud800"])
def test_an_agency_that_cannot_be_written_down_is_refused_and_noted(old_country: Country, odd: str) -> None:
    client, packet = old_country.java("G22"), document_packet(make_document(("H41",), sender="G22"))
    assert client.send_edoc(packet, sender="000.00.00.G22", to=[odd])["ErrorCode"] == "10"
    assert [event.data["problem"] for event in Event.objects.filter(name="packet.refused")] == ["bad_request"]
    assert not Packet.objects.exists()


def test_a_foreign_delivery_does_not_exist(old_country: Country) -> None:
    client = old_country.java("G22")
    client.send_edoc(document_packet(make_document(("H41",), sender="G22")), sender="000.00.00.G22")
    doc_id = old_country.java("H41").received()[0]["docId"]
    stranger = old_country.java("G22")
    assert stranger.get_edoc(doc_id) is None
    assert stranger.download_edoc(doc_id) is None
    assert stranger.update_status(doc_id, "done")["status"] == "FAIL"
    assert old_country.java("H41").received()[0]["status"] == "initial"


@pytest.mark.law("R-13.2-1")
@pytest.mark.refuses("R-13.2-1")
@pytest.mark.parametrize("place", ["sendEdoc", "getReceivedEdocList", "getEdoc", "updateStatus", "getAgenciesList"])
def test_a_wrong_secret_opens_nothing(old_country: Country, place: str) -> None:
    stranger = JavaClient(old_country.url, "000.00.00.G22", "wrong")
    _, body = stranger._request("POST", place, b"{}", "application/json")
    assert json.loads(body)["ErrorCode"] == "15"
    answer = httpx.post(f"{old_country.url}/{place}")
    assert answer.json()["ErrorCode"] == "15"


@pytest.mark.parametrize(
    ("reason", "status"), [(OperationalError("the database is away"), 503), (RuntimeError("a fault"), 503)]
)
def test_what_the_hub_cannot_do_now_is_no_final_answer(
    old_country: Country, monkeypatch: pytest.MonkeyPatch, reason: Exception, status: int
) -> None:
    """Clients repeat after 5xx alone: with 200 they would give the document up."""
    packet = document_packet(make_document(("H41",), sender="G22"))
    client = old_country.java("G22")
    client.parameters |= {"servicetype": "eDoc", "messagetype": "edoc", "from": "000.00.00.G22"}
    client.parameters["hash-file"] = hashlib.sha256(packet).hexdigest()

    def away(*_: object) -> None:
        raise reason

    with monkeypatch.context() as patch:
        patch.setattr("lienthong.hub.rows.write_unknown", away)
        answer, body = client._request("POST", "sendEdoc", packet + b"\r\n", "application/octet-stream")
    assert (answer, json.loads(body)["ErrorCode"]) == (status, "20")
    assert "away" not in body.decode()
    assert not Packet.objects.exists()
    assert client.send_edoc(packet, sender="000.00.00.G22")["ErrorCode"] == "0"
    refused, body = client._request("POST", "sendEdoc", b"<a/>\r\n", "application/octet-stream")
    assert (refused, json.loads(body)["ErrorCode"]) == (200, "22")


def test_a_body_that_is_base64_text_is_read(old_country: Country) -> None:
    packet = document_packet(make_document(("H41",), sender="G22"))
    client = old_country.java("G22")
    assert client.send_edoc(base64.b64encode(packet), sender="000.00.00.G22")["status"] == "OK"
    recipient = old_country.java("H41")
    assert recipient.get_edoc(recipient.received()[0]["docId"]) == packet


def test_a_connection_that_breaks_leaves_nothing(old_country: Country) -> None:
    packet = document_packet(make_document(("H41",), sender="G22"))
    client = old_country.java("G22")
    client.parameters |= {"messagetype": "edoc", "from": "000.00.00.G22", "hash-file": "0"}
    host, port = old_country.url.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port))
    connection.putrequest("POST", "/sendEdoc")
    for name, value in client.headers("application/octet-stream"):
        connection.putheader(name, value.encode())
    connection.putheader("Content-Length", str(len(packet)))
    connection.endheaders(packet[:500])
    connection.close()
    end = monotonic() + 20
    while not Event.objects.filter(name="packet.refused").exists() and monotonic() < end:
        sleep(0.05)  # the hub notices on its own time
    assert Event.objects.filter(name="packet.refused").exists()
    assert old_country.java("H41").received() == []
    assert not Packet.objects.exists()
