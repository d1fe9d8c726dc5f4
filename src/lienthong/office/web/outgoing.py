"""Văn bản đi: the page of one document, and the tracking board."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from lienthong.journal.record import history
from lienthong.journal.vocabulary import Access
from lienthong.look.language import choose
from lienthong.office import proofs as proving
from lienthong.office.errors import NotFound, OfficeProblem
from lienthong.office.models import (
    Carrier,
    Channel,
    OutgoingDocument,
    OutgoingState,
    PaperReason,
    PaperWay,
    Person,
    Recipient,
    RemoteSigning,
    Review,
    Role,
    Sealing,
    SignedStatement,
    Stage,
    Transmission,
    Version,
)
from lienthong.office.outgoing import (
    amending,
    board,
    circulation,
    drafting,
    issuing,
    letters,
    naming,
    paper,
    presentation,
    reach,
    resending,
    review,
    stored_copies,
    timeliness,
)
from lienthong.office.outgoing.act_errors import VersionChanged
from lienthong.office.packets import carriers
from lienthong.office.people import access, tickets
from lienthong.office.people.actors import log_opened, readers_of, subject_of
from lienthong.office.web import copies, dossier_box, given, habits, proofs, remote, sealing
from lienthong.office.web.frame import open_paper
from lienthong.office.web.guards import now, page, show
from lienthong.office.web.outgoing_acts import ACTS
from lienthong.standards.signatures.errors import SignatureProblem
from lienthong.standards.statuses import RefusalReason

PAGE_ROWS = 50
S = OutgoingState
REVIEWED = (S.DRAFT, S.IN_REVIEW, S.RETURNED, S.APPROVED)
"""While the document can still be mended, its page shows what the check of presentation found."""


@page(acts=True)
def document(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """One document: read it, act on it, see what became of it."""
    found = access.outgoing(person, pk)
    refused: OfficeProblem | SignatureProblem | None = None
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        try:
            if act is None:
                raise NotFound()
            _require_shown(request, found)
            act(request, found, person)
            return redirect(f"/van-ban-di/{found.pk}/")
        except (OfficeProblem, SignatureProblem) as problem:
            found.refresh_from_db()
            refused = problem
    log_opened(Access.OPENED, person, found, now())  # the page of a refused act shows the document as well
    circulation.note_opened(found, person, at=now())
    context = _context(request, found, person)
    answer = show(request, person, "outgoing.html", context, problem=refused)
    return remote.let_call(answer, [context.get("awaited", {})])


def _require_shown(request: HttpRequest, found: OutgoingDocument) -> None:
    """What is done to a document is done to the version that the page showed (Decree 30, Article 11). Raises
    `VersionChanged`."""
    shown = request.POST.get("version", "")
    if shown and given.number(shown) != drafting.current_version(found).ordinal:
        raise VersionChanged()


@page()
def tracking(request: HttpRequest, person: Person) -> HttpResponse:
    """Theo dõi gửi: what was issued, and where it stands at each recipient; trouble first."""
    sent = Exists(Recipient.objects.filter(document=OuterRef("pk")))  # what stays inside the agency is no sending
    visible = access.outgoing_of(person).filter(sent, issued_at__isnull=False).order_by("-issued_at").defer("content")
    owing = request.GET.get("giay") == "1"
    if owing:
        visible = visible.filter(pk__in=open_paper(person).values("recipient__document"))
    shown = Paginator(visible, PAGE_ROWS).get_page(request.GET.get("trang"))
    sendings = board.current_of(shown)
    papers = paper.counts_of(shown)
    counted = [(one, _counts(sendings[one.pk]) | papers[one.pk]) for one in shown]
    counted.sort(key=lambda pair: -sum(pair[1].get(state, 0) for state in board.TROUBLE))
    rows = [
        {
            "document": one,
            "counts": counts,
            "closed": board.is_closed(counts),
            "trouble": any(state in counts for state in board.TROUBLE),
            **_timeliness(one, sent=True),
        }
        for one, counts in counted
    ]
    context = {"rows": rows, "shown": shown, "states": board.STATES, "owing": owing, "owed": open_paper(person).count()}
    return show(request, person, "tracking.html", context)


def _timeliness(document: OutgoingDocument, *, sent: bool = False) -> dict[str, Any]:
    """Whether it was sent in time, and in words; empty before the issue."""
    found = timeliness.timeliness_of(document, sent=sent)
    return {"timeliness": found or "", "timeliness_words": timeliness.WORDS[found] if found else ""}


def _counts(transmissions: list[Transmission]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in transmissions:
        state = board.state_of(one)
        counts[state] = counts.get(state, 0) + 1
    return counts


def _context(request: HttpRequest, found: OutgoingDocument, person: Person) -> dict[str, Any]:
    versions = Version.objects.select_related("author").prefetch_related("reviews__person")
    prefetch_related_objects([found], Prefetch("versions", versions), "recipients", "enclosures")
    *_, version = found.versions.all()
    takes_part = access.takes_part(person, found)
    unchecked = review.unchecked(version) if found.state == S.IN_REVIEW else ()
    handovers, unproven = proving.told_of(found)
    sendings = [
        {**_sending(one), **_proofs(handovers.get(one.delivery_id), unproven.get(one.recipient.code, ()))}
        for one in board.current(found)
    ]
    papers = paper.tasks_of(found)
    counts = _counts([row["one"] for row in sendings]) | paper.counted(papers)
    reviews = [one for each in found.versions.all() for one in each.reviews.all()]
    return {
        "document": found,
        **copies.listed(found, person),
        **dossier_box.box(found, person),
        **habits.box(found, person),
        "desk": tickets.has_desk() and any(row["one"].packet.carrier == Carrier.HUB for row in sendings),
        "can_take_text": access.may_draft(person) and takes_part,
        "version": version,
        "versions": found.versions.all(),
        "reviews": reviews,
        "returned": _returned(found, reviews),
        "recipients": found.recipients.all(),
        "enclosures": found.enclosures.all(),
        "named": naming.difference(found) if found.issued_at is None else None,
        "missing": issuing.missing_files(found),
        **_ways(found),
        "sendings": sendings,
        "papers": papers,
        "counts": counts,
        "closed": board.is_closed(counts),
        **_timeliness(found),
        "states": board.STATES,
        "events": history(subject_of(found)),
        "readers": readers_of(found, person),
        "presentation": presentation.shown(version) if found.state in REVIEWED else None,
        "blocking": presentation.blocking(version),
        "waits_for": _waits_for(found, unchecked) if found.state == S.IN_REVIEW else "",
        "paper_reasons": PaperReason.choices,
        "paper_ways": PaperWay.choices,
        "today": timezone.localdate(),
        **letters.issued_about(found),
        "behind": any(letters.is_behind(row["state"], found, timezone.localdate()) for row in sendings),
        "can_mark_paper": Role.CLERK in access.roles(person) and any(one.closed_at is None for one in papers),
        **remote.of_document(request, found, person),
        **sealing.of_document(found, person),
        **_making(found, person, unchecked),
        **_sending_out(found, person),
        **_circulation(found, person),
        **({} if takes_part else _only_read(found)),
    }  # fmt: skip


def _returned(found: OutgoingDocument, reviews: Sequence[Review]) -> Review | None:
    """By what a draft came back, until it is handed in again."""
    if found.state not in (S.DRAFT, S.RETURNED):
        return None
    turns = [one for one in reviews if one.act in (Review.Act.SUBMITTED, Review.Act.RETURNED)]
    return turns[-1] if turns and turns[-1].act == Review.Act.RETURNED else None


def _making(found: OutgoingDocument, person: Person, unchecked: Sequence[str]) -> dict[str, bool]:
    """What this person may do now with a document that is being drafted, checked and signed."""
    drafts, signs = found.drafter_id == person.pk, found.signer_id == person.pk
    heads, in_review = found.unit_id in access.units_led(person), found.state == S.IN_REVIEW
    checker, clerk = (role in access.roles(person) for role in (Role.CHECKER, Role.CLERK))
    ready = signs and found.state == S.APPROVED
    awaited = ready and found.remote_signings.filter(state=RemoteSigning.State.OPEN).exists()
    reviews = found.state in review.UNDER_REVIEW and review.may_review(found, person)
    return {
        "can_edit": drafts and found.state in (S.DRAFT, S.IN_REVIEW, S.APPROVED),
        "can_amend": amending.may_amend(found, person),
        "can_enclose": (drafts and found.state == S.DRAFT) or (clerk and found.state == S.ISSUED),
        "can_submit": drafts and found.state == S.DRAFT,
        "can_check_content": heads and in_review and "content" in unchecked,
        "can_check_form": checker and in_review and "presentation" in unchecked,
        "can_approve": signs and in_review and not unchecked,
        "can_sign": ready and not awaited,
        "can_return": reviews or (clerk and found.state == S.SIGNED),
        "can_comment": reviews,
        "can_hand_down": heads and found.state == S.RETURNED,
    }


def _sending_out(found: OutgoingDocument, person: Person) -> dict[str, bool]:
    """What this person may do now with a document that is signed."""
    held = access.roles(person)
    clerk, issued = Role.CLERK in held, found.state in (S.ISSUED, S.RECALLING, S.PARTLY_RECALLED)
    waits_for_seal = found.sealings.filter(state=Sealing.State.OPEN).exists()
    return {
        "can_number": clerk and found.state == S.SIGNED,
        "can_seal": clerk and found.state == S.NUMBERED and not waits_for_seal,
        "can_issue": clerk and found.state == S.SEALED,
        "can_void": clerk and found.state in (S.NUMBERED, S.SEALED),
        "can_send_paper": clerk and found.state in (S.SEALED, S.ISSUED, S.PARTLY_RECALLED),
        "can_recall": issued and bool(held & {Role.CLERK.value, Role.LEADER.value}),
        "can_send_again": clerk and issued,
        "can_lend": clerk and found.state in stored_copies.STORED,
        "can_update": clerk and found.state in (S.ISSUED, S.PARTLY_RECALLED),
        "new_files": clerk and issued and resending.added_since(found).exists(),
        "can_replace": found.state in drafting.REPLACEABLE and bool(held & {role.value for role in access.DRAFTERS}),
    }


def _only_read(found: OutgoingDocument) -> dict[str, Any]:
    """What the page leaves out for who got the document to read: how it came about, and what became of it elsewhere."""
    sealed = found.versions.filter(stage=Stage.SEALED).select_related("author")
    return {
        "only_read": True, "versions": sealed, "reviews": [], "events": [], "sendings": [], "papers": [],
        "can_replace": False,
    }  # fmt: skip


def _circulation(found: OutgoingDocument, person: Person) -> dict[str, Any]:
    """To whom it circulates inside the agency, and to whom this person may give it."""
    rows = list(circulation.of(found))
    if found.state not in circulation.CIRCULATES:
        return {"circulations": rows}
    has = {one.unit_id for one in rows if one.person is None}
    having = {one.person_id for one in rows} | {person.pk}
    people = [one for unit in circulation.passing_units(found, person) for one in access.works_in(unit)]
    return {
        "circulations": rows,
        "further_units": found.organization.units.exclude(pk__in=has).order_by("name")
        if Role.CLERK in access.roles(person)
        else [],
        "further_people": [one for one in people if one.pk not in having],
    }


def _ways(found: OutgoingDocument) -> dict[str, Any]:
    """Before the issue: who gets it through the hub, who inside this installation, and who on paper."""
    if found.state != S.SEALED:
        return {}
    everyone = list(found.recipients.all())
    unconnected = reach.unconnected(everyone, reach.listed(everyone))
    on_paper = [one for one in everyone if one.channel == Channel.PAPER or one in unconnected]
    electronic = [one for one in everyone if one not in on_paper]
    rules = paper.rules_for(found, electronic, at=now())
    ways = carriers.for_new(found, [one.code for one in electronic])
    return {
        "on_paper": on_paper,
        "through_hub": [one for one in electronic if ways[one.code] == Carrier.HUB],
        "inside": [one for one in electronic if ways[one.code] == Carrier.LOCAL],
        "along": [(one, rules[one.pk]) for one in electronic if one.pk in rules],
    }


def _waits_for(found: OutgoingDocument, unchecked: Sequence[str]) -> str:
    """Whose turn it is while a document is in review; the other states say it themselves."""
    names = {"content": gettext("kiểm tra nội dung"), "presentation": gettext("kiểm tra thể thức")}
    acts = ", ".join(names[act] for act in unchecked)
    return acts or gettext("%(name)s duyệt, ký") % {"name": found.signer_name}


def _sending(one: Transmission) -> dict[str, Any]:
    """A line of the board: the state in words, and what the recipient says where it waits for the document anew."""
    state = board.state_of(one)
    reason = RefusalReason(one.refusal_reason) if one.refusal_reason else None
    return {
        "one": one,
        "state": state,
        "words": str(board.STATES[state][0]),
        "again": board.can_be_sent_again(one),
        "reason": choose(*reason.words) if reason else "",
        "text": one.failure if state == "not_taken" else one.refusal_text,
    }


def _proofs(handover: SignedStatement | None, unproven: Sequence[SignedStatement]) -> dict[str, Any]:
    """What was signed of a sending: the hand-over, and whatever else is no proof."""
    return {
        "proof": proofs.described(handover) if handover else None,
        "unproven": [proofs.described(one) for one in unproven],
    }
