"""The life of an alert: opened when a rule's condition holds of a subject, looked after by somebody, ended by itself.

A move is a guarded UPDATE on the old state, with its event in the same transaction, and with the news that channels
will tell of it: told at least once, whatever is killed meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from lienthong.hub.models import Alert, AlertChannel, AlertNews, RuleValue
from lienthong.hub.refusals import RegistryRefused
from lienthong.hub.watch import conditions
from lienthong.hub.watch.conditions import MOST, Finding
from lienthong.hub.watch.rules import BY_CODE, RULES, Rule, Severity
from lienthong.journal.record import Actor, Subject, record, record_all
from lienthong.journal.vocabulary import HubEvent

State = Alert.State
WATCH = Actor("service", "watch", "Theo dõi tự động")
LONGEST_MUTE = timedelta(days=90)
KEPT = timedelta(days=365)
"""How long an alert that has ended is kept; its moves stay in the journal."""
_LIVE = (State.OPEN, State.ACKNOWLEDGED, State.MUTED)

log = structlog.get_logger("hub.alerts")


@dataclass(frozen=True)
class Threshold:
    """A rule with the threshold that holds."""

    rule: Rule
    value: float
    is_own: bool


def thresholds() -> list[Threshold]:
    """All rules, with what the operators have set."""
    known = dict(RuleValue.objects.values_list("rule", "value"))
    return [Threshold(rule, known.get(rule.code, rule.threshold), rule.code in known) for rule in RULES]


def set_threshold(code: str, value: float, *, actor: Actor, at: datetime) -> Threshold:
    """Set a rule's threshold; the one it ships with takes the own one away. Raises `RegistryRefused`."""
    rule = BY_CODE.get(code)
    if rule is None:
        raise RegistryRefused("unknown_rule", rule=code)
    if not 0 <= value < 1e12:
        raise RegistryRefused("bad_threshold", value=value)
    with transaction.atomic():
        if value == rule.threshold:
            RuleValue.objects.filter(rule=code).delete()
        else:
            RuleValue.objects.update_or_create(rule=code, defaults={"value": value, "set_at": at})
        record(HubEvent.ALERT_RULE_SET, actor=actor, subject=Subject("alert_rule", code), at=at, value=value)
    return Threshold(rule, value, value != rule.threshold)


# -- what the worker does ----------------------------------------------------------------------------------------------


def look(now: datetime) -> None:
    """One look at everything. A rule that cannot be looked at keeps its alerts as they are."""
    for each in thresholds():
        try:
            found = conditions.find(each.rule, each.value, now)
            settle(each.rule, found, now)
        except DatabaseError:
            log.exception("rule not looked at", rule=each.rule.code)
            connection.close()


def settle(rule: Rule, found: Sequence[Finding], now: datetime) -> None:
    """Open what is new, end what is over, remind of what was muted until now."""
    by_subject = {finding.subject[:120]: finding for finding in found[:MOST]}
    live = {alert.subject: alert for alert in Alert.objects.filter(rule=rule.code, state__in=_LIVE)}
    _open(rule, [finding for subject, finding in by_subject.items() if subject not in live], now)
    for subject, alert in live.items():
        if subject in by_subject:
            _go_on(alert, by_subject[subject], now)
        elif len(found) <= MOST:
            _resolve(alert, now)


def _open(rule: Rule, found: Iterable[Finding], now: datetime) -> None:
    fresh = list(found)
    if not fresh:
        return
    with transaction.atomic():
        opened = _insert(rule, fresh, now)
        record_all(
            [(HubEvent.ALERT_OPENED, _subject(key), _about(rule, name)) for key, name in opened], actor=WATCH, at=now
        )
        _tell([key for key, _ in opened], rule.severity, "opened", now)


def _insert(rule: Rule, fresh: Sequence[Finding], now: datetime) -> list[tuple[int, str]]:
    """Those of the new ones that no other worker has opened meanwhile: id and subject."""
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                rule.code, rule.severity.value, rule.subject, now, [finding.subject[:120] for finding in fresh],
                [json.dumps(dict(finding.facts), ensure_ascii=False) for finding in fresh],
            ],
        )  # fmt: skip
        rows: list[tuple[int, str]] = cursor.fetchall()
    return rows


_INSERT = """
INSERT INTO hub_alert (rule, severity, subject_kind, subject, state, facts, opened_at, acknowledged_by, muted_for)
SELECT %s, %s, %s, one.subject, 'open', one.facts::jsonb, %s, '', ''
FROM unnest(%s::text[], %s::text[]) AS one (subject, facts)
ON CONFLICT (rule, subject_kind, subject) WHERE state <> 'resolved' DO NOTHING
RETURNING id, subject
"""


