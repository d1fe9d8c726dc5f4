"""`lienthong hub journal-check`: the whole journal against what the hub signed of it."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from lienthong.runtime.commands.hub_operations import Data, ready

SHOWN = 20


def journal_check(data: Data) -> None:
    """Băm lại từng mục nhật ký, so với mọi mã niêm phong. / Hash every event anew, and hold it against every head.

    Mã thoát / exit code: 0 khớp / sound; 1 không khớp / it is not.
    """
    with ready(data):
        from lienthong.hub import journaltree

        found = journaltree.check(datetime.now(UTC))
    typer.echo(f"{found.events} mục / events, {found.heads} mã niêm phong / heads")
    for words, numbers in (
        ("mục đã bị sửa / event changed", found.changed),
        ("thiếu hoặc thừa mục, từ mục / events missing or added, from event", found.broken),
        ("mã niêm phong không khớp, cỡ / head that does not fit, size", found.unsound),
    ):
        for number in numbers[:SHOWN]:
            typer.echo(f"{words} {number}", err=True)
    if not found.sound:
        raise typer.Exit(1)
    typer.echo("nhật ký khớp mọi mã niêm phong / the journal fits every head")
