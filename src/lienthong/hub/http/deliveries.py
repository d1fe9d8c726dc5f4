"""Taking what waits for one's agencies: the inbox, the bytes, the signed hand-over; what became of what one sent."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lienthong.hub import (
    delivery,
    lists,
    retention,
)
from lienthong.hub.agencies import Member
from lienthong.hub.blobs import blobs
from lienthong.hub.delivery import Handover
from lienthong.hub.http import noted
from lienthong.hub.http.described import LIMIT, LONGEST_WAIT, PACKET, WAIT, described, header, query
from lienthong.hub.http.edge import (
    answer,
    authenticated,
    body_json,
    body_of,
    flag,
    now,
    piece,
    seconds,
    text_of,
    texts_of,
    whole,
)
from lienthong.hub.models import Delivery
from lienthong.hub.wakeup import Watch
from lienthong.protocol import messages
from lienthong.protocol.messages import Header
from lienthong.protocol.problems import (
    BadRange,
    BadRequest,
    ClockAhead,
    ContentGone,
    Problem,
    StatementInvalid,
    UnknownDelivery,
    WrongState,
)
from lienthong.storage import BlobMissing


@described(
    LIMIT,
    WAIT,
    query("agency", "Only what goes to this agency of yours.", type="string"),
    query("failed", "1: also what you answered with `fail`.", type="integer", enum=[0, 1]),
    answers={200: messages.Inbox},
    problems=(BadRequest,),
)
@authenticated
def list_inbox(request: HttpRequest, member: Member) -> HttpResponseBase:
    """What waits; holds the answer while nothing does, as long as asked for.

    What the recipient could not take is listed only when asked for: it would be taken and failed again, round after
    round.
    """
    limit = whole(request, "limit", default=50, least=1, most=lists.LONGEST_LIST)
    watch = Watch(seconds(request, "wait", LONGEST_WAIT), member.code)
    agency, failed = request.GET.get("agency", ""), flag(request, "failed")
    while True:
        found = lists.inbox(member, limit=limit, agency=agency, failed=failed)
        if found or not watch.again():
            return answer(messages.Inbox(tuple(found)))


@described(
    header("Range", "One range of bytes, `bytes=1000-`: go on where you were cut off."),
    header("If-Range", "The `ETag` of the part that you have; when it differs, the whole is given."),
    answers={200: PACKET, 206: PACKET},
    headers={Header.DIGEST: "SHA-256 of the whole packet.", "ETag": "The same, as a tag."},
    problems=(UnknownDelivery, ContentGone, BadRange),
)
@authenticated
def fetch(request: HttpRequest, member: Member, delivery_id: str) -> HttpResponseBase:
    """The bytes of a packet, as they came; the delivery becomes `processing`."""
    found = delivery.find(member, delivery_id)
    digest = delivery.begin_fetch(found, member, at=now())
    noted.tell(request, digest=digest, packet=str(found.packet_id))
    try:
        file = blobs().open(digest)
    except BlobMissing:
        raise retention.gone(found) from None
    return piece(request, file, digest)


@described(
    body=("application/json", messages.SignedStatement),
    answers={200: messages.Acknowledgement},
    problems=(BadRequest, UnknownDelivery, StatementInvalid, ClockAhead, WrongState),
)
@authenticated
def acknowledge(request: HttpRequest, member: Member, delivery_id: str) -> HttpResponseBase:
    """Take the recipient's signed `ContentHandover`: the packet is stored durably there. A repeat gets the same."""
    found = delivery.find(member, delivery_id)
    statement = text_of(body_json(request), "statement")
    noted.stated(request, statement, now())
    noted.tell(request, digest=found.packet.digest, packet=str(found.packet_id))
    done = delivery.acknowledge(Handover(found, statement), member, at=now())
    return answer(_acknowledgement(done))


@described(
    body=("application/json", messages.SignedStatements),
    answers={200: messages.AnsweredTogether},
    problems=(BadRequest,),
)
@authenticated
def acknowledge_together(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Take signed hand-overs of several packets: who takes many says so at once.

    Each is decided by itself: one that is refused keeps back no other. A repeat gets the same.
    """
    statements = texts_of(body_json(request), "statements", most=messages.MOST_TOGETHER)
    noted.stated(request, statements[-1], now())
    found = delivery.handovers(member, statements)
    ready = [one for one in found if isinstance(one, Handover)]
    decided = iter(delivery.acknowledge_together(ready, member, at=now()))
    answers = (_answered(next(decided) if isinstance(one, Handover) else one) for one in found)
    return answer(messages.AnsweredTogether(tuple(answers)))


def _answered(what: Delivery | Problem) -> messages.Answered:
    if isinstance(what, Problem):
        return messages.Answered(problem=body_of(what))
    return messages.Answered(acknowledgement=_acknowledgement(what))


def _acknowledgement(done: Delivery) -> messages.Acknowledgement:
    return messages.Acknowledgement(str(done.pk), done.state, done.receipt)


@described(
    body=("application/json", messages.Failure),
    answers={200: messages.FailedDelivery},
    problems=(BadRequest, UnknownDelivery, WrongState),
)
@authenticated
def refuse(request: HttpRequest, member: Member, delivery_id: str) -> HttpResponseBase:
    """Note that the recipient could not take a packet; its sender and the operators see why."""
    found = delivery.find(member, delivery_id)
    body = body_json(request)
    code, detail = text_of(body, "code"), text_of(body, "detail", default="")
    done = delivery.fail(found, member, code=code[:60], detail=detail, at=now())
    return answer(messages.FailedDelivery(str(done.pk), done.state))


@described(
    query("after", "The `cursor` of the last entry that you have; 0 for the beginning.", type="string",
          pattern=f"^{lists.CURSOR}$"),
    LIMIT,
    WAIT,
    answers={200: messages.Changes},
    problems=(BadRequest,),
)  # fmt: skip
@authenticated
def list_changes(request: HttpRequest, member: Member) -> HttpResponseBase:
    """What became of what this system sent, after a cursor."""
    after = request.GET.get("after", "0")
    limit = whole(request, "limit", default=200, least=1, most=lists.LONGEST_LIST)
    watch = Watch(seconds(request, "wait", LONGEST_WAIT), member.code)
    while True:
        found = lists.changes(member, after=after, limit=limit)
        if found.changes or not watch.again():
            return answer(found)
