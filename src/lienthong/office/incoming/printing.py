"""Print and stamp: an incoming document on paper for who works on paper, with what its signatures are worth and the
arrival stamp (Decision 28, Article 21.2); and the slip of its handling (Decree 30/2020, Annex IV, VII)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import day, in_full
from lienthong.office.config import blobs
from lienthong.office.errors import Missing
from lienthong.office.incoming.act_errors import NotPrintable, PrintNotSigned
from lienthong.office.incoming.acts import require_unfrozen
from lienthong.office.incoming.checks import main_file
from lienthong.office.models import (
    Assignment,
    IncomingDocument,
    IncomingFile,
    IncomingState,
    LegalValue,
    Person,
    Print,
    Role,
    Unit,
)
from lienthong.office.people.access import require
from lienthong.office.people.actors import record
from lienthong.office.typeset import (
    Mark,
    Sheet,
    Stamp,
    TypesetProblem,
    render_print,
    render_slip,
)

LARGEST = 50 << 20
MOST_COPIES = 99
OVER = (IncomingState.REFUSED, IncomingState.CANCELLED, IncomingState.SET_ASIDE)
ROLES = {"agency": "Cơ quan, tổ chức", "person": "Người có thẩm quyền"}
VERDICTS = {"passed": "Hợp lệ", "failed": "Không hợp lệ", "indeterminate": "Chưa xác nhận được"}
CERTIFIED = "BẢN IN TỪ VĂN BẢN ĐIỆN TỬ"
INFORMATION = "BẢN IN ĐỂ BIẾT, THAM KHẢO"


@dataclass(frozen=True)
class Order:
    """What is printed, and for whom.

    Attributes:
        as_signed: with the sheet that says that the signatures hold; else marked as for information.
        case_code: "Số và ký hiệu HS" of the stamp, where it is known.
    """

    unit: Unit | None
    copies: int
    as_signed: bool
    case_code: str = ""


def print_out(document: IncomingDocument, order: Order, *, actor: Person, at: datetime) -> bytes:
    """The print, to be put on paper; who printed it, how often and for which unit is kept.

    Raises:
        Forbidden; Frozen; Missing: unit or copies.
        NotPrintable: it is not registered, is over, or has no PDF that can be printed.
        PrintNotSigned: it is asked for as signed, and its signatures do not hold.
    """
    require(actor, Role.CLERK)
    require_unfrozen(document)
    unit, file = _unit(order, document), _file(document)
    if order.as_signed and document.legal_value != LegalValue.EQUIVALENT:
        raise _not_signed(document)
    try:
        made = render_print(
            blobs().read(file.digest), _stamp(document, unit, order), _mark(document, order, actor, at),
            _sheet(document, unit, order, actor, at),
        )  # fmt: skip
    except TypesetProblem as reason:
        raise NotPrintable(why=reason.vi, why_en=reason.en) from reason
    with transaction.atomic():
        row = IncomingDocument.objects.select_for_update().get(pk=document.pk)  # a recall waits, or is seen here
        require_unfrozen(row)
        _require_registered(row)
        Print.objects.create(
            document=row, unit=unit, copies=order.copies, as_signed=order.as_signed, case_code=order.case_code.strip(),
            printed_at=at, printed_by=actor,
        )  # fmt: skip
        record(
            OfficeEvent.INCOMING_PRINTED, actor, row, at, unit=unit.abbreviation, copies=order.copies,
            as_signed=order.as_signed, stamped_first=made.stamped_first,
        )  # fmt: skip
    return made.pdf


def can_print(document: IncomingDocument) -> bool:
    """Whether there is something to print."""
    return document.arrival_number is not None and document.state not in OVER


def _unit(order: Order, document: IncomingDocument) -> Unit:
    if order.unit is None or order.unit.organization_id != document.organization_id:
        raise Missing(what="đơn vị nhận bản in", what_en="the unit that gets the print")
    if not 1 <= order.copies <= MOST_COPIES:
        raise Missing(what=f"số bản in (1 đến {MOST_COPIES})", what_en=f"how many copies (1 to {MOST_COPIES})")
    if len(order.case_code.strip()) > 50:
        raise Missing(what="số và ký hiệu hồ sơ (50 ký tự)", what_en="the file's number and notation (50 characters)")
    return order.unit


def _file(document: IncomingDocument) -> IncomingFile:
    _require_registered(document)
    file = main_file(document.files.filter(present=True))
    if file is None or not file.name.lower().endswith(".pdf"):
        raise NotPrintable(why="không có tệp PDF", why_en="it has no PDF")
    if file.size > LARGEST:
        raise NotPrintable(why=f"tệp lớn hơn {LARGEST >> 20} MB", why_en=f"it is larger than {LARGEST >> 20} MB")
    return file


def _require_registered(document: IncomingDocument) -> None:
    if document.arrival_number is None:
        raise NotPrintable(why="chưa tiếp nhận nên chưa có số đến", why_en="it has no arrival number yet")
    if document.state in OVER:
        raise NotPrintable(why="văn bản không còn ở đây", why_en="it is here no more")


def _not_signed(document: IncomingDocument) -> PrintNotSigned:
    said = next((one for one in document.checks if one["name"] == "authenticity"), None)
    vi = said["vi"] if said else "chưa có kết quả kiểm tra."
    return PrintNotSigned(why=vi, why_en=said["en"] if said else "it was not checked.")


def _stamp(document: IncomingDocument, unit: Unit, order: Order) -> Stamp:
    return Stamp(
        agency=document.organization.name, number=str(document.arrival_number), day=_day(document.accepted_at),
        to=unit.name, case_code=order.case_code.strip(),
    )  # fmt: skip


def _mark(document: IncomingDocument, order: Order, actor: Person, at: datetime) -> Mark:
    word = CERTIFIED if order.as_signed else INFORMATION
    said = f"{word} {document.printed_number} · {actor.full_name}, {document.organization.short_name}, {in_full(at)}"
    identifier = f" · mã văn bản {document.identifier}" if document.identifier else ""
    return Mark("BẢN IN" if order.as_signed else "ĐỂ BIẾT", said + identifier)


def _sheet(document: IncomingDocument, unit: Unit, order: Order, actor: Person, at: datetime) -> Sheet:
    file = _file(document)
    report: dict[str, Any] = next((one for one in document.signatures if one.get("file") == file.name), {})
    judged = report.get("judged_at", "")
    facts = [
        ("Văn bản", f"{document.type_name} số {document.printed_number} ngày {_day(document.promulgated_on)}".strip()),
        ("Cơ quan ban hành", document.sender_name),
        ("Trích yếu", document.subject),
        ("Mã định danh văn bản", document.identifier or "–"),
        ("Mã băm tệp (SHA-256)", file.digest),
        ("Số đến, ngày đến", f"{document.arrival_number}, {_day(document.accepted_at)}"),
        ("Kiểm tra lúc", in_full(datetime.fromisoformat(judged)) if judged else "–"),
    ]  # fmt: skip
    printed = [
        ("Người in", actor.full_name),
        ("In lúc", in_full(at)),
        ("Số bản", str(order.copies)),
        ("Đơn vị nhận", unit.name),
    ]
    worth = "Chữ ký số của người có thẩm quyền và của cơ quan hợp lệ: có giá trị pháp lý như bản giấy"
    if not order.as_signed:
        worth = "Để biết, tham khảo: bản in này không xác nhận chữ ký số"
    return Sheet(
        agency=document.organization.name, title="KẾT QUẢ KIỂM TRA CHỮ KÝ SỐ", worth=worth, facts=facts,
        signatures=[_said(one) for one in report.get("signatures", ())], print=printed,
        note="In từ Hệ thống quản lý văn bản và điều hành theo Điều 21.2 Quyết định 28/2018/QĐ-TTg. "
        "Văn bản điện tử gốc được giữ nguyên trên Hệ thống.",
    )  # fmt: skip


def _said(signature: dict[str, Any]) -> dict[str, Any]:
    moment = signature.get("stamped_at") or signature.get("signed_at")
    return {
        "role": ROLES.get(signature["role"], signature["role"]),
        "who": signature["who"],
        "facts": [
            ("Kết quả", f"{VERDICTS.get(signature['verdict'], signature['verdict'])}. {signature['vi']}"),
            ("Thời điểm ký", in_full(datetime.fromisoformat(moment)) if moment else "–"),
            ("Chứng thư số", str(signature["serial"])),
        ],
    }


def _day(value: date | datetime | None) -> str:
    if value is None:
        return "–"
    return day(timezone.localdate(value) if isinstance(value, datetime) else value)


# -- the slip --------------------------------------------------------------------------------------------------------


def slip(document: IncomingDocument, *, at: datetime) -> bytes:
    """The slip of the document's handling as it stands. Raises `Frozen`, `NotPrintable`."""
    require_unfrozen(document)
    _require_registered(document)
    agency = document.organization
    local = timezone.localtime(at)
    kind = document.type_name or "Văn bản"
    about = f"{kind} số {document.printed_number} ngày {_day(document.promulgated_on)} của {document.sender_name}"
    data = {
        "agency": agency.name,
        "dated": f"{agency.place}, ngày {local.day:02d} tháng {_month(local.month)} năm {local.year}",
        "about": f"{about}: {document.subject}",
        "arrival": f"Số đến: {document.arrival_number}, ngày {_day(document.accepted_at)}",
        "leader": _of_leader(document),
        "heads": _of_heads(document),
        "handler": _of_handler(document),
    }
    try:
        return render_slip(data)
    except TypesetProblem as reason:
        raise NotPrintable(why=reason.vi, why_en=reason.en) from reason


