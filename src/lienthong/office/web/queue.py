"""Trình ký and Cấp số, phát hành: what waits for the signer or the clerk, one after another or many with one PIN."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from lienthong.office.errors import NotFound, OfficeProblem
from lienthong.office.models import Channel, OutgoingDocument, Person, Review, Role, Stage, Version
from lienthong.office.outgoing import batch, issuing, reach
from lienthong.office.outgoing.act_errors import NothingChosen
from lienthong.office.people import access
from lienthong.office.people.actors import opened_at
from lienthong.office.web import given, remote, sealing
from lienthong.office.web.guards import as_words, page, show
from lienthong.standards.signatures.errors import SignatureProblem

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

DONE = "done_together"
"""Where a session keeps what became of the last act, until it is shown: keys and problems, nothing of the documents."""


class _Act(Protocol):
    def __call__(self, request: HttpRequest, chosen: Sequence[batch.Chosen], person: Person) -> list[batch.Outcome]: ...


@dataclass(frozen=True)
class Queue:
    """A queue as its page shows it: what waits, and what is done with what is chosen."""

    route: str
    title: StrPromise
    hint: StrPromise
    button: StrPromise
    pin: StrPromise | str
    done: StrPromise
    empty: StrPromise
    waiting: Callable[[Person], QuerySet[OutgoingDocument]]
    act: _Act
    signs: bool = False


TO_SIGN = Queue(
    route="office:to-sign",
    title=_("Trình ký"),
    hint=_("Đánh dấu văn bản đã đọc, nhập mã PIN một lần: từng văn bản được duyệt và ký số."),
    button=_("Duyệt và ký số"),
    pin="PIN",
    done=_("Đã ký số"),
    empty=_("Văn bản đã kiểm tra nội dung và thể thức hiện ở đây, chờ anh/chị duyệt và ký."),
    waiting=batch.to_sign,
    act=remote.sign_each,
    signs=True,
)
TO_ISSUE = Queue(
    route="office:to-issue",
    title=_("Cấp số, phát hành"),
    hint=_(
        "Đánh dấu văn bản, nhập mã PIN con dấu một lần: từng văn bản được cấp số, đóng dấu và gửi, theo thứ tự này."
    ),
    button=_("Cấp số, đóng dấu và gửi"),
    pin=_("PIN con dấu"),
    done=_("Đã phát hành"),
    empty=_("Văn bản lãnh đạo đã ký hiện ở đây, chờ cấp số, đóng dấu và gửi."),
    waiting=batch.to_issue,
    act=sealing.issue_each,
)

ON_REQUEST = {
    True: {"cancel_remote": remote.cancel, "take_signature": remote.take},
    False: {"cancel_seal": sealing.cancel, "take_seal": sealing.take},
}
"""What the signer, or else the clerk, does with a request of theirs that waits."""


@page(acts=True)
def to_sign(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Trình ký: what waits for this person's signature."""
    return _queue(request, person, TO_SIGN)


