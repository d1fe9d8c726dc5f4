"""Plays the counterparts of a test hub: a part of `lienthong.runtime.processes`.

They are members like any other, who speak to the hub through the native API; so a vendor sees the whole life of a
document alone. What they have done once they do not do again: each message has an idempotency key of its delivery and
step.
"""

from __future__ import annotations

import hashlib
import io
import json
import signal
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

import structlog

from lienthong.evidence.receipts import SigningKey
from lienthong.protocol.client.native import NativeConnection
from lienthong.protocol.messages import InboxItem
from lienthong.protocol.problems import HubUnreachable, IdempotencyKeyReused, Problem
from lienthong.runtime import logs
from lienthong.runtime.settings import Settings, write_once
from lienthong.standards import edxml
from lienthong.standards.identifiers import TEST_GROUP, DocumentIdentifier, DocumentNumber
from lienthong.standards.statuses import BusinessType, StatusCode
from lienthong.standards.times import VIETNAM

SYSTEM = f"{TEST_GROUP}.00"
WILLING, REFUSING, OBEYING, DECLINING = (f"{SYSTEM}.0{number}" for number in range(1, 5))
"""The test hub's own agencies, by what they do (`docs/reference/sandbox.md`)."""
WAIT_SECONDS = 20.0
PAUSE_SECONDS = 2.0
STEPS = UUID("6f1d0d6e-0f7e-4f5b-9a35-7f3f1c2f28de")
"""Namespace of the idempotency keys."""

log = structlog.get_logger("counterparts")


@dataclass(frozen=True)
class Script:
    """What a counterpart does.

    Attributes:
        answers: what it reports of a new document, in order.
        replies: whether it sends a document in answer.
        to_recall: what it says to a recall, an update, a replacement or a take-back.
    """

    answers: Sequence[StatusCode]
    replies: bool = False
    to_recall: StatusCode = StatusCode.AGREED


SCRIPTS = {
    WILLING: Script(
        (
            StatusCode.ARRIVED, StatusCode.ACCEPTED, StatusCode.ASSIGNED, StatusCode.PROCESSING, StatusCode.FINISHED,
        ),
        replies=True,
    ),
    REFUSING: Script((StatusCode.ARRIVED, StatusCode.REFUSED)),
    OBEYING: Script((StatusCode.ARRIVED, StatusCode.ACCEPTED)),
    DECLINING: Script((StatusCode.ARRIVED, StatusCode.ACCEPTED), to_recall=StatusCode.DECLINED),
}  # fmt: skip
REASONS = {
    StatusCode.REFUSED: "Thử nghiệm: thiếu phụ lục kèm theo",
    StatusCode.DECLINED: "Thử nghiệm: văn bản đang được lưu trữ theo yêu cầu",
}


def key_of(settings: Settings) -> SigningKey:
    """The counterparts' key: made at the first start of a test hub, kept readable by its owner only."""
    file = settings.data / "sandbox" / "counterparts.json"
    write_once(file, lambda: json.dumps(SigningKey.generate().private_jwk()))
    return SigningKey(json.loads(file.read_text(encoding="utf-8")))


def main() -> None:
    """Answer until told to stop."""
    settings = Settings.from_environment()
    logs.configure(settings.service, "counterparts")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _stop(stop))
    connection = NativeConnection(settings.local_address, system=SYSTEM, key=key_of(settings))
    while not stop.is_set():
        try:
            answer_all(connection, WAIT_SECONDS)
        except HubUnreachable:
            stop.wait(PAUSE_SECONDS)  # it starts, or starts again
        except Problem as problem:
            log.warning("refused", code=problem.code)
            stop.wait(PAUSE_SECONDS)


def _stop(stop: threading.Event) -> None:
    """Nothing is lost by ending at once: what was begun is done again, and counts once."""
    stop.set()
    raise SystemExit(0)


