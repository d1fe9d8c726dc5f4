"""The directory: who is who, who may speak for whom, and by which key. Read-mostly, so each process keeps a copy."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from sys import intern
from time import monotonic
from typing import Any

import structlog
from cryptography import x509
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Max, Q

from lienthong.evidence.receipts import InvalidStatement, KeyRing, public_part
from lienthong.hub import codes, memberkeys, mode, secrets
from lienthong.hub.codes import REGISTRY
from lienthong.hub.models import Agency, Alias, CodeChange, FormerName, Readiness, Seal, System, SystemKey
from lienthong.hub.refusals import RegistryRefused
from lienthong.hub.rows import can_hold
from lienthong.journal.models import Event
from lienthong.journal.record import Actor, Subject, horizon, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol import messages
from lienthong.standards.agencies import Category
from lienthong.standards.identifiers import AgencyCode, CodeSystem

FRESH_SECONDS = 2.0
"""How long a process relies on its copy: a change by the registry is in force everywhere after this."""
log = structlog.get_logger("hub.agencies")
MANY = 1000
"""From so many agencies on, all seals are read at once."""


CHANGES = (
    HubEvent.AGENCY_ADDED.value,
    HubEvent.AGENCY_SEAL_REGISTERED.value,
    HubEvent.AGENCY_ROUTING_SET.value,
)
"""The events that change what the directory says of an agency."""


@dataclass(frozen=True)
class Member:
    """A connected system as the doors need it.

    Attributes:
        agencies: for whom it acts: receives, sends, reports. Those merged into one of them are among them.
        former: agencies of its own whose successor another system acts for: it may finish what it began for them.
    """

    code: str
    native: bool
    vxp: bool
    vxp_secret: str = field(repr=False)
    old_codes: bool
    agencies: frozenset[str]
    keys: KeyRing
    former: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Listed:
    """An agency as routing needs it."""

    code: str
    name: str
    system: str | None
    open: bool
    successor: str | None
    gateway: str | None
    parent: str | None
    single_gateway: bool
    ended_at: datetime | None
    category: str
    ready: bool
    aliases: tuple[str, ...]

    @property
    def old_code(self) -> str:
        """The 13-character spelling; the code itself where there is none."""
        return _old_spelling(self.aliases) or self.code


@lru_cache(4096)
def _old_spelling(aliases: tuple[str, ...]) -> str:
    """The 13-character one of some spellings, else the first of them; lists ask for the same ones again and again."""
    old = (alias for alias in aliases if AgencyCode(alias).system is CodeSystem.QCVN_102_2016)
    return next(old, aliases[0] if aliases else "")


@dataclass(frozen=True)
class Directory:
    """A copy of the directory.

    Attributes:
        predecessors: agency → all whose affairs it follows, at any remove.
        acting: system → agencies that it acts for; `former`: system → own agencies that another acts for now.
        until: when the next planned change of codes makes the copy untrue; None when none is planned.
        horizon: transactions below it are all in the copy.
    """

    agencies: Mapping[str, Listed]
    spellings: Mapping[str, str]
    systems: Mapping[str, Member]
    predecessors: Mapping[str, frozenset[str]]
    acting: Mapping[str, frozenset[str]]
    former: Mapping[str, frozenset[str]]
    until: datetime | None
    horizon: int

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

    def heirs(self, code: str) -> tuple[str, ...]:
        """Who follows an agency, at any remove."""
        agency = self.agencies.get(code)
        return tuple(heir.code for heir in _heirs(agency, self.agencies)) if agency else ()

    def lineage(self, code: str) -> frozenset[str]:
        """An agency and all that it follows: its figures and its documents are theirs too."""
        return frozenset({code}) | self.predecessors.get(code, frozenset())


_copy: Directory | None = None
_read_at = 0.0
_lock = threading.Lock()


def directory() -> Directory:
    """The directory as of at most two seconds ago, and to the moment where a planned change comes into force."""
    if not _is_fresh():
        with _lock:
            if not _is_fresh():
                _read_anew()
    assert _copy is not None  # noqa: S101 - read above
    return _copy


def member(system: str) -> Member | None:
    """A connected system; one that another process registered a moment ago is known when it first speaks."""
    found = directory().systems.get(system)
    if found is None and can_hold(system) and System.objects.filter(pk=system).exists():
        with _lock:
            _read_anew()
        found = directory().systems.get(system)
    return found


def _read_anew() -> None:
    global _copy, _read_at
    _copy = _read(_copy)
    _read_at = monotonic()


def _is_fresh() -> bool:
    if _copy is None or monotonic() - _read_at > FRESH_SECONDS:
        return False
    return _copy.until is None or datetime.now(UTC) < _copy.until


def forget_copy() -> None:
    """Read the whole directory, and whose key is whose, anew at the next question."""
    global _copy
    _copy = None
    memberkeys.forget_copy()


def _read(old: Directory | None) -> Directory:
    """The directory now: with a copy at hand, only what changed since is read, for it may have 123,000 agencies."""
    until = _bring_into_force(datetime.now(UTC))
    final = horizon()
    since = old.horizon if old else 0
    changed = {row.code: row for row in _rows("WHERE a.changed >= %s", [since])}
    if old is not None and not changed:
        return replace(old, systems=_read_systems(old.acting, old.former), until=until, horizon=final)
    agencies = {**(old.agencies if old else {}), **changed}
    of_changed = {spelling: row.code for row in changed.values() for spelling in (row.code, *row.aliases)}
    acting, former = _acting(agencies)
    return Directory(
        agencies=agencies,
        spellings={**(old.spellings if old else {}), **of_changed},
        systems=_read_systems(acting, former),
        predecessors=_predecessors(agencies),
        acting=acting,
        former=former,
        until=until,
        horizon=final,
    )


def _bring_into_force(at: datetime) -> datetime | None:
    """Bring into force what is due; gives when the next change is. What is late is tried at the next look."""
    try:
        codes.enforce_due(at)
    except DatabaseError:
        # Another process is at it, or the database is in trouble: the exchange goes on by what is in force.
        log.exception("changes of codes are late")
    moment = codes.next_moment()
    return moment if moment is None or moment > at else None


def read_listed(wanted: Sequence[str]) -> list[Listed]:
    """Agencies as the database has them now; who needs no copy of two seconds asks here."""
    return list(_rows("WHERE a.code = ANY(%s)", [list(wanted)]))


def _rows(condition: str, values: Sequence[Any]) -> Iterator[Listed]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_LISTED} {condition}", values)
        while rows := cursor.fetchmany(5000):
            for (
                code,
                name,
                system,
                is_open,
                successor,
                gateway,
                parent,
                single,
                ended_at,
                category,
                ready,
                aliases,
            ) in rows:
                yield Listed(
                    code, name, system and intern(system), is_open, successor, gateway, parent and intern(parent),
                    single, ended_at, intern(category), ready, tuple(aliases or ()),
                )  # fmt: skip


_LISTED = """
SELECT a.code, a.name, a.system_id, a.open, a.successor_id, a.gateway_id, a.parent_id, a.single_gateway, a.ended_at,
       a.category,
       a.category <> 'other' OR EXISTS (
           SELECT 1 FROM hub_readiness r WHERE r.agency_id = a.code AND r.infrastructure AND r.technology AND r.security
       ),
       (SELECT array_agg(s.spelling ORDER BY s.spelling) FROM hub_alias s WHERE s.agency_id = a.code)
