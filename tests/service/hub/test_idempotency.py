"""Every case of a repeat has a test: docs/reference/idempotency.md names it, and holds nothing else."""

import ast
import hashlib
import io
import re
import socket
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from lienthong.evidence.receipts import EvidenceEvent, SigningKey, Statement
from lienthong.hub import systems
from lienthong.hub.models import Change, ChangeRequest, Delivery, Packet, ReportedStatus
from lienthong.journal.models import Event
from lienthong.protocol import problems
from lienthong.protocol.client.native import NativeConnection
from lienthong.protocol.problems import IdempotencyKeyReused, Problem
from lienthong.runtime.commands.bench_exchange import SENDER, make_packet, start_hub
from lienthong.standards.statuses import StatusCode
from tests.museum.packets import document_packet, status_packet
from tests.service.hub.conftest import Country, make_document, make_status, now, receive_all, submit

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "reference" / "idempotency.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_every_case_of_the_page_names_a_test_that_exists() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 30
    for row in rows:
        named = NAMED.findall(row.rpartition(" | ")[2])
        assert named, row
        for path, name in named:
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, f"{path}::{name}"


def test_every_test_of_a_repeat_stands_on_the_page() -> None:
    named = {
        name for path, name in NAMED.findall(PAGE.read_text(encoding="utf-8")) if path.endswith(Path(__file__).name)
    }
    own = {node.name for node in ast.parse(Path(__file__).read_text(encoding="utf-8")).body
           if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}  # fmt: skip
    assert own - named == {
        "test_every_case_of_the_page_names_a_test_that_exists", "test_every_test_of_a_repeat_stands_on_the_page",
    }  # fmt: skip


# -- submissions -----------------------------------------------------------------------------------------------------


def test_a_refusal_does_not_use_up_the_key(country: Country) -> None:
    sender, key = country.native("G22"), uuid4().hex
    with pytest.raises(problems.UnknownRecipient):
        submit(sender, make_document(("X77",)), key=key)
    document = make_document()
    submit(sender, document, van_pdf=b"%PDF-1")
    with pytest.raises(problems.TwinDocument):
        submit(sender, document, van_pdf=b"%PDF-2", key=key)
    assert not submit(sender, make_document(), key=key).repeated


def test_the_other_door_is_another_system(old_country: Country) -> None:
    packet = document_packet(make_document(("H26",), sender="H41"))
    assert old_country.java("H41").send_edoc(packet, sender="000.00.00.H41")["status"] == "OK"
    with pytest.raises(problems.NotYourAgency):
        submit(old_country.native("H41"), packet, sender="H41")
    assert Delivery.objects.count() == 1


def test_an_answer_that_was_lost_is_given_again(country: Country) -> None:
    """The client sends everything and hangs up before the answer: the hub has committed, nobody has heard."""
    packet, key = document_packet(make_document()), uuid4().hex
    sender = country.native("G22")
    said = Statement(EvidenceEvent.SUBMISSION_REQUEST, "G22", now(), digest=hashlib.sha256(packet).hexdigest())
    headers = {
        **sender._bearer(), "Host": urlsplit(country.url).netloc, "Content-Length": str(len(packet)),
        "Idempotency-Key": key, "Lienthong-From": "G22", "Lienthong-Statement": country.keys["G22"].sign(said),
    }  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    parts = urlsplit(country.url)
    with socket.create_connection((parts.hostname, parts.port)) as wire:
        wire.sendall(f"POST /api/v1/packets HTTP/1.1\r\n{head}\r\n".encode() + packet)
    end = monotonic() + 20
    while not Packet.objects.exists() and monotonic() < end:
        sleep(0.02)
    again = submit(sender, packet, sender="G22", key=key)
    assert again.repeated
    assert again.packet_id == str(Packet.objects.get().pk)
    assert Delivery.objects.count() == 1


# -- several processes at once ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hub() -> Iterator[tuple[str, SigningKey]]:
    """A hub with two web processes."""
    with tempfile.TemporaryDirectory(prefix="lienthong-idempotency-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        running, keys, _ = start_hub(Path(folder), stack)
        yield running.settings.address, keys[SENDER]


def send_at_once(hub: tuple[str, SigningKey], packets: list[tuple[bytes, str]], key: str = "") -> list[str]:
    """Each packet by a connection of its own, all with one key, or each with its own; the packets' ids, or the codes of
    refusals."""
    address, secret = hub

    def send(packet: tuple[bytes, str]) -> str:
        connection = NativeConnection(address, system=SENDER, key=secret)
        try:
            return connection.submit(
                lambda: io.BytesIO(packet[0]), digest=packet[1], size=len(packet[0]), sender=SENDER, recipients=(),
                document_id="", idempotency_key=key or uuid4().hex,
            ).packet_id  # fmt: skip
        except Problem as problem:
            return problem.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(packets)) as pool:
        return list(pool.map(send, packets))