def answer_all(connection: NativeConnection, wait: float) -> int:
    """Answer what waits, or comes within `wait` seconds; gives how many. Raises `HubUnreachable`, `Problem`."""
    items = connection.inbox(wait=wait)
    for item in items:
        try:
            _answer(connection, item)
        except Problem as problem:
            log.warning("not answered", code=problem.code, delivery=item.delivery_id)
            connection.refuse(item, code=problem.code, detail=problem.detail)
    return len(items)


def _answer(connection: NativeConnection, item: InboxItem) -> None:
    """Fetch, report, acknowledge: in this order, so that who is killed on the way does it all again."""
    with tempfile.TemporaryFile() as file:
        connection.fetch(item, file)
        file.seek(0)
        message = edxml.read(file).message
    script = SCRIPTS[item.routed_to]
    if isinstance(message, edxml.StatusReport):
        if message.code is StatusCode.TAKE_BACK:
            _report(connection, item, message.about, script.to_recall)
    elif message.business.type is not BusinessType.NEW:
        about = edxml.Related(
            message.sender.code, message.printed_number, message.business.identifier or message.identifier,
            message.issued_on,
        )  # fmt: skip
        _report(connection, item, about, script.to_recall)
    else:
        _play(connection, item, message, script)
    connection.acknowledge(item)


def _play(connection: NativeConnection, item: InboxItem, document: edxml.Document, script: Script) -> None:
    about = edxml.Related(document.sender.code, document.printed_number, document.identifier, document.issued_on)
    for code in script.answers:
        if code is StatusCode.FINISHED and script.replies:
            _send(connection, item, "reply", _reply(item, document, about))
        _report(connection, item, about, code)


def _report(connection: NativeConnection, item: InboxItem, about: edxml.Related, code: StatusCode) -> None:
    sender = edxml.Organ(item.routed_to, item.routed_to)
    words = REASONS.get(code, code.words.vi)
    about = replace(about, organ=item.sender)
    out = io.BytesIO()
    edxml.write_status(edxml.StatusReport(sender, about, code, words, _moment(item)), out)
    _send(connection, item, code.value, out.getvalue())


def _reply(item: InboxItem, document: edxml.Document, about: edxml.Related) -> bytes:
    """A document in answer: an empty page that says what it is, under a number of its own."""
    day = _moment(item).date()
    number = DocumentNumber(UUID(item.delivery_id).int % 10**9, "TL-THUNGHIEM")
    reply = edxml.Document(
        sender=edxml.Organ(item.routed_to, "Đối tác thử nghiệm"), recipients=(document.sender,),
        identifier=str(DocumentIdentifier.compose(item.routed_to, day, number)), number=number.printed_number,
        notation=number.notation, subject=f"[THỬ NGHIỆM] Trả lời văn bản số {document.printed_number}", issued_on=day,
        place="Hà Nội", kind_name="Công văn", signer=edxml.Signer("Người Ký Thử Nghiệm"), answers=(about,),
        traces=(edxml.Trace(item.routed_to, _moment(item)),),
    )  # fmt: skip
    text = f"THỬ NGHIỆM: văn bản trả lời tự động cho {document.printed_number}.\n".encode()
    out = io.BytesIO()
    edxml.write_document(reply, [edxml.FileToSend("tra-loi.txt", lambda: io.BytesIO(text))], out)
    return out.getvalue()


def _send(connection: NativeConnection, item: InboxItem, step: str, packet: bytes) -> None:
    with suppress(IdempotencyKeyReused):  # it was sent before a restart, with bytes of another version of ours
        connection.submit(
            lambda: io.BytesIO(packet), digest=hashlib.sha256(packet).hexdigest(), size=len(packet),
            sender=item.routed_to, recipients=(), document_id="",
            idempotency_key=uuid5(STEPS, f"{item.delivery_id} {step}").hex,
        )  # fmt: skip


def _moment(item: InboxItem) -> datetime:
    """The time that its messages bear: the same however often they are made."""
    return item.submitted_at.astimezone(VIETNAM)
