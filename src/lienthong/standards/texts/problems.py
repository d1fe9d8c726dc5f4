"""Why a file gives no text."""

from __future__ import annotations

from enum import StrEnum

from lienthong.standards.statuses import Words


class Why(StrEnum):
    """What is wrong with the file, or what it is."""

    UNKNOWN = "unknown"
    LOCKED = "locked"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    PICTURES = "pictures"
    MISSING = "missing"


WORDS = {
    Why.UNKNOWN: Words("loại tệp không đọc được chữ", "no kind of file whose text can be read"),
    Why.LOCKED: Words("tệp có mật khẩu", "the file has a password"),
    Why.BROKEN: Words("tệp bị hỏng", "the file is broken"),
    Why.TOO_LARGE: Words("tệp quá lớn", "the file is too large"),
    Why.TOO_SLOW: Words("đọc mất quá nhiều thời gian", "reading it takes too long"),
    Why.PICTURES: Words("chỉ có ảnh, không có chữ", "it has only pictures, no text"),
    Why.MISSING: Words("không có tệp", "the file is not here"),
}


class NoText(Exception):
    """No text can be taken from a file."""

    def __init__(self, why: Why) -> None:
        self.why = why
        super().__init__(WORDS[why].en)

    @property
    def words(self) -> Words:
        return WORDS[self.why]
