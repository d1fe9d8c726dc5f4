"""Statuses, business types, urgency and refusal reasons, and the moves between them.

Sources: Decision 28/2018/QĐ-TTg, Articles 5.4, 8–10; the nine codes that the field's software speaks (`wire.md` 1.6).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum, StrEnum
from typing import NamedTuple


class Words(NamedTuple):
    """A name in both languages."""

    vi: str
    en: str


class StatusCode(StrEnum):
    """A status that travels between agencies."""

    ARRIVED = "01"
    REFUSED = "02"
    ACCEPTED = "03"
    ASSIGNED = "04"
    PROCESSING = "05"
    FINISHED = "06"
    TAKE_BACK = "13"
    AGREED = "15"
    DECLINED = "16"

    @property
    def words(self) -> Words:
        """The status in words."""
        return _STATUS_WORDS[self]


_STATUS_WORDS = {
    StatusCode.ARRIVED: Words("Đã đến", "Arrived"),
    StatusCode.REFUSED: Words("Từ chối tiếp nhận", "Refused"),
    StatusCode.ACCEPTED: Words("Đã tiếp nhận", "Accepted"),
    StatusCode.ASSIGNED: Words("Đã phân công", "Assigned"),
    StatusCode.PROCESSING: Words("Đang xử lý", "In process"),
    StatusCode.FINISHED: Words("Hoàn thành", "Finished"),
    StatusCode.TAKE_BACK: Words("Lấy lại", "Take back"),
    StatusCode.AGREED: Words("Đồng ý cập nhật, thu hồi", "Recall agreed"),
    StatusCode.DECLINED: Words("Từ chối cập nhật, thu hồi", "Recall declined"),
}

PROGRESS = (
    StatusCode.ARRIVED,
    StatusCode.ACCEPTED,
    StatusCode.ASSIGNED,
    StatusCode.PROCESSING,
    StatusCode.FINISHED,
)
"""The way forward at a recipient, in order."""


def furthest(reported: Iterable[StatusCode]) -> StatusCode | None:
    """Where a document stands at a recipient, from all that it reported, in whatever order that came.

        reported                    stands at
        nothing                     None (sent)
        01                          01
        01, 02                      02: refused
        02, 03 (any order)          03: a refusal counts only while nothing of 03 or later has come
        01, 03, 06                  06: skipped steps are the reporter's business

    Times that a reporter claims are never compared. 13, 15 and 16 belong to a recall and do not move the document.
    """
    known = set(reported)
    progress = [code for code in PROGRESS if code in known]
    if progress and progress[-1] is not StatusCode.ARRIVED:
        return progress[-1]
    if StatusCode.REFUSED in known:
        return StatusCode.REFUSED
    return progress[-1] if progress else None


class BusinessType(IntEnum):
    """What a document packet is for (nghiệp vụ)."""

    NEW = 0
    RECALL = 1
    UPDATE = 2
    REPLACE = 3

    @property
    def words(self) -> Words:
        """The business type in words."""
        return _BUSINESS_WORDS[self]


_BUSINESS_WORDS = {
    BusinessType.NEW: Words("Văn bản mới", "New"),
    BusinessType.RECALL: Words("Thu hồi", "Recall"),
    BusinessType.UPDATE: Words("Cập nhật", "Update"),
    BusinessType.REPLACE: Words("Thay thế", "Replacement"),
}


class Urgency(IntEnum):
    """How urgent a document is (độ khẩn; Decision 28/2018, Article 10.2k); a larger one goes first."""

    NORMAL = 0
    URGENT = 1
    VERY_URGENT = 2
    EXPRESS = 3
    EXPRESS_TIMED = 4

    @property
    def words(self) -> Words:
        """The urgency in words."""
        return _URGENCY_WORDS[self]


_URGENCY_WORDS = {
    Urgency.NORMAL: Words("Thường", "Normal"),
    Urgency.URGENT: Words("Khẩn", "Urgent"),
    Urgency.VERY_URGENT: Words("Thượng khẩn", "Very urgent"),
    Urgency.EXPRESS: Words("Hỏa tốc", "Express"),
    Urgency.EXPRESS_TIMED: Words("Hỏa tốc hẹn giờ", "Express, timed"),
}


class RefusalReason(StrEnum):
    """Why a recipient returns a document. The law names no list; this one follows from its Articles 5.4, 6 and 9.1."""

    WRONG_ADDRESSEE = "WRONG_ADDRESSEE"
    MISSING_FILE = "MISSING_FILE"
    INTEGRITY_FAILED = "INTEGRITY_FAILED"
    UNSIGNED = "UNSIGNED"
    SIGNATURE_INVALID = "SIGNATURE_INVALID"
    SIGNER_NOT_AUTHORISED = "SIGNER_NOT_AUTHORISED"
    FORMAT_RULES = "FORMAT_RULES"
    FILE_FORMAT = "FILE_FORMAT"
    STATE_SECRET = "STATE_SECRET"  # noqa: S105 - a mark on paper, no password
    DUPLICATE = "DUPLICATE"
    UNKNOWN_SENDER = "UNKNOWN_SENDER"
    OTHER = "OTHER"

    @property
    def words(self) -> Words:
        """The reason in words."""
        return _REASON_WORDS[self]


_REASON_WORDS = {
    RefusalReason.WRONG_ADDRESSEE: Words("Gửi nhầm nơi nhận", "Sent to the wrong agency"),
    RefusalReason.MISSING_FILE: Words("Thiếu tệp, phụ lục", "A file or annex is missing"),
    RefusalReason.INTEGRITY_FAILED: Words("Văn bản không toàn vẹn", "The document was changed"),
    RefusalReason.UNSIGNED: Words("Chưa ký số", "Not signed"),
    RefusalReason.SIGNATURE_INVALID: Words("Chữ ký số không hợp lệ", "A signature is not valid"),
    RefusalReason.SIGNER_NOT_AUTHORISED: Words("Sai thẩm quyền ký", "The signer has no authority"),
    RefusalReason.FORMAT_RULES: Words("Sai thể thức", "Rules of presentation are broken"),
    RefusalReason.FILE_FORMAT: Words("Định dạng tệp không được phép", "The file format is not allowed"),
    RefusalReason.STATE_SECRET: Words("Văn bản mật không gửi qua Trục", "A state secret may not travel this way"),
    RefusalReason.DUPLICATE: Words("Trùng văn bản đã nhận", "Received before"),
    RefusalReason.UNKNOWN_SENDER: Words("Không xác định được nơi gửi", "The sender is unknown"),
    RefusalReason.OTHER: Words("Lý do khác", "Another reason"),
}


def write_refusal(reason: RefusalReason, text: str) -> str:
    """The description that carries a refusal in a status packet: `MISSING_FILE: thiếu Phụ lục I`."""
    return f"{reason.value}: {text}"


def read_refusal(description: str) -> tuple[RefusalReason, str]:
    """The reason and text of a refusal; what other software writes freely is `OTHER` with the whole text."""
    code, colon, text = description.partition(":")
    try:
        return RefusalReason(code.strip()), text.strip() if colon else ""
    except ValueError:
        return RefusalReason.OTHER, description.strip()


class TransportState(StrEnum):
    """Where a delivery stands between hub and recipient, in the words of the field's protocol (`wire.md` 3.4)."""

    INITIAL = "initial"
    PROCESSING = "processing"
    DONE = "done"
    FAIL = "fail"
    WITHDRAWN = "withdrawn"

    @property
    def words(self) -> Words:
        """The state in words."""
        return _TRANSPORT_WORDS[self]


