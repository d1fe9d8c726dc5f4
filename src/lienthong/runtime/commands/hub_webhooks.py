"""`lienthong hub webhook …`: endpoints of systems, for those that cannot register them themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from lienthong.runtime.commands.hub_codes import in_hub
from lienthong.standards.times import VIETNAM

LOG_SHOWN = 20
ANYWHERE = "0.0.0.0/0,::/0"

Data = Annotated[Path, typer.Option("--data", help="thư mục của dịch vụ / folder of the service")]
SystemCode = Annotated[str, typer.Argument(help="mã hệ thống / code of the system")]
WebhookId = Annotated[str, typer.Argument(help="mã điểm nhận, xem `list` / id of the webhook, see `list`")]

webhook_app = typer.Typer(no_args_is_help=True, help="Điểm nhận thông báo của hệ thống. / Webhooks of systems.")


@webhook_app.command("list")
def list_webhooks(
    data: Data, system: Annotated[str, typer.Option(help="chỉ của hệ thống / only of this")] = ""
) -> None:
    """Các điểm nhận, ngắt mạch, đang chờ. / All webhooks: breaker, what waits, last success."""

    def act() -> None:
        from lienthong.hub.models import Webhook
        from lienthong.hub.webhooks import sending

        found = Webhook.objects.order_by("system", "added_at")
        for one in found.filter(system_id=system) if system else found:
            state = sending.breaker_of(one, datetime.now(UTC)) if one.enabled else f"tắt / off: {one.disabled_for}"
            typer.echo(
                f"{one.system_id}  {one.pk}  {one.url}  [{state}]  chờ / waiting: {one.messages.count()}  "
                f"lần cuối / last: {_time(one.last_success_at)}"
            )

    in_hub(data, act)


@webhook_app.command("add")
def add_webhook(
    system: SystemCode,
    url: Annotated[str, typer.Argument(help="https://…")],
    data: Data,
    event: Annotated[list[str] | None, typer.Option(help="sự kiện; bỏ trống: tất cả / left out: all")] = None,
) -> None:
    """Đăng ký điểm nhận; khóa chỉ hiện một lần. / Register a webhook; its secret is shown this once."""

    def act() -> None:
        from lienthong.hub import systems
        from lienthong.hub.webhooks import endpoints

        # Which inner networks are open the running hub knows: it decides at each attempt.
        made, secret = endpoints.register(
            system, url, event or (), actor=systems.OPERATOR, at=datetime.now(UTC), networks=ANYWHERE
        )
        typer.echo(f"{made.pk}  {secret or 'đã đăng ký trước đó / registered before'}")

    in_hub(data, act)


@webhook_app.command("enable")
def enable_webhook(system: SystemCode, webhook: WebhookId, data: Data) -> None:
    """Bật lại, gửi ngay những gì đang chờ. / Let it go on; what waits is sent at once."""
    _change(system, webhook, data, enabled=True)


@webhook_app.command("disable")
def disable_webhook(system: SystemCode, webhook: WebhookId, data: Data) -> None:
    """Tắt; hộp chờ nhận không ảnh hưởng. / Stop it; the inbox does not depend on it."""
    _change(system, webhook, data, enabled=False)


@webhook_app.command("remove")
def remove_webhook(system: SystemCode, webhook: WebhookId, data: Data) -> None:
    """Xóa điểm nhận. / Forget a webhook."""

    def act() -> None:
        from lienthong.hub import systems
        from lienthong.hub.webhooks import endpoints

        endpoints.remove(system, webhook, actor=systems.OPERATOR, at=datetime.now(UTC))
        typer.echo(f"{webhook}: đã xóa / removed")

    in_hub(data, act)


@webhook_app.command("rotate")
def rotate_webhook(
    system: SystemCode,
    webhook: WebhookId,
    data: Data,
    overlap_hours: Annotated[float, typer.Option(min=0, max=168, help="khóa cũ còn ký / the old one still signs")] = 24,
) -> None:
    """Đổi khóa; khóa mới chỉ hiện một lần. / Change the secret; the new one is shown this once."""

    def act() -> None:
        from lienthong.hub import systems
        from lienthong.hub.webhooks import endpoints

        overlap = timedelta(hours=overlap_hours)
        _, secret = endpoints.rotate(system, webhook, overlap=overlap, actor=systems.OPERATOR, at=datetime.now(UTC))
        typer.echo(secret)

    in_hub(data, act)


@webhook_app.command("test")
def test_webhook(system: SystemCode, webhook: WebhookId, data: Data) -> None:
    """Gọi thử ngay; kết quả ở `log`. / Call it now; see `log` for how it went."""

    def act() -> None:
        from lienthong.hub.webhooks import endpoints

        typer.echo(endpoints.ask_for_test(system, webhook, at=datetime.now(UTC)))

    in_hub(data, act)


@webhook_app.command("log")
def show_log(system: SystemCode, webhook: WebhookId, data: Data) -> None:
    """Các lần gọi gần nhất. / The newest attempts."""

    def act() -> None:
        from lienthong.hub.webhooks import endpoints

        for one in endpoints.attempts(endpoints.find(system, webhook), LOG_SHOWN):
            given_up = "  bỏ / given up" if one.given_up else ""
            typer.echo(
                f"{_time(one.at)}  {one.event}  {one.message}  #{one.number}  {one.outcome}  {one.status or '–'}  "
                f"{one.milliseconds} ms{given_up}"
            )

    in_hub(data, act)


def _change(system: str, webhook: str, data: Path, *, enabled: bool) -> None:
    def act() -> None:
        from lienthong.hub import systems
        from lienthong.hub.webhooks import endpoints

        endpoints.change(system, webhook, enabled=enabled, actor=systems.OPERATOR, at=datetime.now(UTC))
        typer.echo(f"{webhook}: {'bật / on' if enabled else 'tắt / off'}")

    in_hub(data, act)


def _time(moment: datetime | None) -> str:
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds") if moment else "–"


def add_to(hub_app: typer.Typer) -> None:
    """Add these commands to `lienthong hub`."""
    hub_app.add_typer(webhook_app, name="webhook")
