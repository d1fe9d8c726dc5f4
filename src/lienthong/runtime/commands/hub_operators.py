"""`lienthong hub operator add|list|reset-password|close|reopen`: the people of the console."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from lienthong.runtime.commands.hub_codes import AsJson, Data, in_hub

Account = Annotated[str, typer.Argument(help="name to sign in with")]


class Role(StrEnum):
    """The roles of the console, as `hub.models.Operator.Role`."""

    OPERATOR = "operator"
    REGISTRY = "registry"
    AUDITOR = "auditor"
    AGENCY = "agency"


def add(
    account: Account, data: Data,
    role: Annotated[Role, typer.Option(help="trực vận hành, cán bộ danh mục, kiểm tra, cán bộ cơ quan")],
    name: Annotated[str, typer.Option(help="full name; the account's name unless told")] = "",
    agency: Annotated[str, typer.Option(help="for the role `agency`: top of the subtree that the person sees")] = "",
) -> None:  # fmt: skip
    """Give a person an account, or a known one another name, role or agency. Shows a new password once."""

    def act() -> str:
        from lienthong.hub import operators

        return operators.add(
            account, name=name or account, role=operators.Role(role.value), agency=agency, at=datetime.now(UTC)
        )

    password = in_hub(data, act)
    typer.echo(f"{account}: {role.value} {agency}".rstrip())
    if password:
        _tell(password)


def reset_password(account: Account, data: Data) -> None:
    """Give a person a password for one use, shown once; the sessions of that person end."""

    def act() -> str:
        from lienthong.hub import operators

        return operators.reset_password(account, at=datetime.now(UTC))

    _tell(in_hub(data, act))


def close(account: Account, data: Data) -> None:
    """Close an account: who is signed in is out with the next click. The journal keeps the name."""

    def act() -> None:
        from lienthong.hub import operators

        operators.close(account, at=datetime.now(UTC))

    in_hub(data, act)
    typer.echo(f"{account}: đã đóng / closed")


def reopen(account: Account, data: Data) -> None:
    """Open a closed account again."""

    def act() -> None:
        from lienthong.hub import operators

        operators.reopen(account, at=datetime.now(UTC))

    in_hub(data, act)
    typer.echo(f"{account}: đã mở lại / open again")


def show(data: Data, as_json: AsJson = False) -> None:
    """List the accounts of the console."""

    def act() -> list[dict[str, object]]:
        from lienthong.hub import operators

        return operators.everyone()

    rows = in_hub(data, act)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        state = "đã đóng" if row["closed"] else ""
        typer.echo(f"{row['account']:24}{row['role']:10}{row['agency']:12}{row['name']}  {state}".rstrip())


def _tell(password: str) -> None:
    typer.echo(f"Mật khẩu dùng một lần, chỉ hiện lần này / password for one use, shown only now: {password}")


def add_to(app: typer.Typer) -> None:
    """Give a group of commands those of this module."""
    app.command()(add)
    app.command("list")(show)
    app.command("reset-password")(reset_password)
    app.command()(close)
    app.command()(reopen)
