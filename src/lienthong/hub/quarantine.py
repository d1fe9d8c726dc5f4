"""What happens to a refused packet: kept for a while for its system's owner, within a quota; a state secret is
destroyed before the answer, and only digest and ids remain."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from lienthong.hub.agencies import Member
from lienthong.hub.delivery import actor_of
from lienthong.hub.models import Quarantined
from lienthong.journal.record import Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol.problems import BodyTruncated, NoStorage, Problem, StateSecret, TooLarge
from lienthong.storage import BlobWriter

NOT_KEPT = (BodyTruncated, NoStorage, TooLarge)
"""Refusals after which there is no whole packet to keep."""


def keep(member: Member, writer: BlobWriter, problem: Problem, *, at: datetime) -> None:
    """Note a refusal, and keep the packet where there is one and room for it."""
    secret = isinstance(problem, StateSecret)
    event = HubEvent.PACKET_DESTROYED if secret else HubEvent.PACKET_REFUSED
    digest, size = writer.digest, writer.size
    keeps = not secret and not isinstance(problem, NOT_KEPT) and size > 0 and _has_room(member, size)
    if keeps:
        writer.keep()
    with transaction.atomic():
        record(
            event, actor=actor_of(member), subject=Subject("system", member.code), at=at,
            problem=problem.code, digest=digest, size=size,
        )  # fmt: skip
        if keeps:
            words = {"code": problem.code, "detail": problem.detail, "detail_en": problem.detail_en}
            Quarantined.objects.create(system_id=member.code, at=at, digest=digest, size=size, problem=words)


def _has_room(member: Member, size: int) -> bool:
    used = Quarantined.objects.filter(system_id=member.code).aggregate(used=Sum("size"))["used"] or 0
    return bool(used + size <= settings.LIENTHONG.quarantine_bytes)