@page(Role.CLERK, acts=True)
def to_issue(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Cấp số, phát hành: what is signed, and waits for number, seal and sending."""
    return _queue(request, person, TO_ISSUE)


def _queue(request: HttpRequest, person: Person, queue: Queue) -> HttpResponseBase:
    if request.method != "POST" and not (queue.signs and "state" in request.GET):
        return _shown(request, person, queue)
    try:
        outcomes, away = _done(request, person, queue)
    except (OfficeProblem, SignatureProblem) as problem:
        return _shown(request, person, queue, problem=problem)
    told = [
        {"pk": one.document.pk, "problem": as_words(one.problem) if one.problem else None}
        for one in outcomes
        if not one.waits  # the page says so as long as it does
    ]
    request.session[f"{DONE}:{queue.route}"] = told + [{"pk": 0, "problem": as_words(NotFound())}] * away
    return redirect(queue.route)


def _done(request: HttpRequest, person: Person, queue: Queue) -> tuple[list[batch.Outcome], int]:
    """Do what is asked; what became of each document, and how many are not there any more."""
    if request.method != "POST":
        return remote.came_back(request, person), 0
    on_request = ON_REQUEST[queue.signs].get(request.POST.get("act", ""))
    if on_request is not None:
        return on_request(request, person), 0
    chosen, away = _chosen(person, request.POST.getlist("document"))
    return queue.act(request, chosen, person), away


def _chosen(person: Person, values: Iterable[str]) -> tuple[list[batch.Chosen], int]:
    """What a form names, `document-version` of each, and how many of them are not there for this person: one may have
    gone back to its drafter since. Raises `NotFound` when none is there."""
    pairs = [(given.number(pk), given.number(ordinal)) for pk, _dash, ordinal in (one.partition("-") for one in values)]
    wanted = dict(pairs)
    if len(wanted) > batch.MOST:
        raise NothingChosen(most=batch.MOST)
    visible = access.outgoing_of(person).select_related("organization", "unit", "signer").in_bulk(list(wanted))
    if wanted and not visible:
        raise NotFound()
    found = [batch.Chosen(visible[pk], ordinal) for pk, ordinal in wanted.items() if pk in visible]
    return found, len(wanted) - len(found)


def _told(request: HttpRequest, person: Person, queue: Queue) -> list[dict[str, Any]]:
    """What became of the last act on this queue, said once, with the documents as they are now."""
    lines = request.session.pop(f"{DONE}:{queue.route}", [])
    found = access.outgoing_of(person).in_bulk([line["pk"] for line in lines])
    return [{**line, "document": found.get(line["pk"])} for line in lines]


def _shown(
    request: HttpRequest, person: Person, queue: Queue, *, problem: OfficeProblem | SignatureProblem | None = None
) -> HttpResponseBase:
    waiting = queue.waiting(person).select_related("unit", "drafter").defer("content")
    waiting = waiting.prefetch_related("recipients", "enclosures", "circulations__unit")
    shown = Paginator(waiting, batch.MOST).get_page(request.GET.get("trang"))
    context = {
        "queue": queue,
        "rows": _rows(shown.object_list, person, signs=queue.signs),
        "shown": shown,
        "chosen": request.POST.getlist("document"),
        "lines": _told(request, person, queue) if request.method == "GET" else [],
        **(remote.of_queue(request, person) if queue.signs else sealing.of_queue(person)),
    }
    answer = show(request, person, "queue.html", context, problem=problem)
    return remote.let_call(answer, context["waiting"])


def _rows(documents: Iterable[OutgoingDocument], person: Person, *, signs: bool) -> list[dict[str, Any]]:
    found = list(documents)
    versions = list(Version.objects.filter(document__in=found).defer("slots", "findings", "note").order_by("ordinal"))
    newest = {one.document_id: one for one in versions}
    everyone = [to for one in found for to in one.recipients.all()]
    on_paper = {to.pk for to in reach.unconnected(everyone, reach.listed(everyone))}
    before = _before_signing(found, versions, person) if signs else {}
    return [
        {
            "document": one,
            "value": f"{one.pk}-{newest[one.pk].ordinal}",
            "names": [to.name for to in one.recipients.all()] + [inside.unit.name for inside in one.circulations.all()],
            "on_paper": sum(to.channel == Channel.PAPER or to.pk in on_paper for to in one.recipients.all()),
            "missing": issuing.missing_files(one),
            **before.get(one.pk, {}),
        }
        for one in found
    ]


def _before_signing(
    found: Sequence[OutgoingDocument], versions: Iterable[Version], person: Person
) -> dict[int, dict[str, Any]]:
    """What the signer is told of each document: who checked it, and whether they have read it as it is."""
    read = {one.document_id: one for one in versions if one.stage == Stage.DRAFT}  # what was checked, and can be read
    checks: dict[int, list[str]] = {}
    acts = [Review.Act.CONTENT, Review.Act.PRESENTATION]
    made = Review.objects.filter(version__document__in=found, act__in=acts).select_related("person").order_by("pk")
    for review in made:
        names = checks.setdefault(review.version_id, [])
        if review.person.full_name not in names:
            names.append(review.person.full_name)
    opened = opened_at(person, found)
    return {
        one.pk: {
            "checked_by": checks.get(read[one.pk].pk, []),
            "read": one.pk in opened and opened[one.pk] >= read[one.pk].made_at,
        }
        for one in found
    }
