"""What people must see without asking: the bell. A notice is born in the transaction of what it tells of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet

from lienthong.office.models import IncomingDocument, Notice, OutgoingDocument, Person, Role, Unit
from lienthong.office.people import mailing, standing_in
from lienthong.office.people.access import heads_of, incoming_of, people_with
from lienthong.standards.statuses import Words

Document = IncomingDocument | OutgoingDocument
MOST_COUNTED = 100
"""Unread notices that a bell counts; more are «99+»."""


def notify(
    people: Iterable[Person], document: Document, words: Words, *, at: datetime, urgent: bool | None = None
) -> None:
    """Ring for these people, about a document; aloud where it is `urgent`, as the document is unless it is said.

    Who works on a document that came in for somebody who is away hears of it as well."""
    aloud = bool(document.urgency) if urgent is None else urgent
    hear = list(people)
    if isinstance(document, IncomingDocument):
        hear += [one for one in standing_in.by_whom(hear) if incoming_of(one).filter(pk=document.pk).exists()]
    ring(hear, words, link=_link(document), at=at, urgent=aloud)


def ring(people: Iterable[Person], words: Words, *, link: str, at: datetime, urgent: bool = False) -> None:
    """Ring for these people, once for each, about what the link leads to; by mail as well, for who wants it."""
    made = Notice.objects.bulk_create(
        Notice(person=person, at=at, text=words.vi[:600], text_en=words.en[:600], link=link, urgent=urgent)
        for person in {p.pk: p for p in people}.values()
    )
    if made:
        mailing.queue(made)


class Ringing(NamedTuple):
    """What a bell shows: how many notices are unread (no more than `MOST_COUNTED`), the newest, and the newest urgent
    one; 0 where there is none."""

    unread: int
    latest: int
    urgent: int


def ringing(person: Person) -> Ringing:
    """The bell of a person: it costs the same however many notices there are."""
    unread = Notice.objects.filter(person=person, seen_at__isnull=True).order_by("-id")
    newest = list(unread.values_list("pk", "urgent")[:MOST_COUNTED])
    urgent = next((pk for pk, aloud in newest if aloud), 0)
    return Ringing(len(newest), newest[0][0] if newest else 0, urgent)


def note_read(person: Person, document: Document, *, at: datetime) -> None:
    """Who has a document open need not be told of it any more."""
    note_link_read(person, _link(document), at=at)


def note_link_read(person: Person, link: str, *, at: datetime) -> None:
    """Who has open what a notice leads to need not be told of it any more."""
    Notice.objects.filter(person=person, seen_at__isnull=True, link=link).update(seen_at=at)


def unring(people: QuerySet[Any, Any], link: str) -> None:
    """Take back from these people what they were told of something that is taken back itself."""
    Notice.objects.filter(person__in=people, link=link).delete()


def notify_role(document: Document, role: Role, words: Words, *, at: datetime, urgent: bool | None = None) -> None:
    """Ring for everyone of the agency who has a role."""
    notify(people_with(document.organization_id, role), document, words, at=at, urgent=urgent)


def notify_heads(document: Document, unit: Unit, words: Words, *, at: datetime) -> None:
    """Ring for the heads of a unit."""
    notify(heads_of(unit), document, words, at=at)


def _link(document: Document) -> str:
    place = "van-ban-den" if isinstance(document, IncomingDocument) else "van-ban-di"
    return f"/{place}/{document.pk}/"
