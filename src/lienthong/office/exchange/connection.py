"""The office's connection to the hub, and how it fares (R-12.2-1)."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from django.conf import settings

from lienthong.office.config import hub_tls, system_key
from lienthong.office.models import HubLink, Organization
from lienthong.protocol.client.interface import HubConnection
from lienthong.protocol.client.native import NativeConnection

_local = threading.local()


def connect() -> NativeConnection:
    """The thread's own connection."""
    if not hasattr(_local, "connection"):
        _local.connection = NativeConnection(
            settings.LIENTHONG.hub_url, system=settings.LIENTHONG.system, key=system_key(), tls=hub_tls()
        )
    connection: NativeConnection = _local.connection
    return connection


def note_contact(connection: HubConnection) -> None:
    """The hub answered."""
    skew = getattr(connection, "skew", None)
    changes: dict[str, object] = {"last_contact": datetime.now(UTC), "problem": "", "problem_since": None}
    if skew is not None:
        changes["skew_ms"] = int(skew.total_seconds() * 1000)
    for organization in Organization.objects.all():
        HubLink.objects.update_or_create(organization=organization, defaults=changes)


def note_problem(problem: str) -> None:
    """The hub did not answer, or said no."""
    for organization in Organization.objects.all():
        link, _ = HubLink.objects.get_or_create(organization=organization)
        if not link.problem:
            link.problem_since = datetime.now(UTC)
        link.problem = problem[:500]
        link.save(update_fields=["problem", "problem_since"])
