"""What `lienthong verify` does: judge a signed PDF and show the verdict."""

import json as json_module
from datetime import UTC, datetime
from pathlib import Path

import typer
from asn1crypto import pem
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from lienthong.standards.signatures.agency import AgencySeals, SealPeriod
from lienthong.standards.signatures.judge import judge
from lienthong.standards.signatures.report import Report, Role, SignatureVerdict, Verdict
from lienthong.standards.signatures.trust import Trust
from lienthong.standards.times import VIETNAM

EXIT_NOT_EQUIVALENT = 1
EXIT_USAGE = 2
_SHOWN = {
    Verdict.PASSED: ("green", "HỢP LỆ"),
    Verdict.INDETERMINATE: ("yellow", "CHƯA XÁC NHẬN ĐƯỢC"),
    Verdict.FAILED: ("red", "KHÔNG HỢP LỆ"),
}
_ROLES = {Role.PERSON: "Người có thẩm quyền", Role.AGENCY: "Cơ quan, tổ chức"}
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


USUAL_TRUST = (Path("trust"), Path(".demo/trust"))
"""Where trust is looked for when nobody says: beside the caller, and where `make demo` keeps it."""
NO_TRUST = """Không thấy thư mục tin cậy. Nêu --trust THƯ_MỤC: chứng thư số gốc và trung gian (*.pem), và trong seals/ \
chứng thư số của các cơ quan (MÃ.pem). / No trust folder: name it with --trust; it holds root and issuing certificates \
(*.pem), and in seals/ those of the agencies (CODE.pem). `make demo` keeps one in .demo/trust."""


def run(file: Path, *, trust: Path | None, signer: str | None, enclosure: bool, json: bool) -> None:
    """Judge a file and say what it is worth; leaves with the exit code that `lienthong verify` promises."""
    trust = trust or next(filter(Path.is_dir, USUAL_TRUST), None)
    if trust is None:
        Console(stderr=True).print(NO_TRUST)
        raise typer.Exit(EXIT_USAGE)
    try:
        roots, agency = _read_trust(trust)
    except (OSError, ValueError) as error:
        Console(stderr=True).print(f"Không đọc được thư mục tin cậy {escape(str(trust))}: {escape(str(error))}")
        raise typer.Exit(EXIT_USAGE) from error
    report = judge(
        file.read_bytes(),
        trust=roots,
        at=datetime.now(UTC),
        agency=agency,
        signer_name=signer,
        enclosure=enclosure,
    )
    if json:
        typer.echo(json_module.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        _show(file, report)
    raise typer.Exit(0 if report.equivalent else EXIT_NOT_EQUIVALENT)


def _read_trust(directory: Path) -> tuple[Trust, AgencySeals | None]:
    """Roots and issuers of a directory, and the agencies' certificates below `seals`.

    Raises:
        OSError: no such directory. ValueError: no root in it, or no certificate in a file.
    """
    trust = Trust.from_directory(directory)
    seals: list[SealPeriod] = []
    folder = directory / "seals"
    for path in sorted(folder.glob("*.pem")) if folder.is_dir() else ():
        seals += [(der, _ALWAYS, None) for _, _, der in pem.unarmor(path.read_bytes(), multiple=True)]
    # The command knows no directory with periods: whoever keeps the folder answers for what lies in it.
    return trust, AgencySeals("", "cơ quan trong danh bạ", tuple(seals)) if seals else None


def _show(file: Path, report: Report) -> None:
    console = Console()
    colour = "green" if report.equivalent else "red" if report.reason == Verdict.FAILED else "yellow"
    title = "CÓ GIÁ TRỊ PHÁP LÝ NHƯ BẢN GỐC" if report.equivalent else "CHỈ ĐỂ THAM KHẢO"
    reasons = f"{escape(report.reason_vi)}\n[dim]{escape(report.reason_en)}[/]"
    console.print(Panel(f"[bold {colour}]{title}[/]\n{reasons}", title=escape(file.name)))
    for number, item in enumerate(report.signatures, start=1):
        console.print(_table(number, item))
    kept = {"so": "Số", "ngay": "Ngày", "thang": "Tháng"}
    values = [f"{kept[name]}: {text}" for name, text in report.values.items() if text]
    if values:
        console.print(escape("   ".join(values)))


def _table(number: int, item: SignatureVerdict) -> Table:
    colour, word = _SHOWN[item.verdict]
    table = Table(title=f"Chữ ký {number}: {_ROLES[item.role]}", title_justify="left", show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("Kết quả", f"[bold {colour}]{word}[/] {escape(item.indication)}")
    table.add_row("Người ký", escape(item.who))
    table.add_row("Số chứng thư", item.serial)
    table.add_row("Thời gian ký", _time(item.signed_at))
    table.add_row("Dấu thời gian", _time(item.stamped_at))
    for said in item.findings or (item,):
        table.add_row("Nhận xét", f"{escape(said.vi)}\n[dim]{escape(said.en)}[/]")
    for change in item.changes:
        table.add_row("Thay đổi", f"{escape(change.vi)}\n[dim]{escape(change.en)}[/]")
    return table


def _time(moment: datetime | None) -> str:
    return "không có" if moment is None else f"{moment.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S %z}"
