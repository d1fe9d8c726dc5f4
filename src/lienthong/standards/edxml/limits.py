"""How much of a packet is taken, in one table. What each element may hold stands in `rules`, the other table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What stops a reader before it has read everything, so that nobody can wear it out.

    Attributes:
        depth: levels of elements.
        elements: elements in a packet.
        text: characters outside attachments: room for ten thousand recipients.
        repeats: how often an element may stand that may stand often.
        name: characters of an attachment's name that are kept.
        unpacked: bytes of an attachment that was packed in a ZIP.
        ratio: how many times its packed size it may unpack to; beyond a small size, no honest document comes near.
        ratio_free: bytes up to which the ratio is not asked for.
        directory: bytes of the list of entries of a ZIP that is unwrapped: it has one; a list of a million is not read.
    """

    depth: int = 24
    elements: int = 200_000
    text: int = 8_000_000
    repeats: int = 10_000
    name: int = 200
    unpacked: int = 1 << 30
    ratio: int = 200
    ratio_free: int = 10 << 20
    directory: int = 64 << 10


LIMITS = Limits()
