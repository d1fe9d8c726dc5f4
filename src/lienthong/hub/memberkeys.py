"""The keys with which statements are signed, as everybody may see them: whose they are, and when they are worth belief.

A key is found by its id alone. Who holds a statement has read the id in it; nobody guesses one, so that nothing is told
to whom no statement was given, and a court or an auditor needs no access to check one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from time import monotonic

from lienthong.evidence.proving import PublishedKey, Service, is_key_id
from lienthong.hub import hubkeys
from lienthong.hub.models import Service as ServiceRow
from lienthong.hub.models import SystemKey

FRESH_SECONDS = 2.0
"""How long a process relies on what it found of a system; that there is no such key is looked up each time."""
MOST_KEYS = 4096

_kept: dict[str, tuple[PublishedKey, float]] = {}


def find(kid: str, at: datetime) -> PublishedKey | None:
    """The key of this id, the hub's or a system's, in use or not; None when there is none."""
    return find_many([kid], at).get(kid)


def find_many(kids: Iterable[str], at: datetime) -> dict[str, PublishedKey]:
    """The keys of these ids, as of a moment ago; what is no key is left out."""
    wanted = {kid for kid in kids if is_key_id(kid)}
    found = {kid: key for kid in wanted if (key := hubkeys.find(kid, at)) is not None}
    since = monotonic() - FRESH_SECONDS
    for kid in wanted - found.keys():
        key, read_at = _kept.get(kid, (None, 0.0))
        if key is not None and read_at > since:
            found[kid] = key
    missing = wanted - found.keys()
    if missing:
        read = _read(missing)
        _keep(read)
        found |= read
    return found


def forget_copy() -> None:
    """Look up every key anew at the next question."""
    _kept.clear()


def _keep(keys: dict[str, PublishedKey]) -> None:
    if len(_kept) + len(keys) > MOST_KEYS:
        _kept.clear()
    read_at = monotonic()
    _kept.update({kid: (key, read_at) for kid, key in keys.items()})


def _read(kids: set[str]) -> dict[str, PublishedKey]:
    rows = list(SystemKey.objects.filter(kid__in=kids))
    if not rows:
        return {}
    served: dict[str, list[Service]] = {}
    periods = ServiceRow.objects.filter(system__in={row.system_id for row in rows}).order_by("agency_id", "since")
    for one in periods:
        served.setdefault(one.system_id, []).append(Service(one.agency_id, one.since, one.until))
    return {row.kid: _published(row, served.get(row.system_id, [])) for row in rows}


def _published(row: SystemKey, agencies: Iterable[Service]) -> PublishedKey:
    return PublishedKey(
        kid=row.kid,
        owner=row.system_id,
        hub=False,
        jwk=row.jwk,
        valid_from=row.added_at,
        valid_to=row.retired_at,
        compromised_from=row.compromised_from,
        agencies=tuple(agencies),
    )
