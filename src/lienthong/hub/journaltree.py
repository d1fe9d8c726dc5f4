"""The tree over the hub's journal: each event gets its place once, and the hub signs what the whole is by now.

Events are taken in the order of their ids, once nothing can still come before: an id is given when a row is written,
the row appears when its transaction commits. A leaf is the hash of the event with its salt, so that nothing can be
guessed from it. Hashes lie in tiles of 256, so that a proof reads a few rows, however long the journal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from lienthong.evidence import merkle
from lienthong.evidence.heads import TYPE, Head, read
from lienthong.evidence.receipts import InvalidStatement, KeyRing
from lienthong.hub import hubkeys
from lienthong.hub.models import TreeHead, TreeTile

WIDTH_BITS = 8
WIDTH = 1 << WIDTH_BITS
HASH = 32
BATCH = 20_000
"""Events that one head takes in at most: a journal that was there before its tree is taken in by pieces."""
PATIENCE_SECONDS = 30.0
"""How long the writers of this moment are waited for; those who take longer are in the next round."""
POLL_SECONDS = 0.05
KEPT_TILES = 256
Leaf = tuple[int, bytes]
"""The journal's id of an event, and its hash."""


class HashesMissing(LookupError):
    """Of the tree there is less than a head was signed over: somebody took hashes away."""


def grow(now: datetime) -> TreeHead | None:
    """Take in what was written since the newest head, and sign what the journal is by now; None where nothing new is
    settled, or another process is at it."""
    newest = _settled()
    head = None
    while newest and (taken := _take_in(newest, now)):
        head = taken
    return head


def latest() -> TreeHead | None:
    """The newest head."""
    return TreeHead.objects.order_by("-size").first()


def heads(*, below: int | None, most: int) -> list[TreeHead]:
    """Heads, the newest first; only smaller ones than `below`, where that is given."""
    query = TreeHead.objects.order_by("-size")
    return list((query.filter(size__lt=below) if below is not None else query)[:most])


def of_day(until: datetime) -> TreeHead | None:
    """The newest head of before a moment."""
    return TreeHead.objects.filter(at__lt=until).order_by("-at").first()


def fits(head: TreeHead) -> bool:
    """Whether a head's root is that of the tree."""
    return _is_root(head, _Tiles())


def consistency(old: int, new: int) -> list[bytes]:
    """The proof that the first `old` events of `new` are those of the tree of that size; 0 < old <= new <= the newest
    head's size. Raises `HashesMissing`."""
    return merkle.consistency(old, new, _Tiles())


# -- taking events in --------------------------------------------------------------------------------------------------


def _settled() -> int:
    """The id up to which every event that will ever be there is visible; 0 where somebody still writes for too long.

    Who took an id held the lock of a writer before; whoever of them is gone has committed, or never will.
    """
    deadline = monotonic() + PATIENCE_SECONDS
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM journal_event")
        newest = int(cursor.fetchone()[0])
        cursor.execute(_WRITERS)
        waited = {row[0] for row in cursor.fetchall()}
        while waited:
            if monotonic() > deadline:
                return 0
            sleep(POLL_SECONDS)
            cursor.execute(_WRITERS)
            waited &= {row[0] for row in cursor.fetchall()}
    return newest


def _take_in(newest: int, now: datetime) -> TreeHead | None:
    """The next events up to an id, and the head over them, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('lienthong.journaltree'))")
        if not cursor.fetchone()[0]:
            return None
        last = latest()
        begin, size = (last.last, last.size) if last else (0, 0)
        cursor.execute(f"{_EVENTS} WHERE id > %s AND id <= %s ORDER BY id LIMIT %s", [begin, newest, BATCH])
        leaves = [_leaf(row) for row in cursor.fetchall()]
        if not leaves:
            return None
        _append(0, size, [hash_ for _, hash_ in leaves], [event for event, _ in leaves])
        return _sign(size + len(leaves), leaves[-1][0], now)


def _append(level: int, size: int, hashes: Sequence[bytes], events: Sequence[int] = ()) -> None:
    """Put hashes behind those of a level; each tile that is full by that gives a hash to the level above."""
    full: list[bytes] = []
    taken = 0
    while taken < len(hashes):
        place, held = divmod(size + taken, WIDTH)
        piece = b"".join(hashes[taken : taken + WIDTH - held])
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [level, place, events[taken] if events else None, piece])
            whole = bytes(cursor.fetchone()[0])
        if len(whole) == WIDTH * HASH:
            full.append(_reduce(whole))
        taken += WIDTH - held
    if full:
        _append(level + 1, size // WIDTH, full)


def _sign(size: int, last: int, now: datetime) -> TreeHead:
    told = settings.LIENTHONG
    root = merkle.root(size, _Tiles()).hex()
    head = Head(told.hub_id, size, root, now, told.sandbox)
    signed = hubkeys.current(now).sign_claims(head.claims(), kind=TYPE)
    return TreeHead.objects.create(size=size, root=root, at=now, last=last, signed=signed)


def _leaf(row: Sequence[Any]) -> Leaf:
    return row[0], merkle.leaf(entry(row))


def entry(row: Sequence[Any]) -> bytes:
    """An event as the tree has it: JSON with sorted names, without spaces, in UTF-8; its time in UTC."""
    facts = dict(zip(_NAMES, row, strict=True))
    facts |= {
        "at": facts["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        "data": json.loads(facts["data"]), "salt": bytes(facts["salt"]).hex(),
    }  # fmt: skip
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


class _Tiles:
    """The tree's nodes, as `merkle` asks for them; of the tiles, those of a moment ago are kept."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, int], bytes] = {}

    def __call__(self, height: int, place: int) -> bytes:
        level, within = divmod(height, WIDTH_BITS)
        tile, begin = divmod(place << within, WIDTH)
        hashes = self.of(level, tile)[begin * HASH : (begin + (1 << within)) * HASH]
        if len(hashes) != HASH << within:
            raise HashesMissing(f"tile {tile} of level {level}")
        return _reduce(hashes)

    def of(self, level: int, place: int) -> bytes:
        """The hashes of a tile; none for one that is not there."""
        if (level, place) not in self._read:
            found = TreeTile.objects.filter(level=level, place=place).values_list("hashes", flat=True).first()
            if len(self._read) >= KEPT_TILES:
                self._read.clear()
            self._read[level, place] = bytes(found or b"")
        return self._read[level, place]


