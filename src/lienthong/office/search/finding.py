"""What a person finds: documents of either direction that they could open, and of no other even that it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, OrderBy, Q, QuerySet, Value
from django.db.models.functions import Left

from lienthong.look.paging import beyond
from lienthong.office.models import Findable, IncomingDocument, OutgoingDocument, Person, RecallOrder
from lienthong.office.people import access
from lienthong.office.search import asked as asking
from lienthong.office.search import questions
from lienthong.office.search.asked import IN, ORDERS, OUT, Asked

PAGE_ROWS = 50
MANY = 3_000
"""From so many on, documents are met soon enough on the way through all of them."""
WALKED = 800
"""How many documents are looked through for the words before the word indexes are asked: as many cost less than these,
where a word is frequent."""
LONGEST_KEY = 18
"""Digits of a key in an address: of more there is no row."""
_BY_WORD_INDEX = "SELECT set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true)"
"""Until the transaction ends."""
_SIDE = {IN: "incoming", OUT: "outgoing"}
_SHOWN = (
    "kind", "at", "dated", "due", "unread", "wanted", "read",
    *(f"incoming__{name}" for name in (
        "state", "sender_code", "sender_name", "identifier", "number", "notation", "promulgated_on", "place",
        "type_name", "subject", "urgency", "signer_position", "signer_name", "due_on", "recipients", "origin",
        "legal_value", "submitted_at", "arrived_at", "arrival_number", "arrival_year")),
    *(f"outgoing__{name}" for name in (
        "organization", "unit", "state", "type_name", "subject", "urgency", "origin", "position", "signer_name",
        "due_on", "number", "sub_number", "notation", "promulgated_on", "identifier", "created_at", "issued_at")),
    "outgoing__organization__name", "outgoing__organization__code", "outgoing__unit__name",
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A page of what was found.

    Attributes:
        next: from where the next page begins; empty on the last one.
        numbers: only numbers and codes were looked at, for there are some; texts that name it are another search.
    """

    rows: list[Findable]
    next: str = ""
    numbers: bool = False


def page(person: Person, asked: Asked, after: str = "") -> Found:
    """A page of what this person finds; it costs the same wherever it begins. `after` is a `Found.next`."""
    return take(person, asked, PAGE_ROWS, after)


def take(person: Person, asked: Asked, most: int, after: str = "") -> Found:
    """The first documents that this person finds, no more than `most`.

    A question that can be a number is one, as long as any number begins so: who types `28/2018` wants that document,
    and not the hundreds that name it.
    """
    if not asked.is_anything:
        return Found([])
    if asked.question.number and not asked.everywhere:
        said = questions.all_of([questions.by_number(asked.question), asking.facts_of(asked.filters)])
        numbered = _merged(person, asked, Q(facts__holds=said), most, after)
        if numbered.rows:
            return replace(numbered, numbers=True)
    return _merged(person, asked, _everywhere(person, asked), most, after)


def _everywhere(person: Person, asked: Asked) -> Q:
    """The words in the facts or in the text, with what the filters ask of the facts; not in a text that a recall keeps
    closed."""
    words, filters = asked.question.words, asking.facts_of(asked.filters)
    filtered = Q(facts__holds=filters) if filters else Q()
    if not words:
        return filtered
    in_text = Q(text__holds=questions.by_text(words)) & filtered
    closed = closed_by_recall(person.organization_id)
    if closed:
        in_text &= ~Q(incoming__in=closed)
    return Q(facts__holds=questions.all_of([questions.by_facts(words), filters])) | in_text


def closed_by_recall(organization_id: int) -> list[int]:
    """The documents whose content is closed while a recall waits for its answer: every copy (`recalls.pending`)."""
    orders = RecallOrder.objects.filter(organization_id=organization_id, state=RecallOrder.State.PENDING)
    named = list(orders.exclude(document=None).values_list("issuers", "identifier", "code"))
    if not named:
        return []
    identifiers = [identifier for _, identifier, _ in named if identifier]
    numbers = [code.partition("/")[0] for _, identifier, code in named if not identifier]
    own = IncomingDocument.objects.filter(organization_id=organization_id)
    own = own.filter(Q(identifier__in=identifiers) | Q(identifier="", number__in=numbers))
    pairs = {(issuer, identifier or code) for issuers, identifier, code in named for issuer in issuers}
    own = own.only("sender_code", "identifier", "number", "notation")
    return [one.pk for one in own if (one.sender_code, one.identifier or one.printed_number) in pairs]


def _merged(person: Person, asked: Asked, wanted: Q, most: int, after: str) -> Found:
    """Both directions, each in its order, put into one: the database reads no more of either than is shown."""
    order, rows = ORDERS[asked.order], list[Findable]()
    for kind in asked.kinds:
        rows += _first(person, asked, kind, wanted, most + 1, after)
    rows.sort(key=lambda one: (getattr(one, order.column), one.pk), reverse=order.down)
    rest = len(rows) > most
    return Found(rows[:most], _cursor(rows[most - 1], order) if rest else "")


