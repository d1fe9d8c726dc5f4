"""Content and its end: it stays N days after the last recipient is done, then goes, its bytes with their last
reference; at once where it bears a mark of secrecy. Metadata, receipts and digests stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from lienthong.hub import imports, lifecycle, rows
from lienthong.hub.blobs import blobs
from lienthong.hub.errors import IllegalMove
from lienthong.hub.kept import Kept
from lienthong.hub.models import Delivery, LegalHold, Packet, Quarantined
from lienthong.journal.record import Actor, Subject, record, record_all
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol.problems import ContentGone
from lienthong.standards.statuses import OPEN_TRANSPORT, TransportState

BATCH = 500
MOST_BATCHES = 40
"""Packets looked at in a batch, and batches in a round: a backlog is worked off without holding the worker."""
LATER = timedelta(days=1)
"""When what is still undelivered, or held, is looked at again."""
GRACE = timedelta(hours=24)
"""How long bytes may lie without a row that names them: a submission may still be on its way to its commit."""
AT_ONCE = 1000
"""Digests of which one question asks whether a row names them."""
RETENTION = Actor("service", "retention")
REMOVED = HubEvent.PACKET_CONTENT_REMOVED


# -- after the days of keeping ---------------------------------------------------------------------------------------


def remove_delivered(now: datetime) -> int:
    """Let go the content of packets of which every recipient is done, or from whom it was withdrawn, since long enough.

    What is still undelivered stays, and so does what is under a hold. Cut short at any step, the next round goes on:
    what was marked is gone for everybody, and bytes left lying are the sweeper's.

    Returns:
        How many packets let their content go.
    """
    removed = 0
    for _ in range(MOST_BATCHES):
        looked, gone = _remove_batch(now)
        removed += len(gone)
        release(gone, now)
        if looked < BATCH:
            break
    return removed


def _remove_batch(now: datetime) -> tuple[int, list[str]]:
    """Look at the packets that are due, the longest due first; gives how many, and the digests let go."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            facts: dict[str, Any] = {
                "now": now, "most": BATCH, "open": [state.value for state in OPEN_TRANSPORT], "later": LATER,
                "days": timedelta(days=settings.LIENTHONG.content_days),
            }  # fmt: skip
            cursor.execute(_LOOK, facts)
            looked_at = cursor.fetchall()
        gone = [(key, digest) for key, digest, removed in looked_at if removed]
        record_all(
            [(REMOVED, Subject("packet", str(key)), {"digest": digest}) for key, digest in gone],
            actor=RETENTION,
            at=now,
        )
    return len(looked_at), [digest for _, digest in gone]


# Each packet is looked at when it is due, and only then: what cannot go yet is told when to be looked at next. So a
# round costs what is due, however much is kept.
_LOOK = """
WITH due AS MATERIALIZED (
    SELECT id FROM hub_packet WHERE content_removed_at IS NULL AND keep_until <= %(now)s
    ORDER BY keep_until LIMIT %(most)s FOR UPDATE SKIP LOCKED
), stand AS (
    SELECT due.id,
           bool_or(d.state = ANY(%(open)s)) OR EXISTS (
               SELECT 1 FROM hub_legalhold h WHERE h.packet_id = due.id AND h.released_at IS NULL
           ) AS stays,
           %(now)s >= max(coalesce(d.done_at, d.submitted_at)) + %(days)s AS over,
           max(coalesce(d.done_at, d.submitted_at)) AS last
    FROM due LEFT JOIN hub_delivery d ON d.packet_id = due.id GROUP BY due.id
), fate AS (
    SELECT id, NOT coalesce(stays, false) AND coalesce(over, true) AS goes, coalesce(stays, false) AS stays, last
    FROM stand
)
UPDATE hub_packet p SET
    content_removed_at = CASE WHEN fate.goes THEN %(now)s END,
    content_removed_for = CASE WHEN fate.goes THEN 'retention' ELSE '' END,
    keep_until = CASE WHEN fate.stays THEN %(now)s + %(later)s WHEN fate.goes THEN p.keep_until
                      ELSE fate.last + %(days)s END
FROM fate WHERE p.id = fate.id RETURNING p.id, p.digest, fate.goes
"""


def release(digests: Iterable[str], now: datetime) -> int:
    """Remove bytes that no row names any more; gives how many. What came in again meanwhile is young, and stays."""
    limit, removed = (now - GRACE).timestamp(), 0
    waiting = iter(digests)
    while some := list(islice(waiting, AT_ONCE)):
        named = _named(some)
        removed += sum(blobs().delete_older(digest, limit) for digest in some if digest not in named)
    return removed


def _named(digests: Sequence[str]) -> set[str]:
    kept = Packet.objects.filter(digest__in=digests, content_removed_at__isnull=True).values_list("digest", flat=True)
    named = {*kept, *Quarantined.objects.filter(digest__in=digests).values_list("digest", flat=True)}
    return named | {digest for digest in digests if digest not in named and imports.still_needs(digest)}


def all_named() -> Iterator[str]:
    """The digest of everything that some row holds and that must therefore be in the store; some come twice."""
    kept = Packet.objects.filter(content_removed_at=None)
    for named in (kept, Quarantined.objects.all(), imports.needed()):
        yield from named.values_list("digest", flat=True).iterator()


def sweep(now: datetime, *, part: int | None = None) -> int:
    """Remove bytes that nobody came to name, and what a killed process left half-written; gives how many.

    Args:
        part: 0 … 255, one part of the store; without it all of it.
    """
    limit = (now - GRACE).timestamp()
    blobs().forget_unfinished(limit)
    return release(blobs().older_than(limit, part), now)


# -- at once: marks of secrecy ---------------------------------------------------------------------------------------


