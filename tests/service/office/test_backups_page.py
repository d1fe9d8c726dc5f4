"""«Sao lưu»: a backup that nobody has restored is shown as failed, with what is to be done."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from lxml import html

from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import OfficeEvent
from tests.service.office.conftest import Office, now

PLACE = "/co-quan/sao-luu/"
SERVICE = Actor("service", "lienthong", "Hệ thống")


def note(event: OfficeEvent, name: str, at: datetime, **data: object) -> None:
    with transaction.atomic():
        record(event, actor=SERVICE, subject=Subject("backup", name), at=at, **data)


def made(name: str, at: datetime, *, same_disk: bool = False) -> None:
    note(
        OfficeEvent.BACKUP_MADE, name, at, size=5_000_000, blobs=120, seconds=3.5, signed_by="k", recipients=["age1x"],
        damaged=[], same_disk=same_disk, proof="", target="/mnt/backup",
    )  # fmt: skip


def verified(name: str, at: datetime, *, good: bool) -> None:
    checks = [{"name": "signatures", "looked_at": 57, "open": 0, "faulty": 0 if good else 2}]
    note(OfficeEvent.BACKUP_VERIFIED, name, at, good=good, verified_at=at.isoformat(), seconds=5, checks=checks)


def shown(office: Office, login: str = "quan.tri") -> html.HtmlElement:
    answer = office.client(login).get(PLACE)
    assert answer.status_code == 200
    return html.fromstring(answer.content)


@pytest.mark.law("R-19.1đ-1")
@pytest.mark.refuses("R-19.1đ-1")
def test_a_backup_counts_as_failed_until_it_was_restored(office: Office) -> None:
    assert "chưa có bản nào" in shown(office).text_content()
    made("a", now() - timedelta(hours=1))
    page = shown(office)
    assert page.xpath("//tr/@data-backup") == ["unproven"]
    assert "coi như hỏng" in page.xpath("//tr[@data-backup]")[0].text_content()
    assert "chưa có lần nào" in page.xpath("//*[@data-good]")[0].text_content()
    verified("a", now(), good=True)
    made("b", now(), same_disk=True)
    verified("b", now(), good=False)
    page = shown(office, "kiem.tra")
    assert page.xpath("//tr/@data-backup") == ["faulty", "good"]
    assert "57 tệp đã ký" in " ".join(page.xpath("//tr[@data-backup='good']")[0].text_content().split())
    assert "2 sai" in " ".join(page.xpath("//tr[@data-backup='faulty']")[0].text_content().split())
    assert "chưa có lần nào" not in page.xpath("//*[@data-good]")[0].text_content()
    assert "hỏng ổ là mất cả hai" in page.text_content()


def test_what_is_late_old_or_failed_is_said(office: Office) -> None:
    made("a", now() - timedelta(days=40))
    verified("a", now() - timedelta(days=39), good=True)
    note(OfficeEvent.BACKUP_FAILED, "backup_target_missing", now(), problem="backup_target_missing")
    page = shown(office, "lanh.dao")
    assert "kiểm tra ổ lưu trữ" in page.xpath("//*[@data-failure]")[0].text_content()
    said = page.xpath("//*[@data-backups]")[0].text_content()
    assert "quá một ngày" in said
    assert "quá 31 ngày" in said
    made("b", now())
    assert shown(office).xpath("//*[@data-failure]") == [], "one was made since"
