"""Two versions of a document side by side: what the later one says otherwise (Decree 30, 10.3; Annex VI, 5a).

Compared is what stands on the pages, sentence by sentence: a version may be laid out here or come as a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from lienthong.office.config import blobs
from lienthong.office.models import OutgoingDocument, Stage, Version
from lienthong.office.outgoing.act_errors import NotComparable
from lienthong.standards.texts import NoText, text_apart

SENTENCES = re.compile(r"(?<=[.;:!?/])\s+(?=\S)")
MOST_SENTENCES = 4_000
"""Of a version; a longer one is compared as far as that."""


@dataclass(frozen=True)
class Row:
    """What stands beside each other: the same on both sides, or changed; one side empty where the other has more.

    Attributes:
        alike: how many sentences are left out here because both versions have them; then there are no texts.
    """

    before: str = ""
    after: str = ""
    alike: int = 0


def pair(document: OutgoingDocument, before: int, after: int) -> tuple[Version, Version] | None:
    """The two versions that are asked for; else the two newest drafts, or the two newest of all. None where there is
    only one."""
    known = {one.ordinal: one for one in document.versions.all()}
    if before in known and after in known and before != after:
        return known[min(before, after)], known[max(before, after)]
    drafts = [one for one in known.values() if one.stage == Stage.DRAFT]
    among = drafts if len(drafts) > 1 else list(known.values())
    return (among[-2], among[-1]) if len(among) > 1 else None


def compare(before: Version, after: Version) -> list[Row]:
    """What the later version says otherwise, with a sentence around. Raises `NotComparable`: one has no text."""
    return list(_rows(_sentences(before), _sentences(after)))


def _sentences(version: Version) -> list[str]:
    try:
        words = text_apart(blobs().path(version.digest)).words
    except (NoText, FileNotFoundError) as reason:
        raise NotComparable(ordinal=version.ordinal) from reason
    return SENTENCES.split(words)[:MOST_SENTENCES]


def _rows(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield from _alike(before[a:b], first=a == 0, last=b == len(before))
        else:
            yield from (Row(old, new) for old, new in zip_longest(before[a:b], after[c:d], fillvalue=""))


def _alike(same: Sequence[str], *, first: bool, last: bool) -> Iterator[Row]:
    """What both have: the sentences next to a change, and how many there are between."""
    head, tail = 0 if first else 1, 0 if last else 1
    if len(same) <= head + tail:
        yield from (Row(one, one) for one in same)
        return
    yield from (Row(one, one) for one in same[:head])
    yield Row(alike=len(same) - head - tail)
    yield from (Row(one, one) for one in same[len(same) - tail :])
