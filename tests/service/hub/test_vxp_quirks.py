"""The quirks of existing client software (`wire.md` 3), one test for each: the client cannot be changed, so we bear them.

What the server of production adds (headers of any length and alphabet, `Expect`, vanishing clients) is proven in
`test_real_server.py`.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from lienthong.hub import agencies, lists, policy
from lienthong.hub.http import vxp as door
from lienthong.hub.models import Agency, Delivery, Packet
from lienthong.journal.models import Event
from lienthong.protocol import vxp
from lienthong.protocol.problems import Unauthenticated
from lienthong.standards.statuses import StatusCode
from lienthong.standards.times import VIETNAM
from lienthong.testing.vxp_client import JavaClient
from tests.museum.packets import document_packet, status_packet
from tests.service.hub.conftest import SECRET, Country, close, make_document, make_status, now

SENDER, RECIPIENT = "000.00.00.G22", "000.00.00.H41"
WORKED_TEXT = (
    '{"XroadVnpt-systemid":"000.00.00.G22","XroadVnpt-servicetype":"eDoc","XroadVnpt-messagetype":"edoc",'
    '"XroadVnpt-timestamp":"23112026T123255+0634","XroadVnpt-Content-Type":"application/json"}'
)
WORKED_HASH = "39065baac0a68c75c24c7f145c21f8ffac6d2293e374a9eb372c7ce69d4a799a"


def send(country: Country, *, client: JavaClient | None = None, to: list[str] | None = None, **changes: Any) -> str:
    """Send a fresh document of G22; gives the `DocId` of the answer."""
    document = make_document(**{"to": ("H41",), "sender": "G22", **changes})
    answer = (client or country.java("G22")).send_edoc(document_packet(document), sender=SENDER, to=to)
    assert answer["status"] == "OK", answer
    return str(answer["DocId"])


def raw(client: JavaClient, place: str, body: bytes | None = b"{}", method: str = "POST") -> tuple[int, bytes]:
    """An answer as it is on the wire."""
    return client._request(method, place, body, "application/json")


# -- 3.1, 3.2: the envelope ------------------------------------------------------------------------------------------


def test_the_worked_vector_as_the_hub_reads_it() -> None:
    headers = {
        "XroadVnpt-sign-header": WORKED_TEXT,
        "XroadVnpt-hash-header": WORKED_HASH,
        "XroadVnpt-systemid": "000.00.00.G22",
    }
    call = vxp.authenticate(lambda name: headers.get(name, ""), lambda _: ["s3cret"])
    assert call.system == "000.00.00.G22"
    assert call.get("messagetype") == "edoc"
    for changed in (
        {"XroadVnpt-systemid": "H41"},
        {"XroadVnpt-hash-header": "0" * 64},
        {"XroadVnpt-hash-header": "ký"},
        {"XroadVnpt-sign-header": "{}"},
    ):
        with pytest.raises(Unauthenticated):
            vxp.authenticate(lambda name, c=changed: {**headers, **c}.get(name, ""), lambda _: ["s3cret"])  # type: ignore[misc]


def test_the_worked_vector_as_the_double_writes_it() -> None:
    moment = datetime(2026, 11, 23, 12, 32, 55, 634_000)  # noqa: DTZ001 - the client's local time
    client = JavaClient("http://127.0.0.1", "000.00.00.G22", "s3cret", moment=moment)
    client.parameters |= {"servicetype": "eDoc", "messagetype": "edoc"}
    headers = dict(client.headers("application/json"))
    assert headers["XroadVnpt-sign-header"] == WORKED_TEXT
    assert headers["XroadVnpt-hash-header"] == WORKED_HASH
    assert headers["XroadVnpt-sign-header-key"] == "systemid;servicetype;messagetype;timestamp;Content-Type"


def test_the_received_text_is_what_is_verified_however_its_json_is_written(old_country: Country) -> None:
    """Java's hash map gives any order, and spaces are the writer's taste."""
    client = old_country.java("G22")
    text = f'{{ "XroadVnpt-messagetype" : "edoc",\t"XroadVnpt-systemid": "{SENDER}" }}'
    headers = {
        "XroadVnpt-systemid": SENDER,
        "XroadVnpt-sign-header": text,
        "XroadVnpt-hash-header": hmac.new(client.secret.encode(), text.encode(), hashlib.sha256).hexdigest(),
    }
    client.headers = lambda _type: list(headers.items())  # type: ignore[method-assign]
    assert client.received() == []


def test_a_timestamp_of_years_ago_is_taken(old_country: Country) -> None:
    """The client sets it once, when it starts."""
    client = JavaClient(old_country.url, SENDER, SECRET + "G22", moment=datetime(2019, 1, 2, 3, 4, 5))  # noqa: DTZ001
    assert client.received() == []


def test_what_is_not_signed_is_not_believed(old_country: Country) -> None:
    """A header beside the signed text says nothing: a proxy may fold, merge or add headers."""
    doc_id = send(old_country)
    client = old_country.java("G22")
    sign = client.headers
    client.headers = lambda kind: [*sign(kind), ("XroadVnpt-docId", "0" * 32), ("XroadVnpt-DocID", "x")]  # type: ignore[method-assign]
    assert [row["senderDocId"] for row in client.sent(doc_id=doc_id)] == [doc_id]


def test_parameters_of_earlier_calls_leak_into_every_later_one(old_country: Country) -> None:
    """One service object does everything; nothing of what it still carries disturbs a later call."""
    client = old_country.java("G22")
    agencies.add_system(SENDER, name="một hệ thống", agencies=["G22", "H41"], at=now())
    first = send(old_country, client=client)
    doc_id = client.received()[0]["docId"]
    assert client.get_edoc(doc_id)
    client.update_status(doc_id, "done")
    assert {"from", "docId", "docid", "filePath", "status", "hash-file"} <= set(client.parameters)
    assert client.received() == []
    assert client.count() == 0
    assert [row["senderDocId"] for row in client.sent()] == [first]  # the stale `docId` names no packet that was sent
    assert len(client.agencies()) == len(client.agencies_qd20()) == len(client.synchronize_units()) == 4
    assert client.register_agency("G22.90", "Vụ thử", parent="G22")["status"] == "OK"
    assert client.delete_agency("G22")["status"] == "OK"
    assert send(old_country, client=client) != first


def test_docid_and_docId_are_two_parameters(old_country: Country) -> None:
    """The stale `docid` of the first acknowledgement stands beside the fresh `docId` of the second fetch."""
    sender, recipient = old_country.java("G22"), old_country.java("H41")
    packets = [document_packet(make_document(("H41",), sender="G22")) for _ in range(2)]
    for packet in packets:
        sender.send_edoc(packet, sender=SENDER)
    first, second = (row["docId"] for row in recipient.received())
    assert recipient.get_edoc(first) == packets[0]
    recipient.update_status(first, "done")
    assert (recipient.parameters["docid"], recipient.parameters["docId"]) == (first, first)
    assert recipient.get_edoc(second) == packets[1]
    assert recipient.download_edoc(second) == packets[1]
    recipient.update_status(second, "done")
    assert recipient.received() == []


@pytest.mark.parametrize("name", ["docId", "docid"])
def test_either_spelling_alone_does_for_every_operation(old_country: Country, name: str) -> None:
    send(old_country)
    client = old_country.java("H41")
    client.parameters[name] = client.received()[0]["docId"]
    client.parameters["status"] = "done"
    assert json.loads(raw(client, "getEdoc")[1])["status"] == "OK"
    assert raw(client, "downloadEdoc", None, "GET")[1]
    assert json.loads(raw(client, "updateStatus")[1])["status"] == "OK"
    assert client.received() == []


def test_a_digest_has_two_spellings(old_country: Country) -> None:
    digest = "cc0b" + "00" * 30
    assert vxp.unpadded(digest) == "ccb" + "0" * 30
    assert vxp.hash_fits("ccb" + "0" * 30, digest)
    assert vxp.hash_fits(digest.upper(), digest)
    assert not vxp.hash_fits("ccb" + "0" * 29, digest)
    packet = document_packet(make_document(("H41",), sender="G22"))
    padded = hashlib.sha256(packet).hexdigest()
    for spelling in (padded, vxp.unpadded(padded)):
        client = old_country.java("G22")
        client.parameters |= {"messagetype": "edoc", "from": SENDER, "hash-file": spelling}
        _, body = client._request("POST", "sendEdoc", packet + b"\r\n", "application/octet-stream")
        assert json.loads(body)["ErrorCode"] == "0"


def test_the_line_end_after_the_file_is_not_of_the_file(old_country: Country) -> None:
    """A CR LF of the packet's own end stays; only the one that the client adds goes."""
    packet = document_packet(make_document(("H41",), sender="G22")) + b"\r\n"
    assert old_country.java("G22").send_edoc(packet, sender=SENDER)["status"] == "OK"
    assert old_country.java("H41").get_edoc(old_country.java("H41").received()[0]["docId"]) == packet


