"""A document of the user's own for the story: looked at, and named if it is of no use, before anything starts."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from lienthong.office.typeset import TypesetProblem, require_signable

File = tuple[str, bytes]
"""A name, and bytes."""

LARGEST = 50 << 20
"""Bytes of a file: what an office signs as a whole."""
WORD_PROCESSORS = (".docx", ".doc", ".odt", ".rtf")


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
    if _is_text(content):
        return Given(upload=(document.name, content))
    if document.suffix.lower() in WORD_PROCESSORS and (office := _libreoffice()):
        return Given(upload=_laid_out(document, office, patience))
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


def _libreoffice() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def _laid_out(document: Path, office: str, patience: float) -> File:
    """A word processor's file as PDF. Raises `Unusable`."""
    with tempfile.TemporaryDirectory() as folder:
        code = _run(
            [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf",
             "--outdir", folder, str(document.absolute())],
            patience, document.name,
        )  # fmt: skip
        made = Path(folder) / f"{document.stem}.pdf"
        if code or not made.is_file():
            raise Unusable(
                "conversion_failed",
                f"LibreOffice không chuyển được «{document.name}» sang PDF; hãy xuất PDF từ trình soạn thảo.",
                f"LibreOffice could not turn «{document.name}» into a PDF; export a PDF from the word processor.",
            )
        content = made.read_bytes()
    _require_signable(made.name, content)
    return made.name, content


def _run(command: list[str], patience: float, name: str) -> int:
    """The exit code. It is a group of its own: with it ends all that it started. Raises `Unusable`: too slow."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            return process.wait(patience)
        except subprocess.TimeoutExpired:
            raise Unusable(
                "conversion_too_slow",
                f"LibreOffice chưa chuyển xong «{name}» sau {patience:g} giây; dùng --patience, hoặc xuất PDF trước.",
                f"LibreOffice had not finished «{name}» after {patience:g} seconds; use --patience, or export a PDF.",
            ) from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
