"""The old door on the server that production runs: header bytes outside ASCII, very long headers, Expect, a vanishing
client. (The other tests of this door run on a simpler server, in the test's own process.)"""

import io
import json
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep
from types import SimpleNamespace
from urllib.parse import urlsplit

import httpx
import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from lienthong.hub.http import edge
from lienthong.runtime.commands.bench_exchange import make_packet, start_hub
from lienthong.runtime.connections import AnnouncedBody
from lienthong.runtime.prepare import prepare_apart
from lienthong.testing.vxp_client import JavaClient

pytestmark = pytest.mark.xdist_group("killed")
SECRET = "a-secret-of-this-test"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="lienthong-server-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        hub, _, _ = start_hub(Path(folder), stack)
        systems = [{"code": code, "name": code, "agencies": [code], "vxp_secret": SECRET} for code in ("G22", "H41")]
        prepare_apart(hub.settings, {"agencies": [], "systems": systems, "seals": [], "operators": []})
        yield hub.settings.address


def clients(address: str, version: str = "2.0.1") -> tuple[JavaClient, JavaClient]:
    return JavaClient(address, "G22", SECRET, version), JavaClient(address, "H41", SECRET, version)


@pytest.mark.parametrize("version", ["2.0.0", "2.0.1"])
def test_the_client_goes_its_whole_way_with_vietnamese_in_its_headers(address: str, version: str) -> None:
    sender, recipient = clients(address, version)
    packet, _ = make_packet(20)
    assert sender.send_edoc(packet, sender="G22")["status"] == "OK"
    row = recipient.received()[-1]
    assert recipient.get_edoc(row["docId"]) == packet  # its signed header names a folder «Văn bản đến»
    assert recipient.download_edoc(row["docId"]) == packet
    assert recipient.update_status(row["docId"], "done")["status"] == "OK"
    assert len(recipient.agencies()) == 2


def test_nothing_is_found_outside_of_what_is_served_as_a_file(address: str) -> None:
    assert httpx.get(f"{address}/static/lienthong/look.css").status_code == 200
    for way_out in ("/static/%2e%2e/%2e%2e/settings.py", "/static/..%2f..%2fsettings.py", "/static/%2fetc/passwd"):
        assert httpx.get(f"{address}{way_out}").status_code == 404, way_out


def test_a_header_of_300_kilobytes_is_read(address: str) -> None:
    sender, _ = clients(address)
    sender.parameters["filePath"] = "Đ" * 60_000
    assert sender.received() == []


def test_a_client_that_waits_for_100_continue_is_not_kept_waiting(address: str) -> None:
    sender, _ = clients(address)
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as wire:
        head = "".join(f"{name}: {value}\r\n" for name, value in sender.headers("application/json"))
        wire.sendall(
            f"POST /updateStatus HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: 2\r\nExpect: 100-continue\r\n{head}\r\n".encode()
        )
        said = _read_until(wire, b"\r\n\r\n")
        assert said.startswith(b"HTTP/1.1 100")
        wire.sendall(b"{}")
        _, _, rest = said.partition(b"\r\n\r\n")  # an answer that needs no body may follow at once
        assert (rest + _read_until(wire, b"\r\n", rest)).startswith(b"HTTP/1.1 200")


def test_a_body_may_come_in_drops_and_the_next_request_right_behind_it(address: str) -> None:
    """What came together with the head, what comes later, and what is of the next request already: each in its place."""
    sender, _ = clients(address)
    parts = urlsplit(address)
    head = "".join(f"{name}: {value}\r\n" for name, value in sender.headers("application/json"))
    request = f"POST /getReceivedEdocList HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: 12\r\n{head}\r\n".encode()
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.sendall(request + b'{"a"')
        for drop in (b": ", b'"bcd"', b"}" + request + b'{"a": "bcd"'):
            sleep(0.05)
            wire.sendall(drop)
        first = _read_until(wire, b'"data"')
        assert first.startswith(b"HTTP/1.1 200")
        wire.sendall(b"}" + request + b'{"a": "bcd"}')
        rest = b""
        while (first + rest).count(b"HTTP/1.1 200") < 3:
            rest += _read_until(wire, b"HTTP/1.1")