def test_a_byte_order_mark_is_of_the_file(old_country: Country) -> None:
    packet = b"\xef\xbb\xbf" + document_packet(make_document(("H41",), sender="G22"))
    assert old_country.java("G22").send_edoc(packet, sender=SENDER)["status"] == "OK"
    assert old_country.java("H41").get_edoc(old_country.java("H41").received()[0]["docId"]) == packet


@pytest.mark.parametrize("broken", [0, 76])
def test_a_body_may_be_base64_text_whole_or_in_lines(old_country: Country, broken: int) -> None:
    packet = document_packet(make_document(("H41",), sender="G22"))
    text = base64.encodebytes(packet) if broken else base64.b64encode(packet)
    assert old_country.java("G22").send_edoc(text.strip(), sender=SENDER)["status"] == "OK"
    recipient = old_country.java("H41")
    assert recipient.get_edoc(recipient.received()[0]["docId"]) == packet


# -- 3.3: answers ----------------------------------------------------------------------------------------------------

CALLS: dict[str, tuple[str, bytes | None, str]] = {
    "sendEdoc": ("POST", b"<x/>\r\n", ""),
    "getReceivedEdocList": ("POST", b"", "data"),
    "getEdoc": ("POST", b"{}", "data"),
    "updateStatus": ("POST", b"{}", ""),
    "getSentEdocList": ("POST", b"", "data"),
    "countReceiveEdoc": ("POST", b"{}", "count"),
    "countReceiveStatus": ("POST", b"{}", "count"),
    "getAgenciesList": ("POST", b"", "data"),
    "getAgenciesListQD20": ("POST", b"", "data"),
    "getSynchronizeUnit": ("POST", b"", "data"),
    "registerAgency": ("POST", '{"pcode": "H41", "code": "H41.99", "name": "Sở thử nghiệm"}'.encode(), ""),
    "deleteAgency": ("POST", b"{}", ""),
}


