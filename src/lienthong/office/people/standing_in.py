"""For whom a person stands in today. What is asked here is what that person holds themselves: a substitution is never
handed on."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from lienthong.office.models import Person, Role, Substituted, Substitution


def standing() -> QuerySet[Substitution]:
    """The substitutions that hold today."""
    today = timezone.localdate()
    return Substitution.objects.filter(ended_at=None, valid_from__lte=today, valid_to__gte=today)


def is_fit(person: Person) -> bool:
    """Whether somebody may stand in for another today: who works with documents, and neither keeps the accounts nor
    watches the others."""
    today = timezone.localdate()
    still = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    held = set(person.posts.filter(still, valid_from__lte=today).values_list("role", flat=True))
    return bool(held) and not held & {Role.ADMINISTRATOR.value, Role.AUDITOR.value}


def for_whom(person: Person, act: Substituted | None = None) -> list[Person]:
    """The absent people whom this person stands in for today, for an act or for any."""
    if not hasattr(person, "_stands_in_today"):
        held = standing().filter(substitute=person, absent__user__is_active=True)
        rows_today = list(held.prefetch_related("absent__user", "absent__organization"))  # mostly there are none
        person._stands_in_today = rows_today if rows_today and is_fit(person) else []  # type: ignore[attr-defined]
    rows: list[Substitution] = person._stands_in_today  # type: ignore[attr-defined]
    return list({row.absent_id: row.absent for row in rows if act is None or act.value in row.acts}.values())


def note_nobody(person: Person) -> None:
    """It is known already that this person stands in for nobody today, as most do: it is not asked again."""
    person._stands_in_today = []  # type: ignore[attr-defined]


def by_whom(absent: Iterable[Person]) -> list[Person]:
    """Who stands in today for any of these people."""
    rows = standing().filter(absent__in=[one.pk for one in absent], substitute__user__is_active=True)
    return [one.substitute for one in rows.select_related("substitute__organization") if is_fit(one.substitute)]


def between(person: Person) -> QuerySet[Substitution]:
    """What concerns a person: who stands in for them, and for whom they do, the newest first."""
    mine = Substitution.objects.filter(Q(absent=person) | Q(substitute=person))
    return mine.select_related("absent", "substitute", "recorded_by", "ended_by")
