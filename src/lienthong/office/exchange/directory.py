"""The hub's directory, copied: recipients, and the seals by which documents are judged."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography import x509
from django.db import transaction
from django.db.models.functions import Length

from lienthong.look.vietnamese import sort_key
from lienthong.office.config import own_seals
from lienthong.office.exchange.errors import WhichAgency
from lienthong.office.models import DirectoryAgency, HubLink
from lienthong.protocol.client.interface import HubConnection
from lienthong.protocol.messages import Agency, SealCertificate
from lienthong.standards.plaintext import plain, plain_words

MOST_FOUND = 30
MOST_WORDS = 8


def refresh(connection: HubConnection, *, at: datetime) -> int:
    """Copy the directory; gives how many agencies it has. Nothing is removed: a closed agency stays, as closed."""
    agencies = connection.directory()
    own = own_seals()
    rows = [_row(agency, own) for agency in agencies]
    fields = [field.name for field in DirectoryAgency._meta.fields if field.name != "code"]
    with transaction.atomic():
        DirectoryAgency.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=fields)
        HubLink.objects.update(directory_at=at)
    return len(rows)


def search(text: str, *, besides: str = "") -> list[DirectoryAgency]:
    """Agencies that take part, by the beginnings of words of their names and codes, with diacritics or without; the
    shorter name first. Without a question, the first ones of the directory.

    Args:
        besides: code of the agency that asks: nobody sends to itself.
    """
    found = DirectoryAgency.objects.filter(open=True).exclude(code=besides)
    words = plain_words(text)[:MOST_WORDS]
    for word in words:
        found = found.filter(words__contains=f" {word}")
    order = [Length("words"), "search_key"] if words else ["search_key"]
    return list(found.order_by(*order)[:MOST_FOUND])


def the_one(text: str, *, besides: str) -> DirectoryAgency:
    """The agency that is meant by a code or a name. Raises `WhichAgency`: none is, or several may be."""
    found = search(text, besides=besides)
    called = [
        one for one in found if plain(text.strip()) in (plain(one.name), plain(one.code), *map(plain, one.aliases))
    ]
    if len(called) != 1 and len(found) != 1:
        raise WhichAgency(text=text[:100], found="; ".join(f"{one.name} ({one.code})" for one in found[:3]) or "–")
    return (called or found)[0]


def search_words(name: str, *codes: str) -> str:
    """Name and codes as they are searched: plain, with a space before each word."""
    return "".join(f" {word}" for word in plain_words(" ".join((name, *codes))))[:900]


def _row(agency: Agency, own: Mapping[str, bytes]) -> DirectoryAgency:
    return DirectoryAgency(
        code=agency.code,
        name=agency.name,
        search_key=sort_key(f"{agency.name} {agency.code} {' '.join(agency.aliases)}")[:600],
        words=search_words(agency.name, agency.code, *agency.aliases),
        aliases=list(agency.aliases),
        parent=agency.parent or "",
        connected=agency.connected,
        open=agency.open,
        successor=agency.successor or "",
        gateway=agency.gateway or "",
        seals=[_seal(seal) for seal in agency.seals] or _own_seal(agency, own),
    )


def _own_seal(agency: Agency, own: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """The hub of existing client software vouches for no seals: then this office does, for those that it was given."""
    found = next((own[code] for code in (agency.code, *agency.aliases) if code in own), None)
    if found is None:
        return []
    valid_from = x509.load_der_x509_certificate(found).not_valid_before_utc
    return [_seal(SealCertificate(base64.b64encode(found).decode(), valid_from))]


def _seal(seal: Any) -> dict[str, Any]:
    return {
        "certificate": seal.certificate,
        "valid_from": seal.valid_from.isoformat(),
        "valid_to": seal.valid_to.isoformat() if seal.valid_to else None,
    }
