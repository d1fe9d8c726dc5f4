"""A draft may come from a word processor: laid out by LibreOffice where the machine has it, else asked for as PDF. What
stands in for LibreOffice here is called as it is, and leaves a PDF where it is told to."""

import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import psutil
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lienthong.office.models import OutgoingDocument
from lienthong.office.typeset import word_processor
from tests.museum.presentation import LETTER, laid_out, pages_of
from tests.service.office.conftest import Office, refusal
from tests.service.office.test_law_outgoing import draft_form, kept_file

DOCX = b"PK\x03\x04\x14\x00\xff\xfe what a word processor wrote"
LAYS_OUT = """#!{python}
import os, pathlib, sys
here = pathlib.Path(sys.argv[sys.argv.index("--outdir") + 1])
given = pathlib.Path(sys.argv[-1])
profile = here / "profile" / "user" / "registrymodifications.xcu"
assert "DisableMacrosExecution" in profile.read_text() and "BlockUntrustedRefererLinks" in profile.read_text()
assert given.read_bytes() == {content!r} and "LIENTHONG_SECRET" not in os.environ
(here / (given.stem + ".pdf")).write_bytes(pathlib.Path({made!r}).read_bytes())
"""
Installed = Callable[[str], Path]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """Puts a program in LibreOffice's place, or nothing at all."""
    tools = tmp_path / "bin"
    tools.mkdir()
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("LIENTHONG_SECRET", "x")

    def install(script: str) -> Path:
        (tools / "soffice").write_text(script)
        (tools / "soffice").chmod(0o755)
        return tmp_path

    return install


def upload(office: Office, name: str = "Tờ trình.docx", content: bytes = DOCX) -> object:
    form = draft_form(office, body="", upload=SimpleUploadedFile(name, content))
    return office.client("chuyen.vien").post("/van-ban-di/soan/", form)


@pytest.mark.law("AVI-1a", "R-3.1-1")
def test_it_becomes_a_draft_that_was_created_digitally(office: Office, installed: Installed, tmp_path: Path) -> None:
    made = tmp_path / "made.pdf"
    made.write_bytes(laid_out(LETTER))
    installed(LAYS_OUT.format(python=sys.executable, content=DOCX, made=str(made)))
    assert upload(office).status_code == 302  # type: ignore[attr-defined]
    document = OutgoingDocument.objects.get()
    assert document.origin == "digital"
    pages = pages_of(kept_file(office, "chuyen.vien", document, 1))
    assert pages == pages_of(made.read_bytes()) + 1  # the signing page


@pytest.mark.law("AVI-1a")
@pytest.mark.parametrize(
    "script", ["", "#!/bin/sh\nexit 77\n", "#!/bin/sh\nexit 0\n"], ids=["none", "fails", "nothing"]
)
def test_else_it_is_asked_for_as_a_pdf(office: Office, installed: Installed, script: str) -> None:
    if script:
        installed(script)
    answer = upload(office)
    assert refusal(answer) == "not_pdf"  # type: ignore[arg-type]
    assert "xuất PDF từ trình soạn thảo" in answer.content.decode()  # type: ignore[attr-defined]
    assert not OutgoingDocument.objects.exists()


@pytest.mark.parametrize("name", ["x.docx", "x.odt", "x.doc", "x.rtf"])
def test_what_is_not_what_its_name_says_is_not_printed_as_text(installed: Installed, name: str) -> None:
    installed("#!/bin/sh\nexit 77\n")
    with pytest.raises(word_processor.ConversionFailed):
        word_processor.lay_out(name, b"rubbish")


def test_one_that_does_not_end_is_ended_with_all_that_it_started(installed: Installed) -> None:
    folder = installed("#!/bin/sh\n/bin/sleep 600 & wait\n")
    began = monotonic()
    with pytest.raises(word_processor.ConversionTooSlow):
        word_processor.lay_out("x.docx", DOCX, patience=1)
    assert monotonic() - began < 30
    assert not [
        one
        for one in psutil.process_iter(["cmdline"])
        if str(folder / "bin" / "soffice") in (one.info["cmdline"] or [])
    ]
