"""Which sequence numbers which documents: administrative ones as the head of the agency decided, regulatory ones each
type by itself (Decree 30/2020, Article 15.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from lienthong.journal.record import Subject
from lienthong.journal.record import record as into_journal
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import Missing, NumbersGiven, TypesNotTogether
from lienthong.office.models import NumberGroup, NumberingDecision, Organization, OutgoingDocument, Person, Role
from lienthong.office.models import Sequence as NumberSequence
from lienthong.office.people.access import require
from lienthong.office.people.actors import actor_of
from lienthong.standards.doctypes import ADMINISTRATIVE, LETTER, TYPES

KEEPERS = (Role.CLERK, Role.ADMINISTRATOR)
"""Who records the decision; the head of the agency makes it."""
OUTGOING = "outgoing:"
LETTERS = "CV"
TOGETHER = tuple(dict.fromkeys(kind.abbreviation or LETTERS for kind in TYPES if kind.group == ADMINISTRATIVE))
"""Keys of the types that may share a sequence, in the order of Annex III. Letters of both kinds have the same."""
NAMES = {kind.abbreviation or LETTERS: kind.name for kind in TYPES} | {LETTERS: LETTER.name}
"""Key of a type → its name."""


@dataclass(frozen=True)
class Group:
    """Types that are numbered together: a title for the register, and the keys of the types."""

    title: str
    types: Sequence[str]


def sequence_of(document: OutgoingDocument, year: int) -> tuple[str, NumberGroup | None]:
    """The key of the sequence that numbers a document in a year, and the group where it is shared."""
    key = document.type_code or LETTERS
    groups = groups_in(document.organization, year)
    group = next((one for one in groups if key in one.types), None)
    return (f"{OUTGOING}group-{group.pk}", group) if group else (f"{OUTGOING}{key}", None)


def hold(organization: Organization) -> None:
    """Until the transaction ends nothing is decided anew; many may hold at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM office_organization WHERE id = %s FOR SHARE", [organization.pk])


def decision_in(organization: Organization, year: int) -> NumberingDecision | None:
    """The decision that holds in a year; None where none was ever recorded."""
    return organization.numbering_decisions.filter(from_year__lte=year).order_by("-from_year", "-pk").first()


def groups_in(organization: Organization, year: int) -> list[NumberGroup]:
    """The shared sequences of a year."""
    decision = decision_in(organization, year)
    return list(decision.groups.all()) if decision else []


def decide(
    organization: Organization, groups: Sequence[Group], *, from_year: int, reference: str, actor: Person, at: datetime
) -> NumberingDecision:
    """Record the head's decision about the numbers, from 1 January of a year on.

    Raises:
        Forbidden: only clerks and administrators record.
        Missing: no reference, a group without a title or a type.
        TypesNotTogether: a type is in two groups, or regulatory documents would share a sequence.
        NumbersGiven: the year is over, or numbers of it are given already.
    """
    require(actor, *KEEPERS)
    _require_whole(groups, reference)
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)
        this_year = timezone.localtime(at).year
        given = NumberSequence.objects.filter(
            organization=organization, key__startswith=OUTGOING, year__gte=from_year, last__gt=0
        )
        if from_year < this_year or given.exists():
            raise NumbersGiven(year=max(from_year, this_year))
        made = NumberingDecision.objects.create(
            organization=organization, from_year=from_year, reference=reference.strip(), recorded_at=at,
            recorded_by=actor,
        )  # fmt: skip
        NumberGroup.objects.bulk_create(
            NumberGroup(decision=made, title=one.title.strip(), types=list(one.types)) for one in groups
        )
        into_journal(
            OfficeEvent.NUMBERING_DECIDED, actor=actor_of(actor), subject=Subject("numbering", str(made.pk)), at=at,
            year=from_year, reference=made.reference, groups={one.title.strip(): list(one.types) for one in groups},
        )  # fmt: skip
    return made


def _require_whole(groups: Sequence[Group], reference: str) -> None:
    if not reference.strip():
        raise Missing(what="số, ngày của quyết định", what_en="number and date of the decision")
    if not all(one.title.strip() and one.types for one in groups):
        raise Missing(
            what="tên và loại văn bản của từng hệ thống số chung", what_en="a name and the types of each group"
        )
    named = [key for one in groups for key in one.types]
    wrong = {key for key in named if key not in TOGETHER or named.count(key) > 1}
    if wrong:
        raise TypesNotTogether(types=", ".join(sorted(NAMES.get(key, key) for key in wrong)))