def _month(month: int) -> str:
    return f"{month:02d}" if month < 3 else str(month)


def _current(document: IncomingDocument) -> list[Assignment]:
    found = document.assignments.filter(ended_at=None).select_related("unit", "person", "instruction__person")
    return list(found.order_by("pk"))


def _of_leader(document: IncomingDocument) -> list[str]:
    """Lead, coordinators, deadlines, the day and the instruction of the leader (VII.1)."""
    tasks = _current(document)
    if not tasks:
        return []
    instruction = tasks[0].instruction
    titles = {
        Assignment.Kind.LEAD: "Chủ trì",
        Assignment.Kind.COORDINATE: "Phối hợp",
        Assignment.Kind.INFORM: "Để biết",
    }
    lines = [f"{titles[Assignment.Kind(one.kind)]}: {one.unit.name}{_until(one.due_at)}" for one in tasks]
    if instruction.text:
        lines.append(f"Ý kiến: {instruction.text}")
    return [*lines, f"{instruction.person.full_name}, ngày {_day(instruction.at)}"]


def _of_heads(document: IncomingDocument) -> list[str]:
    """Whom the unit's head gave it to, until when, on which day (VII.2)."""
    lines = []
    for task in _current(document):
        given = task.hand_ons.select_related("person").order_by("at").last()
        if given is not None and task.person is not None:
            said = f"; ý kiến: {given.text}" if given.text else ""
            lines.append(
                f"{task.unit.name}: giao {task.person.full_name}{_until(task.person_due_at)}{said} "
                f"({given.person.full_name}, ngày {_day(given.at)})"
            )
    return lines


def _of_handler(document: IncomingDocument) -> list[str]:
    """What who works on it proposed, and the opinions of those who coordinate (VII.3)."""
    lines = []
    for task in _current(document):
        who = task.proposed_by if task.kind == Assignment.Kind.LEAD else task.person
        moment = task.proposed_at if task.kind == Assignment.Kind.LEAD else task.finished_at
        if task.result and moment:
            name = who.full_name if who else task.unit.name
            lines.append(f"{task.result} ({name}, {task.unit.name}, ngày {_day(moment)})")
    return lines


def _until(due: datetime | None) -> str:
    return f", hạn {in_full(due)}" if due else ""
