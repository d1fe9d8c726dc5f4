"""The door of existing client software: its paths, its envelope, its quirks (`wire.md` 3)."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from time import perf_counter
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from lienthong.hub import agencies, answers, delivery, intake, lists, mode, policy, requests, retention
from lienthong.hub.agencies import Directory, Listed, Member, directory
from lienthong.hub.blobs import blobs
from lienthong.hub.http import noted
from lienthong.hub.http.edge import (
    CHUNK,
    admit,
    body_chunks,
    body_json,
    drain,
    note_refusal,
    now,
    problem_of,
    retry_after,
    said_by,
)
from lienthong.hub.models import Delivery, Packet
from lienthong.protocol import vxp
from lienthong.protocol.messages import Header, Kind
from lienthong.protocol.problems import BadRequest, Problem, TooManyRequests
from lienthong.standards.statuses import StatusCode, TransportState
from lienthong.standards.times import VIETNAM
from lienthong.storage import BlobMissing

SANDBOX_MARK = "[TRỤC THỬ NGHIỆM] "
DATE_FORMS = ("%Y/%m/%d", "%Y-%m-%d", "%d/%m/%Y")
"""How clients write the days of a range; the first is the field's."""

Operation = Callable[[HttpRequest, Member, vxp.Call], HttpResponseBase]


def operation(act: Operation) -> Callable[[HttpRequest], HttpResponseBase]:
    """A route of this door: authenticate, act, and say everything in the shape that clients read."""

    @csrf_exempt
    def view(request: HttpRequest) -> HttpResponseBase:
        begun, at, refusal = perf_counter(), now(), ""
        try:
            member = agencies.member(request.headers.get(vxp.SYSTEM_HEADER, ""))
            if member is not None:
                said_by(request, member.code)
            mode.require_no_training(request.headers.get(Header.SANDBOX, ""))
            call = vxp.authenticate(lambda name: request.headers.get(name, ""), _secrets)
            admit(request, call.system, "vxp")
            response = act(request, directory().systems[call.system], call)
        except Exception as reason:
            drain(request)
            problem = problem_of(reason)
            note_refusal(request, problem, "vxp")
            response, refusal = refuse(act, problem), problem.code
        noted.finished(request, response, refusal, begun, at)
        return response

    def refuse_unheard(request: HttpRequest, problem: Problem) -> HttpResponseBase:
        drain(request)
        note_refusal(request, problem, "vxp")
        return refuse(act, problem)

    view.authenticated = True  # type: ignore[attr-defined]
    view.refuse = refuse_unheard  # type: ignore[attr-defined]
    return view


def refuse(act: Operation, problem: Problem) -> HttpResponse:
    """A refusal in the client's shape; for a download, whose client takes any body for the file, an empty one.

    The body says everything, so the status is 200, but for what may succeed later: clients take an `ErrorCode` for
    final and repeat what was answered with 5xx (`wire.md` 3.5). A fault of the hub answered with 200 would lose the
    document.
    """
    headers = retry_after(problem)
    if act is download_edoc:
        return HttpResponse(b"", status=problem.status, content_type="application/octet-stream", headers=headers)
    passing = problem.status >= 500 or isinstance(problem, TooManyRequests)
    status = 503 if passing else 200
    said = vxp.failure(problem, mark=SANDBOX_MARK if settings.LIENTHONG.sandbox else "")
    return HttpResponse(said, status=status, content_type="application/json", headers=headers)


def _secrets(system: str) -> Sequence[str]:
    mode.require_known(system)
    member = agencies.member(system)
    if member is None or not member.vxp or not member.vxp_secret:
        return ()
    former = policy.of(system).former_secret(now())
    return (member.vxp_secret, former) if former else (member.vxp_secret,)


def _ok(**extras: object) -> HttpResponse:
    return HttpResponse(_success(**extras), content_type="application/json")


def _success(**extras: object) -> bytes:
    """What clients show their people: a test hub says that it is one."""
    return vxp.success(mark=SANDBOX_MARK if settings.LIENTHONG.sandbox else "", **extras)


# -- sending ---------------------------------------------------------------------------------------------------------


