"""What has been kept for its time: who sees which dossiers, and the list for who decides on them. Nothing is destroyed."""

from __future__ import annotations

import re
import sys
import threading
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from openpyxl import load_workbook

from lienthong.journal.models import Event
from lienthong.office.config import blobs
from lienthong.office.dossiers import contents, outlived
from lienthong.office.models import Dossier, DossierItem, Material, Notice
from lienthong.office.web import outlived as outlived_page
from tests.service.office.conftest import Office, issued, refusal
from tests.service.office.dossiers import SCAN, TODAY, act, closed, opened, page, said, submitted, taken, with_material
from tests.service.office.test_dossier_archive import text_of

PLACE = "/ho-so/het-han/"
SHOWN = re.compile(r'data-outlived="(\S+)"')
WHY = "Lý do đủ dài để ghi"


def shown(office: Office, login: str, place: str = PLACE) -> list[str]:
    answer = office.client(login).get(place)
    assert answer.status_code == 200, refusal(answer)
    return SHOWN.findall(answer.content.decode())


def ended(office: Office, code: str, on: date, *, retention: str) -> Dossier:
    """A dossier whose work ended on a day of long ago."""
    one = closed(office, ended_on=TODAY(), code=code, retention=retention)
    Dossier.objects.filter(pk=one.pk).update(started_on=on, ended_on=on)
    return one


def archived(office: Office, code: str, on: date, *, retention: str = "10") -> Dossier:
    one = ended(office, code, on, retention=retention)
    made = submitted(office, one)
    assert said(office.client("van.thu").post(f"/ho-so/nop-luu/{made.pk}/", {"act": "take_over"})) == ""
    return one


@pytest.mark.law("AVI-G8")
def test_a_dossier_is_named_once_the_years_after_that_of_its_end_are_over(office: Office) -> None:
    this = TODAY().year
    over = archived(office, "01.KSTT", date(this - 11, 12, 31))
    archived(office, "02.KSTT", date(this - 10, 1, 1))  # until the end of this year
    archived(office, "03.KSTT", date(this - 90, 1, 1), retention="vv")
    short = ended(office, "04.KSTT", date(this - 4, 6, 1), retention="3")
    ended(office, "05.KSTT", date(this - 30, 6, 1), retention="20")  # it ought to be in the archive
    for login in ("van.thu", "lanh.dao", "kiem.tra"):
        assert shown(office, login) == [over.code, short.code], login
    for login in ("chuyen.vien", "truong.dv", "quan.tri"):
        assert refusal(office.client(login).get(PLACE)) == "forbidden", login
        assert refusal(office.client(login).get(f"{PLACE}xlsx/")) == "forbidden", login
    assert f"31/12/{this - 1}" in office.client("van.thu").get(PLACE).content.decode()


@pytest.mark.law("AVI-5đ")
@pytest.mark.parametrize("years", [9, 30])
def test_what_is_archived_is_read_found_and_taken_away_until_its_time_is_over_and_until_somebody_decides(
    office: Office, years: int
) -> None:
    """Nine years after its end a dossier of ten is as usable as on its first day; and so is one whose years are long
    over, for nothing goes by itself."""
    one = archived(office, "01.KSTT", date(TODAY().year - years, 5, 5))
    document = issued(office)
    item = DossierItem.objects.get(dossier=one, removed_at=None, material__isnull=False)
    DossierItem.objects.create(  # as it was put in while the dossier was open
        dossier=one, ordinal=2, outgoing=document, added_at=item.added_at, added_by=item.added_by
    )
    for login in ("chuyen.vien", "truong.dv", "van.thu", "lanh.dao"):
        client = office.client(login)
        assert f'data-dossier="{one.code}"' in client.get("/ho-so/?muc=luu-tru&q=R%C3%A0+so%C3%A1t").content.decode(), (
            login
        )
        assert client.get(f"/ho-so/{one.pk}/").status_code == 200, login
        assert taken(client.get(f"/ho-so/{one.pk}/tai-lieu/{item.material_id}/")) == SCAN, login
        book = ZipFile(BytesIO(taken(client.get(f"/ho-so/{one.pk}/ket-xuat/"))))
        assert {"ho-so.pdf", "ho-so.xml"} <= set(book.namelist()), login
        sealed = blobs().read(document.versions.get(stage="sealed").digest)
        assert sealed in [book.read(name) for name in book.namelist() if name.startswith("tep-goc/")], login
    found = office.client("van.thu").get(f"/tra-cuu/?q={document.printed_number}").content.decode()
    assert f"/van-ban-di/{document.pk}/" in found