def _first(person: Person, asked: Asked, kind: str, wanted: Q, most: int, after: str) -> list[Findable]:
    """The first rows of one direction that answer the words, in the order that is asked for.

    What many documents say is met soon on the way through them in their order, so that way is tried first, as far as
    `WALKED` of them. What few say is not, and the word indexes name it; the database would take the long way all the
    same, for it guesses that a rare word is less rare, and that reading a long text costs nothing.
    """
    order = ORDERS[asked.order]
    few = _few(person, asked, kind)
    all_there = _after(_of(person, kind, few), order, after)
    rows = all_there.filter(_narrowed(person, asked, kind, few))
    in_order = _columns(order, walked=access.oversees(person))
    if not wanted:
        return list(rows.order_by(*in_order)[:most])
    passed = list(all_there.order_by(*in_order).values_list("pk", flat=True)[:WALKED])
    met = list(rows.filter(wanted, pk__among=passed).order_by(*in_order)[:most])
    if len(met) == most or len(passed) < WALKED:
        return met
    hits = _hits(person.organization_id, kind, wanted)
    if hits is None:
        return list(rows.filter(wanted).order_by(*in_order)[:most])
    return list(rows.filter(pk__among=hits).order_by(*_columns(order, walked=False))[:most])


def _columns(order: asking.Order, *, walked: bool) -> list[OrderBy]:
    """The order, so that the database can go through the documents in it; or so that it cannot, and sorts what it found
    by other indexes."""
    first: Any = F(order.column) if walked else F(order.column) + Value(timedelta(0))
    return [OrderBy(column, descending=order.down) for column in (first, F("pk"))]


def _hits(organization_id: int, kind: str, wanted: Q) -> list[int] | None:
    """The keys of all that the agency has of what the words ask for, whoever may see it; None when there are many."""
    rows = Findable.objects.filter(wanted, organization_id=organization_id, kind=kind).values_list("pk", flat=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BY_WORD_INDEX)
        keys = list(rows[: MANY + 1])
    return keys if len(keys) <= MANY else None


def _few(person: Person, asked: Asked, kind: str) -> list[int] | None:
    """The keys of the documents of one direction that a person may see, when they are few; None when there are many, or
    when it is a person who sees most of them. By their keys they are met at once; by the rule the database would look
    for them anew beside each row."""
    if access.oversees(person):
        return None
    keys = list(_seen(person, asked, kind).order_by().values_list("pk", flat=True)[: MANY + 1])
    return keys if len(keys) <= MANY else None


def _of(person: Person, kind: str, few: list[int] | None) -> QuerySet[Findable]:
    """One direction: these few, or all of the agency."""
    rows = Findable.objects.filter(organization_id=person.organization_id, kind=kind)
    if few is not None:
        rows = rows.filter(_are(kind, few))
    joined = ("incoming",) if kind == IN else ("outgoing__organization", "outgoing__unit")
    return rows.select_related(*joined).only(*(name for name in _SHOWN if _is_of(name, kind)))


def _narrowed(person: Person, asked: Asked, kind: str, few: list[int] | None) -> Q:
    """What this person may see of them, narrowed by the filters over columns."""
    columns = asking.columns_of(asked.filters)
    if few is None:
        return Q(**{f"{_SIDE[kind]}__in": _seen(person, asked, kind).filter(columns)}) & _moments(asked)
    if columns:
        documents = (IncomingDocument if kind == IN else OutgoingDocument).objects.filter(columns, pk__among=few)
        return _are(kind, list(documents.values_list("pk", flat=True))) & _moments(asked)
    return _moments(asked)


def _are(kind: str, keys: list[int]) -> Q:
    return Q(**{f"{_SIDE[kind]}__pk__among": keys})


def _seen(person: Person, asked: Asked, kind: str) -> QuerySet[Any]:
    """What a person may see; where it is asked what became of it on its way, what they have a part in."""
    if kind == IN:
        return access.incoming_of(person)
    return access.taking_part_in(person) if asking.HISTORY in asked.filters else access.outgoing_of(person)


def _is_of(name: str, kind: str) -> bool:
    return not name.startswith("outgoing__" if kind == IN else "incoming__")


def _moments(asked: Asked) -> Q:
    wanted = Q()
    for name, (_title, side) in asking.MOMENTS.items():
        if text := asked.filters.get(name):
            wanted &= Q(**{f"at__date__{side}": date.fromisoformat(text)})
    return wanted


# -- the place where a page begins -----------------------------------------------------------------------------------


def _cursor(last: Findable, order: asking.Order) -> str:
    return f"{getattr(last, order.column).isoformat()}~{last.pk}"


def _after(rows: QuerySet[Findable], order: asking.Order, after: str) -> QuerySet[Findable]:
    """What comes after a place; a place that cannot be read is the beginning."""
    said, _, key = after.partition("~")
    try:
        value = datetime.fromisoformat(said) if order.column == "at" else date.fromisoformat(said)
        pk = int(key[:LONGEST_KEY])
    except ValueError:
        return rows
    if isinstance(value, datetime) and value.tzinfo is None:
        return rows
    return rows.filter(beyond((order.column, "pk"), (value, pk), down=order.down))


def document_of(row: Findable) -> IncomingDocument | OutgoingDocument:
    """The document of a row."""
    document: IncomingDocument | OutgoingDocument = row.incoming if row.kind == IN else row.outgoing  # type: ignore[assignment]
    return document


def contents(person: Person, rows: Sequence[Findable], most: int) -> dict[int, tuple[str, str]]:
    """The beginnings of the texts of rows that this person found, by their keys: what was written, and what was
    recognised on scans; none that a recall keeps closed."""
    found = Findable.objects.filter(pk__in=[row.pk for row in rows]).exclude(content="", recognised="")
    closed = closed_by_recall(person.organization_id)
    if closed:
        found = found.exclude(incoming__in=closed)
    begun = found.annotate(begin=Left("content", most), seen=Left("recognised", most))
    return {pk: (begin, seen) for pk, begin, seen in begun.values_list("pk", "begin", "seen")}
