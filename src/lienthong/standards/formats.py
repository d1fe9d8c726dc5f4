"""Formats in which files travel with a document (Decision 28/2018/QĐ-TTg, Article 6.4): those that the technical
standards for agencies name (Circular 39/2017/TT-BTTTT), and whether a file is what its name says."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

CLAUSE = "Điều 6.4 Quyết định 28/2018/QĐ-TTg; Thông tư 39/2017/TT-BTTTT"
HEAD = 4096
"""Bytes of a file's beginning by which it is known."""

_OLE = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_TEXT = ()
FORMATS: Mapping[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",), "doc": _OLE, "docx": _ZIP, "odt": _ZIP, "rtf": (b"{\\rtf",), "txt": _TEXT,
    "xls": _OLE, "xlsx": _ZIP, "ods": _ZIP, "csv": _TEXT,
    "ppt": _OLE, "pptx": _ZIP, "odp": _ZIP,
    "jpg": (b"\xff\xd8\xff",), "jpeg": (b"\xff\xd8\xff",), "png": (b"\x89PNG\r\n\x1a\n",),
    "gif": (b"GIF87a", b"GIF89a"),
    "tif": (b"II*\x00", b"MM\x00*"), "tiff": (b"II*\x00", b"MM\x00*"), "bmp": (b"BM",),
    "zip": _ZIP, "rar": (b"Rar!\x1a\x07",),
}  # fmt: skip
"""Ending of a name → how such files begin; of a text: without a byte that no text has."""


class FormatFault(StrEnum):
    """What is wrong with a file as a file."""

    NOT_LISTED = "not_listed"
    DIFFERS = "differs"


def fault_of(name: str, head: bytes) -> FormatFault | None:
    """What is wrong with a file, None for nothing.

    Args:
        head: its first `HEAD` bytes, or all of it.
    """
    begins = FORMATS.get(name.rpartition(".")[2].strip().lower() if "." in name else "")
    if begins is None:
        return FormatFault.NOT_LISTED
    if begins == _TEXT:
        return FormatFault.DIFFERS if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")) else None
    # A PDF may begin with a few bytes of something else (ISO 32000-2, Annex I).
    found = any(one in head[:1024] for one in begins) if begins == FORMATS["pdf"] else head.startswith(begins)
    return None if found else FormatFault.DIFFERS
