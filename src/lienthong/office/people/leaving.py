"""What somebody who leaves has to hand over before the account is closed: dossiers, and documents that are to be
written (Decree 30/2020, Articles 10.1, 31.3đ)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from lienthong.office.models import (
    WITH_AN_ARCHIVE,
    Dossier,
    DraftingState,
    DraftingTask,
    OutgoingState,
    Person,
)
from lienthong.office.people.staff_errors import DossiersToHandOver, DraftingToHandOver

_UNSIGNED = [OutgoingState.DRAFT, OutgoingState.IN_REVIEW, OutgoingState.RETURNED, OutgoingState.APPROVED]
_WRITTEN = Q(state=DraftingState.TO_DO) & (Q(document=None) | Q(document__state__in=_UNSIGNED))
_GIVEN = Q(state__in=[DraftingState.TO_DO, DraftingState.RETURNED])


def require_nothing_left(person: Person) -> None:
    """In the transaction that closes the account: what comes to the person meanwhile waits for it. Raises
    `DossiersToHandOver`, `DraftingToHandOver`."""
    Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if kept := dossiers_kept(person):
        raise DossiersToHandOver(name=person.full_name, count=kept)
    if left := drafting_held(person).count():
        raise DraftingToHandOver(name=person.full_name, count=left)


def dossiers_kept(person: Person) -> int:
    """How many dossiers the person has that the archive has not taken over."""
    return _keepers().filter(keeper=person).count()


def drafting_held(person: Person) -> QuerySet[DraftingTask]:
    """What the person is given to write and is not signed yet, and what they gave others and is not ended."""
    writes = _WRITTEN & (Q(person=person) | Q(document__drafter=person))
    held = DraftingTask.objects.filter(writes | _GIVEN & Q(given_by=person))
    return held.filter(organization_id=person.organization_id)


def with_nothing_left(people: QuerySet[Person]) -> QuerySet[Person]:
    """Of these, who has nothing to hand over."""
    written = DraftingTask.objects.filter(_WRITTEN)
    return (
        people.exclude(pk__in=_keepers())
        .exclude(pk__in=written.filter(person__isnull=False).values("person"))
        .exclude(pk__in=written.filter(document__isnull=False).values("document__drafter"))
        .exclude(pk__in=DraftingTask.objects.filter(_GIVEN).values("given_by"))
    )


def _keepers() -> QuerySet[Dossier, Any]:
    """The keepers of dossiers that the archive has not taken over."""
    return Dossier.objects.exclude(state__in=WITH_AN_ARCHIVE).values("keeper")
