"""The screens, drawn from the real templates with a clerk's crowded day: dense lists, long names, every state, trouble.

The rows are invented. What the views fetch from the database stands here as plain names, so that a drawing needs
neither a database nor a hub.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace as Row
from typing import Any

from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext

from lienthong.office.models import Assignment, IncomingState, LegalValue, OutgoingState, Review
from lienthong.office.outgoing.board import STATES as SENDING
from lienthong.office.outgoing.presentation import shown as shown_of
from lienthong.office.search import asked as asking
from lienthong.office.search import columns, marks
from lienthong.office.web.search import MOST_GIVEN, fields_of
from lienthong.standards.presentation import Finding, check
from tests.museum.presentation import DECISION as MADE
from tests.museum.presentation import NUMBER, PAGE_NUMBER, Piece, known_of, laid_out

NOW = timezone.now()
STATES = dict(IncomingState.choices)
DAY = [
    (4, "128/CĐ-VPCP", "Công điện về tập trung ứng phó mưa lũ, sạt lở đất tại Bắc Trung Bộ", "Văn phòng Chính phủ"),
    (3, "3355/BGDĐT-KHTC", "Rà soát cơ sở vật chất trường học vùng có bão, lũ", "Bộ Giáo dục và Đào tạo"),
    (2, "8421/BNV-VTLT", "Hướng dẫn nộp lưu hồ sơ, tài liệu điện tử năm 2026", "Bộ Nội vụ"),
    (1, "6120/BTC-NSNN", "Báo cáo tình hình giải ngân vốn đầu tư công 10 tháng năm 2026", "Bộ Tài chính"),
    (0, "2207/SNNMT-QLĐĐ", "Kết quả rà soát đất các nông, lâm trường", "Sở Nông nghiệp và Môi trường"),
    (0, "77/TTr-SVHTTDL", "Xếp hạng di tích lịch sử cấp tỉnh đợt II", "Sở Văn hóa, Thể thao và Du lịch"),
    (0, "415/UBND-VP", "Đề nghị cho ý kiến về sắp xếp trụ sở dôi dư", "Ủy ban nhân dân phường Trường Vinh"),
]


def frame() -> dict[str, Any]:
    """What the frame of every page needs."""
    entries = [
        ("/", "Hôm nay", "today", 27),
        ("/van-ban-den/", "Văn bản đến", "inbox", 246),
        ("/van-ban-di/", "Văn bản đi", "send", 9),
        ("/theo-doi/", "Theo dõi gửi", "track", 5),
        ("/so-van-ban/", "Sổ văn bản", "register", None),
    ]
    return {
        "person": Row(full_name="Hoàng Thị Lam"),
        "organization": Row(short_name="UBND tỉnh Nghệ An", name="Ủy ban nhân dân tỉnh Nghệ An"),
        "role_words": "Văn thư, Văn phòng UBND tỉnh",
        "roles": {"clerk", "leader"},
        "nav": [
            {"url": url, "title": gettext(title), "icon": icon, "count": count, "current": url == "/van-ban-den/"}
            for url, title, icon, count in entries
        ],
        "hub_line": {"ok": True, "contact": NOW, "skew": "0,2", "skewed": False, "waiting": 0},
        "bell": 3,
        "finds": True,
        "searches": [Row(name="Khẩn trong tuần, từ các bộ và cơ quan ngang bộ", asked="khan=1")],
        "now": NOW,
    }


def incoming(index: int, state: str) -> Row:
    """An incoming document in a list."""
    urgency, number, subject, sender = DAY[index % len(DAY)]
    person = Row(full_name="Nguyễn Thị Phương Thảo")
    held = [Row(kind="lead", ended_at=None, person=person, unit=Row(name="Phòng Kinh tế"))]
    return Row(
        pk=index + 1, identifier=f"000.00.00.G22,2026/11/23,{number}", urgency=urgency, printed_number=number,
        subject=subject, sender_name=sender, state=state, get_state_display=STATES[state],
        legal_value="information" if index % 3 == 2 else "equivalent", arrival_number=4127 - index if index else None,
        arrived_at=NOW - timedelta(hours=index * 9), open_work=held if state == "in_process" else [],
    )  # fmt: skip


def outgoing(index: int) -> Row:
    """An outgoing document in a list: within a minute, a day, a week, and late."""
    urgency, number, subject, _ = DAY[index % len(DAY)]
    due = [timedelta(minutes=26), timedelta(hours=-5), timedelta(days=-3), timedelta(days=12), timedelta(hours=23)]
    return Row(
        pk=index + 1, identifier=number, urgency=urgency, printed_number=number, subject=subject, type_name="Công văn",
        unit=Row(name="Phòng Hành chính, Quản trị"), signer_name="Trần Quốc Vượng", state="signed",
        get_state_display=OutgoingState.SIGNED.label, send_due=NOW + due[index % 5], issued_at=None, created_at=NOW,
    )  # fmt: skip


def rows() -> list[Row]:
    """A page of incoming documents in all states."""
    return [incoming(index, state) for index, state in enumerate(list(STATES) * 3)]


def home() -> str:
    """A clerk's day."""
    task = Row(
        opened_at=NOW,
        transmission=Row(
            recipient=Row(document_id=1, name="Sở Xây dựng", document=Row(printed_number="812/KH-UBND")),
            refusal_text="Thiếu tệp “Phụ lục II.xlsx” khai trong gói nhưng không có",
        ),
    )
    lists = [
        {
            "kind": "in",
            "title": gettext("Văn bản đến chờ anh/chị"),
            "count": 12,
            "url": "/van-ban-den/",
            "rows": rows()[:5],
        },
        {
            "kind": "out",
            "title": gettext("Văn bản đi chờ anh/chị"),
            "count": 4,
            "url": "/",
            "rows": [outgoing(1), outgoing(4)],
        },
        {
            "kind": "task",
            "title": gettext("Nơi nhận trả lại, chờ bổ sung"),
            "count": 1,
            "url": "/theo-doi/",
            "rows": [task],
        },
    ]
    return draw("home.html", lists=lists, next_in=incoming(0, "arrived"), next_out=None)


