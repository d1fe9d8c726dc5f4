"""Writing to the journal and reading from it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Count, Max, Min, Q, QuerySet

from lienthong.journal.models import AccessLog, Event, PlaceInFeeds, Restored, new_salt
from lienthong.journal.vocabulary import Access, HubEvent, OfficeEvent


@dataclass(frozen=True)
class Actor:
    """Who did it: a person of an office, a system at the hub, or the service itself.

    Attributes:
        kind: `person`, `system` or `service`.
        id: account or system code.
        name: as shown on history pages.
        agency: agency code for which it acts, if any.
    """

    kind: str
    id: str
    name: str = ""
    agency: str = ""


@dataclass(frozen=True)
class Subject:
    """What it happened to: a kind (`outgoing`, `incoming`, `packet`, `delivery`, …) and its id."""

    kind: str
    id: str


def record(event: HubEvent | OfficeEvent, *, actor: Actor, subject: Subject, at: datetime, **data: object) -> None:
    """Write an event in the caller's transaction: it happened if, and only if, that transaction commits.

    Raises:
        RuntimeError: there is no transaction, so the event could stand without what it tells of.
    """
    record_all([(event, subject, data)], actor=actor, at=at)


def record_all(
    events: Iterable[tuple[HubEvent | OfficeEvent, Subject, dict[str, object]]], *, actor: Actor, at: datetime
) -> None:
    """Write several events of one actor at one moment; one statement for all."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event is recorded in the transaction of what it tells of")
    rows = [row_of(event, actor=actor, subject=subject, at=at, data=data) for event, subject, data in events]
    # Said in SQL: every act of both services passes here, and building the statement anew costs more than running it.
    statement = f"{INTO_JOURNAL} VALUES ({PLACES})"
    with connection.cursor() as cursor:
        if len(rows) == 1:
            cursor.execute(statement, rows[0])  # a batch of one would cost more than it saves
        else:
            cursor.executemany(statement, rows)


def row_of(
    event: HubEvent | OfficeEvent, *, actor: Actor, subject: Subject, at: datetime, data: dict[str, object]
) -> tuple[Any, ...]:
    """An event as the values of `PLACES`, for a statement that does and notes something in one."""
    return (
        at, event.value, actor.kind, actor.id, actor.name, actor.agency, subject.kind, subject.id,
        json.dumps(data, ensure_ascii=False), new_salt(),
    )  # fmt: skip


INTO_JOURNAL = (
    "INSERT INTO journal_event (at, name, actor_kind, actor, actor_name, agency, subject_kind, subject, data, salt)"
)
NAMED = 7
"""Of these columns those that say what happened, by whom and to what kind of thing; its id, data and salt follow."""
PLACES = "%s::timestamptz, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s::bytea"


def log_access(access: Access, *, actor: Actor, subject: Subject, at: datetime, detail: str = "") -> None:
    """Note that a person opened or took away content."""
    AccessLog.objects.create(
        at=at,
        access=access.value,
        actor=actor.id,
        actor_name=actor.name,
        agency=actor.agency,
        subject_kind=subject.kind,
        subject=subject.id,
        detail=detail[:200],
    )


def last_opened(actor: Actor, kind: str, subjects: Sequence[str]) -> dict[str, datetime]:
    """When this actor last opened or took away the content of each of these subjects of one kind."""
    found = AccessLog.objects.filter(subject_kind=kind, subject__in=subjects, actor=actor.id, agency=actor.agency)
    return dict(found.values_list("subject").annotate(newest=Max("at")).order_by())


@dataclass(frozen=True)
class Reader:
    """Somebody who opened a subject's content.

    Attributes:
        name: as the log has it.
        opened: how often its page was opened.
        files: how often a file of it was shown or taken away.
    """

    name: str
    opened: int
    files: int
    first: datetime
    last: datetime


def readers(subject: Subject) -> list[Reader]:
    """Who opened a subject, the latest first."""
    noted = AccessLog.objects.filter(subject_kind=subject.kind, subject=subject.id)
    rows = noted.values("actor").annotate(
        name=Min("actor_name"),
        opened=Count("id", filter=Q(access=Access.OPENED.value)),
        files=Count("id", filter=Q(access=Access.DOWNLOADED.value)),
        first=Min("at"),
        last=Max("at"),
    )
    return [
        Reader(row["name"], row["opened"], row["files"], row["first"], row["last"])
        for row in rows.order_by("-last", "actor")
    ]


def history(subject: Subject) -> QuerySet[Event]:
    """What happened to a subject, oldest first: history pages are this query."""
    return Event.objects.filter(subject_kind=subject.kind, subject=subject.id).order_by("id")


def horizon() -> int:
    """The place in the feeds below which every row is visible and final.

    Places are given when a row is written, but rows appear when their transaction commits: whoever reads on from the
    largest place would skip a late commit. Below this one no transaction is still open.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_horizon()")
        row = cursor.fetchone()
    return int(row[0])


def count_on() -> None:
    """Let the feeds go on where they stood in the database that this one was restored from.

    Transactions of another cluster have lower ids: rows that came with the backup would be from a future, hidden behind
    the horizon, and new ones would stand before the places up to which everybody has read. Where all is well this only
    looks, and holds nobody up, however long others write.
    """
    if not _beyond_now():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        # Whoever has a place has ended, and nobody gets one meanwhile: none is given by the old count once feeds go by
        # the new one.
        cursor.execute("LOCK TABLE journal_restored")
        if beyond := _beyond_now():
            kept, _ = Restored.objects.get_or_create(defaults={"before": 0})
            Restored.objects.update(before=kept.before + beyond)


def _beyond_now() -> int:
    """How many places the newest row stands beyond what is given out now; 0 where rows are all of before, as whatever
    is visible of a running service is: its transactions began before the one that is asked for last."""
    begun = _place()
    newest = [
        model._default_manager.filter(**{f"{field.name}__gte": begun}).aggregate(last=Max(field.name))["last"]
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field.db_default, PlaceInFeeds)
    ]
    last = max(filter(None, newest), default=0)
    return max(0, last - _place() + 1) if last else 0


def _place() -> int:
    """The place of a row that would be written now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_transaction()")
        row = cursor.fetchone()
    return int(row[0])
