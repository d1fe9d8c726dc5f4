"""What security monitoring is told (Article 16.2): refusals at the doors by the minute, and what operators did.

The kinds are a closed list; `docs/reference/security-events.md` publishes them with the format. Two sources feed it:

- **refusals**, of which anybody can cause as many as he likes: counted by (minute, reason, system, network), in memory,
  and written once a second. Of callers who are nobody's, each process writes at most `STRANGERS_AN_HOUR` rows an hour
  apart; all others are counted together. A killed process loses what it counted within that second, never more.
- **acts**, which stand in the journal anyway, in the transaction of what they tell of: read from there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection

from lienthong.journal.record import horizon
from lienthong.journal.vocabulary import OF_SECURITY, HubEvent
from lienthong.protocol import support
from lienthong.protocol.problems import (
    AssertionReplayed,
    BadRequest,
    CertificateEnded,
    CertificateMissing,
    CertificateUnknown,
    ClockAhead,
    DigestMismatch,
    DoorClosed,
    ForeignNetwork,
    FromMismatch,
    InsecureChannel,
    NotARecipient,
    NotTheSender,
    NotYourAgency,
    NotYourSubtree,
    PacketInvalid,
    Problem,
    StatementInvalid,
    Suspended,
    TokenBound,
    TooManyRequests,
    Unauthenticated,
)

VERSION = 1
MOST = 500


class Severity(StrEnum):
    """How much it matters, for whoever sorts by it."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Kind(StrEnum):
    """What can happen; a kind is never changed and never used again for something else."""

    AUTHENTICATION_FAILED = "authentication_failed"
    ASSERTION_REPLAYED = "assertion_replayed"
    REVOKED_KEY_USED = "revoked_key_used"
    FOREIGN_NETWORK = "foreign_network"
    FOREIGN_CERTIFICATE = "foreign_certificate"
    TOKEN_MISUSED = "token_misused"  # noqa: S105 - a name
    INSECURE_CHANNEL = "insecure_channel"
    SUSPENDED_SYSTEM_CALLED = "suspended_system_called"
    DOOR_CLOSED = "door_closed"
    RATE_EXCEEDED = "rate_exceeded"
    FOREIGN_AGENCY = "foreign_agency"
    STATEMENT_INVALID = "statement_invalid"
    CONTENT_TAMPERED = "content_tampered"
    HOSTILE_PACKET = "hostile_packet"
    CLOCK_AHEAD = "clock_ahead"
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    STATE_SECRET_DESTROYED = "state_secret_destroyed"  # noqa: S105 - a name
    RIGHTS_CHANGED = "rights_changed"
    CREDENTIAL_CHANGED = "credential_changed"
    KEY_REVOKED = "key_revoked"
    SYSTEM_SUSPENDED = "system_suspended"
    SYSTEM_RESUMED = "system_resumed"


@dataclass(frozen=True)
class Meaning:
    """How a kind weighs, and what it means."""

    severity: Severity
    vi: str
    en: str


