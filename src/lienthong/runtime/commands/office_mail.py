"""`lienthong office mail`: by which server notices go out by e-mail."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from lienthong.runtime.settings import Service


def mail(
    data: Annotated[Path, typer.Option("--data", help="folder of the service")],
    server: Annotated[str, typer.Argument(help="smtp://…:25, smtp+starttls://name@…:587, smtps://name@…:465")] = "",
    sender: Annotated[str, typer.Option("--from", help="address that the mails come from")] = "",
    password_file: Annotated[Path | None, typer.Option(exists=True, help="file with its password")] = None,
    off: Annotated[bool, typer.Option("--off", help="send no mail any more")] = False,
) -> None:
    """Send notices by this server to those who want them by e-mail; journalled. Each person chooses on «Tài khoản của
    tôi»."""
    from lienthong.runtime.commands import service

    if bool(server) == off:
        raise typer.BadParameter("give a server and --from, or --off")
    with service.ready_database(Service.OFFICE, data):
        from lienthong.office.errors import OfficeProblem
        from lienthong.office.people import mailing, setup

        at = datetime.now(UTC)
        try:
            if off:
                mailing.switch_off(actor=setup.SETUP, at=at)
            else:
                password = password_file.read_text(encoding="utf-8").strip() if password_file else ""
                mailing.set_server(server, sender=sender, password=password, actor=setup.SETUP, at=at)
        except OfficeProblem as refused:
            typer.echo(f"{refused.message_vi} / {refused.message_en}", err=True)
            raise typer.Exit(2) from refused
    typer.echo("off" if off else f"{server} ← {sender}")
