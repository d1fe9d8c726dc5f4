"""What the hub's operators tell every agency reaches those who keep the exchange going."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from lienthong.office.exchange import notices
from lienthong.office.models import HubLink, HubNotice
from lienthong.protocol.support import Notice, Notices
from tests.service.office.conftest import Office

AT = datetime(2026, 11, 25, tzinfo=UTC)


def notice(number: int, **facts: object) -> Notice:
    known = {
        "kind": "maintenance", "title": f"Bảo trì {number}", "title_en": f"Maintenance {number}", "text": "Từ 22 giờ",
        "text_en": "", "starts_at": None, "ends_at": None, "published_at": AT, "withdrawn_at": None,
    }  # fmt: skip
    return Notice(number, **{**known, **facts})  # type: ignore[arg-type]


class Hub:
    """A hub that tells its notices page by page."""

    def __init__(self, *pages: list[Notice]) -> None:
        self.pages, self.asked = list(pages), []  # type: ignore[var-annotated]

    def notices(self, *, after: str) -> Notices:
        self.asked.append(after)
        page = self.pages.pop(0) if self.pages else []
        return Notices(tuple(page), f"{len(self.asked)}-1" if page else after, bool(self.pages))


def seen(client: Client) -> str:
    return client.get("/").content.decode()


@pytest.mark.law("R-15.2-1")
@pytest.mark.django_db
def test_clerks_are_told_and_specialists_are_not_bothered(office: Office) -> None:
    HubLink.objects.get_or_create(organization=office.organization)
    hub = Hub([notice(1)], [notice(2, ends_at=datetime.now(UTC) - timedelta(hours=1))])
    assert notices.refresh(hub) == 2  # type: ignore[arg-type]
    assert hub.asked == ["", "1-1"]
    clerk = office.client("van.thu")
    page = seen(clerk)
    assert "Bảo trì 1" in page
    assert "Từ 22 giờ" in page
    assert "Bảo trì 2" not in page  # it is over
    assert "Bảo trì 1" not in seen(office.client("chuyen.vien"))
    clerk.cookies[language_cookie()] = "en"
    assert "Maintenance 1" in seen(clerk)
    again = Hub([notice(1, withdrawn_at=AT)])
    assert notices.refresh(again) == 1  # type: ignore[arg-type]
    assert again.asked == ["2-1"]  # from where the last round ended
    assert "Maintenance 1" not in seen(clerk)
    assert HubNotice.objects.count() == 2


def language_cookie() -> str:
    from django.conf import settings

    return str(settings.LANGUAGE_COOKIE_NAME)
