"""Where a packet goes: from the code that a sender wrote to the agency whose system receives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lienthong.hub.agencies import Directory, Listed
from lienthong.protocol.problems import ClosedRecipient, NotConnected, UnknownRecipient

LONGEST_WAY = 8
"""Forwardings followed at most: a longer chain is a slip of the registry."""


@dataclass(frozen=True)
class Route:
    """One recipient: the code as written, and the agency that receives."""

    written: str
    agency: str


def route_all(written: Iterable[str], directory: Directory) -> list[Route]:
    """The routes of all recipients, or none: a refusal lists every code that cannot receive, with its way out.

    Raises:
        UnknownRecipient, ClosedRecipient, NotConnected.
    """
    routes: dict[str, Route] = {}
    unknown: list[dict[str, str]] = []
    closed: list[dict[str, str]] = []
    unconnected: list[dict[str, str]] = []
    for code in written:
        agency = directory.find(code)
        if agency is None:
            unknown.append({"code": code})
        elif not agency.open:
            closed.append({"code": code, "successor": agency.successor or "", "gateway": agency.gateway or ""})
        else:
            receiver = _follow(agency, directory)
            if receiver is None or receiver.system is None:
                unconnected.append({"code": code, "gateway": agency.gateway or ""})
            else:
                routes.setdefault(receiver.code, Route(code, receiver.code))
    for problem, rows in ((UnknownRecipient, unknown), (ClosedRecipient, closed), (NotConnected, unconnected)):
        if rows:
            everything = unknown + closed + unconnected
            raise problem(codes=", ".join(row["code"] for row in rows), recipients=everything)
    return list(routes.values())


def _follow(agency: Listed, directory: Directory) -> Listed | None:
    """The agency that receives in the end: a merged one forwards to its successor, a unit to its gateway."""
    for _ in range(LONGEST_WAY):
        onward = agency.successor or (agency.gateway if agency.system is None else None)
        if onward is None:
            return agency
        agency = directory.agencies[onward]
    return None
