"""A dossier is taken away whole: one PDF and one XML in the order of time, the files as they are, their digests (Decree
30/2020, Annex VI, III.4g; Annex V, IV)."""

from __future__ import annotations

import re
from hashlib import sha256
from io import BytesIO
from xml.etree import ElementTree as Tree
from zipfile import ZipFile

import pypdf
import pytest
from django.utils import timezone

from lienthong.journal.models import AccessLog, Event
from lienthong.office.config import blobs
from lienthong.office.dossiers import export
from tests.service.office.conftest import Office, issued
from tests.service.office.dossiers import SCAN, act, facts, opened, said, submitted, taken, with_material
from tests.service.office.test_dossier_archive import text_of
from tests.service.office.test_dossiers import at_work, file
from tests.service.office.test_incoming import LETTER, MemoryHub


def zipped(office: Office, login: str, pk: int) -> ZipFile:
    answer = office.client(login).get(f"/ho-so/{pk}/ket-xuat/")
    assert "attachment" in answer["Content-Disposition"]
    return ZipFile(BytesIO(taken(answer)))


@pytest.mark.law("AVI-4g", "AVI-5d", "AVI-G4", "AVI-7a")
def test_all_of_it_comes_in_the_order_of_time_with_originals_and_digests(office: Office, hub: MemoryHub) -> None:
    dossier, letter, decision = opened(office), at_work(office, hub), issued(office)
    assert file(office, "chuyen.vien", decision, dossier) == ""
    assert file(office, "chuyen.vien", letter, dossier) == ""
    with_material(office, dossier, dated_on="2026-01-10", title="Bảng: tổng hợp")
    book = zipped(office, "chuyen.vien", dossier.pk)
    assert book.testzip() is None
    # The originals, byte for byte; what was sealed is sealed still.
    sealed = blobs().read(decision.versions.get(stage="sealed").digest)
    names = [name for name in book.namelist() if name.startswith("tep-goc/")]
    assert [name.split("/")[1] for name in names] == sorted(name.split("/")[1] for name in names)
    by_place = {name.split("/")[1]: book.read(name) for name in names}
    assert by_place["001"] == SCAN
    assert by_place["003"] == sealed
    # Every file's digest, as `sha256sum -c` reads it.
    lines = re.findall(r"^([0-9a-f]{64})  (.+)$", book.read(export.MANIFEST).decode(), re.MULTILINE)
    assert {name for _, name in lines} == set(book.namelist()) - {export.MANIFEST}
    assert all(sha256(book.read(name)).hexdigest() == digest for digest, name in lines)
    # One PDF: the list in its statutory layout, then the pages in the order of time, each with its bookmark.
    joined = pypdf.PdfReader(BytesIO(book.read("ho-so.pdf")))
    told = text_of(book.read("ho-so.pdf"))
    assert "MỤC LỤC VĂN BẢN, TÀI LIỆU" in told
    assert "Số, ký hiệu hồ sơ: 05.KSTT" in told
    assert told.index("Bảng: tổng hợp") < told.index(LETTER.subject) < told.index(decision.printed_number)
    assert next(one.title for one in joined.outline) == "Mục lục văn bản, tài liệu"  # type: ignore[union-attr]
    assert len(joined.pages) == 1 + 1 + len(pypdf.PdfReader(BytesIO(sealed)).pages)
    # The metadata of Annex VI, Part II, in the same order.
    root = Tree.fromstring(book.read("ho-so.xml"))  # noqa: S314 - our own
    assert root.findtext("FileCode/FileNotation") == "05.KSTT"
    assert root.findtext("FileCode/FileCatalog") == "2026"
    assert (root.findtext("Maintenance"), root.findtext("DocTotal")) == ("10 năm", "3")
    documents = root.find("Documents")
    assert documents is not None
    assert [one.tag for one in documents] == ["Material", "IncomingDocument", "OutgoingDocument"]
    incoming, outgoing = documents[1], documents[2]
    assert incoming.findtext("CodeNumber") == letter.number
    assert incoming.findtext("ArrivalNumber") == str(letter.arrival_number)
    assert "Chủ trì xử lý" in (incoming.findtext("TraceHeaderList") or "")
    assert outgoing.findtext("To/OrganId")
    assert outgoing.findtext("SignerInfo/FullName") == decision.signer_name
    event = Event.objects.get(name="dossier.exported")
    assert (event.data["documents"], event.data["withheld"]) == (3, 0)
    assert AccessLog.objects.filter(subject_kind="dossier", detail="export").count() == 1


