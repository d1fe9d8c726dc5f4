"""An office is told to stop with work in hand: what a person is sending is answered; what the worker was sending to the
hub is there once, whether or not the hub's answer came in time."""

import base64
import io
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest

from lienthong.evidence.receipts import SigningKey
from lienthong.protocol.client.native import NativeConnection
from lienthong.protocol.messages import Kind
from lienthong.runtime.commands.bench_exchange import RECIPIENT, SENDER, make_packet, start_hub
from lienthong.runtime.demo.desk import Desk
from lienthong.runtime.embedded import Cluster
from lienthong.runtime.ports import free_port
from lienthong.runtime.prepare import prepare_apart
from lienthong.runtime.settings import Service, Settings
from lienthong.testing.images import seal_image
from lienthong.testing.pki import TestAuthority
from tests.service.runtime.test_commands import plain_environment

pytestmark = pytest.mark.xdist_group("killed")

LOGIN, PASSWORD = "van.thu", "Một buổi sáng ở 12 Vinh!"
SUBMISSION = b"POST /api/v1/packets"
IN_TIME = 25.0
"""Seconds within which a stop is over: the longest that a request may take, and a little."""


class Line:
    """The line between an office and its hub. It can keep the hub's answer to a submission for itself.

    Attributes:
        kept: set once an answer is being kept.
        submissions: how many have gone by.
    """

    def __init__(self, hub: str) -> None:
        self._hub = (urlsplit(hub).hostname, urlsplit(hub).port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.keeps, self.kept, self.submissions = False, threading.Event(), 0
        threading.Thread(target=self._take, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _take(self) -> None:
        with suppress(OSError):
            while True:
                office, _ = self._listener.accept()
                hub = socket.create_connection(self._hub)
                answered = threading.Event()
                answered.set()
                threading.Thread(target=self._carry_there, args=(office, hub, answered), daemon=True).start()
                threading.Thread(target=self._carry_back, args=(hub, office, answered), daemon=True).start()

    def _carry_there(self, office: socket.socket, hub: socket.socket, may_answer: threading.Event) -> None:
        with suppress(OSError), office, hub:
            while said := office.recv(1 << 16):
                if SUBMISSION in said:
                    self.submissions += 1
                    if self.keeps:
                        may_answer.clear()
                hub.sendall(said)

    def _carry_back(self, hub: socket.socket, office: socket.socket, may_answer: threading.Event) -> None:
        with suppress(OSError):
            while said := hub.recv(1 << 16):
                if not may_answer.is_set():
                    self.kept.set()
                    may_answer.wait()  # for good
                office.sendall(said)


@dataclass
class Running:
    """An office that is run by its command, behind the line to its hub."""

    settings: Settings
    line: Line
    sender: NativeConnection

    @contextmanager
    def served(self) -> Iterator[subprocess.Popen[str]]:
        """`lienthong office serve`, once it has said its address."""
        own = self.settings
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("lienthong")), "office", "serve", "--data", str(own.data), "--hub",
             self.line.address, "--system", own.system, "--key", own.system_key, "--trust", own.trust, "--tsa",
             own.tsa_url, "--port", str(own.port)],
            env=plain_environment() | {"DATABASE_URL": own.database_url}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == own.address, process.communicate()[1]
            yield process
        finally:
            process.kill()
            process.communicate()

    def receives(self) -> str:
        """Another agency sends it a document; gives the document's identifier."""
        identifier = str(uuid4())
        packet, digest = make_packet(1, identifier=identifier)
        self.sender.submit(
            lambda: io.BytesIO(packet), digest=digest, size=len(packet), sender=SENDER, recipients=(),
            document_id=identifier, idempotency_key=identifier,
        )  # fmt: skip
        return identifier

    def reported(self) -> list[str]:
        """The reports that have come back to the sender's system, by the names of their deliveries."""
        return [item.delivery_id for item in self.sender.inbox(limit=100) if item.kind is Kind.STATUS]


@pytest.fixture(scope="module")
def office() -> Iterator[Running]:
    with running() as made:
        yield made


