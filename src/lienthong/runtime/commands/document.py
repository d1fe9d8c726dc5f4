"""`lienthong document`: check how a document is presented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from lienthong.standards.doctypes import by_name
from lienthong.standards.presentation import Finding, Known, Severity, Unreadable, check_apart

app = typer.Typer(no_args_is_help=True, help="Văn bản: kiểm tra thể thức. / Documents.")
LEVELS = {Severity.MISSING: "THIẾU", Severity.WRONG: "SAI", Severity.NOTE: "LƯU Ý"}


@app.callback()
def document() -> None:
    """Văn bản: kiểm tra thể thức. / Documents."""


@app.command()
def check(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Tệp PDF cần kiểm tra.")],
    as_json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")] = False,
    kind: Annotated[str, typer.Option("--type", help="Loại văn bản, như «Công văn»; không nêu: theo văn bản.")] = "",
    agency: Annotated[str, typer.Option(help="Tên cơ quan ban hành.")] = "",
    superior: Annotated[str, typer.Option(help="Tên cơ quan chủ quản.")] = "",
    notation: Annotated[str, typer.Option(help="Ký hiệu, như «QĐ-VPCP».")] = "",
    competence: Annotated[str, typer.Option(help="Quyền hạn của người ký, như «KT. GIÁM ĐỐC».")] = "",
    position: Annotated[str, typer.Option(help="Chức vụ của người ký.")] = "",
    signer: Annotated[str, typer.Option(help="Họ tên người ký.")] = "",
    urgency: Annotated[int, typer.Option(min=0, max=4, help="Độ khẩn, từ 0 đến 4.")] = 0,
) -> None:
    """Kiểm tra thể thức của một văn bản PDF theo Phụ lục I Nghị định 30/2020/NĐ-CP.

    Mã thoát: 0 không thấy lỗi; 1 có điều cần xem; 2 không đọc được tệp.
    """
    if kind and by_name(kind) is None:
        raise typer.BadParameter(
            f"không có loại văn bản «{kind}»; xem Phụ lục III Nghị định 30. / No such type of document: see Annex III."
        )
    known = Known(
        type_name=kind, agency=agency, superior=superior, notation=notation, competence=competence, position=position,
        signer=signer, urgency=urgency,
    )  # fmt: skip
    try:
        findings = check_apart(file.read_bytes(), known)
    except Unreadable as reason:
        _refuse(reason, as_json)
        raise typer.Exit(2) from reason
    if as_json:
        _print_json({"findings": [finding.as_dict() for finding in findings]})
    else:
        _print(findings)
    if findings:
        raise typer.Exit(1)


def _refuse(reason: Unreadable, as_json: bool) -> None:
    if as_json:
        _print_json({"unreadable": reason.why.value, "found": reason.words.vi, "found_en": reason.words.en})
    else:
        typer.echo(f"Không đọc được: {reason.words.vi}. / {reason.words.en}.", err=True)


def _print(findings: tuple[Finding, ...]) -> None:
    for one in findings:
        where = [f"trang {one.page}"] if one.page else []
        typer.echo(" · ".join([LEVELS[one.severity], *where, *filter(None, [one.clause]), one.rule]))
        typer.echo(f"  {one.found.vi}. / {one.found.en}.")
        typer.echo(f"  → {one.should.vi} / {one.should.en}")
    if not findings:
        typer.echo("Không thấy lỗi thể thức. / No fault of presentation was found.")


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
