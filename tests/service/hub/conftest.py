"""A real hub over real HTTP: the live server, members with keys, and the double of the Java client."""

import hashlib
import io
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from lienthong.evidence.receipts import SigningKey
from lienthong.hub import agencies, codes, hubkeys, maintenance, policy, refusal_counts
from lienthong.hub.models import CodeChange
from lienthong.protocol.client.native import NativeConnection
from lienthong.protocol.client.vxp import VxpConnection
from lienthong.protocol.messages import Submission
from lienthong.standards.edxml import Business, Document, Organ, Related, StatusReport
from lienthong.standards.identifiers import DocumentIdentifier, DocumentNumber
from lienthong.standards.statuses import BusinessType, StatusCode, Urgency
from lienthong.standards.times import VIETNAM
from lienthong.testing.vxp_client import JavaClient
from tests.database import Kept
from tests.museum.packets import DOCUMENT, document_packet, status_packet

NAMES = {
    "G22": "Văn phòng Chính phủ",
    "H41": "Ủy ban nhân dân tỉnh Nghệ An",
    "H26": "Ủy ban nhân dân thành phố Hà Nội",
    "G12": "Bộ Tài chính",
}
SECRET = "Zm9yLXRlc3RzLW9ubHktbm90LWEtcmVhbC1zZWNyZXQ="


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Country:
    """The hub's address and its members."""

    url: str
    keys: dict[str, SigningKey]
    connections: list[NativeConnection | VxpConnection] = field(default_factory=list)

    def native(self, system: str, key: SigningKey | None = None, **options: object) -> NativeConnection:
        """A connection of a member; closed when the test is over."""
        connection = NativeConnection(self.url, system=system, key=key or self.keys[system], **options)  # type: ignore[arg-type]
        self.connections.append(connection)
        return connection

    def java(self, system: str, version: str = "2.0.1") -> JavaClient:
        return JavaClient(self.url, f"000.00.00.{system}", SECRET + system, version)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown() -> None:
    """What was refused is written by a thread of its own, which may not find the database closed after a test."""
    refusal_counts.forget_copy()


@pytest.fixture(autouse=True)
def _hub_routes(settings: pytest.FixtureRequest) -> None:
    settings.ROOT_URLCONF = "lienthong.runtime.urls_hub"  # type: ignore[attr-defined]


def forget_copies() -> None:
    """What the process keeps of the database, anew."""
    agencies.forget_copy()
    hubkeys.forget()
    policy.forget_copy()
    maintenance.forget_copy()
    refusal_counts.forget_copy()


@pytest.fixture(scope="session")
def members_at_hub(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> tuple[Kept, dict[str, SigningKey]]:
    """The members and their keys, entered once."""
    keys = {}
    with django_db_blocker.unblock():
        for code, name in NAMES.items():
            agencies.add_agency(code, name=name, aliases=[f"000.00.00.{code}"], at=now())
            keys[code] = SigningKey.generate()
            agencies.add_system(code, name=name, agencies=[], key=keys[code].public_jwk(), at=now())
            agencies.add_system(f"000.00.00.{code}", name=name, agencies=[], vxp_secret=SECRET + f"{code}", at=now())
            agencies.add_system(code, name=name, agencies=[code], at=now())
        return Kept("hub_members"), keys


@pytest.fixture
def country(
    transactional_db: None, live_server: LiveServer, members_at_hub: tuple[Kept, dict[str, SigningKey]]
) -> Iterator[Country]:
    members, keys = members_at_hub
    members.put_back()
    forget_copies()
    country = Country(live_server.url, dict(keys))
    yield country
    for connection in country.connections:
        connection.close()
    forget_copies()


def move_to_vxp(code: str) -> None:
    """From now on the agency is served by a system of existing client software."""
    agencies.add_system(f"000.00.00.{code}", name=NAMES[code], agencies=[code], at=now())


@pytest.fixture
def old_country(country: Country) -> Country:
    """A country in which G22 and H41 use existing client software, the others ours."""
    for code in ("G22", "H41"):
        move_to_vxp(code)
    return country


_numbers = iter(range(1, 100_000))


def make_document(to: tuple[str, ...] = ("H41",), sender: str = "G22", **changes: object) -> Document:
    """A fresh document with a number of its own."""
    number = DocumentNumber(next(_numbers), "QĐ-VPCP")
    document = replace(
        DOCUMENT,
        sender=Organ(sender, NAMES.get(sender, "")),
        recipients=tuple(Organ(code, NAMES.get(code, code)) for code in to),
        identifier=str(DocumentIdentifier.compose(sender, date(2026, 11, 23), number)),
        number=number.printed_number,
        notation=number.notation,
        urgency=Urgency.NORMAL,
        answers=(),
    )
    return replace(document, **changes)  # type: ignore[arg-type]


def make_status(document: Document, code: StatusCode, reporter: str = "H41", text: str = "") -> StatusReport:
    """What `reporter` says of a document; for 13, what its sender asks of `reporter`."""
    about = Related(document.sender.code, document.printed_number, document.identifier, document.issued_on)
    sender = reporter
    if code is StatusCode.TAKE_BACK:
        sender, about = document.sender.code, replace(about, organ=reporter)
    return StatusReport(Organ(sender, NAMES.get(sender, "")), about, code, text or code.words.vi, now())


def make_recall(document: Document, to: tuple[str, ...], **changes: object) -> Document:
    """The recall of a document: no files, the original's names."""
    business = Business(BusinessType.RECALL, "Ban hành nhầm nội dung", document.identifier)
    recall = replace(document, recipients=tuple(Organ(code, code) for code in to), business=business)
    return replace(recall, **changes)  # type: ignore[arg-type]


def close(code: str) -> None:
    """The registry closes an agency today."""
    today = now().astimezone(VIETNAM).date()
    codes.file(codes.Plan(CodeChange.Kind.CLOSE, (code,), today, "01/QĐ-VPCP"), at=now())
    agencies.forget_copy()


def submit(
    connection: NativeConnection,
    message: Document | StatusReport | bytes,
    *,
    sender: str = "",
    to: tuple[str, ...] = (),
    key: str = "",
    announced: str = "",
    **files: bytes,
) -> Submission:
    """Send a message, or bytes as they are."""
    if isinstance(message, Document):
        packet = document_packet(message, **files)
    elif isinstance(message, StatusReport):
        packet = status_packet(message)
    else:
        packet = message
    if not isinstance(message, bytes):
        sender = sender or message.sender.code
    opener: Callable[[], io.BytesIO] = lambda: io.BytesIO(packet)  # noqa: E731
    return connection.submit(
        opener, digest=announced or hashlib.sha256(packet).hexdigest(), size=len(packet), sender=sender,
        recipients=to, document_id="", idempotency_key=key or uuid.uuid4().hex,
    )  # fmt: skip


def receive_all(connection: NativeConnection) -> list[bytes]:
    """Fetch and acknowledge everything that waits."""
    packets = []
    for item in connection.inbox():
        into = io.BytesIO()
        connection.fetch(item, into)
        connection.acknowledge(item)
        packets.append(into.getvalue())
    return packets
