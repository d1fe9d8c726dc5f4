"""Issuing: recipients checked, packet built, outbox row written, all in one transaction (Decision 28, Articles 5–8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet, prefetch_related_objects

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import (
    SHORTEST_REASON,
    IllegalMove,
    IncompleteFiles,
    Missing,
    NoRecipients,
    NotSealed,
    PaperNotAllowed,
    require_reason,
)
from lienthong.office.models import (
    Carrier,
    Channel,
    CorrectionTask,
    OutboxPacket,
    OutgoingDocument,
    OutgoingState,
    PaperReason,
    PaperTask,
    Person,
    Recipient,
    Role,
    Transmission,
)
from lienthong.office.outgoing import circulation, drafting_tasks, letters, paper, reach
from lienthong.office.outgoing.act_errors import AskedJustNow
from lienthong.office.outgoing.board import UNREACHED, state_of
from lienthong.office.packets import carriers, queue_document
from lienthong.office.people import urged
from lienthong.office.people.access import require
from lienthong.office.people.actors import record
from lienthong.office.people.overrides import record_override
from lienthong.office.registers import mark_used, void_number
from lienthong.office.workflow import outgoing as workflow
from lienthong.office.workflow import replies
from lienthong.standards.statuses import BusinessType


def issue(document: OutgoingDocument, *, actor: Person, at: datetime, incomplete: str = "") -> list[OutboxPacket]:
    """Send a sealed document to its recipients; those on the paper list, and those that are not connected, get paper,
    with the reason of Article 7.1; some get paper as well (Article 7.2). All paper becomes the clerk's task.
    Units of this agency that it is for get it in their office.

    Args:
        incomplete: why the clerk sends it although annexes that it names are not enclosed; that is written down.

    Returns:
        The packets: what a packet says of paper holds for all its recipients, so who gets paper as well has one apart.

    Raises:
        Forbidden, NotSealed, NoRecipients, BadRecipients, IncompleteFiles, LetterAboutRecalled, IllegalMove.
    """
    require(actor, Role.CLERK)
    workflow.look_again(document)
    if document.state != OutgoingState.SEALED:
        raise NotSealed() if document.issued_at is None else IllegalMove(state=document.get_state_display())
    with transaction.atomic():
        workflow.advance(document, to=OutgoingState.ISSUED, issued_at=at)  # from here on nobody puts others on paper
        prefetch_related_objects([document], "enclosures")
        recipients = list(document.recipients.all())
        _require_somebody(document, recipients)
        letters.require_standing(document)
        directory = reach.listed(recipients)
        unconnected = reach.unconnected(recipients, directory)
        electronic = [one for one in recipients if one.channel == Channel.ELECTRONIC and one not in unconnected]
        reach.require(electronic, directory)
        missing = missing_files(document)
        require_complete(missing, incomplete)
        if not mark_used(document):
            raise IllegalMove(state="số đã hủy")
        for one in unconnected:
            _to_paper(one, PaperReason.CONNECTION, document, actor=actor, at=at)
        for one in recipients:
            if one.channel == Channel.PAPER:
                paper.owe(one, document, rule=None, actor=actor, at=at)
        packets = _send_with_paper(document, electronic, actor=actor, at=at)
        if document.replaces is not None:
            record(OfficeEvent.REPLACED, actor, document.replaces, at, by=document.pk, number=document.printed_number)
        letters.note_issued(document, actor=actor, at=at)
        drafting_tasks.note_issued(document, actor=actor, at=at)
        record(OfficeEvent.ISSUED, actor, document, at, recipients=[one.code for one in recipients])
        if missing:
            note_incomplete(document, missing, incomplete, actor=actor, at=at)
        circulation.send(document, actor=actor, at=at)
        replies.on_issued(document, actor=actor, at=at)
    return packets


def require_whole(document: OutgoingDocument) -> None:
    """Before a number is spent: raises `NoRecipients`, `IncompleteFiles` for what could not be sent."""
    _require_somebody(document, list(document.recipients.all()))
    require_complete(missing_files(document), "")


def _require_somebody(document: OutgoingDocument, recipients: Sequence[Recipient]) -> None:
    if not recipients and not document.circulations.exists():
        raise NoRecipients()


def require_complete(missing: Sequence[str], reason: str) -> None:
    """Raises `IncompleteFiles` where annexes are missing and there is no reason to send it all the same."""
    if missing and len(reason.strip()) < SHORTEST_REASON:
        raise IncompleteFiles(missing="; ".join(missing))


def note_incomplete(
    document: OutgoingDocument, missing: Sequence[str], reason: str, *, actor: Person, at: datetime
) -> None:
    """Write down that a document goes without annexes which it names, by whom and why: see `require_complete`."""
    record_override(OfficeEvent.ISSUED_INCOMPLETE, actor, document, at, reason=reason, missing=len(missing))


def _send_with_paper(
    document: OutgoingDocument, recipients: Sequence[Recipient], *, actor: Person, at: datetime
) -> list[OutboxPacket]:
    """Send to those who get no paper, and, apart, to those who get it as well, whose paper is owed from now on."""
    rules = paper.rules_for(document, recipients, at=at)
    along = [one for one in recipients if one.pk in rules]
    alone = [one for one in recipients if one.pk not in rules]
    for one in along:
        paper.owe(one, document, rule=rules[one.pk], actor=actor, at=at)
    packets = []
    for group, with_paper in ((alone, False), (along, True)):
        if group:
            packets += _send(document, group, with_paper=with_paper, actor=actor, at=at)
    return packets


def void(document: OutgoingDocument, *, reason: str, authority: str, actor: Person, at: datetime) -> None:
    """Give up a document that has its number: the number is accounted for as void, and nothing follows (D30-15-1).

    Raises:
        Forbidden, ReasonNeeded, IllegalMove.
    """
    require(actor, Role.CLERK)
    with transaction.atomic():
        workflow.advance(document, to=OutgoingState.VOIDED)
        void_number(document, reason=reason, authority=authority, actor=actor, at=at)
        drafting_tasks.note_voided(document, actor=actor, at=at)


def missing_files(document: OutgoingDocument) -> list[str]:
    """The annexes that the document names and that no enclosure is there for: as many as there are too few."""
    named, enclosed = list(document.appendixes), document.enclosures.count()
    return named[enclosed:] if len(named) > enclosed else []


def recall(
    document: OutgoingDocument,
    recipients: Sequence[Recipient],
    *,
    reason: str,
    authority: str,
    actor: Person,
    at: datetime,
) -> list[OutboxPacket]:
    """Ask recipients to destroy what they got (Articles 8.2, 9.2): a packet of type 1, without the recalled files, by
    the way that the document went. What circulates inside this agency alone is recalled at once, and there is none.

    Raises:
        Forbidden, ReasonNeeded, NoRecipients, IllegalMove; AskedJustNow: all of them were asked a moment ago.
    """
    require(actor, Role.CLERK, Role.LEADER)
    why = require_reason(reason, authority)
    with transaction.atomic():
        workflow.hold(document)  # from here on nobody sends it again
        targets = [
            newest
            for one in recipients
            if (newest := one.transmissions.order_by("-attempt").first()) is not None
            and newest.recall_agreed is None
            and newest.refused is None
            and newest.packet.state != OutboxPacket.State.FAILED
        ]
        if not targets and (document.recipients.exists() or not document.circulations.exists()):
            raise NoRecipients()
        targets = not_asked_just_now(targets, "recall", at)
        workflow.advance(document, to=OutgoingState.RECALLING)
        circulation.tell_of_recall(document, at=at)
        if not targets:
            record(OfficeEvent.RECALL_ASKED, actor, document, at, recipients=[], reason=why)
            workflow.advance(document, to=OutgoingState.RECALLED)
            return []
        names = [(one.recipient.code, one.recipient.name) for one in targets]
        packets = queue_document(
            document, names, carriers=ways_of(targets), actor=actor, at=at, business=BusinessType.RECALL, reason=why
        )
        Transmission.objects.filter(pk__in=[one.pk for one in targets]).update(
            recall_asked=at, recall_reason=why, recall_declined=None, recall_answer=""
        )
        record(OfficeEvent.RECALL_ASKED, actor, document, at, recipients=[code for code, _ in names])
        asked_back = PaperTask.objects.filter(recipient__in=[one.recipient_id for one in targets])
        paper.drop(asked_back, document, why=why, actor=actor, at=at)
    return packets


def ways_of(sendings: Sequence[Transmission]) -> dict[str, Carrier]:
    """What follows a sending goes the way that it went."""
    return {one.recipient.code: Carrier(one.packet.carrier) for one in sendings}


def not_asked_just_now(sendings: Sequence[Transmission], question: str, at: datetime) -> list[Transmission]:
    """Those whose recipient was not asked the same a moment ago, or has answered since.

    Args:
        question: `recall` or `change`, as the columns of a sending begin.

    Raises:
        AskedJustNow: there are some, and none is left.
    """

    def put(one: Transmission, part: str) -> datetime | None:
        found: datetime | None = getattr(one, f"{question}_{part}")
        return found

    left = [
        one
        for one in sendings
        if put(one, "agreed") or put(one, "declined") or not urged.is_in_peace(put(one, "asked"), at)
    ]
    if sendings and not left:
        raise AskedJustNow(minutes=urged.MINUTES)
    return left


def ask_change(targets: QuerySet[Transmission], at: datetime) -> None:
    """Whoever has these sendings is asked to put another in their place, and answers it."""
    targets.update(change_asked=at, change_agreed=None, change_declined=None, change_answer="")


def drop_paper(recipient: Recipient, *, reason: str, authority: str, actor: Person, at: datetime) -> None:
    """Send a recipient the paper no more that is still owed, with the reason and who decided it.

    Raises:
        Forbidden, ReasonNeeded; IllegalMove: none is owed.
    """
    require(actor, Role.CLERK)
    why = require_reason(reason, authority)
    with transaction.atomic():
        owed = PaperTask.objects.filter(recipient=recipient)
        if not paper.drop(owed, recipient.document, why=why, actor=actor, at=at):
            raise IllegalMove(state="không còn chờ gửi bản giấy")


def put_on_paper(recipient: Recipient, *, reason: str, actor: Person, at: datetime) -> None:
    """Send a recipient paper: instead, for one of the reasons of Article 7.1, before the issue or where the electronic
    document could not reach it; as well, where it did, only by an entry of Article 7.2 that is in force.

    Raises:
        Forbidden, IllegalMove.
        Missing: the reason is none that the law knows.
        PaperNotAllowed: it got the electronic document, and no entry governs (Article 5.3).
    """
    require(actor, Role.CLERK)
    with transaction.atomic():
        document = OutgoingDocument.objects.select_for_update().get(pk=recipient.document_id)
        if document.state in (OutgoingState.ISSUED, OutgoingState.PARTLY_RECALLED):
            _paper_after_issue(recipient, reason, document, actor=actor, at=at)
        elif document.state == OutgoingState.SEALED:
            _to_paper(recipient, reason, document, actor=actor, at=at)
        else:
            raise IllegalMove(state=document.get_state_display())


def _paper_after_issue(
    recipient: Recipient, reason: str, document: OutgoingDocument, *, actor: Person, at: datetime
) -> None:
    newest = recipient.transmissions.select_related("packet").order_by("-attempt").first()
    if newest is None or PaperTask.objects.filter(recipient=recipient, dropped="").exists():
        raise IllegalMove(state="đã có việc gửi bản giấy")
    if state_of(newest) in UNREACHED:
        _to_paper(recipient, reason, document, actor=actor, at=at)
        paper.owe(recipient, document, rule=None, actor=actor, at=at)
        CorrectionTask.objects.filter(transmission=newest, closed_at__isnull=True).update(closed_at=at, closed_by=actor)
        return
    rule = paper.rules_for(document, [recipient], at=at).get(recipient.pk)
    if rule is None or (newest.recall_asked and not newest.recall_declined):
        raise PaperNotAllowed(name=recipient.name)
    paper.owe(recipient, document, rule=rule, actor=actor, at=at)


def _to_paper(recipient: Recipient, reason: str, document: OutgoingDocument, *, actor: Person, at: datetime) -> None:
    """Raises `Missing`."""
    if reason not in PaperReason:
        raise Missing(what="lý do theo Điều 7.1", what_en="the reason, of those of Article 7.1")
    recipient.channel, recipient.paper_reason = Channel.PAPER, reason
    recipient.save(update_fields=["channel", "paper_reason"])
    words = f"{recipient.name} {PaperReason(reason).label}"
    record_override(
        OfficeEvent.PUT_ON_PAPER, actor, document, at, reason=words, recipient=recipient.code, ground=reason
    )


def _send(
    document: OutgoingDocument, recipients: Sequence[Recipient], *, with_paper: bool, actor: Person, at: datetime
) -> list[OutboxPacket]:
    ways = carriers.for_new(document, [one.code for one in recipients])
    packets = queue_packets(document, recipients, ways, actor, at, with_paper=with_paper)
    of_code = {one.code: one.pk for one in recipients}
    with connection.cursor() as cursor:
        for packet in packets:
            cursor.execute(_FIRST_SENDINGS, [packet.pk, [of_code[code] for code in packet.recipients]])
    if document.replaces is not None:
        had = document.replaces.recipients.filter(channel=Channel.ELECTRONIC).values("code")
        ask_change(Transmission.objects.filter(packet__in=packets, recipient__code__in=had), at)
    return packets


_FIRST_SENDINGS = """
INSERT INTO office_transmission (packet_id, recipient_id, attempt, transport, delivery_id, failure, refusal_reason,
    refusal_text, recall_reason, recall_answer, change_answer)
SELECT %s::bigint, recipient, 1, 'waiting', '', '', '', '', '', '', '' FROM unnest(%s::bigint[]) AS recipient
"""
"""Said in SQL: naming every column of every row cost a quarter of what an issue to twenty recipients takes."""


def queue_packets(
    document: OutgoingDocument, recipients: Sequence[Recipient], ways: Mapping[str, Carrier], actor: Person,
    at: datetime, *, with_paper: bool,
) -> list[OutboxPacket]:  # fmt: skip
    """Queue a new document, or one that replaces another (business type 3), for some of its recipients: a packet for
    each of the carriers, `ways` of the recipients' codes."""
    names = [(one.code, one.name) for one in recipients]
    if document.replaces is None:
        return queue_document(document, names, carriers=ways, actor=actor, at=at, paper=with_paper)
    return queue_document(
        document, names, carriers=ways, actor=actor, at=at, business=BusinessType.REPLACE,
        reason=document.replace_reason, paper=with_paper,
    )  # fmt: skip
