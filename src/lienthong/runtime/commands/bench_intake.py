"""Measures intake: how many packets a second the hub takes in durably, from many connections at once.

The packets are made and their requests signed before the clock starts, by a process of its own that then only sends:
it shares the cores with what is measured. Each packet is another one, with a signed request and a key of its own. The
run is void unless every packet that was acknowledged is in the hub afterwards, its bytes under its digest, and every
receipt is signed by the hub over that digest.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import psutil
import psycopg

from lienthong.evidence.receipts import EvidenceEvent, InvalidStatement, KeyRing, SigningKey, Statement
from lienthong.protocol.messages import Header
from lienthong.runtime.commands import bench_exchange as exchange
from lienthong.storage import FileBlobs

LONGEST_SECONDS = 90
GOAL_PER_SECOND = 300
SENDER = exchange.SENDER


def run(*, packets: int, connections: int, kilobytes: int, as_json: bool) -> int:
    """Measure and print; 0 when nothing that was acknowledged is missing."""
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        hub, keys, dsn = exchange.start_hub(Path(folder), stack)
        plan = {
            "url": hub.settings.address, "packets": packets, "connections": connections, "kilobytes": kilobytes,
            "seconds": LONGEST_SECONDS,
            "keys": {code: key.private_jwk() for code, key in keys.items()},
        }  # fmt: skip
        database = exchange.database_processes(Path(folder))
        before = {"hub": exchange.cpu_ms(exchange.service_processes(hub)), "database": exchange.cpu_ms(database())}
        sent = exchange.answer_of(exchange.start_child("bench_intake", "send", plan))
        cpu = {
            "generator": sent["cpu_ms"],
            "hub": exchange.cpu_ms(exchange.service_processes(hub)) - before["hub"],
            "database": exchange.cpu_ms(database()) - before["database"],
        }
        acknowledged: dict[str, int] = sent["acknowledged"]
        missing = _missing(acknowledged, dsn, FileBlobs(hub.settings.data / "blobs"))
        figures = {
            "void": exchange.fsync(dsn) != exchange.DURABLE or bool(missing)
            or sent["refused"] > 0 or sent["bad_receipts"] > 0 or len(acknowledged) < packets,
            "packets": packets, "acknowledged": len(acknowledged), "missing": len(missing),
            "refused": sent["refused"], "bad_receipts": sent["bad_receipts"],
            "packets_per_s": round(len(acknowledged) / sent["seconds"], 1), "goal_per_s": GOAL_PER_SECOND,
            "p50_ms": sent["p50_ms"], "p99_ms": sent["p99_ms"], "connections": connections,
            "kilobytes": kilobytes, "cores": len(os.sched_getaffinity(0)), "load": round(os.getloadavg()[0], 1),
            "hub_rss_mb": exchange.rss_mb(hub), "fsync": exchange.fsync(dsn),
            "cpu_ms_per_packet_of": {who: round(used / packets, 2) for who, used in cpu.items()},
        }  # fmt: skip
    print(json.dumps(figures) if as_json else "\n".join(f"{name:22} {value}" for name, value in figures.items()))
    return 1 if figures["void"] else 0


def _missing(acknowledged: dict[str, int], dsn: str, blobs: FileBlobs) -> list[str]:
    """The acknowledged digests that the hub has not: no packet with a delivery, or other bytes, or none."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT p.digest, p.size FROM hub_packet p JOIN hub_delivery d ON d.packet_id = p.id"
        ).fetchall()
    held: dict[str, int] = dict(rows)

    def lies_there(digest: str) -> bool:
        try:
            with blobs.path(digest).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == digest
        except FileNotFoundError:
            return False

    return [one for one, size in acknowledged.items() if held.get(one) != size or not lies_there(one)]


# -- the generator -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Prepared:
    """A request as it goes over the wire: what is its own, and the rest, which all packets share."""

    digest: str
    start: bytes
    rest: bytes
    size: int


