"""The test hub: systems that register by themselves, counterparts that answer by themselves, and forgetting.

All codes have the group `Z99` (see `mode`). Counterparts are members like any other: a process of its own plays them
through the native API (`runtime.counterparts`).
"""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from lienthong.hub import agencies, policy
from lienthong.hub.models import (
    Agency,
    Change,
    Delivery,
    IdempotencyKey,
    LegalHold,
    Packet,
    Quarantined,
    Relation,
    ReportedStatus,
    Request,
    SandboxSystem,
    SubmissionKey,
    System,
    SystemKey,
    Webhook,
)
from lienthong.hub.rows import can_hold
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol.messages_sandbox import WILLING, Counterpart
from lienthong.protocol.problems import BadRequest, TooManyRegistrations
from lienthong.standards.identifiers import TEST_GROUP, AgencyCode

ROOT = TEST_GROUP
COUNTERPARTS_SYSTEM = f"{TEST_GROUP}.00"
COUNTERPARTS = (
    WILLING,
    Counterpart(
        f"{TEST_GROUP}.00.02", "Đối tác thử nghiệm: từ chối tiếp nhận",
        "Báo 01 rồi từ chối (02), có lý do.",
        "Reports 01, then refuses (02) with a reason.",
    ),
    Counterpart(
        f"{TEST_GROUP}.00.03", "Đối tác thử nghiệm: đồng ý thu hồi",
        "Báo 01, 03; khi thu hồi, cập nhật, lấy lại thì đồng ý (15).",
        "Reports 01, 03; agrees to recalls, updates and take-backs (15).",
    ),
    Counterpart(
        f"{TEST_GROUP}.00.04", "Đối tác thử nghiệm: từ chối thu hồi",
        "Báo 01, 03; khi thu hồi, cập nhật, lấy lại thì từ chối (16), có lý do.",
        "Reports 01, 03; declines recalls, updates and take-backs (16) with a reason.",
    ),
)  # fmt: skip
FIRST_NUMBER = 99
"""What is added to a test system's number, so that its codes never look like those of the counterparts."""
MOST_AGENCIES = 5
LONGEST_NAME = 150
AN_HOUR = timedelta(hours=1)
MOST_OF_ADDRESS, MOST_OF_ALL = 10, 100
"""Registrations an hour."""
MARK = "[THỬ NGHIỆM] "
SELF_SERVICE = Actor("service", "sandbox", "Đăng ký thử nghiệm")


@dataclass(frozen=True)
class Registered:
    """A test system as it is told to who registered it; the secret is shown this once.

    Attributes:
        secret: of the door of existing client software; empty where it was not asked for.
        agencies: (code, 13-character spelling, name).
    """

    system: str
    secret: str
    kid: str
    agencies: tuple[tuple[str, str, str], ...]


def register(
    name: str, names: Sequence[str], *, key: Mapping[str, Any] | None, vxp: bool, address: str, at: datetime
) -> Registered:
    """Connect a test system with agencies of its own, which nobody has to approve.

    Args:
        names: of its agencies, up to five.
        key: public JWK with which it signs, for the native API.
        vxp: whether it gets a secret for the door of existing client software.
        address: who asks, for the limit.

    Raises:
        BadRequest: a name is missing or too long, the key is none, or neither door is asked for.
        TooManyRegistrations.
    """
    if not 1 <= len(names) <= MOST_AGENCIES:
        raise BadRequest(reason=f"cần từ 1 đến {MOST_AGENCIES} cơ quan thử nghiệm")
    if not all(0 < len(each.strip()) <= LONGEST_NAME and can_hold(each) for each in (name, *names)):
        raise BadRequest(reason=f"tên có từ 1 đến {LONGEST_NAME} ký tự")
    if key is None and not vxp:
        raise BadRequest(reason="cần key (JWK) để dùng API, hoặc vxp để dùng cổng phần mềm hiện có")
    with transaction.atomic():
        number = FIRST_NUMBER + _take_number(address, at).pk
        try:
            return _connect(number, name.strip(), [each.strip() for each in names], key, vxp=vxp, at=at)
        except ValueError as reason:
            raise BadRequest(reason=f"key: {reason}") from reason


def _take_number(address: str, at: datetime) -> SandboxSystem:
    with connection.cursor() as cursor:  # two at once would both pass the limit
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lienthong.sandbox'))")
    recent = SandboxSystem.objects.filter(registered_at__gt=at - AN_HOUR)
    for found, most in ((recent.filter(address=address or None), MOST_OF_ADDRESS), (recent, MOST_OF_ALL)):
        if found.count() >= most:
            oldest = found.order_by("-registered_at").values_list("registered_at", flat=True)[most - 1]
            raise TooManyRegistrations(retry_after=int((oldest + AN_HOUR - at).total_seconds()) + 1)
    return SandboxSystem.objects.create(registered_at=at, address=address or None)


