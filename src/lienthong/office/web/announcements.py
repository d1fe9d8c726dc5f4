"""Thông báo nội bộ: what the agency tells its own people, who publishes it, who has read it."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from lienthong.office.errors import Missing, NotFound, OfficeProblem
from lienthong.office.models import Announcement, AnnouncementAddressee, Person
from lienthong.office.people import announcements
from lienthong.office.web import given, older
from lienthong.office.web.guards import now, page, show

READERS = 500
"""People of one announcement that its page names."""


@page(acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """What this person was told, the newest first; publishing something."""
    problem = None
    if request.method == "POST":
        try:
            return redirect(announcements.link(_published(request, person)))
        except OfficeProblem as refused:
            problem = refused
    shown, below = older.below(request, announcements.seen_by(person))
    to_read = AnnouncementAddressee.objects.filter(person=person, read_at=None, announcement__in=shown)
    context = {
        "rows": shown, "below": below, "today": timezone.localdate(),
        "fresh": set(to_read.values_list("announcement", flat=True)),
        "may_publish": announcements.may_publish(person), "tells_everybody": announcements.tells_everybody(person),
        "units": announcements.units_for(person), "given": request.POST,
        "longest_text": announcements.LONGEST_TEXT,
        "chosen_units": {given.number(pk) for pk in request.POST.getlist("units")},
    }  # fmt: skip
    return show(request, person, "announcements.html", context, problem=problem)


def _published(request: HttpRequest, person: Person) -> Announcement:
    form = request.POST
    wanted = {given.number(pk) for pk in form.getlist("units")}
    chosen = list(person.organization.units.filter(pk__in=wanted))
    if form.get("act") != "publish" or len(chosen) < len(wanted):
        raise Missing(what="đơn vị nhận của cơ quan", what_en="units of the agency")
    told = announcements.Told(
        form.get("title", ""), form.get("text", ""), given.day_of(form.get("until", "")), tuple(chosen)
    )  # fmt: skip
    return announcements.publish(told, actor=person, at=now())


@page(acts=True)
def one(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """One announcement; who opens it has read it."""
    found, problem = announcements.one(person, pk), None
    if request.method == "POST":
        try:
            if request.POST.get("act") != "withdraw":
                raise NotFound()
            announcements.withdraw(found, actor=person, at=now())
            return redirect("office:announcements")
        except OfficeProblem as refused:
            problem = refused
    announcements.note_read(found, person, at=now())
    people = announcements.readers(found, person)
    context = {
        "found": found, "units": found.units.all(), "can_withdraw": people is not None,
        "people": people[:READERS] if people is not None else [],
        "read": people.exclude(read_at=None).count() if people is not None else 0,
        "all": people.count() if people is not None else 0,
    }  # fmt: skip
    return show(request, person, "announcement.html", context, problem=problem)
