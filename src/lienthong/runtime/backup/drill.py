"""Prove a backup: bring it back into a room that is thrown away, and look whether everything is there and holds.

A backup that was never proven counts as failed (Decision 28/2018/QĐ-TTg, Article 19.1đ). The report says what was
found, signed by a key from inside the backup, so that a report counts only when its file was really opened, and only as
it was written.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg

from lienthong.evidence.receipts import SigningKey
from lienthong.runtime.backup import counting, tools
from lienthong.runtime.backup.restoring import Unpacked, unpack
from lienthong.runtime.embedded import Cluster
from lienthong.runtime.settings import Service, Settings
from lienthong.storage.age import Identity

REPORT = ".drill.json"
FORM = "lienthong-drill+jws"
FAULTS_NAMED = 100


@dataclass
class Check:
    """One thing that was looked at: how many there are, how many hold, and what does not."""

    name: str
    vi: str
    en: str
    looked_at: int = 0
    open: int = 0
    faults: list[dict[str, str]] = field(default_factory=list)
    faulty: int = 0

    @property
    def good(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.faulty

    def fault(self, what: str, vi: str, en: str) -> None:
        """Note what does not hold; the first hundred by name."""
        self.faulty += 1
        if len(self.faults) < FAULTS_NAMED:
            self.faults.append({"what": what, "vi": vi, "en": en})


@dataclass
class Drill:
    """What a drill found."""

    name: str
    service: str
    made_at: str
    verified_at: str
    signed_by: str
    proof: dict[str, Any] = field(repr=False)
    seconds: float = 0
    checks: list[Check] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether everything holds."""
        return bool(self.checks) and all(one.good for one in self.checks)

    def told(self) -> dict[str, Any]:
        """As JSON, without the key that proves it."""
        facts = asdict(self)
        del facts["proof"]
        return {**facts, "good": self.good}

    def signed(self) -> str:
        """The same under the key that lies inside the backup alone: nobody who has not opened it says this."""
        return SigningKey(self.proof).sign_claims(self.told(), kind=FORM)


def drill(
    file: Path, identity: Identity, *, signer: str = "", trust: Path | None = None, work: Path | None = None
) -> Drill:
    """Restore a backup into a throw-away database and folder, and check it. Sets up Django: once in a process.

    Args:
        signer: id of the key that must have made it; empty: whichever.
        trust: whose certificates are believed; else those that the backup brings along.
        work: where the room is made; it takes as much as the service itself.

    Raises:
        BackupProblem: it cannot even be opened or restored.
    """
    began, at = monotonic(), datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="lienthong-drill-", dir=work) as room:
        found = unpack(file, identity, Path(room), signer=signer)
        told = found.manifest
        result = Drill(told["name"], told["service"], told["made_at"], at.isoformat(), found.signed_by, told["proof"])
        with Cluster(Path(room) / "postgres").running() as cluster:
            url = cluster.database_url("drill")
            result.checks = [*_of_database(url, found), *_of_service(url, found, trust, at)]
    result.seconds = round(monotonic() - began, 1)
    return result


def write_report(result: Drill, file: Path) -> Path:
    """Put the report beside the backup, whole or not at all. Raises `OSError`."""
    path = report_of(file)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        told = {**result.told(), "signed": result.signed()}
        unfinished.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def report_of(file: Path) -> Path:
    """Where the report of a backup lies."""
    return file.with_name(file.name + REPORT)


def _of_database(url: str, found: Unpacked) -> Iterator[Check]:
    """Every table has the rows that it had in the moment of the backup; the journal is counted by itself."""
    with psycopg.connect(url) as connection:
        version = tools.server_version(connection)
    tools.restore(url, version, found.dump)
    before: counting.Figures = found.manifest["tables"]
    with psycopg.connect(url) as connection:
        after = counting.figures(connection)
    tables = Check("tables", "Số dòng, nội dung từng bảng", "Rows and content of each table", len(before))
    for name in counting.differing(before, after):
        tables.fault(name, "khác lúc sao lưu", "not as it was")
    journal = Check("journal", "Sự kiện trong nhật ký", "Events of the journal", int(after["journal_event"][0]))
    if before.get("journal_event") != after.get("journal_event"):
        journal.fault("journal_event", "nhật ký khác lúc sao lưu", "the journal is not as it was")
    yield from (tables, journal)


def _of_service(url: str, found: Unpacked, trust: Path | None, at: datetime) -> Iterator[Check]:
    """What the service itself says of its rows, with the tables brought up to date as at its start."""
    settings = Settings(
        service=found.service, data=found.folder, database_url=url, trust=str(trust or found.folder / "trust")
    )
    with _django(settings):
        if found.service is Service.OFFICE:
            yield from _of_office(at)
        else:
            yield from _of_hub()


def _of_office(at: datetime) -> Iterator[Check]:
    from lienthong.office import config, contents, rejudging

    yield _bytes(contents.all_named(), config.blobs().exists)
    signatures = Check("signatures", "Tệp đã ký, kiểm tra lại chữ ký số", "Signed files, judged again")
    for one in rejudging.judge_all(at):
        signatures.looked_at += 1
        signatures.open += one.open
        if one.lost:
            signatures.fault(one.what, *one.why)
    yield signatures


def _of_hub() -> Iterator[Check]:
    from lienthong.hub import rejudging, retention
    from lienthong.hub.blobs import blobs

    yield _bytes(retention.all_named(), blobs().exists)
    receipts = Check("receipts", "Biên nhận của Trục, kiểm tra lại chữ ký", "The hub's receipts, judged again")
    for packet, fault in rejudging.receipts():
        receipts.looked_at += 1
        if fault:
            receipts.fault(
                f"packet {packet}", f"biên nhận không còn giá trị: {fault}", f"the receipt is no proof: {fault}"
            )
    yield receipts


def _bytes(digests: Iterator[str], exists: Callable[[str], bool]) -> Check:
    """What a row names lies in the store; what lies there was hashed when it was read."""
    check = Check("bytes", "Tệp mà dữ liệu nhắc đến", "Files that rows name")
    for digest in digests:
        check.looked_at += 1
        if not exists(digest):
            check.fault(digest, "không có trong bản sao lưu", "it is not in the backup")
    return check


@contextmanager
def _django(settings: Settings) -> Iterator[None]:
    os.environ.update(settings.to_environment())
    os.environ["DJANGO_SETTINGS_MODULE"] = f"lienthong.runtime.django.{settings.service}"
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    try:
        yield
    finally:
        connections.close_all()
        connections["default"].close_pool()  # type: ignore[attr-defined]