MEANINGS: Mapping[Kind, Meaning] = {
    Kind.AUTHENTICATION_FAILED: Meaning(
        Severity.MEDIUM, "Gọi bằng khóa, mã bí mật hoặc mã truy cập sai", "a call with a wrong key, secret or token"
    ),
    Kind.ASSERTION_REPLAYED: Meaning(
        Severity.HIGH, "Dùng lại bản xác nhận đã dùng", "a client assertion was used again"
    ),
    Kind.REVOKED_KEY_USED: Meaning(Severity.HIGH, "Dùng khóa đã thu hồi", "a key that was revoked was used"),
    Kind.FOREIGN_NETWORK: Meaning(
        Severity.HIGH, "Gọi đúng khóa từ mạng chưa đăng ký", "a genuine call from a network that is not registered"
    ),
    Kind.FOREIGN_CERTIFICATE: Meaning(
        Severity.HIGH,
        "Gọi đúng khóa mà không có chứng thư đã đăng ký, còn hạn",
        "a genuine call without a certificate that is registered and valid",
    ),
    Kind.TOKEN_MISUSED: Meaning(
        Severity.HIGH, "Dùng mã truy cập mà không có chứng thư của nó", "a token was used without its certificate"
    ),
    Kind.INSECURE_CHANNEL: Meaning(Severity.MEDIUM, "Gọi không mã hóa từ ngoài", "a call from outside by plain HTTP"),
    Kind.SUSPENDED_SYSTEM_CALLED: Meaning(Severity.LOW, "Hệ thống đang tạm ngừng vẫn gọi", "a suspended system called"),
    Kind.DOOR_CLOSED: Meaning(Severity.LOW, "Gọi cổng không được mở cho hệ thống", "a call at a door not open to it"),
    Kind.RATE_EXCEEDED: Meaning(Severity.LOW, "Gọi quá số lượt cho phép", "more calls than agreed"),
    Kind.FOREIGN_AGENCY: Meaning(
        Severity.HIGH,
        "Hệ thống gửi, báo hoặc sửa thay cơ quan khác",
        "a system acted for an agency that is not its own",
    ),
    Kind.STATEMENT_INVALID: Meaning(
        Severity.HIGH, "Bản xác nhận ký số không hợp lệ", "a signed statement that does not hold"
    ),
    Kind.CONTENT_TAMPERED: Meaning(
        Severity.HIGH, "Nội dung đến khác nội dung đã công bố", "what arrived is not what was announced"
    ),
    Kind.HOSTILE_PACKET: Meaning(
        Severity.HIGH,
        "Gói tin mang DOCTYPE, bom nén hoặc cấu trúc phá hoại",
        "a packet with a DOCTYPE, a zip bomb or another hostile structure",
    ),
    Kind.CLOCK_AHEAD: Meaning(Severity.LOW, "Giờ khai báo sớm hơn giờ Trục", "a claimed time ahead of the hub's clock"),
    Kind.SIGNED_IN: Meaning(Severity.INFO, "Đăng nhập bảng điều khiển", "somebody signed in at the console"),
    Kind.SIGN_IN_REFUSED: Meaning(
        Severity.MEDIUM, "Từ chối đăng nhập bảng điều khiển", "a sign-in at the console was refused"
    ),
    Kind.STATE_SECRET_DESTROYED: Meaning(
        Severity.HIGH, "Hủy gói tin mang dấu mật", "a packet marked as a state secret was destroyed"
    ),
    Kind.RIGHTS_CHANGED: Meaning(
        Severity.MEDIUM, "Thay đổi quyền của hệ thống hoặc người dùng", "what a system or a person may do was changed"
    ),
    Kind.CREDENTIAL_CHANGED: Meaning(
        Severity.MEDIUM,
        "Đăng ký hoặc đổi khóa, mã bí mật, con dấu",
        "a key, a secret or a seal was registered or changed",
    ),
    Kind.KEY_REVOKED: Meaning(Severity.HIGH, "Thu hồi khóa", "a key was revoked"),
    Kind.SYSTEM_SUSPENDED: Meaning(Severity.HIGH, "Tạm ngừng hệ thống", "a system was suspended"),
    Kind.SYSTEM_RESUMED: Meaning(Severity.MEDIUM, "Cho hệ thống hoạt động lại", "a system was resumed"),
}

OF_PROBLEM: Mapping[type[Problem], Kind] = {
    Unauthenticated: Kind.AUTHENTICATION_FAILED,
    AssertionReplayed: Kind.ASSERTION_REPLAYED,
    ForeignNetwork: Kind.FOREIGN_NETWORK,
    CertificateMissing: Kind.FOREIGN_CERTIFICATE,
    CertificateUnknown: Kind.FOREIGN_CERTIFICATE,
    CertificateEnded: Kind.FOREIGN_CERTIFICATE,
    TokenBound: Kind.TOKEN_MISUSED,
    InsecureChannel: Kind.INSECURE_CHANNEL,
    Suspended: Kind.SUSPENDED_SYSTEM_CALLED,
    DoorClosed: Kind.DOOR_CLOSED,
    TooManyRequests: Kind.RATE_EXCEEDED,
    NotYourAgency: Kind.FOREIGN_AGENCY,
    NotYourSubtree: Kind.FOREIGN_AGENCY,
    NotTheSender: Kind.FOREIGN_AGENCY,
    NotARecipient: Kind.FOREIGN_AGENCY,
    FromMismatch: Kind.FOREIGN_AGENCY,
    StatementInvalid: Kind.STATEMENT_INVALID,
    DigestMismatch: Kind.CONTENT_TAMPERED,
    ClockAhead: Kind.CLOCK_AHEAD,
}
"""What a refusal means; one that is not here is nothing for monitoring."""