@pytest.mark.law("AVI-G8", "AVI-ADM")
def test_the_list_for_who_decides_names_nothing_that_an_order_holds_and_nothing_goes(office: Office) -> None:
    this, client = TODAY().year, office.client("van.thu")
    over, held = (archived(office, code, date(this - 20, 5, 5)) for code in ("01.KSTT", "02.KSTT"))
    assert act(office, "lanh.dao", held, "hold", reference="1/QĐ", reason=WHY) == ""
    page = client.get(PLACE).content.decode()
    assert SHOWN.findall(page) == [over.code, held.code]
    assert page.count("data-held") == 1
    book = load_workbook(BytesIO(taken(client.get(f"{PLACE}xlsx/"))))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert over.code in cells
    assert held.code not in cells
    printed = text_of(taken(client.get(f"{PLACE}pdf/")))
    assert "DANH MỤC HỒ SƠ HẾT THỜI HẠN BẢO QUẢN" in printed
    assert "Mục lục này gồm: 1 hồ sơ" in printed
    assert DossierItem.objects.filter(dossier=over, removed_at=None).exists()
    over.refresh_from_db()
    assert over.state == "archived"


def test_the_list_goes_on_below_its_last_line_by_its_index(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlived_page, "PAGE_ROWS", 2)
    for number in range(3):
        ended(office, f"{number:02d}.KSTT", date(2010 + number, 1, 1), retention="2")
    first = office.client("van.thu").get(PLACE).content.decode()
    assert SHOWN.findall(first) == ["00.KSTT", "01.KSTT"]
    below = re.search(r"sau=(\d+-\d+)", first)
    assert below
    assert shown(office, "van.thu", f"{PLACE}?sau={below[1]}") == ["02.KSTT"]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = outlived.outlived(office.organization, TODAY() + timedelta(days=1))[:2].explain()
    assert "dossier_outlived" in plan


@pytest.mark.law("AVI-6c", "AVI-3b")
def test_who_answers_for_the_records_says_who_reads_what_is_archived(office: Office) -> None:
    """The dossier, its list and its metadata are nobody's business until somebody is let in; and not after that ended."""
    dossier, reader = archived(office, "01.KSTT", date(TODAY().year - 2, 5, 5)), office["the.thuc"]
    item = DossierItem.objects.get(dossier=dossier, removed_at=None)
    places = [
        f"/ho-so/{dossier.pk}/", f"/ho-so/{dossier.pk}/muc-luc/xlsx/", f"/ho-so/{dossier.pk}/ket-xuat/",
        f"/ho-so/{dossier.pk}/tai-lieu/{item.material_id}/",
    ]  # fmt: skip

    def answers() -> set[int]:
        told = [office.client("the.thuc").get(place) for place in places]
        for one in told:
            one.close()
        return {one.status_code for one in told}

    assert answers() == {404}
    assert "Cấp, thu hồi quyền xem" in office.client("lanh.dao").get(places[0]).content.decode()
    for login in ("chuyen.vien", "van.thu", "kiem.tra"):  # neither its keeper of before, nor who looks after it
        assert "Cấp, thu hồi quyền xem" not in office.client(login).get(places[0]).content.decode()
        assert act(office, login, dossier, "let_read", person=reader.pk) == "forbidden"
    for nobody in ("", office["quan.tri"].pk, 10**9):
        assert act(office, "lanh.dao", dossier, "let_read", person=nobody) == "missing"
    assert act(office, "lanh.dao", dossier, "end_reading", person=reader.pk) == "missing"
    assert act(office, "lanh.dao", dossier, "let_read", person=reader.pk) == ""
    assert act(office, "lanh.dao", dossier, "let_read", person=reader.pk) == "missing"
    assert answers() == {200}
    assert Notice.objects.filter(person=reader, text__startswith="Được xem hồ sơ lưu trữ").exists()
    assert act(office, "the.thuc", dossier, "say", text="Muộn") == "dossier_shut"  # to read is not to change
    assert act(office, "lanh.dao", dossier, "end_reading", person=reader.pk) == ""
    assert answers() == {404}
    told = Event.objects.filter(subject_kind="dossier", subject=str(dossier.pk), data__archived=True)
    assert list(told.order_by("pk").values_list("name", flat=True)) == ["dossier.member_added", "dossier.member_ended"]
    working = closed(office, ended_on=TODAY(), code="02.KSTT")
    assert act(office, "lanh.dao", working, "let_read", person=reader.pk) == "illegal_move"


