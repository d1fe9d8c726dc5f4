"""A document of the user's own for the story: looked at, and named if it is of no use, before anything starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from lienthong.office.typeset import TypesetProblem, require_signable, word_processor

File = tuple[str, bytes]
"""A name, and bytes."""

LARGEST = 50 << 20
"""Bytes of a file: what an office signs as a whole."""


class Unusable(Exception):
    """A document that the story cannot be acted with: a code, and in both languages why, and what to do."""

    def __init__(self, code: str, vi: str, en: str) -> None:
        super().__init__(vi)
        self.code, self.vi, self.en = code, vi, en


@dataclass(frozen=True)
class Given:
    """What the story does with the document: it sends it, or encloses what cannot be laid out (Decision 28, 10.1)."""

    upload: File | None = None
    enclosure: File | None = None


def look_at(document: Path, *, patience: float) -> Given:
    """The document as the story takes it.

    Args:
        patience: seconds that LibreOffice may take for a word processor's file.

    Raises:
        Unusable: codes `document_missing`, `document_no_file`, `document_unreadable`, `document_empty`,
            `document_too_large`, `document_pdf`, `conversion_failed`, `conversion_too_slow`.
    """
    content = _read(document)
    if content.startswith(b"%PDF"):
        _require_signable(document.name, content)
        return Given(upload=(document.name, content))
    if _is_text(content) and not word_processor.is_of_one(document.name):  # RTF is text as well
        return Given(upload=(document.name, content))
    if word_processor.is_of_one(document.name) and word_processor.is_here():
        return Given(upload=_laid_out(document, content, patience))
    return Given(enclosure=(document.name, content))


def _read(document: Path) -> bytes:
    name = document.name or str(document)
    try:
        about = document.stat()
        if S_ISDIR(about.st_mode) or not S_ISREG(about.st_mode):
            raise Unusable(
                "document_no_file", f"«{name}» là thư mục hoặc thiết bị; hãy nêu một tệp.",
                f"«{name}» is a folder or a device; name a file.",
            )  # fmt: skip
        if about.st_size > LARGEST:
            raise Unusable(
                "document_too_large", f"Tệp «{name}» vượt {LARGEST >> 20} MB; hãy chọn tệp nhỏ hơn.",
                f"File «{name}» has more than {LARGEST >> 20} MB; choose a smaller one.",
            )  # fmt: skip
        content = document.read_bytes()
    except FileNotFoundError:
        raise Unusable(
            "document_missing", f"Không có tệp «{document}»; kiểm tra lại đường dẫn.",
            f"There is no file «{document}»; check the path.",
        ) from None  # fmt: skip
    except OSError as reason:
        raise Unusable(
            "document_unreadable", f"Không đọc được tệp «{name}» ({reason.strerror}); kiểm tra quyền đọc.",
            f"File «{name}» cannot be read ({reason.strerror}); check its permissions.",
        ) from None  # fmt: skip
    if not content.strip():
        raise Unusable(
            "document_empty", f"Tệp «{name}» không có nội dung; hãy chọn tệp khác.",
            f"File «{name}» is empty; choose another one.",
        )  # fmt: skip
    return content


def _require_signable(name: str, pdf: bytes) -> None:
    try:
        require_signable(pdf)
    except TypesetProblem as reason:
        raise Unusable(
            "document_pdf", f"Không dùng được «{name}»: {reason.vi}.", f"«{name}» cannot be used: {reason.en}."
        ) from None


def _is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode()
    except UnicodeDecodeError:
        return False


def _laid_out(document: Path, content: bytes, patience: float) -> File:
    """A word processor's file as PDF. Raises `Unusable`."""
    name = document.name
    try:
        made = word_processor.lay_out(name, content, patience=patience)
    except word_processor.ConversionTooSlow as reason:
        raise Unusable(
            "conversion_too_slow",
            f"«{name}»: {reason.vi}, hoặc dùng --patience.",
            f"«{name}»: {reason.en}, or use --patience.",
        ) from None
    except TypesetProblem as reason:
        raise Unusable("conversion_failed", f"«{name}»: {reason.vi}.", f"«{name}»: {reason.en}.") from None
    _require_signable(f"{document.stem}.pdf", made)
    return f"{document.stem}.pdf", made
