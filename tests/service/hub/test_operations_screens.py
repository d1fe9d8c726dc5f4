"""Cảnh báo, Sự cố, hỗ trợ, Thông báo, Vận hành in a real browser: desk and phone, light and dark, both languages."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings

from lienthong.hub import maintenance, notices, tickets
from lienthong.hub.models import Alert, DiskSample, Incident, Notice, System, Ticket
from lienthong.hub.operators import Role
from lienthong.hub.watch import alerts, gauges, rounds
from lienthong.journal.record import Actor
from tests.browser import barriers, chromium
from tests.service.hub.conftest import Country, now
from tests.service.hub.people import sit_down
from tests.service.hub.test_console_screens import WAYS, Desk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("console")]

CLERK = Actor("person", "truc.ban", "Tạ Quang Duy")
PLACES = {
    "alerts": "canh-bao/", "support": "su-co/", "ticket": "su-co/phieu/1/", "notices": "thong-bao/", "running": "van-hanh/",
}  # fmt: skip


def busy(at_work: bool) -> None:
    """A hub with something to see on every page; or one in which all is quiet."""
    at = now()
    gauges.measure_due(at)
    rounds.Heart("truc-1.vpcp:8100", at).beat(at, took=0.21)
    System.objects.update(last_contact_at=at)
    if not at_work:
        return
    for days, used in ((6, 400), (0, 930)):
        DiskSample.objects.update_or_create(
            hour=(at - timedelta(days=days)).replace(minute=0, second=0, microsecond=0),
            defaults={"free": (1000 - used) << 30, "size": 1000 << 30},
        )  # fmt: skip
    System.objects.filter(code__in=["H41", "H26"]).update(last_contact_at=at - timedelta(days=9))
    alerts.look(at)
    silent = Alert.objects.filter(rule="system_silent").order_by("pk")
    alerts.acknowledge(silent[0].pk, actor=CLERK, at=at)
    alerts.mute(silent[1].pk, until=at + timedelta(hours=9), reason="Đã hẹn sửa đường truyền", actor=CLERK, at=at)
    over = Alert.objects.get(rule="disk_low")
    Alert.objects.filter(pk=over.pk).update(state="resolved", resolved_at=at)
    incident = notices.open_incident(
        title="Chậm giao văn bản tới các tỉnh phía Nam", text="Đang xác minh với đơn vị đường truyền.",
        title_en="Slow delivery to the southern provinces", impact=Incident.Impact.MAJOR, actor=CLERK, at=at,
    )  # fmt: skip
    notices.update_incident(
        incident.pk, state=Incident.State.IDENTIFIED, text="Đứt cáp; chuyển sang đường dự phòng.", actor=CLERK, at=at
    )
    notices.publish(
        kind=Notice.Kind.MAINTENANCE, title="Bảo trì Trục đêm thứ Bảy 28/11", text="Từ 22 giờ đến 24 giờ.",
        starts_at=at + timedelta(days=3), ends_at=at + timedelta(days=3, hours=2), actor=CLERK, at=at,
    )  # fmt: skip
    officer = tickets.of_officer(Actor("person", "can.bo", "Phan Thị Quỳnh Như"), "H41")
    ticket = tickets.open_ticket(
        officer, subject="Văn bản gửi đi bị từ chối với mã digest_mismatch", text="Từ 8 giờ sáng nay.\nĐã thử ba lần.", at=at
    )  # fmt: skip
    tickets.answer(
        ticket, text="Xin cho biết mã gói.", to=Ticket.State.WAITING, actor=CLERK, at=at + timedelta(minutes=9)
    )
    maintenance.begin(
        reason="Thay đĩa máy chủ số 2", until=at + timedelta(hours=2), reads=False, actor=CLERK, at=at
    )  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_the_pages_of_running_the_hub(country: Country, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # only at the end of the test, when its tables are emptied
    sessions = {
        role: sit_down(role, "H41" if role is Role.AGENCY else "").cookies[django_settings.SESSION_COOKIE_NAME].value
        for role in (Role.OPERATOR, Role.AGENCY)
    }
    busy(way != "dark")
    with chromium() as browser:
        context = browser.new_context(locale="vi-VN", **WAYS[way])  # type: ignore[arg-type]
        desk = Desk(context, country.url, way)
        for role, session in sessions.items():
            desk.sit(session)
            for name, place in PLACES.items():
                if (role is Role.AGENCY and name == "running") or (way == "dark" and name == "ticket"):
                    continue
                desk.look(f"/console/{place}", f"{name}-{role.value}")
                for summary in desk.page.locator("main summary").all():
                    summary.click()
                if desk.page.locator("main summary").count():
                    assert barriers(desk.page) == [], f"{name} unfolded"
                    desk.keep(f"{name}-{role.value}-unfolded")
        context.close()
        assert desk.faults == []
    maintenance.forget_copy()
