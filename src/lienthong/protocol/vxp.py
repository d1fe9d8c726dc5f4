"""The header-signed envelope of existing client software (`wire.md` 3.1–3.3).

Parameters travel as HTTP headers; what is authenticated is one of them, `XroadVnpt-sign-header`, a JSON text under an
HMAC. So that text is the only source of parameters: header names arrive case-folded and merged, the JSON does not.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lienthong.protocol.problems import BadRequest, Problem, Unauthenticated

PREFIX = "XroadVnpt-"
SIGN_HEADER = "XroadVnpt-sign-header"
HASH_HEADER = "XroadVnpt-hash-header"
SYSTEM_HEADER = "XroadVnpt-systemid"

MOST_FAULTS = 5
"""Faults of a packet that an answer names."""

Secrets = Callable[[str], Sequence[str]]
"""Gives the secrets of a system, while one follows another both; none when there is no such system at this door."""


@dataclass(frozen=True)
class Call:
    """An authenticated call.

    Attributes:
        system: code of the calling system.
        parameters: names without prefix, in the client's own spelling → values. Old parameters of earlier calls are
            among them: clients never clear them, so each operation takes only what it knows.
    """

    system: str
    parameters: Mapping[str, str]

    def get(self, *names: str) -> str:
        """The first of these parameters that is there and not empty."""
        return next((self.parameters[name] for name in names if self.parameters.get(name)), "")


def authenticate(headers: Callable[[str], str], secrets: Secrets) -> Call:
    """Check a call's signature and read its parameters.

    Args:
        headers: gives a header's value by name, empty when there is none.
        secrets: the secrets of a system.

    Old timestamps are taken: clients set theirs once, when they start.

    Raises:
        Unauthenticated, BadRequest.
    """
    signed = headers(SIGN_HEADER)
    if not signed:
        raise Unauthenticated(reason="thiếu XroadVnpt-sign-header")
    # Servers hand header bytes on as Latin-1; what was signed is the UTF-8 text that these bytes are.
    received = signed.encode("latin-1", errors="replace")
    parameters = _parameters(received)
    system = parameters.get("systemid", "")
    keys = secrets(system) if system and headers(SYSTEM_HEADER) == system else ()
    claimed = headers(HASH_HEADER).lower().encode()
    fitting = [
        hmac.compare_digest(hmac.new(key.encode(), received, hashlib.sha256).hexdigest().encode(), claimed)
        for key in keys or ("nobody",)
    ]
    if not keys or not any(fitting):
        raise Unauthenticated(reason="sai systemid hoặc secret")
    return Call(system, parameters)


def _parameters(signed: bytes) -> dict[str, str]:
    try:
        values = json.loads(signed)
    except (ValueError, RecursionError) as reason:
        raise BadRequest(reason="XroadVnpt-sign-header không phải JSON") from reason
    if not isinstance(values, dict):
        raise BadRequest(reason="XroadVnpt-sign-header không phải đối tượng JSON")
    return {name.removeprefix(PREFIX): value for name, value in values.items() if isinstance(value, str)}


def sign(parameters: Mapping[str, str], secret: str) -> dict[str, str]:
    """The headers of a call with these parameters (names without prefix, `systemid` among them), as clients send it."""
    named = {PREFIX + name: value for name, value in parameters.items()}
    text = json.dumps(named, ensure_ascii=False, separators=(",", ":"))
    return {
        **named,
        "XroadVnpt-sign-header-key": ";".join(parameters),
        SIGN_HEADER: text,
        HASH_HEADER: hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest(),
        "XroadVnpt-version": "3.0.201608",
    }


def timestamp(moment: datetime) -> str:
    """`23112026T123255+0437`: local time, and milliseconds where others have a zone."""
    return f"{moment:%d%m%YT%H%M%S}+{moment.microsecond // 1000:04d}"


def unpadded(digest: str) -> str:
    """A digest as clients write it: each byte without its leading zero."""
    return "".join(f"{byte:x}" for byte in bytes.fromhex(digest))


def hash_fits(claimed: str, digest: str) -> bool:
    """Whether a `hash-file` is this digest, written with or without leading zeros."""
    return claimed.lower() in (digest, unpadded(digest))


class WithoutLastLineEnd:
    """Passes a streamed body on without the one CR LF that clients put after the file."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, chunk: bytes) -> bytes:
        """The bytes that surely belong to the file."""
        chunk = self._held + chunk
        self._held = chunk[-2:]
        return chunk[:-2]

    def close(self) -> bytes:
        """The rest: everything that is not the line end."""
        return b"" if self._held == b"\r\n" else self._held


def success(*, mark: str = "", **extras: Any) -> bytes:
    """The body of an answer: one line of ASCII, no nulls; `mark` comes before its words."""
    return _body({"status": "OK", "ErrorCode": "0", "ErrorDesc": f"{mark}Thanh cong", **extras})


def failure(problem: Problem, *, mark: str = "", **extras: Any) -> bytes:
    """The body of a refusal. `DocId` and `data` please the clients that want them always."""
    text = f"{mark}{_said(problem)} {problem.next_vi}"
    return _body({"status": "FAIL", "ErrorCode": problem.vxp, "ErrorDesc": text, "DocId": "", "data": "", **extras})


def _said(problem: Problem) -> str:
    """The refusal in Vietnamese, with the faults of a packet and the codes to use: the client shows nothing else."""
    faults = [str(fault.get("vi", "")) for fault in problem.data.get("problems", ())[:MOST_FAULTS]]
    listed = " ".join(f"({number}) {fault}" for number, fault in enumerate(faults, 1)) if len(faults) > 1 else ""
    ways = {row["code"]: row.get("successor") or row.get("gateway") for row in problem.data.get("recipients", ())}
    instead = ", ".join(f"{code} → {way}" for code, way in ways.items() if way)
    return " ".join(text for text in (problem.detail, listed, instead and f"Mã thay thế: {instead}.") if text)


def _body(values: dict[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=True).encode("ascii")
