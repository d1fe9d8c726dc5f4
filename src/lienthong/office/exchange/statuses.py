"""Statuses that come in: each finds its document and its recipient, and is kept there."""

from __future__ import annotations

from datetime import datetime

import structlog

from lienthong.office.models import OutgoingDocument, ReceivedPacket
from lienthong.office.outgoing import board
from lienthong.standards.edxml import StatusReport
from lienthong.standards.identifiers import DocumentNumber, InvalidNumber

log = structlog.get_logger("exchange")


def apply(report: StatusReport, received: ReceivedPacket, *, at: datetime) -> OutgoingDocument | None:
    """Take a status; gives the document of ours that it is about. One that fits none is kept as a packet and logged,
    nothing more."""
    document = find_document(report, received)
    if document is None or not board.apply_status(report, document, at=at):
        log.warning("status fits no document", delivery=received.delivery_id, code=report.code.value)
        return None
    return document


def find_document(report: StatusReport, received: ReceivedPacket) -> OutgoingDocument | None:
    """By identifier; where other software wrote another one, by number and date."""
    own = OutgoingDocument.objects.filter(organization=received.organization)
    found = own.filter(identifier=report.about.identifier).first() if report.about.identifier else None
    if found is not None:
        return found
    try:
        number = DocumentNumber.parse(report.about.number)
    except InvalidNumber:
        return None
    same = own.filter(number=number.number, sub_number=number.sub, notation=number.notation)
    return same.filter(promulgated_on=report.about.issued_on).first()
