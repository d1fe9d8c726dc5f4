"""Placing and lifting a hold, by order of the competent person (Decree 30/2020, Annex VI, IV.1g)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.dossiers.rules import note, tell
from lienthong.office.errors import Missing, require_why
from lienthong.office.models import Dossier, DossierHold, Person, Role
from lienthong.office.people.access import require
from lienthong.office.workflow import holds
from lienthong.standards.statuses import Words


def hold(dossier: Dossier, *, reference: str, reason: str, actor: Person, at: datetime) -> None:
    """Freeze a dossier and what lies in it. Raises `Forbidden`, `Missing`, `ReasonNeeded`, `Held`."""
    require(actor, Role.LEADER)
    why = require_why(reason)
    if not reference.strip():
        raise Missing(what="số, ngày của lệnh", what_en="number and date of the order")
    with transaction.atomic():
        holds.require_free(dossier)
        DossierHold.objects.create(
            dossier=dossier, reference=reference.strip()[:200], reason=why, placed_at=at, placed_by=actor
        )
        note(OfficeEvent.DOSSIER_HELD, dossier, actor, at, reference=reference.strip()[:200], reason=why)
        words = Words(f"Hồ sơ {dossier.code} bị khóa theo lệnh", f"Dossier {dossier.code} is held by order")
        tell([dossier.keeper], dossier, words, at=at)


def lift(dossier: Dossier, *, reason: str, actor: Person, at: datetime) -> None:
    """Lift the hold, with the reason. Raises `Forbidden`, `ReasonNeeded`, `Missing`: there is none."""
    require(actor, Role.LEADER)
    why = require_why(reason)
    with transaction.atomic():
        standing = DossierHold.objects.filter(dossier=dossier, lifted_at=None)
        if not standing.update(lifted_at=at, lifted_by=actor, lifted_for=why):
            raise Missing(what="lệnh khóa đang có hiệu lực", what_en="a hold that stands")
        note(OfficeEvent.DOSSIER_RELEASED, dossier, actor, at, reason=why)
        words = Words(f"Hồ sơ {dossier.code} được mở khóa", f"The hold on dossier {dossier.code} is lifted")
        tell([dossier.keeper], dossier, words, at=at)
