"""Two agencies of one installation between which documents pass inside it, as tests need them: the second agency, the
decision, the worker, and what the clerks see and do."""

import json
import re
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from lienthong.evidence.receipts import SigningKey
from lienthong.office import config, jobs
from lienthong.office.models import (
    IncomingDocument,
    LocalDelivery,
    OutboxPacket,
    OutgoingDocument,
)
from lienthong.office.people import local_exchange
from lienthong.office.people.setup import SETUP
from tests.service.office.conftest import Office, now
from tests.service.office.test_law_incoming import press as press_incoming

DECISION = "12/QĐ-UBND ngày 01/11/2026"
WHY = {"reason": "Ban hành nhầm thẩm quyền", "authority": "Phó Chủ nhiệm"}


@pytest.fixture
def key(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SigningKey:
    """The key of the installation, as the hub knows it."""
    made = SigningKey.generate()
    file = tmp_path / "system.json"
    file.write_text(json.dumps(made.private_jwk()), encoding="utf-8")
    told = replace(django_settings.LIENTHONG, system="HT-G22", system_key=str(file))
    monkeypatch.setattr(django_settings, "LIENTHONG", told, raising=False)
    config.system_key.cache_clear()
    return made


@pytest.fixture
def inside(key: SigningKey, nghe_an: Office) -> Office:
    """The second agency, once documents may go inside."""
    local_exchange.switch_on(DECISION, actor=SETUP, at=now())
    return nghe_an


def carry() -> None:
    """What the worker does, as long as there is something to do."""
    waiting = LocalDelivery.objects.filter(state__in=("initial", "processing"))
    while OutboxPacket.objects.filter(carrier="local", state="waiting", next_at__lte=now()) or waiting.exists():
        jobs.exchange_inside(threading.Event())


def arrived(document: OutgoingDocument) -> IncomingDocument:
    carry()
    return IncomingDocument.objects.get(organization__code="H41", identifier=document.identifier, state="arrived")


def tracked(office: Office, document: OutgoingDocument) -> dict[str, str]:
    """Recipient → state, as the clerk's page shows them."""
    page = office.client("van.thu").get(f"/van-ban-di/{document.pk}/").content.decode()
    return dict(re.findall(r'data-recipient="([^"]+)" data-sending="([^"]+)"', page))


def recipient(document: OutgoingDocument, code: str = "H41") -> int:
    return int(document.recipients.get(code=code).pk)


def handled(office: Office, document: IncomingDocument) -> None:
    """From the arrival to the end of the work."""
    assert press_incoming(office, "van.thu", document, "accept") == ""
    unit = office["truong.dv"].posts.get().unit_id
    assert press_incoming(office, "lanh.dao", document, "instruct", **{f"unit-{unit}": "lead", "text": "Xử lý"}) == ""
    task = document.assignments.get(ended_at=None)
    person = office["chuyen.vien"].pk
    assert press_incoming(office, "truong.dv", document, "hand", assignment=task.pk, person=person) == ""
    assert press_incoming(office, "chuyen.vien", document, "start", assignment=task.pk) == ""
    assert press_incoming(office, "chuyen.vien", document, "finish", outcome="Đã trả lời") == ""