def test_the_double_and_these_tests_know_all_thirteen_operations() -> None:
    assert set(door.ROUTES) == {*CALLS, "downloadEdoc"}
    assert len(door.ROUTES) == 13


@pytest.mark.parametrize("place", CALLS)
@pytest.mark.parametrize("right", [True, False], ids=["authenticated", "refused"])
def test_every_answer_is_one_line_of_ascii_without_null(old_country: Country, place: str, right: bool) -> None:
    send(old_country)
    client = old_country.java("H41")
    row = client.received()[0]
    client.get_edoc(row["docId"])
    client.parameters |= {"docId": row["docId"], "docid": row["docId"], "status": "done", "AgencyCode": "H41"}
    client.secret += "" if right else "!"
    method, body, extra = CALLS[place]
    _, answer = raw(client, place, body, method)
    assert answer.isascii()
    assert b"\n" not in answer
    said = json.loads(answer)
    assert all(isinstance(said[name], str) for name in ("status", "ErrorCode", "ErrorDesc"))
    assert not _has_null(said)
    assert (said["status"] == "OK") == (right and place != "sendEdoc")
    if said["status"] == "FAIL":
        assert (said["DocId"], said["data"]) == ("", "")  # both versions want them
    elif extra == "data" and place != "getEdoc":
        assert isinstance(said["data"], list)
    elif extra == "count":
        assert isinstance(said["count"], int)


def _has_null(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_has_null, value.values()))
    return any(map(_has_null, value)) if isinstance(value, list) else value is None


def test_a_refused_download_is_an_empty_body(old_country: Country) -> None:
    """The client takes any body for the file, whatever the status."""
    client = old_country.java("H41")
    client.parameters["docId"] = "0dbcb61d-e30e-45e9-8c49-d2819759e3f4"
    status, body = raw(client, "downloadEdoc", None, "GET")
    assert (status, body) == (404, b"")
    client.secret = "wrong"
    assert raw(client, "downloadEdoc", None, "GET") == (401, b"")


# -- 3.4: operations -------------------------------------------------------------------------------------------------


def test_to_overrides_the_packets_own_list_and_is_in_the_journal(old_country: Country) -> None:
    send(old_country, to=["000.00.00.H26", "000.00.00.G12"])
    assert old_country.java("H41").received() == []
    assert [len(old_country.native(code).inbox()) for code in ("H26", "G12")] == [1, 1]
    facts = Event.objects.get(name="packet.accepted").data
    assert facts["asked_for"] == ["000.00.00.H26", "000.00.00.G12"]
    assert facts["written"] == ["H41"]


