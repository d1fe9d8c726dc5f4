"""Measures the exchange: a sending process and a receiving process speak to a real hub with a real database; what they
exchange are documents with the signatures of a person and an agency.

TLS is off, fsync is on (the run proves it). A document counts when its sender holds the recipient's signed receipt.
The run is void unless every document that was sent was received, by digest.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import psutil
import psycopg

from lienthong.evidence.receipts import EvidenceEvent, KeyRing, SigningKey
from lienthong.protocol.client.native import NativeConnection
from lienthong.protocol.messages import InboxItem
from lienthong.protocol.problem import Problem
from lienthong.runtime.commands.bench_papers import signed_documents
from lienthong.runtime.embedded import Cluster
from lienthong.runtime.ports import free_port
from lienthong.runtime.prepare import prepare_apart
from lienthong.runtime.settings import Service, Settings, processes_of_a_hub
from lienthong.runtime.supervisor import Supervisor
from lienthong.standards import edxml
from lienthong.standards.statuses import Urgency

LONGEST_SECONDS = 45
FOLLOW_SECONDS = 0.1
"""How often the sender reads its feed: receipts come together, not each by itself."""
FILES = 25
"""Documents that are signed, numbered and sealed before the clock starts; packet after packet takes one of them in
turn, under a number and an identifier of its own."""
SENDER, RECIPIENT = "G22", "H41"


def run(*, documents: int, senders: int, kilobytes: int, as_json: bool) -> int:
    """Measure and print; 0 when nothing was lost."""
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        hub, keys, dsn = start_hub(Path(folder), stack)
        database = database_processes(Path(folder))
        before = {"hub": cpu_ms(service_processes(hub)), "database": cpu_ms(database())}
        plan = {
            "url": hub.settings.address, "documents": documents, "senders": senders, "kilobytes": kilobytes,
            "keys": {code: key.private_jwk() for code, key in keys.items()},
        }  # fmt: skip
        receiving, sending = start_child("bench_exchange", "receive", plan), start_child("bench_exchange", "send", plan)
        sent, received = answer_of(sending), answer_of(receiving)
        used = {
            "sender": sent["cpu_ms"], "recipient": received["cpu_ms"],
            "hub": cpu_ms(service_processes(hub)) - before["hub"],
            "database": cpu_ms(database()) - before["database"],
        }  # fmt: skip
        figures = _figures(sent, received, used, documents)
        figures |= {"hub_rss_mb": rss_mb(hub), "fsync": fsync(dsn), "senders": senders, "kilobytes": kilobytes}
        figures["void"] = figures["void"] or figures["fsync"] != DURABLE
    if as_json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:16} {value}")
    return 1 if figures["void"] else 0


def start_hub(
    folder: Path,
    stack: ExitStack,
    fill: Callable[[str], None] | None = None,
    *,
    more_systems: Sequence[str] = (),
    vxp_secret: str = "",
    operators: Sequence[dict[str, str]] = (),
    **changes: object,
) -> tuple[Supervisor, dict[str, SigningKey], str]:
    """A hub with two native members; gives their keys and the database's address.

    Args:
        fill: puts more into the database, given its address, before the hub starts.
        more_systems: further ones, which act for nobody yet; `vxp_secret` opens the old door to all of them.
        changes: of the hub's settings.
    """
    cluster = Cluster(folder / "postgres")
    stack.enter_context(cluster.running())
    keys = {code: SigningKey.generate() for code in (SENDER, RECIPIENT, *more_systems)}
    settings = Settings(
        service=Service.HUB, data=folder / "hub", database_url=cluster.database_url("hub"), port=free_port(),
        processes=processes_of_a_hub(),
    ).at(**changes)  # fmt: skip
    plan = _plan(keys, vxp_secret) | {"operators": list(operators)}
    if fill is not None:
        prepare_apart(settings, plan)
        fill(settings.database_url)
    hub = stack.enter_context(Supervisor(settings, plan))
    hub.await_ready()
    return hub, keys, settings.database_url


def _plan(keys: dict[str, SigningKey], vxp_secret: str) -> dict[str, Any]:
    old_door = {"vxp_secret": vxp_secret} if vxp_secret else {}
    members = (SENDER, RECIPIENT)
    return {
        "agencies": [{"code": code, "name": code, "aliases": [f"000.00.00.{code}"]} for code in members],
        "systems": [
            {"code": code, "name": code, "agencies": [code] if code in members else [], "key": key.public_jwk()}
            | old_door
            for code, key in keys.items()
        ],
        "seals": [],
        "operators": [],
    }


# -- the two processes -------------------------------------------------------------------------------------------------


def start_child(module: str, role: str, plan: dict[str, Any]) -> subprocess.Popen[str]:
    """One side of a measurement in a process of its own."""
    child = subprocess.Popen(
        [sys.executable, "-m", f"lienthong.runtime.commands.{module}", role],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdin is not None  # noqa: S101 - a pipe was asked for
    child.stdin.write(json.dumps(plan))
    child.stdin.close()
    return child


def answer_of(child: subprocess.Popen[str]) -> dict[str, Any]:
    """What that process found. Raises `RuntimeError` when it failed."""
    assert child.stdout is not None  # noqa: S101 - a pipe was asked for
    answer = child.stdout.read()
    if child.wait() != 0:
        raise RuntimeError("a client of the measurement failed")
    result: dict[str, Any] = json.loads(answer)
    return result


def make_packet(
    file: int | bytes, *, identifier: str = "", recipients: Sequence[str] = (RECIPIENT,), urgent: bool = False
) -> tuple[bytes, str]:
    """A document packet and its digest.

    Args:
        file: what is in it; a number: that many kilobytes which only look like a document, and are its own.
    """
    number = secrets.randbelow(10**9)
    document = edxml.Document(
        sender=edxml.Organ(SENDER, SENDER), recipients=tuple(edxml.Organ(code, code) for code in recipients),
        identifier=identifier or str(uuid4()), number=str(number), notation="VPCP-KSTT",
        subject="Đo tốc độ trao đổi văn bản", issued_on=datetime.now(UTC).date(), place="Hà Nội", kind_name="Công văn",
        signer=edxml.Signer("Người Ký"), traces=(edxml.Trace(SENDER, datetime.now(UTC)),),
        urgency=Urgency.EXPRESS if urgent else Urgency.NORMAL,
    )  # fmt: skip
    content = file if isinstance(file, bytes) else b"%PDF-1.7\n" + secrets.token_bytes(file * 1024)
    out = io.BytesIO()
    edxml.write_document(document, [edxml.FileToSend("van-ban.pdf", lambda: io.BytesIO(content))], out)
    return out.getvalue(), hashlib.sha256(out.getvalue()).hexdigest()


def _send(plan: dict[str, Any]) -> dict[str, Any]:
    """Send everything, and wait for the recipient's receipt of each, verified."""
    recipient = KeyRing([SigningKey(plan["keys"][RECIPIENT]).public_jwk()])
    files = itertools.cycle(signed_documents(plan["kilobytes"], FILES))
    packets = [make_packet(file) for file in itertools.islice(files, plan["documents"])]
    process = psutil.Process()
    cpu = sum(process.cpu_times()[:2])
    started: dict[str, float] = {}
    finished: dict[str, float] = {}
    waiting = list(packets)
    lock, done = threading.Lock(), threading.Event()

    def post() -> None:
        connection = connect(plan, SENDER)
        while True:
            with lock:
                if not waiting:
                    return
                packet, digest = waiting.pop()
                started[digest] = monotonic()
            connection.submit(
                lambda body=packet: io.BytesIO(body), digest=digest, size=len(packet), sender=SENDER,  # type: ignore[misc]
                recipients=(), document_id="", idempotency_key=uuid4().hex,
            )  # fmt: skip

    def follow() -> None:
        connection, cursor = connect(plan, SENDER), 0
        while len(finished) < len(packets) and not done.is_set():
            done.wait(FOLLOW_SECONDS)
            for change in connection.changes(after=cursor, wait=2, limit=500):
                cursor = change.seq
                if change.state == "done":
                    said = recipient.verify(change.statement)
                    if said.event is EvidenceEvent.CONTENT_HANDOVER and said.digest in started:
                        finished[said.digest] = monotonic()

    began = monotonic()
    follower = threading.Thread(target=follow)
    follower.start()
    posters = [threading.Thread(target=post) for _ in range(plan["senders"])]
    for thread in posters:
        thread.start()
    for thread in posters:
        thread.join(LONGEST_SECONDS)
    follower.join(LONGEST_SECONDS - (monotonic() - began))
    done.set()
    times = sorted(finished[digest] - started[digest] for digest in finished)
    return {
        "digests": sorted(finished),
        "seconds": max(finished.values(), default=began) - began,
        "times": times,
        "cpu_ms": (sum(process.cpu_times()[:2]) - cpu) * 1000,
    }


