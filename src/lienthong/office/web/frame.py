"""The frame of every page: navigation with counts, the line to the hub, the bell."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from lienthong.look.language import figures
from lienthong.look.paging import counted_together
from lienthong.office.dossiers import archive
from lienthong.office.incoming import extensions
from lienthong.office.models import (
    Assignment,
    CorrectionTask,
    HubNotice,
    IncomingState,
    OutgoingState,
    PaperTask,
    Person,
    RecallOrder,
    Role,
    Substituted,
)
from lienthong.office.outgoing import batch, review
from lienthong.office.people import access, certificate_requests, staff, standing_in
from lienthong.office.people.notices import ringing
from lienthong.office.search import saved

NOTICES_SHOWN = 3
BELONGS = (("/nguoi-ky-ban-sao/", "/uy-quyen-ky/"), ("/ban-sao/", "/so-van-ban/"))
"""Pages outside of an entry's own address → the entry that leads there."""
SKEW_WARNED_MS = 2000
"""Difference to the hub's clock that is warned of (architecture, "Times")."""


def frame(request: HttpRequest, person: Person) -> dict[str, Any]:
    """What base.html needs."""
    found = pulse(person)
    if not found.stands_in:
        standing_in.note_nobody(person)
    held, bell = access.roles(person), ringing(person)
    return {
        "person": person,
        "organization": person.organization,
        "role_words": ", ".join(str(Role(role).label) for role in sorted(held)),
        "roles": held,
        "nav": _nav(request, person, found),
        "finds": access.finds(person),
        "searches": saved.of(person),
        "here": request.get_full_path(),
        "hub_line": _hub_line(found),
        "hub_notices": hub_notices(held) if found.notices else [],
        "bell": bell.unread,
        "bell_urgent": bell.urgent,
        "now": timezone.now(),
        "stands_in_for": standing_in.for_whom(person),
    }


class Pulse(NamedTuple):
    """What every page asks of the agency and its reader, by one statement, for most days most of it is nothing.

    Attributes:
        last_contact, problem, skew_ms: of the connection to the hub; `waiting`: packets that wait for it.
        tasks: whether a sending is to be completed; `notices`: whether the hub's operators tell something;
            `stands_in`: whether the reader stands in for somebody today; `signs`: whether something is on its way to
            their signature.
    """

    last_contact: datetime | None
    problem: str | None
    skew_ms: int | None
    waiting: int
    tasks: bool
    notices: bool
    stands_in: bool
    signs: bool


_PULSE = """
SELECT link.last_contact, link.problem, link.skew_ms,
    (SELECT count(*) FROM office_outboxpacket WHERE state = 'waiting' AND carrier = 'hub'
        AND organization_id = asked.agency AND NOT (attempts = 0 AND next_at > %(now)s)),
    EXISTS (SELECT FROM office_correctiontask WHERE organization_id = asked.agency AND closed_at IS NULL),
    EXISTS (SELECT FROM office_hubnotice WHERE withdrawn_at IS NULL AND (ends_at IS NULL OR ends_at > %(now)s)),
    EXISTS (SELECT FROM office_substitution WHERE substitute_id = %(person)s AND ended_at IS NULL
        AND %(today)s BETWEEN valid_from AND valid_to),
    EXISTS (SELECT FROM office_outgoingdocument WHERE organization_id = asked.agency
        AND state IN ('in_review', 'approved') AND signer_id = %(person)s)
FROM (SELECT %(agency)s::bigint AS agency) AS asked LEFT JOIN office_hublink link ON link.organization_id = asked.agency
"""
"""What is held back on purpose (`attempts` 0, for a moment to come) does not wait for the hub.

What only says whether something is there may be wider than the rule that is asked after it (`open_tasks`,
`hub_notices`, `standing_in.for_whom`, `batch.to_sign`), and never narrower: what it leaves out is shown to nobody.
"""


