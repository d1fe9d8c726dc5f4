"""The catalogue of refusals, made from the closed list of problems and from the routes themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lienthong.hub.http.described import PLACE
from lienthong.hub.http.openapi import handlers, refusals_of
from lienthong.protocol.messages import ProblemKind
from lienthong.protocol.problems import SAID_BY_HUBS, Problem


def kinds(routes: Mapping[str, Callable[..., Any]], address: str) -> list[ProblemKind]:
    """Every refusal, by code; `routes` are the API's, `address` the hub's."""
    given = routes_by_problem(routes)
    return [
        ProblemKind(
            code=kind.code,
            type=f"{address}/problems/{kind.code}",
            status=kind.status,
            vxp=kind.vxp,
            about=meaning(kind),
            retryable=kind.retryable,
            detail=kind.vi,
            detail_en=kind.en,
            next=kind.next_vi,
            next_en=kind.next_en,
            routes=given.get(kind, ()),
        )
        for kind in SAID_BY_HUBS
    ]


def routes_by_problem(routes: Mapping[str, Callable[..., Any]]) -> dict[type[Problem], tuple[str, ...]]:
    """Problem → the routes that may give it, as `POST /packets`."""
    found: dict[type[Problem], dict[str, None]] = {}
    for place, one in routes.items():
        path = PLACE.sub(r"{\1}", place)
        for method, view in handlers(one):
            name = f"{method.upper()} /{path}"
            for kind in refusals_of(view):
                found.setdefault(kind, {})[name] = None
    return {kind: tuple(names) for kind, names in found.items()}


def meaning(kind: type[Problem]) -> str:
    """What a problem means, in a line."""
    return " ".join((kind.__doc__ or "").partition("\n\n")[0].split())