def _receive(plan: dict[str, Any]) -> dict[str, Any]:
    """Fetch, verify and acknowledge until everything has come: list, take all of it, say so, list again."""
    process = psutil.Process()
    cpu = sum(process.cpu_times()[:2])
    local = threading.local()

    def take(item: InboxItem) -> str:
        if not hasattr(local, "connection"):
            local.connection = connect(plan, RECIPIENT)
        into = io.BytesIO()
        local.connection.fetch(item, into)
        return hashlib.sha256(into.getvalue()).hexdigest()

    digests: list[str] = []
    listing, end = connect(plan, RECIPIENT), monotonic() + LONGEST_SECONDS
    with ThreadPoolExecutor(4) as together:
        while len(digests) < plan["documents"] and monotonic() < end:
            items = listing.inbox(wait=2, limit=40)
            digests += together.map(take, items)
            if refused := [one for one in listing.acknowledge_together(items) if isinstance(one, Problem)]:
                raise refused[0]
    return {"digests": sorted(digests), "cpu_ms": (sum(process.cpu_times()[:2]) - cpu) * 1000}


def connect(plan: dict[str, Any], system: str) -> NativeConnection:
    """A member's connection to the hub that is measured."""
    return NativeConnection(plan["url"], system=system, key=SigningKey(plan["keys"][system]))


