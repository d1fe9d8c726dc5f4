"""`lienthong hub maintenance …`, `… monitor …`, `… security-events`: what the operators do to run the hub.

A running hub takes everything up within two seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import Annotated

import typer

from lienthong.runtime.settings import Service
from lienthong.standards.times import VIETNAM

Data = Annotated[Path, typer.Option("--data", help="thư mục của dịch vụ / folder of the service")]
Json = Annotated[bool, typer.Option("--json", help="in JSON / print JSON")]
Reason = Annotated[str, typer.Option(help="lý do, được ghi nhật ký / the reason, kept in the journal")]

maintenance_app = typer.Typer(no_args_is_help=True, help="Tạm ngừng nhận văn bản mới. / Maintenance: drain the hub.")


monitor_app = typer.Typer(no_args_is_help=True, help="Hệ thống giám sát an toàn. / Readers of security events.")
LOOK_SECONDS = 1.0


def add_to(hub_app: typer.Typer) -> None:
    """Add these commands to `lienthong hub`."""
    hub_app.add_typer(maintenance_app, name="maintenance")
    hub_app.add_typer(monitor_app, name="monitor")
    hub_app.command("security-events")(security_events)


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


# -- security ----------------------------------------------------------------------------------------------------------


@monitor_app.command("add")
def add_monitor(name: Annotated[str, typer.Argument(help="tên / name")], data: Data) -> None:
    """Cấp mã đọc sự kiện an toàn; chỉ hiện một lần. / Give a reader its token, which is shown this once."""
    with ready(data):
        from lienthong.hub import monitors
        from lienthong.hub.systems import OPERATOR

        typer.echo(monitors.add(name, actor=OPERATOR, at=datetime.now(UTC)))


@monitor_app.command("revoke")
def revoke_monitor(name: Annotated[str, typer.Argument(help="tên / name")], data: Data) -> None:
    """Thu hồi mã đọc ngay lập tức. / Let a reader read nothing from now on."""
    with ready(data):
        from lienthong.hub import monitors
        from lienthong.hub.systems import OPERATOR

        monitors.revoke(name, actor=OPERATOR, at=datetime.now(UTC))
        typer.echo(f"{name}: đã thu hồi / revoked")


@monitor_app.command("list")
def list_monitors(data: Data) -> None:
    """Các hệ thống giám sát, lần đọc cuối. / All readers and when they last read."""
    with ready(data):
        from lienthong.hub.models import Monitor

        for row in Monitor.objects.order_by("name"):
            state = f"thu hồi / revoked {shown(row.revoked_at)}" if row.revoked_at else "đang dùng / in use"
            typer.echo(f"{row.name}  {state}  đọc / read: {shown(row.last_read_at)}")


def security_events(
    data: Data,
    after: Annotated[str, typer.Option(help="con trỏ của sự kiện cuối đã có / cursor of the last one you have")] = "",
    follow: Annotated[bool, typer.Option("--follow", help="đợi sự kiện mới / go on for ever")] = False,
    as_json: Json = False,
) -> None:
    """Sự kiện an toàn, mỗi dòng một sự kiện. / Security events, a line each; format: security-events.md."""
    with ready(data):
        from lienthong.hub import security
        from lienthong.protocol.wire import write_value

        while True:
            for event in security.all_since(after):
                after = event.cursor
                line = (
                    json.dumps(write_value(event), ensure_ascii=False)
                    if as_json
                    else f"{shown(event.last_at)}  {event.severity:6}  {event.kind} ×{event.count}  "
                    f"{event.system or event.actor or '–'}  {event.network or event.subject}"
                )
                print(line, flush=True)
            if not follow:
                return
            sleep(LOOK_SECONDS)


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
