"""How the backups of a service stand, as its journal tells it (Decision 28/2018/QĐ-TTg, Article 19.1đ)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from lienthong.journal.models import Event
from lienthong.journal.vocabulary import OfficeEvent

SHOWN = 60


class Standing(StrEnum):
    """What a backup is worth: one that nobody has restored counts as failed."""

    UNPROVEN = "unproven"
    GOOD = "good"
    FAULTY = "faulty"
    REMOVED = "removed"


@dataclass(frozen=True)
class Backup:
    """A backup that was made.

    Attributes:
        checks: of the last drill: `{name, looked_at, open, faulty}`.
        damaged: how many files of the store were not what their name says when it was made.
    """

    name: str
    made_at: datetime
    size: int
    blobs: int
    seconds: float
    target: str
    same_disk: bool
    damaged: int
    recipients: tuple[str, ...]
    standing: Standing
    proven_at: datetime | None
    checks: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Failure:
    """A backup that could not be made."""

    at: datetime
    problem: str


def known(most: int = SHOWN) -> list[Backup]:
    """The newest backups, the newest first."""
    made = list(Event.objects.filter(name=OfficeEvent.BACKUP_MADE.value).order_by("-id")[:most])
    names = [event.subject for event in made]
    later = Event.objects.filter(subject_kind="backup", subject__in=names).order_by("id")
    drills = {event.subject: event for event in later if event.name == OfficeEvent.BACKUP_VERIFIED}
    removed = {event.subject for event in later if event.name == OfficeEvent.BACKUP_REMOVED}
    return [_backup(event, drills.get(event.subject), gone=event.subject in removed) for event in made]


def last_failure() -> Failure | None:
    """The last that could not be made, unless one was made since."""
    names = [OfficeEvent.BACKUP_FAILED.value, OfficeEvent.BACKUP_MADE.value]
    last = [Event.objects.filter(name=name).order_by("-id").first() for name in names]
    if last[0] is None or (last[1] is not None and last[1].id > last[0].id):
        return None
    return Failure(last[0].at, last[0].data.get("problem", ""))


def last_good() -> tuple[datetime, datetime] | None:
    """When the newest backup that a drill found good was made, and when it was proven."""
    drills = Event.objects.filter(name=OfficeEvent.BACKUP_VERIFIED.value, data__good=True).order_by("-id")
    if (drill := drills.first()) is None:
        return None
    made = Event.objects.filter(
        subject_kind="backup", subject=drill.subject, name=OfficeEvent.BACKUP_MADE.value
    ).first()
    return (made.at, datetime.fromisoformat(drill.data["verified_at"])) if made else None


def _backup(made: Event, drill: Event | None, *, gone: bool) -> Backup:
    data = made.data
    standing = Standing.UNPROVEN if drill is None else Standing.GOOD if drill.data["good"] else Standing.FAULTY
    return Backup(
        name=made.subject, made_at=made.at, size=data["size"], blobs=data["blobs"], seconds=data["seconds"],
        target=data["target"], same_disk=data["same_disk"], damaged=len(data["damaged"]),
        recipients=tuple(data["recipients"]), standing=Standing.REMOVED if gone else standing,
        proven_at=datetime.fromisoformat(drill.data["verified_at"]) if drill else None,
        checks=tuple(drill.data["checks"]) if drill else (),
    )  # fmt: skip
