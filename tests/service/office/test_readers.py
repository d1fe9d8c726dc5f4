"""Who opened a document is told to those who answer for the agency, on the document's page."""

from __future__ import annotations

import re

import pytest

from lienthong.office.outgoing import drafting, review
from tests.service.office.conftest import Office, drafted, issued, manuscript, now

ROW = re.compile(r'data-reader="([^"]+)".*?mở (\d+) lần, xem hoặc tải tệp (\d+) lần', re.DOTALL)


def told(office: Office, login: str, place: str) -> dict[str, tuple[int, int]]:
    """What a person's page says: name → how often opened, and how often a file."""
    answer = office.client(login).get(place)
    assert answer.status_code == 200
    return {name: (int(opened), int(files)) for name, opened, files in ROW.findall(answer.content.decode())}


@pytest.mark.law("AVI-6l")
def test_clerk_leader_and_auditor_are_told_who_opened_it_and_others_are_not(office: Office) -> None:
    document = issued(office)
    place = f"/van-ban-di/{document.pk}/"
    for _ in range(2):
        office.client("chuyen.vien").get(place)
    newest = document.versions.latest("ordinal").ordinal
    b"".join(office.client("chuyen.vien").get(f"{place}ban/{newest}/").streaming_content)  # type: ignore[arg-type]
    for login in ("van.thu", "lanh.dao", "kiem.tra"):
        assert told(office, login, place)[office["chuyen.vien"].full_name] == (2, 1), login
    assert list(told(office, "van.thu", place)) == [
        office[login].full_name for login in ("van.thu", "kiem.tra", "lanh.dao", "chuyen.vien")
    ]  # the latest first
    for login in ("chuyen.vien", "truong.dv", "the.thuc"):
        assert told(office, login, place) == {}, login


@pytest.mark.law("AVI-5a")
def test_the_whole_handling_record_of_a_document_is_on_its_page(office: Office) -> None:
    document = drafted(office)
    place = f"/van-ban-di/{document.pk}/"
    review.submit(document, actor=office["chuyen.vien"], at=now(), note="Kính trình")
    head = office.client("truong.dv")
    head.post(place, {"act": "comment", "note": "Bổ sung căn cứ"})
    drafting.change(document, manuscript(office, subject="Về bản thứ hai"), actor=office["chuyen.vien"], at=now())
    drafter = office.client("chuyen.vien")
    assert drafter.post(place, {"act": "submit"}).status_code == 302
    assert head.post(place, {"act": "check_content", "note": "Nội dung đúng"}).status_code == 302
    assert office.client("the.thuc").post(place, {"act": "check_presentation"}).status_code == 302
    leader = office.client("lanh.dao")
    assert leader.post(place, {"act": "approve"}).status_code == 302
    page = leader.get(place).content.decode()
    assert re.findall(r'data-version="(\w+)"', page) == ["draft", "draft", "approved"]  # drafts stay
    acts = re.findall(r'data-review="(\w+)"', page)
    assert acts == ["submitted", "commented", "submitted", "content", "presentation", "approved"]
    assert all(words in page for words in ("Kính trình", "Bổ sung căn cứ", "Nội dung đúng"))
    assert "outgoing.changed" in re.findall(r'data-event="([\w.]+)"', page)
    assert told(office, "lanh.dao", place)[office["lanh.dao"].full_name][0] >= 1
    assert office.client("quan.tri").get(place).status_code == 404  # who has no part in it sees nothing of the record
