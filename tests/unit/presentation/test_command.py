"""`lienthong document check`: what it prints, and its exit codes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lienthong.runtime.cli import app
from tests import commands
from tests.museum.presentation import DECISION, laid_out, piece


def run(tmp_path: Path, content: bytes, *options: str) -> tuple[int, str]:
    file = tmp_path / "van-ban.pdf"
    file.write_bytes(content)
    done = CliRunner().invoke(app, ["document", "check", str(file), *options])
    return done.exit_code, done.output


@pytest.mark.law("R-6.4-1")
def test_a_fault_is_said_with_its_place_and_clause(tmp_path: Path) -> None:
    file = tmp_path / "van-ban.pdf"
    file.write_bytes(piece("motto_form").pdf)
    done = commands.run("document", "check", str(file), environment={})
    text = done.stdout
    assert done.returncode == 1
    assert "SAI · trang 1 · Phụ lục I, mục II.1.b · motto_form" in text
    assert "Tiêu ngữ trình bày cỡ chữ 11. / The motto is set 11 pt." in text


def test_a_clean_document_ends_with_zero(tmp_path: Path) -> None:
    code, text = run(tmp_path, laid_out(DECISION), "--type", "Quyết định", "--signer", DECISION.signer)
    assert (code, text) == (0, "Không thấy lỗi thể thức. / No fault of presentation was found.\n")


def test_what_is_told_is_looked_for(tmp_path: Path) -> None:
    code, text = run(tmp_path, laid_out(DECISION), "--signer", "Người Khác", "--urgency", "3", "--json")
    assert code == 1
    found = {row["rule"]: row for row in json.loads(text)["findings"]}
    assert set(found) == {"signer", "urgency"}
    assert found["signer"]["severity"] == "missing"
    assert found["signer"]["found"] == "Không thấy họ tên người ký «Người Khác»"


def test_what_cannot_be_read_ends_with_two(tmp_path: Path) -> None:
    code, text = run(tmp_path, b"PK\x03\x04", "--json")
    assert (code, json.loads(text)["unreadable"]) == (2, "no_pdf")
    code, text = run(tmp_path, b"%PDF-1.4 broken")
    assert code == 2
    assert "tệp PDF bị hỏng" in text


def test_an_unknown_type_is_no_parameter(tmp_path: Path) -> None:
    code, _ = run(tmp_path, laid_out(DECISION), "--type", "Truyện ngắn")
    assert code == 2
