"""On which terms somebody takes part: readiness, conformity, security level, pilot (Articles 2.2, 13.1, 16.1, 21.1)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from lienthong.hub.agencies import forget_copy
from lienthong.hub.codes import REGISTRY
from lienthong.hub.models import Agency, Declaration, Readiness, Standing, System
from lienthong.hub.refusals import RegistryRefused
from lienthong.journal.models import Event
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol.messages import Reminder
from lienthong.standards.times import VIETNAM

NEAR_END = timedelta(days=30)
"""So long before a declaration ends its owner is reminded."""


def note_readiness(
    code: str,
    *,
    infrastructure: bool,
    technology: bool,
    security: bool,
    note: str = "",
    by: Actor = REGISTRY,
    at: datetime,
) -> Readiness:
    """Keep the result of the check of an organisation outside Article 2.1; a newer one stands in place of the older.

    Raises:
        RegistryRefused: no such agency.
    """
    with transaction.atomic():
        if not Agency.objects.filter(code=code).exists():
            raise RegistryRefused("unknown_code", code=code)
        facts = {"infrastructure": infrastructure, "technology": technology, "security": security}
        readiness, _ = Readiness.objects.update_or_create(
            agency_id=code, defaults={**facts, "note": note, "checked_at": at}
        )
        record(HubEvent.AGENCY_READINESS_NOTED, actor=by, subject=Subject("agency", code), at=at, **facts)
    forget_copy()
    return readiness


def declare(
    code: str,
    *,
    product: str,
    version: str,
    owner: str,
    number: str,
    valid_from: date,
    valid_to: date,
    by: Actor = REGISTRY,
    at: datetime,
) -> Declaration:
    """Register a system's declaration of conformity; under a known number its facts are corrected.

    Raises:
        RegistryRefused: no such system, something is missing, or it ends before it begins.
    """
    facts = {"product": product.strip(), "version": version.strip(), "owner": owner.strip()}
    if not all((*facts.values(), number.strip())) or valid_to < valid_from:
        raise RegistryRefused("declaration_incomplete")
    with transaction.atomic():
        _system(code)
        declaration, _ = Declaration.objects.update_or_create(
            system_id=code, number=number.strip(),
            defaults={**facts, "valid_from": valid_from, "valid_to": valid_to, "registered_at": at},
        )  # fmt: skip
        record(
            HubEvent.SYSTEM_DECLARED, actor=by, subject=Subject("system", code), at=at,
            number=number.strip(), valid_to=valid_to.isoformat(), **facts,
        )  # fmt: skip
    return declaration


def set_level(code: str, *, level: int, decision: str, by: Actor = REGISTRY, at: datetime) -> None:
    """Keep the approved security level of a system, 1 to 5, with its decision. Raises `RegistryRefused`."""
    if not 1 <= level <= 5 or not decision.strip():
        raise RegistryRefused("level_incomplete")
    _stand(code, by, at, security_level=level, level_decision=decision.strip())


def set_pilot(code: str, pilot: bool, *, by: Actor = REGISTRY, at: datetime) -> None:
    """Let a system take part as a pilot, its exchange counted apart; or for good. Raises `RegistryRefused`."""
    _stand(code, by, at, pilot=pilot)


def _stand(code: str, by: Actor, at: datetime, **facts: object) -> None:
    with transaction.atomic():
        _system(code)
        Standing.objects.update_or_create(system_id=code, defaults=facts)
        record(HubEvent.SYSTEM_STANDING_SET, actor=by, subject=Subject("system", code), at=at, **facts)


def _system(code: str) -> System:
    system = System.objects.filter(code=code).first()
    if system is None:
        raise RegistryRefused("unknown_system", code=code)
    return system


# -- what is missing -------------------------------------------------------------------------------------------------


def reminders(code: str, at: datetime) -> list[Reminder]:
    """What a connecting system and the operators should mend."""
    today = at.astimezone(VIETNAM).date()
    found = []
    declared = Declaration.objects.filter(system_id=code, valid_from__lte=today, valid_to__gte=today)
    last = declared.order_by("-valid_to").first()
    if last is None:
        found.append(_reminder("undeclared"))
    elif last.valid_to - today < NEAR_END:
        found.append(_reminder("declaration_ends", on=f"{last.valid_to:%d/%m/%Y}"))
    if not Standing.objects.filter(system_id=code, security_level__isnull=False).exists():
        found.append(_reminder("no_security_level"))
    return found


def overview(at: datetime) -> list[dict[str, object]]:
    """Every system: `code`, `pilot`, `security_level`, `missing` in words."""
    rows = System.objects.select_related("standing").order_by("code")
    return [
        {
            "code": one.code,
            "pilot": hasattr(one, "standing") and one.standing.pilot,
            "security_level": one.standing.security_level if hasattr(one, "standing") else None,
            "missing": [reminder.vi for reminder in reminders(one.code, at)],
        }
        for one in rows
    ]


def note_connection(code: str, at: datetime) -> list[Reminder]:
    """The reminders for a system that connects; that an undeclared one did is journaled, once a day."""
    found = reminders(code, at)
    if any(one.code == "undeclared" for one in found):
        midnight = at.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
        subject = Subject("system", code)
        noted = Event.objects.filter(
            subject_kind=subject.kind, subject=code, name=HubEvent.SYSTEM_UNDECLARED.value, at__gte=midnight
        )
        if not noted.exists():
            with transaction.atomic():
                record(HubEvent.SYSTEM_UNDECLARED, actor=REGISTRY, subject=subject, at=at)
    return found


def _reminder(code: str, **data: str) -> Reminder:
    vi, en = (text.format_map(data) for text in _WORDS[code])
    return Reminder(code, vi, en)


_WORDS = {
    "undeclared": (
        "Hệ thống chưa có công bố hợp quy còn hiệu lực; đăng ký với đơn vị quản lý danh mục.",
        "The system has no valid declaration of conformity; register one with the registry.",
    ),
    "declaration_ends": (
        "Công bố hợp quy hết hiệu lực ngày {on}; đăng ký bản mới trước ngày đó.",
        "The declaration of conformity ends on {on}; register a new one before.",
    ),
    "no_security_level": (
        "Chưa ghi nhận cấp độ an toàn hệ thống thông tin được phê duyệt; gửi quyết định phê duyệt cấp độ.",
        "No approved security level is on record; send the decision that approves it.",
    ),
}