def test_a_packet_without_to_says_itself_where_it_goes(old_country: Country) -> None:
    send(old_country, to=[])
    assert len(old_country.java("H41").received()) == 1
    assert "asked_for" not in Event.objects.get(name="packet.accepted").data


def test_aliases_of_one_agency_are_one_delivery(old_country: Country) -> None:
    send(old_country, to=["H41", "000.00.00.H41", " H41 "])
    assert len(old_country.java("H41").received()) == 1
    written = make_document(("H41", "000.00.00.H41"), sender="G22")
    old_country.java("G22").send_edoc(document_packet(written), sender=SENDER)
    assert len(old_country.java("H41").received()) == 2


@pytest.mark.parametrize("to", ["H41", '{"a": 1}', "[1]", '["H41", null]'])
def test_a_to_that_is_no_array_of_codes_is_refused(old_country: Country, to: str) -> None:
    client = old_country.java("G22")
    packet = document_packet(make_document(("H41",), sender="G22"))
    client.parameters["to"] = to
    answer = client.send_edoc(packet, sender=SENDER)
    assert answer["ErrorCode"] == "10"
    assert "mảng" in answer["ErrorDesc"]


def test_a_status_goes_by_response_for_whatever_to_was_left_over(old_country: Country) -> None:
    agencies.add_system(RECIPIENT, name="H41", agencies=["H41"], at=now())
    document = make_document(("H41",), sender="G22")
    old_country.java("G22").send_edoc(document_packet(document), sender=SENDER)
    recipient = old_country.java("H41")
    send_back = make_document(("G22",), sender="H41")
    recipient.send_edoc(document_packet(send_back), sender=RECIPIENT, to=["000.00.00.H26"])
    report = status_packet(make_status(document, StatusCode.ARRIVED, "H41"))
    assert recipient.send_edoc(report, sender=RECIPIENT, kind="status")["status"] == "OK"
    assert "to" in recipient.parameters
    assert len(old_country.java("G22").received("status")) == 1
    assert [item.kind for item in old_country.native("H26").inbox()] == ["document"]


def test_a_take_back_is_matched_by_from_and_goes_to_the_recipient(old_country: Country) -> None:
    """13 turns the direction: From is the document's sender, ResponseFor its recipient."""
    document = make_document(("H41",), sender="G22")
    sender, recipient = old_country.java("G22"), old_country.java("H41")
    sender.send_edoc(document_packet(document), sender=SENDER)
    recipient.update_status(recipient.received()[0]["docId"], "done")
    take_back = status_packet(make_status(document, StatusCode.TAKE_BACK, "H41"))
    assert sender.send_edoc(take_back, sender=SENDER, kind="status")["status"] == "OK"
    assert [row["from"] for row in recipient.received("status")] == [SENDER]
    assert sender.received("status") == []
    foreign = make_document(("H41",), sender="H26")
    refused = status_packet(make_status(foreign, StatusCode.TAKE_BACK, "H41"))
    assert sender.send_edoc(refused, sender=SENDER, kind="status")["ErrorCode"] == "19"


def test_a_status_without_an_identifier_is_matched_by_number_and_date(old_country: Country) -> None:
    """Other software writes none, or one of its own."""
    document = make_document(("H41",), sender="G22")
    old_country.java("G22").send_edoc(document_packet(document), sender=SENDER)
    report = make_status(document, StatusCode.ACCEPTED, "H41")
    for identifier in ("", "5bebcfeff858e3e0cc154762"):
        other = replace(report, about=replace(report.about, identifier=identifier), description=f"lần {identifier}")
        answer = old_country.java("H41").send_edoc(status_packet(other), sender=RECIPIENT, kind="status")
        assert answer["status"] == "OK", answer
    assert [row["receiveStatus"] for row in old_country.java("G22").sent()] == ["03"]


def test_a_resend_is_answered_as_before(old_country: Country) -> None:
    """Java's connection repeats a request by itself when the line drops before the answer."""
    packet = document_packet(make_document(("H41",), sender="G22"))
    answers = {old_country.java("G22").send_edoc(packet, sender=SENDER)["DocId"] for _ in range(3)}
    assert len(answers) == 1
    assert Delivery.objects.count() == 1