def incoming_list() -> str:
    """The list of incoming documents, of more than one page."""
    titles = ["Chờ tiếp nhận", "Chờ chỉ đạo", "Đang xử lý", "Hoàn thành", "Đã trả lại", "Thu hồi", "Tất cả"]
    tabs = [{"key": title, "title": gettext(title), "count": 12, "current": title == "Tất cả"} for title in titles]
    return draw("incoming_list.html", tabs=tabs, tab="tat-ca", rows=rows()[:18], next="0-1-1")


def outgoing_list() -> str:
    """The list of outgoing documents with their deadlines."""
    return draw("outgoing_list.html", tabs=[], tab="", rows=[outgoing(index) for index in range(10)], may_draft=True)


def search() -> str:
    """What was found, with the words marked in subjects and in texts."""
    asked = asking.read({"q": "rà soát", "khan": "1", "noi-gui": "Bộ Giáo dục và Đào tạo", "ngay-tu": "2026-01-01"})
    words, text = asked.question.words, "Căn cứ kết quả rà soát của các đơn vị, đề nghị báo cáo trước ngày 25. " * 3

    def said(one: Row, name: str) -> str:
        facts = {
            "huong": gettext("Đến"), "so-den": str(one.arrival_number or ""), "so": one.printed_number,
            "trich-yeu": one.subject, "noi-gui": one.sender_name, "loai": "Công văn",
            "trang-thai": str(one.get_state_display), "luc": "14:05 20/11/2026",
        }  # fmt: skip
        return facts[name]

    found = [
        {
            "one": Row(kind="in"), "document": one, "address": "/van-ban-den/1/", "unread": 2 * (index == 2), "waiting": index == 3,
            "cells": [(name, said(one, name)) for name in columns.USUAL],
            "subject": marks.marked(one.subject, words), "extract": marks.extract(text, words) if index % 2 else [],
        }
        for index, one in enumerate(rows()[:12])
    ]  # fmt: skip
    return draw(
        "search.html", asked=asked, found=Row(numbers=False), rows=found, next="q=x&tu=1", beyond=True, first="q=x",
        chips=asking.chips(asked), tabs=[(title, "q=x", not key) for key, title in asking.KINDS.items()],
        orders=[(key, one.title, key == "moi") for key, one in asking.ORDERS.items()], fields=fields_of(asked),
        heads=[(name, columns.COLUMNS[name]) for name in columns.USUAL], searching=True, most=MOST_GIVEN,
        all_columns=[(name, one.title, True, False) for name, one in columns.COLUMNS.items()],
    )  # fmt: skip