def destroy(found: Delivery, *, actor: Actor, at: datetime) -> None:
    """Destroy a packet of which a recipient says that it bears a mark of secrecy (Article 1.2), in its transaction.

    Nobody else gets it: it is withdrawn from all inboxes. Digest, ids and who said so remain. The bytes are gone when
    the transaction is over.
    """
    digest = found.packet.digest
    same = list(Packet.objects.filter(digest=digest))
    Packet.objects.filter(digest=digest, content_removed_at__isnull=True).update(
        content_removed_at=at, content_removed_for="secret"
    )
    Quarantined.objects.filter(digest=digest).delete()
    waiting = Delivery.objects.filter(packet__in=same, state__in=[TransportState.INITIAL, TransportState.FAIL])
    for one in waiting.select_related("packet"):
        try:
            lifecycle.advance(one, to=TransportState.WITHDRAWN, actor=actor, at=at, reason=SECRET_REASON)
        except IllegalMove:
            continue  # fetched this very moment: its bytes are not given out any more
    for packet in same:
        record(
            HubEvent.PACKET_DESTROYED, actor=actor, subject=Subject("packet", str(packet.pk)), at=at, digest=digest,
            size=packet.size, problem="state_secret", sender=packet.sender_id, told_by=found.agency_id,
        )  # fmt: skip
    transaction.on_commit(lambda: blobs().destroy(digest))
    transaction.on_commit(_destroyed.forget)


def was_destroyed(digest: str) -> bool:
    """Whether these very bytes were destroyed for a mark of secrecy: they are not taken again."""
    found = rows.execute(
        "SELECT EXISTS (SELECT FROM hub_packet WHERE digest = %s AND content_removed_for = 'secret')", [digest]
    )
    return found == (True,)


def is_known_as_destroyed(digest: str) -> bool:
    """The same, as of two seconds ago at most, and without a question for each packet."""
    known = _destroyed.get()
    return digest in known if len(known) < MOST_KNOWN else was_destroyed(digest)


MOST_KNOWN = 10_000
"""Digests that each process keeps; beyond, it asks."""


def _newest_destroyed() -> frozenset[str]:
    destroyed = Packet.objects.filter(content_removed_for="secret").order_by("-content_removed_at")
    return frozenset(destroyed.values_list("digest", flat=True)[:MOST_KNOWN])


_destroyed: Kept[frozenset[str]] = Kept(_newest_destroyed)


def forget_copy() -> None:
    """Look anew at the next question."""
    _destroyed.forget()


SECRET_REASON = "state_secret: bên nhận báo có dấu chỉ độ mật; nội dung đã hủy"  # noqa: S105 - words


def finish_destruction(now: datetime) -> None:
    """Destroy what a process that was killed left lying."""
    since = now - 2 * GRACE
    destroyed = Packet.objects.filter(content_removed_for="secret", content_removed_at__gte=since)
    for digest in destroyed.values_list("digest", flat=True):
        blobs().destroy(digest)


# -- what is said of it afterwards -----------------------------------------------------------------------------------


def gone(found: Delivery) -> ContentGone:
    """Why the bytes of a delivery cannot be had, and since when."""
    packet = found.packet
    if packet.content_removed_at:
        return ContentGone(why=packet.content_removed_for or "retention", since=packet.content_removed_at.isoformat())
    if found.state == TransportState.WITHDRAWN:
        last = found.changes.filter(state=TransportState.WITHDRAWN.value).order_by("-id").first()
        return ContentGone(why="withdrawn", since=last.at.isoformat() if last else "")
    return ContentGone(why="missing", since="")


# -- holds -----------------------------------------------------------------------------------------------------------


def hold(name: str, *, reason: str, by: Actor, at: datetime) -> list[UUID]:
    """Keep the content of a packet, or of all that carry a document of this identifier, until the hold is lifted.

    Returns:
        The packets that are held now.

    Raises:
        ValueError: no reason, no such packet, or its content is gone.
    """
    if not reason.strip():
        raise ValueError("cần lý do giữ / a hold needs its reason")
    packets = _packets_of(name)
    with transaction.atomic():
        kept = list(packets.select_for_update().filter(content_removed_at__isnull=True))
        if not kept:
            raise ValueError("không có gói tin nào còn nội dung / no packet of this name has its content")
        for packet in kept:
            LegalHold.objects.get_or_create(
                packet=packet, released_at=None,
                defaults={"reason": reason.strip()[:400], "placed_at": at, "placed_by": by.id[:100]},
            )  # fmt: skip
            record(HubEvent.HOLD_PLACED, actor=by, subject=Subject("packet", str(packet.pk)), at=at, reason=reason)
    return [packet.pk for packet in kept]


def lift_hold(name: str, *, by: Actor, at: datetime) -> list[UUID]:
    """Lift the hold; the content goes when its days are over. Raises `ValueError` when there is none."""
    with transaction.atomic():
        held = list(LegalHold.objects.select_for_update().filter(packet__in=_packets_of(name), released_at=None))
        if not held:
            raise ValueError("không có lệnh giữ nào / there is no hold")
        for one in held:
            one.released_at, one.released_by = at, by.id[:100]
            one.save(update_fields=["released_at", "released_by"])
            subject = Subject("packet", str(one.packet_id))
            record(HubEvent.HOLD_RELEASED, actor=by, subject=subject, at=at)
    return [one.packet_id for one in held]


def holds() -> Iterator[LegalHold]:
    """The holds that are in force, the oldest first."""
    yield from LegalHold.objects.filter(released_at=None).select_related("packet").order_by("placed_at")


def _packets_of(name: str) -> QuerySet[Packet]:
    try:
        return Packet.objects.filter(pk=UUID(name))
    except ValueError:
        return Packet.objects.filter(identifier=name)
