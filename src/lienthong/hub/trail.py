"""Packets as the console asks for them: found by what somebody has in hand, and followed on their way. Metadata only.

A list is cut into pages by a cursor, never by counting, and each page reads a bounded number of index entries, whatever
is asked for and however many rows there are: where few match, a page is short and says down to when it has looked.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, Prefetch, Q, QuerySet, When

from lienthong.hub.models import Delivery, Packet, ReportedStatus
from lienthong.standards.statuses import OPEN_TRANSPORT, TransportState

PAGE = 50
LOOKED_AT = 5000
"""Index entries that a page reads at most when what is asked for needs rows to be looked at."""
MANY_CODES = 400
"""Of so many agencies on, the newest of all are looked through instead of each agency's own."""
BATCH = 50
"""Packets whose deliveries are read at once: one packet may have ten thousand."""
SAME_NAME = 500
"""Packets of one number at most: a number comes back every year in every agency."""
OPEN = "open"
_OPEN_STATES = [state.value for state in OPEN_TRANSPORT]
Scope = frozenset[str] | None


@dataclass(frozen=True)
class Cursor:
    """Where a page ends: time and row, and the delivery within a packet where packets are gone through."""

    at: datetime
    row: UUID
    within: UUID | None = None

    def as_text(self) -> str:
        """As it stands in an address."""
        text = f"{self.at.isoformat()}|{self.row}|{self.within or ''}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """A cursor out of an address; None for none, and for what is none."""
        try:
            at, row, within = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split("|")
            return cls(datetime.fromisoformat(at), UUID(row), UUID(within) if within else None)
        except (ValueError, binascii.Error):
            return None


@dataclass(frozen=True)
class Wanted:
    """What is asked for; empty for anything.

    Attributes:
        text: an identifier, or the beginning of a number and notation.
        sender, recipient: agency codes. system: the code of the sending system.
        state: a transport state, or `open` for what nobody has acknowledged.
        since, until: when the hub took the packet in.
        sent: within a scope, what it sent; else what it receives.
    """

    text: str = ""
    sender: str = ""
    recipient: str = ""
    system: str = ""
    state: str = ""
    urgency: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    sent: bool = False

    @property
    def oldest_first(self) -> bool:
        """What waits is read from its oldest end."""
        return self.state == OPEN or self.state in _OPEN_STATES


@dataclass(frozen=True)
class Found:
    """A page of deliveries, where the next begins, and down to when it has looked if it is short."""

    deliveries: list[Delivery]
    next: Cursor | None
    looked_until: datetime | None = None


def find(wanted: Wanted, scope: Scope, after: Cursor | None = None) -> Found:
    """A page of deliveries of documents."""
    if wanted.text:
        return _named(wanted, scope, after)
    if wanted.oldest_first:
        return _by_delivery(wanted, scope, after, [])
    own = sorted(scope) if scope is not None and len(scope) <= MANY_CODES else []
    if wanted.sender or wanted.system or (own and wanted.sent and not wanted.recipient):
        return _by_packet(wanted, scope, after, own)
    received = [] if wanted.sent else own
    return _by_delivery(wanted, scope, after, [wanted.recipient] if wanted.recipient else received)


def exact(text: str) -> Packet | None:
    """The packet of a packet's or a delivery's id."""
    try:
        key = UUID(text)
    except ValueError:
        return None
    return Packet.objects.filter(pk=key).first() or Packet.objects.filter(deliveries=key).first()


# -- candidates: index entries only ----------------------------------------------------------------------------------


def _by_delivery(wanted: Wanted, scope: Scope, after: Cursor | None, codes: Sequence[str]) -> Found:
    down = not wanted.oldest_first
    waiting = ["state IN ('initial', 'processing', 'fail')"] if wanted.oldest_first else []
    source = _Source("hub_delivery", "agency_id", codes, down, _most(wanted, scope, codes))
    where, values = [*waiting, *_span(wanted, after, "<" if down else ">")], _values(wanted, after)
    if codes:
        seen, cut = source.read(where, values)
        stretch = Q(pk__in=[row for _, row in seen])
    else:
        # One stretch of the index: its end is found first, and what is asked for is looked for within.
        cut = source.end(where, values)
        stretch = Q(kind="document") & _beyond(after, down) & _up_to(cut, down)
        if wanted.oldest_first:
            stretch &= Q(state__in=_OPEN_STATES)
    query = _cut(Delivery.objects.filter(stretch), wanted, scope)
    order = ("-submitted_at", "-id") if down else ("submitted_at", "id")
    rows = list(_in_lines(query.order_by(*order))[: PAGE + 1])
    return _page(rows, cut, lambda row: Cursor(row.submitted_at, row.pk))


def _beyond(after: Cursor | None, down: bool) -> Q:
    """Rows beyond a cursor; said twice, for only a plain bound of the time begins in the index where it should."""
    if after is None:
        return Q()
    if down:
        bound = Q(submitted_at__lt=after.at) | Q(submitted_at=after.at, pk__lt=after.row)
        return Q(submitted_at__lte=after.at) & bound
    bound = Q(submitted_at__gt=after.at) | Q(submitted_at=after.at, pk__gt=after.row)
    return Q(submitted_at__gte=after.at) & bound


def _up_to(cut: Cursor | None, down: bool) -> Q:
    """Rows up to the end of what is looked at, which is one of them."""
    if cut is None:
        return Q()
    if down:
        bound = Q(submitted_at__gt=cut.at) | Q(submitted_at=cut.at, pk__gte=cut.row)
        return Q(submitted_at__gte=cut.at) & bound
    bound = Q(submitted_at__lt=cut.at) | Q(submitted_at=cut.at, pk__lte=cut.row)
    return Q(submitted_at__lte=cut.at) & bound


def _by_packet(wanted: Wanted, scope: Scope, after: Cursor | None, own: Sequence[str]) -> Found:
    if wanted.system:
        column, codes = "system_id", [wanted.system]
    else:
        column, codes = "sender_id", [wanted.sender] if wanted.sender else list(own)
    source = _Source("hub_packet", column, codes, True, _most(wanted, scope, codes))
    seen, cut = source.read(_span(wanted, after, "<="), _values(wanted, after))
    return _of_packets([row for _, row in sorted(seen, reverse=True)], wanted, scope, after, cut)


@dataclass(frozen=True)
class _Source:
    """Where candidates come from: an index of a table in the order of time, or one stretch of it for each code.

    Attributes:
        most: entries read of each stretch.
    """

    table: str
    column: str
    codes: Sequence[str]
    down: bool
    most: int

    def end(self, where: Sequence[str], values: dict[str, Any]) -> Cursor | None:
        """The last of the entries to be read of the one stretch; None where all are."""
        conditions = " AND ".join(["kind = 'document'", *where])
        entries = f"SELECT submitted_at, id FROM {self.table} WHERE {conditions} {self._order}"  # noqa: S608 - ours
        with connection.cursor() as cursor:
            cursor.execute(f"{entries} OFFSET %(most)s LIMIT 1", {**values, "most": self.most - 1})
            found = cursor.fetchone()
        return Cursor(*found) if found else None

    @property
    def _order(self) -> str:
        return "ORDER BY submitted_at DESC, id DESC" if self.down else "ORDER BY submitted_at, id"

    def read(
        self, where: Sequence[str], values: dict[str, Any]
    ) -> tuple[list[tuple[datetime, UUID]], Cursor | None]:  # fmt: skip
        """The candidates of the stretches, and the point beyond which not all were looked at; None where everything
        was."""
        conditions = " AND ".join(["kind = 'document'", *where, f"{self.column} = each.code"])
        entries = f"SELECT id, submitted_at FROM {self.table} WHERE {conditions} {self._order} LIMIT %(most)s"  # noqa: S608
        streams = "unnest(%(codes)s::text[]) each (code)"
        statement = f"SELECT each.code, row.* FROM {streams} CROSS JOIN LATERAL ({entries}) row"  # noqa: S608
        with connection.cursor() as cursor:  # the text is ours alone; what was asked for travels as values
            cursor.execute(statement, {**values, "codes": list(self.codes), "most": self.most})
            found: dict[str, list[tuple[datetime, UUID]]] = {}
            for code, row, at in cursor.fetchall():
                found.setdefault(code, []).append((at, row))
        everything = [entry for stream in found.values() for entry in stream]
        ends = [stream[-1] for stream in found.values() if len(stream) >= self.most]
        if not ends:
            return everything, None
        cut = max(ends) if self.down else min(ends)
        return [one for one in everything if (one >= cut if self.down else one <= cut)], Cursor(*cut)


def _span(wanted: Wanted, after: Cursor | None, beyond: str) -> list[str]:
    where = [f"(submitted_at, id) {beyond} (%(at)s, %(row)s)"] if after else []
    where += ["submitted_at >= %(since)s"] if wanted.since else []
    return where + (["submitted_at < %(until)s"] if wanted.until else [])


def _values(wanted: Wanted, after: Cursor | None) -> dict[str, Any]:
    end = {"at": after.at, "row": after.row} if after else {}
    return {"since": wanted.since, "until": wanted.until, **end}


def _named(wanted: Wanted, scope: Scope, after: Cursor | None) -> Found:
    query = Packet.objects.filter(kind="document").order_by("-submitted_at", "-id")
    same = list(query.filter(identifier=wanted.text)[:SAME_NAME])
    if not same:
        same = list(query.filter(number__startswith=wanted.text)[:SAME_NAME])
    return _of_packets([packet.pk for packet in same], wanted, scope, after, None)


def _of_packets(
    packets: Sequence[UUID], wanted: Wanted, scope: Scope, after: Cursor | None, cut: Cursor | None
) -> Found:  # fmt: skip
    """The deliveries of packets, which come in their order; no more packets are opened than fill a page."""
    rows: list[Delivery] = []
    for begin in range(0, len(packets), BATCH):
        query = _cut(Delivery.objects.filter(packet__in=packets[begin : begin + BATCH]), wanted, scope)
        if after is not None:
            same = Q(packet__submitted_at=after.at)
            beyond = Q(packet__submitted_at__lt=after.at) | same & Q(packet__lt=after.row)
            if after.within is not None:
                beyond |= same & Q(packet=after.row) & Q(pk__lt=after.within)
            query = query.filter(beyond)
        rows += _in_lines(query.order_by("-packet__submitted_at", "-packet__id", "-id"))[: PAGE + 1 - len(rows)]
        if len(rows) > PAGE:
            break
    return _page(rows, cut, lambda row: Cursor(row.packet.submitted_at, row.packet_id, row.pk))


def _most(wanted: Wanted, scope: Scope, codes: Sequence[str]) -> int:
    """How many entries are looked at: just the page where all match, else as many as a page may."""
    chosen_by = [wanted.recipient, wanted.sender, wanted.system]
    is_plain = wanted.urgency is None and wanted.state in ("", OPEN) and sum(map(bool, chosen_by)) < 2
    within = scope is None or (bool(codes) and not any(chosen_by))
    return PAGE + 1 if is_plain and within else max(PAGE + 1, LOOKED_AT // max(len(codes), 1))


# -- rows ------------------------------------------------------------------------------------------------------------


def _cut(query: QuerySet[Delivery], wanted: Wanted, scope: Scope) -> QuerySet[Delivery]:
    """What is asked for beside what chose the candidates; and nothing outside the scope."""
    if wanted.state == OPEN:
        query = query.filter(state__in=_OPEN_STATES)
    elif wanted.state:
        query = query.filter(state=wanted.state)
    if wanted.urgency is not None:
        query = query.filter(urgency=wanted.urgency)
    if wanted.recipient:
        query = query.filter(agency=wanted.recipient)
    if wanted.sender:
        query = query.filter(packet__sender=wanted.sender)
    if wanted.system:
        query = query.filter(packet__system=wanted.system)
    if wanted.since is not None:
        query = query.filter(submitted_at__gte=wanted.since)
    if wanted.until is not None:
        query = query.filter(submitted_at__lt=wanted.until)
    if scope is not None:
        query = query.filter(packet__sender__in=scope) if wanted.sent else query.filter(agency__in=scope)
    return query


def _whole(query: QuerySet[Delivery]) -> QuerySet[Delivery]:
    reported = Prefetch("reported", ReportedStatus.objects.order_by("at", "id"))
    return query.select_related("packet__sender", "agency").prefetch_related(reported)


def _in_lines(query: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """What a list shows of deliveries, and no statement or receipt."""
    return _whole(query).only(*_LINE)


_LINE = (
    "recipient", "urgency", "submitted_at", "state", "done_at", "packet__submitted_at", "packet__number",
    "packet__identifier", "packet__business_type", "packet__sender__name", "agency__name",
)  # fmt: skip


def _page(rows: list[Delivery], cut: Cursor | None, cursor_of: Any) -> Found:
    if len(rows) > PAGE:
        return Found(rows[:PAGE], cursor_of(rows[PAGE - 1]))
    if cut is None:
        return Found(rows, None)
    return Found(rows, cut, looked_until=cut.at)


# -- one packet ------------------------------------------------------------------------------------------------------

SHOWN = 200
"""Deliveries of a packet on one page of its way."""
_TROUBLE = Case(
    *(
        When(state=state.value, then=rank)
        for rank, state in enumerate(
            (TransportState.FAIL, TransportState.INITIAL, TransportState.PROCESSING, TransportState.WITHDRAWN)
        )
    ),
    default=9,
)
"""What is stuck stands first."""


def seen_packet(key: UUID, scope: Scope) -> Packet | None:
    """A packet within a scope: sent from it, or delivered into it."""
    packet = Packet.objects.select_related("sender", "system", "about__sender").filter(pk=key).first()
    if packet is None or scope is None or packet.sender_id in scope:
        return packet
    return packet if packet.deliveries.filter(agency__in=scope).exists() else None


def deliveries_of(packet: Packet, scope: Scope, *, page: int) -> tuple[list[Delivery], int]:
    """A page of a packet's deliveries, trouble first, and how many there are; a recipient sees its own alone."""
    query = packet.deliveries.all()
    if scope is not None and packet.sender_id not in scope:
        query = query.filter(agency__in=scope)
    begin = (page - 1) * SHOWN
    return list(_whole(query.order_by(_TROUBLE, "submitted_at", "id"))[begin : begin + SHOWN]), query.count()


def states_of(packet: Packet, scope: Scope) -> dict[str, int]:
    """How many deliveries stand where."""
    with connection.cursor() as cursor:
        mine = "" if scope is None or packet.sender_id in scope else "AND agency_id = ANY(%(scope)s)"
        cursor.execute(
            f"SELECT state, count(*) FROM hub_delivery WHERE packet_id = %(packet)s {mine} GROUP BY 1",  # noqa: S608
            {"packet": packet.pk, "scope": sorted(scope or ())},
        )
        return dict(cursor.fetchall())


def related(packet: Packet, scope: Scope) -> list[Packet]:
    """What recalls, updates and replaces a document, oldest first; within the scope."""
    about = packet.amended_by.filter(kind="document").select_related("sender").order_by("submitted_at")[:50]
    return [one for one in about if scope is None or seen_packet(one.pk, scope) is not None]