_TRANSPORT_WORDS = {
    TransportState.INITIAL: Words("Chờ bên nhận lấy", "Waits for the recipient"),
    TransportState.PROCESSING: Words("Bên nhận đang lấy", "Being fetched"),
    TransportState.DONE: Words("Đã giao", "Handed over"),
    TransportState.FAIL: Words("Bên nhận báo lỗi", "The recipient could not take it"),
    TransportState.WITHDRAWN: Words("Đã rút trước khi giao", "Withdrawn before the hand-over"),
}

TRANSPORT_MOVES: dict[TransportState, frozenset[TransportState]] = {
    # Who may still fetch or acknowledge: an acknowledgement may arrive without a fetch seen by the hub's newest record.
    TransportState.PROCESSING: frozenset({TransportState.INITIAL, TransportState.PROCESSING, TransportState.FAIL}),
    TransportState.DONE: frozenset({TransportState.INITIAL, TransportState.PROCESSING, TransportState.FAIL}),
    TransportState.FAIL: frozenset({TransportState.INITIAL, TransportState.PROCESSING, TransportState.FAIL}),
    # What a recipient could not take is withdrawn as well when it is recalled: it is not to be tried again.
    TransportState.WITHDRAWN: frozenset({TransportState.INITIAL, TransportState.FAIL}),
}
"""Each state, and the states it may be entered from."""

OPEN_TRANSPORT = (TransportState.INITIAL, TransportState.PROCESSING, TransportState.FAIL)
"""The states in which an inbox lists a delivery: everything that is not acknowledged."""


