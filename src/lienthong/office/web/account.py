"""One's own account: the password, and the second factor at sign-in (SEC-3, SEC-4)."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth import get_user_model, update_session_auth_hash
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.safestring import mark_safe

from lienthong.journal.attempts import is_locked, note_attempt
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.accounts import FAULTS, LEAST_LENGTH, LEAST_LENGTH_BESIDE
from lienthong.office.errors import Missing, OfficeProblem
from lienthong.office.models import NoticeKind, Person, SecondFactor
from lienthong.office.people import mailing, passkeys, passwords, second_factor
from lienthong.office.people.actors import actor_of
from lienthong.office.people.sign_in_errors import BegunElsewhere, NoFactor, PasskeyRefused
from lienthong.office.web import given, sessions
from lienthong.office.web.guards import needs_second_factor, now, page, show

LONGEST_CODE = 40


@page(acts=True, before_password=True)
def password(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Choose another password of one's own; this session goes on, all others of this person end."""
    faults: list[str] = []
    if request.method == "POST":
        faults = _choose(request, person)
        if not faults:
            user = get_user_model().objects.get(pk=person.user_id)  # with the new password: the session is tied to it
            update_session_auth_hash(request, user)
            return redirect("office:home")
    due, beside = passwords.must_be_chosen(person, now()), second_factor.of(person) is not None
    context = {
        "old": due and not person.password_due,
        "faults": [FAULTS.get(one, FAULTS["password_too_common"]) for one in faults],
        "least": LEAST_LENGTH_BESIDE if beside else LEAST_LENGTH,
        "beside": beside,
    }
    answer = show(request, person, "password.html", context)
    answer.status_code = 422 if faults else 200
    return answer


@page(acts=True, before_second=True)
def second(request: HttpRequest, person: Person) -> HttpResponseBase:
    """Set up a device for the second step, make other recovery codes, remove the device."""
    problem, codes = None, []
    if request.method == "POST":
        try:
            codes = _do(request, person)
            if not codes:
                return redirect("office:second-factor")
        except OfficeProblem as refused:
            problem = refused
    row = SecondFactor.objects.select_related("person__organization", "person__user").filter(person=person).first()
    context: dict[str, Any] = {"factor": row, "codes": codes, "needed": needs_second_factor(request, person)}
    context |= _questions(request, person, row)
    if row is not None and row.awaits_code and _may_attach(request, person, row):
        # What is drawn is made of a number alone; no text of anybody's is in it.
        context |= {"picture": mark_safe(second_factor.picture_of(row)), "key": second_factor.key_of(row)}  # noqa: S308
    if row is not None and row.confirmed_at is not None:
        context["left"] = second_factor.codes_left(row)
    return show(request, person, "second_factor.html", context, problem=problem)


def _questions(request: HttpRequest, person: Person, row: SecondFactor | None) -> dict[str, Any]:
    """The person's keys; what the page asks one that is to be added, where keys can be had at all, and what it asks
    one of those that are there, which answers in place of a code."""
    context: dict[str, Any] = {"keys": list(row.passkeys.all()) if row else []}
    if passkeys.place():
        question, request.session[sessions.ADDS] = passkeys.ask_to_add(person, at=now())
        context["question"] = json.dumps(question)
    if (asked := passkeys.ask_to_pass(person, at=now())) is not None:
        question, request.session[sessions.ASKED] = asked
        context["touch"] = json.dumps(question)
        context["shown"] = sessions.is_shown(request.session, person, at=now())
    return context


@page(acts=True)
def notice_ways(request: HttpRequest, person: Person) -> HttpResponseBase:
    """How one wants to be told beside the bell: by e-mail, by kind; and whether urgent notices are heard."""
    problem = None
    if request.method == "POST":
        form = request.POST
        try:
            if form.get("act") != "save":
                raise Missing(what="việc cần làm", what_en="what is to be done")
            mailing.choose(person, form.get("address", ""), form.getlist("kinds"), silent="sound" not in form, at=now())
            return redirect("office:notice-ways")
        except OfficeProblem as refused:
            problem = refused
    way = mailing.of_person(person)
    typed = request.POST if problem else None
    chosen = typed.getlist("kinds") if typed else (way.kinds if way else [NoticeKind.URGENT.value])
    context = {
        "way": way,
        "address": typed.get("address", "") if typed else (way.address if way else ""),
        "kinds": [(value, words, value in chosen) for value, words in NoticeKind.choices],
        "domain": person.organization.email.rpartition("@")[2],
        "server": mailing.server() is not None,
    }
    return show(request, person, "notice_ways.html", context, problem=problem)


