"""The directory: who is who, who may speak for whom, and by which key. Read-mostly, so each process keeps a copy."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q

from lienthong.evidence.receipts import InvalidStatement, KeyRing, public_part
from lienthong.hub import secrets
from lienthong.hub.models import Agency, Alias, Seal, System, SystemKey
from lienthong.journal.models import Event
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol import messages
from lienthong.standards.identifiers import AgencyCode

FRESH_SECONDS = 2.0
"""How long a process relies on its copy: a change by the registry is in force everywhere after this."""


CHANGES = (HubEvent.AGENCY_ADDED.value, HubEvent.AGENCY_CLOSED.value)
"""The events that change what the directory says of an agency."""


@dataclass(frozen=True)
class Member:
    """A connected system as the doors need it."""

    code: str
    native: bool
    vxp: bool
    vxp_secret: str
    old_codes: bool
    agencies: frozenset[str]
    keys: KeyRing


@dataclass(frozen=True)
class Listed:
    """An agency as routing needs it."""

    code: str
    name: str
    system: str | None
    open: bool
    successor: str | None
    gateway: str | None
    parent: str | None
    old_code: str


@dataclass(frozen=True)
class Directory:
    """A copy of the directory."""

    agencies: Mapping[str, Listed]
    spellings: Mapping[str, str]
    systems: Mapping[str, Member]
    predecessors: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def find(self, spelling: str) -> Listed | None:
        """The agency of a code in any spelling."""
        code = self.spellings.get(spelling.strip())
        return self.agencies[code] if code else None

    def top_of(self, agency: Listed) -> Listed:
        """The agency at the top of its tree."""
        return self._line(agency)[-1]

    def level_of(self, agency: Listed) -> int:
        """How deep it lies in its tree; the top is 1."""
        return len(self._line(agency))

    def _line(self, agency: Listed) -> list[Listed]:
        """The agency and all above it; a tree that bites its own tail ends where it does."""
        line = {agency.code: agency}
        while agency.parent and agency.parent not in line:
            agency = self.agencies[agency.parent]
            line[agency.code] = agency
        return list(line.values())

    def same_or_successor(self, code: str, other: str) -> bool:
        """Whether `code` is the agency `other`, or follows it (R-16.1-1)."""
        return code == other or other in self.predecessors.get(code, frozenset())


_copy: Directory | None = None
_read_at = 0.0
_lock = threading.Lock()


def directory() -> Directory:
    """The directory as of at most two seconds ago."""
    global _copy, _read_at
    if _copy is None or monotonic() - _read_at > FRESH_SECONDS:
        with _lock:
            if _copy is None or monotonic() - _read_at > FRESH_SECONDS:
                _copy = _read()
                _read_at = monotonic()
    return _copy


def forget_copy() -> None:
    """Read the directory anew at the next question."""
    global _copy
    _copy = None


def _read() -> Directory:
    aliases = dict(Alias.objects.values_list("spelling", "agency_id"))
    old_codes = {agency: spelling for spelling, agency in aliases.items()}
    agencies = {
        row.code: Listed(
            row.code, row.name, row.system_id, row.open, row.successor_id, row.gateway_id, row.parent_id,
            old_codes.get(row.code, row.code),
        )
        for row in Agency.objects.all()
    }  # fmt: skip
    served: dict[str, set[str]] = {}
    for agency in agencies.values():
        served.setdefault(agency.system or "", set()).add(agency.code)
    keys: dict[str, list[dict[str, Any]]] = {}
    # A key out of use proves what it signed before; it opens nothing any more.
    for key in SystemKey.objects.filter(Q(retired_at__isnull=True) | Q(retired_at__gt=datetime.now(UTC))):
        keys.setdefault(key.system_id, []).append(key.jwk)
    systems = {
        row.code: Member(
            row.code, row.native, row.vxp, secrets.reveal(row.vxp_secret) if row.vxp_secret else "", row.old_codes,
            frozenset(served.get(row.code, ())), KeyRing(keys.get(row.code, ())),
        )
        for row in System.objects.all()
    }  # fmt: skip
    predecessors: dict[str, set[str]] = {}
    for agency in agencies.values():
        if agency.successor:
            predecessors.setdefault(agency.successor, set()).add(agency.code)
    return Directory(
        agencies=agencies,
        spellings={**{code: code for code in agencies}, **aliases},
        systems=systems,
        predecessors={code: frozenset(before) for code, before in predecessors.items()},
    )


def published(moment: datetime) -> list[messages.Agency]:
    """The directory for members, with the seal certificates that it vouches for or has vouched for."""
    copy = directory()
    seals: dict[str, list[messages.SealCertificate]] = {}
    for seal in Seal.objects.filter(valid_from__lte=moment).order_by("valid_from"):
        certificate = messages.SealCertificate(seal.certificate, seal.valid_from, seal.valid_to)
        seals.setdefault(seal.agency_id, []).append(certificate)
    spellings: dict[str, list[str]] = {}
    for spelling, code in copy.spellings.items():
        if spelling != code:
            spellings.setdefault(code, []).append(spelling)
    return [
        messages.Agency(
            code=agency.code,
            name=agency.name,
            aliases=tuple(sorted(spellings.get(agency.code, ()))),
            parent=agency.parent,
            connected=agency.system is not None,
            open=agency.open,
            successor=agency.successor,
            gateway=agency.gateway,
            seals=tuple(seals.get(agency.code, ())),
        )
        for agency in sorted(copy.agencies.values(), key=lambda agency: agency.code)
    ]


def changes() -> Iterable[dict[str, Any]]:
    """How often each agency's entry has changed, and when last: `subject`, `times`, `last`."""
    events = Event.objects.filter(subject_kind="agency", name__in=CHANGES)
    counted = events.values_list("subject").annotate(Count("id"), Max("at"))
    return [{"subject": code, "times": times, "last": last} for code, times, last in counted]


