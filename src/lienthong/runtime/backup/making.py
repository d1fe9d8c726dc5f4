"""Make a backup: one file, in which the database and the bytes it names are those of one moment.

1. Removals from the store are held: what goes meanwhile is put aside, so nothing that a row named is gone.
2. A snapshot of the database is opened. Bytes are in the store before a row names them, so all are there now.
3. The database is read in that snapshot, and counted in it; nothing that is written meanwhile is seen.
4. The store is read: at least what it held in step 2. What came later is named by nothing, and swept after a restore.
5. A manifest that counts and chains everything is signed; the file gets its name once all of it is on its disk.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from time import monotonic, time
from typing import Any

import psycopg

from lienthong.evidence.receipts import SigningKey
from lienthong.runtime.backup import counting, tools
from lienthong.runtime.backup.archive import FORM, NAMES, SUFFIX, ArchiveWriter
from lienthong.runtime.backup.problems import BackupRuns, BadRecipients, TargetMissing, TargetUnwritable
from lienthong.runtime.settings import Service, write_once
from lienthong.storage import FileBlobs
from lienthong.storage.age import recipients_in

DAMAGED_NAMED = 20
UNFINISHED = ".unfinished"
LEFT_SECONDS = 86_400
"""After so long, what is unfinished was left by a process that was killed."""


@dataclass(frozen=True)
class Order:
    """What is to be backed up, where to, and for whom.

    Attributes:
        data: folder of the service.
        target: folder that is there: another machine's, by a mount.
        recipients: file of the public keys `age1…`; each opens the backup alone.
        trust: (office) folder of trusted certificates, which go along.
    """

    service: Service
    data: Path
    database_url: str
    target: Path
    recipients: Path
    trust: Path | None = None


@dataclass(frozen=True)
class Made:
    """A backup that lies in its target.

    Attributes:
        damaged: digests of bytes in the store that are not what their name says; they are not in it.
        same_disk: the target is on the disk of the data: whatever takes one takes both.
        proof: public half of a key that lies inside alone: who signs by it has opened the file.
    """

    name: str
    size: int
    blobs: int
    seconds: float
    signed_by: str
    recipients: tuple[str, ...]
    damaged: tuple[str, ...]
    same_disk: bool
    proof: dict[str, Any]

    def told(self) -> dict[str, Any]:
        """Facts for the journal."""
        return {
            "size": self.size, "blobs": self.blobs, "seconds": round(self.seconds, 1), "signed_by": self.signed_by,
            "recipients": list(self.recipients), "damaged": list(self.damaged), "same_disk": self.same_disk,
            "proof": self.proof,
        }  # fmt: skip


def make(order: Order, *, at: datetime) -> Made:
    """Make one.

    Raises:
        BadRecipients, TargetMissing, TargetUnwritable, ToolsMissing, BackupRuns, DumpFailed: nothing is left there.
    """
    recipients = _recipients(order.recipients)
    began, key, proof = monotonic(), _signing_key(order.data), SigningKey.generate()
    name = f"lienthong-{order.service}-{at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
    with _alone(order), _file_of(order.target, name + SUFFIX) as (out, path):
        writer = ArchiveWriter(out, recipients)
        try:
            claims, damaged = _write(writer, order, name, at)
            writer.finish({**claims, "proof": proof.private_jwk()}, key)
        except BaseException:
            writer.abandon()
            raise
    return Made(
        name, path.stat().st_size, writer.chain.counts.get("blobs", 0), monotonic() - began, key.id, recipients,
        damaged, path.stat().st_dev == order.data.stat().st_dev, proof.public_jwk(),
    )  # fmt: skip


def _write(writer: ArchiveWriter, order: Order, name: str, at: datetime) -> tuple[dict[str, Any], tuple[str, ...]]:
    blobs = FileBlobs(order.data / "blobs")
    about = {"form": FORM, "name": name, "service": order.service.value, "made_at": at.isoformat(),
             "program": version("lienthong")}  # fmt: skip
    with blobs.removals_held():
        with _snapshot(order.database_url) as (connection, snapshot):
            server = tools.server_version(connection)
            writer.add("about.json", json.dumps(about | {"server": server}).encode())
            for place, part in enumerate(tools.dump(order.database_url, server, snapshot)):
                writer.add(f"database/{place:06d}", part)
            tables = counting.figures(connection)
            numbers = counting.last_numbers(connection) if order.service is Service.OFFICE else []
        for entry, file in _beside(order):
            writer.add(entry, file.read_bytes())
        damaged = _write_blobs(writer, blobs)
    return about | {"server": server, "tables": tables, "numbers": numbers}, damaged


@contextmanager
def _snapshot(url: str) -> Iterator[tuple[psycopg.Connection, str]]:
    """A transaction that sees one moment, and the name by which `pg_dump` sees the same."""
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None  # noqa: S101 - a function has an answer
        yield connection, str(row[0])


def _beside(order: Order) -> Iterator[tuple[str, Path]]:
    """The service's secret, by which the database hides others, and the trusted certificates."""
    yield "secret", order.data / "secret"
    for folder in ("", "seals/") if order.trust else ():
        for file in sorted((order.trust or Path()).glob(f"{folder}*")):
            if file.is_file() and NAMES.fullmatch(f"trust/{folder}{file.name}"):
                yield f"trust/{folder}{file.name}", file


