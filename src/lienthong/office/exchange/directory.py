"""The hub's directory, copied: recipients, and the seals by which documents are judged."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from lienthong.look.vietnamese import sort_key
from lienthong.office.models import DirectoryAgency, HubLink
from lienthong.protocol.client.interface import HubConnection
from lienthong.protocol.messages import Agency


def refresh(connection: HubConnection, *, at: datetime) -> int:
    """Copy the directory; gives how many agencies it has. Nothing is removed: a closed agency stays, as closed."""
    agencies = connection.directory()
    rows = [_row(agency) for agency in agencies]
    fields = [field.name for field in DirectoryAgency._meta.fields if field.name != "code"]
    with transaction.atomic():
        DirectoryAgency.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=fields)
        HubLink.objects.update(directory_at=at)
    return len(rows)


def _row(agency: Agency) -> DirectoryAgency:
    return DirectoryAgency(
        code=agency.code,
        name=agency.name,
        search_key=sort_key(f"{agency.name} {agency.code} {' '.join(agency.aliases)}")[:600],
        aliases=list(agency.aliases),
        parent=agency.parent or "",
        connected=agency.connected,
        open=agency.open,
        successor=agency.successor or "",
        gateway=agency.gateway or "",
        seals=[_seal(seal) for seal in agency.seals],
    )


def _seal(seal: Any) -> dict[str, Any]:
    return {
        "certificate": seal.certificate,
        "valid_from": seal.valid_from.isoformat(),
        "valid_to": seal.valid_to.isoformat() if seal.valid_to else None,
    }
