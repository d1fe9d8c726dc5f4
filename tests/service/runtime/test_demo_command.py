"""`lienthong demo --once`: with documents of every kind, and every way in which it can go wrong has a name."""

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from zipfile import ZipFile

import psutil
import pytest
from pypdf import PdfReader, PdfWriter

from lienthong.office.models.people import Role
from lienthong.office.typeset import Draft, render
from lienthong.runtime.commands import demo
from lienthong.runtime.demo.cast import HOUSES
from lienthong.runtime.demo.desk import Unexpected
from lienthong.runtime.demo.given import LARGEST, look_at
from lienthong.runtime.demo.story import Step
from lienthong.runtime.settings import Door
from tests import commands
from tests.service.runtime.test_commands import plain_environment
from tests.unit.signatures.world import AGENCY, PERSON, World

pytestmark = pytest.mark.xdist_group("commands")

WHOLE_STORY_S = 900
TEXT = "Căn cứ Luật Tổ chức Chính phủ;\nĐiều 1. Ban hành Quy chế.\nĐiều 2. Quyết định này có hiệu lực từ ngày ký./."
DOCX = b"PK\x03\x04\x14\x00\xff\xfe what a word processor wrote"


def pdf(text: str = TEXT) -> bytes:
    draft = Draft(
        agency="Văn phòng Chính phủ", notation="QĐ-VPCP", place="Hà Nội", year=2026, subject="Về việc thử", body=text,
        position="PHÓ CHỦ NHIỆM", signer="Trần Quốc Vượng", type_name="Quyết định",
    )  # fmt: skip
    return render(draft).pdf


def with_password() -> bytes:
    writer, out = PdfWriter(clone_from=PdfReader(BytesIO(pdf()))), BytesIO()
    writer.encrypt("mật khẩu", algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def signed() -> bytes:
    world = World()
    return world.issued(world.issue(PERSON), world.issue(AGENCY))


@dataclass(frozen=True)
class Answer:
    """What the command answered as JSON, and its exit code."""

    code: int
    said: dict[str, Any]


def refused(document: Path, *more: str, path: str | None = None) -> Answer:
    """The command's answer about a document, long before anything would have started."""
    environment = plain_environment() | ({"PATH": path} if path else {})
    words = ("demo", "--once", "--document", str(document), *more)
    people = commands.run(*words, environment=environment)
    done = commands.run(*words, "--json", environment=environment)
    assert "Traceback" not in people.stdout + people.stderr + done.stdout + done.stderr
    assert people.returncode == done.returncode
    said = json.loads(done.stdout)
    assert said["ok"] is False
    assert said["steps"] == []
    assert said["fault"] != said["fault_en"]
    assert f"KHÔNG ĐẠT: {said['fault']} / {said['fault_en']} ({said['code']})" in people.stdout
    return Answer(done.returncode, said)


def test_a_path_that_leads_to_no_file(tmp_path: Path) -> None:
    assert refused(tmp_path / "không-có.pdf").said["code"] == "document_missing"
    assert refused(tmp_path).said["code"] == "document_no_file"
    assert refused(Path("/dev/null")).said["code"] == "document_no_file"
    (tmp_path / "tệp").touch()
    assert refused(tmp_path / "tệp" / "trong-tệp.pdf").said["code"] == "document_unreadable"


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("trống.txt", b"", "document_empty", "không có nội dung"),
        ("trắng.txt", b" \n\n", "document_empty", "không có nội dung"),
        ("hỏng.pdf", b"%PDF-1.7 broken", "document_pdf", "bị hỏng"),
        ("mật-khẩu.pdf", with_password, "document_pdf", "có mật khẩu"),
        ("đã-ký.pdf", signed, "document_pdf", "đã có chữ ký số"),
    ],
    ids=["empty", "blank", "broken", "password", "signed"],
)
def test_a_document_that_cannot_be_sent(tmp_path: Path, name: str, content: Any, code: str, words: str) -> None:
    (tmp_path / name).write_bytes(content() if callable(content) else content)
    answer = refused(tmp_path / name)
    assert (answer.code, answer.said["code"]) == (2, code)
    assert words in answer.said["fault"]
    assert name in answer.said["fault_en"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("quy-chế.pdf", pdf), ("tờ-trình.txt", TEXT.encode()), ("không-đuôi", TEXT.encode())],
    ids=["pdf", "text", "text without a suffix"],
)
def test_pdf_and_text_take_the_place_of_the_decisions_text(tmp_path: Path, name: str, content: Any) -> None:
    given = content() if callable(content) else content
    (tmp_path / name).write_bytes(given)
    seen = look_at(tmp_path / name, patience=1)
    assert (seen.upload, seen.enclosure) == ((name, given), None)


