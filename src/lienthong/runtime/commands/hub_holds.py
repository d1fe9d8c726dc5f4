"""`lienthong hub hold`: keep the content of a packet although its days are over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from lienthong.runtime.commands.hub_systems import By, Data, Reason, _officer, on_hub

Name = Annotated[str, typer.Argument(help="packet id, or the identifier of a document")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    hold_app = typer.Typer(no_args_is_help=True, help="Giữ nội dung theo yêu cầu. / Holds on content.")
    app.add_typer(hold_app, name="hold")
    hold_app.command("place")(place)
    hold_app.command("lift")(lift)
    hold_app.command("list")(show)


def place(name: Name, data: Data, by: By, reason: Reason) -> None:
    """Giữ nội dung cho đến khi bỏ lệnh giữ. / Keep the content until the hold is lifted."""
    with on_hub(data):
        from lienthong.hub import retention

        held = retention.hold(name, reason=reason, by=_officer(by), at=datetime.now(UTC))
        typer.echo("\n".join(map(str, held)))


def lift(name: Name, data: Data, by: By) -> None:
    """Bỏ lệnh giữ. / Lift the hold: the content goes when its days are over."""
    with on_hub(data):
        from lienthong.hub import retention

        typer.echo("\n".join(map(str, retention.lift_hold(name, by=_officer(by), at=datetime.now(UTC)))))


def show(data: Data) -> None:
    """Các lệnh giữ đang có hiệu lực. / The holds that are in force."""
    with on_hub(data):
        from lienthong.hub import retention

        for one in retention.holds():
            typer.echo(
                f"{one.packet_id}  {one.packet.identifier}  {one.placed_at:%Y-%m-%d}  {one.placed_by}  {one.reason}"
            )
