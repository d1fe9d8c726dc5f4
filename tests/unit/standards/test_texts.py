"""The text of files, and what becomes of those that were made to hurt."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from time import monotonic

import pypdf
import pytest
import typst
from openpyxl import Workbook

from lienthong.standards.texts import NoText, Why, text_apart
from lienthong.standards.texts import reading as texts
from lienthong.standards.texts.apart import MEANS

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha ha ha ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'


def archive(**parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return made.getvalue()


def docx(*runs: str, head: str = "") -> bytes:
    body = "".join(f"<w:p>{run}</w:p>" for run in runs)
    return archive(word__document_xml=f'{head}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def xlsx() -> bytes:
    book, made = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(["Hồ chứa Vực Mấu", 17, "=1+1"])
    book.save(made)
    return made.getvalue()


def read(content: bytes, tmp_path: Path, **means: float) -> str:
    file = tmp_path / "file"
    file.write_bytes(content)
    return text_apart(file, means=MEANS._replace(**means)).words


def why(content: bytes, tmp_path: Path, **means: float) -> Why:
    with pytest.raises(NoText) as refusal:
        read(content, tmp_path, **means)
    assert refusal.value.words.vi
    return refusal.value.why


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (typst.compile("Hồ đập *an toàn*".encode()), "Hồ đập an toàn"),
        (docx(run("Hồ ") + run("đập"), run("Dòng hai")), "Hồ đập\nDòng hai"),
        (xlsx(), "Hồ chứa Vực Mấu\n17"),
        (
            archive(
                content_xml='<o xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><t:p>Hồ <t:span>đập</t:span></t:p></o>'
            ),
            "Hồ đập",
        ),
        ("Ho\u0302\u0300 đập\r\n".encode(), "Hồ đập"),
        ("Hồ đập".encode("utf-16"), "Hồ đập"),
    ],
    ids=["pdf", "docx", "xlsx", "odt", "decomposed", "utf-16"],
)
def test_text_is_taken_from_what_offices_write(content: bytes, text: str, tmp_path: Path) -> None:
    assert read(content, tmp_path) == text


def locked() -> bytes:
    writer, made = pypdf.PdfWriter(clone_from=io.BytesIO(typst.compile(b"x"))), io.BytesIO()
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(made)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7 broken", Why.BROKEN),
        (locked(), Why.LOCKED),
        (b"PK\x03\x04 broken", Why.BROKEN),
        (archive(readme="chữ"), Why.UNKNOWN),
        (docx("<w:r><w:t>open</w:r>"), Why.BROKEN),
        (b"\x00\x01\x02\x03", Why.UNKNOWN),
        (b"\xff\xd8\xff\xe0 jpeg", Why.UNKNOWN),
    ],
    ids=["broken pdf", "password", "broken zip", "a zip", "broken docx", "bytes", "jpeg"],
)
def test_what_gives_no_text_is_told_apart(content: bytes, reason: Why, tmp_path: Path) -> None:
    assert why(content, tmp_path) is reason


def test_the_pages_that_are_pictures_are_named(tmp_path: Path) -> None:
    drawn, written = "#rect(width: 100%, height: 100%)", "Hồ đập " * 60
    file = tmp_path / "file"
    file.write_bytes(typst.compile(f"{written}#pagebreak(){drawn}#pagebreak()#pagebreak(){written}".encode()))
    words, pictured = text_apart(file)
    assert pictured == (1,)  # a page on which nothing stands wants nothing
    assert words.count("Hồ đập") == 120


def test_no_entity_is_unfolded_and_no_file_of_ours_is_read(tmp_path: Path) -> None:
    made = docx(run("trước &b; &c; sau"), head=ENTITIES)
    try:
        text = read(made, tmp_path)
    except NoText:
        return
    assert "ha ha" not in text
    assert "root:" not in text


def test_what_unfolds_to_too_much_is_refused_before_it_is_unfolded(tmp_path: Path) -> None:
    bomb = docx(run("a" * (texts.BOUNDS.unpacked + 1)))
    assert len(bomb) < 1 << 20
    assert why(bomb, tmp_path) is Why.TOO_LARGE


def test_a_long_text_is_cut(tmp_path: Path) -> None:
    assert len(read(("chữ " * 400_000).encode(), tmp_path)) == texts.BOUNDS.characters


def test_who_takes_too_long_is_ended(tmp_path: Path) -> None:
    began = monotonic()
    assert why(typst.compile(b"#for i in range(2000) [#i #pagebreak()]"), tmp_path, seconds=0.05) is Why.TOO_SLOW
    assert monotonic() - began < 10


def test_the_process_is_told_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "lxml.py").write_text("raise SystemExit(7)")
    assert read("chữ".encode(), tmp_path) == "chữ"
    assert os.environ["PYTHONPATH"] == str(tmp_path)
