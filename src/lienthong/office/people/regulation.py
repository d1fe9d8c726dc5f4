"""The agency's regulation on its documents: the paper itself, and which of its clauses decides which setting here
(Decision 28/2018/QĐ-TTg, Article 19.1a)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from lienthong.journal.record import Subject, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.config import blobs
from lienthong.office.errors import Missing, NotPdf
from lienthong.office.models import Organization, Person, Regulation, Role
from lienthong.office.people.access import require
from lienthong.office.people.actors import actor_of
from lienthong.office.people.agency import DECIDED
from lienthong.standards.statuses import Words

KEEPERS = (Role.ADMINISTRATOR, Role.LEADER)
LONGEST_CLAUSE = 60
SETTINGS: dict[str, Words] = {
    **{fact.name: fact.words for fact in DECIDED},
    "numbering": Words("Cách đánh số văn bản", "How documents are numbered"),
    "paper_rules": Words("Danh mục gửi kèm bản giấy", "List of what goes on paper as well"),
    "authorizations": Words("Ký thừa ủy quyền", "Signing by authority"),
    "calendar": Words("Lịch làm việc", "Working calendar"),
}
"""What the regulation may decide of this system."""


@dataclass(frozen=True)
class Paper:
    """A regulation as it is typed.

    Attributes:
        clauses: setting → clause; what is empty is not decided by it.
    """

    reference: str
    title: str
    valid_from: date | None
    clauses: Mapping[str, str]
    content: bytes
    name: str


def register(paper: Paper, *, actor: Person, at: datetime) -> Regulation:
    """Keep a regulation; it holds from its day on. Raises `Forbidden`, `Missing`, `NotPdf`."""
    require(actor, *KEEPERS)
    reference, title = (" ".join(text.split()) for text in (paper.reference, paper.title))
    if not reference:
        raise Missing(what="số, ngày của quy chế", what_en="number and date of the regulation")
    if not title:
        raise Missing(what="tên quy chế", what_en="the regulation's title")
    if paper.valid_from is None:
        raise Missing(what="ngày có hiệu lực", what_en="from when it holds")
    if not paper.content.startswith(b"%PDF-"):
        raise NotPdf(name=paper.name[:100], reason="không phải PDF", reason_en="it is no PDF")
    clauses = {name: " ".join(paper.clauses.get(name, "").split())[:LONGEST_CLAUSE] for name in SETTINGS}
    blob = blobs().put(paper.content)
    with transaction.atomic():
        made = Regulation.objects.create(
            organization=actor.organization, reference=reference[:200], title=title[:300], valid_from=paper.valid_from,
            clauses={name: text for name, text in clauses.items() if text}, digest=blob.digest, size=blob.size,
            recorded_at=at, recorded_by=actor,
        )  # fmt: skip
        subject = Subject("regulation", str(made.pk))
        record(
            OfficeEvent.REGULATION_RECORDED, actor=actor_of(actor), subject=subject, at=at, reference=made.reference,
            valid_from=made.valid_from.isoformat(), digest=made.digest, clauses=made.clauses,
        )  # fmt: skip
    return made


def of_agency(organization: Organization) -> QuerySet[Regulation]:
    """All of them, the newest in force first."""
    return organization.regulations.select_related("recorded_by")


def in_force(organization: Organization, day: date) -> Regulation | None:
    """The one that holds on a day."""
    return of_agency(organization).filter(valid_from__lte=day).first()


def clauses_of(organization: Organization, day: date) -> dict[str, str]:
    """Setting → the clause and the regulation that decide it on a day, as they are cited."""
    held = in_force(organization, day)
    return {name: f"{clause} Quy chế {held.reference}" for name, clause in held.clauses.items()} if held else {}