def send_edoc(request: HttpRequest, member: Member, call: vxp.Call) -> HttpResponseBase:
    """Take a packet; the answer names the first of its deliveries, as the client keeps one name only."""
    claimed = call.get("hash-file")
    file = _AnnouncedFile(_decoded(_without_line_end(body_chunks(request))), claimed)
    submission = intake.accept(
        intake.Request(
            member=member,
            door="vxp",
            sender=call.get("from"),
            recipients=_recipients(call.get("to")),
            fits=file.fits,
        ),
        file,
        at=now(),
    )
    noted.tell(request, digest=submission.digest, packet=submission.packet_id)
    return _ok(DocId=submission.packet_id)


class _AnnouncedFile:
    """The file of a request, which the client announced by a digest of what it sent: that may be its base64 text."""

    def __init__(self, chunks: Iterator[tuple[bytes, bytes]], claimed: str) -> None:
        self._chunks = chunks
        self._claimed = claimed
        self._sent = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for sent, plain in self._chunks:
            self._sent.update(sent)
            if plain:
                yield plain

    def fits(self, digest: str) -> bool:
        """Whether the digest of the packet, or of the text that was sent, is the announced one."""
        return any(vxp.hash_fits(self._claimed, one) for one in (digest, self._sent.hexdigest()))


def _recipients(to: str) -> tuple[str, ...]:
    """The optional `to`: a JSON array as text."""
    if not to:
        return ()
    try:
        codes = json.loads(to)
    except (ValueError, RecursionError) as reason:
        raise BadRequest(reason="to phải là mảng JSON") from reason
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise BadRequest(reason="to phải là mảng mã cơ quan")
    return tuple(codes)


def _without_line_end(chunks: Iterable[bytes]) -> Iterator[bytes]:
    trimmer = vxp.WithoutLastLineEnd()
    for chunk in chunks:
        if kept := trimmer.feed(chunk):
            yield kept
    if rest := trimmer.close():
        yield rest


