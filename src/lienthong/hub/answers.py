"""Each recipient's answer or silence, with its age: computed here, once, for the API, the console and the alerts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.db.models import Max

from lienthong.hub import rows
from lienthong.hub.agencies import Directory
from lienthong.hub.models import Change, Delivery, Request, System
from lienthong.protocol.messages import Kind, RequestView
from lienthong.standards.statuses import (
    BusinessType,
    RelationKind,
    RequestKind,
    RequestState,
    StatusCode,
    TransportState,
    Turn,
    Words,
    furthest,
)


class Awaited(StrEnum):
    """What is waited for next of a recipient. `docs/reference/states.md` says what happens when it does not come."""

    CONNECTION = "connection"
    FETCH = "fetch"
    ACKNOWLEDGEMENT = "acknowledgement"
    ANOTHER_TRY = "another_try"
    ACCEPTANCE = "acceptance"
    COMPLETION = "completion"
    ANSWER = "answer"
    CORRECTION = "correction"
    NOTHING = ""

    @property
    def turn(self) -> Turn:
        """Who has to act."""
        return _TURNS[self]

    @property
    def words(self) -> Words:
        """What is waited for, in words."""
        return _WORDS[self]


_TURNS = {
    Awaited.CONNECTION: Turn.OPERATORS,
    Awaited.FETCH: Turn.RECIPIENT_SYSTEM,
    Awaited.ACKNOWLEDGEMENT: Turn.RECIPIENT_SYSTEM,
    Awaited.ANOTHER_TRY: Turn.RECIPIENT_SYSTEM,
    Awaited.ACCEPTANCE: Turn.RECIPIENT,
    Awaited.COMPLETION: Turn.RECIPIENT,
    Awaited.ANSWER: Turn.RECIPIENT,
    Awaited.CORRECTION: Turn.SENDER,
    Awaited.NOTHING: Turn.NOBODY,
}
_WORDS = {
    Awaited.CONNECTION: Words("Nơi nhận chưa có hệ thống kết nối hoạt động", "No working system serves the recipient"),
    Awaited.FETCH: Words("Chờ bên nhận lấy", "Waits to be fetched"),
    Awaited.ACKNOWLEDGEMENT: Words("Chờ bên nhận xác nhận đã lưu", "Waits to be acknowledged"),
    Awaited.ANOTHER_TRY: Words("Bên nhận báo lỗi, chờ lấy lại", "Failed at the recipient, waits for another try"),
    Awaited.ACCEPTANCE: Words("Chờ tiếp nhận hoặc từ chối", "Waits to be accepted or refused"),
    Awaited.COMPLETION: Words("Chờ xử lý xong", "Waits to be finished"),
    Awaited.ANSWER: Words("Chờ trả lời yêu cầu", "Waits for the answer to the request"),
    Awaited.CORRECTION: Words("Bên nhận trả lại, chờ bên gửi khắc phục", "Refused, waits for the sender to mend it"),
    Awaited.NOTHING: Words("Đã xong", "Over"),
}


@dataclass(frozen=True)
class Asked:
    """What was asked of a recipient, and its answer or silence.

    Attributes:
        delivery, packet: what carries the request.
        settled_at: when it was answered or ended; None while it is open.
        reason: the recipient's words with its answer: for the sender, not for operators.
    """

    delivery: UUID
    packet: UUID
    agency: str
    kind: RequestKind
    asked_at: datetime
    state: RequestState
    settled_at: datetime | None
    reason: str

    @property
    def silent_since(self) -> datetime | None:
        """Since when an answer is waited for; None once there is one."""
        return self.asked_at if self.state is RequestState.OPEN else None

    @property
    def view(self) -> RequestView:
        """As the sender sees it."""
        return RequestView(
            self.kind.value, str(self.packet), str(self.delivery), self.asked_at, self.state.value, self.settled_at,
            self.reason, self.silent_since,
        )  # fmt: skip


class Reported(NamedTuple):
    """A status that a recipient reported, with the hub's time of it, and the recipient's words."""

    code: str
    at: datetime
    reason: str


class Place(NamedTuple):
    """A delivery, its recipient, and the document that it carries."""

    delivery: UUID
    agency: str
    sender: str
    identifier: str


@dataclass(frozen=True)
class Answer:
    """Where one delivery stands with its recipient.

    Attributes:
        reported: every status that the recipient reported, in order.
        awaited: what comes next.
        since: since when it has stood there.
        stands: the furthest status that the recipient reported, or None.
        reason: why it could not be taken (`fail`), or was refused (02): for the sender, not for operators.
        requests: what was asked of this recipient about the document, the latest first.
    """

    delivery: UUID
    awaited: Awaited
    since: datetime
    reported: tuple[Reported, ...]
    stands: StatusCode | None
    reason: str
    requests: tuple[Asked, ...]

    @property
    def turn(self) -> Turn:
        """Who has to act."""
        return self.awaited.turn

    def age(self, now: datetime) -> timedelta:
        """For how long it has stood there."""
        return max(now - self.since, timedelta(0))


def of_deliveries(deliveries: Sequence[Delivery], directory: Directory) -> dict[UUID, Answer]:
    """Delivery → where it stands; a whole list in five questions. Each with its packet."""
    keys = [one.pk for one in deliveries]
    moved = dict(Change.objects.filter(delivery__in=keys).values_list("delivery").annotate(at=Max("at")).order_by())
    reported = _reported(keys)
    places = [Place(one.pk, one.agency_id, one.packet.sender_id, one.packet.identifier) for one in deliveries]
    asked = _asked_of(places, directory)
    served = _served({one.agency_id for one in deliveries if one.state in _OPEN}, directory)
    return {
        one.pk: _answer(one, moved.get(one.pk), reported.get(one.pk, ()), asked[one.pk], served) for one in deliveries
    }


def in_short(
    places: Sequence[Place], directory: Directory
) -> dict[UUID, tuple[StatusCode | None, Asked | None]]:  # fmt: skip
    """Delivery → the furthest status that its recipient reported, and what it was asked last; in three questions."""
    reported = _reported([one.delivery for one in places])
    asked = _asked_of(places, directory)
    return {
        one.delivery: (
            furthest(StatusCode(row.code) for row in reported.get(one.delivery, ())),
            next(map(_as_asked, asked[one.delivery]), None),
        )
        for one in places
    }


def _reported(keys: Sequence[UUID]) -> dict[UUID, tuple[Reported, ...]]:
    """Delivery → what its recipient reported, in order."""
    found: dict[UUID, list[Reported]] = {}
    for delivery, *row in rows.read(_REPORTED_OF, [list(keys)]):
        found.setdefault(delivery, []).append(Reported(*row))
    return {delivery: tuple(each) for delivery, each in found.items()}


_REPORTED_OF = """
SELECT delivery_id, code, at, reason FROM hub_reportedstatus WHERE delivery_id = ANY(%s) ORDER BY at, id
"""


def _served(codes: set[str], copy: Directory) -> set[str]:
    """Those of some agencies for which a system acts, or finishes what it began, that is in service."""
    if not codes:
        return set()
    suspended = set(System.objects.filter(suspended_at__isnull=False).values_list("code", flat=True))
    systems = [member for system, member in copy.systems.items() if system not in suspended]
    return {code for code in codes if any(code in one.agencies or code in one.former for one in systems)}


def _answer(
    one: Delivery, moved: datetime | None, reported: tuple[Reported, ...], requests: Sequence[Request], served: set[str]
) -> Answer:
    stands = furthest(StatusCode(row.code) for row in reported)
    open_one = next((row for row in requests if row.state == RequestState.OPEN and _closes(row, one)), None)
    given_back = any(row.state == RequestState.AGREED and RequestKind(row.kind).gives_back for row in requests)
    awaited = _awaited(one, stands, served, asked=open_one is not None, given_back=given_back)
    refusal = next((row for row in reversed(reported) if row.code == StatusCode.REFUSED), None)
    since = {
        Awaited.CONNECTION: one.submitted_at,
        Awaited.FETCH: one.submitted_at,
        Awaited.ACKNOWLEDGEMENT: one.fetched_at,
        Awaited.ANSWER: open_one.asked_at if open_one else None,
        Awaited.COMPLETION: next((row.at for row in reversed(reported) if row.code == stands), None),
        Awaited.CORRECTION: refusal.at if refusal else None,
    }.get(awaited)
    reason = one.failure if awaited is Awaited.ANOTHER_TRY else ""
    if awaited is Awaited.CORRECTION and refusal:
        reason = refusal.reason
    return Answer(
        one.pk, awaited, since or moved or one.done_at or one.submitted_at, reported, stands, reason,
        tuple(_as_asked(row) for row in requests),
    )  # fmt: skip


def _closes(request: Request, one: Delivery) -> bool:
    """Whether a delivery waits for the answer to this request: its own, or one to give the document back."""
    return request.pk == one.pk or RequestKind(request.kind).gives_back


def _awaited(one: Delivery, stands: StatusCode | None, served: set[str], *, asked: bool, given_back: bool) -> Awaited:
    """What comes next.

    transport       asked      given back   reported   waits for
    initial         –          –            –          a fetch; a connection where no system serves the agency
    processing      –          –            –          the acknowledgement; or a connection
    fail            –          –            –          another try; or a connection
    withdrawn       –          –            –          nothing
    done            open       –            –          the answer (15, 16)
    done            settled    yes          –          nothing
    done            –          –            –, 01      acceptance; of a status or a recall: nothing
    done            –          –            02         the sender's correction
    done            –          –            03 … 05    completion
    done            –          –            06         nothing
    """
    state = TransportState(one.state)
    if state in _OPEN:
        return _OPEN[state] if one.agency_id in served else Awaited.CONNECTION
    if state is TransportState.WITHDRAWN:
        return Awaited.NOTHING
    if asked:
        return Awaited.ANSWER
    if given_back or one.kind == Kind.STATUS or one.packet.business_type == BusinessType.RECALL:
        return Awaited.NOTHING
    return _REPORTED[stands]


_OPEN = {
    TransportState.INITIAL: Awaited.FETCH,
    TransportState.PROCESSING: Awaited.ACKNOWLEDGEMENT,
    TransportState.FAIL: Awaited.ANOTHER_TRY,
}
_REPORTED = {
    None: Awaited.ACCEPTANCE,
    StatusCode.ARRIVED: Awaited.ACCEPTANCE,
    StatusCode.REFUSED: Awaited.CORRECTION,
    StatusCode.ACCEPTED: Awaited.COMPLETION,
    StatusCode.ASSIGNED: Awaited.COMPLETION,
    StatusCode.PROCESSING: Awaited.COMPLETION,
    StatusCode.FINISHED: Awaited.NOTHING,
}


def _asked_of(places: Sequence[Place], copy: Directory) -> dict[UUID, list[Request]]:
    """Delivery → what its recipient, or who follows that, was asked about its document, and what the delivery asks
    itself; the latest first."""
    named = [list({one.identifier for one in places}), list({one.sender for one in places})]
    # Anybody may answer a document, in a packet that asks something else of whomever.
    about: dict[UUID, set[tuple[str, str]]] = {}
    for packet, sender, identifier in rows.read(_TOLD_OF, named):
        about.setdefault(packet, set()).add((sender, identifier))
    recipients = {code: (code, *copy.heirs(code)) for code in {one.agency for one in places}}
    whoever = {code for line in recipients.values() for code in line}
    asking = [[one.delivery for one in places], list(about), list(whoever)]
    keys = [key for (key,) in rows.read(_ASKING, asking)]
    by_itself: dict[UUID, Request] = {}
    of_recipient: dict[tuple[str, str, str], list[Request]] = {}
    for row in Request.objects.filter(pk__in=keys).select_related("delivery") if keys else ():
        by_itself[row.pk] = row
        for sender, identifier in about.get(row.delivery.packet_id, ()):
            of_recipient.setdefault((row.agency_id, sender, identifier), []).append(row)
    return {one.delivery: _latest_first(by_itself.get(one.delivery), (
        row for code in recipients[one.agency] for row in of_recipient.get((code, one.sender, one.identifier), ())
    )) for one in places}  # fmt: skip


_TOLD_OF = f"""
SELECT r.packet_id, target.sender_id, target.identifier
FROM hub_relation r JOIN hub_packet target ON target.id = r.target_id
WHERE target.identifier = ANY(%s) AND target.sender_id = ANY(%s)
AND r.kind NOT IN ('{RelationKind.ANSWERS.value}', '{RelationKind.CORRECTS.value}')
"""  # noqa: S608 - made of constants
_ASKING = """
SELECT delivery_id FROM hub_request WHERE delivery_id = ANY(%s)
UNION
SELECT q.delivery_id FROM hub_delivery d JOIN hub_request q ON q.delivery_id = d.id
WHERE d.packet_id = ANY(%s) AND q.agency_id = ANY(%s)
"""


def _latest_first(own: Request | None, others: Iterable[Request]) -> list[Request]:
    found = {row.pk: row for row in (own, *others) if row is not None}
    return sorted(found.values(), key=lambda row: (row.asked_at, row.pk), reverse=True)


def _as_asked(row: Request) -> Asked:
    return Asked(
        row.pk, row.delivery.packet_id, row.agency_id, RequestKind(row.kind), row.asked_at, RequestState(row.state),
        row.settled_at, row.reason,
    )  # fmt: skip
