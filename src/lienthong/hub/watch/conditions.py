"""How each rule is looked for. Every statement is bounded, reads an index, and costs the same whatever lies behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from lienthong.hub.models import DiskSample, Measured, Worker
from lienthong.hub.watch.rules import Rule, Unit
from lienthong.standards.workdays import WorkCalendar

MOST = 1000
"""Subjects of one rule that are told apart; where more are found, nothing is taken for ended."""
HOUR = timedelta(hours=1)
FORECAST_FROM = timedelta(days=7)
LEAST_FORECAST = timedelta(hours=12)
LEAST_SPIKE = 100
"""Packets in an hour below which nothing is a spike."""


@dataclass(frozen=True)
class Finding:
    """Something for which a rule's condition holds.

    Attributes:
        subject: code or name; with the rule's kind it is what the alert is about.
        facts: for people; only facts that stay while the condition holds, or change it.
    """

    subject: str
    facts: Mapping[str, Any] = field(default_factory=dict)


Condition = Callable[[Rule, float, datetime], list[Finding]]


def find(rule: Rule, threshold: float, now: datetime) -> list[Finding]:
    """All subjects for which a rule's condition holds now; at most `MOST` + 1."""
    return CONDITIONS[rule.code](rule, threshold, now)


# -- documents that wait -----------------------------------------------------------------------------------------------

# An agency after the other by a step through the index of what waits, then the oldest of each urgency: the cost grows
# with the number of agencies for which something waits, never with how much waits or with what was delivered.
_WAITING = """
WITH RECURSIVE waiting (agency_id, kind) AS (
    (SELECT agency_id, kind FROM hub_delivery WHERE state IN ('initial', 'processing', 'fail')
     ORDER BY agency_id, kind LIMIT 1)
    UNION ALL
    SELECT next.agency_id, next.kind FROM waiting CROSS JOIN LATERAL (
        SELECT agency_id, kind FROM hub_delivery
        WHERE state IN ('initial', 'processing', 'fail') AND (agency_id, kind) > (waiting.agency_id, waiting.kind)
        ORDER BY agency_id, kind LIMIT 1
    ) next
)
SELECT waiting.agency_id, min(oldest.submitted_at) FROM waiting
CROSS JOIN unnest(%s::smallint[]) AS class (urgency)
CROSS JOIN LATERAL (
    SELECT submitted_at FROM hub_delivery
    WHERE state IN ('initial', 'processing', 'fail') AND state = 'initial' AND agency_id = waiting.agency_id
      AND kind = waiting.kind AND urgency = class.urgency AND submitted_at < %s
    ORDER BY submitted_at LIMIT 1
) oldest
WHERE waiting.kind = 'document'
GROUP BY waiting.agency_id ORDER BY 2 LIMIT %s
"""


def _not_fetched(rule: Rule, threshold: float, now: datetime) -> list[Finding]:
    urgencies = [0] if rule.code == "not_fetched" else [1, 2, 3, 4]
    rows = _rows(_WAITING, [urgencies, _before(rule, threshold, now), MOST + 1])
    return [Finding(agency, {"since": since.isoformat()}) for agency, since in rows]


_NOT_TAKEN = """
SELECT agency_id, min(submitted_at), count(*) FROM (
    SELECT agency_id, submitted_at FROM hub_delivery WHERE state = 'fail' AND submitted_at < %s
    ORDER BY agency_id, submitted_at LIMIT 20000
) failed GROUP BY agency_id ORDER BY 2 LIMIT %s
"""


def _not_taken(rule: Rule, threshold: float, now: datetime) -> list[Finding]:
    rows = _rows(_NOT_TAKEN, [_before(rule, threshold, now), MOST + 1])
    return [Finding(agency, {"since": since.isoformat(), "count": count}) for agency, since, count in rows]


_REFUSED = """
SELECT d.agency_id, count(*) FROM (
    SELECT delivery_id FROM hub_reportedstatus WHERE code = '02' AND at >= %s ORDER BY at DESC LIMIT 20000
) refused JOIN hub_delivery d ON d.id = refused.delivery_id
GROUP BY d.agency_id HAVING count(*) >= %s ORDER BY 2 DESC LIMIT %s
"""


def _refused(_rule: Rule, threshold: float, now: datetime) -> list[Finding]:
    since = WorkCalendar().moment_before(now, 1)
    return [Finding(agency, {"count": count}) for agency, count in _rows(_REFUSED, [since, threshold, MOST + 1])]


_RECALLS = """
SELECT agency_id, min(asked_at), count(*) FROM (
    SELECT agency_id, asked_at FROM hub_request
    WHERE state = 'open' AND kind IN ('recall', 'take_back') AND asked_at < %s ORDER BY asked_at LIMIT 20000
) asked GROUP BY agency_id ORDER BY 2 LIMIT %s
"""