def pulse(person: Person) -> Pulse:
    """What `_PULSE` says of the agency and of its reader now."""
    told: dict[str, Any] = {
        "agency": person.organization_id, "person": person.pk, "now": timezone.now(), "today": timezone.localdate(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_PULSE, told)
        return Pulse(*cursor.fetchone())


def hub_notices(held: Collection[str]) -> list[HubNotice]:
    """What the hub's operators tell those who keep the exchange going here, the newest first."""
    if not {Role.CLERK.value, Role.ADMINISTRATOR.value} & set(held):
        return []
    known = HubNotice.objects.filter(withdrawn_at__isnull=True).exclude(ends_at__lte=timezone.now())
    return list(known.order_by("-published_at")[:NOTICES_SHOWN])


def _nav(request: HttpRequest, person: Person, found: Pulse) -> list[dict[str, Any]]:
    waiting = _waiting(person, found)
    entries: list[tuple[str, str, str, int | None]] = [("/", gettext("Hôm nay"), "today", None)]
    if access.roles(person) != {Role.ADMINISTRATOR}:  # sees no document
        entries += [
            ("/van-ban-den/", gettext("Văn bản đến"), "inbox", waiting["incoming"]),
            ("/van-ban-di/", gettext("Văn bản đi"), "send", waiting["outgoing"]),
            *_queues(person, waiting),
            ("/theo-doi/", gettext("Theo dõi gửi"), "track", open_tasks(person).count() if found.tasks else 0),
        ]
    entries.append(("/so-van-ban/", gettext("Sổ văn bản"), "register", None))
    if Role.ADMINISTRATOR not in access.roles(person):
        entries.append(("/ho-so/", gettext("Hồ sơ"), "folder", waiting["dossiers"]))
    if access.finds(person):
        entries.append(("/tra-cuu/", gettext("Tra cứu"), "find", None))
    if access.roles(person) & {Role.CLERK, Role.ADMINISTRATOR, Role.LEADER, Role.AUDITOR}:
        entries.append(("/uy-quyen-ky/", gettext("Ủy quyền ký"), "pen", None))
        entries.append(("/danh-muc-ban-giay/", gettext("Danh mục bản giấy"), "file", None))
        entries.append(("/co-quan/", gettext("Cơ quan"), "agency", None))
    if access.roles(person) & {Role.ADMINISTRATOR, Role.LEADER, Role.AUDITOR}:
        entries.append(("/ngoai-le/", gettext("Ngoại lệ"), "warn", None))
        entries.append(("/can-bo/", gettext("Cán bộ và quyền"), "people", waiting["rights"]))
    entries.append(("/chung-thu/", gettext("Chứng thư số"), "seal", waiting["certificates"]))
    path = next((place for begin, place in BELONGS if request.path.startswith(begin)), request.path)
    return [
        {
            "url": url, "title": title, "icon": icon, "count": count,
            "current": path == url if url == "/" else path.startswith(url),
        }
        for url, title, icon, count in entries
    ]  # fmt: skip


def _waiting(person: Person, found: Pulse) -> dict[str, int]:
    """How much waits for a person, by what the navigation shows it at."""
    lists: dict[str, QuerySet[Any]] = {
        "incoming": todo_incoming(person),
        "outgoing": todo_outgoing(person),
        "to_issue": batch.to_issue(person),
        "dossiers": archive.to_check(person),
        "rights": staff.unconfirmed(person),
        "certificates": certificate_requests.waiting_for(person),
    }
    if found.signs:
        lists["to_sign"] = batch.to_sign(person)
    return {"to_sign": 0} | counted_together(lists)


def _queues(person: Person, waiting: Mapping[str, int]) -> list[tuple[str, str, str, int | None]]:
    """The queue of the signer and that of the clerk; who signs by authorisation has one while something waits."""
    held = access.roles(person)
    found: list[tuple[str, str, str, int | None]] = []
    if waiting["to_sign"] or Role.LEADER in held:
        found.append(("/trinh-ky/", gettext("Trình ký"), "pen", waiting["to_sign"]))
    if Role.CLERK in held:
        found.append(("/phat-hanh/", gettext("Cấp số, phát hành"), "seal", waiting["to_issue"]))
    return found


def _hub_line(found: Pulse) -> dict[str, Any]:
    """How the connection to the hub fares (R-12.2-1)."""
    skew = found.skew_ms
    return {
        "ok": bool(found.last_contact and not found.problem),
        "problem": found.problem or "",
        "contact": found.last_contact,
        "skew": figures().decimal(abs(skew) / 1000) if skew is not None else "",
        "skewed": skew is not None and abs(skew) > SKEW_WARNED_MS,
        "waiting": found.waiting,
    }


def todo_incoming(person: Person) -> Any:
    """What waits for this person among the incoming documents, most urgent and oldest first."""
    held, agency = access.roles(person), access.agency_incoming(person)
    work = Q(person=person)
    if Role.UNIT_HEAD in held:
        work |= Q(unit_id__in=access.units_led(person), person__isnull=True)
    if away := standing_in.for_whom(person, Substituted.PROCESSING):
        work |= Q(person__in=away)
    if units := access.units_led_instead(person):
        work |= Q(unit_id__in=list(units), person__isnull=True)
    working = Q(document__state__in=_WORKING)
    open_work = Assignment.objects.filter(work, working, ended_at__isnull=True, finished_at__isnull=True)
    mine = open_work.values("document")  # each part by its own index, however many documents there are
    if Role.CLERK in held:
        recalled = RecallOrder.objects.filter(
            organization_id=person.organization_id, state=RecallOrder.State.PENDING, document__isnull=False
        )
        to_present = agency.filter(state=IncomingState.ACCEPTED, presented_at=None).values("pk")
        mine = mine.union(
            agency.filter(state=IncomingState.ARRIVED).values("pk"), to_present, recalled.values("document")
        )
    if Role.LEADER in held:
        presented = agency.filter(state=IncomingState.ACCEPTED, presented_at__isnull=False).values("pk")
        asked = extensions.asked_of(person).filter(assignment__document__state__in=_WORKING)
        mine = mine.union(presented, asked.values("assignment__document"))
    return agency.filter(pk__in=mine).order_by("-urgency", "arrived_at")


_WORKING = [IncomingState.ASSIGNED, IncomingState.IN_PROCESS]
_UNFINISHED = [
    OutgoingState.DRAFT, OutgoingState.IN_REVIEW, OutgoingState.RETURNED, OutgoingState.APPROVED,
    OutgoingState.SIGNED, OutgoingState.NUMBERED, OutgoingState.SEALED,
]  # fmt: skip


def todo_outgoing(person: Person) -> Any:
    """What waits for this person among the outgoing documents: a check counts for the version that it was made of."""
    held, mine = access.roles(person), Q(drafter=person, state=OutgoingState.DRAFT)
    if Role.UNIT_HEAD in held:
        led = Q(unit_id__in=access.units_led(person))
        mine |= led & (Q(state=OutgoingState.IN_REVIEW, content_checked=False) | Q(state=OutgoingState.RETURNED))
    if Role.CHECKER in held:
        mine |= Q(state=OutgoingState.IN_REVIEW, presentation_checked=False)
    mine |= Q(signer=person, state=OutgoingState.APPROVED)
    mine |= Q(signer=person, state=OutgoingState.IN_REVIEW, content_checked=True, presentation_checked=True)
    if Role.CLERK in held:
        mine |= Q(state__in=[OutgoingState.SIGNED, OutgoingState.NUMBERED, OutgoingState.SEALED])
    unfinished = review.with_checks(access.agency_outgoing(person).filter(state__in=_UNFINISHED))  # these are few
    return unfinished.filter(mine).order_by("-urgency", "created_at")


def open_tasks(person: Person) -> Any:
    """Refused sendings that somebody has to complete (R-5.4-2)."""
    tasks = CorrectionTask.objects.filter(organization_id=person.organization_id, closed_at__isnull=True)
    if not tasks.exists():
        return tasks.none()  # as on most days: what this person may see need not be asked
    tasks = tasks.filter(transmission__recipient__document__in=access.outgoing_of(person).values("pk"))
    return tasks.select_related("transmission__recipient__document").order_by("opened_at")


def open_paper(person: Person) -> Any:
    """Paper that is still owed to recipients; the clerk sends it (R-7.1-1, R-7.2-1)."""
    tasks = PaperTask.objects.filter(organization_id=person.organization_id, closed_at__isnull=True)
    if not tasks.exists():
        return tasks.none()
    tasks = tasks.filter(recipient__document__in=access.outgoing_of(person).values("pk"))
    return tasks.select_related("recipient__document").order_by("id")
