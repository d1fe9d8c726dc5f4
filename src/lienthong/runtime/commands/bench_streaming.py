"""Measures memory: a large enclosure through sender, hub and recipient, by both doors, each a process of its own."""

from __future__ import annotations

import hashlib
import http.client
import json
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psutil

from lienthong.protocol import vxp
from lienthong.runtime.commands.bench_exchange import (
    RECIPIENT,
    SENDER,
    answer_of,
    connect,
    service_processes,
    start_child,
    start_hub,
)
from lienthong.runtime.prepare import prepare_apart
from lienthong.standards import edxml

LIMIT_MB = 250
CHUNK = 1 << 18
SECRET = "only-for-this-measurement"  # noqa: S105 - made and forgotten here
BLOCK = b"Li\xc3\xaan Th\xc3\xb4ng " * 4096


def run(*, megabytes: int, as_json: bool) -> int:
    """Measure and print; 0 when everything arrived as sent and no process passed the limit."""
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        hub, keys, _ = start_hub(Path(folder), stack)
        _open_the_old_door(hub.settings)
        figures: dict[str, Any] = {"megabytes": megabytes}
        for door in ("native", "vxp"):
            plan = {
                "url": hub.settings.address, "door": door, "folder": folder, "megabytes": megabytes,
                "keys": {code: key.private_jwk() for code, key in keys.items()},
            }  # fmt: skip
            sent = answer_of(start_child("bench_streaming", "send", plan))
            received = answer_of(start_child("bench_streaming", "receive", plan))
            figures[door] = {
                "intact": sent["digest"] == received["digest"],
                "send_s": sent["seconds"], "receive_s": received["seconds"],
                "sender_mb": sent["peak_mb"], "recipient_mb": received["peak_mb"],
            }  # fmt: skip
        figures["hub_mb"] = max(peak_mb(process) for process in service_processes(hub))
    peaks = [
        figures["hub_mb"],
        *(figures[door][who] for door in ("native", "vxp") for who in ("sender_mb", "recipient_mb")),
    ]
    figures["ok"] = max(peaks) < LIMIT_MB and all(figures[door]["intact"] for door in ("native", "vxp"))
    print(json.dumps(figures) if as_json else "\n".join(f"{name:10} {value}" for name, value in figures.items()))
    return 0 if figures["ok"] else 1


def _open_the_old_door(settings: Any) -> None:
    """Both members' systems may use the door of existing client software as well."""
    systems = [{"code": code, "name": code, "agencies": [code], "vxp_secret": SECRET} for code in (SENDER, RECIPIENT)]
    prepare_apart(settings, {"agencies": [], "systems": systems, "seals": [], "operators": []})


def make_enclosure(folder: Path, megabytes: int) -> Path:
    """A file of that size, made once in a folder."""
    enclosure = folder / "enclosure.zip"
    if not enclosure.exists():
        with enclosure.open("wb") as file:
            for _ in range(megabytes * (1 << 20) // len(BLOCK)):
                file.write(BLOCK)
    return enclosure


def _make_packet(plan: dict[str, Any]) -> Path:
    """A packet on disk whose enclosure is that large."""
    enclosure = make_enclosure(Path(plan["folder"]), plan["megabytes"])
    document = edxml.Document(
        sender=edxml.Organ(SENDER, SENDER), recipients=(edxml.Organ(RECIPIENT, RECIPIENT),), identifier=str(uuid4()),
        number="1", notation="VPCP-KSTT", subject="Tệp kèm theo rất lớn", issued_on=datetime.now(UTC).date(),
        place="Hà Nội", kind_name="Công văn", signer=edxml.Signer("Người Ký"),
        traces=(edxml.Trace(SENDER, datetime.now(UTC)),),
    )  # fmt: skip
    packet = Path(plan["folder"]) / f"{plan['door']}.edxml"
    with packet.open("wb") as out:
        edxml.write_document(document, [edxml.FileToSend.of(enclosure)], out)
    return packet


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _send(plan: dict[str, Any]) -> str:
    packet = _make_packet(plan)
    digest = digest_of(packet)
    if plan["door"] == "native":
        connect(plan, SENDER).submit(
            lambda: packet.open("rb"), digest=digest, size=packet.stat().st_size, sender=SENDER, recipients=(),
            document_id="", idempotency_key=uuid4().hex,
        )  # fmt: skip
    else:
        parameters = {"servicetype": "eDoc", "messagetype": "edoc", "hash-file": vxp.unpadded(digest), "from": SENDER}
        answer = _old_client(plan, SENDER, "POST", "sendEdoc", parameters, packet)
        if b'"ErrorCode": "0"' not in answer:
            raise RuntimeError(answer[:300].decode())
    return digest


def _receive(plan: dict[str, Any]) -> str:
    target = Path(plan["folder"]) / f"{plan['door']}.received"
    connection = connect(plan, RECIPIENT)
    item = connection.inbox()[0]
    if plan["door"] == "native":
        with target.open("wb") as out:
            connection.fetch(item, out)
    else:
        _old_client(plan, RECIPIENT, "GET", "downloadEdoc", {"docId": item.delivery_id}, None, target)
    connection.acknowledge(item)
    return digest_of(target)


def _old_client(
    plan: dict[str, Any], system: str, method: str, place: str, parameters: dict[str, str], body: Path | None,
    target: Path | None = None,
) -> bytes:  # fmt: skip
    """A streamed call in the envelope of existing client software."""
    parts = urlsplit(plan["url"])
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
    signed = {"systemid": system, **parameters, "timestamp": vxp.timestamp(datetime.now(UTC))}
    headers = vxp.sign(signed, SECRET)
    if body is None:
        connection.request(method, f"/{place}", headers=headers)
    else:
        headers["Content-Length"] = str(body.stat().st_size)
        with body.open("rb") as file:
            connection.request(method, f"/{place}", body=file, headers=headers)
    answer = connection.getresponse()
    if target is None:
        return answer.read()
    with target.open("wb") as out:
        while chunk := answer.read(CHUNK):
            out.write(chunk)
    return b""


def peak_mb(process: psutil.Process) -> float:
    """The most memory that a process ever had (VmHWM)."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0


def main() -> None:
    """One side of the measurement, told on standard input."""
    plan = json.load(sys.stdin)
    began = monotonic()
    digest = _send(plan) if sys.argv[1] == "send" else _receive(plan)
    seconds = round(monotonic() - began, 2)
    print(json.dumps({"digest": digest, "seconds": seconds, "peak_mb": peak_mb(psutil.Process())}))


if __name__ == "__main__":
    main()
