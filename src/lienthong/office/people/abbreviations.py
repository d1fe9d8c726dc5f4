"""Abbreviations in notations: one group, and nobody else's within the year, so that number and notation are one
document's (Decree 30/2020, Article 15.1; Annex I, II.3)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from lienthong.office.models import AdvisoryBody, Organization, OutgoingDocument
from lienthong.office.people.agency_errors import AbbreviationTaken, BadFact
from lienthong.standards.doctypes import TYPES
from lienthong.standards.statuses import Words

OF_TYPES = {kind.abbreviation.upper(): kind.name for kind in TYPES if kind.abbreviation} | {
    "SY": "Sao y", "TRS": "Trích sao", "SL": "Sao lục",
}  # fmt: skip
"""What stands in a notation for a type, in capitals → the type."""


def require_one_group(words: Words, text: str) -> None:
    """Raises `BadFact`: hyphens part the groups of a notation, so none is within one (Annex I, II.3c)."""
    if not text.isalnum():
        why = Words("chỉ gồm chữ cái và chữ số, viết liền", "it has letters and digits, without spaces")
        raise BadFact(what=words.vi, what_en=words.en, why=why.vi, why_en=why.en)


def require_free(
    organization: Organization, abbreviation: str, *, at: datetime, besides: AdvisoryBody | None = None,
    for_body: bool = True,
) -> None:  # fmt: skip
    """Raises `AbbreviationTaken`. The caller holds the agency's row.

    Args:
        besides: whose it may be: an advisory body that is to work for longer.
        for_body: whether a body is to have it; else the agency itself.
    """
    if (kind := OF_TYPES.get(abbreviation.upper())) is not None:
        raise AbbreviationTaken(abbreviation=abbreviation, of=f"loại văn bản {kind}", of_en=f"the type {kind}")
    year = timezone.localdate(at).year
    others = _bodies_with(organization, abbreviation, year)
    if other := (others.exclude(pk=besides.pk) if besides else others).first():
        raise AbbreviationTaken(abbreviation=abbreviation, of=other.name, of_en=other.name)
    if for_body and (_is_of(organization, abbreviation) or _on_documents(organization, abbreviation, year)):
        raise AbbreviationTaken(abbreviation=abbreviation, of=organization.name, of_en=organization.name)


def _is_of(organization: Organization, abbreviation: str) -> bool:
    return organization.abbreviation.upper() == abbreviation.upper()


def _bodies_with(organization: Organization, abbreviation: str, year: int) -> QuerySet[AdvisoryBody]:
    """The bodies that have it this year; one that was taken back before it numbered anything never had it."""
    known = organization.advisory_bodies.filter(abbreviation__iexact=abbreviation)
    known = known.filter(Q(valid_to__isnull=True) | Q(valid_to__year__gte=year))
    return known.exclude(Q(valid_to__lt=F("valid_from")) & Q(sequences=None))


def _on_documents(organization: Organization, abbreviation: str, year: int) -> bool:
    """Whether documents of the agency itself have it, of this year or not numbered yet: it was the agency's before."""
    own = OutgoingDocument.objects.filter(organization=organization, body_signer=None)
    own = own.filter(Q(number=None) | Q(promulgated_on__year=year))
    return own.filter(Q(notation__iendswith=f"-{abbreviation}") | Q(notation__istartswith=f"{abbreviation}-")).exists()