def _decoded(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """What was sent and what it means: some clients send the packet's base64 text (`wire.md` 3.9)."""
    is_text: bool | None = None
    rest = b""
    for chunk in chunks:
        if is_text is None:
            is_text = chunk.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"<"
        if not is_text:
            yield chunk, chunk
            continue
        text = rest + b"".join(chunk.split())
        whole = len(text) - len(text) % 4
        try:
            yield chunk, base64.b64decode(text[:whole], validate=True)
        except ValueError:
            is_text = False  # neither: let the reader say what is wrong with it
            yield chunk, text
            continue
        rest = text[whole:]
    if rest:
        yield b"", rest


# -- receiving -------------------------------------------------------------------------------------------------------


def list_received(_request: HttpRequest, member: Member, call: vxp.Call) -> HttpResponseBase:
    """What is not acknowledged."""
    found = lists.received(member, _kind(call), since=_day(call, "fromDate"), until=_day_after(call, "toDate"))
    copy = directory()
    return _ok(data=[_received(one, member, copy) for one in found])


def _kind(call: vxp.Call) -> Kind:
    return Kind.STATUS if call.get("messagetype") == "status" else Kind.DOCUMENT


def _received(one: lists.Listed, member: Member, copy: Directory) -> dict[str, str]:
    return {
        "docId": str(one.delivery),
        "serviceType": "eDoc",
        "messageType": "status" if one.kind == Kind.STATUS else "edoc",
        "created_time": _time(one.submitted_at),
        "updated_time": _time(one.fetched_at or one.submitted_at),
        "from": _spelling(one.sender, member, copy),
        "to": _spelling(one.agency, member, copy),
        "status": one.state,
        "status_desc": TransportState(one.state).words.vi,
    }


def _day(call: vxp.Call, name: str) -> datetime | None:
    """The beginning of the day that a parameter names, in Vietnam; None without one. Raises `BadRequest`."""
    text = call.get(name)
    if not text:
        return None
    for form in DATE_FORMS:
        try:
            return datetime.strptime(text[:10], form).replace(tzinfo=VIETNAM)
        except ValueError:
            continue
    raise BadRequest(reason=f"{name} phải có dạng yyyy/MM/dd")


def _day_after(call: vxp.Call, name: str) -> datetime | None:
    """The end of the day that a parameter names: a range includes its last day. None also for the last day of all,
    which clients name where they mean no end."""
    day = _day(call, name)
    return day + timedelta(days=1) if day and day.date() < date.max else None


def count_received(kind: Kind) -> Operation:
    """How many wait, of one kind."""

    def count(_request: HttpRequest, member: Member, _call: vxp.Call) -> HttpResponseBase:
        return _ok(count=lists.count_waiting(member, kind))

    return count


def get_edoc(request: HttpRequest, member: Member, call: vxp.Call) -> HttpResponseBase:
    """A packet as base64 inside the JSON answer, streamed."""
    found, file = _open(request, member, call)
    head, tail = _success(data="@").split(b'"@"')

    def stream() -> Iterator[bytes]:
        yield head + b'"'
        with file:
            while chunk := file.read(3 * CHUNK):
                yield base64.b64encode(chunk)
        yield b'"' + tail

    length = len(head) + len(tail) + 2 + (found.packet.size + 2) // 3 * 4
    return StreamingHttpResponse(stream(), content_type="application/json", headers={"Content-Length": str(length)})


def download_edoc(request: HttpRequest, member: Member, call: vxp.Call) -> HttpResponseBase:
    """A packet as it is."""
    _, file = _open(request, member, call)
    response = FileResponse(file, content_type="application/octet-stream")
    response.block_size = CHUNK
    return response


def _open(request: HttpRequest, member: Member, call: vxp.Call) -> tuple[Delivery, BinaryIO]:
    found = delivery.find(member, call.get("docId", "docid"))
    digest = delivery.begin_fetch(found, member, at=now())
    noted.tell(request, digest=digest, packet=str(found.packet_id), delivery=str(found.pk))
    try:
        return found, blobs().open(digest)
    except BlobMissing:
        raise retention.gone(found) from None


def update_status(request: HttpRequest, member: Member, call: vxp.Call) -> HttpResponseBase:
    """The client's transport acknowledgement; the hub attests it, for the client cannot sign."""
    found = delivery.find(member, call.get("docid", "docId"))
    noted.tell(request, digest=found.packet.digest, packet=str(found.packet_id), delivery=str(found.pk))
    wanted = call.get("status").lower()
    if wanted == TransportState.DONE:
        delivery.acknowledge_attested(found, member, at=now())
    elif wanted == TransportState.FAIL:
        if found.state != TransportState.DONE:
            delivery.fail(found, member, code="VXP", detail="hệ thống nhận báo fail", at=now())
    elif wanted == TransportState.PROCESSING:
        if found.state != TransportState.DONE:
            delivery.begin_fetch(found, member, at=now())
    else:
        raise BadRequest(reason="status phải là processing, done hoặc fail")
    return _ok()


# -- what was sent ---------------------------------------------------------------------------------------------------


def list_sent(_request: HttpRequest, member: Member, call: vxp.Call) -> HttpResponseBase:
    """What this system sent, newest first, with the state at each recipient."""
    found = lists.sent(
        member, _kind(call), packet=_own_packet(call.get("docId"), member), since=_day(call, "fromDate"),
        until=_day_after(call, "toDate"),
    )  # fmt: skip
    copy = directory()
    stand = answers.in_short(
        [answers.Place(one.delivery, one.agency, one.sender, one.identifier) for one in found], copy
    )
    return _ok(data=[_sent(one, *stand[one.delivery], member, copy) for one in found])


def _own_packet(doc_id: str, member: Member) -> UUID | None:
    """The packet that a `docId` names; None where it names none of this system's: then it is left over from a fetch."""
    try:
        packet = UUID(doc_id)
    except ValueError:
        return None
    return packet if Packet.objects.filter(pk=packet, system_id=member.code).exists() else None


def _sent(
    one: lists.Sent, stands: StatusCode | None, asked: answers.Asked | None, member: Member, copy: Directory
) -> dict[str, str]:
    """A sent item; what its recipient was asked and did not answer stands in its description, with since when."""
    row = {
        "serviceType": "eDoc",
        "messageType": "status" if one.kind == Kind.STATUS else "edoc",
        "senderDocId": str(one.packet),
        "receiverDocId": str(one.delivery),
        "fromCode": _spelling(one.sender, member, copy),
        "toCode": _spelling(one.agency, member, copy),
        "notation": one.number,
        "sentTime": _time(one.submitted_at),
        "sendStatus": TransportState.DONE.value,
        "sendStatusDesc": "Trục đã nhận",
        "receiveStatus": stands.value if stands else one.state,
        "receiveStatusDesc": _description(one.state, stands, asked),
    }
    return {**row, "receivedTime": _time(one.done_at)} if one.done_at else row


def _description(state: str, stands: StatusCode | None, asked: answers.Asked | None) -> str:
    words = stands.words.vi if stands else TransportState(state).words.vi
    if asked is None:
        return words
    return f"{words}; {asked.kind.words.vi}: {asked.state.words.vi} ({_time(asked.settled_at or asked.asked_at)})"


# -- the directory ---------------------------------------------------------------------------------------------------


def list_agencies(_request: HttpRequest, _member: Member, _call: vxp.Call) -> HttpResponseBase:
    """The directory in the 13-character spelling."""
    copy, mail = directory(), requests.mail_addresses()
    return _ok(
        data=[
            {
                "id": one.code,
                "pid": one.parent or "",
                "code": one.old_code,
                "name": one.name,
                "mail": mail.get(one.code, ""),
                "oldCode": one.old_code,
            }
            for one in _open_agencies(copy)
        ]
    )


def list_agencies_qd20(_request: HttpRequest, _member: Member, call: vxp.Call) -> HttpResponseBase:
    """The directory in the spelling of Decision 20/2020, and the old one; of one `level`, the top being 1."""
    copy, mail = directory(), requests.mail_addresses()
    level = call.get("level")
    return _ok(
        data=[
            {
                "id": one.code,
                "code": one.code,
                "name": one.name,
                "mail": mail.get(one.code, ""),
                "code102": one.old_code,
            }
            for one in _open_agencies(copy)
            if not level.isdecimal() or copy.level_of(one) == int(level)
        ]
    )


def list_units(_request: HttpRequest, _member: Member, _call: vxp.Call) -> HttpResponseBase:
    """All agencies, closed ones too, with the number and the time of their changes: for clients that keep a copy."""
    copy, mail = directory(), requests.mail_addresses()
    changed = agencies.changes()
    listed = (copy.agencies[code] for code in sorted(copy.agencies))
    return _ok(data=[_unit(one, copy, mail.get(one.code, ""), changed.get(one.code)) for one in listed])


def _unit(one: Listed, copy: Directory, mail: str, changed: tuple[int, datetime] | None) -> dict[str, object]:
    unit = {
        "id": one.code,
        "pid": one.parent or "",
        "code": one.old_code,
        "name": one.name,
        "mail": mail,
        "version": changed[0] if changed else 1,
        "centerCode": copy.top_of(one).old_code,
        "deleted": not one.open,
        "isAgency": one.system is not None,
    }
    return {**unit, "modifyDate": _time(changed[1])} if changed else unit


def register_agency(request: HttpRequest, member: Member, _call: vxp.Call) -> HttpResponseBase:
    """File a wish to register an agency of the system's own subtree, or to change one; OK means filed."""
    requests.ask_to_register(requests.system(member), body_json(request), at=now())
    return _ok()


def delete_agency(_request: HttpRequest, member: Member, call: vxp.Call) -> HttpResponseBase:
    """File a wish to close an agency of the system's own subtree; nothing is erased, and OK means filed."""
    requests.ask_to_close(requests.system(member), call.get("AgencyCode"), at=now())
    return _ok()


def _open_agencies(copy: Directory) -> list[Listed]:
    """Whom one can write to: those who have not ended, though a merged code would still be forwarded."""
    listed = (copy.agencies[code] for code in sorted(copy.agencies))
    return [one for one in listed if one.open and one.ended_at is None]


def _spelling(code: str, member: Member, copy: Directory) -> str:
    agency = copy.agencies.get(code)
    return agency.old_code if agency and member.old_codes else code


def _time(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).isoformat(" ")[:19].replace("-", "/")


ROUTES: dict[str, Operation] = {
    "sendEdoc": send_edoc,
    "getReceivedEdocList": list_received,
    "countReceiveEdoc": count_received(Kind.DOCUMENT),
    "countReceiveStatus": count_received(Kind.STATUS),
    "getEdoc": get_edoc,
    "downloadEdoc": download_edoc,
    "updateStatus": update_status,
    "getSentEdocList": list_sent,
    "getAgenciesList": list_agencies,
    "getAgenciesListQD20": list_agencies_qd20,
    "getSynchronizeUnit": list_units,
    "registerAgency": register_agency,
    "deleteAgency": delete_agency,
}
