"""`lienthong hub agency import|export|find`: the directory as a table, and asking it."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lienthong.runtime.commands.hub_codes import Data, in_hub

if TYPE_CHECKING:
    from lienthong.hub.sheets import Report

Table = Annotated[Path, typer.Argument(help="table of agencies, CSV (UTF-8) or XLSX")]
SHOWN = 20


def import_table(
    table: Table,
    data: Data,
    report: Annotated[Path | None, typer.Option(help="write the refused lines here, as CSV")] = None,
) -> None:
    """Add agencies and correct known ones by a table; tells every line refused and why (exit code 1 then)."""
    if not table.is_file():
        typer.echo(f"không có tệp {table} / no such file", err=True)
        raise typer.Exit(2)

    def act() -> Report:
        from lienthong.hub import sheets

        return sheets.take_in(table, at=datetime.now(UTC))

    done = in_hub(data, act)
    for one in done.refused[:SHOWN]:
        typer.echo(f"dòng {one.number}: {one.code}: {one.words}")
    if report is not None:
        with report.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["line", "code", "reason", "words"])
            writer.writerows([one.number, one.code, one.reason, one.words] for one in done.refused)
    typer.echo(f"{done.taken} dòng đã nhận, {len(done.refused)} dòng bị từ chối.")
    raise typer.Exit(1 if done.refused else 0)


def export_table(table: Table, data: Data) -> None:
    """Write the directory as a table that `import` reads."""

    def act() -> int:
        from lienthong.hub import sheets

        return sheets.give_out(table)

    typer.echo(f"{in_hub(data, act)} cơ quan → {table}")


def find(text: Annotated[str, typer.Argument(help="beginnings of words, or a code")], data: Data) -> None:
    """Find agencies by name or code, with diacritics or without."""

    def act() -> list[str]:
        from lienthong.hub import lookup

        return [f"{one.code:36}{one.name}" for one in lookup.search(text)]

    typer.echo("\n".join(in_hub(data, act)) or "không thấy / nothing found")


def add_to(app: typer.Typer) -> None:
    """Give a group of commands those of this module."""
    app.command("import")(import_table)
    app.command("export")(export_table)
    app.command()(find)
