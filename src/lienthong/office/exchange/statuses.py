"""Statuses that come in: each finds its document and its recipient, and is kept there."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db.models import Q, QuerySet

from lienthong.office.models import Organization, OutgoingDocument, ReceivedPacket
from lienthong.office.outgoing import board
from lienthong.office.people.lineage import spellings_of_line
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
    """By identifier; where other software wrote another one, by number and date. What an agency sent that was merged
    into this one is looked for as well, where both are of this installation: its statuses come to its follower."""
    of_agency = OutgoingDocument.objects.filter(organization=received.organization)
    return _among(of_agency, report) or _among(_of_followed(received.organization), report)


def _of_followed(organization: Organization) -> QuerySet[OutgoingDocument]:
    line = spellings_of_line(organization.code)
    followed = Organization.objects.filter(Q(code__in=line) | Q(alias__in=line)).exclude(pk=organization.pk)
    return OutgoingDocument.objects.filter(organization__in=followed)


def _among(sent: QuerySet[OutgoingDocument], report: StatusReport) -> OutgoingDocument | None:
    found = sent.filter(identifier=report.about.identifier).first() if report.about.identifier else None
    if found is not None:
        return found
    try:
        number = DocumentNumber.parse(report.about.number)
    except InvalidNumber:
        return None
    same = sent.filter(number=number.number, sub_number=number.sub, notation=number.notation)
    return same.filter(promulgated_on=report.about.issued_on).first()
