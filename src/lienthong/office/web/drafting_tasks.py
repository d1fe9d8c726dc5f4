"""Giao soạn thảo: what somebody is given to write, who has it, how far it is."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from lienthong.journal.record import Subject, history
from lienthong.look.language import choose
from lienthong.office.errors import Missing, NotFound, OfficeProblem
from lienthong.office.models import DraftingTask, Person, Unit
from lienthong.office.outgoing import drafting_tasks
from lienthong.office.people import access
from lienthong.office.people.notices import note_link_read
from lienthong.office.web import deadlines, given
from lienthong.office.web.guards import now, page, show
from lienthong.standards.doctypes import LETTER, TYPES, by_name
from lienthong.standards.statuses import Urgency

PAGE_ROWS = 50
WHOLE_UNIT = "don-vi"
"""How the form says that the head of the unit names who writes it."""


@page(acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """What this person gave, has to write, or has in the units that they head, the newest first; giving something."""
    problem = None
    if request.method == "POST":
        try:
            return redirect(drafting_tasks.link(_given(request, person)))
        except OfficeProblem as refused:
            problem = refused
    rows = drafting_tasks.seen_by(person).order_by("-pk")
    if below := given.number(request.GET.get("duoi", "")):
        rows = rows.filter(pk__lt=below)
    shown = list(rows[:PAGE_ROWS])
    may_give = drafting_tasks.may_give(person)
    context = {
        "rows": shown, "below": shown[-1].pk if len(shown) == PAGE_ROWS else None, "may_give": may_give,
        "leads": access.roles(person) & {"leader"}, "given": request.POST, "types": TYPES,
        "writers": drafting_tasks.writers(person) if may_give else [], "whole_unit": WHOLE_UNIT,
        "urgencies": [(str(int(each)), choose(*each.words)) for each in Urgency],
        "chosen_type": request.POST.get("type") or LETTER.name,
        "quick_dues": deadlines.quick(person.organization) if may_give else [],
    }  # fmt: skip
    return show(request, person, "drafting_tasks.html", context, problem=problem)


def _given(request: HttpRequest, person: Person) -> DraftingTask:
    form = request.POST
    if form.get("act") != "give":
        raise NotFound()
    unit, writer = _to(form.get("to", ""), person)
    wish = drafting_tasks.Wish(
        by_name(form.get("type", "")) or LETTER, form.get("subject", ""), unit, writer, form.get("guidance", ""),
        given.urgency(form.get("urgency", "0")), deadlines.chosen(request),
    )  # fmt: skip
    return drafting_tasks.give(wish, actor=person, at=now())


def _to(value: str, person: Person) -> tuple[Unit, Person | None]:
    """Unit and person, as the form names them. Raises `Missing` for what is none of the agency."""
    of_unit, _dash, of_person = value.partition(":")
    unit = person.organization.units.filter(pk=given.number(of_unit)).first()
    writer = Person.objects.filter(pk=given.number(of_person), organization=person.organization).first()
    if unit is None or (writer is None and of_person != WHOLE_UNIT):
        raise Missing(what="đơn vị hoặc người soạn thảo", what_en="the unit or the person who writes it")
    return unit, writer


@page(acts=True)
def one(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """What was given to write: begin it, pass it on, give it back, end it."""
    found, problem = drafting_tasks.one(person, pk), None
    if request.method == "POST":
        try:
            _act(request, found, person)
            return redirect(drafting_tasks.link(found))
        except OfficeProblem as refused:
            problem = refused
            found = drafting_tasks.one(person, pk)
    note_link_read(person, drafting_tasks.link(found), at=now())
    can_pass_on = drafting_tasks.can_pass_on(person, found)
    opens = found.document_id and access.outgoing_of(person).filter(pk=found.document_id).exists()
    context = {
        "task": found, "opens": opens, "events": history(Subject("drafting_task", str(found.pk))),
        "can_begin": drafting_tasks.can_begin(person, found), "can_pass_on": can_pass_on,
        "can_give_back": drafting_tasks.can_give_back(person, found),
        "can_drop": drafting_tasks.can_drop(person, found),
        "writers": dict(_by_key(person)).get(found.unit_id, []) if can_pass_on else [],
    }  # fmt: skip
    return show(request, person, "drafting_task.html", context, problem=problem)


def _by_key(person: Person) -> list[tuple[int, list[Person]]]:
    return [(unit.pk, people) for unit, people in drafting_tasks.writers(person)]


def _act(request: HttpRequest, found: DraftingTask, person: Person) -> None:
    act, reason = request.POST.get("act"), request.POST.get("reason", "")
    if act == "pass_on":
        wanted = given.number(request.POST.get("person", ""))
        writer = Person.objects.filter(pk=wanted, organization=person.organization).first()
        drafting_tasks.pass_on(found, writer, actor=person, at=now())
    elif act == "give_back":
        drafting_tasks.give_back(found, reason=reason, actor=person, at=now())
    elif act == "drop":
        drafting_tasks.drop(found, reason=reason, actor=person, at=now())
    else:
        raise NotFound()
