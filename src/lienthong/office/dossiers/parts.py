"""The computer files of what lies in a dossier: which they are, and how many pages they have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lienthong.office.config import blobs
from lienthong.office.incoming import recalls
from lienthong.office.models import DossierItem, IncomingState, Stage
from lienthong.office.packets import file_name
from lienthong.office.typeset import TypesetProblem, count
from lienthong.storage import BlobMissing

PDF = "application/pdf"
LARGEST = 50 << 20
"""Bytes of a PDF that is read whole to count or to join its pages."""


@dataclass(frozen=True)
class Part:
    """A computer file of a document or material."""

    name: str
    media_type: str
    digest: str
    size: int

    @property
    def is_pdf(self) -> bool:
        """Whether it has pages that can be counted and joined."""
        return self.media_type == PDF and self.size <= LARGEST


def of(item: DossierItem) -> list[Part]:
    """The files of an item as they are now: of what goes out the newest version and its enclosures, of what came in the
    files that are here. What is recalled is closed (Decision 28, Article 9.2)."""
    return list(_of(item))


def pages(parts: list[Part]) -> int | None:
    """How many pages the PDFs have together; None: there is none, or one cannot be read."""
    counted = [pages_of(part) for part in parts if part.is_pdf]
    if not counted or None in counted:
        return None
    return sum(one or 0 for one in counted)


def pages_of(part: Part) -> int | None:
    """How many pages a PDF has; None: it is broken, locked or gone."""
    try:
        return count(blobs().read(part.digest))
    except (TypesetProblem, BlobMissing):
        return None


def _of(item: DossierItem) -> Iterator[Part]:
    if item.outgoing is not None:
        versions = item.outgoing.versions.all()
        version = versions.filter(stage=Stage.SEALED).last() or versions.last()
        if version is not None:
            yield Part(file_name(item.outgoing), PDF, version.digest, version.size)
        for one in item.outgoing.enclosures.all():
            sealed = bool(one.sealed_digest)
            size = (one.sealed_size or 0) if sealed else one.size
            yield Part(one.name, one.media_type, one.sealed_digest or one.digest, size)
    elif item.incoming is not None:
        if item.incoming.state != IncomingState.CANCELLED and recalls.pending(item.incoming) is None:
            for file in item.incoming.files.filter(present=True):
                yield Part(file.name, file.media_type, file.digest, file.size)
    elif item.material is not None:
        made = item.material
        yield Part(made.name, made.media_type, made.digest, made.size)
        if (copy := getattr(made, "converted", None)) is not None:
            yield Part(copy.name, copy.media_type, copy.digest, copy.size)
