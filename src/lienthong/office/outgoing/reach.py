"""Who can be reached, as the hub's directory says (Decision 28/2018, Articles 5 and 7.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lienthong.office.errors import BadRecipients
from lienthong.office.models import Channel, DirectoryAgency, Recipient
from lienthong.office.packets import carriers


class Listed(NamedTuple):
    """Whether an agency takes part, is connected, and who follows it: as the directory says; what is exchanged inside
    this installation reaches those that it serves without the hub."""

    open: bool
    connected: bool
    successor: str


Directory = Mapping[str, Listed]


def listed(recipients: Sequence[Recipient]) -> Directory:
    """Those of the recipients that stand in the directory, by their codes."""
    codes = {one.code for one in recipients}
    here = carriers.reached_here(codes, sender=recipients[0].document.organization) if recipients else set()
    rows = DirectoryAgency.objects.filter(code__in=codes).values_list("code", "open", "connected", "successor")
    return {code: Listed(is_open, connected or code in here, successor) for code, is_open, connected, successor in rows}


def unconnected(recipients: Sequence[Recipient], directory: Directory) -> list[Recipient]:
    """Those that take part and are not connected yet: they get paper, for this is what Article 7.1 has it for."""
    waiting = {code for code, said in directory.items() if said.open and not said.connected}
    return [one for one in recipients if one.channel == Channel.ELECTRONIC and one.code in waiting]


def require(recipients: Sequence[Recipient], directory: Directory) -> None:
    """Everyone is in the hub's directory, open and connected; the refusal lists all who are not, with the way out.
    Raises `BadRecipients`."""
    bad = []
    for one in recipients:
        said = directory.get(one.code)
        if said is None:
            bad.append(f"{one.code} (không có trong danh mục)")
        elif not said.open:
            bad.append(f"{one.code} (đã đóng{', thay bằng ' + said.successor if said.successor else ''})")
        elif not said.connected:
            bad.append(f"{one.code} (chưa kết nối)")
    if bad:
        raise BadRecipients(codes=", ".join(bad))
