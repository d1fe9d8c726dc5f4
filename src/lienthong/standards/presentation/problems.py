"""Why a file cannot be checked at all."""

from __future__ import annotations

from enum import StrEnum

from lienthong.standards.statuses import Words


class Why(StrEnum):
    """What is wrong with the file itself."""

    NO_PDF = "no_pdf"
    LOCKED = "locked"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"


WORDS = {
    Why.NO_PDF: Words("tệp không phải PDF", "the file is no PDF"),
    Why.LOCKED: Words("tệp PDF có mật khẩu", "the PDF has a password"),
    Why.BROKEN: Words("tệp PDF bị hỏng", "the PDF is broken"),
    Why.TOO_LARGE: Words("tệp PDF quá lớn để kiểm tra", "the PDF is too large to be checked"),
    Why.TOO_SLOW: Words("đọc tệp PDF mất quá nhiều thời gian", "reading the PDF takes too long"),
}


class Unreadable(Exception):
    """The file cannot be read as a document."""

    def __init__(self, why: Why) -> None:
        self.why = why
        super().__init__(WORDS[why].en)

    @property
    def words(self) -> Words:
        return WORDS[self.why]