@pytest.mark.xdist_group("killed")
def test_at_once_in_several_processes_the_same_key_makes_one_packet(hub: tuple[str, SigningKey]) -> None:
    pids: set[int] = set()
    end = monotonic() + 60
    while len(pids) < 2:
        assert monotonic() < end, "one process answers everybody"
        pids.add(httpx.get(f"{hub[0]}/healthz", timeout=30).json()["pid"])
    answers = send_at_once(hub, [make_packet(20)] * 12, uuid4().hex)
    assert len(set(answers)) == 1
    assert "-" in answers[0]


@pytest.mark.xdist_group("killed")
def test_at_once_in_several_processes_a_key_takes_one_content(hub: tuple[str, SigningKey]) -> None:
    answers = send_at_once(hub, [make_packet(20) for _ in range(12)], uuid4().hex)
    assert answers.count(IdempotencyKeyReused.code) == 11


@pytest.mark.xdist_group("killed")
def test_at_once_in_several_processes_an_identifier_takes_one_content(hub: tuple[str, SigningKey]) -> None:
    document = str(uuid4())
    answers = send_at_once(hub, [make_packet(20, identifier=document) for _ in range(12)])
    assert answers.count(problems.TwinDocument.code) == 11


# -- statuses and deliveries -----------------------------------------------------------------------------------------


def test_a_status_packet_that_is_repeated_stands_once(country: Country) -> None:
    document = make_document()
    submit(country.native("G22"), document)
    packet = status_packet(make_status(document, StatusCode.ARRIVED))
    answers = [submit(country.native("H41"), packet, sender="H41") for _ in range(3)]
    assert [answer.repeated for answer in answers] == [False, True, True]
    assert ReportedStatus.objects.count() == 1
    assert Event.objects.filter(name="status.reported").count() == 1


def test_a_status_said_twice_moves_nothing(country: Country) -> None:
    document = make_document()
    first = submit(country.native("G22"), document)
    for text in ("đã đến", "đã đến, lần nữa"):
        submit(country.native("H41"), make_status(document, StatusCode.ARRIVED, text=text))
    submit(country.native("H41"), make_status(document, StatusCode.ACCEPTED))
    submit(country.native("H41"), make_status(document, StatusCode.ARRIVED, text="đến muộn"))
    place = f"{country.url}/api/v1/packets/{first.packet_id}"
    told = httpx.get(place, headers=country.native("G22")._bearer()).json()["deliveries"][0]["statuses"]
    assert [code for code, _ in told].count("03") == 1
    assert len(country.native("G22").inbox()) == 4


def test_fetching_again_moves_nothing(country: Country) -> None:
    submit(country.native("G22"), make_document())
    recipient = country.native("H41")
    [item] = recipient.inbox()
    copies = []
    for _ in range(3):
        into = io.BytesIO()
        recipient.fetch(item, into)
        copies.append(into.getvalue())
    assert len(set(copies)) == 1
    assert Event.objects.filter(name="delivery.fetched").count() == 1
    assert Change.objects.count() == 1


def test_an_acknowledgement_is_answered_as_the_first_time(country: Country) -> None:
    submit(country.native("G22"), make_document())
    recipient = country.native("H41")
    [item] = recipient.inbox()
    recipient.fetch(item, io.BytesIO())
    receipts = {recipient.acknowledge(item).receipt for _ in range(3)}  # each time with another statement
    assert len(receipts) == 1
    assert Event.objects.filter(name="delivery.done").count() == 1


def test_a_failure_said_again_is_no_news(country: Country) -> None:
    submit(country.native("G22"), make_document())
    recipient = country.native("H41")
    [item] = recipient.inbox()
    for _ in range(3):
        recipient.refuse(item, code="disk_full", detail="hết chỗ")
    assert Event.objects.filter(name="delivery.failed").count() == 1
    assert Change.objects.count() == 1
    recipient.refuse(item, code="digest_mismatch", detail="hỏng")
    assert Change.objects.count() == 2


def test_what_is_done_stays_done(country: Country) -> None:
    submit(country.native("G22"), make_document())
    recipient = country.native("H41")
    [item] = recipient.inbox()
    receive_all(recipient)
    with pytest.raises(problems.WrongState):
        recipient.refuse(item, code="late", detail="")
    assert Delivery.objects.get().state == "done"


# -- the directory ---------------------------------------------------------------------------------------------------


def test_a_wish_that_has_come_true_is_not_filed_again(old_country: Country) -> None:
    systems.set_approval("000.00.00.H41", automatic=True, at=now())
    client = old_country.java("H41")
    for _ in range(3):
        assert client.register_agency("H41.05", "Sở Nội vụ", parent="H41")["status"] == "OK"
    assert ChangeRequest.objects.count() == 1
    client.register_agency("H41.05", "Sở Nội vụ và Lao động", parent="H41")
    client.register_agency("H41.05", "Sở Nội vụ", parent="H41")  # back again is another wish
    assert ChangeRequest.objects.count() == 3
