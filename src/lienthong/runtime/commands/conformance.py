"""`lienthong conformance`: the self-test of the connector at a test hub, and its report (Decision 28/2018, 14.1)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EXIT_FAILED = 1
EXIT_UNREACHABLE = 2
NAME = "Tự kiểm tra kết nối"


def conformance(
    hub: Annotated[str, typer.Argument(help="địa chỉ của Trục thử nghiệm / address of a test hub")],
    report: Annotated[Path | None, typer.Option(help="tệp báo cáo (Markdown) / file of the report")] = None,
    hub_ca: Annotated[
        Path | None, typer.Option(exists=True, help="authorities that may vouch for the hub (PEM); else the machine's")
    ] = None,
) -> None:
    """Tự kiểm tra kết nối với một Trục thử nghiệm và in báo cáo. / Try the connector at a test hub, print the report.

    Mã thoát / exit code: 0 đạt cả / all passed; 1 có phép không đạt / some did not; 2 không hỏi được Trục.
    """
    from datetime import UTC, datetime
    from importlib.metadata import version

    from lienthong.evidence.receipts import SigningKey
    from lienthong.protocol.client.native import NativeConnection
    from lienthong.protocol.client.tls import ClientTls
    from lienthong.protocol.problems import HubUnreachable, Problem
    from lienthong.runtime import testmember
    from lienthong.runtime.commands import service
    from lienthong.runtime.conformance import Trial, as_text

    tls, key = ClientTls(hub_ca), SigningKey.generate()
    with service.named_faults():
        tls.require_fit_for(hub)
    try:
        made = testmember.register(hub, tls, NAME, [NAME], key)
        connection = NativeConnection(hub, system=made.system, key=key, tls=tls, training=True)
        try:
            outcomes = list(Trial(connection, made.agencies[0]).run())
        finally:
            connection.close()
    except Problem as refused:
        typer.echo(f"{refused.detail} {refused.next_vi}\n{refused.detail_en} {refused.next_en}", err=True)
        raise typer.Exit(EXIT_UNREACHABLE) from refused
    except HubUnreachable as reason:
        typer.echo(f"{hub} không trả lời. / {hub} does not answer: {type(reason).__name__}", err=True)
        raise typer.Exit(EXIT_UNREACHABLE) from reason
    text = as_text(outcomes, version=version("lienthong"), hub=made.hub_id, at=datetime.now(UTC))
    if report is not None:
        report.write_text(text, encoding="utf-8")
    typer.echo(text)
    if any(one.fault for one in outcomes):
        raise typer.Exit(EXIT_FAILED)
