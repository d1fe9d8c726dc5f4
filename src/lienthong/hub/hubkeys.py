"""The keys with which the hub signs its statements and its access tokens."""

from __future__ import annotations

import json
import threading
from datetime import datetime
from typing import Any

from django.db import transaction

from lienthong.evidence.receipts import KeyRing, SigningKey
from lienthong.hub import secrets
from lienthong.hub.models import HubKey

_lock = threading.Lock()
_current: SigningKey | None = None
_ring: KeyRing | None = None


def current(at: datetime) -> SigningKey:
    """The key in use; the first one is made when the hub has none."""
    global _current
    if _current is None:
        with _lock:
            if _current is None:
                _current = _load(at)
    return _current


def ring(at: datetime) -> KeyRing:
    """All the hub's keys, retired ones included: what they signed stays true."""
    global _ring
    if _ring is None:
        current(at)
        _ring = KeyRing(published())
    return _ring


def published() -> list[dict[str, Any]]:
    """The public keys, the one in use first (RFC 7517)."""
    rows = HubKey.objects.order_by("retired_at", "-made_at")
    keys = [(row, SigningKey(json.loads(secrets.reveal(row.jwk)))) for row in rows]
    keys.sort(key=lambda pair: pair[0].retired_at is not None)
    return [key.public_jwk() for _, key in keys]


def rotate(at: datetime) -> str:
    """Retire the key in use and make a new one; running processes take it up within their next start or check."""
    with transaction.atomic():
        HubKey.objects.filter(retired_at__isnull=True).update(retired_at=at)
        key = _make(at)
    forget()
    return key.id


def forget() -> None:
    """Read the keys anew at the next question."""
    global _current, _ring
    _current = _ring = None


def _load(at: datetime) -> SigningKey:
    row = HubKey.objects.filter(retired_at__isnull=True).order_by("-made_at").first()
    if row is None:
        with transaction.atomic():
            # Two processes that start at once would make two keys: harmless, but one is enough.
            from django.db import connection

            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lienthong.hubkey'))")
            row = HubKey.objects.filter(retired_at__isnull=True).order_by("-made_at").first()
            if row is None:
                return _make(at)
    return SigningKey(json.loads(secrets.reveal(row.jwk)))


def _make(at: datetime) -> SigningKey:
    key = SigningKey.generate()
    HubKey.objects.create(kid=key.id, jwk=secrets.hide(json.dumps(key.private_jwk())), made_at=at)
    return key
