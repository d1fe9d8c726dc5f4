"""Samples of documents: with what a draft of each type begins (Decree 30/2020/NĐ-CP, Annex III), and the agency's own
words for it: grounds, end, «Nơi nhận», from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lienthong.journal.record import Subject, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office import typeset
from lienthong.office.errors import Missing
from lienthong.office.models import Organization, Person, Role, StandingText
from lienthong.office.outgoing.template_errors import NoSuchStanding, NothingOwn
from lienthong.office.people.access import people_with, posts, require
from lienthong.office.people.actors import actor_of
from lienthong.standards.doctypes import TYPES, DocumentType, by_name
from lienthong.standards.skeletons import OPEN, Skeleton, of_type

KEEPERS = (Role.CLERK, Role.ADMINISTRATOR)
LONGEST = {"basis": 4000, "closing": 1000, "recipients": 1000}


@dataclass(frozen=True)
class Sample:
    """With what a document of a type begins here today."""

    kind: DocumentType
    skeleton: Skeleton
    own: StandingText | None


def samples(organization: Organization, day: date) -> list[Sample]:
    """All types of documents, each with the agency's own words where it has any."""
    held: dict[str, StandingText] = {}
    for row in _held(organization, day).order_by("valid_from", "id"):
        held[row.type_name] = row
    return [_sample(kind, held.get(kind.name)) for kind in TYPES]


def sample(organization: Organization, kind: DocumentType, day: date) -> Sample:
    """With what a document of this type begins on a day."""
    own = _held(organization, day).filter(type_name=kind.name).order_by("-valid_from", "-id").first()
    return _sample(kind, own)


def of_agency(organization: Organization) -> QuerySet[StandingText]:
    """The agency's own words, in force or not, the newest first."""
    return organization.standing_texts.select_related("recorded_by").order_by("-id")


def register(given: Mapping[str, str], valid_from: date | None, *, actor: Person, at: datetime) -> StandingText:
    """Write down what the agency writes in every document of a type, from a day on.

    Args:
        given: `type`, `basis`, `closing`, `recipients` as typed.

    Raises:
        Forbidden, Missing; NothingOwn: nothing was written.
    """
    require(actor, *KEEPERS)
    kind = by_name(given.get("type", ""))
    if kind is None:
        raise Missing(what="loại văn bản", what_en="the type of document")
    if valid_from is None:
        raise Missing(what="ngày áp dụng", what_en="from when it holds")
    texts = {name: _cleaned(given.get(name, ""))[:longest] for name, longest in LONGEST.items()}
    if not any(texts.values()):
        raise NothingOwn()
    with transaction.atomic():
        made = StandingText.objects.create(
            organization=actor.organization, type_name=kind.name, valid_from=valid_from, recorded_at=at,
            recorded_by=actor, **texts,
        )  # fmt: skip
        _tell(OfficeEvent.STANDING_TEXT_RECORDED, made, actor, at, valid_from=valid_from.isoformat())
    return made


def end(pk: int, *, actor: Person, at: datetime) -> None:
    """Let the sample of the decree, or what the agency wrote before, begin such documents again from today on. Raises
    `Forbidden`, `NoSuchStanding`."""
    require(actor, *KEEPERS)
    with transaction.atomic():
        own = StandingText.objects.filter(organization=actor.organization, pk=pk, ended_on=None)
        found = own.select_for_update().first()
        if found is None:
            raise NoSuchStanding()
        found.ended_on = timezone.localdate(at)
        found.save(update_fields=["ended_on"])
        _tell(OfficeEvent.STANDING_TEXT_ENDED, found, actor, at)


def preview(organization: Organization, shown: Sample, day: date) -> bytes:
    """The sample as a PDF in the layout of Annex I, with the agency's name and a signer of now. Raises
    `TypesetProblem`."""
    leader = people_with(organization.pk, Role.LEADER).first()
    post = posts(leader).filter(role=Role.LEADER).first() if leader else None
    kind, skeleton = shown.kind, shown.skeleton
    letter = not kind.abbreviation
    notation = f"{organization.abbreviation}-{OPEN}" if letter else f"{kind.abbreviation}-{organization.abbreviation}"
    draft = typeset.Draft(
        superior=organization.superior_name, agency=organization.name, type_name="" if letter else kind.name,
        notation=notation, place=organization.place, year=day.year, subject=f"V/v {OPEN}" if letter else OPEN,
        body=skeleton.body, position=post.position if post else OPEN, signer=leader.full_name if leader else OPEN,
        competence=post.competence if post else "", recipients=skeleton.recipients,
        addressees=(OPEN,) if skeleton.addressed else (),
    )  # fmt: skip
    return typeset.render(draft).pdf


def _held(organization: Organization, day: date) -> QuerySet[StandingText]:
    until = Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    return StandingText.objects.filter(until, organization=organization, valid_from__lte=day)


def _sample(kind: DocumentType, own: StandingText | None) -> Sample:
    skeleton = of_type(kind.name)
    return Sample(kind, skeleton.with_own(own.basis, own.closing, own.recipients) if own else skeleton, own)


def _cleaned(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def _tell(event: OfficeEvent, row: StandingText, actor: Person, at: datetime, **facts: object) -> None:
    subject = Subject("standing_text", str(row.pk))
    record(event, actor=actor_of(actor), subject=subject, at=at, type=row.type_name, **facts)