def test_a_document_that_is_too_large_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / "lớn.pdf").open("wb") as file:
        file.truncate(LARGEST + 1)
    assert refused(tmp_path / "lớn.pdf").said["code"] == "document_too_large"


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("exit 77", "conversion_failed"),
        ("exit 0", "conversion_failed"),
        ("sleep 600 & wait", "conversion_too_slow"),
    ],
    ids=["fails", "makes nothing", "hangs"],
)
def test_a_word_processor_that_does_not_do_its_work(tmp_path: Path, script: str, code: str) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "soffice").write_text(f"#!/bin/sh\necho $$ > {tmp_path}/group\n{script}\n")
    (tools / "soffice").chmod(0o755)
    (tmp_path / "tờ-trình.docx").write_bytes(DOCX)
    answer = refused(tmp_path / "tờ-trình.docx", "--patience", "0.5", path=f"{tools}:{os.environ['PATH']}")
    assert (answer.code, answer.said["code"]) == (2, code)
    group, end = int((tmp_path / "group").read_text()), monotonic() + 10
    while at_work_in(group):  # with it ends what it had started
        assert monotonic() < end
        sleep(0.05)


def at_work_in(group: int) -> list[int]:
    """The processes of a group that still do something; one that has ended may wait for somebody to ask how."""
    found = []
    for process in psutil.process_iter(["pid", "status"]):
        with suppress(ProcessLookupError):
            if process.info["status"] != psutil.STATUS_ZOMBIE and os.getpgid(process.info["pid"]) == group:
                found.append(process.info["pid"])
    return found


def test_a_word_processors_file_is_laid_out_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """What stands in for LibreOffice here is called as it is, and leaves a PDF where it is told to."""
    tools = tmp_path / "bin"
    tools.mkdir()
    (tmp_path / "made.pdf").write_bytes(pdf())
    (tools / "soffice").write_text(
        '#!/bin/sh\nwhile [ "$1" != --outdir ]; do shift; done\n'
        f'cp {tmp_path}/made.pdf "$2/$(basename "$3" .docx).pdf"\n'
    )
    (tools / "soffice").chmod(0o755)
    (tmp_path / "tờ-trình.docx").write_bytes(DOCX)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    given = look_at(tmp_path / "tờ-trình.docx", patience=30)
    assert given.upload == ("tờ-trình.pdf", (tmp_path / "made.pdf").read_bytes())
    assert given.enclosure is None


LIBREOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default'
    ' Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override'
    ' PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml'
    '.document.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship'
    ' Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>',
    "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>'
    + "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in TEXT.splitlines())
    + "</w:body></w:document>",
}


@pytest.mark.parametrize("program", [LIBREOFFICE] if LIBREOFFICE else [])
def test_libreoffice_itself_lays_out_what_a_word_processor_wrote(program: str, tmp_path: Path) -> None:
    file = tmp_path / "quy-chế.docx"
    with ZipFile(file, "w") as package:
        for name, part in PARTS.items():
            package.writestr(name, part)
    given = look_at(file, patience=240)
    assert given.upload is not None, program
    name, made = given.upload
    read = "".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)
    assert name == "quy-chế.pdf"
    assert [line for line in TEXT.splitlines() if line not in read] == []


