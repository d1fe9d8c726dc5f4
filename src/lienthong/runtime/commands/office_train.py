"""`lienthong office train`: a training office at a test hub, with data that are plainly false (R-19.4-1)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lienthong.protocol.client.tls import ClientTls
from lienthong.runtime.settings import Service


def train(
    data: Annotated[Path, typer.Option("--data", help="folder that keeps everything of the training office")],
    hub: Annotated[str, typer.Option(help="address of a test hub (lienthong hub serve --sandbox)")],
    port: Annotated[int, typer.Option(help="port of HTTP")] = 8300,
    hub_ca: Annotated[
        Path | None, typer.Option(exists=True, help="authorities that may vouch for the hub (PEM); else the machine's")
    ] = None,
) -> None:
    """Run a training office: registers an invented agency at a test hub, makes its people, keys and first documents,
    and says how each of them signs in. Never speaks to a real hub, and never becomes an office of real documents."""
    from lienthong.protocol.problem import HubUnreachable, Problem
    from lienthong.runtime.commands import service
    from lienthong.runtime.supervisor import NotReady
    from lienthong.runtime.training import Account, Room

    tls = ClientTls(hub_ca)
    with service.named_faults():
        tls.require_fit_for(hub)

    def say(address: str, accounts: list[Account], seal_pin: str) -> None:
        print(f"{address}  ·  ĐÀO TẠO, dữ liệu không có thật / training, plainly false data\n")
        for one in accounts:
            print(f"{one.login:<14} {one.password:<16} {one.pin:<8} {one.name}, {one.position}")
        print(f"{'con dấu / seal':<31} {seal_pin}", flush=True)

    try:
        room = Room(data, hub, tls, port)
        with service.database(Service.OFFICE, data) as url, room.office(url) as (office, accounts, seal_pin):
            office.serve(lambda: say(office.settings.address, accounts, seal_pin))
    except Problem as refused:
        typer.echo(f"{refused.detail} {refused.next_vi}\n{refused.detail_en} {refused.next_en}", err=True)
        raise typer.Exit(2) from refused
    except HubUnreachable as reason:
        typer.echo(f"{hub} không trả lời. / {hub} does not answer: {type(reason).__name__}", err=True)
        raise typer.Exit(1) from reason
    except NotReady as reason:
        typer.echo(str(reason), err=True)
        raise typer.Exit(1) from reason
