"""Whether a document was sent in time (Decision 28/2018/QĐ-TTg, Article 6.2): a late one is sent all the same, and
shown as late."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lienthong.office.models import OutgoingDocument
from lienthong.standards.deadlines import SendDeadline, Timeliness, send_deadline
from lienthong.standards.statuses import Urgency

WORDS = {
    Timeliness.AT_ONCE: _("Gửi ngay sau khi ký số"),
    Timeliness.SAME_DAY: _("Gửi trong ngày ký"),
    Timeliness.NEXT_MORNING: _("Gửi trong buổi sáng ngày làm việc tiếp theo"),
    Timeliness.LATE: _("Gửi muộn (Điều 6.2)"),
}


def timeliness_of(document: OutgoingDocument, *, sent: bool = False) -> Timeliness | None:
    """How the issue compares with the deadline that was set when the document was signed; None before the issue,
    and for what stays inside the agency.

    Args:
        sent: it is known to go to other agencies; else its recipients are asked for.
    """
    if document.issued_at is None or document.signed_at is None or document.send_due is None:
        return None
    if not sent and not document.recipients.exists():
        return None  # inside the agency nothing is sent (Article 3.2)
    target = send_deadline(document.signed_at, Urgency(document.urgency)).target
    if document.urgency > Urgency.NORMAL:
        target = document.send_due
    return SendDeadline(target, document.send_due).classify(document.issued_at)
