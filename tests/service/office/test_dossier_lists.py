"""Danh mục hồ sơ: drafted by the clerk, issued by the head, printed in the layout of Annex V, copied for the next year
(Decree 30/2020, Article 28)."""

from __future__ import annotations

from io import BytesIO

import pypdf
import pytest

from lienthong.journal.models import Event
from lienthong.office.models import Dossier, DossierList, ListEntry, ListHeading
from tests.service.office.conftest import Office
from tests.service.office.dossiers import TODAY, facts, said, taken

PLACE = "/ho-so/danh-muc/"


def post(office: Office, login: str, **form: object) -> str:
    """A form of the list's page; the code of the refusal, or ""."""
    return said(office.client(login).post(PLACE, form))


def heading(title: str) -> int:
    return ListHeading.objects.get(title=title).pk


def drafted(office: Office, year: int, numbering: str = "heading") -> DossierList:
    """A list with two main headings, one below the first, and three dossiers."""
    assert post(office, "van.thu", act="begin", new_year=year, numbering=numbering) == ""
    for title, short in (("Kiểm soát thủ tục", "KSTT"), ("Hành chính", "HC")):
        assert post(office, "van.thu", act="heading", year=year, title=title, abbreviation=short) == ""
    first = heading("Kiểm soát thủ tục")
    assert post(office, "van.thu", act="heading", year=year, parent=first, title="Rà soát") == ""
    drafter, unit = office["chuyen.vien"], office.units["KSTT"]
    rows = (
        ("Rà soát", "Hồ sơ rà soát", {"retention": "20", "kept_by": f"nguoi-{drafter.pk}"}),
        ("Kiểm soát thủ tục", "Chương trình năm", {"for_ever": "1", "kept_by": f"donvi-{unit.pk}"}),
        ("Hành chính", "Sổ công văn", {"retention": "5", "kept_by": f"nguoi-{office['van.thu'].pk}"}),
    )
    for of, title, form in rows:
        assert post(office, "van.thu", act="entry", year=year, heading=heading(of), title=title, **form) == ""
    return DossierList.objects.get(year=year)


def codes(found: DossierList) -> dict[str, str]:
    rows = ListEntry.objects.filter(heading__list=found).select_related("heading__parent")
    return {one.title: one.code for one in rows}


@pytest.mark.law("D30-28-1", "AVI-4a", "AVI-OUT")
def test_the_clerk_drafts_the_list_and_the_head_issues_it(office: Office) -> None:
    year = TODAY().year
    found = drafted(office, year)
    assert codes(found) == {"Chương trình năm": "01.KSTT", "Hồ sơ rà soát": "02.KSTT", "Sổ công văn": "01.HC"}
    issue = {"act": "issue", "year": year, "decision": "15/QĐ-VPCP", "decided_on": f"{year}-01-05"}
    for login in ("van.thu", "chuyen.vien", "truong.dv", "quan.tri"):
        assert post(office, login, **issue) == "forbidden"
    assert post(office, "lanh.dao", **{**issue, "decision": " "}) == "missing"
    assert post(office, "lanh.dao", **issue) == ""
    shown = office.client("chuyen.vien").get(PLACE).content.decode()
    assert "Danh mục có 3 hồ sơ: 1 bảo quản vĩnh viễn, 2 bảo quản có thời hạn." in shown
    assert "Ban hành kèm theo Quyết định số 15/QĐ-VPCP" in shown
    # What is issued stays as it is, for everybody.
    entry = ListEntry.objects.get(title="Sổ công văn")
    for form in (
        {"act": "heading", "title": "Khác", "abbreviation": "K"},
        {"act": "entry", "heading": heading("Hành chính"), "title": "x", "retention": "5", "kept_by": f"donvi-{entry.heading_id}"},
        {"act": "remove", "entry": entry.pk},
    ):  # fmt: skip
        assert post(office, "van.thu", **form, year=year) in ("list_issued", "missing")
    assert ListEntry.objects.count() == 3
    assert post(office, "lanh.dao", **issue) == "list_issued"
    assert Event.objects.get(name="dossier_list.issued").data["permanent"] == 1


@pytest.mark.law("D30-28-1", "AVI-OUT")
def test_it_is_printed_in_the_layout_of_the_annex_and_as_a_workbook(office: Office) -> None:
    year = TODAY().year
    drafted(office, year)
    issue = {"act": "issue", "year": year, "decision": "15/QĐ-VPCP", "decided_on": f"{year}-01-05"}
    assert post(office, "lanh.dao", **issue) == ""
    answer = office.client("chuyen.vien").get(f"{PLACE}{year}/pdf/")
    text = pypdf.PdfReader(BytesIO(taken(answer))).pages[0].extract_text()
    for words in (
        "DANH MỤC HỒ SƠ", f"Năm {year}", f"(Kèm theo Quyết định số 15/QĐ-VPCP ngày 05/01/{year} của Văn phòng Chính phủ)",
        "Danh mục hồ sơ này có 3 hồ sơ, bao gồm:", "1 hồ sơ bảo quản vĩnh viễn;", "2 hồ sơ bảo quản có thời hạn.",
        "I. Kiểm soát thủ tục", "1. Rà soát", "II. Hành chính", "01.KSTT", "Vĩnh viễn", "20 năm",
        office["chuyen.vien"].full_name, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    ):  # fmt: skip
        assert " ".join(words.split()) in " ".join(text.split()), words
    book = taken(office.client("chuyen.vien").get(f"{PLACE}{year}/xlsx/"))
    assert book.startswith(b"PK")
    assert office.client("chuyen.vien").get(f"{PLACE}{year}/doc/").status_code == 404
    assert office.client("chuyen.vien").get(f"{PLACE}1999/pdf/").status_code == 404