def test_the_same_file_to_others_later_is_another_delivery(old_country: Country) -> None:
    packet = document_packet(make_document(("H41", "H26"), sender="G22"))
    client = old_country.java("G22")
    first = client.send_edoc(packet, sender=SENDER, to=["H41"])["DocId"]
    assert client.send_edoc(packet, sender=SENDER, to=["H26"])["DocId"] != first
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize("status", ["done", "DONE", "fail", "processing"])
def test_an_acknowledgement_may_come_twice(old_country: Country, status: str) -> None:
    send(old_country)
    client = old_country.java("H41")
    doc_id = client.received()[0]["docId"]
    answers = [client.update_status(doc_id, status)["status"] for _ in range(3)]
    assert answers == ["OK"] * 3
    assert Delivery.objects.get().state == status.lower()


@pytest.mark.parametrize("late", ["fail", "processing"])
def test_what_is_done_stays_done(old_country: Country, late: str) -> None:
    send(old_country)
    client = old_country.java("H41")
    doc_id = client.received()[0]["docId"]
    client.update_status(doc_id, "done")
    assert client.update_status(doc_id, late)["status"] == "OK"
    assert Delivery.objects.get().state == "done"


def test_a_failed_item_stays_listed_and_can_still_be_done(old_country: Country) -> None:
    send(old_country)
    client = old_country.java("H41")
    doc_id = client.received()[0]["docId"]
    client.update_status(doc_id, "fail")
    assert [(row["docId"], row["status"]) for row in client.received()] == [(doc_id, "fail")]
    assert client.get_edoc(doc_id)
    assert client.update_status(doc_id, "done")["status"] == "OK"
    assert client.received() == []


def test_a_list_of_a_range_of_days_includes_both_ends(old_country: Country) -> None:
    """The variants of the client for .NET and REST ask so; a day is a day in Vietnam."""
    ids = [send(old_country) for _ in range(3)]
    midnight = datetime(2026, 3, 10, tzinfo=VIETNAM)
    for doc_id, moment in zip(
        ids, [midnight - timedelta(seconds=1), midnight, midnight + timedelta(hours=23, minutes=59)], strict=True
    ):
        Delivery.objects.filter(packet_id=doc_id).update(submitted_at=moment)
        Packet.objects.filter(pk=doc_id).update(submitted_at=moment)
    for form in ("2026/03/10", "2026-03-10", "10/03/2026"):
        assert len(old_country.java("H41").received(since=form, until=form)) == 2
    assert len(old_country.java("H41").received(since="2026/03/11")) == 0
    assert len(old_country.java("H41").received(until="2026/03/09")) == 1
    for form in ("9999/12/31", "9999-12-31", "31/12/9999"):  # as who means no end writes it
        assert len(old_country.java("H41").received(since="0001/01/01", until=form)) == len(
            old_country.java("H41").received()
        )
    client = old_country.java("G22")
    client.parameters |= {"fromDate": "2026/03/10", "toDate": "2026/03/10"}
    assert len(client.sent()) == 2
    client.parameters["fromDate"] = "hôm qua"
    said = json.loads(raw(client, "getReceivedEdocList", b"")[1])
    assert said["ErrorCode"] == "10"
    assert "yyyy/MM/dd" in said["ErrorDesc"]


def rounds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The rounds of the lists, one after another. Ids are random: three that lie close together take many rounds."""
    for number in range(3000):
        monkeypatch.setattr(lists, "_round", lambda n=number: n)
        yield


def test_a_full_list_never_hides_what_is_new(old_country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some clients never acknowledge recalls: these fill the list, and what comes after them is listed all the same."""
    monkeypatch.setattr(lists, "LONGEST_LIST", 8)
    monkeypatch.setattr(lists, "ROUND_PART", 3)
    stuck = {send(old_country, urgency=3) for _ in range(12)}
    Delivery.objects.update(state="processing", fetched_at=now())
    fresh = send(old_country)
    client = old_country.java("H41")
    rows = client.received()
    of_packet = {str(pk): str(packet) for pk, packet in Delivery.objects.values_list("pk", "packet_id")}
    assert len(rows) == 8
    assert fresh in {of_packet[row["docId"]] for row in rows}
    hidden = stuck | {fresh}
    for _ in rounds(monkeypatch):
        hidden -= {of_packet[row["docId"]] for row in client.received()}
        if not hidden:
            break
    assert not hidden
    assert client.count() == 13