def _choose(request: HttpRequest, person: Person) -> list[str]:
    account, old, new = person.user.get_username(), request.POST.get("old", ""), request.POST.get("new", "")
    if not old:
        return ["old"]
    if new != request.POST.get("again", ""):
        return ["twice"]
    if is_locked(account, at=now()):
        return ["locked"]
    beside = second_factor.of(person) is not None
    faults = passwords.choose(person, old=old, new=new, second_factor=beside, at=now())
    if "old" in faults:  # who sits at another's unlocked desk may not try passwords without end
        note_attempt(OfficeEvent.SIGN_IN_REFUSED, account=account, actor=actor_of(person), at=now())
    return faults


def _do(request: HttpRequest, person: Person) -> list[str]:
    """Carry out an act of the page; gives recovery codes, where any were made."""
    code, shows = request.POST.get("code", "")[:LONGEST_CODE], _shows(request, person)
    match request.POST.get("act"):
        case "begin":
            known = sessions.begun(request.session, person, at=now())
            mark = second_factor.begun_mark(second_factor.begin(person, shows, at=now(), known=known))
            sessions.note_shown(request, person, sessions.BEGUN, at=now(), secret=mark)
            return []
        case "show":
            second_factor.require_shown(person, shows, at=now())
            sessions.note_shown(request, person, at=now())
            return []
        case "confirm":
            waiting = SecondFactor.objects.select_related("person__organization", "person__user")
            row = waiting.filter(person=person).first()
            if row is None:
                raise NoFactor()
            if not _may_attach(request, person, row):
                if second_factor.of(person) is None:
                    raise BegunElsewhere()
                raise PasskeyRefused(
                    why="chưa có khóa nào xác nhận việc gắn điện thoại trong năm phút qua",
                    why_en="none confirmed within five minutes that a phone is attached",
                )
            codes = second_factor.confirm(row, code, at=now())
            request.session.pop(sessions.BEGUN, None)
            sessions.shown_now(request, person)
            return codes
        case "add_key":
            asked = request.session.pop(sessions.ADDS, None)
            answer, name = request.POST.get("answer", ""), request.POST.get("name", "")
            codes = passkeys.add(person, answer, asked, name=name, shows=_shows_to_add(request, person, code), at=now())
            sessions.shown_now(request, person)
            return codes
        case "remove_key":
            second_factor.remove_key(person, given.number(request.POST.get("key", "")), shows, at=now())
            sessions.shown_now(request, person)
            return []
        case "renew":
            return second_factor.renew_codes(person, shows, at=now())
        case "remove":
            second_factor.remove(person, shows, at=now())
            request.session.pop(sessions.SECOND, None)
            return []
        case _:
            raise Missing(what="việc cần làm", what_en="what is to be done")


def _may_attach(request: HttpRequest, person: Person, row: SecondFactor) -> bool:
    """Whether a phone that was begun may be scanned and count: only where this session began it a moment ago; of who
    has keys, by one of them. Whoever sits at another's open desk attaches no phone of their own, and leaves no secret
    that its owner would scan later."""
    return sessions.begun(request.session, person, at=now()) == second_factor.begun_mark(row)


def _shows_to_add(request: HttpRequest, person: Person, code: str) -> second_factor.Shows:
    """What shows that it is the person who adds a key: the form has no room for the answers of two keys, so that one of
    those that are there answered a moment ago; or a code."""
    shown = sessions.is_shown(request.session, person, at=now())
    request.session.pop(sessions.SHOWN, None)  # for one act
    return lambda: shown or second_factor.passes(person, code, at=now())


def _shows(request: HttpRequest, person: Person) -> second_factor.Shows:
    """What the form gives to show that it is the person: the answer of a key, or a code."""
    answer, asked = request.POST.get("answer", ""), request.session.pop(sessions.ASKED, None)
    code = request.POST.get("code", "")[:LONGEST_CODE]
    if not answer:
        return lambda: second_factor.passes(person, code, at=now())
    return lambda: passkeys.require(person, answer, asked, at=now())