@pytest.mark.law("AVI-7a")
def test_what_is_known_of_it_is_supplemented_shown_whole_and_fixed_with_its_files_at_its_end(office: Office) -> None:
    dossier = opened(office)
    with_material(office, dossier, dated_on="2026-01-10", title="Bảng tổng hợp")
    more = facts(note="Kèm hai đĩa ghi âm", language="Tiếng Việt, tiếng Anh")
    more.pop("act")
    assert act(office, "lanh.dao", dossier, "change", **more) == "forbidden"
    assert act(office, "chuyen.vien", dossier, "change", **more) == ""
    changed = Event.objects.get(name="dossier.changed", subject=str(dossier.pk))
    assert set(changed.data["facts"]) == {"note", "language"}

    def known() -> dict[str, str | None]:
        root = Tree.fromstring(zipped(office, "chuyen.vien", dossier.pk).read("ho-so.xml"))  # noqa: S314 - our own
        return {name: root.findtext(name) for name in ("Title", "Description", "Language", "DocTotal", "Creator")}

    supplemented = {
        "Title": dossier.title, "Description": "Kèm hai đĩa ghi âm", "Language": "Tiếng Việt, tiếng Anh", "DocTotal": "1",
        "Creator": office["chuyen.vien"].full_name,
    }  # fmt: skip
    assert known() == supplemented
    ending = {**more, "ended_on": timezone.localdate().isoformat()}
    assert act(office, "chuyen.vien", dossier, "close", **ending) == ""
    made = submitted(office, dossier)
    assert said(office.client("van.thu").post(f"/ho-so/nop-luu/{made.pk}/", {"act": "take_over"})) == ""
    for login in ("chuyen.vien", "van.thu", "lanh.dao"):  # it is fixed from now on, and stays as whole as it was
        assert act(office, login, dossier, "change", **{**more, "note": "Khác"}) in ("forbidden", "dossier_shut"), login
    assert known() == supplemented
    book = zipped(office, "chuyen.vien", dossier.pk)
    listed = dict(re.findall(r"^([0-9a-f]{64})  (.+)$", book.read(export.MANIFEST).decode(), re.MULTILINE))
    assert "ho-so.xml" in listed.values()  # metadata and files lie under one list of digests
    assert sha256(SCAN).hexdigest() in listed


@pytest.mark.law("AVI-4g", "AVI-3b")
def test_what_one_may_not_read_is_named_as_withheld_and_left_out(office: Office, hub: MemoryHub) -> None:
    dossier, letter = opened(office), at_work(office, hub)
    assert file(office, "chuyen.vien", letter, dossier) == ""
    with_material(office, dossier, dated_on="2026-01-10")
    assert act(office, "chuyen.vien", dossier, "member", person=office["the.thuc"].pk) == ""
    book = zipped(office, "the.thuc", dossier.pk)
    assert [name for name in book.namelist() if name.startswith("tep-goc/002")] == []
    assert "002: người kết xuất không được xem" in book.read("khong-kem.txt").decode()
    everything = b"".join(book.read(name) for name in book.namelist()).decode("utf-8", "ignore")
    assert letter.subject not in everything
    assert letter.subject not in text_of(book.read("ho-so.pdf"))
    assert 'withheld="true"' in book.read("ho-so.xml").decode()
    assert Event.objects.get(name="dossier.exported").data["withheld"] == 1


@pytest.mark.law("AVI-4g")
def test_a_large_dossier_comes_in_volumes_so_that_memory_holds_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "VOLUME", len(SCAN))
    dossier = opened(office)
    for _ in range(3):
        with_material(office, dossier)
    book = zipped(office, "chuyen.vien", dossier.pk)
    volumes = [name for name in book.namelist() if name.endswith(".pdf") and "/" not in name]
    assert volumes == ["ho-so.pdf", "ho-so-quyen-2.pdf", "ho-so-quyen-3.pdf"]
    assert [len(pypdf.PdfReader(BytesIO(book.read(name))).pages) for name in volumes] == [2, 1, 1]


@pytest.mark.law("AVI-OUT", "D30-29-2")
def test_the_list_of_what_lies_in_it_is_printed_in_its_seven_columns(office: Office) -> None:
    dossier, decision = opened(office), issued(office)
    with_material(office, dossier, dated_on="2026-01-10")
    assert file(office, "chuyen.vien", decision, dossier) == ""
    told = text_of(taken(office.client("chuyen.vien").get(f"/ho-so/{dossier.pk}/muc-luc/pdf/")))
    for words in ("Năm 2026", "STT", "Tác giả văn bản", "(7)", decision.printed_number, office.organization.name):
        assert words in told, words
    assert taken(office.client("chuyen.vien").get(f"/ho-so/{dossier.pk}/muc-luc/xlsx/")).startswith(b"PK")
    assert office.client("chuyen.vien").get(f"/ho-so/{dossier.pk}/muc-luc/doc/").status_code == 404
    assert office.client("van.thu").get(f"/ho-so/{dossier.pk}/ket-xuat/").status_code == 404
