"""Groups of recipients: the agencies that a unit writes to again and again, under a name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from lienthong.journal.record import Subject
from lienthong.journal.record import record as into_journal
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import GroupNameTaken, Missing, NotFound
from lienthong.office.models import DirectoryAgency, Person, RecipientGroup, Role
from lienthong.office.people.access import require, roles
from lienthong.office.people.actors import actor_of

MOST_MEMBERS = 1000


def visible_to(person: Person) -> QuerySet[RecipientGroup]:
    """The groups of one's agency and one's own."""
    shared_or_own = Q(owner=None) | Q(owner=person)
    return RecipientGroup.objects.filter(shared_or_own, organization_id=person.organization_id)


def find(person: Person, pk: int) -> RecipientGroup:
    """One group. Raises `NotFound` when there is none, or none for this person."""
    found = visible_to(person).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    return found


def may_change(person: Person, group: RecipientGroup) -> bool:
    """One's own; those of the agency are the clerks' to keep."""
    return group.owner_id == person.pk or (group.owner_id is None and keeps_shared(person))


def create(*, name: str, codes: Sequence[str], shared: bool, actor: Person, at: datetime) -> RecipientGroup:
    """Make a group.

    Raises:
        Forbidden: only clerks make groups for everyone.
        Missing: no name, or no agency that the directory knows.
        GroupNameTaken.
    """
    if shared:
        require(actor, Role.CLERK)
    group = RecipientGroup(organization=actor.organization, owner=None if shared else actor)
    return _save(group, name, codes, actor, at)


def change(group: RecipientGroup, *, name: str, codes: Sequence[str], actor: Person, at: datetime) -> RecipientGroup:
    """Give a group another name or other agencies. Raises as `create`."""
    _require_keeper(group, actor)
    return _save(group, name, codes, actor, at)


def remove(group: RecipientGroup, *, actor: Person, at: datetime) -> None:
    """Forget a group; documents that were sent to its agencies are not touched. Raises `Forbidden`."""
    _require_keeper(group, actor)
    with transaction.atomic():
        _record(OfficeEvent.RECIPIENT_GROUP_REMOVED, group, actor, at)
        group.delete()


def members(group: RecipientGroup) -> list[DirectoryAgency]:
    """The agencies of a group as the directory has them now, in the group's order."""
    known = DirectoryAgency.objects.in_bulk(group.codes)
    return [known[code] for code in group.codes if code in known]


def _require_keeper(group: RecipientGroup, actor: Person) -> None:
    if group.owner_id is None:
        require(actor, Role.CLERK)
    elif group.owner_id != actor.pk:
        raise NotFound()


def keeps_shared(person: Person) -> bool:
    """Whether the person keeps the groups of the whole agency."""
    return Role.CLERK in roles(person)


def _save(group: RecipientGroup, name: str, codes: Sequence[str], actor: Person, at: datetime) -> RecipientGroup:
    group.name = " ".join(name.split())[:100]
    wanted = list(dict.fromkeys(codes))[:MOST_MEMBERS]
    known = set(DirectoryAgency.objects.filter(code__in=wanted).values_list("code", flat=True))
    group.codes = [code for code in wanted if code in known]
    if not group.name:
        raise Missing(what="tên nhóm", what_en="a name for the group")
    if not group.codes:
        raise Missing(what="cơ quan trong nhóm", what_en="an agency in the group")
    try:
        with transaction.atomic():
            group.save()
            _record(OfficeEvent.RECIPIENT_GROUP_SAVED, group, actor, at)
    except IntegrityError:
        raise GroupNameTaken(name=group.name) from None
    return group


def _record(event: OfficeEvent, group: RecipientGroup, actor: Person, at: datetime) -> None:
    subject = Subject("recipient_group", str(group.pk))
    into_journal(event, actor=actor_of(actor), subject=subject, at=at, name=group.name, agencies=len(group.codes))