def test_who_is_let_in_twice_at_once_gets_in_once(office: Office) -> None:
    dossier, found = archived(office, "01.KSTT", date(TODAY().year - 2, 5, 5)), list[str]()

    def press() -> None:
        found.append(act(office, "lanh.dao", dossier, "let_read", person=office["the.thuc"].pk))
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(found) == ["", "missing", "missing"]


LAYS_OUT = """#!{python}
import pathlib, sys
here, given = pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1]), pathlib.Path(sys.argv[-1])
(here / (given.stem + ".pdf")).write_bytes(pathlib.Path({made!r}).read_bytes())
"""
"""What stands in for LibreOffice: it leaves a PDF where it is told to."""


@pytest.mark.law("AVI-5e")
def test_a_file_whose_format_goes_out_of_use_gets_a_copy_that_lasts_and_both_go_with_the_dossier(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    monkeypatch.setenv("PATH", str(tools))  # no LibreOffice yet
    word = b"\xd0\xcf\x11\xe0 what a word processor of 1997 wrote"
    dossier = opened(office, started_on="2024-01-05")
    with_material(office, dossier, dated_on="2024-02-01", file=SimpleUploadedFile("To trinh.doc", word))
    with_material(office, dossier, dated_on="2024-02-02")  # a PDF
    first, second = contents.of(dossier)
    place = f"/ho-so/{dossier.pk}/"
    assert page(office, "chuyen.vien", dossier).count('value="convert"') == 1
    assert act(office, "chuyen.vien", dossier, "convert", item=first.pk) == "not_converted"
    (tmp_path / "made.pdf").write_bytes(SCAN)
    (tools / "soffice").write_text(LAYS_OUT.format(python=sys.executable, made=str(tmp_path / "made.pdf")))
    (tools / "soffice").chmod(0o755)
    ending = {"title": dossier.title, "code": dossier.code, "retention": "10", "ended_on": TODAY().isoformat()}
    assert act(office, "chuyen.vien", dossier, "close", **ending) == ""
    assert act(office, "chuyen.vien", dossier, "convert", item=first.pk) == "dossier_shut"
    made = submitted(office, dossier)
    assert said(office.client("van.thu").post(f"/ho-so/nop-luu/{made.pk}/", {"act": "take_over"})) == ""
    # Years later, in the archive: by who keeps it, once, and of nothing else.
    for login in ("chuyen.vien", "lanh.dao"):
        assert act(office, login, dossier, "convert", item=first.pk) == "forbidden"
    assert act(office, "van.thu", dossier, "convert", item=second.pk) == "missing"
    assert act(office, "lanh.dao", dossier, "hold", reference="1/QĐ", reason=WHY) == ""
    assert act(office, "van.thu", dossier, "convert", item=first.pk) == "held"
    assert act(office, "lanh.dao", dossier, "lift", reference="2/QĐ", reason=WHY) == ""
    assert act(office, "van.thu", dossier, "convert", item=first.pk) == ""
    assert act(office, "van.thu", dossier, "convert", item=first.pk) == "missing"
    assert 'value="convert"' not in page(office, "van.thu", dossier)
    copy = Material.objects.get(converted_from=first.material)
    assert taken(office.client("chuyen.vien").get(f"{place}tai-lieu/{copy.pk}/")) == SCAN
    assert taken(office.client("chuyen.vien").get(f"{place}tai-lieu/{first.material_id}/")) == word  # as it was
    book = ZipFile(BytesIO(taken(office.client("van.thu").get(f"{place}ket-xuat/"))))
    kept = {name: book.read(name) for name in book.namelist() if name.startswith("tep-goc/001/")}
    assert kept == {"tep-goc/001/01 To trinh.doc": word, "tep-goc/001/02 To trinh.doc.pdf": SCAN}
    event = Event.objects.get(name="dossier.file_converted", subject=str(dossier.pk))
    assert event.data["digest"] == sha256(word).hexdigest()
