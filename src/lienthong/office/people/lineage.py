"""Agencies and those that they follow, by the hub's directory: whoever follows an agency speaks for what it issued
(Decision 28/2018/QĐ-TTg, Article 16.1)."""

from __future__ import annotations

from django.db.models import Q

from lienthong.office.models import DirectoryAgency


def spellings_of_line(code: str) -> frozenset[str]:
    """Every code under which an agency, or one that it follows, may have sent a document.

    Args:
        code: of the agency, in any spelling; one that the directory has not stands for itself alone.
    """
    found = DirectoryAgency.objects.filter(Q(code=code) | Q(aliases__contains=[code]))
    spelled, line = {code}, set[str]()
    while newer := [one for one in found if one.code not in line]:
        line |= {one.code for one in newer}
        spelled |= {spelling for one in newer for spelling in (one.code, *one.aliases)}
        found = DirectoryAgency.objects.filter(successor__in=[one.code for one in newer])
    return frozenset(spelled)
