"""Every receipt that this hub gave for a packet, judged once more against the keys that lie here: what the drill of a
backup asks (Decision 28/2018/QĐ-TTg, Article 19.1đ)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from lienthong.hub import proofs
from lienthong.hub.models import Packet

AT_ONCE = 500


def receipts() -> Iterator[tuple[UUID, str]]:
    """Of each packet: its number, and why its receipt is no proof; "" where it is one."""
    waiting = Packet.objects.order_by("pk").iterator(AT_ONCE)
    while some := list(islice(waiting, AT_ONCE)):
        for packet in some:
            found = proofs.of_acceptance(packet, proofs.keys_of(packet, ()))
            yield packet.pk, "" if found.valid else str(found.fault or "no receipt")