@pytest.mark.law("D30-28-1")
def test_numbers_run_through_the_whole_list_where_that_was_chosen_and_stay_without_gaps(office: Office) -> None:
    found = drafted(office, 2031, numbering="whole")
    assert sorted(codes(found).values()) == ["01.KSTT", "02.KSTT", "03.HC"]
    gone = ListEntry.objects.get(title="Chương trình năm")
    assert post(office, "van.thu", act="remove", year=2031, entry=gone.pk) == ""
    assert codes(found) == {"Hồ sơ rà soát": "01.KSTT", "Sổ công văn": "02.HC"}
    assert post(office, "van.thu", act="remove", year=2031, heading=heading("Kiểm soát thủ tục")) == ""
    assert codes(found) == {"Sổ công văn": "01.HC"}


@pytest.mark.law("D30-28-1")
def test_the_next_year_begins_with_the_list_of_the_last(office: Office) -> None:
    drafted(office, 2031)
    form = {"act": "begin", "new_year": 2032, "numbering": "heading", "copied": "1"}
    assert post(office, "chuyen.vien", **form) == "forbidden"
    assert post(office, "van.thu", **form) == ""
    assert codes(DossierList.objects.get(year=2032)) == codes(DossierList.objects.get(year=2031))
    assert post(office, "van.thu", **form) == "list_exists"
    assert ListHeading.objects.filter(list__year=2032, parent__isnull=False).get().parent.list.year == 2032
    empty = {**form, "new_year": 2033}
    del empty["copied"]
    assert post(office, "van.thu", **empty) == ""
    issue = {"act": "issue", "year": 2033, "decision": "1/QĐ", "decided_on": "2033-01-02"}
    assert post(office, "lanh.dao", **issue) == "list_empty"


def test_what_a_list_needs_is_asked_for(office: Office) -> None:
    drafted(office, 2031)
    forms: tuple[tuple[dict[str, object], str], ...] = (
        ({"act": "begin", "new_year": "1000", "numbering": "heading"}, "missing"),
        ({"act": "heading", "year": 2031, "title": "Không viết tắt"}, "missing"),
        ({"act": "heading", "year": 2031, "title": "Trùng", "abbreviation": "hc"}, "code_taken"),
        ({"act": "heading", "year": 2031, "title": "Sâu quá", "parent": heading("Rà soát")}, "missing"),
        ({"act": "entry", "year": 2031, "heading": heading("Rà soát"), "title": "x", "retention": "5"}, "missing"),
        ({"act": "remove", "year": 2031, "entry": "987654321"}, "missing"),
        ({"act": "nothing", "year": 2031}, "missing"),
        ({"act": "heading", "year": 2040, "title": "x"}, "missing"),
    )
    for form, code in forms:
        assert post(office, "van.thu", **form) == code, form
    kept = {"kept_by": f"nguoi-{office['van.thu'].pk}", "heading": heading("Rà soát"), "title": "x", "year": 2031}
    for years in ("", "0", "101", "mười"):
        assert post(office, "van.thu", act="entry", retention=years, **kept) == "bad_retention"


@pytest.mark.law("D30-29-1", "AVI-4d")
def test_a_dossier_is_opened_from_the_list_by_whom_it_names_once(office: Office) -> None:
    year = TODAY().year
    drafted(office, year)
    entry = ListEntry.objects.get(title="Hồ sơ rà soát")
    form = {"act": "open_listed", "entry": entry.pk, "started_on": f"{year}-02-01"}
    keeper = office.client("chuyen.vien")
    assert said(keeper.post("/ho-so/mo/", form)) == "not_found"  # a draft opens nothing
    issue = {"act": "issue", "year": year, "decision": "15/QĐ-VPCP", "decided_on": f"{year}-01-05"}
    assert post(office, "lanh.dao", **issue) == ""
    assert 'data-entry="02.KSTT"' in keeper.get("/ho-so/mo/").content.decode()
    assert said(office.client("the.thuc").post("/ho-so/mo/", form)) == "not_found"
    assert said(keeper.post("/ho-so/mo/", form)) == ""
    made = Dossier.objects.get()
    assert (made.code, made.title, made.retention_years) == ("02.KSTT", "Hồ sơ rà soát", 20)
    assert (made.keeper, made.year, made.unit) == (office["chuyen.vien"], year, office.units["KSTT"])
    assert said(keeper.post("/ho-so/mo/", form)) == "not_found"  # it is open
    # One that the list gives to a unit is opened by somebody of that unit.
    program = ListEntry.objects.get(title="Chương trình năm")
    assert said(office.client("truong.dv").post("/ho-so/mo/", {**form, "entry": program.pk})) == ""
    assert Dossier.objects.get(entry=program).retention_years is None
    # And a code of the list is not taken beside it.
    beside = facts(code="01.HC", started_on=f"{year}-02-01")
    assert said(keeper.post("/ho-so/mo/", beside)) == "code_taken"
