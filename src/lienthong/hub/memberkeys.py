"""The keys with which statements are signed, as everybody may see them: whose they are, and when they are worth belief.

A key is found by its id alone. Who holds a statement has read the id in it; nobody guesses one, so that nothing is told
to whom no statement was given, and a court or an auditor needs no access to check one.
"""

from __future__ import annotations

from datetime import datetime

from lienthong.evidence.proving import PublishedKey, Service, is_key_id
from lienthong.hub import hubkeys
from lienthong.hub.models import Service as ServiceRow
from lienthong.hub.models import SystemKey


def find(kid: str, at: datetime) -> PublishedKey | None:
    """The key of this id, the hub's or a system's, in use or not; None when there is none."""
    if not is_key_id(kid):
        return None
    row = SystemKey.objects.filter(kid=kid).first()
    if row is None:
        return hubkeys.find(kid, at)
    served = ServiceRow.objects.filter(system_id=row.system_id).order_by("agency_id", "since")
    return PublishedKey(
        kid=row.kid,
        owner=row.system_id,
        hub=False,
        jwk=row.jwk,
        valid_from=row.added_at,
        valid_to=row.retired_at,
        compromised_from=row.compromised_from,
        agencies=tuple(Service(one.agency_id, one.since, one.until) for one in served),
    )
