"""The native API as one OpenAPI 3.1 document, made from the routes themselves: what is served is what is described."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter

from lienthong.hub import policy
from lienthong.hub.http.described import HUB_TIME, PACKET, PLACE, Described
from lienthong.hub.http.edge import PASSING
from lienthong.protocol import problems
from lienthong.protocol.problems import (
    BY_CODE,
    DoorClosed,
    FromSandbox,
    FromTraining,
    InsecureChannel,
    InternalError,
    Problem,
    TokenBound,
    TokenExpired,
    Unauthenticated,
)

PROBLEM = "application/problem+json"
RETRY = {"Retry-After": {"description": "After how many seconds to try again.", "schema": {"type": "string"}}}

View = Callable[..., Any]

EVERYWHERE: tuple[type[Problem], ...] = (InternalError, problems.Unavailable, InsecureChannel, FromTraining)
"""What every route may refuse."""
WITH_A_TOKEN: tuple[type[Problem], ...] = (
    Unauthenticated, TokenExpired, TokenBound, FromSandbox, DoorClosed, problems.UnderMaintenance, *policy.REFUSALS,
)  # fmt: skip
"""What every route may refuse that needs an access token."""


def document(routes: Mapping[str, View], *, address: str, version: str) -> dict[str, Any]:
    """The description of a hub's native API.

    Args:
        routes: place below `/api/v1/` → view with its handlers by method.
        address: the hub's public address.
        version: of the software.
    """
    told = [(place, method, view) for place, one in routes.items() for method, view in handlers(one)]
    schemas = _Schemas(view.described for _, _, view in told)  # type: ignore[attr-defined]
    paths: dict[str, dict[str, Any]] = {}
    for place, method, view in told:
        paths.setdefault("/" + PLACE.sub(r"{\1}", place), {})[method] = _operation(place, view, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Liên Thông: native API of the hub",
            "version": version,
            "description": "Exchange of official documents between agencies (Decision 28/2018/QĐ-TTg).",
        },
        "servers": [{"url": f"{address}/api/v1"}],
        "paths": paths,
        "components": {
            "schemas": {**schemas.components, "Problem": _problem_schema()},
            "securitySchemes": {
                "token": {
                    "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                    "description": "From `POST /token`, for a signed assertion (RFC 7523).",
                },
                "monitor": {
                    "type": "http", "scheme": "bearer",
                    "description": "The credential of a reader of security events, from the hub's operators.",
                },
            },
        },
    }  # fmt: skip


def handlers(one: View) -> Iterator[tuple[str, View]]:
    """The methods of a route, each with its handler."""
    handlers: Mapping[str, View] = one.handlers  # type: ignore[attr-defined]
    yield from handlers.items()


class _Schemas:
    """JSON Schemas of all values, each once, by its name."""

    def __init__(self, all_told: Iterator[Described]) -> None:
        kinds: set[type] = set()
        for told in all_told:
            kinds |= {kind for kind in told.answers.values() if isinstance(kind, type)}
            if told.body and isinstance(told.body[1], type):
                kinds.add(told.body[1])
        wanted: list[Any] = [
            (kind, "serialization", TypeAdapter(kind)) for kind in sorted(kinds, key=lambda kind: kind.__name__)
        ]
        made, whole = TypeAdapter.json_schemas(wanted, ref_template="#/components/schemas/{model}")
        self.components: dict[str, Any] = whole.get("$defs", {})
        for (kind, _), schema in made.items():
            if "$ref" not in schema:
                self.components[kind.__name__] = schema

    @staticmethod
    def of(kind: type | str) -> dict[str, Any]:
        """A reference to a value's schema; a packet is its bytes."""
        return {} if isinstance(kind, str) else {"$ref": f"#/components/schemas/{kind.__name__}"}


def _operation(place: str, view: View, schemas: _Schemas) -> dict[str, Any]:
    told: Described = view.described  # type: ignore[attr-defined]
    guarded = getattr(view, "authenticated", False)
    summary, _, more = inspect.getdoc(view).partition("\n\n")  # type: ignore[union-attr]
    made: dict[str, Any] = {
        "operationId": view.__name__,
        "summary": " ".join(summary.split()),
        "parameters": [*_in_path(place), *map(_parameter, told.parameters)],
        "responses": {
            **{str(status): _answer(kind, told, schemas) for status, kind in told.answers.items()},
            **_refusals(refusals_of(view)),
        },
        "security": [{"token": []}] if guarded else [{"monitor": []}] if getattr(view, "monitored", False) else [],
    }
    if more:
        made["description"] = more
    if told.body:
        made["requestBody"] = {"required": True, "content": {told.body[0]: {"schema": schemas.of(told.body[1])}}}
    return made


def refusals_of(view: View) -> list[type[Problem]]:
    """Everything that a handler may refuse."""
    guarded = getattr(view, "authenticated", False)
    return [*view.described.problems, *EVERYWHERE, *(WITH_A_TOKEN if guarded else ())]  # type: ignore[attr-defined]


def _in_path(place: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in PLACE.findall(place)
    ]


def _parameter(one: Any) -> dict[str, Any]:
    return {
        "name": one.name, "in": one.where, "required": one.required, "schema": dict(one.schema),
        "description": one.about,
    }  # fmt: skip


def _answer(kind: type | str | None, told: Described, schemas: _Schemas) -> dict[str, Any]:
    name, about = HUB_TIME
    headers = {name: about, **told.headers}
    made: dict[str, Any] = {
        "description": _what(kind),
        "headers": {each: {"description": words, "schema": {"type": "string"}} for each, words in headers.items()},
    }
    if kind is not None:
        made["content"] = {PACKET if kind == PACKET else "application/json": {"schema": schemas.of(kind)}}
    return made


def _what(kind: type | str | None) -> str:
    if isinstance(kind, type):
        return f"A `{kind.__name__}`."
    return "The bytes of the packet." if kind else "Done; the headers say more."


def _refusals(kinds: list[type[Problem]]) -> dict[str, Any]:
    by_status: dict[int, list[type[Problem]]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind)
    return {
        str(status): {
            "description": "; ".join(f"`{kind.code}`: {kind.__doc__.splitlines()[0]}" for kind in those),  # type: ignore[union-attr]
            "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            **({"headers": RETRY} if status in PASSING or status >= 500 else {}),
        }
        for status, those in sorted(by_status.items())
    }


def _problem_schema() -> dict[str, Any]:
    text = {"type": "string"}
    names = ("type", "code", "title", "detail", "detail_en", "next", "next_en")
    return {
        "type": "object",
        "description": "A refusal (RFC 9457), in Vietnamese and English, with what to do next and its data.",
        "properties": {
            **dict.fromkeys(names, text), "code": {"enum": sorted(BY_CODE)}, "status": {"type": "integer"},
        },
        "required": [*names, "status"],
    }  # fmt: skip
