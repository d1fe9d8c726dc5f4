"""Abbreviations in notations: one group, and nobody else's within the year, so that number and notation are one
document's (Decree 30/2020, Article 15.1; Annex I, II.3)."""

from __future__ import annotations

import string
import unicodedata
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


LONGEST = 20
"""Characters of an abbreviation."""
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
ALPHABET = frozenset(
    [*string.ascii_lowercase, *string.digits, "đ"]
    + [unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES]
)
"""What stands in an abbreviation: Vietnamese letters, those of other Latin words, digits."""
_ICELANDIC = str.maketrans("Ðð", "Đđ")
"""Letters of another alphabet that look like Vietnamese ones, and that old keyboards give in their place."""


def one_group(words: Words, text: str) -> str:
    """An abbreviation as it is kept: two that look alike are the same text. Raises `BadFact`: hyphens part the groups
    of a notation, so none is within one (Annex I, II.3c)."""
    clean = unicodedata.normalize("NFKC", text.translate(_ICELANDIC)).strip()
    if not clean or set(clean.lower()) - ALPHABET:
        why = Words("chỉ gồm chữ cái và chữ số, viết liền", "it has letters and digits, without spaces")
        raise BadFact(what=words.vi, what_en=words.en, why=why.vi, why_en=why.en)
    if len(clean) > LONGEST:
        why = Words(f"dài quá {LONGEST} ký tự", f"it has more than {LONGEST} characters")
        raise BadFact(what=words.vi, what_en=words.en, why=why.vi, why_en=why.en)
    return clean


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
    if for_body and _is_of(organization, abbreviation):
        raise AbbreviationTaken(abbreviation=abbreviation, of=organization.name, of_en=organization.name)
    own = Q(body_signer__body=besides) if besides else Q(pk=None) if for_body else Q(body_signer=None)
    if document := _on_documents(organization, abbreviation, year).exclude(own).first():
        raise AbbreviationTaken(abbreviation=abbreviation, of=document.issuer_name, of_en=document.issuer_name)


def _is_of(organization: Organization, abbreviation: str) -> bool:
    return organization.abbreviation.upper() == abbreviation.upper()


def _bodies_with(organization: Organization, abbreviation: str, year: int) -> QuerySet[AdvisoryBody]:
    """The bodies that have it this year; one that was taken back before it numbered anything never had it."""
    known = organization.advisory_bodies.filter(abbreviation__iexact=abbreviation)
    known = known.filter(Q(valid_to__isnull=True) | Q(valid_to__year__gte=year))
    return known.exclude(Q(valid_to__lt=F("valid_from")) & Q(sequences=None))


def _on_documents(organization: Organization, abbreviation: str, year: int) -> QuerySet[OutgoingDocument]:
    """The documents of this year that have it, whoever issued them, and those of the agency itself that are not
    numbered yet: it was theirs before."""
    known = OutgoingDocument.objects.filter(organization=organization)
    known = known.filter(Q(promulgated_on__year=year) | Q(number=None, body_signer=None))
    return known.filter(Q(notation__iendswith=f"-{abbreviation}") | Q(notation__istartswith=f"{abbreviation}-"))
