"""A file in a dossier whose format may go out of use gets a copy that lasts: what a word processor wrote is laid out as
PDF and lies beside it, the file itself stays as it is (Decree 30/2020, Annex VI, III.5e). So it goes with the dossier
wherever that goes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.config import blobs
from lienthong.office.dossiers import parts
from lienthong.office.dossiers.convert_errors import NotConverted
from lienthong.office.dossiers.rules import hold_open, note, require_working
from lienthong.office.errors import Missing
from lienthong.office.models import WITH_AN_ARCHIVE, Dossier, DossierItem, DossierState, Material, Person, Role
from lienthong.office.people import access
from lienthong.office.typeset import TypesetProblem, word_processor
from lienthong.office.workflow import holds


def may_convert(person: Person, dossier: Dossier, *, works: bool) -> bool:
    """Whether the person does it now: who works on an open dossier; of what is archived the clerks, who keep it."""
    if dossier.state in WITH_AN_ARCHIVE:
        return Role.CLERK in access.roles(person)
    return dossier.state == DossierState.OPEN and works


def is_due(item: DossierItem) -> bool:
    """Whether a word processor wrote the file, and it has no copy yet."""
    made = item.material
    return made is not None and word_processor.is_of_one(made.name) and getattr(made, "converted", None) is None


def convert(dossier: Dossier, item: DossierItem, *, actor: Person, at: datetime) -> Material:
    """Lay the file out as PDF, and keep that beside it.

    Raises:
        Forbidden; Held, DossierShut: it is neither open nor archived.
        Missing: it is no file of a word processor, or has its copy.
        NotConverted: LibreOffice is not there, or made nothing of it.
    """
    if dossier.state in WITH_AN_ARCHIVE:
        access.require(actor, Role.CLERK)
    else:
        require_working(actor, dossier)
    made = item.material
    if made is None or not is_due(item):
        raise Missing(what="tệp của trình soạn thảo, chưa có bản PDF", what_en="a word processor's file without a PDF")
    try:
        content = word_processor.lay_out(made.name, blobs().read(made.digest))
    except TypesetProblem as reason:
        raise NotConverted(name=made.name[:100], reason=reason.vi, reason_en=reason.en) from reason
    blob = blobs().put(content)
    with transaction.atomic():
        if dossier.state in WITH_AN_ARCHIVE:
            holds.require_free(dossier)
        else:
            hold_open(dossier)
        if Material.objects.filter(converted_from=made).exists():
            raise Missing(what="tệp chưa có bản PDF", what_en="a file without a PDF")
        copy = Material.objects.create(
            title=made.title, author=made.author, dated_on=made.dated_on, name=f"{made.name[:490]}.pdf",
            media_type=parts.PDF, digest=blob.digest, size=blob.size, converted_from=made,
        )  # fmt: skip
        pages = parts.pages_of(parts.Part(copy.name, copy.media_type, copy.digest, copy.size))
        DossierItem.objects.filter(material=made, pages=None).update(pages=pages)
        note(
            OfficeEvent.DOSSIER_CONVERTED, dossier, actor, at, ordinal=item.ordinal, digest=made.digest,
            copy=blob.digest,
        )  # fmt: skip
    return copy