def _recalls(rule: Rule, threshold: float, now: datetime) -> list[Finding]:
    rows = _rows(_RECALLS, [_before(rule, threshold, now), MOST + 1])
    return [Finding(agency, {"since": since.isoformat(), "count": count}) for agency, since, count in rows]


# -- systems -----------------------------------------------------------------------------------------------------------

_SILENT = """
SELECT code, last_contact_at FROM hub_system
WHERE suspended_at IS NULL AND COALESCE(last_contact_at, added_at) < %s
  AND EXISTS (SELECT FROM hub_agency WHERE hub_agency.system_id = hub_system.code AND hub_agency.open)
ORDER BY last_contact_at NULLS FIRST LIMIT %s
"""


def _silent(rule: Rule, threshold: float, now: datetime) -> list[Finding]:
    rows = _rows(_SILENT, [_before(rule, threshold, now), MOST + 1])
    return [Finding(code, {"since": last.isoformat() if last else ""}) for code, last in rows]


_SKEWED = """
SELECT code, clock_skew_ms FROM hub_system
WHERE suspended_at IS NULL AND abs(clock_skew_ms) > %s ORDER BY abs(clock_skew_ms) DESC LIMIT %s
"""


def _skewed(_rule: Rule, threshold: float, _now: datetime) -> list[Finding]:
    rows = _rows(_SKEWED, [threshold * 1000, MOST + 1])
    return [Finding(code, {"seconds": round(skew / 1000)}) for code, skew in rows]


_SEALS = """
SELECT fingerprint, agency_id, expires_at FROM hub_seal
WHERE valid_to IS NULL AND expires_at < %s AND NOT EXISTS (
    SELECT FROM hub_seal newer WHERE newer.agency_id = hub_seal.agency_id AND newer.valid_to IS NULL
      AND newer.expires_at >= %s)
ORDER BY expires_at LIMIT %s
"""


def _certificates(_rule: Rule, threshold: float, now: datetime) -> list[Finding]:
    end = now + timedelta(days=threshold)
    rows = _rows(_SEALS, [end, end, MOST + 1])
    return [Finding(print_, {"agency": agency, "until": until.isoformat()}) for print_, agency, until in rows]


_CERTIFICATES = """
SELECT system_id, max(valid_to) FROM hub_systemcertificate WHERE revoked_at IS NULL
GROUP BY system_id HAVING max(valid_to) < %s AND max(valid_to) > %s ORDER BY 2 LIMIT %s
"""


def _client_certificates(_rule: Rule, threshold: float, now: datetime) -> list[Finding]:
    rows = _rows(_CERTIFICATES, [now + timedelta(days=threshold), now, MOST + 1])
    return [Finding(system, {"until": until.isoformat()}) for system, until in rows]


_KEYS = """
SELECT system_id, max(retired_at) FROM hub_systemkey
GROUP BY system_id HAVING bool_and(retired_at IS NOT NULL AND retired_at < %s) AND max(retired_at) > %s
ORDER BY 2 LIMIT %s
"""


def _keys(_rule: Rule, threshold: float, now: datetime) -> list[Finding]:
    rows = _rows(_KEYS, [now + timedelta(days=threshold), now, MOST + 1])
    return [Finding(system, {"until": until.isoformat()}) for system, until in rows]


_QUARANTINE = """
SELECT system_id, sum(size), count(*) FROM hub_quarantined
GROUP BY system_id HAVING sum(size) > %s ORDER BY 2 DESC LIMIT %s
"""


def _quarantine(_rule: Rule, threshold: float, _now: datetime) -> list[Finding]:
    limit = settings.LIENTHONG.quarantine_bytes * threshold / 100
    rows = _rows(_QUARANTINE, [limit, MOST + 1])
    return [Finding(system, {"bytes": int(size), "count": count}) for system, size, count in rows]


_SPIKES = """
SELECT system_id, now_sent, usual FROM (
    SELECT recent.system_id, recent.now_sent,
           COALESCE((SELECT sum(packets) FROM hub_intakehour kept
                     WHERE kept.system = recent.system_id AND kept.hour >= %s), 0) / 168.0 AS usual
    FROM (SELECT system_id, count(*) AS now_sent FROM hub_packet WHERE submitted_at >= %s GROUP BY system_id) recent
) compared WHERE now_sent >= GREATEST(%s, %s * usual) ORDER BY now_sent DESC LIMIT %s
"""


def _spikes(_rule: Rule, threshold: float, now: datetime) -> list[Finding]:
    values = [now - timedelta(days=7), now - HOUR, LEAST_SPIKE, threshold, MOST + 1]
    known = _rows(_SPIKES, values)
    return [Finding(system, {"usual": round(float(usual), 1)}) for system, _, usual in known if usual]


