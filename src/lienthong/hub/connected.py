"""Connected systems as the operators see them: who is well, who is silent, who refuses, whose keys end soon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count

from lienthong.hub.models import Agency, Declaration, Quarantined, Standing, System, SystemCertificate, SystemKey
from lienthong.hub.participants import NEAR_END, reminders
from lienthong.hub.pulse import SILENT_AFTER
from lienthong.journal.models import Event
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol.messages import Reminder
from lienthong.standards.times import VIETNAM

WINDOW = timedelta(hours=24)
"""Packets and refusals are counted over so long."""
MOST_QUARANTINED = 50
MOST_EVENTS = 100


@dataclass(frozen=True)
class Health:
    """A system in one line.

    Attributes:
        agencies: how many it serves.
        accepted, refused: packets in the last 24 hours.
        waiting: packets for its agencies that it has not acknowledged; `failed`: those that it could not take.
        ends: when the first of its keys, its old secret, its last certificate or its declaration ends, if that is near.
        ends_what: `key`, `secret`, `certificate` or `declaration`.
        silent: not here for half an hour, though it was here before.
    """

    row: System
    pilot: bool
    level: int | None
    agencies: int
    accepted: int
    refused: int
    waiting: int
    failed: int
    quarantined: int
    silent: bool
    ends: datetime | None
    ends_what: str
    reminders: tuple[Reminder, ...]

    @property
    def error_share(self) -> float | None:
        """Refused of all that it sent in the last 24 hours, in per cent; None where it sent nothing."""
        sent = self.accepted + self.refused
        return self.refused * 100 / sent if sent else None

    @property
    def trouble(self) -> int:
        """How much it needs somebody: trouble stands first."""
        signs = (self.row.suspended_at is not None, self.failed > 0, self.silent, (self.error_share or 0) >= 1)
        return sum(weight for weight, sign in zip((8, 4, 2, 1), signs, strict=True) if sign)


def overview(at: datetime, only: frozenset[str] | None = None) -> list[Health]:
    """Every system, those in trouble first.

    Args:
        only: agencies; systems that serve none of them are left out.
    """
    rows = _every()
    if only is not None:
        rows = rows.filter(pk__in=Agency.objects.filter(code__in=only, system__isnull=False).values("system"))
    found = _health_of(list(rows), at)
    return sorted(found, key=lambda one: (-one.trouble, one.row.code))


def _health_of(systems: Sequence[Any], at: datetime) -> list[Health]:
    """Of rows of `_every`."""
    codes = [row.code for row in systems]
    accepted, refused, waiting = _accepted(codes, at), _refused(codes, at), _waiting(codes)
    held = dict(Quarantined.objects.filter(system__in=codes).values_list("system").annotate(Count("id")))
    ends = _ends(systems, at)
    found = []
    for row in systems:
        standing = getattr(row, "standing", None)
        packets, failed = waiting.get(row.code, (0, 0))
        moment, what = ends.get(row.code, (None, ""))
        found.append(
            Health(
                row=row,
                pilot=bool(standing and standing.pilot),
                level=standing.security_level if standing else None,
                agencies=row.serves,
                accepted=accepted.get(row.code, 0),
                refused=refused.get(row.code, 0),
                waiting=packets,
                failed=failed,
                quarantined=held.get(row.code, 0),
                silent=row.last_contact_at is not None and at - row.last_contact_at > SILENT_AFTER,
                ends=moment,
                ends_what=what,
                reminders=(),
            )
        )
    return found


def _every() -> Any:
    return System.objects.select_related("standing").annotate(serves=Count("agencies")).order_by("code")


def of_system(code: str, at: datetime) -> Health | None:
    """One system with what it should mend; None where there is none."""
    found = next(iter(_health_of(list(_every().filter(code=code)), at)), None)
    if found is None:
        return None
    return Health(**{**vars(found), "reminders": tuple(reminders(code, at))})


@dataclass(frozen=True)
class Papers:
    """What is on record of a system."""

    keys: tuple[SystemKey, ...]
    certificates: tuple[SystemCertificate, ...]
    declarations: tuple[Declaration, ...]
    standing: Standing | None
    agencies: tuple[Agency, ...]
    quarantined: tuple[Quarantined, ...]
    events: tuple[Event, ...]


def papers(code: str) -> Papers:
    """Keys, declarations, agencies, what lies in quarantine, and what the journal tells; the newest first."""
    return Papers(
        keys=tuple(SystemKey.objects.filter(system=code).order_by("-added_at", "-id")),
        certificates=tuple(SystemCertificate.objects.filter(system=code).order_by("-valid_to", "-id")),
        declarations=tuple(Declaration.objects.filter(system=code).order_by("-valid_to", "-id")),
        standing=Standing.objects.filter(system=code).first(),
        agencies=tuple(Agency.objects.filter(system=code).order_by("code")[:MOST_EVENTS]),
        quarantined=tuple(Quarantined.objects.filter(system=code).order_by("-at", "-id")[:MOST_QUARANTINED]),
        events=tuple(Event.objects.filter(subject_kind="system", subject=code).order_by("-id")[:MOST_EVENTS]),
    )


def _accepted(codes: Iterable[str], at: datetime) -> dict[str, int]:
    return _counted(_ACCEPTED, [at - WINDOW, list(codes)])


def _refused(codes: Iterable[str], at: datetime) -> dict[str, int]:
    return _counted(_REFUSED, [list(codes), at - WINDOW])


def _waiting(codes: Iterable[str]) -> dict[str, tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [list(codes)])
        return {system: (packets, failed) for system, packets, failed in cursor.fetchall()}


def _counted(statement: str, values: list[Any]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return dict(cursor.fetchall())


_ACCEPTED = """
SELECT system_id, count(*) FROM hub_packet WHERE submitted_at >= %s AND system_id = ANY(%s) GROUP BY system_id
"""
_REFUSED = """
SELECT subject, count(*) FROM journal_event
WHERE subject_kind = 'system' AND subject = ANY(%s) AND at >= %s AND name IN ('packet.refused', 'packet.destroyed')
GROUP BY subject
"""
_WAITING = """
SELECT a.system_id, count(*), count(*) FILTER (WHERE d.state = 'fail')
FROM hub_delivery d JOIN hub_agency a ON a.code = d.agency_id
WHERE d.state IN ('initial', 'processing', 'fail') AND a.system_id = ANY(%s) GROUP BY a.system_id
"""


def _ends(systems: Sequence[System], at: datetime) -> dict[str, tuple[datetime, str]]:
    """What of each system ends within 30 days, the first of it."""
    near = at + NEAR_END
    codes = [row.code for row in systems]
    found: list[tuple[str, datetime, str]] = [
        (row.code, row.vxp_secret_before_until, "secret")
        for row in systems
        if row.vxp_secret_before_until and at < row.vxp_secret_before_until < near
    ]
    ending = SystemKey.objects.filter(system__in=codes, retired_at__gt=at, retired_at__lt=near, revoked_for="")
    found += [(key.system_id, key.retired_at, "key") for key in ending if key.retired_at]
    valid = SystemCertificate.objects.filter(system__in=codes, revoked_at=None, valid_to__gt=at).order_by("valid_to")
    last_certificate = {one.system_id: one.valid_to for one in valid}
    found += [(code, end, "certificate") for code, end in last_certificate.items() if end < near]
    today = at.astimezone(VIETNAM).date()
    holding = Declaration.objects.filter(system__in=codes, valid_to__gte=today).order_by("valid_to")
    last = {one.system_id: one.valid_to for one in holding}
    for code, day in last.items():
        if day - today < NEAR_END:  # else there may be no day after it: who means no end writes 9999-12-31
            end = datetime(day.year, day.month, day.day, tzinfo=VIETNAM) + timedelta(days=1)
            found.append((code, end, "declaration"))
    first: dict[str, tuple[datetime, str]] = {}
    for code, moment, what in sorted(found, key=lambda one: one[1]):
        first.setdefault(code, (moment, what))
    return first


def serves(code: str, only: frozenset[str] | None) -> bool:
    """Whether a system serves one of these agencies (None: any system is meant)."""
    return only is None or Agency.objects.filter(system=code, code__in=only).exists()


def is_within(code: str, only: frozenset[str] | None) -> bool:
    """Whether a system serves none but these agencies (None: all)."""
    return only is None or not Agency.objects.filter(system=code).exclude(code__in=only).exists()


def secrets_given(code: str) -> int:
    """How often a system was given a shared secret at the console or by command."""
    about = Event.objects.filter(subject_kind="system", subject=code)
    return about.filter(name=HubEvent.SYSTEM_SECRET_CHANGED.value).count()
