"""The envelope of paper that a recipient is owed (Decree 30/2020, Annex IV, II): number and notation stand outside, so
that the recipient's clerk compares them with what is within (Article 21.1a)."""

from __future__ import annotations

from lienthong.office.errors import NotFound, NotPdf
from lienthong.office.models import OutgoingDocument, PaperTask, Person, Role
from lienthong.office.people.access import require
from lienthong.office.typeset import TypesetProblem, render_envelope
from lienthong.standards.statuses import Urgency


def envelope(document: OutgoingDocument, recipient_pk: int, *, actor: Person) -> bytes:
    """The envelope as a page to be printed.

    Raises:
        Forbidden; NotFound: the document has no such recipient, or none that is owed paper; NotPdf.
    """
    require(actor, Role.CLERK)
    owed = PaperTask.objects.filter(recipient__document=document, recipient_id=recipient_pk, dropped="")
    task = owed.select_related("recipient").first()
    if task is None:
        raise NotFound()
    agency = document.organization
    urgency = Urgency(document.urgency)
    data = {
        "agency": agency.name,
        "contact": [["Địa chỉ", agency.address], ["Điện thoại", agency.telephone], ["E-Mail", agency.email]],
        "urgency": urgency.words.vi if urgency else "",
        "number": document.printed_number,
        "recipient": task.recipient.name,
    }
    try:
        return render_envelope(data)
    except TypesetProblem as reason:
        raise NotPdf(name="bì văn bản", reason=reason.vi, reason_en=reason.en) from reason
