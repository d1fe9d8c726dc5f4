"""Sending anew: to one recipient that gave a document back or could not take it, to everybody whose packet the hub
refused, and as an update to whoever has it (Decision 28/2018, Articles 5.4, 8.2; R-5.4-2, R-8.2-3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import IllegalMove, NoRecipients, require_reason
from lienthong.office.models import (
    CorrectionTask,
    Enclosure,
    OutboxPacket,
    OutgoingDocument,
    OutgoingState,
    Person,
    Recipient,
    Role,
    Transmission,
)
from lienthong.office.outgoing import board, paper, reach
from lienthong.office.outgoing.issuing import (
    ask_change,
    missing_files,
    not_asked_just_now,
    note_incomplete,
    queue_packets,
    require_complete,
    ways_of,
)
from lienthong.office.outgoing.seal_texts import is_sealed_apart
from lienthong.office.outgoing.signing import keep_sealed, seal_enclosure
from lienthong.office.packets import queue_document
from lienthong.office.people import own_tokens
from lienthong.office.people.access import require
from lienthong.office.people.actors import record
from lienthong.office.people.keys import open_key, seal_of
from lienthong.office.people.seal_errors import SealFilesFirst
from lienthong.standards.statuses import BusinessType


def send_again(
    transmission: Transmission, *, pin: str, actor: Person, at: datetime, incomplete: str = ""
) -> Transmission:
    """Send the completed document again, to the one recipient that refused it, or could not take it (R-5.4-2).

    Files added since are sealed first; everyone else is left in peace.

    Raises:
        Forbidden, IllegalMove (it was neither refused nor failed), IncompleteFiles, BadRecipients, WrongPin,
        SealFilesFirst.
    """
    require(actor, Role.CLERK)
    recipient = transmission.recipient
    document = recipient.document
    newest = recipient.transmissions.latest("attempt")
    if newest.pk != transmission.pk or not board.can_be_sent_again(newest):
        raise IllegalMove(state=document.get_state_display())
    reach.require([recipient], reach.listed([recipient]))
    missing = missing_files(document)
    require_complete(missing, incomplete)
    sealed = _seal(document.enclosures.filter(sealed_digest=""), document, pin, actor=actor, at=at)
    with transaction.atomic():
        OutgoingDocument.objects.select_for_update().get(pk=document.pk)  # who puts it on paper waits here, too
        if recipient.transmissions.latest("attempt").pk != newest.pk or not board.can_be_sent_again(_reread(newest)):
            raise IllegalMove(state=document.get_state_display())
        _keep(sealed, document)
        along = paper.going_along([recipient])
        (again,) = _send([newest], document, with_paper=bool(along), actor=actor, at=at)
        CorrectionTask.objects.filter(transmission=newest, closed_at__isnull=True).update(closed_at=at, closed_by=actor)
        if missing:
            note_incomplete(document, missing, incomplete, actor=actor, at=at)
    return again


def send_anew(document: OutgoingDocument, *, pin: str, actor: Person, at: datetime) -> list[Transmission]:
    """Send the document anew to everybody whose packet the hub refused for good, once the cause is mended: the hub
    takes a packet for all of its recipients or for none, so one whose code has ended holds up all the others.

    Args:
        pin: of the seal; asked for only where files were added since (`added_since`), which are sealed first.

    Raises:
        WrongPin, SealFilesFirst: files were added since.
        Forbidden; BadRecipients: who cannot be reached is named, and gets paper, or a recipient's place is changed.
        IllegalMove: nothing was refused, or the document is being recalled.
    """
    require(actor, Role.CLERK)
    sealed = _seal(added_since(document), document, pin, actor=actor, at=at)
    with transaction.atomic():
        locked = OutgoingDocument.objects.select_for_update().get(pk=document.pk)
        refused = refused_by_hub(document)
        if not refused or locked.state not in (OutgoingState.ISSUED, OutgoingState.PARTLY_RECALLED):
            raise IllegalMove(state=locked.get_state_display())
        recipients = [one.recipient for one in refused]
        reach.require(recipients, reach.listed(recipients))
        _keep(sealed, document)
        along, made = paper.going_along(recipients), list[Transmission]()
        for with_paper in (False, True):
            if group := [one for one in refused if (one.recipient_id in along) == with_paper]:
                made += _send(group, document, with_paper=with_paper, actor=actor, at=at)
        return made


def update(
    document: OutgoingDocument, recipients: Sequence[Recipient], *, due_on: date | None, reason: str, authority: str,
    pin: str, actor: Person, at: datetime,
) -> list[OutboxPacket]:  # fmt: skip
    """Send recipients the document anew as an update (type 2): another date to answer by, files added since.

    What was signed does not change: who wants other words issues a replacement (Decree 30, 18.3).

    Args:
        pin: of the seal; asked for only where files were added since, as in `send_anew`.

    Raises:
        WrongPin, SealFilesFirst: files were added since.
        Forbidden, ReasonNeeded, NoRecipients (none that has it and was not asked to give it back), IllegalMove.
        AskedJustNow: all of them got the same update a moment ago.
    """
    require(actor, Role.CLERK)
    why = require_reason(reason, authority)
    sealed = _seal(added_since(document), document, pin, actor=actor, at=at)
    with transaction.atomic():
        locked = OutgoingDocument.objects.select_for_update().get(pk=document.pk)
        if locked.state not in (OutgoingState.ISSUED, OutgoingState.PARTLY_RECALLED):
            raise IllegalMove(state=locked.get_state_display())
        newest = [one.transmissions.select_related("packet").order_by("-attempt").first() for one in recipients]
        had = [one for one in newest if one is not None and one.at_hub and not one.refused and not one.recall_asked]
        if not had:
            raise NoRecipients()
        if due_on == locked.due_on and not added_since(document).exists():
            had = not_asked_just_now(had, "change", at)
        _keep(sealed, document)
        OutgoingDocument.objects.filter(pk=document.pk).update(due_on=due_on)
        document.due_on = due_on
        along = paper.going_along([one.recipient for one in had])
        groups = [[one for one in had if (one.recipient_id in along) == with_paper] for with_paper in (False, True)]
        packets = [
            packet
            for group in groups if group
            for packet in queue_document(
                document, [(one.recipient.code, one.recipient.name) for one in group], carriers=ways_of(group),
                actor=actor, at=at, business=BusinessType.UPDATE, reason=why, paper=group[0].recipient_id in along,
            )
        ]  # fmt: skip
        ask_change(Transmission.objects.filter(pk__in=[one.pk for one in had]), at)
        record(OfficeEvent.UPDATE_SENT, actor, document, at, recipients=[one.recipient.code for one in had])
    return packets


def added_since(document: OutgoingDocument) -> QuerySet[Enclosure]:
    """The files that were added after the issue, to complete it, and bear no seal yet."""
    return document.enclosures.filter(sealed_digest="", added_at__gt=document.issued_at)


def _seal(
    enclosures: QuerySet[Enclosure], document: OutgoingDocument, pin: str, *, actor: Person, at: datetime
) -> list[tuple[Enclosure, bytes | None]]:
    """Each that gets a seal of its own, with its bytes under it; the seal is opened only where there are any. Raises
    `WrongPin`; `SealFilesFirst`: the seal is a token at the clerk's machine."""
    found = [one for one in enclosures if is_sealed_apart(one)]
    if not found:
        return []
    if own_tokens.seal_of(document.organization) is not None:
        raise SealFilesFirst(amount=len(found))
    key = open_key(seal_of(document.organization), pin, actor=actor, at=at)
    return [(one, seal_enclosure(document, one, key, at)) for one in found]


