"""The keys with which the hub signs its statements and its access tokens."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from lienthong.evidence.proving import PublishedKey
from lienthong.evidence.receipts import KeyRing, SigningKey
from lienthong.hub import secrets
from lienthong.hub.models import HubKey
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent

FRESH_SECONDS = 10.0
"""How long a process relies on its copy: a new key is in use everywhere after this, and believed everywhere before."""

MOST_TOKENS = 4096


@dataclass(frozen=True)
class _Keys:
    """A copy of the keys: the one in use, all of them in public, from when until when each signs, and the tokens that
    they were found to have signed."""

    current: SigningKey
    public: list[dict[str, Any]]
    ring: KeyRing
    times: dict[str, tuple[datetime, datetime | None]]
    read_at: float
    tokens: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)


_lock = threading.Lock()
_copy: _Keys | None = None


def current(at: datetime) -> SigningKey:
    """The key in use; the first one is made when the hub has none."""
    return _keys(at).current


def published(at: datetime) -> list[dict[str, Any]]:
    """The public keys, the one in use first (RFC 7517); retired ones stay: what they signed stays true.

    Those of a test hub say that they are.
    """
    return _marked(_keys(at))


def _marked(keys: _Keys) -> list[dict[str, Any]]:
    mark = {"sandbox": True} if settings.LIENTHONG.sandbox else {}
    return [key | mark for key in keys.public]


def find(kid: str, at: datetime) -> PublishedKey | None:
    """The hub's key of this id, current or retired, with the time in which it signs."""
    keys = _keys(at)
    if kid not in keys.times:
        return None
    jwk = next(jwk for jwk in _marked(keys) if jwk["kid"] == kid)
    made_at, retired_at = keys.times[kid]
    return PublishedKey(
        kid=kid, owner=settings.LIENTHONG.hub_id, hub=True, jwk=jwk, valid_from=made_at, valid_to=retired_at
    )


def token_claims(token: str, *, kind: str, at: datetime) -> dict[str, Any]:
    """The claims of an access token that this hub signed. Raises `InvalidStatement`.

    A system shows the same token with every request: its signature is checked once, its expiry is the caller's to
    check each time.
    """
    keys = _keys(at)
    claims = keys.tokens.get((kind, token))
    if claims is None:
        claims = keys.ring.verify_claims(token, kind=kind)
        if len(keys.tokens) >= MOST_TOKENS:
            keys.tokens.clear()
        keys.tokens[kind, token] = claims
    return claims


def rotate(at: datetime) -> str:
    """Retire the key in use and make a new one; running processes take it up within `FRESH_SECONDS`."""
    with transaction.atomic():
        HubKey.objects.filter(retired_at__isnull=True).update(retired_at=at)
        key = _make(at)
        actor = Actor("service", "operator", "Đơn vị vận hành Trục")
        record(
            HubEvent.HUB_KEY_CHANGED, actor=actor, subject=Subject("hub", settings.LIENTHONG.hub_id), at=at, kid=key.id
        )
    forget()
    return key.id


def forget() -> None:
    """Read the keys anew at the next question."""
    global _copy
    _copy = None


def _keys(at: datetime) -> _Keys:
    global _copy
    copy = _copy
    if copy is None or monotonic() - copy.read_at > FRESH_SECONDS:
        with _lock:
            copy = _copy
            if copy is None or monotonic() - copy.read_at > FRESH_SECONDS:
                copy = _copy = _read(at)
    return copy


def _read(at: datetime) -> _Keys:
    read_at = monotonic()
    rows = list(HubKey.objects.order_by("-made_at"))
    if all(row.retired_at for row in rows):
        rows.insert(0, _make_first(at))
    keys = [(row, SigningKey(json.loads(secrets.reveal(row.jwk)))) for row in rows]
    keys.sort(key=lambda pair: pair[0].retired_at is not None)
    public = [key.public_jwk() for _, key in keys]
    times = {key.id: (row.made_at, row.retired_at) for row, key in keys}
    return _Keys(keys[0][1], public, KeyRing(public), times, read_at)


def _make_first(at: datetime) -> HubKey:
    with transaction.atomic(), connection.cursor() as cursor:
        # Two processes that start at once would make two keys: harmless, but one is enough.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lienthong.hubkey'))")
        row = HubKey.objects.filter(retired_at__isnull=True).order_by("-made_at").first()
        if row is None:
            _make(at)
            row = HubKey.objects.get(retired_at__isnull=True)
    return row


def _make(at: datetime) -> SigningKey:
    key = SigningKey.generate()
    HubKey.objects.create(kid=key.id, jwk=secrets.hide(json.dumps(key.private_jwk())), made_at=at)
    return key
