"""A system's refused packets and its last calls: `/api/v1/quarantine`, `/api/v1/calls`."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from lienthong.hub import calls, quarantine, replays
from lienthong.hub.agencies import Member
from lienthong.hub.http.described import LIMIT, described, query
from lienthong.hub.http.edge import answer, authenticated, now, route, whole
from lienthong.hub.http.noted import tell
from lienthong.hub.models import Quarantined
from lienthong.protocol import messages, self_service
from lienthong.protocol.problems import (
    BadRequest,
    ClockAhead,
    ClosedRecipient,
    ClosedSender,
    ContentGone,
    DigestMismatch,
    FromMismatch,
    NoStorage,
    NotARecipient,
    NotConnected,
    NotTheSender,
    NotYourAgency,
    PacketInvalid,
    RecipientNotInPacket,
    StatementInvalid,
    StateSecret,
    TooLarge,
    TwinDocument,
    UnknownDocument,
    UnknownQuarantined,
    UnknownRecipient,
)

MOST_CALLS = 200


@described(
    LIMIT,
    query("before", "`id` of the last call of the page before; 0 for the first page.", type="integer", minimum=0),
    answers={200: self_service.Calls},
    problems=(BadRequest,),
)
@authenticated
def list_calls(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The system's own last calls at both doors, newest first; never a body, never a secret.

    They are written a moment later, together: a call of this second may be missing, and those of a process that was
    killed.
    """
    limit = whole(request, "limit", default=50, least=1, most=MOST_CALLS)
    before = whole(request, "before", default=0) or None
    found = calls.newest(member.code, limit=limit, before=before)
    return answer(
        self_service.Calls(
            tuple(
                self_service.Call(
                    id=one.pk,
                    at=one.at,
                    door=one.door,
                    operation=one.operation,
                    status=one.status,
                    problem=one.problem,
                    milliseconds=one.milliseconds,
                    received=one.received,
                    sent=one.sent,
                    digest=one.digest,
                    key_hash=one.key_hash,
                    packet_id=one.packet,
                    delivery_id=one.delivery,
                )
                for one in found
            )
        )
    )


@described(answers={200: self_service.Quarantine})
@authenticated
def list_quarantine(_request: HttpRequest, member: Member) -> HttpResponseBase:
    """The system's refused packets that are kept for it, newest first, and how much of its quota they use."""
    packets = tuple(map(_shown, quarantine.of_system(member.code)))
    quota = settings.LIENTHONG.quarantine_bytes
    return answer(self_service.Quarantine(packets, quarantine.used_bytes(member.code), quota))


@described(
    answers={200: messages.Submission, 201: messages.Submission},
    problems=(
        UnknownQuarantined, ContentGone, BadRequest, TooLarge, NotYourAgency, ClosedSender, FromMismatch, NotARecipient,
        NotTheSender, PacketInvalid, DigestMismatch, StatementInvalid, ClockAhead, UnknownRecipient, ClosedRecipient,
        NotConnected, RecipientNotInPacket, UnknownDocument, StateSecret, TwinDocument, NoStorage,
    ),
)  # fmt: skip
@authenticated
def replay(request: HttpRequest, member: Member, quarantine_id: str) -> HttpResponseBase:
    """Submit a refused packet anew, as it was: 201, or 200 for a repeat; refused again, it stays.

    It needs no new statement: the one that was signed for it goes along.
    """
    submission = replays.replay(member, quarantine_id, at=now())
    tell(request, digest=submission.digest, packet=submission.packet_id)
    return answer(submission, status=200 if submission.repeated else 201)


@described(answers={204: None}, problems=(UnknownQuarantined,))
@authenticated
def discard(_request: HttpRequest, member: Member, quarantine_id: str) -> HttpResponseBase:
    """Let a refused packet go."""
    quarantine.discard(member, quarantine_id, at=now())
    response = HttpResponse(status=204)
    del response["Content-Type"]
    return response


def _shown(one: Quarantined) -> self_service.Quarantined:
    return self_service.Quarantined(
        id=str(one.pk),
        at=one.at,
        digest=one.digest,
        size=one.size,
        door=one.door,
        sender=one.sender,
        recipients=tuple(one.recipients),
        problem=one.problem["code"],
        detail=one.problem["detail"],
        detail_en=one.problem["detail_en"],
        times=one.times,
        packet_id=str(one.packet_id or ""),
        replayed_at=one.replayed_at,
        proposed_at=one.proposed_at,
        proposed_for=one.proposed_for,
    )


DESCRIBED = {
    "calls": route(get=list_calls),
    "quarantine": route(get=list_quarantine),
    "quarantine/<str:quarantine_id>/replay": route(post=replay),
    "quarantine/<str:quarantine_id>": route(delete=discard),
}
