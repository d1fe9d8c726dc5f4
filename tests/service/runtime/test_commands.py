"""The commands, as people type them."""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from lienthong.runtime.embedded import Cluster
from lienthong.testing.saml_provider import SamlProvider
from tests import commands
from tests.museum.packets import PIECES, document_packet

pytestmark = pytest.mark.xdist_group("commands")


def plain_environment() -> dict[str, str]:
    """That of somebody who has told the service nothing."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("LIENTHONG_") and name != "DATABASE_URL"
    }


def lienthong(*arguments: str, expected: int = 0) -> str:
    """Run the command; its output."""
    done = commands.run(*arguments, environment=plain_environment())
    assert done.returncode == expected, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="lienthong-commands-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


At = Callable[[str], tuple[str, str]]


@pytest.fixture(scope="module")
def at(folder: Path) -> Iterator[At]:
    """Words that name a folder of data, in which the database runs from one command to the next, as beside a service
    that runs; where a test says `--data` by itself, each command starts it and stops it."""
    with ExitStack() as stack:

        @cache
        def words(name: str) -> tuple[str, str]:
            stack.enter_context(Cluster(folder / name / "postgres").running())
            return "--data", str(folder / name)

        yield words


def test_packets_are_shown_checked_taken_apart_and_made(folder: Path) -> None:
    packet = folder / "sound.edxml"
    packet.write_bytes(document_packet(van_pdf=b"%PDF-1.7", ghi_txt="chữ".encode()))
    assert "28/QĐ-VPCP" in lienthong("packet", "show", str(packet))
    assert json.loads(lienthong("packet", "show", str(packet), "--json"))["message"]["notation"] == "QĐ-VPCP"
    assert "hợp lệ" in lienthong("packet", "validate", str(packet))
    lienthong("packet", "extract", str(packet), "--to", str(folder / "out"))
    assert (folder / "out" / "ghi.txt").read_text(encoding="utf-8") == "chữ"
    made = folder / "made.edxml"
    lienthong(
        "packet", "build", "--out", str(made), "--from", "G22", "--to", "H41", "--number", "28/QĐ-VPCP", "--subject", "Thử", str(folder / "out" / "ghi.txt"),
    )  # fmt: skip
    assert "H41" in lienthong("packet", "show", str(made))
    copied = folder / "copied.edxml"
    said = lienthong("packet", "copy", str(packet), "--out", str(copied))
    assert copied.read_bytes() == packet.read_bytes()
    assert hashlib.sha256(copied.read_bytes()).hexdigest() in said
    assert "The same bytes" in said
    loose = folder / "loose.edxml"
    loose.write_bytes(re.sub(rb"(ContentTransferEncoded [^>]*>)", rb"\1\n", packet.read_bytes()))
    said = lienthong("packet", "copy", str(loose), "--out", str(copied), expected=1)
    assert hashlib.sha256(loose.read_bytes()).hexdigest() in said  # what was read, beside what was written
    assert copied.read_bytes() == packet.read_bytes()
    lienthong("packet", "copy", str(packet), "--out", str(packet), expected=2)
    bad = folder / "bad.edxml"
    bad.write_bytes(PIECES["recipient-twice"].make())
    problems = json.loads(lienthong("packet", "validate", str(bad), "--json", expected=1))
    assert problems[0]["code"] == "duplicate_recipient"


def test_the_directory_is_kept_by_commands(folder: Path) -> None:
    data = str(folder / "hub")
    lienthong(
        "hub", "agency", "add", "G22", "--name", "Văn phòng Chính phủ", "--alias", "000.00.00.G22", "--data", data
    )
    lienthong("hub", "system", "add", "G22", "--name", "VPCP", "--agencies", "G22", "--vxp-secret", "x", "--data", data)
    said = lienthong("hub", "system", "add", "S", "--name", "S", "--agencies", "X99", "--data", data, expected=2)
    assert "X99" in said
    said = lienthong("hub", "agency", "add", "không mã", "--name", "x", "--data", data, expected=2)
    assert "agency code" in said


def test_changes_of_codes_are_seen_filed_and_undone_by_commands(at: At) -> None:
    data = at("hub-codes")
    for code in ("H22", "H60", "H22.1"):
        lienthong("hub", "agency", "add", code, "--name", f"Cơ quan {code}", *data)
    decision = ("--on", "2099-07-01", "--decision", "202/2025/QH15", *data)
    lienthong("hub", "agency", "move", "H22.1", "--to", "H22", "--on", "2020-01-01", "--decision", "1/QĐ", *data)
    merge = ("hub", "agency", "merge", "H22", "--into", "H60", "--with-units", *decision)
    seen = lienthong(*merge, "--preview")
    assert "2 mã chuyển tiếp đến H60" in seen
    assert "0 gói tin đang trên đường" in seen
    assert "chưa kết nối Trục" in seen
    assert json.loads(lienthong("hub", "agency", "changes", "--code", "H60", "--json", *data)) == []
    lienthong(*merge)
    filed = json.loads(lienthong("hub", "agency", "changes", "--code", "H60", "--json", *data))[0]
    assert (filed["kind"], filed["state"], filed["on"]) == ("merge", "planned", "2099-07-01")
    assert "đã có quyết định kết thúc" in lienthong(*merge, expected=2)
    lienthong("hub", "agency", "undo", str(filed["id"]), *data)
    assert "hủy trước ngày hiệu lực" in lienthong("hub", "agency", "changes", *data)
    assert "not planned" in lienthong("hub", "agency", "undo", str(filed["id"]), *data, expected=2)


def test_the_directory_goes_in_and_out_as_a_table(folder: Path, at: At) -> None:
    data = at("hub-tables")
    table, report = folder / "in.csv", folder / "report.csv"
    table.write_text("mã;tên;mã cấp trên\nH41;Ủy ban nhân dân tỉnh Nghệ An;\nH41.1;Sở Nội vụ;H41\nX;Lạc;X99\n", "utf-8")
    said = lienthong("hub", "agency", "import", str(table), "--report", str(report), *data, expected=1)
    assert "dòng 4" in said
    assert "2 dòng đã nhận, 1 dòng bị từ chối" in said
    assert "unknown_parent" in report.read_text("utf-8-sig")
    assert "H41.1" in lienthong("hub", "agency", "find", "so noi", *data)
    lienthong("hub", "agency", "export", str(folder / "out.xlsx"), *data)
    assert "2 dòng đã nhận" in lienthong("hub", "agency", "import", str(folder / "out.xlsx"), *data)
    assert "không đọc được" in lienthong("hub", "agency", "import", str(report), *data, expected=2)
    assert "recall" in lienthong("hub", "agency", "level-one", "--to", str(folder / "level1.csv"))
    said = lienthong("hub", "agency", "import", str(folder / "level1.csv"), *data)
    assert "59 dòng đã nhận, 0 dòng bị từ chối" in said


def test_contact_points_are_set_by_commands(at: At) -> None:
    data = at("hub-codes")
    lienthong("hub", "agency", "add", "G22", "--name", "Văn phòng Chính phủ", *data)
    lienthong("hub", "agency", "contact", "TTG", "--name", "Thủ tướng Chính phủ", "--office", "G22", *data)
    lienthong("hub", "agency", "single-gateway", "G22", *data)
    assert "TTG" in lienthong("hub", "agency", "gateway", "TTG", "--office", "TTG", *data, expected=2)


def test_what_is_on_record_of_a_system_is_kept_by_commands(at: At) -> None:
    data = at("hub-participants")
    lienthong("hub", "agency", "add", "D01", "--name", "Hội", "--category", "other", *data)
    connect = ("hub", "system", "add", "D01", "--name", "Hội", "--agencies", "D01", *data)
    assert "hạ tầng" in lienthong(*connect, expected=2)
    assert "chưa đủ" in lienthong("hub", "agency", "readiness", "D01", "--security", *data)
    lienthong("hub", "agency", "readiness", "D01", "--infrastructure", "--technology", "--security", *data)
    lienthong(*connect)
    lienthong("hub", "system", "pilot", "D01", *data)
    lienthong("hub", "system", "level", "D01", "--level", "3", "--decision", "45/QĐ", *data)
    lienthong(
        "hub", "system", "declare", "D01", "--product", "P", "--version", "1", "--owner", "O", "--number", "1/CB", "--valid-from", "2020-01-01", "--valid-to", "2020-12-31", *data,
    )  # fmt: skip
    standing = json.loads(lienthong("hub", "system", "standing", "--json", *data))[0]
    assert (standing["pilot"], standing["security_level"]) == (True, 3)
    assert "công bố hợp quy" in standing["missing"][0]
    figures = json.loads(lienthong("hub", "agency", "figures", "D01", "--json", *data))
    assert figures == {"agencies": ["D01"], "sent": 0, "received": 0, "pilot_sent": 0, "pilot_received": 0}


@pytest.mark.law("R-13.2-1")
@pytest.mark.parametrize("bind", ["0.0.0.0", "::", "10.1.2.3"])  # noqa: S104
def test_no_service_takes_plain_http_from_beyond_this_machine(folder: Path, bind: str) -> None:
    hub = ("hub", "serve", "--data", str(folder / "never"), "--bind", bind)
    for unsafe in (
        (), ("--public-url", "https://hub.example.gov.vn"), ("--trusted-proxies", "10.1.0.0/16"),
        ("--public-url", "http://hub.example.gov.vn", "--trusted-proxies", "10.1.0.0/16"),
    ):  # fmt: skip
        said = lienthong(*hub, *unsafe, expected=2)
        assert "Điều 13.2" in said
        assert "--trusted-proxies" in said
    assert not (folder / "never").exists()


@pytest.mark.law("R-13.2-1")
def test_an_office_neither_takes_nor_speaks_plain_http_beyond_this_machine(folder: Path) -> None:
    key, other = folder / "key.json", folder / "other.pem"
    key.write_text("{}")
    other.write_text("no certificate")
    office = (
        "office", "serve", "--data", str(folder / "never"), "--system", "G22", "--key", str(key), "--trust",
        str(folder), "--tsa", "http://127.0.0.1:9/tsa",
    )  # fmt: skip
    assert "https" in lienthong(*office, "--hub", "http://hub.example.gov.vn", expected=2)
    local = ("--hub", "http://127.0.0.1:9")
    assert "Điều 13.2" in lienthong(*office, *local, "--bind", "10.1.2.3", expected=2)
    assert "together" in lienthong(*office, *local, "--hub-certificate", str(other), expected=2)
    assert "cannot be used" in lienthong(*office, *local, "--hub-ca", str(other), expected=2)
    assert not (folder / "never").exists()


def test_a_real_hub_is_never_started_as_a_test_hub(folder: Path) -> None:
    data = str(folder / "hub-real")
    lienthong("hub", "agency", "add", "G22", "--name", "Văn phòng Chính phủ", "--data", data)
    said = lienthong("hub", "agency", "add", "Z99.1", "--name", "Thử", "--data", data, expected=2)
    assert "dành riêng cho Trục thử nghiệm" in said
    said = lienthong("hub", "serve", "--sandbox", "--data", data, expected=1)
    assert "là của Trục chính thức" in said
    assert "--sandbox for a test hub" in said


def test_where_a_key_lies_is_said_of_a_registered_certificate(folder: Path, at: At) -> None:
    data, file = at("office"), folder / "key.p12"
    file.write_bytes(b"kept")
    assert "no such certificate" in lienthong("office", "key", "12AB", "--pkcs12", str(file), *data, expected=2)
    assert "--pkcs12" in lienthong("office", "key", "12AB", *data, expected=2)
    both = ("--module", str(file), "--token", "T", "--label", "a|b")
    assert "--pkcs12" in lienthong("office", "key", "12AB", *both, *data, expected=2)


def test_people_are_added_by_command_once_and_in_one_agency(at: At) -> None:
    data = at("office-people")
    for code in ("G22", "H41"):
        lienthong("office", "agency", code, "--name", f"Cơ quan {code}", "--abbreviation", code, *data)
    person = ("office", "person", "nguyen.an", "--name", "Nguyễn An", "--unit", "VT", "--position", "Văn thư")
    first = lienthong(*person, "--agency", "G22", "--role", "clerk", *data)
    again = lienthong(*person, "--agency", "G22", "--role", "clerk", *data)
    assert first.startswith("nguyen.an ")
    assert again.startswith("nguyen.an ")
    assert first != again
    assert "đã có người dùng" in lienthong(*person, "--agency", "H41", "--role", "clerk", *data, expected=2)
    assert "tách khỏi" in lienthong(*person, "--agency", "G22", "--role", "administrator", *data, expected=2)
    assert "unknown" in lienthong(*person, "--agency", "X99", "--role", "clerk", *data, expected=2)


@pytest.mark.law("R-3.3-1")
@pytest.mark.refuses("R-3.3-1")
def test_documents_stay_inside_an_office_by_a_named_decision_alone(at: At) -> None:
    data = at("office-inside")
    assert "--data" in lienthong("office", "local-exchange", "--reference", "12/QĐ-UBND", *data, expected=2)
    lienthong("office", "agency", "G22", "--name", "Văn phòng Chính phủ", "--abbreviation", "VPCP", *data)
    command = ("office", "local-exchange", *data)
    assert "through the hub" in lienthong(*command)
    assert "--reference" in lienthong(*command, "--reference", "   ", expected=2)
    assert "through the hub" in lienthong(*command)
    decided = ("--reference", "12/QĐ-UBND ngày 01/11/2026")
    assert "inside: 12/QĐ-UBND ngày 01/11/2026" in lienthong(*command, *decided)
    assert "inside: 12/QĐ-UBND" in lienthong(*command)
    assert "--off" in lienthong(*command, *decided, "--off", expected=2)
    assert "through the hub" in lienthong(*command, "--off")


def test_what_faults_of_presentation_do_is_set_by_a_command(at: At) -> None:
    data = at("office")
    lienthong("office", "agency", "G22", "--name", "Văn phòng Chính phủ", "--abbreviation", "VPCP", *data)
    assert "--reference" in lienthong("office", "presentation", "G22", "block", *data, expected=2)
    decided = ("--reference", "12/QĐ-VPCP ngày 02/11/2026")
    assert "G22: block" in lienthong("office", "presentation", "G22", "block", *decided, *data)
    assert "G22: block" in lienthong("office", "presentation", "G22", "block", *data)  # as it is
    again = ("office", "agency", "G22", "--name", "Văn phòng Chính phủ", *data, "--abbreviation")
    assert "G22: Văn phòng Chính phủ" in lienthong(*again, "VPCP", "--place", "Hà Nội")  # as it is
    refused = lienthong(*again, "VPCP2", expected=2)  # what the head decided stays, whoever runs an old line again
    assert "--reference" in refused
    assert "G22" in lienthong(*again, "VPCP2", *decided)
    assert "Văn phòng Chính phủ" in lienthong("office", "agency", "G22", "--place", "Huế", *data)  # nothing else
    assert "letters and digits" in lienthong(*again, "VP-CP", expected=2)
    new = ("office", "agency", "H41.1", *data, "--name", "Sở Nội vụ")
    assert "it is missing" in lienthong(*new, expected=2)
    assert "the type" in lienthong(*new, "--abbreviation", "QĐ", expected=2)
    assert "another agency" in lienthong(*new, "--abbreviation", "SNV", "--alias", "G22", expected=2)
    assert "no code of an agency" in lienthong(
        "office", "agency", "mã sai", *data, "--name", "A", "--abbreviation", "A", expected=2
    )
    assert "H41.1: Sở Nội vụ" in lienthong(*new, "--abbreviation", "SNV")
    assert "warn hoặc block" in lienthong("office", "presentation", "G22", "forbid", *data, expected=2)
    assert "no agency X99" in lienthong("office", "presentation", "X99", "warn", *data, expected=2)


@pytest.mark.law("SEC-5", "SEC-3")
def test_units_and_people_are_taken_in_by_a_command_and_again_without_doubling(folder: Path, at: At) -> None:
    data = at("office")
    decided = ("--reference", "12/QĐ-VPCP")  # another test may have given it other letters
    lienthong("office", "agency", "G22", "--name", "Văn phòng Chính phủ", "--abbreviation", "VPCP", *data, *decided)
    head = "loại,ký hiệu đơn vị,tên đơn vị,thuộc đơn vị,mã cán bộ,họ tên,tên đăng nhập,vai trò,chức vụ\n"
    good = "đơn vị,NHAP,Phòng Nhập,,,,,,\ncán bộ,NHAP,,,NB1,Lê Thị Nhập,,chuyên viên,Chuyên viên\n"
    table, sheets = folder / "bang.csv", folder / "phieu.csv"
    table.write_text(head + good + "cán bộ,NHAP,,,NB2,,,chuyên viên,CV\n", encoding="utf-8")
    refused = lienthong("office", "import", "G22", str(table), *data, expected=2)
    assert "4\tNB2\t" in refused
    assert "1 dòng chưa nhận được" in refused
    table.write_text(head + good, encoding="utf-8")
    assert "tài khoản mới / new accounts 1" in lienthong("office", "import", "G22", str(table), "--check", *data)
    lienthong("office", "import", "G22", str(table), "--sheets", str(sheets), *data)
    assert "le.thi.nhap" in sheets.read_text(encoding="utf-8")
    assert sheets.stat().st_mode & 0o077 == 0
    assert "không có gì mới" in lienthong("office", "import", "G22", str(table), *data)
    assert "X99" in lienthong("office", "import", "X99", str(table), *data, expected=2)


@pytest.mark.law("SEC-8")
def test_a_provider_of_identity_is_set_up_by_a_command(folder: Path, at: At) -> None:
    data = at("office")
    decided = ("--reference", "12/QĐ-VPCP")  # another test may have given it other letters
    lienthong("office", "agency", "G22", "--name", "Văn phòng Chính phủ", "--abbreviation", "VPCP", *data, *decided)
    secret = folder / "client-secret"
    secret.write_text("rất bí mật\n", encoding="utf-8")
    told = ("G22", "vpcp", "--name", "Tài khoản VPCP", "--client-id", "lt", "--secret", str(secret), *data)
    said = lienthong("office", "identity-provider", *told, "--issuer", "https://dang-nhap.example.vn")
    assert "/dang-nhap/bang/vpcp/ve/" in said
    assert "bí mật" not in said
    plain = lienthong("office", "identity-provider", *told, "--issuer", "http://dang-nhap.example.vn", expected=2)
    assert "https" in plain


@pytest.mark.law("SEC-8")
def test_a_provider_that_speaks_saml_is_set_up_by_its_metadata_and_turned_off(folder: Path, at: At) -> None:
    data = at("office")
    decided = ("--reference", "12/QĐ-VPCP")  # another test may have given it other letters
    lienthong("office", "agency", "G22", "--name", "Văn phòng Chính phủ", "--abbreviation", "VPCP", *data, *decided)
    described, told = folder / "idp.xml", ("office", "identity-provider", "G22", "vpcp-saml", *data)
    with SamlProvider() as provider:
        described.write_bytes(provider.metadata())
        unnamed = lienthong(*told, "--saml", str(described), expected=2)
        said = lienthong(*told, "--name", "Tài khoản VPCP", "--saml", str(described), "--staff-claim", "employeeNumber")
        described.write_bytes(b"<!DOCTYPE x>" + provider.metadata())
    assert "tên gọi" in unnamed
    assert "/dang-nhap/bang/vpcp-saml/metadata/" in said
    assert "DTD" in lienthong(*told, "--name", "Tài khoản VPCP", "--saml", str(described), expected=2)
    lienthong(*told, "--off")
    assert "client id" in lienthong(*told, "--name", "Tài khoản VPCP", expected=2)
    assert "đã khai báo" in lienthong("office", "identity-provider", "G22", "khong-co", "--off", *data, expected=2)


@pytest.mark.law("R-18.2-1", "SEC-8")
def test_a_service_of_remote_signing_is_set_up_by_a_command(folder: Path, at: At) -> None:
    data = at("office")
    decided = ("--reference", "12/QĐ-VPCP")  # another test may have given it other letters
    lienthong("office", "agency", "G22", "--name", "Văn phòng Chính phủ", "--abbreviation", "VPCP", *data, *decided)
    secret = folder / "csc-secret"
    secret.write_text("rất bí mật\n", encoding="utf-8")
    told = ("G22", "ky-so", "--name", "Dịch vụ ký số", "--client-id", "lt", "--secret", str(secret), *data)
    said = lienthong("office", "remote-signing", *told, "--address", "https://ky-so.example.vn/csc/v2")
    assert "https://ky-so.example.vn/csc/v2" in said
    assert "bí mật" not in said
    plain = lienthong("office", "remote-signing", *told, "--address", "http://ky-so.example.vn/csc/v2", expected=2)
    assert "https" in plain
    assert "X99" in lienthong("office", "remote-signing", "X99", *told[1:], "--address", "https://x.vn", expected=2)
