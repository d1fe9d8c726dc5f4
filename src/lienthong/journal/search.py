"""Looking into the journal: a page at a time from the newest end, and whole selections. However long it is, a page
reads a bounded part of it; where few events match, the page is short and says down to when it has looked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Min, Q, QuerySet

from lienthong.journal.models import COMMON, Event

PAGE = 100
LOOKED_AT = 20_000
"""Events that a page reads at most."""
SUBJECTS = (
    "packet", "delivery", "system", "agency", "account", "operator", "code_change", "hub", "journal", "request",
    "directory",
)  # fmt: skip
"""Kinds of what events are about, at the hub: an id is looked up under each."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for; empty for anything.

    Attributes:
        names: events; actor: an account or a system; subject: the id of what they are about.
    """

    names: Sequence[str] = ()
    actor: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Found:
    """A page of events, newest first; the next one begins below `next`; `looked_until` where the page is cut short."""

    events: list[Event]
    next: int | None
    looked_until: datetime | None = None


def find(wanted: Wanted, *, below: int | None = None) -> Found:
    """The newest events below an id."""
    span = _within(wanted, below)
    query = _matching(span, wanted)
    if _is_indexed(wanted):
        rows = list(query.order_by("-id")[: PAGE + 1])
        return Found(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)
    end = span.order_by("-id").values_list("id", "at")[LOOKED_AT : LOOKED_AT + 1].first()
    rows = list((query.filter(id__gt=end[0]) if end else query).order_by("-id")[: PAGE + 1])
    if len(rows) > PAGE:
        return Found(rows[:PAGE], rows[PAGE - 1].pk)
    return Found(rows, end[0] + 1, looked_until=end[1]) if end else Found(rows, None)


def select(wanted: Wanted, *, most: int) -> list[Event]:
    """All that match, oldest first, but no more than one beyond `most`."""
    return list(_matching(_within(wanted, None), wanted).order_by("id")[: most + 1])


def _is_indexed(wanted: Wanted) -> bool:
    """Whether an index leads to these events alone."""
    return bool(wanted.subject) or (bool(wanted.names) and not set(wanted.names) & set(COMMON))


def _matching(query: QuerySet[Event], wanted: Wanted) -> QuerySet[Event]:
    if wanted.subject:
        query = query.filter(subject_kind__in=SUBJECTS, subject=wanted.subject)
    if wanted.names:
        query = query.filter(name__in=list(wanted.names))
        if not set(wanted.names) & set(COMMON):
            query = query.exclude(name__in=COMMON)  # said as the index says it, so that it is used
    if wanted.actor:
        query = query.filter(Q(actor=wanted.actor))
    return query


def _within(wanted: Wanted, below: int | None) -> QuerySet[Event]:
    """The events of a time: by their ids, which come in its order but for moments, and by their times."""
    query = Event.objects.all()
    if below is not None:
        query = query.filter(id__lt=below)
    if wanted.since is not None:
        first = _first_id(wanted.since)
        query = query.filter(at__gte=wanted.since, id__gte=first) if first else query.none()
    if wanted.until is not None:
        query = query.filter(at__lt=wanted.until)
        last = _last_id(wanted.until)
        query = query.filter(id__lte=last) if last else query.none()
    return query


# Looked for in ever longer stretches beside the time: the index by time finds a short one at once.
_STRETCHES = (timedelta(hours=1), timedelta(days=1), timedelta(days=31), timedelta(days=36_500))


def _first_id(since: datetime) -> int | None:
    for stretch in _STRETCHES:
        span = Event.objects.filter(at__gte=since, at__lt=_add(since, stretch))
        found = span.aggregate(found=Min("id"))["found"]
        if found is not None:
            return int(found)
    return None


def _last_id(until: datetime) -> int | None:
    for stretch in _STRETCHES:
        span = Event.objects.filter(at__lt=until, at__gte=_add(until, -stretch))
        found = span.aggregate(found=Max("id"))["found"]
        if found is not None:
            return int(found)
    return None


def _add(at: datetime, span: timedelta) -> datetime:
    """A moment later or earlier, within what a calendar can hold."""
    try:
        return at + span
    except OverflowError:
        return datetime(9999, 1, 1, tzinfo=at.tzinfo) if span > timedelta() else datetime(1, 1, 2, tzinfo=at.tzinfo)
