"""Holds: while an order stands, nothing of a dossier or of its documents is moved, removed or changed (Decree 30/2020,
Annex VI, IV.1g)."""

from collections.abc import Iterable

from lienthong.office.models import Dossier, DossierHold, IncomingDocument, OutgoingDocument
from lienthong.office.workflow.hold_errors import Held

Document = IncomingDocument | OutgoingDocument


def on(dossier: Dossier) -> DossierHold | None:
    """The order that holds a dossier, if one does."""
    return DossierHold.objects.filter(dossier=dossier, lifted_at=None).select_related("placed_by").first()


def on_document(document: Document) -> DossierHold | None:
    """The order that holds a document, by any dossier in which it has a place."""
    held = DossierHold.objects.filter(lifted_at=None, dossier__items__removed_at=None)
    if isinstance(document, IncomingDocument):
        return held.filter(dossier__items__incoming=document).first()
    return held.filter(dossier__items__outgoing=document).first()


def held_among(dossiers: Iterable[Dossier]) -> dict[int, str]:
    """Dossier → the order that holds it, of those that one does. In the transaction of what is to be done: an order
    that comes meanwhile waits for it."""
    keys = [one.pk for one in dossiers]
    list(Dossier.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    standing = DossierHold.objects.filter(dossier__in=keys, lifted_at=None)
    return dict(standing.values_list("dossier", "reference"))


def require_free(dossier: Dossier) -> None:
    """In the transaction of what is to be done: an order that comes meanwhile waits for it. Raises `Held`."""
    Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    if hold := on(dossier):
        raise Held(reference=hold.reference)


def require_document_free(document: Document) -> None:
    """In the transaction of what is to be done to a document. Raises `Held`."""
    if isinstance(document, IncomingDocument):
        held = Dossier.objects.filter(items__incoming=document, items__removed_at=None)
    else:
        held = Dossier.objects.filter(items__outgoing=document, items__removed_at=None)
    list(Dossier.objects.select_for_update(of=("self",)).filter(pk__in=held.values("pk")).order_by("pk"))
    if hold := on_document(document):
        raise Held(reference=hold.reference)
