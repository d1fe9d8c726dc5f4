"""Notices to all agencies, and incidents as members are told of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from lienthong.hub.models import Incident, IncidentUpdate, Notice
from lienthong.hub.refusals import RegistryRefused
from lienthong.journal.models import PlaceInFeeds
from lienthong.journal.record import Actor, Subject, horizon, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol import support
from lienthong.protocol.problems import BadRequest

MOST = 200
SHOWN = timedelta(days=90)
"""How long an incident that has ended is told of."""


def publish(
    *,
    kind: Notice.Kind,
    title: str,
    text: str,
    title_en: str = "",
    text_en: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> Notice:
    """Tell every agency. Raises `RegistryRefused`."""
    if not title.strip() or not text.strip():
        raise RegistryRefused("notice_incomplete")
    if ends_at is not None and ends_at <= max(at, starts_at or at):
        raise RegistryRefused("notice_over")
    with transaction.atomic():
        notice = Notice.objects.create(
            kind=kind, title=title.strip()[:200], text=text.strip()[:4000], title_en=title_en.strip()[:200],
            text_en=text_en.strip()[:4000], starts_at=starts_at, ends_at=ends_at, published_at=at,
            published_by=(actor.name or actor.id)[:60],
        )  # fmt: skip
        record(HubEvent.NOTICE_PUBLISHED, actor=actor, subject=_of(notice), at=at, kind=kind, title=notice.title)
    return notice


def withdraw(key: int, *, actor: Actor, at: datetime) -> None:
    """Show a notice no more; whoever has it hears that it is withdrawn. Raises `RegistryRefused`."""
    with transaction.atomic():
        mine = Notice.objects.filter(pk=key, withdrawn_at__isnull=True)
        if not mine.update(withdrawn_at=at, transaction=PlaceInFeeds()):
            raise RegistryRefused("unknown_notice", notice=key)
        record(HubEvent.NOTICE_WITHDRAWN, actor=actor, subject=Subject("notice", str(key)), at=at)


def current(at: datetime) -> QuerySet[Notice]:
    """What is to be shown, the newest first."""
    known = Notice.objects.filter(withdrawn_at__isnull=True)
    return known.exclude(ends_at__lte=at).order_by("-published_at", "-pk")


def changed_since(cursor: str, *, limit: int) -> support.Notices:
    """Notices published or withdrawn after a cursor (empty: all); never past a commit that is still to come.

    Raises:
        BadRequest: the cursor is none of this hub's.
    """
    number, _, key = cursor.partition("-") if cursor else ("0", "", "0")
    if not (number + key).isascii() or not number.isdigit() or not key.isdigit() or len(number + key) > 36:
        raise BadRequest(reason="after không phải con trỏ của thông báo")
    with connection.cursor() as database:
        database.execute(_CHANGED, [int(number[:18]), int(key[:18]), horizon(), min(limit, MOST) + 1])
        places = [(transaction_, row) for transaction_, row in database.fetchall()]
    page = places[: min(limit, MOST)]
    rows = Notice.objects.in_bulk([row for _, row in page])
    last = f"{page[-1][0]}-{page[-1][1]}" if page else cursor
    return support.Notices(tuple(_told(rows[row]) for _, row in page), last, len(places) > len(page))


_CHANGED = """
SELECT transaction, id FROM hub_notice WHERE (transaction, id) > (%s, %s) AND transaction < %s
ORDER BY transaction, id LIMIT %s
"""


def _told(row: Notice) -> support.Notice:
    return support.Notice(
        notice_id=row.pk, kind=row.kind, title=row.title, title_en=row.title_en, text=row.text, text_en=row.text_en,
        starts_at=row.starts_at, ends_at=row.ends_at, published_at=row.published_at, withdrawn_at=row.withdrawn_at,
    )  # fmt: skip


# -- incidents ---------------------------------------------------------------------------------------------------------


def open_incident(
    *, title: str, text: str, impact: Incident.Impact, title_en: str = "", text_en: str = "", actor: Actor, at: datetime
) -> Incident:
    """Tell members of a disturbance. Raises `RegistryRefused`."""
    if not title.strip() or not text.strip():
        raise RegistryRefused("notice_incomplete")
    with transaction.atomic():
        incident = Incident.objects.create(
            title=title.strip()[:200], title_en=title_en.strip()[:200], impact=impact, started_at=at
        )
        _add_update(incident, Incident.State.INVESTIGATING, text, text_en, actor, at)
        record(HubEvent.INCIDENT_OPENED, actor=actor, subject=_about(incident.pk), at=at, impact=impact)
    return incident


def update_incident(
    key: int, *, state: Incident.State, text: str, text_en: str = "", actor: Actor, at: datetime
) -> None:
    """Tell how it stands; `resolved` ends it. Raises `RegistryRefused`."""
    if not text.strip():
        raise RegistryRefused("notice_incomplete")
    with transaction.atomic():
        ended = at if state == Incident.State.RESOLVED else None
        going_on = Incident.objects.filter(pk=key, resolved_at__isnull=True)
        if not going_on.update(state=state, resolved_at=ended):
            raise RegistryRefused("unknown_incident", incident=key)
        _add_update(Incident.objects.get(pk=key), state, text, text_en, actor, at)
        record(HubEvent.INCIDENT_UPDATED, actor=actor, subject=_about(key), at=at, state=state)


def incidents(at: datetime) -> list[Incident]:
    """Those that go on, then those that ended lately, each with its updates, the newest first."""
    recent = Incident.objects.exclude(resolved_at__lt=at - SHOWN).prefetch_related("updates")
    return sorted(
        recent.order_by("-started_at")[:MOST],
        key=lambda one: (one.resolved_at is not None, -one.started_at.timestamp()),
    )


def told_incidents(at: datetime) -> support.Incidents:
    """The same, as members are told."""
    return support.Incidents(
        tuple(
            support.Incident(
                incident_id=one.pk, title=one.title, title_en=one.title_en, impact=one.impact, state=one.state,
                started_at=one.started_at, resolved_at=one.resolved_at,
                updates=tuple(
                    support.IncidentUpdate(each.at, each.state, each.text, each.text_en)
                    for each in sorted(one.updates.all(), key=lambda row: row.pk)
                ),
            )
            for one in incidents(at)
        )
    )  # fmt: skip


def _add_update(
    incident: Incident, state: Incident.State, text: str, text_en: str, actor: Actor, at: datetime
) -> None:  # fmt: skip
    IncidentUpdate.objects.create(
        incident=incident, state=state, text=text.strip()[:2000], text_en=text_en.strip()[:2000], at=at,
        by=(actor.name or actor.id)[:60],
    )  # fmt: skip


def _of(notice: Notice) -> Subject:
    return Subject("notice", str(notice.pk))


def _about(key: int) -> Subject:
    return Subject("incident", str(key))
