"""A leader instructs: beside the document at a desk, with a thumb on a phone; a deadline by one choice, a person by name
(Decree 30/2020, Article 23.2)."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from lienthong.office.models import IncomingDocument
from lienthong.office.people.calendar import calendar_of
from lienthong.standards.times import VIETNAM
from tests.browser import AXE, DESK, barriers, chromium
from tests.service.office.conftest import Office
from tests.service.office.test_handling import came, rung, task_of
from tests.service.office.test_incoming import MemoryHub
from tests.service.office.test_law_incoming import opened, press
from tests.service.office.test_phone import look, phone  # noqa: F401 - a fixture


@pytest.fixture
def waiting(office: Office, hub: MemoryHub) -> IncomingDocument:
    """Accepted and presented."""
    document = came(hub)
    assert press(office, "van.thu", document, "accept") == press(office, "van.thu", document, "present") == ""
    return document


@pytest.fixture
def desk(office: Office, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """The leader's browser at a desk, that knows axe."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with chromium() as browser:
        page = browser.new_page(viewport=DESK, locale="vi-VN")  # type: ignore[arg-type]
        page.add_init_script(path=AXE)
        held = office.client("lanh.dao").cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": held, "url": live_server.url}])
        yield page


def in_days(office: Office, days: int) -> datetime:
    day = calendar_of(office.organization).after(timezone.localdate(), days)
    return datetime.combine(day, time(17), VIETNAM)


@pytest.mark.law("D30-23-2")
def test_a_person_of_the_lead_is_named_and_a_deadline_is_one_choice(office: Office, waiting: IncomingDocument) -> None:
    lead, other = office.units["KSTT"].pk, office.units["TH"].pk
    value = f"{in_days(office, 3):%Y-%m-%dT%H:%M}"
    assert f'value="{value}"' in opened(office, "lanh.dao", waiting)
    said = {f"unit-{lead}": "lead", f"unit-{other}": "coordinate", "within": value}
    assert press(office, "lanh.dao", waiting, "instruct", **said, named=office["kiem.tra"].pk) == "forbidden"
    assert press(office, "lanh.dao", waiting, "instruct", **said, named=987654321) == "not_found"
    assert waiting.state == "accepted"
    assert press(office, "lanh.dao", waiting, "instruct", **said, named=office["chuyen.vien"].pk) == ""
    task = task_of(waiting)
    assert (task.person, task.due_at) == (office["chuyen.vien"], in_days(office, 3))
    assert task_of(waiting, "coordinate").person is None
    assert task_of(waiting, "coordinate").due_at == in_days(office, 3)
    assert rung(office, "chuyen.vien", "Được giao")
    assert rung(office, "truong.dv", "Được giao")
    assert press(office, "chuyen.vien", waiting, "start", assignment=task.pk) == ""


@pytest.mark.law("D30-24-2")
def test_what_a_head_chooses_is_never_beyond_the_leaders_deadline(office: Office, waiting: IncomingDocument) -> None:
    said = {f"unit-{office.units['KSTT'].pk}": "lead", "within": f"{in_days(office, 5):%Y-%m-%dT%H:%M}"}
    assert press(office, "lanh.dao", waiting, "instruct", **said) == ""
    page = opened(office, "truong.dv", waiting)
    assert f'value="{in_days(office, 5):%Y-%m-%dT%H:%M}"' in page
    assert f'value="{in_days(office, 7):%Y-%m-%dT%H:%M}"' not in page
    hand = {"assignment": task_of(waiting).pk, "person": office["chuyen.vien"].pk}
    late = f"{in_days(office, 7):%Y-%m-%dT%H:%M}"
    assert press(office, "truong.dv", waiting, "hand", **hand, within=late) == "deadline_out_of_bounds"
    assert press(office, "truong.dv", waiting, "hand", **hand, within=f"{in_days(office, 2):%Y-%m-%dT%H:%M}") == ""
    assert task_of(waiting).person_due_at == in_days(office, 2)


@pytest.mark.browser
@pytest.mark.law("D30-23-2")
def test_at_a_desk_the_document_stays_in_sight_while_the_leader_writes(
    office: Office, waiting: IncomingDocument, desk: Page, live_server: Any
) -> None:
    desk.goto(f"{live_server.url}/van-ban-den/{waiting.pk}/")
    desk.keyboard.press("a")
    dialog = desk.locator("dialog[open]")
    expect(dialog.get_by_role("heading", name="Ý kiến chỉ đạo, phân công")).to_be_visible()
    box, paper = dialog.bounding_box(), desk.locator(".canvas").bounding_box()
    assert box is not None
    assert paper is not None
    assert box["x"] >= paper["x"] + 0.85 * paper["width"]  # it stands over the facts, not over the document
    desk.locator(".canvas").hover()  # nothing lies over it
    assert barriers(desk) == []
    dialog.get_by_label("Ý kiến chỉ đạo").fill("Giao chủ trì")
    desk.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(desk.get_by_role("button", name="Chỉ đạo, phân công")).to_be_focused()
    desk.keyboard.press("a")
    dialog.get_by_label("Cục Kiểm soát thủ tục hành chính", exact=True).select_option(label="Chủ trì")
    dialog.get_by_role("button", name="Phân công").click()
    desk.locator(".dochead").get_by_text("Đã chuyển xử lý").wait_for()
    waiting.refresh_from_db()
    assert waiting.state == "assigned"


@pytest.mark.browser
@pytest.mark.law("D30-23-2", "AVI-2b")
def test_on_a_phone_the_leader_reads_and_instructs_with_a_thumb(
    office: Office,
    waiting: IncomingDocument,
    phone: Page,  # noqa: F811
    live_server: Any,
) -> None:
    phone.goto(live_server.url)
    phone.get_by_role("link", name="Mở văn bản").tap()
    expect(phone.locator("h1")).to_contain_text(waiting.subject)
    expect(phone.locator(".viewer")).to_be_visible()
    look(phone, "doc-dien-thoai")
    phone.get_by_role("button", name="Chỉ đạo, phân công").tap()
    dialog = phone.locator("dialog[open]")
    dialog.get_by_label("Ý kiến chỉ đạo").fill("Tham mưu trả lời")
    dialog.get_by_label("Hạn xử lý").select_option(index=4)
    dialog.get_by_label("Cục Kiểm soát thủ tục hành chính", exact=True).select_option(label="Chủ trì")
    look(phone, "chi-dao-dien-thoai")
    dialog.get_by_role("button", name="Phân công").tap()
    phone.locator(".dochead").get_by_text("Đã chuyển xử lý").wait_for()
    assert task_of(waiting).due_at == in_days(office, 5)
