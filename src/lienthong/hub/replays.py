"""Submitting a refused packet anew, as it was: when what stood in its way is gone.

Only its own system does it: the operators may propose it, and the system agrees by doing it. The packet goes through
intake like any other: what was refused for its own sake is refused again, and a repeat delivers nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from lienthong.hub import intake, quarantine
from lienthong.hub.agencies import Member
from lienthong.hub.blobs import blobs
from lienthong.hub.delivery import actor_of
from lienthong.hub.models import Quarantined
from lienthong.hub.wakeup import ring_after_commit
from lienthong.hub.webhooks import outbox
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol.messages import Submission
from lienthong.protocol.problems import ContentGone, DigestMismatch, UnknownQuarantined
from lienthong.protocol.webhooks import WebhookEvent
from lienthong.storage import BlobMissing

CHUNK = 1 << 18


def replay(member: Member, number: str, *, at: datetime) -> Submission:
    """Submit a refused packet anew, to whom it was meant for; a repeat gets the old answer.

    Raises:
        UnknownQuarantined: there is none, or it is another system's.
        ContentGone: its days are over.
        Problem: it is refused again, by name; it stays in the quarantine with that.
    """
    found = quarantine.find(member.code, number)
    if found.problem["code"] == DigestMismatch.code:
        raise DigestMismatch()  # these are not the bytes that were sent: nobody may let them pass
    try:
        file = blobs().open(found.digest)
    except BlobMissing:
        raise ContentGone(why="missing", since="") from None
    submission = intake.accept(
        intake.Request(
            member=member,
            door=found.door,
            sender=found.sender,
            recipients=tuple(found.recipients),
            length=found.size,
            statement=found.statement,
        ),
        _chunks(file),
        at=at,
    )
    _note_taken(found, member, submission, at)
    return submission


def propose(number: int, *, reason: str, by: Actor, at: datetime) -> Quarantined:
    """Propose a replay to a packet's system, which hears of it. Raises `ValueError`, `UnknownQuarantined`."""
    if not reason.strip():
        raise ValueError("cần lý do đề nghị / a reason is needed")
    with transaction.atomic():
        found = Quarantined.objects.select_for_update().filter(pk=number, packet__isnull=True).first()
        if found is None:
            raise UnknownQuarantined()
        found.proposed_at, found.proposed_for = at, reason.strip()[:200]
        found.save(update_fields=["proposed_at", "proposed_for"])
        subject = Subject("system", found.system_id)
        record(
            HubEvent.QUARANTINE_REPLAY_PROPOSED, actor=by, subject=subject, at=at, digest=found.digest,
            reason=found.proposed_for,
        )  # fmt: skip
        outbox.enqueue(found.system_id, WebhookEvent.REPLAY_PROPOSED, [{"quarantine_id": str(found.pk)}], 1, at=at)
        ring_after_commit()
    return found


def _note_taken(found: Quarantined, member: Member, submission: Submission, at: datetime) -> None:
    with transaction.atomic():
        taken = Quarantined.objects.filter(pk=found.pk, packet__isnull=True).update(
            packet_id=submission.packet_id, replayed_at=at
        )
        if taken:
            record(
                HubEvent.QUARANTINE_REPLAYED, actor=actor_of(member), subject=Subject("system", member.code), at=at,
                digest=found.digest, packet=submission.packet_id,
            )  # fmt: skip


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
