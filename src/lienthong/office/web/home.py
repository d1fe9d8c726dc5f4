"""The first screen: the next thing to do, counted, the oldest deadline first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from lienthong.office.dossiers import archive, tasks
from lienthong.office.incoming import unopened
from lienthong.office.models import Notice, Person, Role
from lienthong.office.outgoing import circulation, drafting_parts
from lienthong.office.people import access, announcements, certificate_requests, expiry, staff
from lienthong.office.people.notices import ringing
from lienthong.office.web import incoming_list
from lienthong.office.web.frame import open_paper, open_tasks, todo_incoming, todo_outgoing
from lienthong.office.web.guards import now, page, show

FIRST_ROWS = 5
NOTICES = 50


@page()
def home(request: HttpRequest, person: Person) -> HttpResponse:
    """Hôm nay: what waits for this person."""
    incoming, outgoing, refused = todo_incoming(person), todo_outgoing(person), open_tasks(person)
    lists = [
        _list(gettext("Văn bản đến chờ anh/chị"), "/van-ban-den/", "in", incoming_list.with_open_work(incoming)),
        _list(gettext("Văn bản đi chờ anh/chị"), "/van-ban-di/", "out", outgoing),
        _list(gettext("Nơi nhận trả lại, chờ bổ sung"), "/theo-doi/", "task", refused),
    ]
    held = access.roles(person)
    if held == {Role.ADMINISTRATOR}:
        lists = []  # sees no document
    if Role.CLERK in held:
        lists.append(_list(gettext("Bản giấy chờ gửi"), "/theo-doi/?giay=1", "paper", open_paper(person)))
    changes, inside = staff.unconfirmed(person), circulation.unread(person)
    certificates, requests = expiry.concerning(person, now()), certificate_requests.waiting_for(person)
    due, handed = archive.due_soon(person, timezone.localdate()), archive.to_check(person)
    to_write = drafting_parts.waiting_for(person)
    told = announcements.unread(person, timezone.localdate())
    mine, back, envelopes = unopened.to_take(person), unopened.to_register(person), "/so-van-ban/bi-dich-danh/"
    lists += [
        one
        for one in (
            _list(gettext("Bì gửi đích danh chờ anh/chị ký nhận"), envelopes, "envelope", mine),
            _list(gettext("Bì gửi đích danh chuyển lại, chờ đăng ký"), envelopes, "envelope-back", back),
            _list(gettext("Giao soạn thảo, chờ anh/chị"), "/van-ban-di/giao-soan/", "drafting", to_write),
            _list(gettext("Thông báo nội bộ chưa đọc"), "/thong-bao/noi-bo/", "announcement", told),
            _list(gettext("Lưu hành trong cơ quan, chưa đọc"), "/van-ban-di/?muc=luu-hanh", "inside", inside),
            _list(gettext("Nhiệm vụ của anh/chị trong hồ sơ"), "/ho-so/", "dossier-task", tasks.waiting_for(person)),
            _list(gettext("Hồ sơ đến hạn nộp lưu"), "/ho-so/nop-luu/", "dossier", due),
            _list(gettext("Hồ sơ nộp lưu chờ kiểm tra, nhận"), "/ho-so/nop-luu/", "submission", handed),
            _list(gettext("Thay đổi quyền chờ anh/chị xác nhận"), "/can-bo/thay-doi/", "right", changes),
            _list(gettext("Chứng thư số sắp hết hạn"), "/chung-thu/?muc=sap-het-han", "certificate", certificates),
            _list(gettext("Đề nghị về chứng thư số chờ anh/chị"), "/chung-thu/de-nghi/", "request", requests),
        )
        if one["count"]
    ]
    first = {one["kind"]: one["rows"] for one in lists}
    incoming_list.mark_away(person, first.get("in", ()))
    drafting_parts.mark_away(person, first.get("drafting", ()))
    context = {
        "lists": lists, "next_in": next(iter(first.get("in", ())), None),
        "next_out": next(iter(first.get("out", ())), None), "next_back": next(iter(first.get("task", ())), None),
        "may_draft": access.may_draft(person),
    }  # fmt: skip
    return show(request, person, "home.html", context)


def _list(title: str, url: str, kind: str, rows: Any) -> dict[str, Any]:
    """The first of these rows, and how many there are: counted only where there are more than are shown."""
    found = list(rows[: FIRST_ROWS + 1])
    count = len(found) if len(found) <= FIRST_ROWS else rows.count()
    return {"title": title, "url": url, "kind": kind, "count": count, "rows": found[:FIRST_ROWS]}


@page(acts=True)
def notices(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The bell: what happened lately, or what is unread of it; reading it stops the ringing."""
    if request.method == "POST":
        Notice.objects.filter(person=person, seen_at__isnull=True).update(seen_at=now())
        return redirect("office:notices")
    unread = request.GET.get("muc") == "chua-doc"
    rows = Notice.objects.filter(person=person).order_by("-at")
    rows = rows.filter(seen_at__isnull=True) if unread else rows
    tabs = [
        {"key": "", "title": gettext("Mới nhất"), "current": not unread},
        {"key": "chua-doc", "title": gettext("Chưa đọc"), "count": ringing(person).unread, "current": unread},
    ]
    return show(request, person, "notices.html", {"rows": rows[:NOTICES], "tabs": tabs, "unread": unread})


@page(asks_by_itself=True)
def bell(request: HttpRequest, person: Person) -> HttpResponse:
    """How many notices are new, and which urgent one is the newest: asked by the frame every few seconds, and answered
    without content while nothing has changed."""
    now_ringing = ringing(person)
    mark = f'"{"-".join(map(str, now_ringing))}"'
    if request.headers.get("If-None-Match") == mark:
        answer = HttpResponse(status=304)
    else:
        answer = JsonResponse({"count": now_ringing.unread, "urgent": now_ringing.urgent})
    answer["ETag"] = mark
    return answer
