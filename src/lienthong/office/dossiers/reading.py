"""Who may read what is in the archive: rights on an archived dossier and what is known of it are given and ended by who
answers for the records (Decree 30/2020, Annex VI, III.6c). Its documents keep their own rules, as before."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.dossiers.keeping import receivers
from lienthong.office.dossiers.rules import heads_records, note, require_head_of_records, tell, works_on
from lienthong.office.errors import IllegalMove, Missing
from lienthong.office.models import WITH_AN_ARCHIVE, Dossier, DossierMember, Person
from lienthong.standards.statuses import Words


def may_let_read(person: Person, dossier: Dossier) -> bool:
    """Whether the person gives and ends rights on it: it is with an archive, and they answer for the records."""
    return dossier.state in WITH_AN_ARCHIVE and heads_records(person)


def let_read(dossier: Dossier, person: Person | None, *, actor: Person, at: datetime) -> None:
    """Somebody of the agency reads an archived dossier from now on; they are told, and so is who kept it.

    Raises:
        Forbidden: the actor does not answer for the records. IllegalMove: it is not with an archive.
        Missing: nobody, who sees no documents, or who reads it already.
    """
    _require(dossier, actor)
    found = receivers(actor).filter(pk=person.pk).first() if person is not None else None
    with transaction.atomic():
        Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)  # who is let in twice at once gets in once
        if found is None or works_on(found, dossier):
            raise Missing(
                what="người được xem, chưa có quyền xem hồ sơ này", what_en="somebody who does not read it yet"
            )
        DossierMember.objects.create(dossier=dossier, person=found, added_at=at, added_by=actor)
        note(OfficeEvent.DOSSIER_MEMBER_ADDED, dossier, actor, at, person=found.user.get_username(), archived=True)
        words = Words(f"Được xem hồ sơ lưu trữ {dossier.code}", f"You may read dossier {dossier.code} of the archive")
        tell([found], dossier, words, at=at)
        told = Words(f"Hồ sơ {dossier.code} có thêm người được xem", f"One more person may see dossier {dossier.code}")
        tell([dossier.keeper], dossier, told, at=at)


def end_reading(dossier: Dossier, person: Person | None, *, actor: Person, at: datetime) -> None:
    """They read it no more.

    Raises:
        Forbidden, IllegalMove; Missing: nobody whose right there is to end.
    """
    _require(dossier, actor)
    open_rights = DossierMember.objects.filter(dossier=dossier, ended_at=None)
    with transaction.atomic():
        if person is None or not open_rights.filter(person=person).update(ended_at=at):
            raise Missing(what="người đang được xem hồ sơ", what_en="somebody who was given the right to read it")
        gone = person.user.get_username()
        note(OfficeEvent.DOSSIER_MEMBER_ENDED, dossier, actor, at, person=gone, archived=True)


def _require(dossier: Dossier, actor: Person) -> None:
    require_head_of_records(actor)
    if dossier.state not in WITH_AN_ARCHIVE:
        raise IllegalMove(state=dossier.get_state_display())
