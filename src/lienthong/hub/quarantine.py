"""What happens to a refused packet: kept for a while for its system's owner, within a quota; a state secret is
destroyed before the answer, and only digest and ids remain."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum

from lienthong.hub import rows
from lienthong.hub.agencies import Member
from lienthong.hub.blobs import blobs
from lienthong.hub.delivery import actor_of
from lienthong.hub.models import Packet, Quarantined
from lienthong.journal.record import Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol.problems import (
    BodyTruncated,
    NoStorage,
    Problem,
    StateSecret,
    TooLarge,
    UnknownQuarantined,
)
from lienthong.storage import BlobWriter

NOT_KEPT = (BodyTruncated, NoStorage, TooLarge)
"""Refusals after which there is no whole packet to keep."""
MOST_SHOWN = 500
MOST_NAMED = 100
"""Recipients of a destroyed packet that its event names."""


@dataclass(frozen=True)
class Asked:
    """What the system had asked for, to be asked anew: the fields of `intake.Request`."""

    door: str
    sender: str
    recipients: tuple[str, ...]
    statement: str

    def can_be_held(self) -> bool:
        """Whether the database can hold it to the letter; else nobody could ask it anew."""
        return all(map(rows.can_hold, (self.sender, *self.recipients)))


def keep(member: Member, asked: Asked, writer: BlobWriter, problem: Problem, *, at: datetime) -> None:
    """Note a refusal, and keep the packet where there is one and room for it; the same packet is kept once."""
    secret = isinstance(problem, StateSecret)
    event = HubEvent.PACKET_DESTROYED if secret else HubEvent.PACKET_REFUSED
    digest, size = writer.digest, writer.size
    keeps = not secret and not isinstance(problem, NOT_KEPT) and size > 0 and asked.can_be_held()
    keeps = keeps and _has_room(member.code, digest, size) and _kept(writer)
    with transaction.atomic():
        record(
            event, actor=actor_of(member), subject=Subject("system", member.code), at=at,
            problem=problem.code, digest=digest, size=size, **(_ids(asked, problem) if secret else {}),
        )  # fmt: skip
        if keeps:
            _note(member.code, asked, digest, size, problem, at)
    if secret:
        _destroy(digest)


def _ids(asked: Asked, problem: Problem) -> dict[str, object]:
    """What remains of a state secret beside its digest (R-1.2-1): the document's id, from whom and for whom it was, as
    far as the packet could be read; else as the request said."""
    said = problem.data
    return {
        "identifier": said.get("identifier", ""), "sender": said.get("sender") or asked.sender,
        "recipients": (said.get("addressed") or list(asked.recipients))[:MOST_NAMED],
    }  # fmt: skip


def of_system(system: str) -> Sequence[Quarantined]:
    """A system's refused packets, newest first."""
    return list(Quarantined.objects.filter(system_id=system).order_by("-at", "-id")[:MOST_SHOWN])


def used_bytes(system: str) -> int:
    """How much of its quota a system uses; what was taken since is the packet's, not the quarantine's."""
    waiting = Quarantined.objects.filter(system_id=system, packet__isnull=True)
    return int(waiting.aggregate(used=Sum("size"))["used"] or 0)


def find(system: str, number: str) -> Quarantined:
    """A refused packet of this system. Raises `UnknownQuarantined` for another's as for none at all."""
    known = number.isascii() and number.isdigit() and len(number) < 19
    found = Quarantined.objects.filter(pk=int(number), system_id=system).first() if known else None
    if found is None:
        raise UnknownQuarantined()
    return found


def discard(member: Member, number: str, *, at: datetime) -> None:
    """Let a refused packet go; its bytes follow with the next sweep. Raises `UnknownQuarantined`."""
    found = find(member.code, number)
    with transaction.atomic():
        if not Quarantined.objects.filter(pk=found.pk).delete()[0]:
            raise UnknownQuarantined()  # discarded this very moment
        record(
            HubEvent.QUARANTINE_DISCARDED, actor=actor_of(member), subject=Subject("system", member.code), at=at,
            digest=found.digest,
        )  # fmt: skip


def _note(system: str, asked: Asked, digest: str, size: int, problem: Problem, at: datetime) -> None:
    words = {"code": problem.code, "detail": problem.detail, "detail_en": problem.detail_en}
    facts = {
        "at": at, "size": size, "problem": words, "door": asked.door, "sender": asked.sender[:60],
        "recipients": list(asked.recipients), "statement": asked.statement, "packet": None, "replayed_at": None,
    }  # fmt: skip
    Quarantined.objects.update_or_create(
        system_id=system, digest=digest, defaults={**facts, "times": F("times") + 1},
        create_defaults={**facts, "times": 1},
    )  # fmt: skip


def _kept(writer: BlobWriter) -> bool:
    """Keep the bytes; a full disk does not stand between the system and the reason of the refusal."""
    try:
        writer.keep()
    except OSError as reason:
        if reason.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        return False
    return True


def _has_room(system: str, digest: str, size: int) -> bool:
    if Quarantined.objects.filter(system_id=system, digest=digest, packet__isnull=True).exists():
        return True  # it is here already
    return bool(used_bytes(system) + size <= settings.LIENTHONG.quarantine_bytes)


def _destroy(digest: str) -> None:
    """A packet that is found to be a state secret now may lie here from an earlier refusal."""
    if Quarantined.objects.filter(digest=digest).delete()[0] and not Packet.objects.filter(digest=digest).exists():
        blobs().delete(digest)
