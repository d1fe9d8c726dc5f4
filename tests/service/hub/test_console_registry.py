"""The directory at the console: who sees what, what each act does, and that nothing happens before it is confirmed."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html
from openpyxl import load_workbook

from lienthong.hub import agencies, codes, contacts, imports
from lienthong.hub.codes import Kind, Plan
from lienthong.hub.models import Agency, ChangeRequest, CodeChange, Readiness, Seal, TableImport
from lienthong.hub.operators import Role
from lienthong.journal.models import Event
from lienthong.standards.agencies import Category
from tests.service.hub.conftest import Country, close, make_document, now, submit
from tests.service.hub.people import sit_down
from tests.service.hub.registry_scene import certificate
from tests.service.hub.test_code_changes import DECISION, today

LATER = (today() + timedelta(days=30)).isoformat()


@pytest.fixture
def province(country: Country) -> Country:
    for code, name, parent in [
        ("H41.1", "Sở Nội vụ", "H41"), ("H41.2", "Sở Y tế", "H41"), ("H41.1.1", "Chi cục Văn thư", "H41.1"),
    ]:  # fmt: skip
        agencies.add_agency(code, name=name, parent=parent, aliases=[f"VXP.{code}"], at=now())
    return country


@pytest.fixture
def registry(province: Country) -> Client:
    return sit_down(Role.REGISTRY)


def text(client: Client, place: str, status: int = 200) -> str:
    """What a page says, without its marks."""
    answer = client.get(f"/console/{place}")
    assert answer.status_code == status, (place, answer.status_code)
    return words_of(answer.content)


def words_of(page: bytes) -> str:
    """The words of a page, a blank between them."""
    return " ".join(" ".join(html.document_fromstring(page.decode()).itertext()).split())


def act(client: Client, place: str, **form: object) -> str:
    """Send a form; gives the refusal that the page shows, nothing where it leads on."""
    answer = client.post(f"/console/{place}", form)
    if answer.status_code == 302:
        return ""
    assert answer.status_code == 422, (place, answer.status_code)
    found = html.document_fromstring(answer.content.decode()).xpath("//div[@class='problem']")
    return " ".join(found[0].text_content().split())


# -- the tree and the search -----------------------------------------------------------------------------------------


def test_the_tree_opens_down_to_an_agency(registry: Client) -> None:
    shown = text(registry, "co-quan/")
    assert "Ủy ban nhân dân tỉnh Nghệ An" in shown
    assert "Sở Nội vụ" not in shown
    assert "Chi cục Văn thư" in text(registry, "co-quan/?mo=H41.1.1")
    branch = text(registry, "co-quan/nhanh/H41/")
    assert "Sở Nội vụ" in branch
    assert "Chi cục Văn thư" not in branch
    assert "Bộ Tài chính" in text(registry, "co-quan/nhanh/-/")


@pytest.mark.parametrize("typed", ["sở nội", "so noi", "H41.1", "vxp.h41.1"])
def test_the_search_knows_names_and_codes(registry: Client, typed: str) -> None:
    for place in (f"co-quan/?q={typed}", f"co-quan/tim/?q={typed}", f"co-quan/tim/?chon&q={typed}"):
        assert "Sở Nội vụ" in text(registry, place)
    assert "Không có cơ quan nào khớp" in text(registry, "co-quan/tim/?q=khongcodau")


def test_an_agencys_page_tells_its_whole_story(registry: Client, province: Country) -> None:
    agencies.register_seal("H41", certificate("Con dấu Nghệ An"), at=now())
    contacts.add_mandate("H41.CT", name="Chủ tịch UBND tỉnh", office="H41", at=now())
    codes.file(Plan(Kind.RENAME, ("H41.1",), today(), "1/QĐ-UBND", name="Sở Nội vụ mới"), at=now())
    codes.file(Plan(Kind.MERGE, ("H41.2",), today(), "2/QĐ-UBND", ("H41.1",)), at=now())
    agencies.forget_copy()
    submit(province.native("G22"), make_document(("H41",), subject="Trích yếu không được lộ"))
    top = text(registry, "co-quan/ma/H41/")
    for words in ("000.00.00.H41", "Con dấu Nghệ An", "1 gói tin, cũ nhất từ", "H41.CT Chủ tịch UBND tỉnh", "Hệ thống"):
        assert words in top
    assert "không được lộ" not in top
    one = text(registry, "co-quan/ma/VXP.H41.1/")
    for words in ("Sở Nội vụ mới", "Sở Nội vụ đến", "1/QĐ-UBND", "H41.2 Sở Y tế", "chưa kết nối", "H41.1.1"):
        assert words in one
    ended = text(registry, "co-quan/ma/H41.2/")
    for words in ("Đã kết thúc", "H41.1 Sở Nội vụ mới", "Văn bản gửi mã này được chuyển tiếp"):
        assert words in ended
    assert "Lập thay đổi mã" not in ended
    text(registry, "co-quan/ma/KHONG.CO/", 404)


def test_the_field_of_the_top_leads_to_an_agency(registry: Client) -> None:
    for code in ("h41.1", "VXP.H41.1"):
        assert registry.get("/console/tim/", {"q": code})["Location"] == "/console/co-quan/ma/H41.1/"
    assert "van-ban" in registry.get("/console/tim/", {"q": "12/QĐ"})["Location"]
    assert "van-ban" in sit_down(Role.AGENCY, "H41").get("/console/tim/", {"q": "G12"})["Location"]


def test_the_first_level_says_what_it_rests_on(registry: Client) -> None:
    shown = text(registry, "co-quan/cap-1/")
    for words in ("Văn bản pháp luật", "Mã nguồn công khai", "Chưa kiểm chứng", "H41"):
        assert words in shown


@pytest.mark.law("SEC-6")
def test_an_officer_sees_the_own_subtree_and_nothing_else(province: Country) -> None:
    officer = sit_down(Role.AGENCY, "H41")
    shown = text(officer, "co-quan/")
    assert "Sở Nội vụ" in shown
    assert "Bộ Tài chính" not in shown
    assert "Sở Nội vụ" in text(officer, "co-quan/ma/H41.1/")
    assert "Không có cơ quan nào khớp" in text(officer, "co-quan/tim/?q=tai+chinh")
    for foreign in ("co-quan/ma/G12/", "co-quan/nhanh/G12/", "co-quan/nhanh/-/", "he-thong/ma/G12/"):
        text(officer, foreign, 404)
    assert "G12" not in text(officer, "he-thong/")
    inside = sit_down(Role.AGENCY, "H41.1")
    assert "Chi cục Văn thư" in text(inside, "co-quan/")
    text(inside, "co-quan/ma/H41.2/", 404)


# -- acts on one agency ----------------------------------------------------------------------------------------------


@pytest.mark.law("R-16.1-1")
def test_the_registry_adds_an_agency_and_keeps_its_papers(registry: Client) -> None:
    form = {"code": "H41.9", "name": "Sở Mới", "parent": "H41", "aliases": "000.00.09.H41", "category": "unit"}
    assert act(registry, "co-quan/them/ghi/", **form) == ""
    assert Agency.objects.get(code="H41.9").aliases.get().spelling == "000.00.09.H41"
    assert Event.objects.filter(name="agency.added", subject="H41.9").get().actor == "registry"
    assert (
        act(registry, "co-quan/them/ghi/", **{**form, "code": "H41.10", "aliases": "", "on": LATER, "decision": "5/QĐ"})
        == ""
    )
    assert not Agency.objects.get(code="H41.10").open
    assert "không bao giờ" not in act(registry, "co-quan/them/ghi/", **{**form, "code": "sai mã"})
    assert "H41.05" in act(registry, "co-quan/them/ghi/", **{**form, "code": "sai mã"})
    assert "Ngày không đọc được" in act(registry, "co-quan/them/ghi/", **{**form, "code": "H41.11", "on": "mai"})
    assert not Agency.objects.filter(code="H41.11").exists()


@pytest.mark.law("R-2.1-1", "R-16.1-1")
@pytest.mark.refuses("R-2.1-1", "R-16.1-1")
def test_no_agency_of_an_unknown_kind_or_with_a_code_that_has_ended_is_added(registry: Client) -> None:
    close("H26")
    form = {"code": "H41.9", "name": "Sở Mới", "parent": "H41", "category": "unit"}
    for kind in ("party", "company", "Bộ"):
        assert f"Loại cơ quan «{kind}» không có" in act(registry, "co-quan/them/ghi/", **{**form, "category": kind})
    assert "không dùng lại" in act(registry, "co-quan/them/ghi/", **{**form, "code": "H26", "parent": ""})
    assert not Agency.objects.filter(code="H41.9").exists()
    assert Agency.objects.get(code="H26").name != "Sở Mới"
    for kind in ("ministry", "government", "committee", "unit"):
        assert act(registry, "co-quan/them/ghi/", **{**form, "category": kind}) == "", kind
        assert Agency.objects.get(code="H41.9").category == kind


def test_the_registry_registers_a_seal(registry: Client) -> None:
    place = "co-quan/ma/H41.1/chung-thu/"
    der = certificate("Sở Nội vụ")
    assert act(registry, place, certificate=SimpleUploadedFile("dau.cer", der)) == ""
    assert Seal.objects.get().agency_id == "H41.1"
    assert Event.objects.get(name="agency.seal_registered").actor == "registry"
    assert "X.509" in act(registry, place, certificate=SimpleUploadedFile("dau.cer", b"no certificate"))
    assert "X.509" in act(registry, place)
    assert "H41.1" in act(registry, "co-quan/ma/H41.2/chung-thu/", certificate=SimpleUploadedFile("dau.cer", der))
    assert Seal.objects.count() == 1


def test_the_registry_sets_who_receives(registry: Client) -> None:
    assert act(registry, "co-quan/ma/H41.1/dau-moi/", office="H41") == ""
    assert Agency.objects.get(code="H41.1").gateway_id == "H41"
    assert act(registry, "co-quan/ma/H41/dau-moi/", office="", single="on") == ""
    assert Agency.objects.get(code="H41").single_gateway
    assert "không tiếp nhận thay được" in act(registry, "co-quan/ma/H41/dau-moi/", office="H41.1")
    assert Event.objects.filter(name="agency.routing_set", actor="registry").exists()


@pytest.mark.law("R-2.2-1")
def test_the_registry_notes_readiness(registry: Client) -> None:
    agencies.add_agency("D01", name="Hội", category=Category.OTHER, at=now())
    assert act(registry, "co-quan/ma/D01/dieu-kien/", infrastructure="on", security="on", note="Biên bản 3") == ""
    found = Readiness.objects.get()
    assert (found.infrastructure, found.technology, found.security) == (True, False, True)
    assert "Biên bản 3" in text(registry, "co-quan/ma/D01/")


# -- changes of codes ------------------------------------------------------------------------------------------------

MERGE = {
    "kind": "merge",
    "codes": "H41.1, VXP.H41.2",
    "into": "H26",
    "on": LATER,
    "decision": DECISION,
    "units": "move",
}


@pytest.mark.law("R-16.1-1")
def test_a_change_is_seen_before_it_is_filed_and_undone_before_its_day(registry: Client, province: Country) -> None:
    agencies.add_system("H41", name="Nghệ An", agencies=["H41.1"], at=now())
    submit(province.native("G22"), make_document(("H41.1",)))
    events = Event.objects.count()
    answer = registry.post("/console/co-quan/thay-doi/xem-truoc/", MERGE)
    shown = words_of(answer.content)
    assert re.search(r"2 mã chuyển tiếp về H26", shown)
    assert re.search(r"1 đơn vị có cơ quan cấp trên mới", shown)
    assert re.search(r"1 gói tin đang trên đường", shown)
    assert "H41.1, H41.2" in shown
    assert (CodeChange.objects.count(), Event.objects.count()) == (0, events)
    assert act(registry, "co-quan/thay-doi/ghi/", **MERGE) == ""
    change = CodeChange.objects.get()
    assert (change.state, change.codes, change.filed_by) == ("planned", ["H41.1", "H41.2"], "registry")
    assert "Chờ hiệu lực" in text(registry, "co-quan/thay-doi/")
    assert f"Thay đổi số {change.pk}" in text(registry, "co-quan/ma/H41.1/")
    assert act(registry, f"co-quan/thay-doi/{change.pk}/huy/") == ""
    change.refresh_from_db()
    assert change.state == "undone"
    assert "không còn chờ hiệu lực" in act(registry, f"co-quan/thay-doi/{change.pk}/huy/")
    assert Event.objects.get(name="code_change.undone").actor == "registry"


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "rename", "codes": "H41.1", "name": "Sở Nội vụ mới"},
        {"kind": "move", "codes": "H41.1.1", "into": "H41.2"},
        {"kind": "split", "codes": "H41.1", "into": "H41.2 H26"},
        {"kind": "close", "codes": "H41.1.1"},
    ],
    ids=lambda form: form["kind"],
)
def test_each_kind_has_its_form(registry: Client, form: dict[str, str]) -> None:
    whole = {**form, "on": LATER, "decision": DECISION}
    assert text(registry, f"co-quan/thay-doi/lap/?loai={form['kind']}&ma={form['codes']}")
    assert registry.post("/console/co-quan/thay-doi/xem-truoc/", whole).status_code == 200
    assert act(registry, "co-quan/thay-doi/ghi/", **whole) == ""
    assert CodeChange.objects.get().kind == form["kind"]
    text(registry, "co-quan/thay-doi/lap/?loai=la", 404)


def test_a_day_that_has_begun_is_told_and_in_force_at_once(registry: Client) -> None:
    form = {
        "kind": "rename",
        "codes": "H41.1",
        "name": "Sở Nội vụ mới",
        "on": today().isoformat(),
        "decision": DECISION,
    }
    assert "không hủy được" in registry.post("/console/co-quan/thay-doi/xem-truoc/", form).content.decode()
    assert act(registry, "co-quan/thay-doi/ghi/", **form) == ""
    assert Agency.objects.get(code="H41.1").name == "Sở Nội vụ mới"


@pytest.mark.parametrize(
    ("wrong", "cause"),
    [
        ({"into": "X99"}, "X99"), ({"decision": " "}, "quyết định"), ({"on": ""}, "Ngày không đọc được"),
        ({"codes": "H26"}, "khác với mã kế thừa"),
    ],
)  # fmt: skip
def test_a_refused_change_keeps_what_was_typed(registry: Client, wrong: dict[str, str], cause: str) -> None:
    for place in ("xem-truoc", "ghi"):
        answer = registry.post(f"/console/co-quan/thay-doi/{place}/", {**MERGE, **wrong})
        assert answer.status_code == 422
        page = html.document_fromstring(answer.content.decode())
        assert cause in page.xpath("string(//div[@class='problem'])")
        assert page.xpath("string(//textarea[@name='codes'])") == ("H26" if "codes" in wrong else "H41.1 H41.2")
    assert not CodeChange.objects.exists()


# -- requests --------------------------------------------------------------------------------------------------------

ASKED = {"act": "register", "code": "H41.7", "name": "Sở Tư pháp", "pcode": "H41"}


@pytest.mark.law("R-19.1c-1")
def test_an_officer_asks_and_the_registry_decides(province: Country, registry: Client) -> None:
    officer = sit_down(Role.AGENCY, "H41")
    assert "H41" in text(officer, "co-quan/yeu-cau/lap/")
    assert act(officer, "co-quan/yeu-cau/gui/", **ASKED) == ""
    asked = ChangeRequest.objects.get()
    for client in (officer, registry, sit_down(Role.AUDITOR)):
        assert "Sở Tư pháp" in text(client, "co-quan/yeu-cau/")
        assert "chưa có Sở Tư pháp" in text(client, f"co-quan/yeu-cau/{asked.pk}/")
    assert "Duyệt" not in text(officer, f"co-quan/yeu-cau/{asked.pk}/").replace("Chờ duyệt", "").replace(
        "khi duyệt", ""
    )
    other = sit_down(Role.AGENCY, "H26")
    assert "Sở Tư pháp" not in text(other, "co-quan/yeu-cau/")
    text(other, f"co-quan/yeu-cau/{asked.pk}/", 404)
    assert act(registry, f"co-quan/yeu-cau/{asked.pk}/duyet/") == ""
    assert Agency.objects.get(code="H41.7").name == "Sở Tư pháp"
    assert "không có yêu cầu" in act(registry, f"co-quan/yeu-cau/{asked.pk}/duyet/").lower()
    assert "Đã áp dụng" in text(officer, "co-quan/yeu-cau/?muc=da-xu-ly")
    assert Event.objects.get(name="agency.change_filed").actor == "agency.h41"
    assert Event.objects.get(name="agency.change_applied").actor == "registry"


def test_a_refusal_is_read_by_who_asked(province: Country, registry: Client) -> None:
    officer = sit_down(Role.AGENCY, "H41")
    assert "H41.1.1" in text(officer, "co-quan/yeu-cau/lap/?ma=H41.1.1&viec=close")
    assert act(officer, "co-quan/yeu-cau/gui/", act="close", code="H41.1.1", on=LATER, decision="9/QĐ") == ""
    asked = ChangeRequest.objects.get()
    assert "đang hoạt động giải thể" in text(registry, f"co-quan/yeu-cau/{asked.pk}/")
    assert "Cần lý do" in act(registry, f"co-quan/yeu-cau/{asked.pk}/tu-choi/", reason=" ")
    assert act(registry, f"co-quan/yeu-cau/{asked.pk}/tu-choi/", reason="Chưa đủ hồ sơ") == ""
    assert "Chưa đủ hồ sơ" in text(officer, f"co-quan/yeu-cau/{asked.pk}/")


@pytest.mark.law("R-19.1c-1", "SEC-6")
@pytest.mark.refuses("R-19.1c-1")
def test_an_officer_asks_for_nothing_outside_the_own_subtree(province: Country) -> None:
    officer = sit_down(Role.AGENCY, "H41")
    for wrong in ({"pcode": "H26"}, {"code": "H26"}, {"code": "G12", "act": "close"}, {"name": ""}):
        assert act(officer, "co-quan/yeu-cau/gui/", **{**ASKED, **wrong}), wrong
    assert not ChangeRequest.objects.exists()
    assert "Bộ Tài chính" not in text(officer, "co-quan/yeu-cau/lap/?ma=G12")


# -- tables ----------------------------------------------------------------------------------------------------------

TABLE = "mã,tên,mã cấp trên\nH41.60,Xã Con Cuông,H41\nH41.61,,H41\n"


def give(client: Client, content: str = TABLE, name: str = "xa.csv") -> str:
    return act(client, "co-quan/bang/tai-len/", table=SimpleUploadedFile(name, content.encode()))


def test_a_table_is_checked_reported_and_taken_when_confirmed(registry: Client) -> None:
    assert give(registry) == ""
    number = TableImport.objects.get().pk
    assert "đang chờ đến lượt" in text(registry, f"co-quan/bang/{number}/")
    imports.work_once(now())
    shown = text(registry, f"co-quan/bang/{number}/tien-do/")
    assert "1 cơ quan sẽ thêm" in shown
    assert "1 dòng bị từ chối" in shown
    report = b"".join(registry.get(f"/console/co-quan/bang/{number}/dong-bi-tu-choi.csv").streaming_content)  # type: ignore[arg-type]
    rows = list(csv.DictReader(io.StringIO(report.decode("utf-8-sig"))))
    assert [(row["line"], row["code"], row["reason"]) for row in rows] == [("3", "H41.61", "invalid_name")]
    assert "Nhập 1 dòng" not in text(sit_down(Role.AUDITOR), f"co-quan/bang/{number}/")
    assert act(registry, f"co-quan/bang/{number}/nhap/") == ""
    imports.work_once(now())
    assert "1 cơ quan đã thêm" in text(registry, f"co-quan/bang/{number}/")
    assert Agency.objects.get(code="H41.60").name == "Xã Con Cuông"
    assert Event.objects.get(name="agency.imported").actor == "registry"
    assert "không còn chờ" in act(registry, f"co-quan/bang/{number}/nhap/")


def test_a_table_can_be_dropped_or_is_none(registry: Client) -> None:
    assert give(registry) == ""
    imports.work_once(now())
    number = TableImport.objects.get().pk
    assert act(registry, f"co-quan/bang/{number}/bo/") == ""
    assert "Đã bỏ" in text(registry, "co-quan/bang/")
    assert "CSV hoặc XLSX" in give(registry, name="bang.pdf")
    assert "CSV hoặc XLSX" in act(registry, "co-quan/bang/tai-len/")
    assert give(registry, "a,b\n1,2\n") == ""
    imports.work_once(now())
    assert "Tệp không đọc được" in text(registry, f"co-quan/bang/{TableImport.objects.latest('pk').pk}/")


def test_the_directory_is_given_out(registry: Client) -> None:
    table = b"".join(registry.get("/console/co-quan/bang/xuat/csv/").streaming_content)  # type: ignore[arg-type]
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(table.decode("utf-8-sig")))}
    assert rows["H41.1"]["parent"] == "H41"
    book = b"".join(registry.get("/console/co-quan/bang/xuat/xlsx/").streaming_content)  # type: ignore[arg-type]
    assert load_workbook(io.BytesIO(book)).worksheets[0].max_row == len(rows) + 1
    text(registry, "co-quan/bang/xuat/doc/", 404)
