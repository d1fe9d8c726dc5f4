"""Paper is found by what stands on it: a scan that is registered is read by Tesseract, page after page; where that is
not, the page of the machine says so and scans wait for it."""

import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import typst
from django.db import connection, transaction
from PIL import Image

from lienthong.office import jobs
from lienthong.office.config import blobs
from lienthong.office.models import Findable, IncomingDocument
from lienthong.office.search import indexing
from lienthong.standards.signatures.fonts import fonts
from lienthong.standards.texts import NoText, Why, recognised, recogniser
from lienthong.standards.texts.recognising import MEANS
from tests.service.office.conftest import Office
from tests.service.office.test_incoming import LETTER, MemoryHub, arrived
from tests.service.office.test_registering import pdf, registered
from tests.service.office.test_search import asked, found, read_all

SAID = "Kiểm tra hồ đập trước mùa mưa bão"
PLACE = "/co-quan/may-chu/"
STANDS_IN = """#!/bin/sh
[ "$1" = --list-langs ] && echo vie && exit
read -r size
case "$size" in {broken}) exit 1;; esac
echo "chữ trên trang"
"""
"""In Tesseract's place: it fails on pages of a size."""
SLOW = """#!/bin/sh
[ "$1" = --list-langs ] && echo vie && exit
read -r size
case "$size" in "P5 600 "*) kill -s XCPU $$;; esac
echo "chữ trên trang"
"""
"""In its place: it takes longer than it may on pages of a size."""
TELLS = """#!/bin/sh
[ "$1" = --list-langs ] && echo vie && exit
echo "chữ,$LIENTHONG_SECRET không có gì khác"
(echo "chữ của văn bản" > {kept}) || true
"""
"""In its place: it tells of the settings that it was given, and tries to keep what it read."""

Installed = Callable[[str], None]


def photograph(text: str) -> Image.Image:
    """A page that says something, as a scanner sees it: dots at 200 dpi."""
    page = f'#set page("a4")\n#set text(size: 14pt, lang: "vi", font: "Liberation Serif")\n{text}'
    drawn = pypdfium2.PdfDocument(typst.compile(page.encode(), font_paths=fonts()))[0].render(scale=200 / 72)
    return drawn.to_pil().convert("L")


def scan(*pages: Image.Image) -> bytes:
    made = BytesIO()
    pages[0].save(made, "PDF", resolution=200, save_all=True, append_images=pages[1:])
    return made.getvalue()


def sheets(*sizes: tuple[int, int]) -> bytes:
    """Pages of these sizes on which nothing stands but grey."""
    return scan(*(Image.new("L", size, 200) for size in sizes))


def work() -> None:
    """What the worker does until nothing waits."""
    read_all()
    while (program := recogniser()) and indexing.recognise_next(program):
        pass


def row_of(document: IncomingDocument) -> Findable:
    return Findable.objects.get(incoming=document)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """Puts a program in Tesseract's place, or nothing at all."""
    tools = tmp_path / "bin"
    tools.mkdir()
    monkeypatch.setenv("PATH", str(tools))

    def install(script: str) -> None:
        (tools / "tesseract").write_text(script)
        (tools / "tesseract").chmod(0o755)

    return install


@pytest.mark.law("AVI-6d", "D30-22-2")
def test_a_paper_that_was_scanned_is_found_by_what_stands_on_it(office: Office) -> None:
    assert recogniser(), "install the packages tesseract-ocr and tesseract-ocr-vie to run this test"
    content = scan(photograph(f"#v(3cm) {SAID}."), photograph("#v(3cm) Trang hai nói về đê điều."))
    one = registered(office.client("van.thu"), file=pdf(content, "quet.pdf"))
    read_all()
    assert found(office, "van.thu", SAID) == []
    assert "chưa đọc được nội dung 1 tệp" in asked(office, "van.thu", "5/SNV-VP")
    assert 'data-scans="1"' in office.client("quan.tri").get(PLACE).content.decode()
    work()
    for typed in (SAID, "ho dap truoc mua mua bao", "noi ve de dieu"):
        assert found(office, "van.thu", typed) == [("in", one.pk)], typed
    page = asked(office, "van.thu", "hồ đập trước")
    assert "<mark>hồ đập trước</mark>" in page
    assert "nhận dạng từ ảnh" in page
    assert "data-unread" not in page
    kept = one.files.get()
    assert blobs().path(kept.digest).read_bytes() == content  # the file stays as it came
    row = row_of(one)
    assert (SAID in row.content, SAID in row.recognised, row.pictured) == (False, True, [])


def test_what_is_written_is_not_called_recognised(office: Office, hub: MemoryHub) -> None:
    arrived(hub, LETTER, van_ban_csv="chữ viết hẳn hoi".encode())
    work()
    assert "data-recognised" not in asked(office, "van.thu", "chu viet han hoi")


@pytest.mark.law("AVI-6d")
def test_without_a_recogniser_the_page_says_so_and_scans_wait_for_it(office: Office, installed: Installed) -> None:
    one = registered(office.client("van.thu"), file=pdf(sheets((800, 1000)), "quet.pdf"))
    stop = threading.Event()
    stop.set()
    read_all()
    jobs.recognise_scans(stop)
    assert len(row_of(one).pictured) == 1
    page = office.client("quan.tri").get(PLACE).content.decode()
    assert 'data-recogniser="missing"' in page
    assert "apt-get install tesseract-ocr tesseract-ocr-vie" in page
    installed("#!/bin/sh\necho eng")  # it is there, and knows no Vietnamese
    assert 'data-recogniser="missing"' in office.client("quan.tri").get(PLACE).content.decode()
    installed(STANDS_IN.format(broken="none"))
    page = office.client("quan.tri").get(PLACE).content.decode()
    assert 'data-recogniser="here"' in page
    assert "apt-get install tesseract" not in page
    jobs.recognise_scans(stop)
    assert found(office, "van.thu", "chu tren trang") == [("in", one.pk)]


