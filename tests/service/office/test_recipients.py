"""Choosing recipients: the directory as one types, groups, and who gets paper because nothing reaches it otherwise."""

import pytest
from lxml import html

from lienthong.journal.models import Event
from lienthong.office import errors
from lienthong.office.exchange import directory
from lienthong.office.models import DirectoryAgency, OutgoingDocument, RecipientGroup, Transmission
from lienthong.office.outgoing import groups
from lienthong.runtime.demo.cast import H41
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import Office, install, now, sealed
from tests.service.office.test_law_outgoing import draft_form

PLACE = "/van-ban-di/nhom-noi-nhan/"


def add(code: str, name: str, **facts: object) -> None:
    row = {"connected": True, "open": True, **facts}
    words = directory.search_words(name, code)
    DirectoryAgency.objects.create(code=code, name=name, search_key=code, words=words, **row)


def offered(page: bytes) -> list[str]:
    return [str(one) for one in html.fromstring(page).xpath("//input[@name='recipients']/@value")]


def chosen(page: bytes) -> list[str]:
    return [str(one) for one in html.fromstring(page).xpath("//input[@name='recipients'][@checked]/@value")]


def test_agencies_are_found_by_name_and_code_with_and_without_diacritics(office: Office) -> None:
    add("H41.13", "UBND huyện Nghi Lộc")
    add("H41.14", "UBND huyện Nghĩa Đàn", open=False, successor="H41.13")
    for question in ("nghe an", "Nghệ An", "h41", "000.00.00.H41", "uy ban ngh"):
        assert "H41" in [one.code for one in directory.search(question)], question
    assert [one.code for one in directory.search("nghi loc")] == ["H41.13"]
    assert directory.search("nghia dan") == []  # it takes no part any more
    assert directory.search("%") == directory.search("")
    assert "G22" not in [one.code for one in directory.search("", besides="G22")]


def test_the_rows_to_choose_from_come_as_one_types(office: Office) -> None:
    add("H99", "UBND tỉnh Chưa Nối", connected=False)
    client = office.client("chuyen.vien")
    answer = client.get("/van-ban-di/noi-nhan/", {"q": "chua noi"})
    assert offered(answer.content) == ["H99"]
    assert "chưa kết nối, nhận bản giấy" in answer.content.decode()
    for login in ("quan.tri", "kiem.tra"):
        assert office.client(login).get("/van-ban-di/noi-nhan/", {"q": "nghe an"}).status_code == 403


def test_a_form_without_script_looks_for_recipients_too_and_keeps_what_was_typed(office: Office) -> None:
    group = groups.create(name="Ba tỉnh", codes=["H26", "G12"], shared=True, actor=office["van.thu"], at=now())
    client = office.client("chuyen.vien")
    looked = client.post("/van-ban-di/soan/", draft_form(office, act="find", find="ha noi", subject="Đang viết"))
    assert (chosen(looked.content), offered(looked.content)) == (["H41"], ["H41", "H26"])
    added = client.post("/van-ban-di/soan/", draft_form(office, act="add_group", group=group.pk))
    assert chosen(added.content) == ["H41", "H26", "G12"]
    assert "Đang viết" in looked.content.decode()
    assert not OutgoingDocument.objects.exists()


def test_a_drafter_keeps_groups_and_the_clerk_those_of_everyone(office: Office) -> None:
    writer, clerk = office.client("chuyen.vien"), office.client("van.thu")
    made = {"act": "save", "name": "Hai tỉnh", "recipients": ["H41", "H26", "X00"]}
    assert writer.post(f"{PLACE}moi/", made).status_code == 302
    own = RecipientGroup.objects.get()
    assert (own.owner, own.codes) == (office["chuyen.vien"], ["H41", "H26"])
    again = writer.post(f"{PLACE}moi/", made)
    assert (again.status_code, 'data-problem="group_name_taken"' in again.content.decode()) == (422, True)
    assert writer.post(f"{PLACE}moi/", {**made, "name": "Chung", "shared": "1"}).status_code == 403
    assert clerk.post(f"{PLACE}moi/", {**made, "shared": "1"}).status_code == 302
    shared = RecipientGroup.objects.get(owner=None)
    assert writer.post(f"{PLACE}{shared.pk}/", {**made, "name": "Đổi"}).status_code == 403
    assert clerk.get(f"{PLACE}{own.pk}/").status_code == 404
    assert clerk.post(f"{PLACE}{own.pk}/", {"act": "remove"}).status_code == 404
    page = writer.get(PLACE).content.decode()
    assert "riêng tôi" in page
    assert "toàn cơ quan" in page
    assert writer.post(f"{PLACE}{own.pk}/", {"act": "remove"}).status_code == 302
    names = Event.objects.filter(name__startswith="recipient_group.").values_list("name", flat=True)
    assert sorted(names) == ["recipient_group.removed", "recipient_group.saved", "recipient_group.saved"]
    for wrong in ({**made, "name": " "}, {**made, "recipients": []}):
        with pytest.raises(errors.Missing):
            groups.change(shared, name=wrong["name"], codes=wrong["recipients"], actor=office["van.thu"], at=now())  # type: ignore[arg-type]


def test_another_agency_of_the_installation_sees_none_of_them(
    office: Office, authority: TestAuthority, tmp_path  # type: ignore[no-untyped-def]
) -> None:  # fmt: skip
    group = groups.create(name="Chung", codes=["H26"], shared=True, actor=office["van.thu"], at=now())
    other = install(H41, authority, tmp_path).client("van.thu")
    assert other.get(f"{PLACE}{group.pk}/").status_code == 404
    assert other.get("/van-ban-di/noi-nhan/", {"nhom": group.pk}).status_code == 404
    assert "Chung" not in other.get(PLACE).content.decode()


def test_a_group_shows_what_became_of_its_agencies(office: Office) -> None:
    group = groups.create(name="Chung", codes=["H26", "G12"], shared=True, actor=office["van.thu"], at=now())
    DirectoryAgency.objects.filter(code="H26").update(open=False, successor="H41")
    page = office.client("chuyen.vien").get("/van-ban-di/noi-nhan/", {"nhom": group.pk}).content
    assert chosen(page) == ["H26", "G12"]
    assert "thay bằng H41" in " ".join(page.decode().split())


@pytest.mark.law("R-7.1-1", "R-5.2-1")
@pytest.mark.refuses("R-6.5-1")
def test_who_is_not_connected_gets_paper_and_the_clerk_sees_it_before_sending(office: Office) -> None:
    document = sealed(office, recipients=("H41", "H26"))
    DirectoryAgency.objects.filter(code="H26").update(connected=False)
    client = office.client("van.thu")
    page = " ".join(client.get(f"/van-ban-di/{document.pk}/").content.decode().split())
    assert "Gửi tới 1 nơi nhận qua Trục liên thông" in page
    assert "1 nơi nhận bản giấy (Điều 7.1): Ủy ban nhân dân thành phố Hà Nội" in page
    assert client.post(f"/van-ban-di/{document.pk}/", {"act": "issue"}).status_code == 302
    assert [one.recipient.code for one in Transmission.objects.all()] == ["H41"]
    assert document.recipients.get(code="H26").paper_reason == "connection"
    assert Event.objects.filter(name="outgoing.put_on_paper").count() == 1