def _reduce(hashes: bytes) -> bytes:
    """The hash over a power of two of hashes."""
    row = [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)]
    while len(row) > 1:
        row = [merkle.parent(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


_NAMES = (
    "id", "at", "name", "actor_kind", "actor", "actor_name", "agency", "subject_kind", "subject", "data", "salt",
)  # fmt: skip
_EVENTS = f"SELECT {', '.join(_NAMES)} FROM journal_event".replace(" data,", " data::text,")  # noqa: S608 - names of ours
_WRITERS = """
SELECT virtualtransaction FROM pg_locks WHERE relation = 'journal_event'::regclass AND mode = 'RowExclusiveLock'
AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()
"""
_KEEP = """
INSERT INTO hub_treetile (level, place, first, hashes) VALUES (%s, %s, %s, %s)
ON CONFLICT (level, place) DO UPDATE SET hashes = hub_treetile.hashes || excluded.hashes RETURNING hashes
"""


# -- checking ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Checked:
    """What a look over the whole journal found.

    Attributes:
        events, heads: how many were looked at.
        changed: ids of events that are not what they were when they were taken in.
        broken: tiles (first event's id) in which events are missing, or stand that were not there.
        unsound: sizes of heads whose root or signature is not that of the journal.
    """

    events: int
    heads: int
    changed: tuple[int, ...]
    broken: tuple[int, ...]
    unsound: tuple[int, ...]

    @property
    def sound(self) -> bool:
        """Whether the journal is what the hub has signed."""
        return not (self.changed or self.broken or self.unsound)


def check(now: datetime) -> Checked:
    """Hash every event anew and hold it against the tree, the tree against itself, and every head against it."""
    last = latest()
    if last is None:
        return Checked(0, 0, (), (), ())
    changed: list[int] = []
    broken: list[int] = []
    events, above = 0, []
    for first, hashes, leaves in _tiles_and_events(last):
        events += len(leaves)
        kept = [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)]
        if len(kept) != len(leaves):
            broken.append(first)
        else:
            changed += [event for (event, found), was in zip(leaves, kept, strict=True) if found != was]
        if len(hashes) == WIDTH * HASH:
            above.append(_reduce(hashes))
    unsound = list(_unsound_heads(now)) if _are_above(1, above) else [head.size for head in heads(below=None, most=1)]
    return Checked(events, TreeHead.objects.count(), tuple(changed), tuple(broken), tuple(unsound))


def _tiles_and_events(last: TreeHead) -> Iterator[tuple[int, bytes, list[Leaf]]]:
    """The lowest tiles with the events that stand in their place by now."""
    rows = TreeTile.objects.filter(level=0).order_by("place").values_list("first", "hashes")
    begin = 0  # what stands before the first event of all was not there either
    before: tuple[int, bytes] | None = None
    left = last.size  # of more, which was taken in meanwhile, the next look is
    for first, hashes in rows.iterator(chunk_size=1000):
        assert first is not None  # noqa: S101 - of the lowest level it is always known
        if before is not None:
            yield *before, _leaves(begin, first - 1)
            begin = first
        before = first, bytes(hashes)[: left * HASH]
        left -= WIDTH
        if left <= 0:
            break
    if before is not None:
        yield *before, _leaves(begin, last.last)


def _leaves(begin: int, end: int) -> list[Leaf]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_EVENTS} WHERE id BETWEEN %s AND %s ORDER BY id", [begin, end])
        return [_leaf(row) for row in cursor.fetchall()]


def _are_above(level: int, hashes: list[bytes]) -> bool:
    """Whether the levels from this on are made of the hashes below them. What they hold besides was taken in while the
    journal was being looked at: the next look is at that."""
    while hashes:
        rows = TreeTile.objects.filter(level=level).order_by("place").values_list("hashes", flat=True)
        if not b"".join(bytes(row) for row in rows).startswith(b"".join(hashes)):
            return False
        pieces = [hashes[at : at + WIDTH] for at in range(0, len(hashes), WIDTH)]
        hashes, level = [_reduce(b"".join(piece)) for piece in pieces if len(piece) == WIDTH], level + 1
    return True


def _unsound_heads(now: datetime) -> Iterator[int]:
    keys, tiles = KeyRing(hubkeys.published(now)), _Tiles()
    for head in TreeHead.objects.order_by("size").iterator(chunk_size=1000):
        try:
            said = read(head.signed, keys)
        except InvalidStatement:
            yield head.size
            continue
        if (said.size, said.root) != (head.size, head.root) or not _is_root(head, tiles):
            yield head.size


def _is_root(head: TreeHead, tiles: _Tiles) -> bool:
    try:
        return merkle.root(head.size, tiles).hex() == head.root
    except HashesMissing:
        return False
