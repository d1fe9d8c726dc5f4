"""Bản sao: a copy of a document is made and read; who may sign copies."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from lienthong.journal.vocabulary import Access
from lienthong.look.language import choose
from lienthong.office.copies import making, rules
from lienthong.office.errors import Missing, NotFound, OfficeProblem
from lienthong.office.incoming import recalls
from lienthong.office.models import (
    Copy,
    CopyKind,
    CopySigner,
    CopyState,
    IncomingDocument,
    IncomingState,
    Medium,
    OutgoingDocument,
    OutgoingState,
    Person,
    Role,
)
from lienthong.office.people import access, copy_signers, own_tokens
from lienthong.office.people.actors import log_opened
from lienthong.office.sealing import asking
from lienthong.office.web import given, remote, sealing
from lienthong.office.web.guards import now, page, show
from lienthong.standards.signatures.errors import SignatureProblem
from lienthong.standards.signatures.keys import Key

Document = OutgoingDocument | IncomingDocument
RECALLED = (OutgoingState.RECALLING, OutgoingState.RECALLED, OutgoingState.PARTLY_RECALLED)


@page(Role.CLERK, acts=True)
def of_outgoing(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """A copy of a document of the agency."""
    return _new(request, person, access.outgoing(person, pk))


@page(Role.CLERK, acts=True)
def of_incoming(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """A copy of a document that came in."""
    return _new(request, person, access.incoming(person, pk))


def _new(request: HttpRequest, person: Person, document: Document) -> HttpResponseBase:
    problem: OfficeProblem | SignatureProblem | None = None
    if request.method == "POST":
        try:
            order = _order(request, document)
            copy, key = making.take(document, order, pin=request.POST.get("pin", ""), actor=person, at=now())
            return _completed(copy, key, person)
        except (OfficeProblem, SignatureProblem) as refused:
            problem = refused
    else:
        rules.require_copyable(document)
    context = {
        "document": document,
        "place": place_of(document),
        "signers": copy_signers.in_force(person.organization, timezone.localdate()),
        "kinds": CopyKind.choices,
        "ways": _ways(),
        "sources": making.sources_of(document),
        "for_information": _is_for_information(document),
        "files": _files_beside(document),
        "seal_token": own_tokens.seal_of(person.organization) is not None,
        "given": request.POST,
    }
    log_opened(Access.OPENED, person, document, now(), "copy")
    return show(request, person, "copy_new.html", context, problem=problem)


def _completed(copy: Copy, key: Key | None, person: Person) -> HttpResponseBase:
    """The copy's page; where sealing was refused or the time stamps are away, one goes on there with its number."""
    with suppress(OfficeProblem, SignatureProblem):
        if asking.seals_at_desk(copy):
            asking.ask_for_copy(copy, actor=person, clock=now)
        else:
            making.complete(copy, key, actor=person, at=now())
    return redirect("office:copy", copy.pk)


def _files_beside(document: Document) -> int:
    """How many files stand beside the document itself; the copy has none of them."""
    if isinstance(document, OutgoingDocument):
        return document.enclosures.count()
    return max(document.files.filter(present=True).count() - 1, 0)


def _ways() -> list[tuple[str, str, list[str]]]:
    """(value, words, kinds) of each way from medium to medium that Article 25 has."""
    said = {
        (Medium.ELECTRONIC, Medium.PAPER): choose(
            "Điện tử → giấy: in, ký, đóng dấu", "Electronic → paper: print, sign, stamp"
        ),
        (Medium.PAPER, Medium.ELECTRONIC): choose(
            "Giấy → điện tử: tệp số hóa, ký số của cơ quan", "Paper → electronic: scan, the agency's signature"
        ),
        (Medium.PAPER, Medium.PAPER): choose(
            "Giấy → giấy: tệp số hóa, in, ký, đóng dấu", "Paper → paper: scan, print, sign, stamp"
        ),
        (Medium.ELECTRONIC, Medium.ELECTRONIC): choose(
            "Điện tử → điện tử: ký số của cơ quan", "Electronic → electronic: the agency's signature"
        ),
    }
    return [
        (
            f"{source}-{form}",
            words,
            [rules.NAMES[kind].lower() for kind, has in rules.WAYS.items() if (source, form) in has],
        )
        for (source, form), words in said.items()
    ]


def _is_for_information(document: Document) -> bool:
    return isinstance(document, IncomingDocument) and document.legal_value == "information"


def _order(request: HttpRequest, document: Document) -> making.Order:
    form = request.POST
    source, _, target = form.get("way", "").partition("-")
    if form.get("kind") not in CopyKind.values or source not in Medium.values or target not in Medium.values:
        raise Missing(what="hình thức sao và định dạng", what_en="kind and format of the copy")
    scan = request.FILES.get("scan")
    return making.Order(
        kind=CopyKind(form["kind"]), source=Medium(source), form=Medium(target),
        signer=CopySigner.objects.filter(pk=_whole(form.get("signer", ""))).first(),
        recipients=form.get("recipients", "")[:4000], pages=form.get("pages", "")[:200],
        scan=given.whole_file(scan) if scan is not None else None,
        of_copy=document.copies.filter(pk=_whole(form.get("of_copy", ""))).first(),
    )  # fmt: skip


