"""Signed tree heads: what the hub says its journal is, so that it can never say otherwise.

A head is a compact JWS (RFC 7515) of the hub's key, as every statement of the hub is: so many events have this root.
Who keeps one asks later for the proof that the journal still begins with the same events (`merkle.is_consistent`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from lienthong.evidence.receipts import InvalidStatement, KeyRing

TYPE = "lienthong-tree-head+jwt"
_VIETNAM = timezone(timedelta(hours=7))


@dataclass(frozen=True)
class Head:
    """A tree head.

    Attributes:
        issuer: the hub's id.
        size: how many events are in the tree.
        root: its root, lower-case hexadecimal.
        at: when, by the hub's clock.
        sandbox: whether a test hub says it: then it is worth nothing.
    """

    issuer: str
    size: int
    root: str
    at: datetime
    sandbox: bool = False

    def claims(self) -> dict[str, Any]:
        """The JSON payload."""
        at = self.at.astimezone(_VIETNAM).isoformat(timespec="milliseconds")
        claims = {"iss": self.issuer, "iat": at, "size": self.size, "root": self.root}
        return claims | ({"sandbox": True} if self.sandbox else {})


def read(token: str, keys: KeyRing) -> Head:
    """What a signed head says, if one of these keys signed it. Raises `InvalidStatement`."""
    return _from(keys.verify_claims(token, kind=TYPE))


def _from(claims: Mapping[str, Any]) -> Head:
    try:
        at = datetime.fromisoformat(claims["iat"])
        size, root = claims["size"], bytes.fromhex(claims["root"])
        if at.tzinfo is None or type(size) is not int or size < 0 or len(root) != 32:
            raise ValueError("no size, root or offset")
        return Head(str(claims["iss"]), size, root.hex(), at.astimezone(UTC), claims.get("sandbox") is True)
    except (KeyError, TypeError, ValueError, OverflowError) as reason:
        raise InvalidStatement(f"not a tree head: {reason}") from reason