def test_a_list_keeps_its_own_room_for_what_was_fetched_before(
    old_country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flood of new documents does not hide the one whose receiver crashed before it acknowledged."""
    monkeypatch.setattr(lists, "LONGEST_LIST", 4)
    monkeypatch.setattr(lists, "ROUND_PART", 2)
    for _ in range(6):
        send(old_country)
    crashed = Delivery.objects.order_by("-submitted_at")[0]
    Delivery.objects.filter(pk=crashed.pk).update(state="processing", fetched_at=now())
    client = old_country.java("H41")
    assert any(str(crashed.pk) in {row["docId"] for row in client.received()} for _ in rounds(monkeypatch))


@pytest.mark.parametrize("asked", ["lately", "by its name", "by days"])
def test_who_sent_to_more_than_a_list_holds_sees_each_of_them(
    old_country: Country, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    """The newest first; of the others another choice in every round, so that none is hidden for ever."""
    monkeypatch.setattr(lists, "LONGEST_LIST", 4)
    monkeypatch.setattr(lists, "ROUND_PART", 2)
    earlier = send(old_country, to=["H41", "H26"])
    sent = send(old_country, to=["H41", "H26", "G12"])
    for packet in (earlier, sent):  # as a circular has them: many deliveries of one packet
        one = Delivery.objects.filter(packet=packet)[0]
        for part in range(6):
            one.pk = UUID(int=part * 2**125 + one.packet_id.int % 2**100)
            one.save(force_insert=True)
    client = old_country.java("G22")
    today = f"{now().astimezone(VIETNAM):%Y/%m/%d}"
    client.parameters |= {"by days": {"fromDate": today, "toDate": today}}.get(asked, {})
    wanted = Delivery.objects.filter(packet__in=[sent] if asked == "by its name" else [earlier, sent])
    hidden = {str(pk) for pk in wanted.values_list("pk", flat=True)}
    for _ in rounds(monkeypatch):
        rows = client.sent(doc_id=sent if asked == "by its name" else "")
        assert len(rows) <= 4
        assert [row["senderDocId"] for row in rows[:2]] == [sent, sent]
        assert len({row["receiverDocId"] for row in rows}) == len(rows)
        hidden -= {row["receiverDocId"] for row in rows}
        if not hidden:
            break
    assert not hidden


def test_codes_are_answered_in_the_spelling_of_the_system(old_country: Country) -> None:
    send(old_country)
    row = old_country.java("H41").received()[0]
    assert (row["from"], row["to"]) == (SENDER, RECIPIENT)


# -- the directory ---------------------------------------------------------------------------------------------------


def test_units_are_synchronised_with_their_versions(old_country: Country) -> None:
    agencies.add_agency("H41.05", name="Sở Nội vụ", parent="H41", aliases=["000.00.05.H41"], at=now())
    agencies.add_agency("H41.05", name="Sở Nội vụ tỉnh Nghệ An", parent="H41", at=now())
    close("H41.05")
    units = {row["id"]: row for row in old_country.java("G22").synchronize_units()}
    unit = units["H41.05"]
    assert (unit["code"], unit["pid"], unit["centerCode"]) == ("000.00.05.H41", "H41", RECIPIENT)
    assert (unit["version"], unit["deleted"], unit["isAgency"]) == (3, True, False)
    assert (units["G22"]["version"], units["G22"]["deleted"], units["G22"]["isAgency"]) == (1, False, True)
    assert datetime.strptime(unit["modifyDate"], "%Y/%m/%d %H:%M:%S")  # noqa: DTZ007 - Vietnam's time, as the field writes
    assert "H41.05" not in {row["id"] for row in old_country.java("G22").agencies()}


def test_the_directory_is_given_by_levels_to_who_asks_for_one(old_country: Country) -> None:
    agencies.add_agency("H41.05", name="Sở Nội vụ", parent="H41", at=now())
    agencies.add_agency("H41.05.01", name="Chi cục Văn thư", parent="H41.05", at=now())
    client = old_country.java("G22")
    found = {level: {row["code"] for row in client.agencies_qd20(level)} for level in ("", "1", "2", "3", "4")}
    assert found["1"] == {"G12", "G22", "H26", "H41"}
    assert (found["2"], found["3"], found["4"]) == ({"H41.05"}, {"H41.05.01"}, set())
    assert found[""] == found["1"] | found["2"] | found["3"]


def test_what_is_sent_to_a_closed_agency_before_it_closed_can_still_be_fetched(old_country: Country) -> None:
    send(old_country)
    close("H41")
    client = old_country.java("H41")
    assert client.get_edoc(client.received()[0]["docId"])
    assert Agency.objects.get(code="H41").name
    assert policy.of(RECIPIENT).suspended is None