# -- what the registry does ------------------------------------------------------------------------------------------

REGISTRY = Actor("service", "registry", "Danh mục cơ quan")


def add_agency(code: str, *, name: str, parent: str | None = None, aliases: Iterable[str] = (), at: datetime) -> Agency:
    """Add an agency, or give a known one its name, parent and further spellings.

    Raises:
        InvalidCode: a code breaks the alphabet or the length.
        ValueError: a spelling belongs to another agency, or the parent is unknown.
    """
    AgencyCode.parse(code)
    with transaction.atomic():
        if parent and not Agency.objects.filter(code=parent).exists():
            raise ValueError(f"no agency {parent}")
        if Alias.objects.filter(spelling=code).exclude(agency_id=code).exists():
            raise ValueError(f"{code} is a spelling of another agency")
        agency, _ = Agency.objects.update_or_create(
            code=code, defaults={"name": name, "parent_id": parent}, create_defaults={
                "name": name, "parent_id": parent, "added_at": at,
            },
        )  # fmt: skip
        for spelling in aliases:
            AgencyCode.parse(spelling)
            alias, _ = Alias.objects.get_or_create(spelling=spelling, defaults={"agency": agency})
            if alias.agency_id != code or Agency.objects.filter(code=spelling).exists():
                raise ValueError(f"{spelling} belongs to another agency")
        record(HubEvent.AGENCY_ADDED, actor=REGISTRY, subject=Subject("agency", code), at=at, name=name)
    forget_copy()
    return agency


def close_agency(code: str, *, at: datetime) -> Agency:
    """Close an agency: nothing more is sent to it. What waits for it stays, and its code is never used again.

    Raises:
        ValueError: no such agency.
    """
    with transaction.atomic():
        agency = Agency.objects.select_for_update().filter(code=code).first()
        if agency is None:
            raise ValueError(f"no agency {code}")
        if agency.open:
            agency.open = False
            agency.save(update_fields=["open"])
            record(HubEvent.AGENCY_CLOSED, actor=REGISTRY, subject=Subject("agency", code), at=at)
    forget_copy()
    return agency


def register_seal(code: str, certificate: bytes, *, at: datetime) -> Seal:
    """Vouch for a certificate of an agency's seal from now on; the same certificate twice is one entry.

    Raises:
        ValueError: no such agency, or the certificate belongs to another one.
    """
    fingerprint = hashlib.sha256(certificate).hexdigest()
    with transaction.atomic():
        if not Agency.objects.filter(code=code).exists():
            raise ValueError(f"no agency {code}")
        seal, made = Seal.objects.get_or_create(
            fingerprint=fingerprint,
            defaults={
                "agency_id": code,
                "certificate": base64.b64encode(certificate).decode(),
                "valid_from": at,
            },
        )
        if seal.agency_id != code:
            raise ValueError(f"the certificate is registered for {seal.agency_id}")
        if made:
            subject = Subject("agency", code)
            record(HubEvent.AGENCY_SEAL_REGISTERED, actor=REGISTRY, subject=subject, at=at, fingerprint=fingerprint)
    return seal


def add_system(
    code: str,
    *,
    name: str,
    agencies: Iterable[str],
    vxp_secret: str = "",
    key: Mapping[str, Any] | None = None,
    at: datetime,
) -> System:
    """Connect a system, or change which agencies it serves and by which secret or key it is known.

    Raises:
        ValueError: an agency is unknown, or the key is none.
    """
    AgencyCode.parse(code)
    with transaction.atomic():
        changes: dict[str, Any] = {"name": name}
        if vxp_secret:
            changes |= {"vxp": True, "vxp_secret": secrets.hide(vxp_secret)}
        system, _ = System.objects.update_or_create(
            code=code, defaults=changes, create_defaults={**changes, "added_at": at}
        )
        wanted = set(agencies)
        unknown = wanted - set(Agency.objects.filter(code__in=wanted).values_list("code", flat=True))
        if unknown:
            raise ValueError(f"no agency {', '.join(sorted(unknown))}")
        Agency.objects.filter(code__in=wanted).update(system=system)
        record(HubEvent.SYSTEM_ADDED, actor=REGISTRY, subject=Subject("system", code), at=at, agencies=sorted(wanted))
        if key is not None:
            _add_key(system, key, at)
    forget_copy()
    return system


def _add_key(system: System, key: Mapping[str, Any], at: datetime) -> None:
    try:
        public = public_part(key)
    except InvalidStatement as reason:
        raise ValueError(str(reason)) from reason
    _, made = SystemKey.objects.get_or_create(
        kid=public["kid"], defaults={"system": system, "jwk": public, "added_at": at}
    )
    if made:
        subject = Subject("system", system.code)
        record(HubEvent.SYSTEM_KEY_ADDED, actor=REGISTRY, subject=subject, at=at, kid=public["kid"])