_REFUSALS = """
SELECT system, sum(count), array_agg(DISTINCT problem) FROM hub_refusal
WHERE minute >= %s AND system <> '' AND problem NOT IN ('token_expired', 'under_maintenance', 'unavailable')
GROUP BY system HAVING sum(count) >= %s ORDER BY 2 DESC LIMIT %s
"""
_SIGNATURES = """
SELECT system, sum(count), array_agg(DISTINCT problem) FROM hub_refusal
WHERE minute >= %s AND system <> '' AND kind IN ('statement_invalid', 'content_tampered', 'revoked_key_used')
GROUP BY system HAVING sum(count) >= %s ORDER BY 2 DESC LIMIT %s
"""
_ATTACKS = """
SELECT CASE network WHEN '' THEN '*' ELSE network END, sum(count), array_agg(DISTINCT problem) FROM hub_refusal
WHERE minute >= %s AND kind IN ('authentication_failed', 'assertion_replayed', 'revoked_key_used')
GROUP BY 1 HAVING sum(count) >= %s ORDER BY 2 DESC LIMIT %s
"""


def _counted(statement: str) -> Condition:
    def condition(_rule: Rule, threshold: float, now: datetime) -> list[Finding]:
        rows = _rows(statement, [now - HOUR, threshold, MOST + 1])
        return [Finding(subject, {"problems": sorted(problems)}) for subject, _, problems in rows]

    return condition


# -- the hub itself ----------------------------------------------------------------------------------------------------


def _backlog(_rule: Rule, threshold: float, _now: datetime) -> list[Finding]:
    kept = Measured.objects.filter(name="queue").first()
    waiting = sum(value for name, _, value in kept.samples if name == "lienthong_hub_open_deliveries") if kept else 0
    return [Finding("hub")] if waiting > threshold else []


def days_until_full(now: datetime) -> float | None:
    """When the disk will be full if it grows as in the last week; None where it does not, or too little is known."""
    samples = list(DiskSample.objects.filter(hour__gte=now - FORECAST_FROM).order_by("hour"))
    if len(samples) < 2 or samples[-1].hour - samples[0].hour < LEAST_FORECAST:
        return None
    first, last = samples[0], samples[-1]
    days = (last.hour - first.hour) / timedelta(days=1)
    # A disk that was enlarged meanwhile has not become emptier: what is used counts, not what is free.
    grown = (last.size - last.free) - (first.size - first.free)
    return last.free / (grown / days) if grown > 0 else None


def _disk_filling(_rule: Rule, threshold: float, now: datetime) -> list[Finding]:
    days = days_until_full(now)
    return [Finding("hub", {"days": int(days)})] if days is not None and days < threshold else []


def _disk_low(_rule: Rule, threshold: float, _now: datetime) -> list[Finding]:
    newest = DiskSample.objects.order_by("-hour").first()
    return [Finding("hub")] if newest and newest.free * 100 < threshold * newest.size else []


def _workers(rule: Rule, threshold: float, now: datetime) -> list[Finding]:
    silent = Worker.objects.filter(round_at__lt=_before(rule, threshold, now))[: MOST + 1]
    return [Finding(worker.node, {"since": worker.round_at.isoformat()}) for worker in silent]


def _maintenance(rule: Rule, threshold: float, now: datetime) -> list[Finding]:
    rows = _rows("SELECT reason, until FROM hub_maintenance WHERE until < %s", [_before(rule, threshold, now)])
    return [Finding("hub", {"reason": reason, "until": until.isoformat()}) for reason, until in rows]


CONDITIONS: Mapping[str, Condition] = {
    "urgent_not_fetched": _not_fetched,
    "not_fetched": _not_fetched,
    "not_taken": _not_taken,
    "refused_by_recipient": _refused,
    "recall_unanswered": _recalls,
    "system_silent": _silent,
    "clock_skew": _skewed,
    "certificate_ending": _certificates,
    "client_certificate_ending": _client_certificates,
    "key_ending": _keys,
    "quarantine_growing": _quarantine,
    "volume_spike": _spikes,
    "repeated_refusals": _counted(_REFUSALS),
    "invalid_signatures": _counted(_SIGNATURES),
    "sign_in_attack": _counted(_ATTACKS),
    "backlog": _backlog,
    "disk_filling": _disk_filling,
    "disk_low": _disk_low,
    "worker_silent": _workers,
    "maintenance_overdue": _maintenance,
}


def _before(rule: Rule, threshold: float, now: datetime) -> datetime:
    """What happened before this moment is older than the threshold."""
    if rule.unit is Unit.WORKING_DAYS:
        return WorkCalendar().moment_before(now, threshold)
    return now - {
        Unit.DAYS: timedelta(days=threshold), Unit.MINUTES: timedelta(minutes=threshold),
        Unit.SECONDS: timedelta(seconds=threshold),
    }[rule.unit]  # fmt: skip


def _rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