HOSTILE_FAULTS = frozenset(
    {"doctype_forbidden", "zip_bomb", "too_deep", "too_many_elements", "header_too_large", "stray_content",
     "second_content"}
)  # fmt: skip
"""Faults of a packet (`standards.edxml.problems`) that no honest software makes."""

OF_EVENT: Mapping[HubEvent, Kind] = {
    HubEvent.SIGNED_IN: Kind.SIGNED_IN,
    HubEvent.SIGN_IN_REFUSED: Kind.SIGN_IN_REFUSED,
    HubEvent.OPERATOR_ADDED: Kind.RIGHTS_CHANGED,
    HubEvent.OPERATOR_CHANGED: Kind.RIGHTS_CHANGED,
    HubEvent.OPERATOR_CLOSED: Kind.RIGHTS_CHANGED,
    HubEvent.OPERATOR_REOPENED: Kind.RIGHTS_CHANGED,
    HubEvent.PASSWORD_CHANGED: Kind.CREDENTIAL_CHANGED,
    HubEvent.PASSWORD_RESET: Kind.CREDENTIAL_CHANGED,
    HubEvent.AGENCY_SEAL_REGISTERED: Kind.CREDENTIAL_CHANGED,
    HubEvent.SYSTEM_ADDED: Kind.RIGHTS_CHANGED,
    HubEvent.SYSTEM_KEY_ADDED: Kind.CREDENTIAL_CHANGED,
    HubEvent.SYSTEM_KEY_RETIRED: Kind.CREDENTIAL_CHANGED,
    HubEvent.SYSTEM_KEY_REVOKED: Kind.KEY_REVOKED,
    HubEvent.SYSTEM_SECRET_CHANGED: Kind.CREDENTIAL_CHANGED,
    HubEvent.SYSTEM_CERTIFICATE_ADDED: Kind.CREDENTIAL_CHANGED,
    HubEvent.SYSTEM_CERTIFICATE_ENDING: Kind.CREDENTIAL_CHANGED,
    HubEvent.SYSTEM_CERTIFICATE_REVOKED: Kind.KEY_REVOKED,
    HubEvent.SYSTEM_POLICY_CHANGED: Kind.RIGHTS_CHANGED,
    HubEvent.SYSTEM_SUSPENDED: Kind.SYSTEM_SUSPENDED,
    HubEvent.SYSTEM_RESUMED: Kind.SYSTEM_RESUMED,
    HubEvent.HUB_KEY_CHANGED: Kind.CREDENTIAL_CHANGED,
    HubEvent.PACKET_DESTROYED: Kind.STATE_SECRET_DESTROYED,
    HubEvent.MONITOR_ADDED: Kind.RIGHTS_CHANGED,
    HubEvent.MONITOR_REVOKED: Kind.RIGHTS_CHANGED,
    HubEvent.WEBHOOK_REGISTERED: Kind.RIGHTS_CHANGED,
    HubEvent.WEBHOOK_CHANGED: Kind.RIGHTS_CHANGED,
    HubEvent.WEBHOOK_SECRET_CHANGED: Kind.CREDENTIAL_CHANGED,
    HubEvent.WEBHOOK_REMOVED: Kind.RIGHTS_CHANGED,
}
"""What an act means; `journal.vocabulary.OF_SECURITY` lists the same events."""


def kind_of(problem: Problem, fault: str) -> Kind | None:
    """What a refusal is for monitoring, None for nothing.

    Args:
        fault: of a packet that breaks the format, its first fault.
    """
    if isinstance(problem, PacketInvalid):
        return Kind.HOSTILE_PACKET if fault in HOSTILE_FAULTS else None
    if isinstance(problem, Unauthenticated) and problem.data.get("revoked"):
        return Kind.REVOKED_KEY_USED
    return OF_PROBLEM.get(type(problem))


