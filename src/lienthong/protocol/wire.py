"""Turns the values of `protocol.messages` into JSON objects and back."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
VIETNAM = timezone(timedelta(hours=7))


def write_value(value: Any) -> Any:
    """A value as JSON understands it; times with the offset of Vietnam (Article 14.4)."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if names := _names(kind):  # type: ignore[arg-type]
        return {name: write_value(getattr(value, name)) for name in names}
    if isinstance(value, datetime):
        return value.astimezone(VIETNAM).isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple):
        return [write_value(item) for item in value]
    return value


_PLAIN = frozenset({str, int, float, bool, type(None)})


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass; none for any other type. Lists have hundreds of the same."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def read_value(kind: type[T], data: Mapping[str, Any]) -> T:
    """A value from its JSON object; members that this version does not know are left out.

    Raises:
        KeyError, TypeError, ValueError: the object is not of this kind.
    """
    hints: dict[str, Any] = _hints(kind)  # type: ignore[arg-type]
    names = _names(kind)  # type: ignore[arg-type]
    return kind(**{name: _read(hints[name], value) for name, value in data.items() if name in names})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return None if value is None else _read(next(arg for arg in get_args(hint) if arg is not type(None)), value)
    if origin is tuple:
        inner = get_args(hint)
        if len(inner) == 2 and inner[1] is not Ellipsis:
            return tuple(_read(kind, item) for kind, item in zip(inner, value, strict=True))
        return tuple(_read(inner[0], item) for item in value)
    if is_dataclass(hint):
        return read_value(hint, value)  # type: ignore[arg-type]
    if hint is datetime:
        return datetime.fromisoformat(value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    return value
