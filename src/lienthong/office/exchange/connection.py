"""The office's connection to the hub, and how it fares (R-12.2-1)."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import cast

from django.conf import settings

from lienthong.office.config import hub_tls, system_key, vxp_secret
from lienthong.office.models import HubLink, Organization
from lienthong.office.people.tickets import has_desk
from lienthong.protocol.client.interface import HubConnection, TicketDesk
from lienthong.protocol.client.native import NativeConnection
from lienthong.protocol.client.vxp import VxpConnection

_local = threading.local()


def connect() -> HubConnection:
    """The thread's own connection, through the door that the settings name."""
    if not hasattr(_local, "connection"):
        _local.connection = _open()
    connection: HubConnection = _local.connection
    return connection


def desk() -> TicketDesk | None:
    """The same connection where its door takes tickets, which the pages ask as well (`tickets.has_desk`)."""
    return cast("TicketDesk", connect()) if has_desk() else None


def _open() -> HubConnection:
    told = settings.LIENTHONG
    if told.hub_door == "vxp":
        return VxpConnection(
            told.hub_url, system=told.system, secret=vxp_secret(), tls=hub_tls(), training=told.training
        )
    return NativeConnection(told.hub_url, system=told.system, key=system_key(), tls=hub_tls(), training=told.training)


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