def _connect(
    number: int, name: str, names: Sequence[str], key: Mapping[str, Any] | None, *, vxp: bool, at: datetime
) -> Registered:
    group = f"{TEST_GROUP}.{number // 100:02}.{number % 100:02}"
    codes = [f"{group}.{place:03}" for place in range(1, len(names) + 1)]
    for code, each in zip(codes, names, strict=True):
        agencies.add_agency(code, name=MARK + each, parent=ROOT, aliases=_old_spelling(code), at=at)
    secret = b64encode(secrets.token_bytes(32)).decode() if vxp else ""
    system = agencies.add_system(group, name=MARK + name, agencies=codes, vxp_secret=secret, key=key, at=at)
    system.native, system.auto_approves = key is not None, True
    system.save(update_fields=["native", "auto_approves"])
    SandboxSystem.objects.filter(pk=number - FIRST_NUMBER).update(system=system)
    kid = system.keys.values_list("kid", flat=True).first() or ""
    if key is not None and not kid:
        raise ValueError("khóa đã dùng cho hệ thống khác; tạo khóa mới / the key is another system's, make a new one")
    _forget_copies()
    listed = ((code, "".join(_old_spelling(code)), MARK + each) for code, each in zip(codes, names, strict=True))
    return Registered(group, secret, kid, tuple(listed))


def _old_spelling(code: str) -> tuple[str, ...]:
    alias = AgencyCode.parse(code).suggested_alias()
    return (alias.text,) if alias else ()


def install_counterparts(key: Mapping[str, Any], *, at: datetime) -> None:
    """Put the counterparts into the directory, served by one system with this public JWK."""
    if SystemKey.objects.filter(system_id=COUNTERPARTS_SYSTEM, kid=key["kid"]).exists():
        return
    agencies.add_agency(ROOT, name="Mã dành riêng cho thử nghiệm, không dùng thật", at=at)
    for one in COUNTERPARTS:
        agencies.add_agency(one.code, name=MARK + one.name, parent=ROOT, aliases=_old_spelling(one.code), at=at)
    codes = [one.code for one in COUNTERPARTS]
    name = f"{MARK}Đối tác tự động"
    agencies.add_system(COUNTERPARTS_SYSTEM, name=name, agencies=codes, key=key, at=at)


# -- forgetting ------------------------------------------------------------------------------------------------------


def forget_old(at: datetime) -> None:
    """Forget packets some days after they came, and systems some days after their last call."""
    before = at - timedelta(days=settings.LIENTHONG.sandbox_days)
    _forget_packets(before)
    silent = Q(system__last_contact_at__isnull=True) | Q(system__last_contact_at__lt=before)
    old = SandboxSystem.objects.filter(silent, registered_at__lt=before, forgotten_at__isnull=True)
    for one in old.exclude(system=None).select_related("system")[:200]:
        with transaction.atomic():
            _forget_system(one, at)
    _forget_copies()


def _forget_packets(before: datetime) -> None:
    """Everything of a packet goes, the youngest amendments first; its bytes go with the next sweep."""
    while ids := list(
        Packet.objects.filter(submitted_at__lt=before, amended_by=None).values_list("pk", flat=True)[:1000]
    ):
        with transaction.atomic():
            deliveries = Delivery.objects.filter(packet__in=ids)
            ReportedStatus.objects.filter(Q(packet__in=ids) | Q(delivery__in=deliveries)).delete()
            Change.objects.filter(delivery__in=deliveries).delete()
            Request.objects.filter(Q(delivery__in=deliveries) | Q(answer__in=ids)).delete()
            LegalHold.objects.filter(packet__in=ids).delete()
            Quarantined.objects.filter(packet__in=ids).update(packet=None)
            Relation.objects.filter(packet__in=ids).delete()
            Relation.objects.filter(target__in=ids).update(target=None)
            deliveries.delete()
            SubmissionKey.objects.filter(packet__in=ids).delete()
            Packet.objects.filter(pk__in=ids).delete()


def _forget_system(one: SandboxSystem, at: datetime) -> None:
    """Its names, keys and secrets go, and its codes close: they are never given again, here neither."""
    system = one.system
    assert system is not None  # noqa: S101 - asked for
    SystemKey.objects.filter(system=system).delete()
    Quarantined.objects.filter(system=system).delete()
    IdempotencyKey.objects.filter(system=system).delete()
    Webhook.objects.filter(system=system).delete()
    forgotten = f"{MARK}đã quên"
    System.objects.filter(pk=system.pk).update(
        name=forgotten, native=False, vxp=False, vxp_secret=b"", vxp_secret_before=b"", vxp_secret_before_until=None
    )
    Agency.objects.filter(system=system).update(name=forgotten, search_key="", open=False, ended_at=at)
    SandboxSystem.objects.filter(pk=one.pk).update(forgotten_at=at, address=None)
    record(HubEvent.SANDBOX_FORGOTTEN, actor=SELF_SERVICE, subject=Subject("system", system.code), at=at)


def _forget_copies() -> None:
    agencies.forget_copy()
    policy.forget_copy()