def test_a_recogniser_that_reads_nothing_at_all_is_at_fault_itself_and_the_pages_wait(
    office: Office, installed: Installed
) -> None:
    one = registered(office.client("van.thu"), file=pdf(sheets((400, 500)), "quet.pdf"))
    installed('#!/bin/sh\n[ "$1" = --list-langs ] && echo vie && exit\nexit 1')  # its data are damaged
    for _ in range(indexing.MOST_TRIES + 1):
        work()
    row = row_of(one)
    assert (len(row.pictured), row.tries, [noted["why"] for noted in row.unread]) == (1, 0, ["pictures"])
    page = office.client("quan.tri").get(PLACE).content.decode()
    assert 'data-recogniser="broken"' in page
    assert "apt-get install --reinstall tesseract-ocr tesseract-ocr-vie" in page
    installed(STANDS_IN.format(broken="none"))
    work()
    assert found(office, "van.thu", "chu tren trang") == [("in", one.pk)]


def test_a_page_that_fails_is_noted_and_the_others_are_found(office: Office, installed: Installed) -> None:
    installed(STANDS_IN.format(broken='"P5 600 "*'))
    content = sheets((800, 1000), (400, 500), (800, 1000))
    one = registered(office.client("van.thu"), file=pdf(content, "quet.pdf"))
    work()
    assert found(office, "van.thu", "chu tren trang") == [("in", one.pk)]
    assert row_of(one).recognised == "chữ trên trang\nchữ trên trang"
    assert [noted["why"] for noted in row_of(one).unread] == ["broken"]
    assert "chưa đọc được nội dung 1 tệp" in asked(office, "van.thu", "chu tren trang")


def test_a_document_of_many_slow_pages_does_not_keep_the_others_waiting(office: Office, installed: Installed) -> None:
    """Whoever sends it: three of its pages are waited for, whatever lies between them, and then the others are left."""
    installed(SLOW)
    slow, quick = (400, 500), (800, 1000)
    one = registered(
        office.client("van.thu"), file=pdf(sheets(slow, quick, slow, quick, slow, quick, slow), "quet.pdf")
    )
    read_all()
    program = recogniser()
    assert program
    begun = list[int]()
    while indexing.recognise_next(program):
        begun.append(row_of(one).tries)
    assert begun == [1, 1, 2, 2, 3, 4, 0]
    assert row_of(one).recognised == "chữ trên trang\nchữ trên trang"  # the last quick one was not drawn any more
    assert [noted["why"] for noted in row_of(one).unread] == ["too_slow"]
    other = registered(office.client("van.thu"), file=pdf(sheets(slow, quick), "khac.pdf"))
    work()
    assert found(office, "van.thu", "chu tren trang") == [("in", other.pk), ("in", one.pk)]


def test_one_page_is_recognised_at_a_time_and_what_came_last_goes_first(
    office: Office, hub: MemoryHub, installed: Installed
) -> None:
    installed(STANDS_IN.format(broken="none"))
    first = arrived(hub, LETTER, quet_pdf=sheets((400, 500), (400, 500)))
    read_all()
    program = recogniser()
    assert program
    indexing.recognise_next(program)
    assert len(row_of(first).pictured) == 1
    last = registered(office.client("van.thu"), file=pdf(sheets((400, 500)), "quet.pdf"))
    read_all()
    indexing.recognise_next(program)
    assert (len(row_of(first).pictured), len(row_of(last).pictured)) == (1, 0)
    work()
    assert row_of(first).recognised == "chữ trên trang\nchữ trên trang"


def test_what_was_recognised_goes_when_the_files_change(office: Office, hub: MemoryHub, installed: Installed) -> None:
    installed(STANDS_IN.format(broken="none"))
    one = arrived(hub, LETTER, quet_pdf=sheets((400, 500)))
    work()
    assert found(office, "van.thu", "chu tren trang") == [("in", one.pk)]
    one.files.filter(name__endswith=".pdf").delete()
    assert (row_of(one).recognised, row_of(one).pictured) == ("", [])
    assert found(office, "van.thu", "chu tren trang") == []


def test_the_next_page_is_found_by_its_index(office: Office) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "findable_to_recognise" in indexing.scanned().order_by("-id")[:1].explain()


def test_who_takes_too_long_is_ended_and_is_told_nothing_of_ours(
    tmp_path: Path, installed: Installed, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "quet.pdf"
    file.write_bytes(sheets((400, 500)))
    monkeypatch.setenv("LIENTHONG_SECRET", "x")
    installed(TELLS.format(kept=tmp_path / "kept"))
    program = recogniser()
    assert program
    assert recognised(file, 0, program=program) == "chữ, không có gì khác"
    assert not (tmp_path / "kept").exists() or (tmp_path / "kept").read_bytes() == b""
    installed('#!/bin/sh\n[ "$1" = --list-langs ] && echo vie && exit\nwhile :; do :; done')
    for means in (MEANS._replace(seconds=2), MEANS._replace(seconds=60, processor=1)):
        with pytest.raises(NoText) as refused:
            recognised(file, 0, program=program, means=means)
        assert refused.value.why is Why.TOO_SLOW
