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
        from lienthong.hub import export

        return export.give_out(table)

    typer.echo(f"{in_hub(data, act)} cơ quan → {table}")


def level_one(
    to: Annotated[Path | None, typer.Option(help="write the codes in force as a table that `import` reads")] = None,
) -> None:
    """Show the published codes of the first level, each with the evidence that it rests on."""
    from lienthong.standards.agencies import level_one as table

    for row in table():
        until = f"đến {row.valid_to:%d/%m/%Y}" if row.valid_to else ""
        typer.echo(f"{row.code:5}{row.grade.value:8}{until:16}{row.name}")
    if to is not None:
        with to.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["code", "name", "aliases", "category"])
            in_force = (row for row in table() if row.valid_to is None)
            writer.writerows([row.code, row.name, row.old_code, row.category.value] for row in in_force)


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
    app.command("level-one")(level_one)
