"""The self-test of the connector: it registers at a test hub, lives through everything that an agency does there, and
says of each thing whether it went as the law asks (Decision 28/2018, Article 14.1; the report is for publishing).

The connector is what an office speaks to hubs with: the packets of `standards.edxml`, the door of `protocol.client`.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TypeVar
from uuid import uuid4

from lienthong.evidence.proving import Claim, Unproven, key_id, prove
from lienthong.evidence.receipts import EvidenceEvent
from lienthong.protocol.client.interface import HubConnection
from lienthong.protocol.messages import Change, InboxItem, Submission
from lienthong.protocol.problems import Problem
from lienthong.runtime.counterparts import DECLINING, OBEYING, REFUSING, WILLING
from lienthong.standards import edxml
from lienthong.standards.identifiers import DocumentIdentifier, DocumentNumber, is_test_code
from lienthong.standards.statuses import BusinessType, StatusCode, Words
from lienthong.standards.times import VIETNAM

PATIENCE = 60.0
"""Seconds for which the answer of a counterpart is waited for."""
MOST_SKEW = timedelta(seconds=2)
POLL = 5.0
S = StatusCode
T = TypeVar("T")


class Failed(Exception):
    """A check that did not go as it ought to."""


@dataclass(frozen=True)
class Outcome:
    """What became of a check; `fault` is empty where it went as it ought to."""

    name: str
    clause: str
    what: Words
    fault: str = ""


@dataclass
class _Sent:
    """A document on its way, and what was said of it since."""

    document: edxml.Document
    digest: str
    submission: Submission
    key: str
    packet: bytes


@dataclass
class Trial:
    """A run of the self-test.

    Args:
        connection: of a member of the test hub; `agency`: the code of one of its agencies.
        patience: seconds for which the answer of a counterpart is waited for.
    """

    connection: HubConnection
    agency: str
    patience: float = PATIENCE
    _statuses: dict[str, list[edxml.StatusReport]] = field(default_factory=dict)
    _documents: list[tuple[InboxItem, edxml.Document]] = field(default_factory=list)
    _sent: dict[str, _Sent] = field(default_factory=dict)
    _number: int = 0

    def run(self) -> Iterator[Outcome]:
        """Every check, in the order of the exchange: what fails keeps no other from being tried.

        Raises:
            HubUnreachable: the hub does not answer.
        """
        for name, (clause, what, check) in CHECKS.items():
            fault = ""
            try:
                check(self)
            except (Failed, Unproven) as reason:
                fault = str(reason) or type(reason).__name__
            except edxml.PacketRefused as refused:
                fault = f"gói tin không đọc được / a packet that cannot be read: {refused.problems[0].code}"
            except Problem as refused:
                fault = f"{refused.code}: {refused.detail}"
            except (LookupError, TypeError, ValueError) as reason:
                fault = f"Trục trả lời sai dạng / an answer as no hub gives it: {type(reason).__name__}"
            yield Outcome(name, clause, what, fault)

    # -- what is tried -----------------------------------------------------------------------------------------------

    def _clock(self) -> None:
        skew = abs(datetime.now(UTC) - self.connection.time())
        if skew > MOST_SKEW:
            raise Failed(f"{skew.total_seconds():.1f} s")

    def _directory(self) -> None:
        codes = {one.code for one in self.connection.directory()}
        missing = {self.agency, WILLING, REFUSING, OBEYING, DECLINING} - codes
        if missing or not all(map(is_test_code, codes)):
            raise Failed(", ".join(sorted(missing)) or "mã không phải mã thử nghiệm / codes that are none of tests")

    def _submission(self) -> None:
        for code in (WILLING, REFUSING, OBEYING, DECLINING):
            self._sent[code] = self._send(self._document(code))

    def _once(self) -> None:
        sent = self._of(WILLING)
        again = self._submit(sent.packet, sent.document, sent.key)
        if not again.repeated or again.packet_id != sent.submission.packet_id:
            raise Failed("gửi lại thành gói tin khác / sent again it became another packet")

    def _unsound(self) -> None:
        broken = self._of(WILLING).packet.replace(b"</", b"<", 1)
        try:
            self._submit(broken, self._document(WILLING), uuid4().hex)
        except Problem:
            return
        raise Failed("gói tin hỏng được nhận / a broken packet was accepted")

    def _finished(self) -> None:
        self._require_statuses(WILLING, [S.ARRIVED, S.ACCEPTED, S.ASSIGNED, S.PROCESSING, S.FINISHED])

    def _refused(self) -> None:
        last = self._require_statuses(REFUSING, [S.ARRIVED, S.REFUSED])
        if not last.description.strip():
            raise Failed("từ chối không nêu lý do / refused without a reason")

    def _reply(self) -> None:
        item, reply = self._wait_for(self._answer_of(WILLING), "văn bản trả lời / the reply")
        about = edxml.Related(reply.sender.code, reply.printed_number, reply.identifier, reply.issued_on)
        for code in (S.ARRIVED, S.ACCEPTED):
            self._report(edxml.StatusReport(edxml.Organ(self.agency, self.agency), about, code, code.words.vi, _now()))
        if item.routed_to != self.agency:
            raise Failed(item.routed_to)

    def _handed_over(self) -> None:
        sent = self._of(WILLING)
        change = self._wait_for(lambda: self._hand_over(sent), "bản ký nhận / the hand-over")
        claim = Claim(EvidenceEvent.CONTENT_HANDOVER, sent.digest, change.at, frozenset({WILLING}))
        prove(change.statement, claim, self.connection.key(key_id(change.statement)))

    def _recall_agreed(self) -> None:
        self._recall(OBEYING, S.AGREED)

    def _recall_declined(self) -> None:
        self._recall(DECLINING, S.DECLINED)

    # -- how ---------------------------------------------------------------------------------------------------------

    def _document(self, to: str) -> edxml.Document:
        self._number += 1
        day = _now().date()
        number = DocumentNumber(self._number, f"TN{uuid4().hex[:8].upper()}")
        return edxml.Document(
            sender=edxml.Organ(self.agency, "Cơ quan thử nghiệm"), recipients=(edxml.Organ(to, to),),
            identifier=str(DocumentIdentifier.compose(self.agency, day, number)), number=number.printed_number,
            notation=number.notation, subject="[THỬ NGHIỆM] Tự kiểm tra kết nối", issued_on=day, place="Hà Nội",
            kind_name="Công văn", signer=edxml.Signer("Người Ký Thử Nghiệm"),
            traces=(edxml.Trace(self.agency, _now()),),
        )  # fmt: skip

    def _send(self, document: edxml.Document) -> _Sent:
        out = io.BytesIO()
        text = "THỬ NGHIỆM: tự kiểm tra kết nối.\n".encode()
        files = [] if document.business.type is BusinessType.RECALL else [text]
        edxml.write_document(document, [edxml.FileToSend("thu.txt", lambda: io.BytesIO(text)) for _ in files], out)
        packet, key = out.getvalue(), uuid4().hex
        return _Sent(document, _digest(packet), self._submit(packet, document, key), key, packet)

    def _report(self, report: edxml.StatusReport) -> None:
        out = io.BytesIO()
        edxml.write_status(report, out)
        self._submit(out.getvalue(), None, uuid4().hex)

    def _submit(self, packet: bytes, document: edxml.Document | None, key: str) -> Submission:
        return self.connection.submit(
            lambda: io.BytesIO(packet), digest=_digest(packet), size=len(packet), sender=self.agency, recipients=(),
            document_id=document.identifier if document else "", idempotency_key=key,
        )  # fmt: skip

    def _of(self, code: str) -> _Sent:
        if code not in self._sent:
            raise Failed("chưa gửi được văn bản / no document was sent")
        return self._sent[code]

    def _recall(self, code: str, answer: StatusCode) -> None:
        document = self._of(code).document
        self._require_statuses(code, [S.ARRIVED, S.ACCEPTED])
        business = edxml.Business(BusinessType.RECALL, "Tự kiểm tra thu hồi", document.identifier)
        self._send(replace(document, business=business))
        self._require_statuses(code, [S.ARRIVED, S.ACCEPTED, answer])

    def _require_statuses(self, code: str, wanted: list[StatusCode]) -> edxml.StatusReport:
        identifier = self._of(code).document.identifier

        def found() -> list[edxml.StatusReport] | None:
            told = self._statuses.get(identifier, [])
            return told if set(wanted) <= {one.code for one in told} else None

        told = self._wait_for(found, ", ".join(wanted))
        return next(one for one in told if one.code is wanted[-1])

    def _answer_of(self, code: str) -> Callable[[], tuple[InboxItem, edxml.Document] | None]:
        identifier = self._of(code).document.identifier
        return lambda: next(
            (pair for pair in self._documents if identifier in {one.identifier for one in pair[1].answers}), None
        )

    def _hand_over(self, sent: _Sent) -> Change | None:
        mine = (one for one in self.connection.changes(after=0) if one.packet_id == sent.submission.packet_id)
        return next((one for one in mine if one.state == "done" and one.statement), None)

    def _wait_for(self, find: Callable[[], T | None], what: str) -> T:
        """What is found once enough has come. Raises `Failed`: nothing did."""
        end = monotonic() + self.patience
        while (found := find()) is None:
            left = end - monotonic()
            if left <= 0:
                raise Failed(f"không đến / did not come: {what}")
            self._take(min(left, POLL))
        return found

    def _take(self, wait: float) -> None:
        """Fetch, read and acknowledge what waits."""
        for item in self.connection.inbox(wait=wait):
            with tempfile.TemporaryFile() as file:
                self.connection.fetch(item, file)
                file.seek(0)
                message = edxml.read(file).message
            if isinstance(message, edxml.StatusReport):
                self._statuses.setdefault(message.about.identifier, []).append(message)
            else:
                self._documents.append((item, message))
            self.connection.acknowledge(item)


Check = Callable[[Trial], None]
CHECKS: dict[str, tuple[str, Words, Check]] = {
    "clock": (
        "14.4", Words("đồng hồ lệch Trục không quá 2 giây", "the clock is within 2 seconds of the hub's"), Trial._clock,
    ),
    "directory": (
        "10.2a, 14.2", Words("danh bạ: mã định danh cơ quan", "the directory: codes of agencies"), Trial._directory,
    ),
    "submission": (
        "8.1, 14.2", Words("gửi gói tin, biên nhận của Trục đúng chữ ký", "a packet is sent, the hub's receipt holds"),
        Trial._submission,
    ),
    "once": ("8.1", Words("gửi lại không thành hai", "sent again, it is there once"), Trial._once),
    "unsound": ("14.2", Words("gói tin hỏng bị từ chối", "a broken packet is refused"), Trial._unsound),
    "finished": (
        "6.3, 9.1, 14.2", Words("nhận trạng thái 01, 03, 04, 05, 06", "statuses 01, 03, 04, 05, 06 arrive"),
        Trial._finished,
    ),
    "refused": ("5.4, 9.1", Words("nhận từ chối 02 kèm lý do", "a refusal (02) comes with its reason"), Trial._refused),
    "reply": (
        "9.1, 14.2", Words("nhận văn bản, đọc, xác nhận, báo 01 và 03", "a document is fetched, read, reported on"),
        Trial._reply,
    ),
    "handed_over": (
        "13.1", Words("bản ký nhận của nơi nhận đúng chữ ký", "the recipient's signed hand-over holds"),
        Trial._handed_over,
    ),
    "recall_agreed": ("8.2, 9.2", Words("thu hồi được đồng ý (15)", "a recall is agreed (15)"), Trial._recall_agreed),
    "recall_declined": (
        "8.2, 9.2", Words("thu hồi không được đồng ý (16)", "a recall is declined (16)"), Trial._recall_declined,
    ),
}  # fmt: skip
"""Name → clauses of Decision 28, what is tried, and how."""


def as_text(outcomes: list[Outcome], *, version: str, hub: str, at: datetime) -> str:
    """The report, as it is published."""
    passed = sum(1 for one in outcomes if not one.fault)
    lines = [
        "# Báo cáo tự kiểm tra kết nối / conformance report of the connector",
        "",
        f"Liên Thông {version}, {at.astimezone(VIETNAM):%Y-%m-%dT%H:%M:%S%z}, Trục thử nghiệm / test hub {hub}.",
        f"Đạt / passed: {passed} / {len(outcomes)} (Điều 14.1 Quyết định 28/2018/QĐ-TTg).",
        "",
        "| phép kiểm tra / check | Điều / Article | kết quả / result |",
        "|---|---|---|",
    ]
    for one in outcomes:
        fault = " ".join(one.fault.replace("|", "/").split())  # a hub's words stay in their place
        result = f"KHÔNG ĐẠT / FAILED: {fault}" if fault else "đạt / passed"
        lines.append(f"| {one.what.vi} / {one.what.en} | {one.clause} | {result} |")
    return "\n".join([*lines, ""])


def _now() -> datetime:
    return datetime.now(VIETNAM).replace(microsecond=0)


def _digest(packet: bytes) -> str:
    return hashlib.sha256(packet).hexdigest()