@contextmanager
def running() -> Iterator[Running]:
    """A hub, and an office behind a line to it; the office itself is not started yet."""
    with tempfile.TemporaryDirectory(prefix="lienthong-stops-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        hub, keys, _ = start_hub(folder, stack)
        line = Line(hub.settings.address)
        stack.callback(line.close)
        authority = TestAuthority.open(folder / "pki", "http://127.0.0.1:9")
        authority.write_trust(folder / "trust")
        (folder / "system.json").write_text(json.dumps(keys[RECIPIENT].private_jwk()))
        settings = Settings(
            service=Service.OFFICE, data=folder / "office", database_url=Cluster(folder / "postgres").database_url("office"),
            port=free_port(), processes=1, hub_url=line.address, system=RECIPIENT, system_key=str(folder / "system.json"),
            trust=str(folder / "trust"), tsa_url="http://127.0.0.1:9/tsa",
        )  # fmt: skip
        prepare_apart(settings, plan(authority, folder))
        sender = NativeConnection(hub.settings.address, system=SENDER, key=SigningKey(keys[SENDER].private_jwk()))
        stack.callback(sender.close)
        yield Running(settings, line, sender)


def plan(authority: TestAuthority, folder: Path) -> dict[str, Any]:
    """The agency, its seal, and its clerk."""
    seal = authority.issue_agency("Ủy ban nhân dân tỉnh Nghệ An", f"000.00.00.{RECIPIENT}")
    (folder / "seal.p12").write_bytes(seal.pkcs12("123456"))
    return {
        "agency": {
            "code": RECIPIENT, "alias": f"000.00.00.{RECIPIENT}", "name": "Ủy ban nhân dân tỉnh Nghệ An",
            "short_name": "UBND tỉnh Nghệ An", "abbreviation": "UBND", "place": "Nghệ An",
        },
        "units": [["VP", "Văn phòng"]],
        "people": [{
            "login": LOGIN, "name": "Hoàng Thị Lam", "password": PASSWORD, "role": "clerk", "unit": "VP",
            "position": "Văn thư", "competence": "",
        }],
        "seal": {
            "location": str(folder / "seal.p12"), "certificate": base64.b64encode(seal.certificate).decode(),
            "image": base64.b64encode(seal_image("UBND")).decode(),
        },
    }  # fmt: skip


class SlowPost:
    """Somebody signs in over a slow line: half of the form has come when the office is told to stop."""

    def __init__(self, desk: Desk) -> None:
        page = desk.open("/dang-nhap/")
        form = next(form for form in page.root.forms if form.xpath(".//input[@type='password']"))
        body = urlencode(dict(form.form_values()) | {"username": LOGIN, "password": PASSWORD}).encode()
        parts = urlsplit(desk.base)
        cookies = "; ".join(f"{name}={value}" for name, value in desk.http.cookies.items())
        head = (
            f"POST /dang-nhap/ HTTP/1.1\r\nHost: {parts.netloc}\r\nOrigin: {desk.base}\r\nReferer: {page.url}\r\n"
            f"Cookie: {cookies}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._rest = body[10:]
        self._wire = socket.create_connection((parts.hostname, parts.port), timeout=IN_TIME)
        self._wire.sendall(head.encode() + body[:10])

    def finish(self) -> tuple[bytes, dict[str, str]]:
        """The rest is sent; the first line of the answer, and the cookies that it sets."""
        with self._wire:
            self._wire.sendall(self._rest)
            answer = b""
            while b"\r\n\r\n" not in answer and (said := self._wire.recv(1 << 16)):
                answer += said
        jar = SimpleCookie()
        for line in answer.decode().split("\r\n"):
            if line.startswith("Set-Cookie: "):
                jar.load(line.removeprefix("Set-Cookie: "))
        return answer.partition(b"\r\n")[0], {name: one.value for name, one in jar.items()}


def test_a_stop_answers_who_is_being_served_and_sends_once_what_was_being_sent(office: Running) -> None:
    """The worker has sent a report, and the hub's answer does not come; meanwhile somebody's form is half here."""
    office.line.keeps = True
    with office.served() as process:
        stranger = Desk(office.settings.address, LOGIN, PASSWORD)
        office.receives()
        assert office.line.kept.wait(30), "the report of the arrival was not sent"
        half = SlowPost(stranger)
        began = monotonic()
        os.kill(process.pid, signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)  # it waits for the form
        answer, session = half.finish()
        said = process.communicate(timeout=IN_TIME)[1]
        assert (process.returncode, said) == (0, "")
        assert monotonic() - began < IN_TIME
        stranger.http.close()
    assert answer == b"HTTP/1.1 302 Found"
    assert len(office.reported()) == 1, "the hub has it, though the office does not know"
    assert office.line.submissions == 1

    office.line.keeps = False
    with office.served() as process:
        clerk = Desk(office.settings.address, LOGIN, PASSWORD)
        clerk.http.cookies.update(session)  # who signed in while it stopped is signed in
        with clerk.http:
            clerk.wait_for("/", lambda page: page.says("Chờ gửi 0"), what="the report is sent again", seconds=30)
            assert clerk.open("/van-ban-den/").root.xpath("count(//tr[@data-document])") == 1
        assert office.line.submissions == 2, "at once, not when the former worker's time is over"
        assert len(office.reported()) == 1, "under the same key it is no second one"
        os.kill(process.pid, signal.SIGTERM)
        assert process.communicate(timeout=IN_TIME)[1] == ""
        assert process.returncode == 0
