"""Văn bản đi: the list by what is to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lienthong.look.paging import beyond, counted_by
from lienthong.office.errors import NotFound, OfficeProblem
from lienthong.office.models import OutgoingState, Person
from lienthong.office.outgoing import circulation, drafting_parts
from lienthong.office.people import access
from lienthong.office.people import habits as own
from lienthong.office.web import given, habits
from lienthong.office.web.guards import page, show

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

S = OutgoingState
TABS: dict[str, tuple[StrPromise, list[str]]] = {
    "du-thao": (_("Dự thảo"), [S.DRAFT]),
    "trinh-ky": (_("Trình duyệt, ký"), [S.IN_REVIEW, S.RETURNED, S.APPROVED]),
    "cho-phat-hanh": (_("Chờ phát hành"), [S.SIGNED, S.NUMBERED, S.SEALED]),
    "da-phat-hanh": (_("Đã phát hành"), [S.ISSUED]),
    "thu-hoi": (_("Thu hồi"), [S.RECALLING, S.RECALLED, S.PARTLY_RECALLED]),
    "huy-so": (_("Hủy số"), [S.VOIDED]),
    "tat-ca": (_("Tất cả"), list(S.values)),
}

DRAFTS = "du-thao"
TO_WRITE = 5
"""So many documents that the person was given to write stand above the drafts."""
UNREAD = "luu-hanh"
"""The tab of what circulates to this person and was not opened; it is there while something is in it."""


@page(acts=True)
def listing(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The list, by what is to be done, as this person looks at it."""
    if request.method != "POST":
        return _listed(request, person)
    try:
        if request.POST.get("act") != habits.CHOOSE:
            raise NotFound()
        habits.chosen(request, person, own.OUTGOING)
    except OfficeProblem as problem:
        return _listed(request, person, problem=problem)
    tab = request.GET.get("muc", "")
    return redirect(f"/van-ban-di/?muc={tab if tab in TABS else ''}")


def _listed(request: HttpRequest, person: Person, *, problem: OfficeProblem | None = None) -> HttpResponseBase:
    habit, unread = own.of(person, own.OUTGOING), circulation.unread(person)
    visible, most = access.outgoing_of(person).filter(own.narrowed(habit)), habit.rows
    counts = counted_by(visible, "state", {key: states for key, (_, states) in TABS.items()})
    tab = request.GET.get("muc", "")
    if tab not in TABS and tab != UNREAD:
        tab = next((key for key in TABS if counts[key]), "tat-ca")
    if tab == UNREAD:
        chosen = visible.filter(pk__in=unread.values("document"))
    else:
        chosen = visible if tab == "tat-ca" else visible.filter(state__in=TABS[tab][1])
    rows = chosen.select_related("unit").defer("content").order_by("-urgency", "-id")  # a list shows no text of any
    start = given.row_of(request.GET.get("sau", ""), 2)
    if start:
        rows = rows.filter(beyond(("urgency", "id"), start, down=True))
    found = list(rows[: most + 1])
    last = found[most - 1] if len(found) > most else None
    own.show_marks(person, found)
    tabs = [
        {"key": key, "title": title, "count": counts[key], "current": key == tab}
        for key, (title, _states) in TABS.items()
    ]
    if tab == UNREAD or unread.exists():
        title, count = gettext("Lưu hành, chưa đọc"), unread.count()
        tabs.append({"key": UNREAD, "title": title, "count": count, "current": tab == UNREAD})
    to_write = list(drafting_parts.waiting_for(person)[:TO_WRITE]) if tab in (DRAFTS, "tat-ca") and not start else []
    drafting_parts.mark_away(person, to_write)
    context = {
        "tabs": tabs, "rows": found[:most], "tab": tab, "may_draft": access.may_draft(person),
        "beyond": bool(start), "next": f"{last.urgency}-{last.pk}" if last else "",
        "to_write": to_write, "may_give": drafting_parts.may_give(person), **habits.shown(person, habit),
    }  # fmt: skip
    return show(request, person, "outgoing_list.html", context, problem=problem)
