"""The command `lienthong verify`: what it prints, and what its exit code says to scripts."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from lienthong.runtime.commands.verify import verify
from tests.unit.signatures.world import AGENCY, PERSON, Owner, World, draft

app = typer.Typer()
app.command()(verify)


@pytest.fixture
def trust(tmp_path: Path, world: World, agency: Owner) -> Path:
    folder = tmp_path / "trust"
    (folder / "seals").mkdir(parents=True)
    (folder / "root.pem").write_bytes(world.root.pem)
    (folder / "seals" / "H01.pem").write_bytes(agency.pem)
    return folder


def run(file: Path, trust: Path, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(file), "--trust", str(trust), *options])
    return done.exit_code, done.output


def test_a_good_document_exits_0(tmp_path: Path, trust: Path, good: bytes) -> None:
    file = tmp_path / "good.pdf"
    file.write_bytes(good)
    code, said = run(file, trust)
    assert code == 0, said
    assert "CÓ GIÁ TRỊ PHÁP LÝ NHƯ BẢN GỐC" in said
    assert PERSON in said
    assert AGENCY in said
    assert "02/03/2026 16:00:00 +0700" in said
    code, said = run(file, trust, "--json")
    assert code == 0
    assert json.loads(said)["legal_value"] == "equivalent"


def test_anything_else_does_not(tmp_path: Path, trust: Path, good: bytes) -> None:
    file = tmp_path / "file.pdf"
    file.write_bytes(draft())
    code, said = run(file, trust)
    assert (code, "CHỈ ĐỂ THAM KHẢO" in said) == (1, True)
    file.write_bytes(good)
    code, said = run(file, trust, "--signer", "Trần Văn Bình")
    assert (code, "KHÔNG HỢP LỆ" in said) == (1, True)
    (trust / "seals" / "H01.pem").unlink()
    assert run(file, trust)[0] == 1


def test_without_trust_there_is_no_verdict(tmp_path: Path, good: bytes) -> None:
    file = tmp_path / "good.pdf"
    file.write_bytes(good)
    assert run(file, tmp_path / "nowhere")[0] == 2
    (tmp_path / "empty").mkdir()
    assert run(file, tmp_path / "empty")[0] == 2