def _write_blobs(writer: ArchiveWriter, blobs: FileBlobs) -> tuple[str, ...]:
    damaged: list[str] = []
    for path in blobs.everything():
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue  # it was put aside meanwhile: it comes at the end
        with file:
            if hashlib.file_digest(file, "sha256").hexdigest() != path.name:
                damaged.append(path.name)
                continue
            file.seek(0)
            told = os.fstat(file.fileno())
            writer.add_stream(f"blobs/{path.name}", file, told.st_size, told.st_mtime)
    return tuple(damaged[:DAMAGED_NAMED])


@contextmanager
def _alone(order: Order) -> Iterator[None]:
    """One backup of a service at a time. Raises `BackupRuns`."""
    with _own_folder(order.data).joinpath("lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as reason:
            raise BackupRuns(service=order.service) from reason
        yield


@contextmanager
def _file_of(target: Path, name: str) -> Iterator[tuple[Any, Path]]:
    """A file that gets its name when all of it is on its disk; else it goes. Raises what `make` says of it."""
    if not target.is_dir():
        raise TargetMissing(target=target)
    for left in target.glob(f".lienthong-*{UNFINISHED}"):
        if left.stat().st_mtime < time() - LEFT_SECONDS:
            left.unlink(missing_ok=True)
    path, unfinished = target / name, target / f".{name}{UNFINISHED}"
    try:
        with unfinished.open("xb", buffering=1 << 20) as out:
            yield out, path
            out.flush()
            os.fsync(out.fileno())
        os.replace(unfinished, path)
    except OSError as reason:
        raise TargetUnwritable(target=target, why=reason.strerror or reason) from reason
    finally:
        unfinished.unlink(missing_ok=True)


def _signing_key(data: Path) -> SigningKey:
    """The key by which this machine signs its backups; it lies beside them nowhere, and in none of them."""
    file = _own_folder(data) / "signing.jwk"
    write_once(file, lambda: json.dumps(SigningKey.generate().private_jwk()))
    return SigningKey(json.loads(file.read_text(encoding="utf-8")))


def _own_folder(data: Path) -> Path:
    folder = data / "backup"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _recipients(file: Path) -> tuple[str, ...]:
    """The recipients in a file. Raises `BadRecipients`."""
    try:
        return tuple(recipients_in(file))
    except (OSError, ValueError) as reason:
        raise BadRecipients(file=file, why=reason) from reason