class RequestKind(StrEnum):
    """What a sender asks of a recipient of its document; the answer is 15 or 16."""

    RECALL = "recall"
    TAKE_BACK = "take_back"
    UPDATE = "update"
    REPLACE = "replace"

    @property
    def words(self) -> Words:
        """The request in words."""
        return _REQUEST_WORDS[self]

    @property
    def gives_back(self) -> bool:
        """Whether the recipient is to give the document back, by a recall or by the take-back of one copy."""
        return self in (RequestKind.RECALL, RequestKind.TAKE_BACK)


_REQUEST_WORDS = {
    RequestKind.RECALL: Words("Thu hồi", "Recall"),
    RequestKind.TAKE_BACK: Words("Lấy lại", "Take-back"),
    RequestKind.UPDATE: Words("Cập nhật", "Update"),
    RequestKind.REPLACE: Words("Thay thế", "Replacement"),
}


class RequestState(StrEnum):
    """Where a request to one recipient stands."""

    OPEN = "open"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"

    @property
    def words(self) -> Words:
        """The state in words."""
        return _REQUEST_STATE_WORDS[self]


_REQUEST_STATE_WORDS = {
    RequestState.OPEN: Words("Chờ trả lời", "Waits for the answer"),
    RequestState.AGREED: Words("Đồng ý (15)", "Agreed (15)"),
    RequestState.DECLINED: Words("Không đồng ý (16)", "Declined (16)"),
    RequestState.WITHDRAWN: Words("Không cần trả lời: văn bản đã rút trước khi giao", "Withdrawn before the hand-over"),
    RequestState.SUPERSEDED: Words("Yêu cầu sau thay cho yêu cầu này", "A later request stands in its place"),
}

REQUEST_MOVES: dict[RequestState, frozenset[RequestState]] = {
    # Who declined may still agree; what was agreed is done and stays so.
    RequestState.AGREED: frozenset({RequestState.OPEN, RequestState.DECLINED}),
    RequestState.DECLINED: frozenset({RequestState.OPEN}),
    RequestState.WITHDRAWN: frozenset({RequestState.OPEN}),
    RequestState.SUPERSEDED: frozenset({RequestState.OPEN, RequestState.DECLINED}),
}
"""Each state of a request, and the states it may be entered from."""


class RelationKind(StrEnum):
    """What a packet says of another document."""

    RECALLS = "recalls"
    TAKES_BACK = "takes_back"
    UPDATES = "updates"
    REPLACES = "replaces"
    CORRECTS = "corrects"
    ANSWERS = "answers"

    @property
    def words(self) -> Words:
        """Said of the packet that tells it."""
        return _RELATION_WORDS[self]

    @property
    def back(self) -> str:
        """Its name seen from the other document: `replaced_by`, …"""
        return _RELATION_BACK[self]


_RELATION_WORDS = {
    RelationKind.RECALLS: Words("Thu hồi", "Recalls"),
    RelationKind.TAKES_BACK: Words("Lấy lại", "Takes back"),
    RelationKind.UPDATES: Words("Cập nhật", "Updates"),
    RelationKind.REPLACES: Words("Thay thế", "Replaces"),
    RelationKind.CORRECTS: Words("Đính chính", "Corrects"),
    RelationKind.ANSWERS: Words("Phúc đáp, liên quan", "Answers"),
}
_RELATION_BACK = {
    RelationKind.RECALLS: "recalled_by",
    RelationKind.TAKES_BACK: "taken_back_by",
    RelationKind.UPDATES: "updated_by",
    RelationKind.REPLACES: "replaced_by",
    RelationKind.CORRECTS: "corrected_by",
    RelationKind.ANSWERS: "answered_by",
}


class Turn(StrEnum):
    """Who has to act next on something that is not over."""

    RECIPIENT_SYSTEM = "recipient_system"
    RECIPIENT = "recipient"
    SENDER = "sender"
    OPERATORS = "operators"
    CLOCK = "clock"
    NOBODY = "nobody"

    @property
    def words(self) -> Words:
        """Who, in words."""
        return _TURN_WORDS[self]


_TURN_WORDS = {
    Turn.RECIPIENT_SYSTEM: Words("Hệ thống của nơi nhận", "The recipient's system"),
    Turn.RECIPIENT: Words("Nơi nhận", "The recipient"),
    Turn.SENDER: Words("Nơi gửi", "The sender"),
    Turn.OPERATORS: Words("Đơn vị quản trị Trục", "The hub's operators"),
    Turn.CLOCK: Words("Tự động, theo thời hạn", "The clock"),
    Turn.NOBODY: Words("Đã xong", "Nobody: it is over"),
}
