"""Tables of agencies given at the console: checked first, then taken in, both by the worker.

Whoever gave one may close the window: the row says how far it is. A worker that dies leaves a lease that ends; the next
one begins again. What a table changes and that it was taken are one transaction: it is taken in once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from lienthong.hub import sheets
from lienthong.hub.blobs import blobs
from lienthong.hub.models import TableImport
from lienthong.hub.refusals import RegistryRefused, TableRefused
from lienthong.journal.record import Actor

LARGEST_TABLE = 64 << 20
"""Bytes; a hundred thousand agencies have about 15 MB as CSV."""
KINDS = (".csv", ".xlsx")
LEASE = timedelta(minutes=3)
LEASE_OF_WRITING = timedelta(minutes=15)
"""While everything is written at once nobody can say how far it is."""
LOOK_SECONDS = 1.0
KEPT = timedelta(days=30)
"""So long the report of a table stays."""


class LeaseLost(RuntimeError):
    """Another worker took the table over; what this one did is undone."""


State = TableImport.State
log = structlog.get_logger("hub.imports")


def give(name: str, chunks: Iterable[bytes], *, by: Actor, at: datetime) -> TableImport:
    """Keep a table and have it checked. Raises `RegistryRefused`: no CSV or XLSX by its name, empty or too large."""
    if Path(name).suffix.lower() not in KINDS:
        raise RegistryRefused("no_table_name", name=name[-60:])
    with blobs().writer() as writer:
        for chunk in chunks:
            writer.write(chunk)
            if writer.size > LARGEST_TABLE:
                raise RegistryRefused("table_too_large", most=LARGEST_TABLE >> 20)
        if not writer.size:
            raise RegistryRefused("table_empty", name=name[-60:])
        blob = writer.keep()
    return TableImport.objects.create(
        file_name=name[-120:], digest=blob.digest, size=blob.size, given_at=at, given_by=by.id, given_by_name=by.name
    )


def confirm(number: int, *, by: Actor, at: datetime) -> None:
    """Have a checked table taken in, in the name of who confirms. Raises `RegistryRefused`: it does not wait."""
    _move(number, State.CHECKED, state=State.TO_TAKE, given_by=by.id, given_by_name=by.name, given_at=at, lines=0)


def drop(number: int, *, at: datetime) -> None:
    """Let a checked table be. Raises `RegistryRefused`: it does not wait for a decision."""
    _move(number, State.CHECKED, state=State.DROPPED, settled_at=at)


def _move(number: int, old: TableImport.State, **facts: object) -> None:
    if not TableImport.objects.filter(pk=number, state=old).update(**facts):
        raise RegistryRefused("table_not_checked", number=number)


def still_needs(digest: str) -> bool:
    """Whether the bytes of a table are to stay."""
    return needed().filter(digest=digest).exists()


def needed() -> QuerySet[TableImport]:
    """The tables whose bytes are to stay."""
    return TableImport.objects.filter(state__in=[State.TO_CHECK, State.CHECKED, State.TO_TAKE])


def forget_old(now: datetime) -> None:
    """Forget the reports of tables that were settled long ago."""
    TableImport.objects.filter(settled_at__lt=now - KEPT).delete()


# -- the worker's part -------------------------------------------------------------------------------------------------


def run(stop: threading.Event) -> None:
    """Look every moment whether somebody waits for a table, until told to stop."""
    while not stop.is_set():
        worked = False
        try:
            worked = work_once(datetime.now(UTC))
        except Exception:
            # The edge of the thread: whatever it was, the lease ends by itself, and the table is tried again.
            log.exception("table failed")
        finally:
            connection.close()
        if not worked:
            stop.wait(LOOK_SECONDS)


def work_once(now: datetime) -> bool:
    """Check or take in one table; False when none waits."""
    job = _claim(now)
    if job is None:
        return False
    try:
        with _file(job) as path:
            table = sheets.read(path, tell=lambda line: _tell(job, line, LEASE), name=job.file_name)
        _tell(job, len(table.lines) + len(table.refused), LEASE_OF_WRITING)
        _check(job, table) if job.state == State.TO_CHECK else _take(job, table)
    except TableRefused as refused:
        _settle(job, state=State.FAILED, fault={"vi": refused.vi, "en": refused.en}, settled_at=datetime.now(UTC))
    except LeaseLost:
        log.warning("another worker has done it", table=job.pk)
    return True


def _claim(now: datetime) -> TableImport | None:
    with transaction.atomic():
        free = TableImport.objects.filter(Q(until=None) | Q(until__lt=now), state__in=[State.TO_CHECK, State.TO_TAKE])
        job: TableImport | None = free.select_for_update(skip_locked=True).order_by("pk").first()
        if job is not None:
            job.until, job.lines = now + LEASE, 0
            job.save(update_fields=["until", "lines"])
    return job


@contextmanager
def _file(job: TableImport) -> Iterator[Path]:
    """The table as a file with the name's ending, which tells its kind."""
    with TemporaryDirectory(prefix="lienthong-table-") as folder, blobs().open(job.digest) as source:
        path = Path(folder) / f"table{Path(job.file_name).suffix.lower()}"
        with path.open("wb") as file:
            while chunk := source.read(1 << 18):
                file.write(chunk)
        yield path


def _tell(job: TableImport, line: int, lease: timedelta) -> None:
    TableImport.objects.filter(pk=job.pk).update(lines=line, until=datetime.now(UTC) + lease)


def _check(job: TableImport, table: sheets.Table) -> None:
    _settle(job, state=State.CHECKED, **_told(sheets.check(table), table))


def _take(job: TableImport, table: sheets.Table) -> None:
    """Take it in: the directory, the journal and the row's own state in one transaction."""
    at = datetime.now(UTC)
    with transaction.atomic():
        report = sheets.take(table, by=Actor("person", job.given_by, job.given_by_name), at=at)
        _settle(job, state=State.TAKEN, settled_at=at, **_told(report, table))


def _told(report: sheets.Report, table: sheets.Table) -> dict[str, object]:
    return {
        "lines": len(table.lines) + len(table.refused), "added": report.added, "corrected": report.corrected,
        "unchanged": report.unchanged, "refused": [asdict(one) for one in report.refused],
    }  # fmt: skip


def _settle(job: TableImport, **facts: object) -> None:
    """Move the row on, if it is still where this worker found it. Raises `LeaseLost`: another has done it."""
    if not TableImport.objects.filter(pk=job.pk, state=job.state).update(until=None, **facts):
        raise LeaseLost
