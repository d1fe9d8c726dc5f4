"""Taking nothing new for a while: what is here is still fetched and acknowledged, so the hub drains.

Every process takes it up within two seconds; what was being taken in when it began is taken in.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.db import connection, transaction

from lienthong.hub.kept import Kept
from lienthong.hub.models import Maintenance
from lienthong.hub.refusals import RegistryRefused
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol import messages
from lienthong.protocol.problems import UnderMaintenance
from lienthong.standards.times import VIETNAM

SHORTEST, LONGEST, UNKNOWN = 5, 3600, 60
"""Seconds after which a refused client is told to ask again: at least, at most, and where no end is known."""


def begin(*, reason: str, until: datetime | None, reads: bool, actor: Actor, at: datetime) -> Maintenance:
    """Take nothing new from now on; a repeat changes reason and end. Raises `RegistryRefused`.

    Args:
        until: when it will probably end; members are told, nothing ends by itself.
        reads: also fetching, acknowledging and every other call of a system stop.
    """
    if not reason.strip():
        raise RegistryRefused("reason_missing")
    if until is not None and until <= at:
        raise RegistryRefused("maintenance_over")
    with transaction.atomic():
        _alone()
        told = {"reason": reason.strip()[:200], "until": until, "reads": reads}
        row, _ = Maintenance.objects.update_or_create(id=1, defaults=told, create_defaults={**told, "since": at})
        record(
            HubEvent.MAINTENANCE_BEGUN, actor=actor, subject=_hub(), at=at, reason=row.reason, reads=reads,
            until=until.isoformat() if until else "",
        )  # fmt: skip
    _kept.forget()
    return row


def end(*, actor: Actor, at: datetime) -> bool:
    """Take everything again; gives whether there was something to end."""
    with transaction.atomic():
        _alone()
        ended = Maintenance.objects.all().delete()[0] > 0
        if ended:
            record(HubEvent.MAINTENANCE_ENDED, actor=actor, subject=_hub(), at=at)
    _kept.forget()
    return ended


def current() -> Maintenance | None:
    """The maintenance that goes on, as of at most two seconds ago."""
    return _kept.get()


def told() -> messages.Maintenance | None:
    """The same, as members are told."""
    row = current()
    return messages.Maintenance(row.since, row.reason, row.until, row.reads) if row else None


def require_intake() -> None:
    """Let something new in. Raises `UnderMaintenance`."""
    if row := current():
        raise _refusal(row)


def require_service() -> None:
    """Let any call of a system through. Raises `UnderMaintenance`."""
    if (row := current()) and row.reads:
        raise _refusal(row)


def forget_copy() -> None:
    """Read anew at the next question."""
    _kept.forget()


def _refusal(row: Maintenance) -> UnderMaintenance:
    until = f"{row.until.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if row.until else "–"
    return UnderMaintenance(reason=row.reason, until=until, retry_after=_seconds(row.until, datetime.now(UTC)))


def _seconds(until: datetime | None, at: datetime) -> int:
    """After how many seconds to ask again; whoever waits for long may be told of another end meanwhile."""
    left = int((until - at).total_seconds()) if until else 0
    return min(max(left, SHORTEST), LONGEST) if left > 0 else UNKNOWN


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lienthong.maintenance'))")


def _hub() -> Subject:
    return Subject("hub", settings.LIENTHONG.hub_id)


_kept: Kept[Maintenance | None] = Kept(lambda: Maintenance.objects.first())
