"""`lienthong hub system certificate …`: the client certificates of connected systems."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lienthong.runtime.commands.hub_systems import Code, Data, Json, Reason, on_hub, time_text
from lienthong.standards.times import VIETNAM

if TYPE_CHECKING:
    from lienthong.hub.models import SystemCertificate

app = typer.Typer(no_args_is_help=True, help="Chứng thư máy khách TLS của hệ thống. / TLS client certificates.")


@app.command("add")
def add(
    code: Code,
    data: Data,
    file: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="chứng thư, PEM hoặc DER / PEM or DER")],
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="hết dùng từ ngày này, giờ VN / ends on this day, before its own end"),
    ] = None,
    overlap_days: Annotated[
        float | None,
        typer.Option(min=0, help="các chứng thư khác còn dùng bao nhiêu ngày / days that the others still open"),
    ] = None,
) -> None:
    """Đăng ký chứng thư; không có --overlap-days thì chứng thư khác giữ nguyên. / Register one.

    The others stay as they are without --overlap-days.
    """
    with on_hub(data):
        from lienthong.hub import certificates

        at = datetime.now(UTC)
        registered = certificates.add(
            code, file.read_bytes(), at=at,
            until=until.replace(tzinfo=VIETNAM) if until else None,
            others_until=at + timedelta(days=overlap_days) if overlap_days is not None else None,
        )  # fmt: skip
        typer.echo(f"{code}: {registered.fingerprint} đến / until {time_text(registered.valid_to)}")


@app.command("list")
def list_certificates(code: Code, data: Data, as_json: Json = False) -> None:
    """Các chứng thư của một hệ thống. / A system's certificates, ended and revoked ones too."""
    with on_hub(data):
        from lienthong.hub.models import System, SystemCertificate

        system = System.objects.filter(code=code).first()
        if system is None:
            raise ValueError(f"không có hệ thống {code} / no system {code}")
        rows = [_facts(one) for one in SystemCertificate.objects.filter(system=system).order_by("added_at", "id")]
    if as_json:
        typer.echo(json.dumps({"required": system.certificate_required, "certificates": rows}, ensure_ascii=False))
        return
    typer.echo("bắt buộc / required" if system.certificate_required else "không bắt buộc / optional")
    for row in rows:
        revoked = f"  THU HỒI: {row['revoked_for']}" if row["revoked_at"] else ""
        typer.echo(f"{row['fingerprint']}  {row['owner']}  {row['valid_from']} – {row['valid_to']}{revoked}")


@app.command("remove")
def remove(
    code: Code,
    fingerprint: Annotated[str, typer.Argument(help="vân tay SHA-256, hoặc phần đầu / fingerprint, or its beginning")],
    data: Data,
    reason: Reason,
) -> None:
    """Thu hồi ngay lập tức. / Revoke at once."""
    with on_hub(data):
        from lienthong.hub import certificates

        removed = certificates.remove(code, fingerprint, reason=reason, at=datetime.now(UTC))
        typer.echo(f"{code}: {removed.fingerprint} đã thu hồi / revoked")


@app.command("require")
def require(
    code: Code,
    data: Data,
    required: Annotated[bool, typer.Option("--yes/--no", help="bắt buộc ở cả hai cổng / required at both doors")],
) -> None:
    """Bắt buộc chứng thư hay không. / Whether the system gets in without a certificate."""
    with on_hub(data):
        from lienthong.hub import certificates

        certificates.require(code, required=required, at=datetime.now(UTC))
        typer.echo(f"{code}: {'bắt buộc / required' if required else 'không bắt buộc / optional'}")


def _facts(one: SystemCertificate) -> dict[str, Any]:
    return {
        "fingerprint": one.fingerprint, "owner": one.owner, "valid_from": time_text(one.valid_from),
        "valid_to": time_text(one.valid_to), "added_at": time_text(one.added_at),
        "revoked_at": time_text(one.revoked_at), "revoked_for": one.revoked_for,
    }  # fmt: skip