# -- the feed ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """Where a reader stands: transaction, source (`a` acts, `r` refusals, in this order), and row."""

    transaction: int
    source: str
    row: int

    def __str__(self) -> str:
        return f"{self.transaction}-{self.source}{self.row}"


_LAST = (1 << 62) - 1


def feed(after: str, *, limit: int = MOST) -> support.SecurityEvents:
    """What came after a cursor (empty: from the beginning); never past a commit that is still to come.

    Raises:
        BadRequest: the cursor is none of this feed's.
    """
    place = _read_place(after)
    most = min(limit, MOST)
    end = horizon()
    of_acts = place.row if place.source == "a" else _LAST
    of_refusals = place.row if place.source == "r" else -1
    with connection.cursor() as database:
        database.execute(_ACTS, [place.transaction, of_acts, end, most + 1])
        found = [_act(row) for row in database.fetchall()]
        database.execute(_REFUSALS, [place.transaction, of_refusals, end, most + 1])
        found += [_refusal(row) for row in database.fetchall()]
    found.sort(key=lambda pair: (pair[0].transaction, pair[0].source, pair[0].row))
    events = tuple(event for _, event in found[:most])
    return support.SecurityEvents(VERSION, events, events[-1].cursor if events else after, len(found) > most)


def all_since(after: str) -> Iterator[support.SecurityEvent]:
    """Everything after a cursor by now, page by page. Raises `BadRequest`."""
    while True:
        page = feed(after)
        yield from page.events
        after = page.cursor
        if not page.more:
            return


def _read_place(cursor: str) -> _Place:
    if not cursor:
        return _Place(0, "a", -1)
    transaction, _, rest = cursor.partition("-")
    source, row = rest[:1], rest[1:]
    numbers = transaction + row
    if source not in ("a", "r") or not (numbers.isascii() and transaction.isdigit() and row.isdigit()):
        raise BadRequest(reason="after không phải con trỏ của luồng sự kiện")
    if len(transaction) > 18 or len(row) > 18:
        raise BadRequest(reason="after không phải con trỏ của luồng sự kiện")
    return _Place(int(transaction), source, int(row))


_NAMES = ", ".join(f"'{event.value}'" for event in OF_SECURITY)
# The names stand in the statement itself: so the planner sees that the index of these events answers it.
_ACTS = f"""
SELECT transaction, id, name, at, actor_kind, actor, subject_kind, subject, data::text FROM journal_event
WHERE name IN ({_NAMES}) AND (transaction, id) > (%s, %s) AND transaction < %s
ORDER BY transaction, id LIMIT %s
"""  # noqa: S608 - names of ours
_REFUSALS = """
SELECT transaction, id, kind, first_at, last_at, count, system, network, problem, fault FROM hub_refusal
WHERE kind <> '' AND (transaction, id) > (%s, %s) AND transaction < %s
ORDER BY transaction, id LIMIT %s
"""


def _act(row: tuple[Any, ...]) -> tuple[_Place, support.SecurityEvent]:
    transaction, number, name, at, actor_kind, actor, subject_kind, subject, data = row
    event = HubEvent(name)
    kind, place = OF_EVENT[event], _Place(transaction, "a", number)
    concerned = subject if subject_kind == "system" else actor if actor_kind == "system" else ""
    return place, support.SecurityEvent(
        cursor=str(place), id=f"a{number}", kind=kind.value, severity=MEANINGS[kind].severity.value,
        at=at, last_at=at, count=1, system=concerned, network="", actor=f"{actor_kind}:{actor}",
        subject=f"{subject_kind}:{subject}", facts={"event": name, **json.loads(data)},
    )  # fmt: skip


def _refusal(row: tuple[Any, ...]) -> tuple[_Place, support.SecurityEvent]:
    transaction, number, name, first_at, last_at, count, system, network, problem, fault = row
    kind, place = Kind(name), _Place(transaction, "r", number)
    facts = {"problem": problem} | ({"fault": fault} if fault else {})
    return place, support.SecurityEvent(
        cursor=str(place), id=f"r{number}", kind=name, severity=MEANINGS[kind].severity.value,
        at=first_at, last_at=last_at, count=count, system=system, network=network, actor="", subject="", facts=facts,
    )  # fmt: skip
