"""`lienthong office local-exchange`: whether agencies of this office exchange documents inside it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from lienthong.runtime.settings import Service


def local_exchange(
    data: Annotated[Path, typer.Option("--data", help="folder of the service")],
    reference: Annotated[str, typer.Option(help="number and date of the decision by which it is on")] = "",
    off: Annotated[bool, typer.Option("--off", help="through the hub again, as the law has it")] = False,
) -> None:
    """Let new documents between agencies of this office go inside it instead of through the hub, by a decision (the law
    has the hub for this); journalled at each agency. Without options it says what holds."""
    from lienthong.runtime.commands import service

    if off and reference:
        raise typer.BadParameter("give --reference, or --off")
    with service.ready_database(Service.OFFICE, data):
        from lienthong.office.errors import OfficeProblem
        from lienthong.office.models import Organization
        from lienthong.office.people import local_exchange as decisions
        from lienthong.office.people import setup

        if not Organization.objects.exists():  # said of a wrong folder, it would look as if it were done
            typer.echo(
                f"Ở {data} chưa có cơ quan nào: kiểm tra --data. / No agency is served at {data}: check --data.",
                err=True,
            )
            raise typer.Exit(2)
        at = datetime.now(UTC)
        try:
            if off:
                decisions.switch_off(actor=setup.SETUP, at=at)
            elif reference:
                decisions.switch_on(reference, actor=setup.SETUP, at=at)
        except OfficeProblem as refused:
            typer.echo(f"{refused.message_vi} / {refused.message_en}", err=True)
            raise typer.Exit(2) from refused
        current = decisions.in_force()
    typer.echo(f"nội bộ hệ thống / inside: {current.reference}" if current else "qua Trục / through the hub")
