"""What has been kept for as long as it had to be: the list by which the agency decides what becomes of it (Decree
30/2020, Annex VI, II.5). The office destroys nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear

from lienthong.office.models import Dossier, DossierHold, DossierState, Organization

MOST_PRINTED = 200
"""Dossiers on one list: what a council goes through at once."""


def outlived(organization: Organization, today: date) -> QuerySet[Dossier]:
    """Dossiers whose retention is over, what ended first before: of those that the agency's archive has, and of those
    that never go there (kept less than five years). Each has the last year of its retention, `last_year`, and whether
    an order holds it, `held`.

    The years count from the end of the year in which the work ended, so that nothing is named too early. What ought to
    be in the archive and is not is none of them, and neither is what is kept for ever.
    """
    ended = Dossier.objects.filter(
        Q(state=DossierState.ARCHIVED) | Q(state=DossierState.CLOSED, submit_by=None),
        organization=organization, retention_years__isnull=False,
    )  # fmt: skip
    standing = DossierHold.objects.filter(dossier=OuterRef("pk"), lifted_at=None)
    found = ended.annotate(last_year=ExtractYear("ended_on") + F("retention_years"), held=Exists(standing))
    return found.filter(last_year__lt=today.year).order_by("last_year", "pk")


def to_propose(dossiers: QuerySet[Dossier]) -> Sequence[Dossier]:
    """Of those that are `outlived`, what the printed list names: nothing that an order holds (Annex VI, IV.1g)."""
    held = DossierHold.objects.filter(lifted_at=None).values("dossier")
    return list(dossiers.exclude(pk__in=held)[:MOST_PRINTED])