def tracking() -> str:
    """The board of what was sent."""
    counts = [{"02": 2, "delivered": 5, "03": 21, "05": 12, "06": 18}, {"06": 1204}, {"01": 2, "03": 1}]
    found = [Row(document=outgoing(index), counts=count) for index, count in enumerate(counts)]
    for row in found:
        row.document.issued_at = NOW - timedelta(days=400)
    return draw("tracking.html", rows=Paginator(found, 50).page(1), states=SENDING)


def document() -> str:
    """One incoming document, whose check list has every kind of line; the file is a drawing of one page."""
    found = incoming(2, "in_process")
    words = [
        ("completeness", "failed", "Văn bản nêu 2 phụ lục nhưng chỉ kèm 1 tệp; thiếu: Phụ lục II.xlsx."),
        ("integrity", "passed", "Mã băm 3 tệp khớp từ lúc ký đến khi nhận."),
        ("authenticity", "passed", "2 chữ ký số hợp lệ; đúng mã bên gửi."),
        ("duplicate", "warning", "Gần giống văn bản số đến 4113."),
    ]
    found.__dict__.update(
        sender_code="000.00.00.G09", promulgated_on=date(2026, 11, 23), type_name="Công văn", other={"answers": []},
        appendixes=["Phụ lục I", "Phụ lục II"], signer_position="THỨ TRƯỞNG", signer_name="Đỗ Minh Thuận",
        signer_competence="KT. BỘ TRƯỞNG", recipients=[{"code": "H41", "name": "UBND tỉnh Nghệ An"}], outcome="",
        way="hub", submitted_at=NOW, due_on=date(2026, 12, 15), packet=Row(digest="sha-256:" + "9f" * 32), refusal_reason="",
        legal_value="equivalent", get_legal_value_display=LegalValue.EQUIVALENT.label,
        checks=[{"name": name, "result": result, "vi": vi} for name, result, vi in words],
    )  # fmt: skip
    work = [
        ("lead", timedelta(days=2)), ("coordinate", timedelta(hours=-5)),
    ]  # fmt: skip
    assignments = [
        Row(
            kind=kind, get_kind_display=Assignment.Kind(kind).label, unit=Row(name="Phòng Hành chính, Quản trị"), ends_at=NOW + due,
            person=Row(full_name="Nguyễn Thị Phương Thảo"), result="", finished_at=None,
        )
        for kind, due in work
    ]  # fmt: skip
    files = [
        Row(pk=1, name="8421-BNV-VTLT.pdf", present=True), Row(pk=2, name="Phụ lục I.pdf", present=True),
        Row(pk=3, name="Phụ lục II.xlsx", present=False),
    ]  # fmt: skip
    return draw(
        "incoming.html", document=found, files=files, main=files[0], signatures=signatures(), assignments=assignments,
        instructions=[Row(person=Row(full_name="Trần Quốc Vượng"), at=NOW, text="Phòng Kinh tế tham mưu trước 30/11.")],
        position={"index": 3, "count": 12, "next": 4}, can_accept=True, events=events(),
        gone="–", further=[("Số trang", "12")],
    )  # fmt: skip