FROM hub_agency a
"""


def _predecessors(agencies: Mapping[str, Listed]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for agency in agencies.values():
        if agency.successor:
            for heir in _heirs(agency, agencies):
                found.setdefault(heir.code, set()).add(agency.code)
    return {code: frozenset(before) for code, before in found.items()}


def _heirs(agency: Listed, agencies: Mapping[str, Listed]) -> Iterator[Listed]:
    """Its successor, that one's successor, and so on; a ring, which the registry does not make, ends the walk."""
    seen = {agency.code}
    while agency.successor and agency.successor not in seen:
        seen.add(agency.successor)
        agency = agencies[agency.successor]
        yield agency


def _acting(agencies: Mapping[str, Listed]) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Which system acts for whom, and who acted before: an heir that is connected takes over."""
    acting: dict[str, set[str]] = {}
    former: dict[str, set[str]] = {}
    for agency in agencies.values():
        system = agency.system
        if agency.successor:
            *_, system = [agency.system, *(heir.system for heir in _heirs(agency, agencies) if heir.system)]
        if system:
            acting.setdefault(system, set()).add(agency.code)
        if agency.system and agency.system != system:
            former.setdefault(agency.system, set()).add(agency.code)
    return (
        {system: frozenset(served) for system, served in acting.items()},
        {system: frozenset(served) for system, served in former.items()},
    )


def _read_systems(acting: Mapping[str, frozenset[str]], former: Mapping[str, frozenset[str]]) -> dict[str, Member]:
    keys: dict[str, list[dict[str, Any]]] = {}
    # A key out of use proves what it signed before; it opens nothing any more.
    for key in SystemKey.objects.filter(Q(retired_at__isnull=True) | Q(retired_at__gt=datetime.now(UTC))):
        keys.setdefault(key.system_id, []).append(key.jwk)
    return {
        row.code: Member(
            row.code, row.native, row.vxp, secrets.reveal(row.vxp_secret) if row.vxp_secret else "", row.old_codes,
            acting.get(row.code, frozenset()), KeyRing(keys.get(row.code, ())), former.get(row.code, frozenset()),
        )
        for row in System.objects.all()
    }  # fmt: skip


def published(moment: datetime) -> list[messages.Agency]:
    """The directory for members, with the seal certificates that it vouches for or has vouched for."""
    listed = directory().agencies.values()
    return views(sorted(listed, key=lambda agency: agency.code), moment)


def views(listed: Sequence[Listed], moment: datetime) -> list[messages.Agency]:
    """Agencies as members see them."""
    seals: dict[str, list[messages.SealCertificate]] = {}
    wanted = Seal.objects.filter(valid_from__lte=moment).order_by("valid_from")
    if len(listed) < MANY:
        wanted = wanted.filter(agency__in=[agency.code for agency in listed])
    for seal in wanted:
        certificate = messages.SealCertificate(seal.certificate, seal.valid_from, seal.valid_to)
        seals.setdefault(seal.agency_id, []).append(certificate)
    return [
        messages.Agency(
            code=agency.code,
            name=agency.name,
            aliases=agency.aliases,
            parent=agency.parent,
            connected=agency.system is not None and agency.ready,
            open=agency.open,
            successor=agency.successor,
            gateway=agency.gateway,
            seals=tuple(seals.get(agency.code, ())),
            ended_at=agency.ended_at,
        )
        for agency in listed
    ]


def changes() -> dict[str, tuple[int, datetime]]:
    """Agency → how often its entry has changed, and when last: by the registry's acts, and by changes of codes."""
    events = Event.objects.filter(subject_kind="agency", name__in=CHANGES)
    counted = events.values_list("subject").annotate(Count("id"), Max("at"))
    found: dict[str, tuple[int, datetime]] = {code: (times, last) for code, times, last in counted}
    in_force = CodeChange.objects.filter(state=CodeChange.State.IN_FORCE)
    for concerned, into, at in in_force.values_list("codes", "into", "effective_at"):
        for code in {*concerned, *into}:
            times, last = found.get(code, (0, at))
            found[code] = (times + 1, max(last, at))
    return found


