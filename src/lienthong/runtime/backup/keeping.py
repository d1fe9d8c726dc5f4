"""What lies in the target, and what the journal knows of it: reports are taken in, what is over is removed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from django.db import transaction

from lienthong.evidence.receipts import InvalidStatement, KeyRing
from lienthong.journal.models import Event
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent, OfficeEvent
from lienthong.runtime.backup.archive import SUFFIX
from lienthong.runtime.backup.drill import FORM as REPORT_FORM
from lienthong.runtime.backup.drill import REPORT, report_of
from lienthong.runtime.backup.making import Made, Order, make
from lienthong.runtime.backup.problems import BackupProblem
from lienthong.runtime.settings import Service

SERVICE = Actor("service", "lienthong", "Hệ thống")
KEPT_LEAST = 3
"""So many of the newest stay, whatever their age: a clock that jumps must not take all of them."""
LARGEST_REPORT = 1 << 20

log = structlog.get_logger("backup")


def make_and_note(order: Order, *, at: datetime) -> Made:
    """Make a backup and note it in the journal, or note why there is none. Raises what `making.make` raises."""
    try:
        made = make(order, at=at)
    except BackupProblem as problem:
        _note(order.service, "BACKUP_FAILED", problem.code, at, problem=problem.code)
        raise
    _note(order.service, "BACKUP_MADE", made.name, at, target=str(order.target), **made.told())
    return made


def take_in_reports(service: Service, target: Path, *, at: datetime) -> int:
    """Note the reports of drills that lie beside the backups of this service; gives how many were new.

    A report counts when it is signed by the key inside its backup: somebody opened that file, and said just this.
    """
    made = {event.subject: event.data for event in _events("BACKUP_MADE")}
    known = {(event.subject, event.data.get("verified_at")) for event in _events("BACKUP_VERIFIED")}
    taken = 0
    for written in _reports(target):
        name = str(written.get("name"))
        if name not in made:
            continue
        try:
            told = KeyRing([made[name]["proof"]]).verify_claims(str(written.get("signed")), kind=REPORT_FORM)
        except InvalidStatement:
            log.warning("a report does not know its backup", backup=name)
            continue
        if told["name"] != name or (name, told["verified_at"]) in known:
            continue
        checks = [{key: one[key] for key in ("name", "looked_at", "open", "faulty")} for one in told["checks"]]
        facts = {key: told[key] for key in ("good", "verified_at", "seconds")}
        _note(service, "BACKUP_VERIFIED", name, at, checks=checks, **facts)
        taken += 1
    return taken


def remove_old(service: Service, target: Path, *, days: int, at: datetime) -> list[str]:
    """Remove this service's backups that are older; the newest three stay, and the newest that a drill found good."""
    made = list(_events("BACKUP_MADE").order_by("-id"))
    good = (event.subject for event in _events("BACKUP_VERIFIED").order_by("-id") if event.data["good"])
    stay = {event.subject for event in made[:KEPT_LEAST]} | {name for name, _ in zip(good, range(1), strict=False)}
    removed = []
    for event in made:
        file = target / (event.subject + SUFFIX)
        if event.subject in stay or event.at > at - timedelta(days=days) or not file.exists():
            continue
        file.unlink()
        report_of(file).unlink(missing_ok=True)
        _note(service, "BACKUP_REMOVED", event.subject, at, days=days)
        removed.append(event.subject)
    return removed


def _reports(target: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(target.glob(f"lienthong-*{SUFFIX}{REPORT}")):
        try:
            if path.stat().st_size <= LARGEST_REPORT and isinstance(told := json.loads(path.read_bytes()), dict):
                yield told
        except (OSError, ValueError):
            log.warning("a report cannot be read", file=path.name)


def _events(name: str) -> Any:
    return Event.objects.filter(name=HubEvent[name].value)


def _note(service: Service, name: str, subject: str, at: datetime, **data: object) -> None:
    event = OfficeEvent[name] if service is Service.OFFICE else HubEvent[name]
    with transaction.atomic():
        record(event, actor=SERVICE, subject=Subject("backup", subject), at=at, **data)
