"""The link between an incoming document and the one that answers it: issuing the answer finishes the work, and the
sender is told, without a second click."""

from __future__ import annotations

from datetime import datetime

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import IllegalMove
from lienthong.office.models import IncomingState, OutgoingDocument, Person, Reply
from lienthong.office.packets import queue_status
from lienthong.office.people.actors import record
from lienthong.office.workflow import incoming as workflow
from lienthong.standards.statuses import StatusCode


def on_issued(document: OutgoingDocument, *, actor: Person, at: datetime) -> None:
    """Finish the incoming document that this one answers, if it does, in the transaction of the issue (06)."""
    reply: Reply | None = getattr(document, "reply_to", None)  # mostly there is none
    if reply is None or not reply.finishes:
        return
    incoming, outcome = reply.incoming, f"Trả lời bằng văn bản số {document.printed_number}"
    try:
        workflow.advance(incoming, to=IncomingState.FINISHED, finished_at=at, outcome=outcome)
    except IllegalMove:
        return  # finished or recalled before: the answer goes out all the same
    incoming.assignments.filter(ended_at__isnull=True, finished_at__isnull=True).update(finished_at=at)
    record(OfficeEvent.INCOMING_FINISHED, actor, incoming, at, reply=document.printed_number)
    queue_status(incoming, StatusCode.FINISHED, description=outcome, staff=actor, at=at)