# -- what the registry does ------------------------------------------------------------------------------------------


def add_agency(
    code: str,
    *,
    name: str,
    parent: str | None = None,
    aliases: Iterable[str] = (),
    category: Category | None = None,
    opens_on: date | None = None,
    decision: str = "",
    by: Actor = REGISTRY,
    at: datetime,
) -> Agency:
    """Add an agency, or give a known one its name, parent, kind and further spellings: a correction, at once.

    Args:
        parent: code of the agency above, "" for none; None leaves a known one where it is.
        category: kind of participant (Article 2); None leaves a known one what it is, a new one is a unit.
        opens_on: from which day it takes part, by which `decision`; at once where none is given.

    Raises:
        InvalidCode: a code breaks the alphabet or the length.
        RegistryRefused: there is no name, or one longer than `codes.LONGEST_NAME`; the code has ended or is another
            one's spelling; the parent is unknown, has ended or is to be closed, or is below it.
    """
    AgencyCode.parse(code)
    if not 0 < len(name.strip()) <= codes.LONGEST_NAME:
        raise RegistryRefused("name_missing")
    aliases = tuple(aliases)
    mode.require_own(code, *aliases)
    facts: dict[str, Any] = {"name": name} | ({"category": category.value} if category else {})
    facts |= {} if parent is None else {"parent_id": parent or None}
    with transaction.atomic():
        codes.one_at_a_time()  # an agency above may be ending, or come below this one, at this moment
        codes.never_used(code)
        if parent:
            codes.may_be_above(parent, code, at)
        for known in Agency.objects.filter(code=code).exclude(name=name):
            FormerName.objects.create(agency=known, name=known.name, until=at)
        agency, added = Agency.objects.update_or_create(
            code=code, defaults=facts, create_defaults={**facts, "added_at": at, "open": opens_on is None}
        )
        for spelling in aliases:
            AgencyCode.parse(spelling)
            alias, _ = Alias.objects.get_or_create(spelling=spelling, defaults={"agency": agency})
            if alias.agency_id != code or Agency.objects.filter(code=spelling).exists():
                raise RegistryRefused("code_used", code=spelling, owner=alias.agency_id)
        spellings = [code, *agency.aliases.values_list("spelling", flat=True)]
        Agency.objects.filter(code=code).update(search_key=codes.search_key(name, spellings))
        record(HubEvent.AGENCY_ADDED, actor=by, subject=Subject("agency", code), at=at, name=name)
        if added and opens_on is not None:
            codes.file(codes.Plan(codes.Kind.OPEN, (code,), opens_on, decision), by=by, at=at)
    forget_copy()
    return agency