def presentation() -> str:
    """A draft at the checker's, where faults of presentation block; the file is the one in which they were found."""
    found = outgoing(2)
    found.__dict__.update(
        state="in_review", get_state_display=OutgoingState.IN_REVIEW.label, drafter=Row(full_name="Nguyễn Thị Phương Thảo"),
        number=None, send_due=None, promulgated_on=None, replaces=None, position="PHÓ GIÁM ĐỐC",
        signer_name="Trần Quốc Vượng", competence="KT. GIÁM ĐỐC", appendixes=[], signed_at=None, sealed_at=None,
    )  # fmt: skip
    bad = badly_presented()
    version = Row(
        ordinal=3, stage="draft", get_stage_display=gettext("Dự thảo"),
        findings=[*(finding.as_dict() for finding in check(bad.pdf, bad.known)), Finding("unnamed_fonts").as_dict()],
    )  # fmt: skip
    reviews = [
        Row(act=act, at=NOW, person=Row(full_name=name), get_act_display=Review.Act(act).label, note="")
        for act, name in (("submitted", "Nguyễn Thị Phương Thảo"), ("content", "Lê Minh Hải"))
    ]
    shown = shown_of(version)  # type: ignore[arg-type]
    return draw(
        "outgoing.html", document=found, version=version, versions=[version], reviews=reviews, events=events(),
        recipients=[Row(name="UBND tỉnh Nghệ An", channel="electronic")], enclosures=[], presentation=shown,
        blocking=shown.faults, can_check_form=True, can_return=True, waits_for=gettext("kiểm tra thể thức"),
    )  # fmt: skip


def badly_presented() -> Piece:
    """A decision with faults on its first page and on a later one."""
    edits = [
        ("Độc lập - Tự do - Hạnh phúc", "Độc lập – Tự do – Hạnh phúc"), (f"[{NUMBER}]", "[Số: 5/#d.notation]"),
        ('weight: "bold", upper(d.agency)', "upper(d.agency)"), ("amount: 1.27cm", "amount: 2cm"), (PAGE_NUMBER, "none"),
        ("bold(d.signer)", "d.signer"),
    ]  # fmt: skip
    return Piece("", laid_out(replace(MADE, signer="TS. Trần Quốc Vượng"), *edits), known_of(MADE))


def signatures() -> list[dict[str, str]]:
    """A signature of each verdict."""
    at = datetime(2026, 11, 23, 7, 1, tzinfo=UTC).isoformat()
    verdicts = [
        ("passed", "person", "Đỗ Minh Thuận", "Chữ ký hợp lệ; chứng thư còn hiệu lực lúc ký.", ""),
        ("indeterminate", "agency", "Bộ Nội vụ", "Chưa lấy được danh sách thu hồi.", "TRY_LATER"),
        ("failed", "agency", "Bộ Nội vụ", "Nội dung đã đổi sau khi ký.", "HASH_FAILURE"),
    ]
    return [
        {
            "verdict": verdict, "role": role, "who": who, "vi": vi, "stamped_at": at, "signed_at": at,
            "indication": indication, "serial": "54 01 9C 77",
        }
        for verdict, role, who, vi, indication in verdicts
    ]  # fmt: skip


def events() -> list[Row]:
    """The history of a document."""
    names = ["incoming.arrived", "incoming.accepted", "incoming.assigned", "incoming.handed_on"]
    return [Row(name=name, at=NOW, actor_name="Hoàng Thị Lam", actor="lam") for name in names]


def problem() -> str:
    """A refusal above the page, and the line to the hub cut."""
    told = Row(
        code="illegal_move", cause="Văn bản đã được người khác tiếp nhận", clause="Điều 5.2 Quyết định 28/2018/QĐ-TTg",
        way_out="Mở lại văn bản để xem ai đang xử lý.",
    )  # fmt: skip
    cut = {"ok": False, "contact": NOW - timedelta(hours=3), "skew": "4,1", "skewed": True, "waiting": 12}
    return draw("home.html", lists=[], problem=told, hub_line=cut)


def draw(template: str, **facts: Any) -> str:
    """A page of the office as HTML."""
    return render_to_string(f"office/{template}", {**frame(), **facts})


SCREENS = {
    "home": home,
    "incoming-list": incoming_list,
    "outgoing-list": outgoing_list,
    "search": search,
    "tracking": tracking,
    "document": document,
    "presentation": presentation,
    "problem": problem,
}
