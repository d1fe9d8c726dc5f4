"""What an agency is called and how it decided to work: each fact with its clause, each change in the journal, from what
to what (Decree 30/2020, Annex I; Decision 28/2018, Articles 6.2, 6.4)."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet

from lienthong.journal.models import Event
from lienthong.journal.record import Actor, Subject, record_all
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import moment
from lienthong.office.errors import Missing
from lienthong.office.models import DirectoryAgency, Organization, Person, PresentationPolicy, Role
from lienthong.office.people.abbreviations import one_group, require_free
from lienthong.office.people.access import require
from lienthong.office.people.actors import actor_of
from lienthong.office.people.agency_errors import BadFact, ChangedMeanwhile
from lienthong.standards.identifiers import AgencyCode, InvalidCode
from lienthong.standards.statuses import Words

ANNEX = "phần I Phụ lục I Nghị định 30/2020/NĐ-CP"
DECISION = "Quyết định 28/2018/QĐ-TTg"
MORNING = (time(10), time(13))
"""Within which a morning's work ends."""
WHOLE = {"urgent_minutes": (1, 240), "undo_minutes": (0, 120), "due_soon_days": (1, 15)}
"""Between which numbers these facts lie."""


@dataclass(frozen=True)
class Fact:
    """Something that an agency says of itself.

    Attributes:
        name: the column.
        words: what it is called.
        longest: characters.
        clause: of the law that asks for it; empty where none does.
    """

    name: str
    words: Words
    longest: int
    clause: str = ""
    required: bool = False


CODE = Fact("code", Words("Mã định danh cơ quan", "Code of the agency"), 35)
"""What it is set up under; it never changes here."""
FACTS = (
    Fact("name", Words("Tên cơ quan", "Name of the agency"), 200, f"mục II.2, {ANNEX}", required=True),
    Fact("superior_name", Words("Cơ quan chủ quản trực tiếp", "Agency directly above"), 200, f"mục II.2a, {ANNEX}"),
    Fact("place", Words("Địa danh", "Place of issue"), 50, f"mục II.4, {ANNEX}", required=True),
    Fact("short_name", Words("Tên gọi ngắn trên màn hình", "Short name on the screens"), 100, required=True),
    Fact("alias", Words("Mã ghi trong gói tin", "Code written in packets"), 35, f"Điều 10.2b {DECISION}"),
    Fact("address", Words("Địa chỉ", "Address"), 250, f"mục III.4, {ANNEX}"),
    Fact("email", Words("Thư điện tử", "E-mail"), 100, f"mục III.4, {ANNEX}"),
    Fact("telephone", Words("Điện thoại", "Telephone"), 20, f"mục III.4, {ANNEX}"),
)
"""What is so; the administrator writes it down."""
DECIDED = (
    Fact("abbreviation", Words("Chữ viết tắt trong ký hiệu", "Abbreviation in notations"), 20, f"mục II.3b, {ANNEX}",
         required=True),
    Fact("presentation_policy", Words("Lỗi thể thức khi xác nhận", "Faults of presentation"), 5,
         f"Điều 6.4 {DECISION}", required=True),
    Fact("morning_ends", Words("Hết buổi sáng làm việc", "End of the working morning"), 5, f"Điều 6.2 {DECISION}",
         required=True),
    Fact("urgent_minutes", Words("Văn bản đến khẩn trình trong (phút)", "Urgent ones presented within (minutes)"), 3,
         f"Điều 6.2 {DECISION}", required=True),
    Fact("undo_minutes", Words("Hoàn tác tiếp nhận trong (phút)", "Acceptance can be undone for (minutes)"), 3,
         "Điều 21.2c Nghị định 30/2020/NĐ-CP", required=True),
    Fact("due_soon_days", Words("Nhắc sắp đến hạn trước (ngày làm việc)", "Remind before a deadline (working days)"), 2,
         "Điều 24.1 Nghị định 30/2020/NĐ-CP", required=True),
)  # fmt: skip
"""What the head of the agency decides; recorded with the decision."""
KEEPERS: dict[tuple[Fact, ...], tuple[Role, ...]] = {
    FACTS: (Role.ADMINISTRATOR,),
    DECIDED: (Role.ADMINISTRATOR, Role.LEADER),
}
"""Who writes which facts down."""
BY_NAME = {fact.name: fact for fact in (*FACTS, *DECIDED)}
_NO_CODE = Words("không phải mã định danh cơ quan", "it is no code of an agency")
_CHANGES = (
    OfficeEvent.AGENCY_CHANGED.value,
    OfficeEvent.PRESENTATION_POLICY_SET.value,
    OfficeEvent.LOCAL_EXCHANGE_SET.value,
)


