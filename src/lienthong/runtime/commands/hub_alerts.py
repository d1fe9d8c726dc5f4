"""`lienthong hub alert …`: what asks for attention, who looks after it, and how operators are told."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from lienthong.runtime.commands.hub_operations import Data, Json, moment, ready, shown

Number = Annotated[int, typer.Argument(help="số của cảnh báo / number of the alert")]
By = Annotated[str, typer.Option(help="người thực hiện / who does it")]
Least = Annotated[str, typer.Option(help="báo từ mức / tell from: notice, warning, critical")]

app = typer.Typer(no_args_is_help=True, help="Cảnh báo. / What asks for attention.")


@app.command("list")
def list_alerts(
    data: Data,
    ended: Annotated[bool, typer.Option("--ended", help="cả những cảnh báo đã hết / with those that ended")] = False,
    as_json: Json = False,
) -> None:
    """Cảnh báo hiện có, mức nặng trước. / What holds now, the most severe first."""
    with ready(data):
        from lienthong.hub.models import Alert
        from lienthong.hub.watch import alerts, words

        found = alerts.by_need(Alert.objects.order_by("-pk")[:500] if ended else alerts.live())
        for one in found:
            facts = {
                "id": one.pk, "rule": one.rule, "severity": one.severity, "state": one.state,
                "subject": f"{one.subject_kind}:{one.subject}", "facts": one.facts, "opened_at": shown(one.opened_at),
                "acknowledged_by": one.acknowledged_by, "muted_until": shown(one.muted_until),
                "resolved_at": shown(one.resolved_at),
            }  # fmt: skip
            line = (
                f"{one.pk}  {one.severity:8}  {one.get_state_display()}  {one.rule}  {one.subject_kind} {one.subject}  "
                f"{words.facts_of(one, english=False)}"
            )
            typer.echo(json.dumps(facts, ensure_ascii=False) if as_json else line)


@app.command("acknowledge")
def acknowledge(number: Number, data: Data, by: By) -> None:
    """Nhận xử lý một cảnh báo. / Say that you look after it."""
    with ready(data):
        from lienthong.hub.watch import alerts
        from lienthong.journal.record import Actor

        alerts.acknowledge(number, actor=Actor("person", by[:60], by), at=datetime.now(UTC))
        typer.echo(f"{number}: {by} đang xử lý / looks after it")


@app.command("mute")
def mute(
    number: Number,
    data: Data,
    by: By,
    reason: Annotated[str, typer.Option(help="lý do / why")],
    until: Annotated[str, typer.Option(help="đến lúc, ISO 8601 / until")] = "",
    hours: Annotated[float, typer.Option(help="hoặc trong bao nhiêu giờ / or for so many hours")] = 24,
) -> None:
    """Tạm không nhắc đến một thời điểm, có lý do. / Be reminded of it only after a time."""
    with ready(data):
        from lienthong.hub.watch import alerts
        from lienthong.journal.record import Actor

        at = datetime.now(UTC)
        end = moment(until) or at + timedelta(hours=hours)
        alerts.mute(number, until=end, reason=reason, actor=Actor("person", by[:60], by), at=at)
        typer.echo(f"{number}: đến / until {shown(end)}")


@app.command("rules")
def list_rules(data: Data, as_json: Json = False) -> None:
    """Các quy tắc và ngưỡng. / The rules and their thresholds."""
    with ready(data):
        from lienthong.hub.watch import alerts
        from lienthong.hub.watch.words import said

        for each in alerts.thresholds():
            rule = each.rule
            facts = {
                "rule": rule.code, "severity": rule.severity.value, "threshold": each.value, "unit": rule.unit.value,
                "shipped": rule.threshold, "vi": said(rule, each.value, english=False),
                "en": said(rule, each.value, english=True), "next_vi": rule.next_vi, "next_en": rule.next_en,
                "clause": rule.clause,
            }  # fmt: skip
            line = f"{rule.code}  {each.value:g} {rule.unit}  {rule.severity}  {facts['vi']} / {facts['en']}"
            typer.echo(json.dumps(facts, ensure_ascii=False) if as_json else line)


@app.command("set")
def set_threshold(
    rule: Annotated[str, typer.Argument(help="mã quy tắc / code of the rule")],
    value: Annotated[float, typer.Argument(help="ngưỡng / threshold")],
    data: Data,
) -> None:
    """Đặt ngưỡng của một quy tắc. / Set the threshold of a rule."""
    with ready(data):
        from lienthong.hub.systems import OPERATOR
        from lienthong.hub.watch import alerts

        each = alerts.set_threshold(rule, value, actor=OPERATOR, at=datetime.now(UTC))
        typer.echo(f"{rule}: {each.value:g} {each.rule.unit}")


@app.command("mail")
def tell_by_mail(
    server: Annotated[str, typer.Argument(help="smtp://…:25, smtp+starttls://tên@…:587, smtps://tên@…:465")],
    data: Data,
    sender: Annotated[str, typer.Option("--from", help="địa chỉ gửi / sender")],
    to: Annotated[list[str], typer.Option(help="người nhận, lặp lại được / recipients")],
    password_file: Annotated[Path | None, typer.Option(exists=True, help="tệp chứa mật khẩu / its password")] = None,
    least: Least = "warning",
) -> None:
    """Báo qua thư điện tử. / Tell by mail; many alerts are one mail."""
    with ready(data):
        from lienthong.hub.systems import OPERATOR
        from lienthong.hub.watch import channels
        from lienthong.hub.watch.rules import Severity

        channels.set_mail(
            server, sender=sender, recipients=to, least=Severity(least), actor=OPERATOR, at=datetime.now(UTC),
            password=password_file.read_text(encoding="utf-8").strip() if password_file else "",
        )  # fmt: skip
        typer.echo(f"mail: {', '.join(to)}")


@app.command("webhook")
def tell_by_webhook(
    address: Annotated[str, typer.Argument(help="https://…")], data: Data, least: Least = "warning"
) -> None:
    """Báo qua webhook đã ký; mã bí mật chỉ hiện một lần. / Tell by a signed webhook; its secret is shown this once."""
    with ready(data):
        from lienthong.hub.systems import OPERATOR
        from lienthong.hub.watch import channels
        from lienthong.hub.watch.rules import Severity
        from lienthong.protocol import webhooks

        secret = webhooks.new_secret()
        channels.set_webhook(
            address, secret=secret, least=Severity(least), actor=OPERATOR, at=datetime.now(UTC)
        )  # fmt: skip
        typer.echo(secret)


@app.command("off")
def switch_off(kind: Annotated[str, typer.Argument(help="mail, webhook")], data: Data) -> None:
    """Thôi báo qua một kênh. / Tell no more by a channel."""
    with ready(data):
        from lienthong.hub.systems import OPERATOR
        from lienthong.hub.watch import channels

        gone = channels.switch_off(kind, actor=OPERATOR, at=datetime.now(UTC))
        typer.echo(f"{kind}: {'đã tắt / off' if gone else 'không có / there was none'}")


@app.command("channels")
def list_channels(data: Data) -> None:
    """Các kênh báo, lần gửi cuối, lỗi. / The channels, when they last told, and what failed."""
    with ready(data):
        from lienthong.hub.models import AlertChannel

        for one in AlertChannel.objects.order_by("kind"):
            to = ", ".join(one.recipients)
            typer.echo(
                f"{one.kind}  {one.address}  {to}  từ / from {one.least}  gửi cuối / last {shown(one.last_sent_at)}"
                + (f"  lỗi / failed ×{one.failures}: {one.last_error}" if one.failures else "")
            )
