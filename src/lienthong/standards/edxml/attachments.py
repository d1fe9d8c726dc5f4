"""The files of a packet as people gave them: raw, zipped, or zipped and called something else.

The common library packs everything but PDF, DOC(X) and ZIP into a ZIP with one entry, and calls that
`application/zip`; packets of the field do so with PDF too, and call it `application/pdf`. So what counts is the bytes.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from lienthong.standards.edxml.limits import LIMITS
from lienthong.standards.edxml.problems import PacketRefused, refuse

ZIP_START = b"PK\x03\x04"
ZIP_NAMES = frozenset(
    ["zip", "docx", "xlsx", "pptx", "odt", "ods", "odp", "docm", "xlsm", "jar", "epub", "asice", "asics", "xps"]
)
"""Extensions of files that are ZIP archives themselves."""

METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""How an entry may be packed. Others unpack at once what a few bytes say, past any limit; nobody wraps with them."""

RAW_TYPES = {"pdf": "application/pdf", "doc": "application/doc", "docx": "application/docx", "zip": "application/zip"}
"""What the common library sends as it is, with the names that it gives; everything else it packs."""

_COPY = 1 << 18
_LONGEST_END = 22 + (1 << 16)
"""The record that ends a ZIP, with the longest comment."""


@dataclass(frozen=True)
class UnpackedFile:
    """A file after unwrapping: digest, size."""

    digest: str
    size: int


def extension(name: str) -> str:
    """The extension of a file's name in lower case, without the dot."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip(".")


def safe_name(name: str, fallback: str = "tep-dinh-kem") -> str:
    """A file's name without folders, control characters and leading dots: safe to show and to offer for download."""
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(letter for letter in last if letter.isprintable()).strip().lstrip(".")
    return clean[: LIMITS.name] or fallback


def unpack(source: BinaryIO, name: str, out: BinaryIO) -> UnpackedFile:
    """Copy an attachment's content to `out`, unwrapped where it is a ZIP around another file. The entry's own name is
    ignored: it comes from outside and may name any folder.

    Args:
        source: the content after base64, seekable.
        name: the attachment's name.

    Raises:
        PacketRefused: `zip_bomb`, `damaged_zip`.
    """
    packed_size = source.seek(0, 2)
    source.seek(0)
    is_zip = source.read(4) == ZIP_START and _is_short(source, packed_size)
    if not is_zip or (extension(name) in ZIP_NAMES and not _wraps_another(source, name)):
        source.seek(0)
        return _copy(source, out, packed_size + 1, name)
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            entries = _entries(archive)
            if len(entries) != 1 or entries[0].flag_bits & 1 or entries[0].compress_type not in METHODS:
                source.seek(0)
                return _copy(source, out, packed_size + 1, name)
            limit = min(LIMITS.unpacked, max(LIMITS.ratio_free, packed_size * LIMITS.ratio))
            with archive.open(entries[0]) as entry:
                return _copy(entry, out, limit, name)
    except PacketRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError) as reason:
        raise refuse("damaged_zip", "AttachmentEncoded/Attachment", detail=name) from reason


def _is_short(source: BinaryIO, size: int) -> bool:
    """Whether the list of entries of a ZIP is short enough to be read. One whose end is not there is damaged, not long;
    one with the end of ZIP64 is of no software that wraps a file.
    """
    tail = source.seek(max(0, size - _LONGEST_END))
    end = source.read()
    place = end.rfind(b"PK\x05\x06")
    if place < 0:
        return True
    directory = int.from_bytes(end[place + 12 : place + 16], "little")
    is_zip64 = end[max(0, place - 20) : place].startswith(b"PK\x06\x07")
    return directory <= LIMITS.directory and not is_zip64 and tail + place + 22 <= size


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [entry for entry in archive.infolist() if not entry.is_dir()]


def _wraps_another(source: BinaryIO, name: str) -> bool:
    """Whether a file that is a ZIP by its name (`bang.xlsx`) was packed once more: then all that it holds is one file
    of that kind. A `.zip` never is."""
    kind = extension(name)
    if kind == "zip":
        return False
    try:
        with zipfile.ZipFile(source) as archive:
            entries = _entries(archive)
            return len(entries) == 1 and extension(entries[0].filename) == kind
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError):
        return False


def _copy(source: object, out: BinaryIO, limit: int, name: str) -> UnpackedFile:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_COPY):  # type: ignore[attr-defined]
        size += len(chunk)
        if size > limit:
            raise refuse("zip_bomb", "AttachmentEncoded/Attachment", limit=LIMITS.ratio, detail=name)
        digest.update(chunk)
        out.write(chunk)
    return UnpackedFile(digest.hexdigest(), size)


def pack(source: BinaryIO, entry_name: str, out: BinaryIO) -> None:
    """Pack a file into a ZIP with one entry, as the common library does with what it does not know."""
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive,
        archive.open(zipfile.ZipInfo(entry_name, date_time=(1980, 1, 1, 0, 0, 0)), "w", force_zip64=True) as entry,
    ):
        shutil.copyfileobj(source, entry, _COPY)
