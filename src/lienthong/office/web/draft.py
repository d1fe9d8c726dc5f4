"""Soạn thảo: a draft is written, and written anew, in one form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from lienthong.journal.vocabulary import Access
from lienthong.look.language import choose
from lienthong.office.errors import Missing, OfficeProblem
from lienthong.office.incoming.checks import agency_seals
from lienthong.office.models import BodySigner, Origin, OutgoingDocument, Person, Role, Unit
from lienthong.office.outgoing import amending, drafting, presentation, templates
from lienthong.office.outgoing.competence import OWN_OFFICE, Capacity
from lienthong.office.people import access, authorizations, bodies
from lienthong.office.people.actors import log_opened
from lienthong.office.web import draft_sources, given, recipients
from lienthong.office.web.draft_sources import Sources
from lienthong.office.web.guards import now, page, show
from lienthong.standards.doctypes import LETTER, TYPES, DocumentType, by_name
from lienthong.standards.signatures.errors import SignatureProblem
from lienthong.standards.statuses import Urgency

FOR_BODY = "tv-"
"""How the form names who signs for an advisory body."""
CHOOSING = ("find", "add_group")
"""Buttons of the draft's form that look for recipients, and save nothing."""


@page(*access.DRAFTERS, acts=True)
def draft(request: HttpRequest, person: Person, pk: int = 0) -> HttpResponseBase:
    """Soạn thảo: a new document, a new version of one's own, or of what one has as head of its unit."""
    existing = access.outgoing(person, pk) if pk else None
    if existing is not None:
        amending.require_writes(existing, person)
    sources = draft_sources.named(request, person)
    if request.method == "POST" and request.POST.get("act") not in CHOOSING:
        try:
            manuscript = _manuscript(request, person)
            if existing is None:
                made = _begun(request, person, manuscript, sources)
            else:
                made = existing
                seen = given.number(request.POST.get("version", ""))
                amending.write(existing, manuscript, seen=seen, actor=person, at=now())
        except (OfficeProblem, SignatureProblem) as problem:
            return _shown(request, person, existing, sources, problem)
        return redirect(f"/van-ban-di/{made.pk}/")
    return _shown(request, person, existing, sources)


def _begun(
    request: HttpRequest, person: Person, manuscript: drafting.Manuscript, sources: Sources
) -> OutgoingDocument:  # fmt: skip
    """A new document, and its place in the dossier of its work: both, or neither."""
    with transaction.atomic():
        made = drafting.create(
            manuscript, unit=_unit(request, person), actor=person, at=now(), answers=sources.answers,
            replacing=sources.replacing(request), letter=sources.letter(request),
        )  # fmt: skip
        sources.keep(made, person)
    return made


def _shown(
    request: HttpRequest, person: Person, existing: OutgoingDocument | None, sources: Sources,
    problem: OfficeProblem | SignatureProblem | None = None,
) -> HttpResponseBase:  # fmt: skip
    """The form; that of a document which is there shows its text, so that it is noted as an opened page (SEC-7)."""
    context = _draft_context(request, person, existing, sources)
    if (text := existing or sources.copied) is not None:
        log_opened(Access.OPENED, person, text, now(), "form")
    return show(request, person, "draft.html", context, problem=problem)


def _draft_context(
    request: HttpRequest, person: Person, existing: OutgoingDocument | None, sources: Sources
) -> dict[str, Any]:  # fmt: skip
    chosen = request.POST.getlist("recipients")
    due_on = existing.due_on.isoformat() if existing and existing.due_on else ""
    text = existing or sources.copied
    if request.method != "POST":
        chosen = _proposed(text, sources)
    version = drafting.current_version(existing) if existing else None
    signers = _signers(person)
    chosen_signer = request.POST.get("signer") or (_signer_value(text) if text else "")
    return {
        "existing": existing,
        "text": text,
        "version": version,
        "presentation": presentation.shown(version) if version else None,
        "answers": sources.answers,
        "replaced": sources.replaced,
        "copied": sources.copied,
        "dossier": sources.dossier,
        "corrected": sources.corrected,
        "urged": sources.urged,
        "task": sources.task,
        "types": TYPES,
        "chosen_type": request.POST.get("type") or (text.type_name if text else _kind_asked(request, sources).name),
        "chosen_urgency": request.POST.get("urgency") or str(begun.urgency if (begun := text or sources.task) else 0),
        "chosen_signer": chosen_signer,
        "signer_gone": bool(chosen_signer) and chosen_signer not in {one.value for one in signers},
        "chosen_due": request.POST.get("due_on") or due_on,
        "chosen_unit": request.POST.get("unit") or str(of.unit_id if (of := existing or sources.task) else ""),
        "urgencies": [(str(int(each)), choose(*each.words)) for each in Urgency],
        "signers": _by_issuer(signers),
        "origins": Origin.choices,
        "units": [post.unit for post in access.posts(person)],
        "inside": person.organization.units.order_by("name"),
        "chosen_inside": _chosen_inside(request, text or sources.replaced),
        "given": request.POST or _sample(request, person, text, sources),
        **recipients.choices(request, person, chosen),
    }


def _kind_asked(request: HttpRequest, sources: Sources) -> DocumentType:
    """The type by whose sample somebody begins, or that was given to write; a letter, unless another is asked for."""
    given_type = sources.task.type_name if sources.task else ""
    return by_name(request.GET.get("mau", "") or given_type) or LETTER


