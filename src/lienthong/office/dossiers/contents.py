"""What lies in a dossier: putting documents in, adding files of other kinds, taking out what does not belong there
(Decree 30/2020, Article 29.3–4; Annex VI, III.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.config import blobs
from lienthong.office.contents import release
from lienthong.office.dossiers import parts
from lienthong.office.dossiers.errors import AlreadyThere, MayNotShare, NoDossier
from lienthong.office.dossiers.rules import hold_open, note, require_answering, require_working, working_on
from lienthong.office.errors import Missing, NotFound, SecretDocument
from lienthong.office.models import (
    Dossier,
    DossierItem,
    DossierState,
    IncomingDocument,
    IncomingState,
    Material,
    OutgoingDocument,
    OutgoingState,
    Person,
)
from lienthong.office.people import access
from lienthong.standards.secrecy import mark_on_first_page
from lienthong.standards.times import VIETNAM

Document = IncomingDocument | OutgoingDocument
Removal = DossierItem.Removal
FOUND = 20
"""Documents that a search for what to put in gives."""
UNISSUED = [
    state.value
    for state in OutgoingState
    if state
    not in (OutgoingState.ISSUED, OutgoingState.RECALLING, OutgoingState.RECALLED, OutgoingState.PARTLY_RECALLED)
]
"""Outgoing documents that are drafts still, or never became more."""


@dataclass(frozen=True)
class Upload:
    """A file that came about with the work: a photograph, a recording, a table (Article 29.3)."""

    title: str
    dated_on: date | None
    name: str
    media_type: str
    content: Iterable[bytes]
    author: str = ""


def of(dossier: Dossier) -> QuerySet[DossierItem]:
    """What lies in a dossier, in the order of time (Annex VI, III.4g): by the day of the document, then as put in."""
    rows = dossier.items.filter(removed_at=None).select_related(
        "outgoing__organization", "outgoing__body_signer__body", "incoming__packet", "material__converted", "added_by"
    )
    day = Coalesce(
        "outgoing__promulgated_on", "incoming__promulgated_on", "material__dated_on",
        TruncDate("added_at", tzinfo=VIETNAM),
    )  # fmt: skip
    return rows.annotate(dated=day).order_by("dated", "ordinal")


def readable(person: Person, items: Sequence[DossierItem]) -> set[int]:
    """Which of these items the person may read: documents by their own rules, a file that was put here by who sees the
    dossier."""
    outgoing = {one.outgoing_id for one in items if one.outgoing_id}
    incoming = {one.incoming_id for one in items if one.incoming_id}
    out = set(access.outgoing_of(person).filter(pk__in=outgoing).values_list("pk", flat=True)) if outgoing else set()
    come = set(access.incoming_of(person).filter(pk__in=incoming).values_list("pk", flat=True)) if incoming else set()
    return {one.pk for one in items if one.material_id or one.outgoing_id in out or one.incoming_id in come}


def put_in(dossier: Dossier, document: Document, *, share: bool, actor: Person, at: datetime) -> DossierItem:
    """Give a document a place in a dossier. That opens it to nobody, unless who puts it in may share it, and does.

    Raises:
        Forbidden, Held, DossierShut, AlreadyThere, MayNotShare.
        NotFound: the actor may not see the document.
    """
    require_working(actor, dossier)
    _require_seen(actor, document)
    if share and not access.may_share(actor, document):
        raise MayNotShare()
    kind = "incoming" if isinstance(document, IncomingDocument) else "outgoing"
    item = DossierItem(dossier=dossier, added_at=at, added_by=actor, shared=share, **{kind: document})
    item.pages = parts.pages(parts.of(item))
    try:
        with transaction.atomic():
            _place(item)
            note(
                OfficeEvent.DOSSIER_PUT_IN, dossier, actor, at, ordinal=item.ordinal, kind=kind, id=document.pk,
                shared=share,
            )  # fmt: skip
    except IntegrityError:
        raise AlreadyThere() from None
    return item


def add_material(dossier: Dossier, upload: Upload, *, actor: Person, at: datetime) -> DossierItem:
    """Add a file to a dossier. Raises `Forbidden`, `Missing`, `SecretDocument`, `Held`, `DossierShut`."""
    require_working(actor, dossier)
    title = " ".join(upload.title.split())[:500]
    if not title or upload.dated_on is None or not upload.name.strip():
        raise Missing(what="tệp, tên và ngày của tài liệu", what_en="the file, its title and its date")
    with blobs().writer() as out:
        for chunk in upload.content:
            out.write(chunk)
        if not out.size:
            raise Missing(what="nội dung của tệp", what_en="content in the file")
        blob = out.keep()
    with blobs().open(blob.digest) as opened:
        is_pdf = b"%PDF-" in opened.read(1024)
    if is_pdf:  # by what it is, not by what it is called
        _require_no_secret(blob.digest)
    pages = parts.pages([parts.Part(upload.name, upload.media_type, blob.digest, blob.size)])
    with transaction.atomic():
        made = Material.objects.create(
            title=title, author=" ".join(upload.author.split())[:200], dated_on=upload.dated_on,
            name=upload.name.strip()[:500], media_type=upload.media_type[:100], digest=blob.digest, size=blob.size,
        )  # fmt: skip
        item = DossierItem(dossier=dossier, added_at=at, added_by=actor, material=made, pages=pages)
        _place(item)
        note(
            OfficeEvent.DOSSIER_PUT_IN, dossier, actor, at, ordinal=item.ordinal, kind="material",
            digest=blob.digest,
        )  # fmt: skip
    return item


def take_out(dossier: Dossier, item: DossierItem, why: str, *, actor: Person, at: datetime) -> None:
    """Name something a duplicate, a draft or misplaced, and take it out; the document itself stays where it is.

    Raises:
        Forbidden, Missing, Held, DossierShut.
    """
    require_answering(actor, dossier)
    if why not in Removal.values:
        raise Missing(what="lý do loại khỏi hồ sơ", what_en="why it is taken out")
    with transaction.atomic():
        hold_open(dossier)
        remove(dossier, item, why, actor=actor, at=at)


def remove(dossier: Dossier, item: DossierItem, why: str, *, actor: Person, at: datetime) -> None:
    """Take it out, in the transaction that holds the dossier open."""
    still = dossier.items.filter(pk=item.pk, removed_at=None)
    if still.update(removed_at=at, removed_by=actor, removed_for=why):
        note(OfficeEvent.DOSSIER_TAKEN_OUT, dossier, actor, at, ordinal=item.ordinal, why=why)


def suspects(items: Sequence[DossierItem]) -> dict[int, Removal]:
    """What looks as if it did not belong there when the dossier is closed (Article 29.4b): drafts that were never
    issued, versions that were laid aside, files with the same bytes."""
    found: dict[int, Removal] = {}
    known: set[str] = set()
    for one in items:
        if one.outgoing is not None and one.outgoing.state in UNISSUED:
            found[one.pk] = Removal.DRAFT
        elif one.incoming is not None and one.incoming.state == IncomingState.SET_ASIDE:
            found[one.pk] = Removal.DUPLICATE
        elif one.material is not None:
            if one.material.digest in known:
                found[one.pk] = Removal.DUPLICATE
            known.add(one.material.digest)
    return found


def count_pages(dossier: Dossier) -> None:
    """Count again what may have changed, when the dossier is closed: drafts became documents meanwhile."""
    for item in of(dossier):
        if item.material_id is None or item.pages is None:
            DossierItem.objects.filter(pk=item.pk).update(pages=parts.pages(parts.of(item)))


def open_for(person: Person) -> QuerySet[Dossier]:
    """The open dossiers into which a person may put something."""
    return Dossier.objects.filter(working_on(person), state=DossierState.OPEN).order_by("-pk")


def places_of(document: Document, visible: QuerySet[Dossier]) -> QuerySet[DossierItem]:
    """The places of a document in the dossiers that somebody sees."""
    held = DossierItem.objects.filter(dossier__in=visible.values("pk"), removed_at=None)
    held = held.filter(incoming=document) if isinstance(document, IncomingDocument) else held.filter(outgoing=document)
    return held.select_related("dossier").order_by("pk")


def candidates(dossier: Dossier, person: Person, question: str) -> list[tuple[str, Document]]:
    """Documents that the person may see, are not in the dossier, and hold what is looked for; the newest first."""
    in_it = dossier.items.filter(removed_at=None)
    out = access.outgoing_of(person).exclude(pk__in=in_it.exclude(outgoing=None).values("outgoing"))
    come = access.incoming_of(person).exclude(pk__in=in_it.exclude(incoming=None).values("incoming"))
    number, _, notation = question.partition("/")
    if number.isdecimal() and len(number) < 10:
        out, come = out.filter(number=int(number)), come.filter(number=number)
        if notation:
            out, come = out.filter(notation__istartswith=notation), come.filter(notation__istartswith=notation)
    else:
        out, come = out.filter(subject__icontains=question), come.filter(subject__icontains=question)
    come = come.exclude(state=IncomingState.CANCELLED)
    found: list[tuple[str, Document]] = [("outgoing", one) for one in out.order_by("-pk")[:FOUND]]
    return found + [("incoming", one) for one in come.order_by("-pk")[:FOUND]]


def material_of(dossier: Dossier, pk: int) -> Material:
    """A file of a dossier. Raises `NoDossier`."""
    item = dossier.items.filter(Q(material=pk) | Q(material__converted=pk), removed_at=None).first()
    if item is None or item.material is None:
        raise NoDossier()
    return item.material if item.material_id == pk else Material.objects.get(pk=pk)


def _require_no_secret(digest: str) -> None:
    """What is stamped as a state secret is not kept here (Decision 28, Article 1.2). Raises `SecretDocument`."""
    with blobs().open(digest) as file:
        mark = mark_on_first_page(file)
    if mark:
        release([digest])
        raise SecretDocument(mark=mark)


def _place(item: DossierItem) -> None:
    """The next ordinal of the dossier, in the transaction that finds it open."""
    hold_open(item.dossier)
    own = Dossier.objects.filter(pk=item.dossier_id)
    own.update(last_ordinal=F("last_ordinal") + 1)
    item.ordinal = own.values_list("last_ordinal", flat=True).get()
    item.save()


def _require_seen(actor: Person, document: Document) -> None:
    seen = access.incoming_of if isinstance(document, IncomingDocument) else access.outgoing_of
    if not seen(actor).filter(pk=document.pk).exists():
        raise NotFound()
