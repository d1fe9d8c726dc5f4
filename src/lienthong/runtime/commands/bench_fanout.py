"""Measures one packet to ten thousand recipients: taken in, listed, fetched, acknowledged, and told to its sender.

A circular of the government goes to every commune. It must be one packet and one blob, be taken in within a second,
and, being urgent, stand before whatever waited at its recipients. A sample of the recipients then fetches and
acknowledges: the way of one delivery is not to cost more because it has ten thousand sisters.
"""

from __future__ import annotations

import io
import json
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import uuid4

import psycopg

from lienthong.protocol.client.native import NativeConnection
from lienthong.protocol.messages import InboxItem
from lienthong.runtime.commands import bench_exchange as exchange

LONGEST_INTAKE_S = 1.0
WAITING = 200
"""Normal documents that wait at recipients when the urgent one comes."""
TAKEN = 300
"""How many of the deliveries are fetched and acknowledged."""


def run(*, recipients: int, as_json: bool) -> int:
    """Measure and print; 0 when it is one packet, was taken in within a second and overtook what waited."""
    codes = [f"{exchange.RECIPIENT}.{number:05d}" for number in range(recipients)]
    with tempfile.TemporaryDirectory(prefix="lienthong-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        hub, keys, dsn = exchange.start_hub(folder, stack, lambda dsn: _add_agencies(dsn, codes))
        plan = {"url": hub.settings.address, "keys": {code: key.private_jwk() for code, key in keys.items()}}
        sender, recipient = exchange.connect(plan, exchange.SENDER), exchange.connect(plan, exchange.RECIPIENT)
        for code in codes[:WAITING]:
            _submit(sender, *exchange.make_packet(1, recipients=[code]))
        alone_ms = [_take(recipient, item) for item in recipient.inbox(limit=WAITING // 2)]
        packet, digest = exchange.make_packet(200, recipients=codes, urgent=True)
        intake_s = _submit(sender, packet, digest)
        began = perf_counter()
        first = recipient.inbox(limit=TAKEN)
        inbox_ms = (perf_counter() - began) * 1000
        overtakes = all(item.digest == digest for item in first) and len(first) == min(TAKEN, recipients)
        taken_ms = [_take(recipient, item) for item in first]
        told_s, told = _told(sender, {item.delivery_id for item in first})
        counts = _counts(dsn, digest, hub.settings.data / "blobs")
        figures: dict[str, Any] = {
            "recipients": recipients, "packet_bytes": len(packet), "intake_s": round(intake_s, 3),
            "goal_s": LONGEST_INTAKE_S, "inbox_ms": round(inbox_ms, 1), "urgent_overtakes": overtakes,
            "take_median_ms": round(median(taken_ms), 1), "take_median_ms_alone": round(median(alone_ms), 1),
            "told_s": round(told_s, 2), "all_told": told, **counts, "hub_rss_mb": exchange.rss_mb(hub),
            "fsync": exchange.fsync(dsn), "cores": len(os.sched_getaffinity(0)), "load": round(os.getloadavg()[0], 1),
        }  # fmt: skip
    figures["ok"] = (
        intake_s < LONGEST_INTAKE_S and overtakes and told
        and (counts["packets"], counts["blobs_of_it"], counts["deliveries"]) == (1, 1, recipients)
    )  # fmt: skip
    print(json.dumps(figures) if as_json else "\n".join(f"{key:32} {value}" for key, value in figures.items()))
    return 0 if figures["ok"] else 1


def _add_agencies(dsn: str, codes: list[str]) -> None:
    """Communes below the recipient, for all of which its system acts."""
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM hub_agency WHERE code = %s", [exchange.RECIPIENT])
        columns = [column.name for column in cursor.description or ()]
        values = ", ".join("one.code" if name in ("code", "name") else f"a.{name}" for name in columns)
        cursor.execute(
            f"INSERT INTO hub_agency ({', '.join(columns)}) SELECT {values} "  # noqa: S608 - names of our own columns
            "FROM hub_agency a, unnest(%s::text[]) AS one (code) WHERE a.code = %s",
            [codes, exchange.RECIPIENT],
        )


def _submit(sender: NativeConnection, packet: bytes, digest: str) -> float:
    """Send a packet; gives the seconds until the sender holds the hub's receipt, verified."""
    began = perf_counter()
    sender.submit(
        lambda: io.BytesIO(packet), digest=digest, size=len(packet), sender=exchange.SENDER, recipients=(),
        document_id="", idempotency_key=uuid4().hex,
    )  # fmt: skip
    return perf_counter() - began


def _take(recipient: NativeConnection, item: InboxItem) -> float:
    """Fetch and acknowledge one delivery, both receipts verified; gives the milliseconds."""
    began = perf_counter()
    recipient.fetch(item, io.BytesIO())
    recipient.acknowledge(item)
    return (perf_counter() - began) * 1000


def _told(sender: NativeConnection, wanted: set[str]) -> tuple[float, bool]:
    """Read the sender's feed to its end; gives the seconds, and whether it told of all these."""
    began, cursor, done = perf_counter(), 0, set[str]()
    while page := sender.changes(after=cursor, limit=500):
        cursor = page[-1].seq
        done |= {change.delivery_id for change in page if change.state == "done"}
    return perf_counter() - began, wanted <= done


def _counts(dsn: str, digest: str, blobs: Path) -> dict[str, int]:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            "SELECT count(DISTINCT p.id), count(d.id), "
            "(SELECT count(*) FROM journal_event WHERE subject = min(p.id::text)) "
            "FROM hub_packet p JOIN hub_delivery d ON d.packet_id = p.id WHERE p.digest = %s",
            [digest],
        ).fetchone()
    packets, deliveries, events = row or (0, 0, 0)
    return {
        "packets": packets, "deliveries": deliveries, "events_of_intake": events,
        "blobs_of_it": sum(1 for _ in blobs.glob(f"??/{digest}")),
    }  # fmt: skip
