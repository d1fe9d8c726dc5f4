"""A member of a test hub: whoever registers there gets a system and agencies of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from lienthong.evidence.receipts import SigningKey
from lienthong.protocol.client.http import HubHttp
from lienthong.protocol.client.tls import ClientTls
from lienthong.protocol.problem import Problem, UnknownProblem

REGISTER_SECONDS = 30


@dataclass(frozen=True)
class Registered:
    """What the test hub gave: codes of the system and of its agencies, the first one's old spelling, the hub's id."""

    system: str
    agencies: tuple[str, ...]
    alias: str
    hub_id: str


def register(hub: str, tls: ClientTls, name: str, agencies: Sequence[str], key: SigningKey) -> Registered:
    """Register a system with agencies at a test hub, and nowhere else.

    Args:
        hub: its address; `tls`: whom to believe as it.
        key: of the new system, which opens the native API.

    Raises:
        WrongKindOfHub: it is no test hub. Problem: it takes nobody in just now, or answers as no hub does.
        HubUnreachable.
    """
    asked = {"name": name, "agencies": list(agencies), "key": key.public_jwk()}
    http = HubHttp(f"{hub.rstrip('/')}/api/v1", tls=tls, timeout=REGISTER_SECONDS, training=True, harmless="time")
    try:
        answer = http.ask(
            "POST", "sandbox/systems", headers={"Content-Type": "application/json"}, body=json.dumps(asked).encode()
        )
    finally:
        http.close()
    try:
        said = dict(answer.json())
        if answer.status != HTTPStatus.CREATED:
            raise Problem.from_json(said, answer.status)
        found = said["agencies"]
        return Registered(said["system"], tuple(one["code"] for one in found), found[0]["old_code"], said["hub_id"])
    except (LookupError, TypeError, ValueError) as reason:
        raise UnknownProblem(text="trả lời sai dạng về đăng ký", http=answer.status) from reason
