"""Our own client at the door of existing software, against a real hub: what an office does where the axis of today is."""

import hashlib
import io

import pytest

from lienthong.protocol.client.vxp import VxpConnection
from lienthong.protocol.messages import InboxItem, Kind, Submission
from lienthong.protocol.problems import HubUnreachable, Unauthenticated, UnknownProblem
from lienthong.standards.edxml import Document, StatusReport
from lienthong.standards.statuses import StatusCode
from tests.museum.packets import document_packet, status_packet
from tests.service.hub.conftest import NAMES, SECRET, Country, make_document, make_status


def connect(country: Country, code: str, secret: str = "", url: str = "") -> VxpConnection:
    """A connection of a member; closed when the test is over."""
    connection = VxpConnection(
        url or country.url, system=f"000.00.00.{code}", secret=secret or SECRET + code, poll_seconds=0.1
    )
    country.connections.append(connection)
    return connection


def send(connection: VxpConnection, message: Document | StatusReport, to: tuple[str, ...] = ()) -> Submission:
    packet = document_packet(message) if isinstance(message, Document) else status_packet(message)
    return connection.submit(
        lambda: io.BytesIO(packet), digest=hashlib.sha256(packet).hexdigest(), size=len(packet),
        sender=message.sender.code, recipients=to, document_id="", idempotency_key="",
        kind=Kind.DOCUMENT if isinstance(message, Document) else Kind.STATUS,
    )  # fmt: skip


def take(connection: VxpConnection) -> tuple[InboxItem, bytes]:
    (item,) = connection.inbox()
    into = io.BytesIO()
    return connection.fetch(item, into), into.getvalue()


def test_a_document_goes_there_and_its_status_comes_back(old_country: Country) -> None:
    sender, recipient = connect(old_country, "G22"), connect(old_country, "H41")
    document = make_document(("H41",))
    sent = send(sender, document, ("000.00.00.H41",))
    item, packet = take(recipient)
    assert (item.digest, item.size) == (sent.digest, len(packet)) == (hashlib.sha256(packet).hexdigest(), len(packet))
    assert (item.kind, item.sender, item.recipient) == (Kind.DOCUMENT, "000.00.00.G22", "000.00.00.H41")
    recipient.acknowledge(item)
    assert recipient.inbox() == []
    (change,) = sender.changes(after=7)
    assert (change.packet_id, change.recipient, change.state, change.seq) == (
        sent.packet_id, "000.00.00.H41", "done", 7,
    )  # fmt: skip
    send(recipient, make_status(document, StatusCode.ARRIVED))
    status, _ = take(sender)
    assert status.kind is Kind.STATUS
    sender.acknowledge(status)
    assert sender.inbox() == []


def test_a_repeat_has_the_old_name_and_reaches_nobody_twice(old_country: Country) -> None:
    sender, recipient = connect(old_country, "G22"), connect(old_country, "H41")
    document = make_document(("H41",))
    assert send(sender, document).packet_id == send(sender, document).packet_id
    assert len(recipient.inbox()) == 1


def test_what_could_not_be_taken_is_listed_only_to_who_asks_for_it(old_country: Country) -> None:
    sender, recipient = connect(old_country, "G22"), connect(old_country, "H41")
    send(sender, make_document(("H41",)))
    item, _ = take(recipient)
    recipient.refuse(item, code="cannot_be_filed", detail="")
    assert recipient.inbox() == []
    assert [one.state for one in recipient.inbox(failed=True)] == ["fail"]
    assert [one.state for one in sender.changes(after=0)] == ["fail"]


def test_refusals_are_told_apart(old_country: Country) -> None:
    sender = connect(old_country, "G22")
    with pytest.raises(UnknownProblem, match=r"18: .*H99"):
        send(sender, make_document(("H99",)))
    with pytest.raises(Unauthenticated):  # speaks of the system: the office keeps the packet
        connect(old_country, "G22", "wrong").inbox()
    nobodys = InboxItem("e1f5a3c2-0000-4000-8000-000000000000", "", Kind.DOCUMENT, "", "", "", "", None, 0, 0, "",
                        sender.time(), "initial", "")  # fmt: skip
    with pytest.raises(UnknownProblem):
        sender.fetch(nobodys, io.BytesIO())
    with pytest.raises(HubUnreachable):
        connect(old_country, "G22", url="http://127.0.0.1:9").inbox()


def test_the_directory_has_both_spellings_and_who_is_connected(old_country: Country) -> None:
    connection = connect(old_country, "G22")
    found = {agency.code: agency for agency in connection.directory()}
    assert set(found) == set(NAMES)
    assert (found["H41"].aliases, found["H41"].name, found["H41"].connected, found["H41"].open) == (
        ("000.00.00.H41",), NAMES["H41"], True, True,
    )  # fmt: skip
    assert connection.skew is not None
    assert abs(connection.skew.total_seconds()) < 5