# -- figures -----------------------------------------------------------------------------------------------------------


def _figures(
    sent: dict[str, Any], received: dict[str, Any], used_ms: dict[str, float], documents: int
) -> dict[str, Any]:
    times = sent["times"]
    complete = sent["digests"] == received["digests"] and len(times) == documents == len(set(received["digests"]))
    return {
        "void": not complete,
        "documents": documents,
        "received": len(set(received["digests"])),
        "receipts": len(times),
        "docs_per_s": round(len(times) / sent["seconds"], 1) if sent["seconds"] else 0.0,
        "p50_ms": round(times[len(times) // 2] * 1000, 1) if times else None,
        "p99_ms": round(times[int(len(times) * 0.99)] * 1000, 1) if times else None,
        "cpu_ms_per_doc": round(sum(used_ms.values()) / max(1, len(times)), 2),
        "cpu_ms_per_doc_of": {who: round(used / max(1, len(times)), 2) for who, used in used_ms.items()},
    }


def service_processes(service: Supervisor) -> list[psutil.Process]:
    """All processes of a service."""
    return _family(psutil.Process(int((service.settings.data / "run" / "service.pid").read_text())))


def database_processes(folder: Path) -> Callable[[], list[psutil.Process]]:
    """Asks for all processes of the database of a measurement."""
    master = psutil.Process(int((folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0]))
    return lambda: _family(master)


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def cpu_ms(processes: list[psutil.Process]) -> float:
    """What they used, and what their children used that are gone."""
    return sum(sum(process.cpu_times()[:4]) for process in processes) * 1000


def rss_mb(hub: Supervisor) -> float:
    """Memory of all the hub's processes; what forked processes share is counted once."""
    return round(sum(process.memory_full_info().pss for process in service_processes(hub)) / (1 << 20), 1)


def resident_mb(hub: Supervisor) -> float:
    """Memory of all the hub's processes; what they share is counted for each."""
    return round(sum(process.memory_info().rss for process in service_processes(hub)) / (1 << 20), 1)


DURABLE = "on/on"
"""What `fsync` says of a database that answers only when it has written; else a measurement is void."""


def fsync(dsn: str) -> str:
    """What the database says of its durability: `fsync/synchronous_commit`."""
    with psycopg.connect(dsn) as connection:
        values = [connection.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")]
    return "/".join(value[0] for value in values if value)


if __name__ == "__main__":
    told = json.load(sys.stdin)
    print(json.dumps(_send(told) if sys.argv[1] == "send" else _receive(told)))
