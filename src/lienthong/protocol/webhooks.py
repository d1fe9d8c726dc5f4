"""Webhooks as the Standard Webhooks specification says (standardwebhooks.com): what a hub signs, and a member verifies.

    payload = webhooks.verify(request.headers, request.body, secrets=["whsec_…"], at=now)
    if payload["type"] == "delivery.waiting":
        …  # read the inbox: a message only says that it is worth while

A message may come twice and, after a failure, late: its id tells repeats apart, and what it tells stands in the inbox
and in the feed anyway.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import secrets as random
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

PREFIX = "whsec_"
VERSION = "v1"
SECRET_BYTES = 32
SHORTEST_SECRET, LONGEST_SECRET = 24, 64
"""Bytes of a secret, as the specification says."""
TOLERANCE = timedelta(minutes=5)
"""How far a message's time may lie off the receiver's clock: an older one may be an attacker's repeat."""

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


class WebhookEvent(StrEnum):
    """What a message tells of. Its data name no content: `items` says which, `count` how many, beyond the listed."""

    DELIVERY_WAITING = "delivery.waiting"
    STATUS_RECEIVED = "status.received"
    PACKET_CHANGED = "packet.changed"
    DIRECTORY_CHANGED = "directory.changed"
    REPLAY_PROPOSED = "quarantine.replay_proposed"
    TEST = "webhook.test"


CHOOSABLE = tuple(event for event in WebhookEvent if event is not WebhookEvent.TEST)
"""What an endpoint can ask for; a test comes whenever it is asked for."""


class InvalidWebhook(ValueError):
    """The message is not the hub's, was changed on the way, or is too old. Answer it with 400, and do nothing."""


def new_secret() -> str:
    """A secret for an endpoint: `whsec_` and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(random.token_bytes(SECRET_BYTES)).decode()


def sign(message_id: str, at: datetime, body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """The headers of a message; with several secrets, as during a rotation, one signature for each.

    Raises:
        ValueError: a secret is none.
    """
    moment = str(int(at.timestamp()))
    signatures = (f"{VERSION},{_mac(secret, message_id, moment, body)}" for secret in secrets)
    return {ID: message_id, TIMESTAMP: moment, SIGNATURE: " ".join(signatures)}


def verify(headers: Mapping[str, str], body: bytes, *, secrets: Iterable[str], at: datetime) -> dict[str, Any]:
    """What a message says, once it is known to be the hub's.

    Args:
        headers: of the request, in any case.
        body: the bytes as they came, before anything parsed them.
        secrets: the endpoint's secret; during a rotation the old one too.
        at: the receiver's clock.

    Returns:
        The payload: `type`, `timestamp`, `data`.

    Raises:
        InvalidWebhook: why, in words that are safe to log.
    """
    told = {name.lower(): value for name, value in headers.items()}
    try:
        message_id, moment, given = told[ID], told[TIMESTAMP], told[SIGNATURE]
    except KeyError as missing:
        raise InvalidWebhook(f"the header {missing} is missing") from None
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 12):
        raise InvalidWebhook("the timestamp is no number")
    if abs(at.timestamp() - int(moment)) > TOLERANCE.total_seconds():
        raise InvalidWebhook("the timestamp is too far off this clock")
    signatures = [mac for version, _, mac in (each.partition(",") for each in given.split()) if version == VERSION]
    expected = [_mac(secret, message_id, moment, body) for secret in secrets]
    if not any(hmac.compare_digest(one.encode(), other.encode()) for one in expected for other in signatures):
        raise InvalidWebhook("no signature fits")
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidWebhook("the body is not JSON") from None
    if not isinstance(payload, dict):
        raise InvalidWebhook("the body is no JSON object")
    return payload


def _mac(secret: str, message_id: str, moment: str, body: bytes) -> str:
    signed = b".".join((message_id.encode(), moment.encode(), body))
    return base64.b64encode(hmac.digest(_key(secret), signed, "sha256")).decode()


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a secret is whsec_ and base64") from None
    if not SHORTEST_SECRET <= len(key) <= LONGEST_SECRET:
        raise ValueError(f"a secret has {SHORTEST_SECRET} to {LONGEST_SECRET} bytes")
    return key
