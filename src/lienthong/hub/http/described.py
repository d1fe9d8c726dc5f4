"""What a route of the native API takes and gives, told beside the route itself; `openapi` makes one document of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from lienthong.protocol.messages import Header
from lienthong.protocol.problems import Problem

V = TypeVar("V", bound=Callable[..., Any])

PLACE = re.compile(r"<str:(\w+)>")
"""What stands in a route for what it is about."""
PACKET = "application/xml"
"""Media type of a packet's bytes."""


@dataclass(frozen=True)
class Parameter:
    """A part of the query, or a header.

    Attributes:
        where: `query` or `header`.
        schema: JSON Schema of its value.
        about: what it means, in a sentence.
    """

    name: str
    where: str
    schema: Mapping[str, Any]
    about: str
    required: bool = False


@dataclass(frozen=True)
class Described:
    """What is to be known of a route and method.

    Attributes:
        answers: HTTP status → the value of `protocol.messages` in the answer; `PACKET` for the bytes of a packet; None
            for nothing but headers.
        problems: what it may refuse, beside what every route may.
        body: (media type, value of `protocol.messages`, or the media type again for bytes) of the request, or None.
        headers: header of the answer → what it says.
    """

    answers: Mapping[int, type | str | None]
    problems: tuple[type[Problem], ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: tuple[str, type | str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def described(
    *parameters: Parameter,
    answers: Mapping[int, type | str | None],
    problems: tuple[type[Problem], ...] = (),
    body: tuple[str, type | str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Callable[[V], V]:
    """Tell what a view takes and gives."""

    def tell(view: V) -> V:
        view.described = Described(answers, problems, parameters, body, headers or {})  # type: ignore[attr-defined]
        return view

    return tell


def query(name: str, about: str, **schema: Any) -> Parameter:
    """A part of the query; never required."""
    return Parameter(name, "query", schema, about)


def header(name: str, about: str, *, required: bool = False, **schema: Any) -> Parameter:
    """A header of the request."""
    return Parameter(name, "header", {"type": "string", **schema}, about, required)


LIMIT = query("limit", "How many at most; the hub may give fewer.", type="integer", minimum=1)
LONGEST_WAIT = 25.0
"""Seconds that an answer is held for while there is nothing."""
WAIT = query(
    "wait", "Seconds for which the answer is held while there is nothing; cut to 25.", type="number", minimum=0
)
HUB_TIME = (Header.HUB_TIME, "The hub's clock (Article 14.4).")
