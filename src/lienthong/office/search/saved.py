"""Searches that a person keeps under a name. They are nobody else's: no other person sees or removes them."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from lienthong.office.errors import Missing, NotFound
from lienthong.office.models import Person, SavedSearch
from lienthong.office.search.asked import Asked
from lienthong.office.search.errors import NameTaken, NothingAsked, TooManySearches

MOST = 20


def of(person: Person) -> list[SavedSearch]:
    """The searches that a person keeps, by their names."""
    return list(SavedSearch.objects.filter(person=person)[:MOST])


def save(person: Person, asked: Asked, name: str) -> SavedSearch:
    """Keep a search.

    Raises:
        NothingAsked, Missing: it has no name; NameTaken, TooManySearches.
    """
    name = " ".join(name.split())[:60]
    if not asked.is_anything:
        raise NothingAsked()
    if not name:
        raise Missing(what="tên của tìm kiếm", what_en="a name for the search")
    if SavedSearch.objects.filter(person=person).count() >= MOST:
        raise TooManySearches(most=MOST)
    try:
        with transaction.atomic():
            return SavedSearch.objects.create(person=person, name=name, asked=asked.address())
    except IntegrityError:
        raise NameTaken(name=name) from None


def forget(person: Person, pk: int) -> None:
    """Remove a search. Raises `NotFound` when this person has no such one."""
    removed, _ = SavedSearch.objects.filter(person=person, pk=pk).delete()
    if not removed:
        raise NotFound()
