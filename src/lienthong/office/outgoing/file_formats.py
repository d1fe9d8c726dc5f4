"""Formats of the files that go with a document (R-6.4-1): what is wrong with one, and whether that blocks."""

from __future__ import annotations

from lienthong.office.config import blobs
from lienthong.office.models import OutgoingDocument, PresentationPolicy
from lienthong.office.outgoing.format_errors import FormatNotListed
from lienthong.standards import formats


def fault_of(name: str, digest: str) -> str:
    """What is wrong with a stored file, empty for nothing."""
    with blobs().open(digest) as file:
        return formats.fault_of(name.strip(), file.read(formats.HEAD)) or ""


def blocks(document: OutgoingDocument) -> bool:
    """Whether the agency lets a fault of presentation or of a format block, not only warn."""
    return document.organization.presentation_policy == PresentationPolicy.BLOCK


def require_listed(document: OutgoingDocument) -> None:
    """Before it gets its number: raises `FormatNotListed` for a file that was added while faults only warned."""
    faulty = next((one for one in document.enclosures.all() if one.format_fault), None)
    if faulty is not None and blocks(document):
        raise FormatNotListed(name=faulty.name[:100])
