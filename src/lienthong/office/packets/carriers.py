"""By which way a packet goes to each of its recipients: through the hub, or inside this installation.

The setting counts for new documents alone. What speaks of a document that was sent before goes the way that it went:
the hub knows nothing of the others, and would refuse it, or count wrongly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import OuterRef, QuerySet, Subquery

from lienthong.office.models import Carrier, DirectoryAgency, Organization, OutgoingDocument, Transmission
from lienthong.office.people import local_exchange


def reached_here(codes: Iterable[str], *, sender: Organization) -> set[str]:
    """Those of these agencies that a new document reaches inside this installation: it serves them, the directory knows
    them as open, and nobody receives for them. None, while the setting is off."""
    if local_exchange.in_force() is None:
        return set()
    served = Organization.objects.filter(code__in=set(codes)).exclude(pk=sender.pk).values("code")
    listed = DirectoryAgency.objects.filter(code__in=served, open=True, successor="", gateway="")
    return set(listed.values_list("code", flat=True))


def for_new(document: OutgoingDocument, codes: Sequence[str]) -> dict[str, Carrier]:
    """Recipient → who carries a document that is issued now. Who has what it replaces gets it the same way."""
    here = reached_here(codes, sender=document.organization)
    before = went(document.replaces, codes) if document.replaces is not None else {}
    return {code: before.get(code, Carrier.LOCAL if code in here else Carrier.HUB) for code in codes}


def went(document: OutgoingDocument, codes: Sequence[str]) -> dict[str, Carrier]:
    """Recipient → who carried the document's newest sending there; who never got one is left out."""
    found = _newest(document).filter(recipient__code__in=codes)
    return {code: Carrier(carrier) for code, carrier in found.values_list("recipient__code", "packet__carrier")}


def grouped(codes: Sequence[str], carriers: Mapping[str, Carrier]) -> dict[Carrier, list[str]]:
    """The recipients of each carrier, in their order; carriers without any are left out."""
    groups: dict[Carrier, list[str]] = {}
    for code in codes:
        groups.setdefault(carriers[code], []).append(code)
    return groups


def _newest(document: OutgoingDocument) -> QuerySet[Transmission]:
    last = Transmission.objects.filter(recipient=OuterRef("recipient")).order_by("-attempt").values("pk")[:1]
    return Transmission.objects.filter(recipient__document=document, pk=Subquery(last))
