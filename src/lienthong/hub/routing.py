"""Where a packet goes: from the code that a sender wrote to the agency whose system receives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lienthong.hub.agencies import Directory, Listed
from lienthong.protocol.problems import ClosedRecipient, NotConnected, UnknownRecipient
from lienthong.standards.agencies import Category

LONGEST_WAY = 8
"""Forwardings followed at most: a longer chain is a slip of the registry."""


@dataclass(frozen=True)
class Route:
    """One recipient: the code as first written, the agency that receives, and all agencies in whose place it does."""

    written: str
    agency: str
    named: frozenset[str]


def route_all(written: Iterable[str], directory: Directory, *, earlier: bool = False) -> list[Route]:
    """The routes of all recipients, or none: a refusal lists every code that cannot receive, with its way out.

    Args:
        earlier: the packet speaks of what was exchanged before (a status, a recall, an update): it finds whoever
            follows an agency that takes nothing new any more, and waits for one that has no system at the moment.

    Raises:
        UnknownRecipient, ClosedRecipient, NotConnected.
    """
    first: dict[str, str] = {}
    named: dict[str, set[str]] = {}
    unknown: list[dict[str, str]] = []
    closed: list[dict[str, str]] = []
    unconnected: list[dict[str, str]] = []
    for code in written:
        agency = directory.find(code)
        if agency is None:
            unknown.append({"code": code})
            continue
        receiver = _follow(agency, directory, earlier)
        if receiver is not None and not receiver.open and not earlier:
            closed.append({"code": code, "successor": receiver.successor or "", "gateway": agency.gateway or ""})
        elif receiver is None or (not earlier and (receiver.system is None or not receiver.ready)):
            unconnected.append({"code": code, "gateway": agency.gateway or ""})
        else:
            first.setdefault(receiver.code, code)
            named.setdefault(receiver.code, set()).add(agency.code)
    for problem, rows in ((UnknownRecipient, unknown), (ClosedRecipient, closed), (NotConnected, unconnected)):
        if rows:
            everything = unknown + closed + unconnected
            raise problem(codes=", ".join(row["code"] for row in rows), recipients=everything)
    return [Route(written, receiver, frozenset(named[receiver])) for receiver, written in first.items()]


def reason(written: str, agency: str, directory: Directory) -> str:
    """Why another agency than the one written receives: see `messages.DeliveryPromise`; empty where it is the one."""
    named = directory.find(written)
    if named is None or named.code == agency:
        return ""
    if named.successor:
        return "successor"
    if named.category == Category.MANDATE:
        return "contact_point"
    return "single_gateway" if _single_gateway(named, directory) else "gateway"


def _follow(agency: Listed, directory: Directory, earlier: bool) -> Listed | None:
    """The agency that receives in the end: a merged one forwards to its successor, a unit to its gateway."""
    for _ in range(LONGEST_WAY):
        if not agency.open and not earlier:
            return agency
        onward = agency.successor or _single_gateway(agency, directory)
        if onward is None and agency.system is None:
            onward = agency.gateway
        if onward is None:
            return agency
        agency = directory.agencies[onward]
    return None


def _single_gateway(agency: Listed, directory: Directory) -> str | None:
    """The agency above that receives for everyone below it (Article 21.2: the Ministry of National Defence)."""
    above = agency
    for _ in range(LONGEST_WAY):
        if above.parent is None:
            return None
        above = directory.agencies[above.parent]
        if above.single_gateway:
            return above.code
    return None
