"""`lienthong hub agency contact|gateway|single-gateway`: who receives for whom."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from lienthong.runtime.commands.hub_codes import Code, Codes, Data, in_hub


def contact(
    code: Code,
    name: Annotated[str, typer.Option(help="of the mandate, such as Thủ tướng Chính phủ")],
    office: Annotated[str, typer.Option(help="code of the office that receives for it")],
    data: Data,
    alias: Annotated[list[str] | None, typer.Option(help="another spelling of the code")] = None,
) -> None:
    """Give the Government, the Prime Minister, a minister or a chairman an address (Article 7.3)."""

    def act() -> None:
        from lienthong.hub import contacts

        contacts.add_mandate(code, name=name, office=office, aliases=alias or (), at=datetime.now(UTC))

    in_hub(data, act)
    typer.echo(f"{code} ({name}) → {office}")


def gateway(
    codes: Codes, data: Data, office: Annotated[str, typer.Option(help="who receives; none ends it")] = ""
) -> None:
    """Let an agency receive for units that no system serves."""

    def act() -> None:
        from lienthong.hub import contacts

        contacts.receive_for(codes, office=office or None, at=datetime.now(UTC))

    in_hub(data, act)
    typer.echo(f"{', '.join(codes)} → {office or 'tự tiếp nhận'}")


def single_gateway(
    code: Code, data: Data, off: Annotated[bool, typer.Option("--off", help="no longer")] = False
) -> None:
    """Let an agency receive for everyone below it, connected or not (Article 21.2)."""

    def act() -> None:
        from lienthong.hub import contacts

        contacts.be_single_gateway(code, not off, at=datetime.now(UTC))

    in_hub(data, act)
    typer.echo(f"{code}: {'thôi làm' if off else 'là'} đầu mối duy nhất")


def add_to(app: typer.Typer) -> None:
    """Give a group of commands those of this module."""
    app.command()(contact)
    app.command()(gateway)
    app.command("single-gateway")(single_gateway)
