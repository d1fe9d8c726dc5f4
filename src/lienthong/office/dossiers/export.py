"""A dossier taken away whole: one ZIP with all of it as a PDF and as XML in the order of time, the files as they are,
and a list of digests (Decree 30/2020, Annex VI, III.4g).

It is written piece by piece while it is sent. Of the joined PDF a volume at a time is in memory: it ends before it
becomes larger than `VOLUME`, and a dossier of usual size has one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.db import transaction

from lienthong.journal.record import log_access
from lienthong.journal.vocabulary import Access, OfficeEvent
from lienthong.look.tables import Sink
from lienthong.look.vietnamese import day
from lienthong.office.config import blobs
from lienthong.office.dossiers import papers, parts
from lienthong.office.dossiers.described import Described, described
from lienthong.office.dossiers.metadata import as_xml
from lienthong.office.dossiers.parts import Part
from lienthong.office.dossiers.rules import note, subject_of
from lienthong.office.models import Dossier, Person
from lienthong.office.people.actors import actor_of, log_opened
from lienthong.office.typeset import TypesetProblem, as_seen
from lienthong.office.typeset.pages import said_when_broken, written
from lienthong.storage import BlobMissing

if TYPE_CHECKING:
    from pypdf import PdfWriter

VOLUME = 64 << 20
"""Bytes of the PDFs that are joined into one volume."""
CHUNK = 1 << 18
MANIFEST = "SHA256SUMS.txt"
RIGHTS = "Theo quy định của cơ quan"
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_FIRST = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Kept:
    """A file of an item, and where it lies in the ZIP."""

    item: Described
    part: Part
    name: str


def export(dossier: Dossier, *, person: Person, at: datetime) -> Iterator[bytes]:
    """The ZIP, piece by piece; what the person may not read is named as withheld and left out. Noted before the first
    piece is given.

    Raises:
        TypesetProblem: its cover cannot be laid out.
    """
    rows = list(described(dossier, person))
    front = papers.of_contents(dossier, person).as_pdf()
    metadata = as_xml(dossier, rows, rights=RIGHTS)
    withheld = sum(not one.seen for one in rows)
    with transaction.atomic():
        note(OfficeEvent.DOSSIER_EXPORTED, dossier, person, at, documents=len(rows), withheld=withheld)
        log_access(
            Access.DOWNLOADED, actor=actor_of(person), subject=subject_of(dossier), at=at, detail="export"
        )  # fmt: skip
        for one in rows:
            if one.seen and (document := one.item.outgoing or one.item.incoming) is not None:
                log_opened(Access.DOWNLOADED, person, document, at, f"dossier {dossier.pk}")
    return _zipped(dossier, list(_kept(rows)), front, metadata, rows)


def file_name(dossier: Dossier) -> str:
    """The name of the ZIP."""
    return f"Ho so {_fit(dossier.code)} {dossier.year}.zip"


def _kept(rows: Sequence[Described]) -> Iterator[Kept]:
    for place, one in enumerate(rows, 1):
        if one.seen:
            for number, part in enumerate(parts.of(one.item), 1):
                yield Kept(one, part, f"tep-goc/{place:03d}/{number:02d} {_fit(part.name)}")


def _zipped(
    dossier: Dossier, kept: Sequence[Kept], front: bytes, metadata: bytes, rows: Sequence[Described]
) -> Iterator[bytes]:
    sink = Sink()
    digests: list[tuple[str, str]] = []
    with ZipFile(sink, "w", ZIP_DEFLATED) as book:

        def whole(name: str, content: bytes) -> bytes:
            book.writestr(ZipInfo(name, _FIRST), content)
            digests.append((sha256(content).hexdigest(), name))
            return sink.take()

        for number, volume in enumerate(_volumes(front, kept), 1):
            yield whole("ho-so.pdf" if number == 1 else f"ho-so-quyen-{number}.pdf", volume)
        yield whole("ho-so.xml", metadata)
        for one in kept:
            yield from _stored(book, sink, one, digests)
        hidden = [place for place, row in enumerate(rows, 1) if not row.seen]
        if hidden:
            said = "\n".join(f"{place:03d}: người kết xuất không được xem" for place in hidden)
            yield whole("khong-kem.txt", f"Hồ sơ {dossier.code} năm {dossier.year}\n{said}\n".encode())
        lines = "".join(f"{digest}  {name}\n" for digest, name in digests)
        book.writestr(ZipInfo(MANIFEST, _FIRST), lines.encode())
    yield sink.take()


def _stored(book: ZipFile, sink: Sink, one: Kept, digests: list[tuple[str, str]]) -> Iterator[bytes]:
    """A file as it is, byte for byte: its signatures hold as before."""
    seen = sha256()
    info = ZipInfo(one.name, _FIRST)
    info.compress_type = ZIP_STORED
    try:
        file = blobs().open(one.part.digest)
    except BlobMissing:
        return  # it was destroyed by a recall since the list was made
    with file, book.open(info, "w", force_zip64=True) as place:
        while chunk := file.read(CHUNK):
            place.write(chunk)
            seen.update(chunk)
            yield sink.take()
    digests.append((seen.hexdigest(), one.name))
    yield sink.take()


def _volumes(front: bytes, kept: Sequence[Kept]) -> Iterator[bytes]:
    """Cover and list, then the pages of every PDF in the order of time, in volumes that memory can hold."""
    from pypdf import PdfWriter

    writer, size = PdfWriter(), 0
    _append(writer, front, "Mục lục văn bản, tài liệu")
    for one in kept:
        if not one.part.is_pdf:
            continue
        if size and size + one.part.size > VOLUME:
            yield written(writer)
            writer, size = PdfWriter(), 0
        try:
            pages = as_seen(blobs().read(one.part.digest))
            _append(writer, pages, f"{day(one.item.dated)} {one.item.number} {one.part.name}".strip())
        except (TypesetProblem, BlobMissing):
            continue  # broken or locked: it lies beside, as it is
        size += one.part.size
    yield written(writer)


def _append(writer: PdfWriter, pdf: bytes, title: str) -> None:
    with said_when_broken():
        writer.append(BytesIO(pdf), outline_item=title, import_outline=False)


def _fit(name: str) -> str:
    """A name that every file system takes; it leads nowhere else."""
    text = _UNFIT.sub("-", unicodedata.normalize("NFC", name)).strip(" .") or "tep"
    stem, dot, ending = text.rpartition(".")
    return f"{stem[:80]}{dot}{ending[:10]}" if dot and stem else text[:90]