def register_seal(code: str, certificate: bytes, *, by: Actor = REGISTRY, at: datetime) -> Seal:
    """Vouch for a certificate of an agency's seal from now on; the same certificate twice is one entry.

    Raises:
        RegistryRefused: no such agency, no certificate, or one that belongs to another agency.
    """
    fingerprint = hashlib.sha256(certificate).hexdigest()
    try:
        expires_at = x509.load_der_x509_certificate(certificate).not_valid_after_utc
    except ValueError as reason:
        raise RegistryRefused("no_certificate") from reason
    with transaction.atomic():
        if not Agency.objects.filter(code=code).exists():
            raise RegistryRefused("unknown_code", code=code)
        seal, made = Seal.objects.get_or_create(
            fingerprint=fingerprint,
            defaults={
                "agency_id": code,
                "certificate": base64.b64encode(certificate).decode(),
                "valid_from": at,
                "expires_at": expires_at,
            },
        )
        if seal.agency_id != code:
            raise RegistryRefused("seal_of_another", owner=seal.agency_id)
        if made:
            subject = Subject("agency", code)
            record(HubEvent.AGENCY_SEAL_REGISTERED, actor=by, subject=subject, at=at, fingerprint=fingerprint)
    return seal


def add_system(
    code: str,
    *,
    name: str,
    agencies: Iterable[str],
    vxp_secret: str = "",
    key: Mapping[str, Any] | None = None,
    by: Actor = REGISTRY,
    at: datetime,
) -> System:
    """Connect a system, or change which agencies it serves and by which secret or key it is known.

    Raises:
        RegistryRefused: an agency is unknown, or no agency but a mandate, which has its contact point; the key is none.
    """
    AgencyCode.parse(code)
    mode.require_own(code)
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
            raise RegistryRefused("unknown_code", code=", ".join(sorted(unknown)))
        for mandate in Agency.objects.filter(code__in=wanted, category=Category.MANDATE.value):
            raise RegistryRefused("mandate_connected", code=mandate.code)
        for agency in Agency.objects.filter(code__in=wanted, category=Category.OTHER.value):
            _require_ready(agency)
        Agency.objects.filter(code__in=wanted).update(system=system)
        record(HubEvent.SYSTEM_ADDED, actor=by, subject=Subject("system", code), at=at, agencies=sorted(wanted))
        if key is not None:
            _add_key(system, key, by, at)
    forget_copy()
    return system


def _require_ready(agency: Agency) -> None:
    """Organisations outside Article 2.1 join once they are found ready (Article 2.2)."""
    checked = Readiness.objects.filter(agency=agency).first()
    missing = [words for item, words in _READINESS.items() if not getattr(checked, item, False)]
    if missing:
        raise RegistryRefused("not_ready", code=agency.code, missing=", ".join(missing))


_READINESS = {"infrastructure": "hạ tầng", "technology": "công nghệ", "security": "an toàn thông tin"}


def _add_key(system: System, key: Mapping[str, Any], by: Actor, at: datetime) -> None:
    try:
        public = public_part(key)
    except InvalidStatement as reason:
        raise RegistryRefused("unusable_key", reason=reason) from reason
    _, made = SystemKey.objects.get_or_create(
        kid=public["kid"], defaults={"system": system, "jwk": public, "added_at": at}
    )
    if made:
        subject = Subject("system", system.code)
        record(HubEvent.SYSTEM_KEY_ADDED, actor=by, subject=subject, at=at, kid=public["kid"])