def place_of(document: Document) -> str:
    """The page of a document."""
    kind = "van-ban-di" if isinstance(document, OutgoingDocument) else "van-ban-den"
    return f"/{kind}/{document.pk}/"


@page(acts=True)
def one(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """A copy: what it is worth, its file; an interrupted one is finished, a spoiled one loses its number."""
    copy = access.copy(person, pk)
    problem: OfficeProblem | SignatureProblem | None = None
    if request.method == "POST":
        try:
            _act(request, copy, person)
            return redirect("office:copy", copy.pk)
        except (OfficeProblem, SignatureProblem) as refused:
            problem = refused
            copy.refresh_from_db()
    log_opened(Access.OPENED, person, copy.document, now(), f"copy {copy.printed_number}")
    context = {"copy": copy, **_facts(copy, person), **sealing.of_copy(copy, person)}
    answer = show(request, person, "copy.html", context, problem=problem)
    return remote.let_call(answer, [context.get("awaited", {})])


def _facts(copy: Copy, person: Person) -> dict[str, Any]:
    document, clerk = copy.document, Role.CLERK in access.roles(person)
    return {
        "document": document,
        "place": place_of(document),
        "recalled": closed(document) or document.state in RECALLED,
        "readable": copy.state == CopyState.MADE and not closed(document),
        "recipients": [line.strip() for line in copy.recipients_text.splitlines() if line.strip()],
        "can_finish": clerk and copy.state == CopyState.NUMBERED,
        "can_void": clerk and copy.state != CopyState.VOIDED,
    }


def closed(document: Document) -> bool:
    """Whether a recall closes the document's content, and with it that of its copies."""
    if isinstance(document, OutgoingDocument):
        return False
    return document.state == IncomingState.CANCELLED or recalls.pending(document) is not None


def _act(request: HttpRequest, copy: Copy, person: Person) -> None:
    form = request.POST
    if form.get("act") == "finish" and asking.seals_at_desk(copy):
        asking.ask_for_copy(copy, actor=person, clock=now)
    elif form.get("act") == "finish":
        making.finish(copy, pin=form.get("pin", ""), actor=person, at=now())
    elif form.get("act") == "take_seal":
        sealing.take_here(request, copy, person)
    elif form.get("act") == "cancel_seal":
        sealing.cancel_here(request, copy, person)
    elif form.get("act") == "void":
        making.void(copy, reason=form.get("reason", ""), authority=form.get("authority", ""), actor=person, at=now())
    else:
        raise NotFound()


def listed(document: Document, person: Person) -> dict[str, Any]:
    """What the page of a document shows of its copies."""
    try:
        rules.require_copyable(document)
        copyable = True
    except OfficeProblem:
        copyable = False
    return {
        "copies": document.copies.select_related("signer__person", "taken_by"),
        "can_copy": copyable and Role.CLERK in access.roles(person),
    }


@page(Role.CLERK, Role.ADMINISTRATOR, Role.LEADER, Role.AUDITOR, acts=True)
def signers(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Who may sign copies; its keepers name and end."""
    problem = None
    if request.method == "POST":
        try:
            _keep(request, person)
            return redirect("office:copy-signers")
        except OfficeProblem as refused:
            problem = refused
    today = timezone.localdate()
    rows = CopySigner.objects.filter(organization=person.organization).select_related("person")
    in_force = set(copy_signers.in_force(person.organization, today).values_list("pk", flat=True))
    context = {
        "rows": sorted(rows, key=lambda row: row.pk not in in_force),
        "in_force": in_force,
        "today": today,
        "keeps": bool(access.roles(person) & {role.value for role in copy_signers.KEEPERS}),
        "people": person.organization.people.all(),
        "given": request.POST,
    }
    return show(request, person, "copy_signers.html", context, problem=problem)


def _keep(request: HttpRequest, person: Person) -> None:
    form = request.POST
    if form.get("act") == "end":
        row = CopySigner.objects.filter(organization=person.organization, pk=_whole(form.get("signer", ""))).first()
        if row is None:
            raise NotFound()
        copy_signers.end(row, reason=form.get("reason", ""), actor=person, at=now())
        return
    named = person.organization.people.filter(pk=_whole(form.get("person", ""))).first()
    begins, ends = given.day_of(form.get("valid_from", "")), given.day_of(form.get("valid_to", ""))
    if named is None or begins is None:
        raise Missing(what="người ký và ngày bắt đầu", what_en="the person and the first day")
    decision = copy_signers.Decision(
        person=named, competence=form.get("competence", "").strip().upper()[:100],
        position=form.get("position", "").strip().upper()[:100], reference=form.get("reference", "").strip()[:200],
        valid_from=begins, valid_to=ends,
    )  # fmt: skip
    copy_signers.name(decision, actor=person, at=now())


def _whole(text: str) -> int:
    return given.number(text)
