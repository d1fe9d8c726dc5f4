"""What is written where the seal comes: number and date in the document, the corner of an enclosure; and which
enclosures get a seal of their own (Decree 30/2020, Annex I, II.4, II.9)."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from django.utils import timezone

from lienthong.office.config import blobs
from lienthong.office.models import Enclosure, OutgoingDocument
from lienthong.standards.identifiers import DocumentNumber

LARGEST_SEALED = 50 << 20
"""Bytes of a PDF enclosure that is sealed by itself; a larger one travels under the packet's digest, as other files."""


class KeptTexts(TypedDict):
    """What is written into the kept places."""

    number: str
    day: str
    month: str


def kept_texts(document: OutgoingDocument) -> KeptTexts:
    """Number, day and month of a document that has them, as they are written into the kept places."""
    day = document.promulgated_on
    assert day is not None and document.number is not None  # noqa: S101, PT018 - both are given with the state
    number = DocumentNumber(document.number, document.notation, document.sub_number).printed_number
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)  # Decree 30, Annex I, II.4: 01 and 02 alone
    return {"number": number, "day": f"{day.day:02d}", "month": month}


def is_sealed_apart(enclosure: Enclosure) -> bool:
    """Whether an enclosure still has to be sealed by itself: what is no PDF, too large, or sealed already has not."""
    if enclosure.sealed_digest or enclosure.size > LARGEST_SEALED:
        return False
    with blobs().open(enclosure.digest) as file:
        return file.read(4) == b"%PDF"


def corner_lines(document: OutgoingDocument, at: datetime) -> list[str]:
    """What stands at the upper right of an enclosure: of which document it is, and the time (Annex I, II.9)."""
    moment = timezone.localtime(at)
    return [
        f"Kèm theo văn bản số {document.printed_number}",
        f"ngày {moment:%d/%m/%Y} của {document.issuer_name}",
        f"Thời gian ký: {moment:%d-%m-%Y %H:%M:%S +07:00}",
    ]
