"""`lienthong hub maintenance …`: what the operators do to run the hub, which takes it up within two seconds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from lienthong.runtime.settings import Service
from lienthong.standards.times import VIETNAM

Data = Annotated[Path, typer.Option("--data", help="thư mục của dịch vụ / folder of the service")]
Json = Annotated[bool, typer.Option("--json", help="in JSON / print JSON")]
Reason = Annotated[str, typer.Option(help="lý do, được ghi nhật ký / the reason, kept in the journal")]

maintenance_app = typer.Typer(no_args_is_help=True, help="Tạm ngừng nhận văn bản mới. / Maintenance: drain the hub.")


def add_to(hub_app: typer.Typer) -> None:
    """Add these commands to `lienthong hub`."""
    hub_app.add_typer(maintenance_app, name="maintenance")


@maintenance_app.command("on")
def begin_maintenance(
    data: Data,
    reason: Annotated[str, typer.Option(help="lý do, thành viên được biết / the reason, as members are told")],
    until: Annotated[str, typer.Option(help="dự kiến xong lúc, ISO 8601, mặc định giờ VN / probable end")] = "",
    reads: Annotated[
        bool, typer.Option("--reads", help="ngừng cả việc lấy và xác nhận / fetching and acknowledging stop as well")
    ] = False,
) -> None:
    """Ngừng nhận văn bản mới; văn bản đã nhận vẫn được lấy và xác nhận. / Take nothing new; the rest drains."""
    with ready(data):
        from lienthong.hub import maintenance
        from lienthong.hub.systems import OPERATOR

        row = maintenance.begin(reason=reason, until=moment(until), reads=reads, actor=OPERATOR, at=datetime.now(UTC))
        typer.echo(f"bảo trì / maintenance: {row.reason}; đến / until: {shown(row.until)}")


@maintenance_app.command("off")
def end_maintenance(data: Data) -> None:
    """Nhận lại văn bản. / Take everything again."""
    with ready(data):
        from lienthong.hub import maintenance
        from lienthong.hub.systems import OPERATOR

        ended = maintenance.end(actor=OPERATOR, at=datetime.now(UTC))
        typer.echo("đã mở lại / in service" if ended else "không có bảo trì / there was none")


@maintenance_app.command("show")
def show_maintenance(data: Data, as_json: Json = False) -> None:
    """Trục có đang bảo trì không. / Whether the hub is under maintenance."""
    with ready(data):
        from lienthong.hub import maintenance
        from lienthong.protocol.wire import write_value

        told = maintenance.told()
        if as_json:
            typer.echo(json.dumps(write_value(told), ensure_ascii=False))
        elif told is None:
            typer.echo("đang phục vụ / in service")
        else:
            typer.echo(f"bảo trì từ / since {shown(told.since)} đến / until {shown(told.until)}: {told.reason}")


def moment(text: str) -> datetime | None:
    """A time that was typed, in Vietnam where it names no zone; None for nothing. Raises `ValueError`."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text}: cần ISO 8601, ví dụ 2026-11-25T22:00 / not a time") from None
    return found if found.tzinfo else found.replace(tzinfo=VIETNAM)


def shown(at: datetime | None) -> str:
    """A time as these commands print it."""
    return at.astimezone(VIETNAM).isoformat(timespec="seconds") if at else "–"


@contextmanager
def ready(data: Path) -> Iterator[None]:
    """The hub's database; says what is wrong with an entry, without a trace."""
    from lienthong.runtime.commands import service

    with service.ready_database(Service.HUB, data):
        try:
            yield
        except (ValueError, OSError) as fault:
            typer.echo(str(fault), err=True)
            raise typer.Exit(2) from None