@pytest.mark.parametrize("as_json", [False, True])
def test_the_first_thing_that_is_not_as_expected_ends_it_with_1(
    as_json: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def act(_given: object, _door: object, told: demo.Telling) -> None:
        told.say("Khởi động các dịch vụ…")
        told.step(Step(1.5, "H41 nhận"))
        raise Unexpected("H26 không nhận")

    monkeypatch.setattr(demo, "_act", act)
    assert demo._act_once(as_json, None, Door.NATIVE, 60) == 1
    said = capsys.readouterr().out
    if as_json:
        answer = json.loads(said)
        assert (answer["ok"], answer["code"]) == (False, "unexpected")
        assert answer["steps"] == [{"at": 1.5, "step": "H41 nhận"}]
    else:
        first, second, last = said.splitlines()
        assert re.fullmatch(r" *\d+\.\d s  Khởi động các dịch vụ…", first)
        assert second == "   1.5 s  H41 nhận"
        assert last.startswith("KHÔNG ĐẠT: Không như mong đợi: H26 không nhận / Not as expected:")


def test_each_agency_of_the_cast_has_units_and_people_in_every_role() -> None:
    assert [(house.code, house.name, house.alias) for house in HOUSES] == [
        ("G22", "Văn phòng Chính phủ", "000.00.00.G22"),
        ("H41", "Ủy ban nhân dân tỉnh Nghệ An", "000.00.00.H41"),
        ("H26", "Ủy ban nhân dân thành phố Hà Nội", "000.00.00.H26"),
        ("G12", "Bộ Tài chính", "000.00.00.G12"),
    ]
    for house in HOUSES:
        assert {member.role for member in house.members} == set(Role.values), house.code
        assert {member.unit for member in house.members} == {abbreviation for abbreviation, _ in house.units}
        assert len({member.login for member in house.members}) == len(house.members)


def test_what_only_the_story_knows_is_not_asked_without_it(tmp_path: Path) -> None:
    for word in (("--json",), ("--document", str(tmp_path / "x.pdf"))):
        done = commands.run("demo", *word, environment=plain_environment())
        assert done.returncode == 2
        assert "--once" in done.stderr


def story(*words: str, environment: dict[str, str] | None = None, limit: str = "") -> Answer:
    """The command as a program calls it, in a process of its own."""
    command = [sys.executable, "-m", "lienthong", "demo", "--once", "--json", *words]
    if limit:
        command = ["prlimit", limit, *command]
    done = subprocess.run(
        command, env=plain_environment() | (environment or {}), capture_output=True, text=True, timeout=WHOLE_STORY_S,
        check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stdout + done.stderr
    return Answer(done.returncode, json.loads(done.stdout))


def test_a_database_that_cannot_be_made() -> None:
    answer = story(limit="--fsize=4000000")  # less than a database's first file
    assert (answer.code, answer.said["code"]) == (1, "database")


def test_a_database_that_takes_nothing() -> None:
    answer = story(environment={"PGOPTIONS": "-c default_transaction_read_only=on"})
    assert answer.code == 1
    assert answer.said["code"] in ("database", "not_ready")


@pytest.mark.parametrize(
    ("name", "content"), [("quy-chế.pdf", pdf), ("tờ-trình.docx", DOCX)], ids=["pdf", "enclosed"],
)  # fmt: skip
def test_the_story_holds_with_a_document_of_ones_own(tmp_path: Path, name: str, content: Any) -> None:
    """A word processor's file is enclosed where there is no LibreOffice, and arrives whole."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for program in Path("/usr/bin").iterdir():
        if program.name not in ("soffice", "libreoffice"):
            (tools / program.name).symlink_to(program)
    (tmp_path / name).write_bytes(content() if callable(content) else content)
    answer = story("--document", str(tmp_path / name), environment={"PATH": str(tools)})
    assert answer.said["fault"] == ""
    assert answer.code == 0
    enclosed = [one for one in answer.said["steps"] if "nguyên vẹn từng byte" in one["step"]]
    assert len(enclosed) == (1 if name.endswith(".docx") else 0)