def test_clients_that_keep_connections_and_say_nothing_hold_up_nobody(address: str) -> None:
    """More kept connections than there are threads: threads stay on a connection, but not all of them, and not long."""
    parts = urlsplit(address)
    request = f"GET /healthz HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode()
    with ExitStack() as stack:
        wires = [
            stack.enter_context(socket.create_connection((parts.hostname, parts.port), timeout=5)) for _ in range(150)
        ]
        for _ in range(2):
            for wire in wires:
                wire.sendall(request)
            for wire in wires:
                assert _read_until(wire, b'"pid"').startswith(b"HTTP/1.1 200")
        assert httpx.get(f"{address}/healthz", timeout=5).status_code == 200


def _read_until(wire: socket.socket, mark: bytes, known: bytes = b"") -> bytes:
    """What comes after `known`, until the mark is there."""
    came = b""
    while mark not in known + came:
        chunk = wire.recv(4096)
        assert chunk, "the server hung up"
        came += chunk
    return came


def test_a_client_that_vanishes_leaves_nothing_and_harms_nobody(address: str) -> None:
    sender, recipient = clients(address)
    packet, _ = make_packet(200)
    sender.parameters |= {"messagetype": "edoc", "from": "G22", "hash-file": "0"}
    parts = urlsplit(address)
    for _ in range(5):
        with socket.create_connection((parts.hostname, parts.port), timeout=5) as wire:
            head = "".join(f"{name}: {value}\r\n" for name, value in sender.headers("application/octet-stream"))
            wire.sendall(
                f"POST /sendEdoc HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: {len(packet)}\r\n{head}\r\n".encode()
            )
            wire.sendall(packet[:1000])
    assert recipient.received() == []
    assert httpx.get(f"{address}/readyz").status_code == 200


def test_garbage_is_answered_and_survived(address: str) -> None:
    for path in ("/sendEdoc", "/api/v1/token", "/api/v1/packets", "/getEdoc"):
        for body in (b"", b"\x00" * 100, b"{" * 10_000, json.dumps({"a": 1}).encode()):
            answer = httpx.post(address + path, content=body, headers={"XroadVnpt-sign-header": "[[["})
            assert answer.status_code < 500, (path, answer.status_code)
    assert httpx.get(f"{address}/readyz").status_code == 200


def test_who_only_trickles_is_not_listened_to_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused body that stops coming keeps its thread no longer than the bound; the line's own patience comes back."""
    monkeypatch.setattr(edge, "DRAINED_WITHIN_OF_STRANGERS", 0.2)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(75)
        theirs.sendall(b"<edXML>")
        told = {"CONTENT_LENGTH": "1000000", "gunicorn.socket": ours, "wsgi.input": ours.makefile("rb", 0)}
        began = monotonic()
        edge.drain(WSGIRequest({**RequestFactory()._base_environ(), **told}))
        assert monotonic() - began < 10
        assert ours.gettimeout() == 75


def test_who_trickles_byte_by_byte_is_not_listened_to_for_ever_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "DRAINED_WITHIN_OF_STRANGERS", 0.3)
    ours, theirs = socket.socketpair()
    over = threading.Event()

    def trickle() -> None:
        for _ in range(500):
            if over.wait(0.02):
                return
            theirs.sendall(b"x")

    with ours, theirs:
        unreader = SimpleNamespace(sock=ours, take_buffered=lambda: b"", unread=lambda _: None)
        body = io.BufferedReader(AnnouncedBody(SimpleNamespace(unreader=unreader, length=100_000)))
        told = {"CONTENT_LENGTH": "100000", "gunicorn.socket": ours, "wsgi.input": body}
        sender = threading.Thread(target=trickle)
        sender.start()
        began = monotonic()
        edge.drain(WSGIRequest({**RequestFactory()._base_environ(), **told}))
        took = monotonic() - began
        over.set()
        sender.join()
    assert took < 5


def test_who_listens_while_sending_hears_why_a_body_of_any_size_is_refused(address: str) -> None:
    """One who is not known announces more than is heard out: the refusal comes at once, not a line that breaks."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as wire:
        head = f"POST /sendEdoc HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: 900000000\r\n\r\n"
        wire.sendall(head.encode() + b" " * 100_000)
        answer = wire.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
    assert b'"ErrorCode": "15"' in answer
