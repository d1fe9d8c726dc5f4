"""Bytes that the office keeps: which rows name them, and their end when none does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from lienthong.office.config import blobs
from lienthong.office.models import (
    Copy,
    Enclosure,
    IncomingDocument,
    IncomingFile,
    IncomingState,
    Material,
    OutboxPacket,
    ReceivedPacket,
    Regulation,
    RemoteSigning,
    Sealing,
    Version,
)

GRACE = timedelta(hours=24)
"""How long bytes may lie without a row that names them: the act that writes them may still be on its way to its end."""
ENDED = timedelta(days=2)
"""How far back a round looks for recalled content that a killed process left lying."""


def release(digests: Iterable[str]) -> None:
    """Remove bytes that nothing names any more, at once: another document may hold the same."""
    for digest in set(digests):
        if not is_named(digest):
            blobs().delete(digest)


def is_named(digest: str) -> bool:
    """Whether any document, packet or enclosure holds these bytes."""
    return (
        ReceivedPacket.objects.filter(digest=digest, content_removed_at__isnull=True).exists()
        or IncomingFile.objects.filter(digest=digest).exclude(document__state=IncomingState.CANCELLED).exists()
        or OutboxPacket.objects.filter(digest=digest).exists()
        or Version.objects.filter(digest=digest).exists()
        or Enclosure.objects.filter(digest=digest).exists()
        or Enclosure.objects.filter(sealed_digest=digest).exists()
        or Material.objects.filter(digest=digest).exists()
        or Regulation.objects.filter(digest=digest).exists()
        or RemoteSigning.objects.filter(prepared=digest, state=RemoteSigning.State.OPEN).exists()
        or _awaited_seals().filter(prepared=digest).exists()
        or _is_of_copy(digest)
    )


def all_named() -> Iterator[str]:
    """The digest of everything that some row holds and that must therefore be in the store; some come twice."""
    yield from ReceivedPacket.objects.filter(content_removed_at=None).values_list("digest", flat=True).iterator()
    files = IncomingFile.objects.exclude(digest="").exclude(document__state=IncomingState.CANCELLED)
    yield from files.values_list("digest", flat=True).iterator()
    yield from OutboxPacket.objects.values_list("digest", flat=True).iterator()
    yield from Version.objects.values_list("digest", flat=True).iterator()
    yield from Material.objects.values_list("digest", flat=True).iterator()
    yield from Regulation.objects.values_list("digest", flat=True).iterator()
    awaited = RemoteSigning.objects.filter(state=RemoteSigning.State.OPEN)
    yield from awaited.values_list("prepared", flat=True).iterator()
    yield from _awaited_seals().values_list("prepared", flat=True).iterator()
    copies = Copy.objects.exclude(incoming__state=IncomingState.CANCELLED).values_list("digest", "source_digest")
    for pair in (Enclosure.objects.values_list("digest", "sealed_digest"), copies):
        for first, second in pair.iterator():
            yield from filter(None, (first, second))


def _awaited_seals() -> QuerySet[Sealing]:
    """What waits for the agency's token; copies of a document that was destroyed go with it."""
    waiting = Sealing.objects.filter(state=Sealing.State.OPEN)
    return waiting.exclude(copy__incoming__state=IncomingState.CANCELLED)


def _is_of_copy(digest: str) -> bool:
    """Copies of a document that was destroyed go with it."""
    kept = Copy.objects.filter(Q(digest=digest) | Q(source_digest=digest))
    return kept.exclude(incoming__state=IncomingState.CANCELLED).exists()


def of_incoming(document: IncomingDocument) -> list[str]:
    """Digests of a received document: its packet, its files, the copies that were made of it, what they were made of,
    and what was prepared to be sealed."""
    files = document.files.exclude(digest="").values_list("digest", flat=True)
    copies = [digest for pair in document.copies.values_list("digest", "source_digest") for digest in pair if digest]
    waiting = Sealing.objects.filter(copy__incoming=document).values_list("prepared", flat=True)
    packet = [document.packet.digest] if document.packet else []
    return [*packet, *files, *copies, *waiting]


def sweep(now: datetime) -> int:
    """Finish what was cut short: recalled content that is still here goes, and so do bytes that nobody came to name.

    Returns:
        How many were removed as nameless.
    """
    for document in IncomingDocument.objects.filter(cancelled_at__gte=now - ENDED).select_related("packet"):
        release(of_incoming(document))
    limit = (now - GRACE).timestamp()
    blobs().forget_unfinished(limit)
    nameless = (digest for digest in blobs().older_than(limit) if not is_named(digest))
    return sum(blobs().delete_older(digest, limit) for digest in nameless)