def _sample(
    request: HttpRequest, person: Person, existing: OutgoingDocument | None, sources: Sources
) -> dict[str, str]:  # fmt: skip
    """With what a draft by a sample begins (Decree 30, Annex III), or a letter about what was issued; nothing where
    none is asked for."""
    if existing is None and (letter := sources.written_about) is not None:
        return {"subject": letter.subject}
    if existing is None and sources.task is not None:
        return {"subject": sources.task.subject}
    if existing is not None or "mau" not in request.GET:
        return {}
    begun = templates.sample(person.organization, _kind_asked(request, sources), timezone.localdate()).skeleton
    return {"body": begun.body, "recipients_text": "\n".join(begun.recipients)}


def _chosen_inside(request: HttpRequest, saved: OutgoingDocument | None) -> list[str]:
    if request.method == "POST" or saved is None:
        return request.POST.getlist("units")
    return [str(pk) for pk in saved.circulations.filter(person=None).values_list("unit_id", flat=True)]


@dataclass(frozen=True)
class Signer:
    """Who may be asked to sign: a leader, who is authorised in writing (TUQ.), or who signs for an advisory body."""

    person: Person
    capacity: Capacity = OWN_OFFICE

    @property
    def value(self) -> str:
        if self.capacity.body_signer:
            return f"{FOR_BODY}{self.capacity.body_signer.pk}"
        return f"uq-{self.capacity.authorization.pk}" if self.capacity.authorization else str(self.person.pk)

    @property
    def issuer(self) -> str:
        """Who stands on the document as issuing it."""
        return self.capacity.body.name if self.capacity.body else self.person.organization.name


def _signers(person: Person) -> list[Signer]:
    """Who signs for the agency, then who signs for its advisory bodies, body by body."""
    today = timezone.localdate()
    leaders = access.people_with(person.organization_id, Role.LEADER).select_related("organization")
    authorised = authorizations.in_force(person.organization, today).select_related("person__organization")
    for_bodies = bodies.signers_on(person.organization, today)
    return [
        *map(Signer, leaders),
        *(Signer(one.person, Capacity(authorization=one)) for one in authorised),
        *(Signer(one.person, Capacity(body_signer=one)) for one in for_bodies),
    ]


def _by_issuer(signers: Iterable[Signer]) -> list[tuple[str, list[Signer]]]:
    """Signers under the name of who issues what they sign."""
    return [(name, list(one)) for name, one in groupby(signers, key=lambda signer: signer.issuer)]


def _signer_value(document: OutgoingDocument) -> str:
    return Signer(document.signer, Capacity(document.authorization, document.body_signer)).value


def _signer(value: str, person: Person) -> Signer:
    """Who is asked to sign. Raises `Missing`; `BodyNotInForce`, which says why who signed for a body does not now."""
    found = next((one for one in _signers(person) if one.value == value), None)
    if found is not None:
        return found
    if value.startswith(FOR_BODY):
        known = BodySigner.objects.filter(body__organization=person.organization).select_related("body", "person")
        former = known.filter(pk=given.number(value.removeprefix(FOR_BODY))).first()
        if former is not None:
            bodies.require_may_sign(former, former.person, now())
    raise Missing(what="người ký", what_en="the signer")


def _proposed(text: OutgoingDocument | None, sources: Sources) -> list[str]:
    """Who receives it as far as is known: as it was saved, as what it replaces, or whoever wrote what it answers."""
    if (saved := text or sources.replaced) is not None:
        return list(saved.recipients.values_list("code", flat=True))
    if (letter := sources.written_about) is not None:
        return letter.recipients(timezone.localdate())
    sender = agency_seals(sources.answers.sender_code) if sources.answers else None
    return [sender.code] if sender else []


def _unit(request: HttpRequest, person: Person) -> Unit:
    wanted = request.POST.get("unit", "")
    held = access.posts(person)
    post = held.filter(unit_id=given.number(wanted)).first() if wanted else held.first()
    if post is None:
        raise Missing(what="đơn vị soạn thảo", what_en="the drafting unit")
    return post.unit


def _units(request: HttpRequest, person: Person) -> tuple[Unit, ...]:
    """The units of the agency that were marked. Raises `Missing` for what is none of them."""
    wanted = {given.number(pk) for pk in request.POST.getlist("units")}
    found = tuple(person.organization.units.filter(pk__in=wanted).order_by("name"))
    if len(found) < len(wanted):
        raise Missing(what="đơn vị của cơ quan", what_en="a unit of the agency")
    return found


def _manuscript(request: HttpRequest, person: Person) -> drafting.Manuscript:
    form = request.POST
    signer = _signer(form.get("signer", ""), person)
    upload = request.FILES.get("upload")
    return drafting.Manuscript(
        kind=by_name(form.get("type", "")) or LETTER,
        subject=form.get("subject", ""),
        signer=signer.person,
        capacity=signer.capacity,
        body=form.get("body", ""),
        upload=(str(upload.name), given.whole_file(upload)) if isinstance(upload, UploadedFile) else None,
        recipients=tuple(form.getlist("recipients")),
        recipients_text=form.get("recipients_text", ""),
        addressees=_lines(form.get("addressees", "")),
        appendixes=_lines(form.get("appendixes", "")),
        urgency=given.urgency(form.get("urgency", "0")),
        due_on=given.day_of(form.get("due_on", "")),
        secrecy=form.get("secrecy", ""),
        units=_units(request, person),
        origin=form.get("origin", ""),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