def texts(organization: Organization, facts: Sequence[Fact]) -> dict[str, str]:
    """The facts as they are typed."""
    return {fact.name: _text(getattr(organization, fact.name)) for fact in facts}


def mark(organization: Organization, facts: Sequence[Fact]) -> str:
    """A sign of what these facts are now: a form that was made from others has another one."""
    told = json.dumps(texts(organization, facts), sort_keys=True).encode()
    return hashlib.sha256(told).hexdigest()[:16]


def change(
    facts: tuple[Fact, ...], given: Mapping[str, str], *, seen: str, actor: Person, at: datetime, reference: str = ""
) -> None:
    """Write down what changed of one's agency; what is as it was leaves no trace.

    Args:
        facts: `FACTS`, or `DECIDED`, which need the `reference` of the head's decision.
        given: texts as typed.
        seen: the mark of the facts that the form was made from.

    Raises:
        Forbidden, Missing, BadFact, AbbreviationTaken.
        ChangedMeanwhile: somebody was faster.
    """
    require(actor, *KEEPERS[facts])
    if facts == DECIDED and not reference.strip():
        raise Missing(what="số, ngày của quyết định", what_en="number and date of the decision")
    values = {fact.name: cleaned(fact, given.get(fact.name, ""), actor.organization) for fact in facts}
    with transaction.atomic():
        organization = Organization.objects.select_for_update().get(pk=actor.organization_id)
        if mark(organization, facts) != seen:
            raise _changed_meanwhile(organization)
        _write(organization, values, actor_of(actor), at, reference.strip()[:200])


def amend(
    organization: Organization, given: Mapping[str, str], who: Actor, *, at: datetime, reference: str = ""
) -> None:
    """The same by command, for the facts that are given.

    Raises:
        BadFact, AbbreviationTaken.
        Missing: what the head decides would be another, and no `reference` says by which decision.
    """
    values = {name: cleaned(BY_NAME[name], text, organization) for name, text in given.items()}
    with transaction.atomic():
        current = Organization.objects.select_for_update().get(pk=organization.pk)
        decided = {fact.name for fact in DECIDED if fact.name in values}
        if not reference.strip() and any(getattr(current, name) != values[name] for name in decided):
            raise Missing(
                what="số, ngày của quyết định (--reference)", what_en="number and date of the decision (--reference)"
            )
        _write(current, values, who, at, reference.strip()[:200])


def history(organization: Organization) -> QuerySet[Event]:
    """What was changed of the agency, the newest first."""
    return Event.objects.filter(subject_kind="agency", subject=organization.code, name__in=_CHANGES).order_by("-id")


def spellings(organization: Organization) -> list[str]:
    """How the agency's code may be written in packets: as the hub's directory spells it, or as it was so far."""
    listed = DirectoryAgency.objects.filter(code=organization.code).first()
    written = [organization.code, organization.alias, *(listed.aliases if listed else ())]
    return list(dict.fromkeys(filter(None, written)))


def _write(organization: Organization, values: Mapping[str, object], who: Actor, at: datetime, reference: str) -> None:
    """Keep what is new, and tell of it in the same transaction."""
    new = {name: value for name, value in values.items() if getattr(organization, name) != value}
    if not new:
        return
    if "abbreviation" in new:
        require_free(organization, str(new["abbreviation"]), at=at, for_body=False)
    changes = {name: [_text(getattr(organization, name)), _text(value)] for name, value in new.items()}
    Organization.objects.filter(pk=organization.pk).update(**new)
    subject, why = Subject("agency", organization.code), {"reference": reference} if reference else {}
    told: list[tuple[OfficeEvent, Subject, dict[str, object]]] = []
    if policy := changes.pop("presentation_policy", None):
        told.append((OfficeEvent.PRESENTATION_POLICY_SET, subject, {"policy": policy[1], "before": policy[0], **why}))
    if changes:
        told.append((OfficeEvent.AGENCY_CHANGED, subject, {"changes": changes, **why}))
    record_all(told, actor=who, at=at)


