"""Backups that make themselves: a part of `lienthong.runtime.processes` where the service was told a target.

Once a day at the set hour of Vietnam; one that failed, or was slept through, is made up for as soon as it can be.
"""

from __future__ import annotations

import os
import signal
import threading
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import structlog
from django.db import DatabaseError, connection

from lienthong.journal.models import Event
from lienthong.journal.vocabulary import HubEvent
from lienthong.runtime import logs
from lienthong.runtime.backup import keeping
from lienthong.runtime.backup.making import Order
from lienthong.runtime.backup.problems import BackupProblem
from lienthong.runtime.settings import Settings
from lienthong.standards.times import VIETNAM

LOOK_SECONDS = 20.0
AGAIN = timedelta(minutes=15)
"""After a failure."""

log = structlog.get_logger("backup")


def main() -> None:
    """Work until told to stop."""
    settings = Settings.from_environment()
    logs.configure(settings.service, "backup")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=_rounds, args=(settings, stop), daemon=True).start()
    stop.wait()
    os._exit(0)  # a half-written backup is one that nobody takes for whole; the next one removes what it left


def _rounds(settings: Settings, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            work_once(settings, at=datetime.now(UTC))
        except BackupProblem as problem:
            log.warning("no backup", problem=problem.code)
        except (DatabaseError, OSError) as reason:
            log.warning("no backup", reason=type(reason).__name__)
        except Exception:  # the loop's edge: tomorrow's backup is made whatever happened to today's
            log.exception("fault")
        finally:
            connection.close()
        stop.wait(LOOK_SECONDS)


def work_once(settings: Settings, *, at: datetime) -> None:
    """One look: take in reports, make what is due, remove what is over. Raises `BackupProblem`."""
    target = Path(settings.backup_to)
    if target.is_dir():
        keeping.take_in_reports(settings.service, target, at=at)
    if not is_due(settings.backup_at, at=at):
        return
    trust = Path(settings.trust) if settings.trust else None
    recipients = Path(settings.backup_recipients)
    order = Order(settings.service, settings.data, settings.database_url, target, recipients, trust)
    keeping.make_and_note(order, at=at)
    keeping.remove_old(settings.service, target, days=settings.backup_keep_days, at=at)


def is_due(hour: str, *, at: datetime) -> bool:
    """Whether the last set hour has passed without a backup, and none failed just now."""
    local = at.astimezone(VIETNAM)
    due = datetime.combine(local.date(), time.fromisoformat(hour), VIETNAM)
    due -= timedelta(days=due > local)
    if Event.objects.filter(name=HubEvent.BACKUP_MADE.value, at__gte=due).exists():
        return False
    return not Event.objects.filter(name=HubEvent.BACKUP_FAILED.value, at__gt=at - AGAIN).exists()
