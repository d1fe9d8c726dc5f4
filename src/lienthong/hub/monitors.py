"""Who reads the security feed: monitoring systems (SIEM), each with a credential that opens nothing else."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from lienthong.hub.models import Monitor
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent

PREFIX = "lienthong-monitor-"
"""So that a token is known for what it is wherever it turns up."""
SEEN = timedelta(minutes=1)


def add(name: str, *, actor: Actor, at: datetime) -> str:
    """Register a reader; gives its token, which is shown this once. Raises `ValueError`."""
    name = name.strip()
    if not 0 < len(name) <= 60:
        raise ValueError("cần tên hệ thống giám sát, tối đa 60 ký tự / a name of at most 60 characters is needed")
    token = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        if Monitor.objects.filter(name=name).exists():
            raise ValueError(f"đã có {name}; dùng tên khác / the name was used before")
        Monitor.objects.create(name=name, token_hash=_hash(token), added_at=at)
        record(HubEvent.MONITOR_ADDED, actor=actor, subject=Subject("monitor", name), at=at)
    return token


def revoke(name: str, *, actor: Actor, at: datetime) -> None:
    """Let a reader read nothing from now on. Raises `ValueError`."""
    with transaction.atomic():
        if not Monitor.objects.filter(name=name, revoked_at__isnull=True).update(revoked_at=at):
            raise ValueError(f"không có {name} đang dùng / no such reader in use")
        record(HubEvent.MONITOR_REVOKED, actor=actor, subject=Subject("monitor", name), at=at)


def may_read(token: str, *, at: datetime) -> bool:
    """Whether a token is a reader's in use; notes that it was here."""
    if not token.startswith(PREFIX):
        return False
    found = Monitor.objects.filter(token_hash=_hash(token), revoked_at__isnull=True).first()
    if found is None:
        return False
    if found.last_read_at is None or at - found.last_read_at >= SEEN:
        Monitor.objects.filter(pk=found.pk).update(last_read_at=at)
    return True


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
