"""Everything that is on record of one agency, for the page that shows it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from django.db import connection
from django.db.models import Q

from lienthong.hub import tree
from lienthong.hub.agencies import directory
from lienthong.hub.models import Agency, ChangeRequest, CodeChange, FormerName, Readiness, Seal, System
from lienthong.hub.tree import Node
from lienthong.journal.models import Event
from lienthong.standards.agencies import Category
from lienthong.standards.statuses import OPEN_TRANSPORT

MOST_EVENTS = 100
MOST_NEIGHBOURS = 100
"""Of predecessors, and of those for whom an agency receives, so many are shown."""


@dataclass(frozen=True)
class SealShown:
    """A certificate of an agency's seal: whose by its own words, how long it runs, how long it is vouched for."""

    fingerprint: str
    owner: str
    issuer: str
    not_before: datetime
    not_after: datetime
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True)
class Waiting:
    """What waits for an agency: packets not acknowledged, since when, and those that its system could not take."""

    packets: int
    oldest: datetime | None
    failed: int


@dataclass(frozen=True)
class Profile:
    """One agency.

    Attributes:
        row: as the directory has it.
        path: the agencies above and itself, the highest first.
        units: the first of those directly below; `below`: all at any depth.
        old_codes, new_codes: other spellings of its code, those of QCVN 102:2016 and the others.
        heirs: who follows it: for a split all parts, the one that receives first.
        predecessors: those merged into it, at one remove.
        acting: the system that acts for it now; `served_by`: the one that is its own.
        receives_for: units and mandates for which it is contact point or gateway.
        changes: of its code, the newest first.
    """

    row: Agency
    path: tuple[Node, ...]
    units: tree.Branch
    below: int
    former_names: tuple[FormerName, ...]
    heirs: tuple[Node, ...]
    predecessors: tuple[Node, ...]
    acting: System | None
    seals: tuple[SealShown, ...]
    gateway: Node | None
    receives_for: tuple[Node, ...]
    waiting: Waiting
    changes: tuple[CodeChange, ...]
    requests: tuple[ChangeRequest, ...]
    readiness: Readiness | None

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other spellings of its code."""
        return tuple(sorted(alias.spelling for alias in self.row.aliases.all()))

    @property
    def planned(self) -> tuple[CodeChange, ...]:
        """Changes whose day is still to come."""
        return tuple(change for change in self.changes if change.state == CodeChange.State.PLANNED)

    @property
    def needs_readiness(self) -> bool:
        """Whether it takes part only once it was found ready (Article 2.2)."""
        return self.row.category == Category.OTHER.value


def of_agency(code: str) -> Profile | None:
    """The agency of a code in any spelling; None where there is none."""
    rows = Agency.objects.select_related("system").prefetch_related("aliases")
    # Asked in one, the two indexes would not be used.
    row = rows.filter(code=code).first() or rows.filter(aliases__spelling=code).first()
    if row is None:
        return None
    changes = tuple(_changes(row.code))
    return Profile(
        row=row,
        path=tree.path(row.code),
        units=tree.branch(row.code, ended=False, most=50),
        below=tree.size_below(row.code),
        former_names=tuple(row.former_names.order_by("-until")),
        heirs=_heirs(row, changes),
        predecessors=_nodes(Agency.objects.filter(successor=row).order_by("code").values_list("code", flat=True)),
        acting=_acting(row.code),
        seals=tuple(_seal(seal) for seal in row.seals.order_by("-valid_from")),
        gateway=next(iter(tree.nodes([row.gateway_id]).values()), None) if row.gateway_id else None,
        receives_for=_nodes(Agency.objects.filter(gateway=row).order_by("code").values_list("code", flat=True)),
        waiting=_waiting(row.code),
        changes=changes,
        requests=tuple(ChangeRequest.objects.filter(code=row.code, state="filed").order_by("filed_at")),
        readiness=Readiness.objects.filter(agency=row).first(),
    )


def events(profile: Profile) -> list[Event]:
    """What the journal tells of an agency and of the changes of its code, the newest first."""
    numbers = [str(change.pk) for change in profile.changes]
    about = Q(subject_kind="agency", subject=profile.row.code) | Q(subject_kind="code_change", subject__in=numbers)
    return list(Event.objects.filter(about).order_by("-id")[:MOST_EVENTS])


def _changes(code: str) -> list[CodeChange]:
    concerned = Q(codes__contains=[code]) | Q(into__contains=[code])
    return list(CodeChange.objects.filter(concerned).order_by("-effective_at", "-id")[:MOST_EVENTS])


def _heirs(row: Agency, changes: tuple[CodeChange, ...]) -> tuple[Node, ...]:
    if row.ended_at is None or row.successor_id is None:
        return ()
    ending = next(
        (one for one in changes if one.state == CodeChange.State.IN_FORCE and row.code in one.codes and one.into), None
    )
    wanted = ending.into if ending and row.successor_id in ending.into else [row.successor_id]
    found = tree.nodes(wanted)
    return tuple(found[code] for code in wanted if code in found)


def _nodes(codes: object) -> tuple[Node, ...]:
    wanted = list(codes[:MOST_NEIGHBOURS])  # type: ignore[index]
    found = tree.nodes(wanted)
    return tuple(found[code] for code in wanted if code in found)


def _acting(code: str) -> System | None:
    acting = directory().acting
    system = next((name for name, served in acting.items() if code in served), None)
    return System.objects.filter(code=system).first() if system else None


def _seal(seal: Seal) -> SealShown:
    certificate = x509.load_der_x509_certificate(base64.b64decode(seal.certificate))
    return SealShown(
        fingerprint=seal.fingerprint, owner=_common_name(certificate.subject), issuer=_common_name(certificate.issuer),
        not_before=certificate.not_valid_before_utc, not_after=certificate.not_valid_after_utc,
        valid_from=seal.valid_from, valid_to=seal.valid_to,
    )  # fmt: skip


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()


def _waiting(code: str) -> Waiting:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [code, [state.value for state in OPEN_TRANSPORT]])
        return Waiting(*cursor.fetchone())


# Every condition of the inbox's index is said, so that the index answers.
_WAITING = """
SELECT count(*), min(submitted_at), count(*) FILTER (WHERE state = 'fail') FROM hub_delivery
WHERE agency_id = %s AND state = ANY(%s) AND state IN ('initial', 'processing', 'fail')
"""