def _changed_meanwhile(organization: Organization) -> ChangedMeanwhile:
    last = history(organization).first()
    return ChangedMeanwhile(who=last.actor_name if last else "Cài đặt", when=moment(last.at) if last else "…")


def _text(value: object) -> str:
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


def cleaned(fact: Fact, text: str, organization: Organization) -> object:
    """What was typed as it is kept. Raises `BadFact`."""
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    if fact.required and not clean:
        raise _bad(fact, Words("chưa có", "it is missing"))
    if len(clean) > fact.longest:
        raise _bad(fact, Words(f"dài quá {fact.longest} ký tự", f"it has more than {fact.longest} characters"))
    match fact.name:
        case "morning_ends":
            return _morning(fact, clean)
        case "urgent_minutes" | "undo_minutes" | "due_soon_days":
            return _whole(fact, clean)
        case "abbreviation":
            return one_group(fact.words, clean)
        case "place" if not clean[0].isupper():
            raise _bad(fact, Words("chữ cái đầu của địa danh phải viết hoa", "a place begins with a capital"))
        case "presentation_policy" if clean not in PresentationPolicy.values:
            raise _bad(fact, Words("chọn nhắc hoặc chặn", "choose to warn or to block"))
        case "alias" if clean:
            _require_spelling(fact, clean, organization)
        case "email" if clean:
            _require_email(fact, clean)
        case "telephone" if set(clean) - set("0123456789 +-.()"):
            raise _bad(fact, Words("chỉ gồm chữ số, dấu cách và + - . ( )", "it has digits, spaces and + - . ( )"))
    return clean


def cleaned_code(text: str) -> str:
    """The code of an agency. Raises `BadFact`."""
    try:
        return AgencyCode.parse(text).text
    except InvalidCode:
        raise _bad(CODE, _NO_CODE) from None


def _morning(fact: Fact, text: str) -> time:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        raise _bad(fact, Words("không phải giờ", "it is no time of day")) from None
    if not MORNING[0] <= found.replace(second=0, microsecond=0, tzinfo=None) <= MORNING[1]:
        raise _bad(fact, Words("từ 10:00 đến 13:00", "between 10:00 and 13:00"))
    return found.replace(second=0, microsecond=0, tzinfo=None)


def _whole(fact: Fact, text: str) -> int:
    least, most = WHOLE[fact.name]
    if not text.isdecimal() or not least <= int(text) <= most:
        raise _bad(fact, Words(f"số nguyên từ {least} đến {most}", f"a whole number from {least} to {most}"))
    return int(text)


def _require_spelling(fact: Fact, text: str, organization: Organization) -> None:
    """One that the directory has; before the directory was read, whatever is a code."""
    if text in spellings(organization):
        return
    if DirectoryAgency.objects.filter(code=organization.code).exists():
        raise _bad(fact, Words("danh bạ của Trục không có mã này", "the hub's directory has no such code"))
    try:
        AgencyCode.parse(text)
    except InvalidCode:
        raise _bad(fact, _NO_CODE) from None
    if _is_of_another(text, organization):
        raise _bad(fact, Words("là mã của cơ quan khác", "it is the code of another agency"))


def _is_of_another(text: str, organization: Organization) -> bool:
    """Whether another agency of this office or of the directory is written so."""
    here = Organization.objects.exclude(code=organization.code).filter(Q(code=text) | Q(alias=text))
    listed = DirectoryAgency.objects.exclude(code=organization.code).filter(Q(code=text) | Q(aliases__contains=[text]))
    return here.exists() or listed.exists()


def _require_email(fact: Fact, text: str) -> None:
    try:
        validate_email(text)
    except ValidationError:
        raise _bad(fact, Words("không phải địa chỉ thư điện tử", "it is no e-mail address")) from None


def _bad(fact: Fact, why: Words) -> BadFact:
    return BadFact(what=fact.words.vi, what_en=fact.words.en, why=why.vi, why_en=why.en)