def _go_on(alert: Alert, finding: Finding, now: datetime) -> None:
    if alert.state == State.MUTED and alert.muted_until is not None and alert.muted_until <= now:
        _move(
            alert, [State.MUTED], HubEvent.ALERT_OPENED, WATCH, now, news="opened",
            state=State.OPEN, muted_until=None, muted_for="",
        )  # fmt: skip
    if dict(finding.facts) != alert.facts:
        Alert.objects.filter(pk=alert.pk).update(facts=dict(finding.facts))


def _resolve(alert: Alert, now: datetime) -> None:
    _move(alert, _LIVE, HubEvent.ALERT_RESOLVED, WATCH, now, news="resolved", state=State.RESOLVED, resolved_at=now)


def forget_old(now: datetime) -> None:
    """Forget what ended long ago."""
    Alert.objects.filter(state=State.RESOLVED, resolved_at__lt=now - KEPT).delete()


# -- what people do ----------------------------------------------------------------------------------------------------


def acknowledge(key: int, *, actor: Actor, at: datetime) -> None:
    """Somebody looks after it. Raises `RegistryRefused`."""
    alert = _live(key)
    moved = _move(
        alert, [State.OPEN, State.MUTED], HubEvent.ALERT_ACKNOWLEDGED, actor, at,
        state=State.ACKNOWLEDGED, acknowledged_at=at, acknowledged_by=(actor.name or actor.id)[:60],
        muted_until=None, muted_for="",
    )  # fmt: skip
    if not moved:
        raise RegistryRefused("alert_not_open", alert=key)


def mute(key: int, *, until: datetime, reason: str, actor: Actor, at: datetime) -> None:
    """Let nobody be reminded of it until a time. Raises `RegistryRefused`."""
    if not at < until <= at + LONGEST_MUTE:
        raise RegistryRefused("bad_mute", days=LONGEST_MUTE.days)
    if not reason.strip():
        raise RegistryRefused("reason_missing")
    alert = _live(key)
    moved = _move(
        alert, _LIVE, HubEvent.ALERT_MUTED, actor, at, facts={"until": until.isoformat(), "reason": reason.strip()},
        state=State.MUTED, muted_until=until, muted_for=reason.strip()[:200],
    )  # fmt: skip
    if not moved:
        raise RegistryRefused("alert_not_open", alert=key)


def live(scope: frozenset[str] | None = None) -> QuerySet[Alert]:
    """What asks for attention; within a scope, what is about its agencies. For people, sort it `by_need`."""
    query = Alert.objects.filter(state__in=_LIVE)
    if scope is not None:
        query = query.filter(subject_kind="agency", subject__in=scope)
    return query


def by_need(found: Iterable[Alert]) -> list[Alert]:
    """Open before looked after before muted, the most severe first, then the oldest."""
    places = {State.OPEN: 0, State.ACKNOWLEDGED: 1, State.MUTED: 2, State.RESOLVED: 3}
    return sorted(
        found, key=lambda one: (places[State(one.state)], -Severity(one.severity).rank, one.opened_at, one.pk)
    )


# -- shared ------------------------------------------------------------------------------------------------------------


def _live(key: int) -> Alert:
    found = Alert.objects.filter(pk=key).first()
    if found is None:
        raise RegistryRefused("unknown_alert", alert=key)
    return found


def _move(
    alert: Alert,
    sources: Iterable[str],
    event: HubEvent,
    actor: Actor,
    at: datetime,
    *,
    news: str = "",
    facts: Mapping[str, Any] | None = None,
    **changes: Any,
) -> bool:
    """Move an alert; gives whether it stood where the move starts."""
    rule = BY_CODE.get(alert.rule)
    with transaction.atomic():
        if not Alert.objects.filter(pk=alert.pk, state__in=list(sources)).update(**changes):
            return False
        about = {"rule": alert.rule, "about": f"{alert.subject_kind}:{alert.subject}", **(facts or {})}
        record(event, actor=actor, subject=_subject(alert.pk), at=at, **about)
        if news and rule is not None:
            _tell([alert.pk], rule.severity, news, at)
    return True


def _tell(keys: Sequence[int], severity: Severity, move: str, at: datetime) -> None:
    """Leave the news for every channel that tells of this severity, in the transaction of the move."""
    channels = [one for one in AlertChannel.objects.all() if Severity(one.least).rank <= severity.rank]
    AlertNews.objects.bulk_create(
        AlertNews(channel=channel, alert_id=key, move=move, at=at) for channel in channels for key in keys
    )


def _about(rule: Rule, subject: str) -> dict[str, object]:
    return {"rule": rule.code, "about": f"{rule.subject}:{subject}"}


def _subject(key: int) -> Subject:
    return Subject("alert", str(key))
