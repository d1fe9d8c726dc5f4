"""`lienthong hub quarantine …`: refused packets by their problem; what becomes of them their systems decide."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from lienthong.runtime.commands.hub_codes import in_hub
from lienthong.standards.times import VIETNAM

Data = Annotated[Path, typer.Option("--data", help="thư mục của dịch vụ / folder of the service")]
Number = Annotated[int, typer.Argument(help="số của gói tin, xem `list` / number of the packet, see `list`")]

quarantine_app = typer.Typer(no_args_is_help=True, help="Gói tin bị từ chối. / Refused packets.")


@quarantine_app.command("list")
def list_quarantine(
    data: Data,
    system: Annotated[str, typer.Option(help="chỉ của hệ thống / only of this system")] = "",
    problem: Annotated[str, typer.Option(help="chỉ mã lỗi này / only this code")] = "",
) -> None:
    """Gói tin đang giữ, mới nhất trước; không có nội dung. / What is kept, newest first; never content."""

    def act() -> None:
        from lienthong.hub.models import Quarantined

        found = Quarantined.objects.order_by("-at", "-id")
        found = found.filter(system_id=system) if system else found
        for one in found.filter(problem__code=problem) if problem else found:
            moment = one.at.astimezone(VIETNAM).isoformat(timespec="seconds")
            state = f"→ {one.packet_id}" if one.packet_id else "đã đề nghị / proposed" if one.proposed_at else ""
            typer.echo(
                f"{one.pk}  {moment}  {one.system_id}  {one.problem['code']} ×{one.times}  {one.size}  "
                f"{one.digest[:16]}  {state}"
            )

    in_hub(data, act)


@quarantine_app.command("propose")
def propose(
    number: Number,
    data: Data,
    reason: Annotated[str, typer.Option(help="lý do, hệ thống được biết / the reason, which the system is told")],
    by: Annotated[str, typer.Option(help="người đề nghị / who proposes")],
) -> None:
    """Đề nghị gửi lại; hệ thống đồng ý bằng cách gửi lại. / Propose a replay; the system agrees by doing it."""

    def act() -> None:
        from lienthong.hub import replays
        from lienthong.journal.record import Actor

        try:
            actor = Actor("person", by, by)
            found = replays.propose(number, reason=reason, by=actor, at=datetime.now(UTC))
        except ValueError as fault:
            typer.echo(str(fault), err=True)
            raise typer.Exit(2) from None
        typer.echo(f"{found.pk}: đã đề nghị {found.system_id} / proposed")

    in_hub(data, act)


def add_to(hub_app: typer.Typer) -> None:
    """Add these commands to `lienthong hub`."""
    hub_app.add_typer(quarantine_app, name="quarantine")
