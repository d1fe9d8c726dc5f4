"""Đăng ký văn bản đến ngoài Trục: what came on paper, by e-mail or otherwise; and whom the head names to follow the
work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from lienthong.look.language import choose
from lienthong.office.errors import Missing, NotFound, OfficeProblem, TooLargeToRead
from lienthong.office.incoming import mailed, registering, unopened, urging
from lienthong.office.models import IncomingWay, Person, Role, UnopenedEnvelope
from lienthong.office.people import access
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show
from lienthong.standards.statuses import Urgency


@page(Role.CLERK, acts=True)
def register(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The form of a document that came beside the hub."""
    problem, came_in = None, _came_in(request, person)
    typed = {**request.POST.dict()} or _on_the_cover(came_in)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "mail":
                typed = _taken(request, person)
            else:
                return redirect("office:incoming-document", pk=_registered(request, person, came_in))
        except OfficeProblem as refused:
            problem = refused
    context = {
        "given": typed, "came_in": came_in, "most": given.LARGEST >> 20, **_mail(typed.get("mail", ""), person),
        "ways": [(way.value, way.label) for way in (IncomingWay.PAPER, IncomingWay.OTHER)],
        "urgencies": [(str(int(one)), choose(*one.words)) for one in Urgency],
    }  # fmt: skip
    return show(request, person, "incoming_register.html", context, problem=problem)


def _came_in(request: HttpRequest, person: Person) -> UnopenedEnvelope | None:
    """The envelope that was brought back, where the form or the link names one. Raises `NoEnvelope`; `SecretEnvelope`:
    it bears a mark."""
    wanted = request.POST.get("came_in") or request.GET.get("bi", "")
    if not wanted:
        return None
    found = unopened.one(person, given.number(wanted))
    unopened.require_to_register(found, person)
    return found


def _on_the_cover(envelope: UnopenedEnvelope | None) -> dict[str, str]:
    """What the envelope said, as if it had been typed."""
    if envelope is None:
        return {}
    said = {"sender": envelope.sender, "number": envelope.number[:42], "urgency": str(envelope.urgency)}
    return {"way": IncomingWay.PAPER, "paper": "1", **said}


def _taken(request: HttpRequest, person: Person) -> dict[str, str]:
    """What a mail says of itself, as if it had been typed; what only the document says is left to type."""
    file = request.FILES.get("saved")
    if file is None:
        raise Missing(what="tệp thư điện tử (.eml)", what_en="the mail (.eml)")
    word, mail = mailed.take(registering.Upload(str(file.name), given.whole_file(file)), actor=person)
    sent = timezone.localdate(mail.sent_at).isoformat() if mail.sent_at else ""
    said = {"sender": mail.sender[:200], "subject": mail.subject[:500], "issued_on": sent}
    return {"mail": word, "way": IncomingWay.OTHER, "main": str(mailed.likely_main(mail)), "urgency": "0", **said}


def _mail(word: str, person: Person) -> dict[str, Any]:
    """The mail that is being registered; nothing where none is, or it waited too long."""
    try:
        mail = mailed.held(word, actor=person)[0] if word else None
    except OfficeProblem:
        mail = None
    if mail is None:
        return {"mail": None}
    return {"mail": mail, "attached": [(str(place), one) for place, one in enumerate(mail.attached)]}


def _registered(request: HttpRequest, person: Person, came_in: UnopenedEnvelope | None) -> int:
    form = request.POST
    entry = registering.Entry(
        way=form.get("way", ""), sender=form.get("sender", ""), number=form.get("number", ""),
        issued_on=given.day_of(form.get("issued_on", "")), type_name=form.get("type_name", ""),
        subject=form.get("subject", ""), urgency=given.number(form.get("urgency", ""), default=-1),
        sheets=given.number(form.get("sheets", "")), paper=form.get("paper") == "1",
        signer_name=form.get("signer_name", ""), due_on=given.day_of(form.get("due_on", "")),
        envelope=form.get("envelope", ""), came_in=came_in,
    )  # fmt: skip
    files = list(_uploads(request))
    if word := form.get("mail", ""):
        mail, content = mailed.held(word, actor=person)
        files = [*mailed.files_of(mail, content, given.number(form.get("main", ""))), *files]
    return registering.register(entry, files, actor=person, at=now()).pk


def _uploads(request: HttpRequest) -> Iterator[registering.Upload]:
    """The files of the form, the document first. Raises `TooLargeToRead`: one of them, or all together."""
    files = [one for name in ("file", "further") for one in request.FILES.getlist(name)]
    known = [one for one in files if isinstance(one, UploadedFile)]
    if sum(one.size or 0 for one in known) > given.LARGEST:
        raise TooLargeToRead(name=str(known[0].name)[:100], most=given.LARGEST >> 20)
    for one in known:
        yield registering.Upload(str(one.name), given.whole_file(one))


@page(Role.LEADER, acts=True)
def monitor(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Whom the head names to follow and urge the work (Decree 30/2020, Article 24.1)."""
    problem = None
    if request.method == "POST":
        try:
            _name_monitor(request, person)
            return redirect("/van-ban-den/?muc=qua-han")
        except OfficeProblem as refused:
            problem = refused
    people = access.working_in(person.organization)
    context: dict[str, Any] = {"people": people, "monitor": person.organization.monitor, "given": request.POST}
    return show(request, person, "incoming_monitor.html", context, problem=problem)


def _name_monitor(request: HttpRequest, person: Person) -> None:
    wanted = given.number(request.POST.get("person", ""))
    named = access.working_in(person.organization).filter(pk=wanted).first() if wanted else None
    if wanted and named is None:
        raise NotFound()
    urging.name_monitor(named, reference=request.POST.get("reference", ""), actor=person, at=now())
