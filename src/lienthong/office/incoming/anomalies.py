"""What looks wrong about a document that came is told at once to who answers for it, beside its sender (Decree 30/2020,
Articles 21.1a, 21.2b)."""

from __future__ import annotations

from datetime import datetime

from lienthong.office.models import IncomingDocument, Person, Role
from lienthong.office.people.access import people_with
from lienthong.office.people.notices import notify
from lienthong.standards.statuses import RefusalReason, Words

SIGNS = frozenset(
    (
        RefusalReason.INTEGRITY_FAILED, RefusalReason.SIGNATURE_INVALID, RefusalReason.SIGNER_NOT_AUTHORISED,
        RefusalReason.UNKNOWN_SENDER, RefusalReason.STATE_SECRET,
    )
)  # fmt: skip
"""Reasons of a refusal that are more than a slip: somebody may have tampered, or pretended."""


def tell(document: IncomingDocument, what: Words, *, at: datetime) -> None:
    """Ring for who answers for it: whom the head named to follow the work, and the leaders."""
    number, sender = document.printed_number, document.sender_name
    words = Words(
        f"Dấu hiệu bất thường: {number} của {sender}: {what.vi}",
        f"Something is wrong with {number} of {sender}: {what.en}",
    )
    notify(_answerable(document), document, words, at=at, urgent=True)


def _answerable(document: IncomingDocument) -> list[Person]:
    monitor = document.organization.monitor
    return [*people_with(document.organization_id, Role.LEADER), *([monitor] if monitor else [])]