def _keep(sealed: Sequence[tuple[Enclosure, bytes | None]], document: OutgoingDocument) -> None:
    """Note what is sealed, in the transaction that holds the document. Raises `IllegalMove`: somebody sealed and sent
    one of the files meanwhile, and a file has one seal."""
    still = document.enclosures.filter(pk__in=[one.pk for one, _ in sealed], sealed_digest="")
    if still.count() < len(sealed):
        raise IllegalMove(state=document.get_state_display())
    for enclosure, content in sealed:
        keep_sealed(enclosure, content)


def refused_by_hub(document: OutgoingDocument) -> list[Transmission]:
    """The newest sendings of a document whose packet the hub refused for good."""
    return [one for one in board.current(document) if board.state_of(one) == "failed"]


def _send(
    newest: Sequence[Transmission], document: OutgoingDocument, *, with_paper: bool, actor: Person, at: datetime
) -> list[Transmission]:
    """The same packet for all of these recipients, who all get paper as well, or none of whom does; by the way that it
    went before."""
    recipients = [one.recipient for one in newest]
    packets = queue_packets(document, recipients, ways_of(newest), actor, at, with_paper=with_paper)
    packet_to = {code: packet for packet in packets for code in packet.recipients}
    made = Transmission.objects.bulk_create(
        Transmission(
            recipient=one.recipient, packet=packet_to[one.recipient.code], attempt=one.attempt + 1,
            change_asked=at if one.change_asked else None,
        )
        for one in newest
    )  # fmt: skip
    record(OfficeEvent.SENT_AGAIN, actor, document, at, recipients={one.recipient.code: one.attempt for one in made})
    return made


def _reread(one: Transmission) -> Transmission:
    return Transmission.objects.select_related("recipient", "packet").get(pk=one.pk)