def prepare(plan: dict[str, Any], token: str) -> Iterator[Prepared]:
    """Requests that submit packets, each with an identifier and a number of its own, signed over its digest."""
    key = SigningKey(plan["keys"][SENDER])
    template, _ = exchange.make_packet(plan["kilobytes"], identifier="@" * 36)
    head, tail = template.split(b"@" * 36, 1)
    if b"@" * 36 in tail:
        raise RuntimeError("the identifier stands in more than one place of the packet")
    host = urlsplit(plan["url"]).netloc
    for _ in range(plan["packets"]):
        start = head + str(uuid4()).encode()
        digest = hashlib.sha256(start)
        digest.update(tail)
        said = Statement(
            EvidenceEvent.SUBMISSION_REQUEST, SENDER, datetime.now(UTC), digest=digest.hexdigest(), sender=SENDER
        )
        size = len(start) + len(tail)
        request = (
            f"POST /api/v1/packets HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/xml\r\nContent-Length: {size}\r\n{Header.FROM}: {SENDER}\r\n"
            f"{Header.IDEMPOTENCY_KEY}: {secrets.token_hex(16)}\r\n{Header.STATEMENT}: {key.sign(said)}\r\n\r\n"
        )
        yield Prepared(digest.hexdigest(), request.encode() + start, tail, size)


class Wire:
    """A kept connection that sends prepared requests: nothing but sockets, for the load must cost little.

    Args:
        url: of the hub.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._kept = b""

    def send(self, start: bytes, rest: bytes = b"") -> tuple[int, bytes]:
        """Send a request; gives status and body of its answer."""
        self._socket.sendall(start, socket.MSG_MORE if rest else 0)
        if rest:
            self._socket.sendall(rest)
        while b"\r\n\r\n" not in self._kept:
            self._more()
        head, _, body = self._kept.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        length = next(int(line[15:]) for line in lines if line.lower().startswith("content-length:"))
        while len(body) < length:
            self._kept = b""
            self._more()
            body += self._kept
        self._kept = body[length:]
        return int(lines[0].split()[1]), body[:length]

    def _more(self) -> None:
        if not (piece := self._socket.recv(1 << 20)):
            raise ConnectionError("the hub hung up")
        self._kept += piece


def access_token(plan: dict[str, Any], system: str) -> str:
    """An access token, as every client gets one."""
    now = int(datetime.now(UTC).timestamp())
    claims = {"iss": system, "sub": system, "aud": f"{plan['url']}/api/v1/token", "jti": secrets.token_hex(16),
              "iat": now, "exp": now + 120}  # fmt: skip
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": SigningKey(plan["keys"][system]).sign_claims(claims),
    }
    answer = httpx.post(f"{plan['url']}/api/v1/token", data=form).raise_for_status()
    token: str = answer.json()["access_token"]
    return token


def _send(plan: dict[str, Any]) -> dict[str, Any]:
    """Prepare everything, then send it all as fast as the hub takes it; read the answers when the clock has stopped."""
    waiting = list(prepare(plan, access_token(plan, SENDER)))
    answers: list[tuple[Prepared, int, bytes, float]] = []
    end = monotonic() + plan["seconds"]

    def post() -> None:
        wire = Wire(plan["url"])
        while waiting and monotonic() < end:
            try:
                one = waiting.pop()
            except IndexError:
                return
            began = monotonic()
            status, body = wire.send(one.start, one.rest)
            answers.append((one, status, body, monotonic() - began))

    process = psutil.Process()
    before, began = sum(process.cpu_times()[:2]), monotonic()
    threads = [threading.Thread(target=post) for _ in range(plan["connections"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, cpu = monotonic() - began, sum(process.cpu_times()[:2]) - before
    taken = [(one, json.loads(body)) for one, status, body, _ in answers if status == httpx.codes.CREATED]
    ring = KeyRing(httpx.get(f"{plan['url']}/api/v1/keys").raise_for_status().json()["keys"])
    times = sorted(took for *_, took in answers) or [0.0]
    return {
        "acknowledged": {one.digest: one.size for one, _ in taken},
        "refused": len(answers) - len(taken),
        "bad_receipts": sum(not _is_proof(ring, one.digest, said["receipt"]) for one, said in taken),
        "seconds": seconds, "cpu_ms": cpu * 1000,
        "p50_ms": round(times[len(times) // 2] * 1000, 1), "p99_ms": round(times[int(len(times) * 0.99)] * 1000, 1),
    }  # fmt: skip


def _is_proof(ring: KeyRing, digest: str, receipt: str) -> bool:
    try:
        said = ring.verify(receipt)
    except InvalidStatement:
        return False
    return said.event is EvidenceEvent.SUBMISSION_ACCEPTANCE and said.digest == digest


if __name__ == "__main__":
    print(json.dumps(_send(json.load(sys.stdin))))
