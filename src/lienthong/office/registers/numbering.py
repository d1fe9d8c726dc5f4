"""Which sequence numbers which documents: administrative ones as the head of the agency decided, regulatory ones each
type by itself, an advisory body's by themselves (Decree 30/2020, Article 15.1; Annex I, II.3a)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from lienthong.journal.record import Subject
from lienthong.journal.record import record as into_journal
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import moment
from lienthong.office.errors import SHORTEST_REASON, Missing, NumbersGiven, TypesNotTogether, YearOver
from lienthong.office.models import (
    AdvisoryBody,
    NumberGroup,
    NumberingDecision,
    Organization,
    OutgoingDocument,
    Person,
    RegisterNumber,
    Role,
)
from lienthong.office.models import Sequence as NumberSequence
from lienthong.office.people.access import require
from lienthong.office.people.actors import actor_of
from lienthong.office.people.agency_errors import ChangedMeanwhile
from lienthong.standards.doctypes import ADMINISTRATIVE, LETTER, TYPES

KEEPERS = (Role.CLERK, Role.LEADER, Role.ADMINISTRATOR)
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


@dataclass(frozen=True)
class Wanted:
    """The sequence that numbers a document.

    Attributes:
        key: its own.
        types: keys of the types that it numbers; none of an advisory body's, which numbers all.
        group: where they share it.
        body: the advisory body whose it is.
        follows: whether these types may have numbers of this year from other sequences, which it goes on from.
    """

    key: str
    types: frozenset[str] = frozenset()
    group: NumberGroup | None = None
    body: AdvisoryBody | None = None
    follows: bool = False


def sequence_of(document: OutgoingDocument, year: int) -> Wanted:
    """What numbers a document in a year: an advisory body's documents the body's own sequence (Annex I, II.3a), all
    others what the head decided for their type."""
    if document.body is not None:
        return Wanted(f"{OUTGOING}body-{document.body.pk}", body=document.body)
    key = document.type_code or LETTERS
    plans = plans_in(document.organization, year)
    group = _group_of(key, plans)
    place = f"{OUTGOING}group-{group.pk}" if group else f"{OUTGOING}{key}"
    return Wanted(place, _members(group, key), group, follows=any(one.reason for one in plans))


def given_before(organization: Organization, wanted: Wanted, year: int) -> int:
    """The highest number of a year that the types of a sequence have from any: none is given twice when the head
    decides otherwise within the year."""
    codes = ["" if key == LETTERS else key for key in wanted.types]
    own = RegisterNumber.objects.filter(sequence__organization=organization, sequence__year=year, sequence__body=None)
    highest = own.filter(document__type_code__in=codes).aggregate(highest=Max("number"))["highest"]
    return int(highest or 0)


def plans_in(organization: Organization, year: int) -> list[NumberingDecision]:
    """The decisions by which a year was numbered, in their order: the one of 1 January, then the changes within it."""
    known = list(organization.numbering_decisions.filter(from_year__lte=year).prefetch_related("groups"))
    changes = [one for one in reversed(known) if one.from_year == year and one.reason]
    return [one for one in known if one not in changes][:1] + changes


def _group_of(key: str, plans: Sequence[NumberingDecision]) -> NumberGroup | None:
    """The group that numbers a type now; one whose types did not change goes on as it was."""
    current: NumberGroup | None = None
    for plan in plans:
        found = next((one for one in plan.groups.all() if key in one.types), None)
        if _members(found, key) != _members(current, key):
            current = found
    return current


def _members(group: NumberGroup | None, key: str) -> frozenset[str]:
    return frozenset(group.types) if group else frozenset({key})


def hold(organization: Organization) -> None:
    """Until the transaction ends nothing is decided anew; many may hold at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM office_organization WHERE id = %s FOR SHARE", [organization.pk])


def decision_in(organization: Organization, year: int) -> NumberingDecision | None:
    """The decision that holds in a year; None where none was ever recorded."""
    return organization.numbering_decisions.filter(from_year__lte=year).order_by("-from_year", "-pk").first()


def groups_in(organization: Organization, year: int) -> list[NumberGroup]:
    """The shared sequences of a year, as they are decided now."""
    decision = decision_in(organization, year)
    return [one for one in decision.groups.all() if len(one.types) > 1] if decision else []


def has_numbers(organization: Organization, from_year: int) -> bool:
    """Whether documents of the agency itself have numbers of a year or a later one: then the reason is asked for."""
    own = NumberSequence.objects.filter(organization=organization, key__startswith=OUTGOING, body=None)
    return own.filter(year__gte=from_year, last__gt=0).exists()


def newest(organization: Organization) -> NumberingDecision | None:
    """The decision that was recorded last."""
    return organization.numbering_decisions.order_by("-pk").first()


def decide(
    organization: Organization, groups: Sequence[Group], *, from_year: int, reference: str, seen: int, actor: Person,
    at: datetime, reason: str = "",
) -> NumberingDecision:  # fmt: skip
    """Record the head's decision about the numbers, from 1 January of a year on; or, with the reason, within a year
    that has numbers: what is numbered otherwise from then on goes on after the highest number of its types, in a book
    of its own.

    Args:
        seen: key of the decision that was the newest when this one was written down; 0 for none.

    Raises:
        Forbidden: only clerks, leaders and administrators record.
        Missing: no reference, a group without a title or a type.
        TypesNotTogether: a type is in two groups, or regulatory documents would share a sequence.
        YearOver: nothing is decided about years that are over.
        NumbersGiven: numbers of the year are given already, and nobody says why they change.
        ChangedMeanwhile: somebody was faster.
    """
    require(actor, *KEEPERS)
    _require_whole(groups, reference)
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)
        _require_newest(organization, seen)
        this_year = timezone.localtime(at).year
        if from_year < this_year:
            raise YearOver(year=this_year)
        within, why = has_numbers(organization, from_year), reason.strip()
        if within and len(why) < SHORTEST_REASON:
            raise NumbersGiven(year=from_year)
        if within:
            groups = [*groups, *_set_free(organization, groups, from_year)]
        made = NumberingDecision.objects.create(
            organization=organization, from_year=from_year, reference=reference.strip(),
            reason=why if within else "", recorded_at=at, recorded_by=actor,
        )  # fmt: skip
        NumberGroup.objects.bulk_create(
            NumberGroup(decision=made, title=one.title.strip(), types=list(one.types)) for one in groups
        )
        into_journal(
            OfficeEvent.NUMBERING_DECIDED, actor=actor_of(actor), subject=Subject("numbering", str(made.pk)), at=at,
            year=from_year, reference=made.reference, reason=made.reason,
            groups=[{"title": one.title.strip(), "types": list(one.types)} for one in groups],
        )  # fmt: skip
    return made


def _set_free(organization: Organization, groups: Sequence[Group], year: int) -> list[Group]:
    """Types that were numbered together this year, and are to be numbered each by itself: each begins a book."""
    plans, named = plans_in(organization, year), {key for one in groups for key in one.types}
    before = {key: _members(_group_of(key, plans), key) for key in TOGETHER if key not in named}
    return [Group(NAMES[key], (key,)) for key, types in before.items() if len(types) > 1]


def _require_newest(organization: Organization, seen: int) -> None:
    last = newest(organization)
    if last is not None and last.pk != seen:
        raise ChangedMeanwhile(who=last.recorded_by.full_name, when=moment(last.recorded_at))


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
