"""`lienthong hub`: serve the exchange, and keep its directory. Every command works while the service runs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from lienthong.protocol.channel import Proxies, networks
from lienthong.runtime.commands import (
    backup_options,
    hub_alerts,
    hub_certificates,
    hub_codes,
    hub_contacts,
    hub_desk,
    hub_holds,
    hub_journal,
    hub_operations,
    hub_operators,
    hub_participants,
    hub_quarantine,
    hub_systems,
    hub_tables,
    hub_webhooks,
    service_options,
)
from lienthong.runtime.settings import Service, Settings, processes_of_a_hub
from lienthong.standards.agencies import Category

app = typer.Typer(no_args_is_help=True, help="Trục liên thông: chạy và quản lý danh mục. / The hub.")
agency_app = typer.Typer(no_args_is_help=True, help="Cơ quan và mã định danh. / Agencies and their codes.")
system_app = typer.Typer(no_args_is_help=True, help="Hệ thống kết nối. / Connected systems.")
operator_app = typer.Typer(no_args_is_help=True, help="Người dùng bảng điều khiển. / People of the console.")
app.add_typer(agency_app, name="agency")
hub_codes.add_to(agency_app)
hub_tables.add_to(agency_app)
hub_contacts.add_to(agency_app)
hub_participants.add_to(agency_app, system_app)
app.add_typer(system_app, name="system")
hub_systems.add_to(system_app, app)
system_app.add_typer(hub_certificates.app, name="certificate")
hub_holds.add_to(app)
hub_operations.add_to(app)
hub_desk.add_to(app)
app.command("journal-check")(hub_journal.journal_check)
app.add_typer(hub_alerts.app, name="alert")
hub_webhooks.add_to(app)
hub_quarantine.add_to(app)
app.add_typer(operator_app, name="operator")
hub_operators.add_to(operator_app)

Data = Annotated[Path, typer.Option("--data", help="folder of the service")]


@app.command()
def serve(
    data: Data,
    processes: Annotated[
        int,
        typer.Option(min=1, default_factory=processes_of_a_hub, help="web processes; else cores + 1, at most 5"),
    ],
    port: Annotated[int, typer.Option(help="port of HTTP")] = 8100,
    bind: Annotated[str, typer.Option(help="address to listen on; loopback unless told otherwise")] = "127.0.0.1",
    public_url: Annotated[str, typer.Option(help="address under which members reach it, behind a proxy")] = "",
    trusted_proxies: Annotated[
        str, typer.Option(help="CIDR ranges of proxies whose word is true: caller, TLS, certificate")
    ] = "",
    backup_to: backup_options.To = None,
    backup_recipients: backup_options.Recipients = None,
    backup_at: backup_options.At = backup_options.AT,
    backup_keep_days: backup_options.Days = backup_options.DAYS,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Trục thử nghiệm, không thành Trục chính thức / a test hub, for good")
    ] = False,
    sandbox_days: Annotated[int, typer.Option(min=1, help="days until test data are forgotten")] = 30,
    webhook_networks: Annotated[str, typer.Option(help="CIDR ranges that webhooks may go to, though not public")] = "",
    security_contact: service_options.SecurityContact = "",
) -> None:
    """Run the hub: bring its database up to date, start its workers, say its address when ready."""
    from lienthong.runtime.commands import service

    with service.named_faults():
        Proxies.of(trusted_proxies)
        networks(webhook_networks.split(","))
        service_options.require_contact(security_contact)
    settings = Settings(
        service=Service.HUB, data=data, database_url="", bind=bind, port=port, processes=processes,
        public_url=public_url.rstrip("/"), trusted_proxies=trusted_proxies, sandbox_days=sandbox_days,
        webhook_networks=webhook_networks, security_contact=security_contact,
    )  # fmt: skip
    if sandbox:
        settings = settings.as_sandbox()
    settings = backup_options.told(settings, backup_to, backup_recipients, backup_at, backup_keep_days)
    service.require_encryption(settings)
    with service.database(Service.HUB, data) as url:
        service.serve(settings.at(database_url=url))


@agency_app.command("add")
def add_agency(
    code: Annotated[str, typer.Argument(help="code of the agency (Decision 20/2020)")],
    name: Annotated[str, typer.Option(help="full name")],
    data: Data,
    parent: Annotated[str | None, typer.Option(help="code of the agency above; '' for none")] = None,
    alias: Annotated[list[str] | None, typer.Option(help="another spelling, mostly the 13-character one")] = None,
    category: Annotated[
        Category | None, typer.Option(help="kind of participant (Article 2); a new one is a unit")
    ] = None,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="opens on this date, by --decision")] = None,
    decision: Annotated[str, typer.Option(help="number and notation of the decision")] = "",
) -> None:
    """Add an agency, or give a known one its name and spellings."""
    from lienthong.runtime.commands import service

    with service.ready_database(Service.HUB, data):
        from lienthong.hub import agencies

        with service.named_faults():
            agencies.add_agency(
                code, name=name, parent=parent, aliases=alias or (), category=category,
                opens_on=on.date() if on else None, decision=decision, at=datetime.now(UTC),
            )  # fmt: skip
    typer.echo(f"{code}: {name}")


@agency_app.command("seal")
def register_seal(
    code: Annotated[str, typer.Argument(help="code of the agency")],
    certificate: Annotated[Path, typer.Option(exists=True, help="X.509 certificate, PEM or DER")],
    data: Data,
) -> None:
    """Vouch for a certificate of an agency's seal from now on."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    from lienthong.runtime.commands import service

    raw = certificate.read_bytes()
    parsed = x509.load_pem_x509_certificate(raw) if raw.startswith(b"-----") else x509.load_der_x509_certificate(raw)
    with service.ready_database(Service.HUB, data):
        from lienthong.hub import agencies

        with service.named_faults():
            seal = agencies.register_seal(code, parsed.public_bytes(Encoding.DER), at=datetime.now(UTC))
    typer.echo(f"{code}: {seal.fingerprint}")


@system_app.command("add")
def add_system(
    code: Annotated[str, typer.Argument(help="code of the system")],
    name: Annotated[str, typer.Option(help="name of the system")],
    agencies: Annotated[str, typer.Option(help="codes of the agencies it serves, with commas between")],
    data: Data,
    vxp_secret: Annotated[str, typer.Option(help="shared secret of existing client software")] = "",
    key: Annotated[str, typer.Option(help="public key as a JWK, or the name of a file with one")] = "",
) -> None:
    """Connect a system, or change which agencies it serves and how it is known."""
    from lienthong.runtime.commands import service

    wanted = [each.strip() for each in agencies.split(",") if each.strip()]
    with service.ready_database(Service.HUB, data):
        from lienthong.hub.agencies import add_system as connect

        with service.named_faults():
            jwk = json.loads(Path(key).read_text() if key and Path(key).is_file() else key) if key else None
            connect(code, name=name, agencies=wanted, vxp_secret=vxp_secret, key=jwk, at=datetime.now(UTC))
    typer.echo(f"{code}: {', '.join(wanted)}")
