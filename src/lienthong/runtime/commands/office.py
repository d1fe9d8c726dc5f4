"""`lienthong office`: serve an office, and set up its agency and people. Every command works while the service runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from lienthong.protocol.channel import Proxies
from lienthong.protocol.client.tls import ClientTls
from lienthong.runtime.commands import backup_options, service_options
from lienthong.runtime.commands.office_local import local_exchange
from lienthong.runtime.commands.office_mail import mail
from lienthong.runtime.commands.office_train import train
from lienthong.runtime.settings import Door, Service, Settings

app = typer.Typer(no_args_is_help=True, help="Hệ thống quản lý văn bản: chạy, cài đặt. / The office.")
app.command("train")(train)
app.command("mail")(mail)
app.command("local-exchange")(local_exchange)
Data = Annotated[Path, typer.Option("--data", help="folder of the service")]


@app.command()
def serve(
    data: Data,
    hub: Annotated[str, typer.Option(help="address of the hub")],
    system: Annotated[str, typer.Option(help="code of this system at the hub")],
    trust: Annotated[Path, typer.Option(exists=True, file_okay=False, help="folder of trusted certificates (PEM)")],
    tsa: Annotated[str, typer.Option(help="address of the time-stamping authority")],
    key: Annotated[Path | None, typer.Option(exists=True, help="file with the system's private JWK")] = None,
    vxp_secret: Annotated[
        Path | None,
        typer.Option(exists=True, help="instead of --key: file with the secret shared with a hub of existing software"),
    ] = None,
    port: Annotated[int, typer.Option(help="port of HTTP")] = 8200,
    bind: Annotated[str, typer.Option(help="address to listen on; loopback unless told otherwise")] = "127.0.0.1",
    processes: Annotated[int, typer.Option(min=1, help="web processes: as many as there are cores")] = 2,
    public_url: Annotated[str, typer.Option(help="address under which people reach it, behind a proxy")] = "",
    trusted_proxies: Annotated[str, typer.Option(help="CIDR ranges of proxies whose word is true: caller, TLS")] = "",
    hub_ca: Annotated[
        Path | None, typer.Option(exists=True, help="authorities that may vouch for the hub (PEM); else the machine's")
    ] = None,
    hub_certificate: Annotated[
        Path | None, typer.Option(exists=True, help="client certificate shown to the hub (PEM, with its chain)")
    ] = None,
    hub_certificate_key: Annotated[
        Path | None, typer.Option(exists=True, help="its private key (PEM, not encrypted)")
    ] = None,
    backup_to: backup_options.To = None,
    backup_recipients: backup_options.Recipients = None,
    backup_at: backup_options.At = backup_options.AT,
    backup_keep_days: backup_options.Days = backup_options.DAYS,
    security_contact: service_options.SecurityContact = "",
    training: Annotated[
        bool, typer.Option("--training", help="đào tạo, dữ liệu giả, không bao giờ thành thật / for training, for good")
    ] = False,
    unsafe_plain_hub: Annotated[
        bool, typer.Option("--unsafe-plain-hub", help="speak plain HTTP to a hub that has no TLS: against Article 13.2")
    ] = False,
    unsafe_server_keys: Annotated[
        bool, typer.Option("--unsafe-server-keys", help="let people's private keys lie on this server: demo only")
    ] = False,
) -> None:
    """Run an office: bring its database up to date, start its worker, say its address when ready."""
    from lienthong.runtime.commands import service

    if (key is None) == (vxp_secret is None):
        raise typer.BadParameter("give --key for the native API, or --vxp-secret for a hub of existing software")
    with service.named_faults():
        Proxies.of(trusted_proxies)
        service_options.require_contact(security_contact)
        ClientTls(hub_ca, hub_certificate, hub_certificate_key).require_fit_for(hub, plain=unsafe_plain_hub)
    settings = Settings(
        service=Service.OFFICE, data=data, database_url="", bind=bind, port=port, hub_url=hub, system=system,
        hub_door=Door.NATIVE if key else Door.VXP, system_key=str(key or ""), vxp_secret=str(vxp_secret or ""),
        trust=str(trust), tsa_url=tsa, unsafe_server_keys=unsafe_server_keys, processes=processes, training=training,
        public_url=public_url.rstrip("/"), trusted_proxies=trusted_proxies, hub_ca=_name(hub_ca),
        hub_certificate=_name(hub_certificate), hub_certificate_key=_name(hub_certificate_key),
        security_contact=security_contact,
    )  # fmt: skip
    settings = backup_options.told(settings, backup_to, backup_recipients, backup_at, backup_keep_days)
    service.require_encryption(settings)
    with service.database(Service.OFFICE, data) as url:
        service.serve(settings.at(database_url=url))


def _name(file: Path | None) -> str:
    return str(file.resolve()) if file else ""


@app.command("agency")
def add_agency(
    code: Annotated[str, typer.Argument(help="code of the agency")],
    data: Data,
    name: Annotated[str, typer.Option(help="full name; a new agency needs it")] = "",
    abbreviation: Annotated[str, typer.Option(help="as used in notations, like VPCP; a new agency needs it")] = "",
    place: Annotated[str, typer.Option(help="place of issue; Hà Nội for a new agency")] = "",
    alias: Annotated[str, typer.Option(help="13-character spelling of the code")] = "",
    reference: Annotated[
        str, typer.Option(help="number and date of the head's decision, for another abbreviation of a known agency")
    ] = "",
) -> None:
    """Add the agency that this office serves, or change what is given here of a known one; journalled. Everything else
    is kept on its page «Cơ quan». What is so already is left alone."""
    from lienthong.runtime.commands import service

    with service.ready_database(Service.OFFICE, data):
        from lienthong.office.errors import OfficeProblem
        from lienthong.office.models import Organization
        from lienthong.office.people import agency, setup

        told = {"name": name, "abbreviation": abbreviation, "place": place, "alias": alias}
        given = {fact: text for fact, text in told.items() if text}
        known, now = Organization.objects.filter(code=code).first(), datetime.now(UTC)
        try:
            if known:
                agency.amend(known, given, setup.SETUP, at=now, reference=reference)
            else:
                known = setup.add_agency(code, given, at=now)
        except OfficeProblem as refused:
            typer.echo(f"{refused.message_vi} / {refused.message_en}", err=True)
            raise typer.Exit(2) from refused
        known.refresh_from_db(fields=["name"])
    typer.echo(f"{code}: {known.name}")


@app.command("system-key")
def make_system_key(
    file: Annotated[Path, typer.Argument(help="the private key goes here, readable by its owner alone")],
) -> None:
    """Make the key by which the hub knows this system; prints its public half, for the hub's registry."""
    import json

    from lienthong.evidence.receipts import SigningKey

    key = SigningKey.generate()
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(key.private_jwk(), out)
    except FileExistsError:
        typer.echo(f"{file} đã có, không ghi đè. / exists already and is not overwritten.", err=True)
        raise typer.Exit(2) from None
    typer.echo(json.dumps(key.public_jwk()))


@app.command("presentation")
def set_presentation(
    code: Annotated[str, typer.Argument(help="code of the agency")],
    policy: Annotated[str, typer.Argument(help="warn: faults only warn; block: they block, unless a reason is given")],
    data: Data,
    reference: Annotated[str, typer.Option(help="number and date of the head's decision, for another policy")] = "",
) -> None:
    """Say what faults of presentation (thể thức) do when the checker confirms; journalled."""
    from lienthong.runtime.commands import service

    with service.ready_database(Service.OFFICE, data):
        from lienthong.office.errors import OfficeProblem
        from lienthong.office.models import Organization, PresentationPolicy
        from lienthong.office.people import setup

        organization = Organization.objects.filter(code=code).first()
        if organization is None:
            typer.echo(f"Hệ thống này không có cơ quan {code}. / This office has no agency {code}.", err=True)
            raise typer.Exit(2)
        if policy not in PresentationPolicy.values:
            typer.echo(f"«{policy}»: chọn warn hoặc block. / Choose warn or block.", err=True)
            raise typer.Exit(2)
        try:
            setup.set_presentation_policy(
                organization, PresentationPolicy(policy), at=datetime.now(UTC), reference=reference
            )
        except OfficeProblem as refused:
            typer.echo(f"{refused.message_vi} / {refused.message_en}", err=True)
            raise typer.Exit(2) from refused
    typer.echo(f"{code}: {policy}")


@app.command("key")
def keep_key(
    serial: Annotated[str, typer.Argument(help="serial number (hexadecimal) of a certificate in the inventory")],
    data: Data,
    pkcs12: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="file that holds its key")] = None,
    module: Annotated[Path | None, typer.Option(exists=True, help="or: PKCS#11 library of the device")] = None,
    token: Annotated[str, typer.Option(help="name of the token in it")] = "",
    label: Annotated[str, typer.Option(help="label of key and certificate on the token")] = "",
) -> None:
    """Say where the key of a registered certificate lies: from now on its owner signs with it; journalled."""
    from lienthong.runtime.commands import service

    device = module is not None and bool(token) and bool(label)
    if (pkcs12 is None) == (not device) or "|" in f"{module}{token}{label}":
        raise typer.BadParameter("give --pkcs12, or --module, --token and --label (without the sign |)")
    with service.ready_database(Service.OFFICE, data):
        from lienthong.office.errors import OfficeProblem
        from lienthong.office.models import KeyKind
        from lienthong.office.people import certificates, setup

        kind = KeyKind.PKCS11 if device else KeyKind.PKCS12
        location = f"{module}|{token}|{label}" if device else str(pkcs12.resolve() if pkcs12 else "")
        try:
            key = certificates.attach_key(serial, kind=kind, location=location, actor=setup.SETUP, at=datetime.now(UTC))
        except OfficeProblem as refused:
            typer.echo(f"{refused.message_vi} / {refused.message_en}", err=True)
            raise typer.Exit(2) from refused
    typer.echo(f"{key.owner_name}: {kind.value}")


@app.command("person")
def add_person(
    login: Annotated[str, typer.Argument(help="name to sign in with")],
    name: Annotated[str, typer.Option(help="full name")],
    agency: Annotated[str, typer.Option(help="code of the agency")],
    unit: Annotated[str, typer.Option(help="abbreviation of the unit; made when missing")],
    role: Annotated[str, typer.Option(help="clerk, leader, unit_head, specialist, checker, administrator, auditor")],
    position: Annotated[str, typer.Option(help="official position")],
    data: Data,
) -> None:
    """Add a person with a role, or give a known one a new password and perhaps one more role; prints a password that is
    changed at the first sign-in."""
    from lienthong.runtime.commands import service

    with service.ready_database(Service.OFFICE, data):
        from django.utils import timezone

        from lienthong.office.errors import OfficeProblem
        from lienthong.office.models import Organization, Role
        from lienthong.office.people import setup, staff

        organization = Organization.objects.filter(code=agency).first()
        if organization is None or role not in Role.values:
            typer.echo("unknown agency or role", err=True)
            raise typer.Exit(2)
        now = datetime.now(UTC)
        known = organization.units.filter(abbreviation=unit).first() or setup.install_unit(organization, unit, unit)
        place = staff.Place(known, Role(role), position, timezone.localdate(now))
        try:
            password = staff.install(organization, login, name, place, at=now)
        except OfficeProblem as refused:
            typer.echo(f"{refused.message_vi} / {refused.message_en}", err=True)
            raise typer.Exit(2) from refused
    typer.echo(f"{login} {password}")


@app.command("identity-provider")
def set_identity_provider(
    agency: Annotated[str, typer.Argument(help="code of the agency")],
    slug: Annotated[str, typer.Argument(help="short name for addresses: small letters, digits, hyphens")],
    data: Data,
    name: Annotated[str, typer.Option(help="what the sign-in page calls it")] = "",
    issuer: Annotated[str, typer.Option(help="OpenID Connect: its https address, exactly as it names itself")] = "",
    client_id: Annotated[str, typer.Option(help="OpenID Connect: how it knows this office")] = "",
    secret: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="OpenID Connect: file with the client secret")
    ] = None,
    saml: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="SAML 2.0: file with the provider's metadata, XML")
    ] = None,
    staff_claim: Annotated[
        str,
        typer.Option(
            help="claim or attribute that holds the staff code (`sub`: the subject itself); without it people are "
            "linked by hand alone"
        ),
    ] = "",
    off: Annotated[bool, typer.Option("--off", help="let nobody in by it any more; needs nothing else")] = False,
) -> None:
    """Let people of an agency sign in by a provider of identity (OpenID Connect, or SAML 2.0 by its metadata);
    journalled. Prints the address, below the office's public one, that the provider has to send people back to, or
    with SAML that of the office's own metadata."""
    from lienthong.runtime.commands import service

    with service.ready_database(Service.OFFICE, data):
        from lienthong.office.errors import OfficeProblem
        from lienthong.office.models import Organization
        from lienthong.office.people import identities, saml_metadata, setup

        organization = Organization.objects.filter(code=agency).first()
        if organization is None:
            typer.echo(f"Hệ thống này không có cơ quan {agency}. / This office has no agency {agency}.", err=True)
            raise typer.Exit(2)
        now = datetime.now(UTC)
        try:
            if off:
                identities.turn_off(organization, slug, setup.SETUP, at=now)
                return
            if saml is not None:
                with saml.open("rb") as file:
                    described = file.read(saml_metadata.LARGEST + 1)
                by_saml = identities.DeclaredSaml(slug, name, described, staff_claim)
                identities.declare_saml(organization, by_saml, setup.SETUP, at=now)
            else:
                password = secret.read_text(encoding="utf-8") if secret else ""
                told = identities.Declared(slug, name, issuer, client_id, password, staff_claim)
                identities.declare(organization, told, setup.SETUP, at=now)
        except OfficeProblem as refused:
            typer.echo(f"{refused.message_vi} / {refused.message_en}", err=True)
            raise typer.Exit(2) from refused
    typer.echo(f"/dang-nhap/bang/{slug}/{'metadata' if saml else 've'}/")


@app.command("remote-signing")
def set_remote_signing(
    agency: Annotated[str, typer.Argument(help="code of the agency")],
    slug: Annotated[str, typer.Argument(help="short name: small letters, digits, hyphens")],
    data: Data,
    name: Annotated[str, typer.Option(help="what people call the service")],
    address: Annotated[str, typer.Option(help="its https address, up to and with /csc/v2")],
    client_id: Annotated[str, typer.Option(help="how it knows this office")],
    secret: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="file with the client secret")],
    off: Annotated[bool, typer.Option("--off", help="sign by it no more")] = False,
) -> None:
    """Let people of an agency sign with keys that a service keeps for them (CSC API v2); journalled. Whose key is there
    the administrator says on the page of certificates."""
    from lienthong.runtime.commands import service

    with service.ready_database(Service.OFFICE, data):
        from lienthong.office.errors import OfficeProblem
        from lienthong.office.models import Organization
        from lienthong.office.people import remote_keys, setup

        organization = Organization.objects.filter(code=agency).first()
        if organization is None:
            typer.echo(f"Hệ thống này không có cơ quan {agency}. / This office has no agency {agency}.", err=True)
            raise typer.Exit(2)
        told = remote_keys.Declared(slug, name, address, client_id, secret.read_text(encoding="utf-8"), active=not off)
        try:
            made = remote_keys.declare(organization, told, setup.SETUP, at=datetime.now(UTC))
        except OfficeProblem as refused:
            typer.echo(f"{refused.message_vi} / {refused.message_en}", err=True)
            raise typer.Exit(2) from refused
    typer.echo(f"{made.name}: {made.address}")


@app.command("import")
def import_people(
    agency: Annotated[str, typer.Argument(help="code of the agency")],
    table: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="units and people, CSV (UTF-8) or XLSX")],
    data: Data,
    sheets: Annotated[
        Path | None,
        typer.Option(help="write here, as CSV, the first passwords of newcomers; for its owner alone"),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="only say what it would do")] = False,
) -> None:
    """Take units and people in from a table: all of it or nothing. The staff code is the key, so that the same table
    again doubles nothing. What is refused is said line by line, with how to mend it; exit code 2."""
    from lienthong.runtime.commands import service

    with service.ready_database(Service.OFFICE, data):
        from lienthong.office.errors import OfficeProblem
        from lienthong.office.models import Organization
        from lienthong.office.people import importing, setup
        from lienthong.office.people.import_errors import LINE_REFUSALS, NothingNew

        organization, now = Organization.objects.filter(code=agency).first(), datetime.now(UTC)
        if organization is None:
            typer.echo(f"Hệ thống này không có cơ quan {agency}. / This office has no agency {agency}.", err=True)
            raise typer.Exit(2)
        if sheets is not None and sheets.exists():  # before anything is taken in: passwords are told once
            raise typer.BadParameter(f"{sheets} đã có; chọn tệp khác. / {sheets} is there; choose another file.")
        try:
            plan = importing.plan_of(table.read_bytes(), table.name, organization, at=now)
            for line in plan.refused:
                words = LINE_REFUSALS[line.reason]
                typer.echo(f"{line.number}\t{line.what}\t{words.vi} / {words.en}", err=True)
            typer.echo(
                f"đơn vị / units {len(plan.units)}, tài khoản mới / new accounts {len(plan.newcomers)}, "
                f"vai trò / roles {len(plan.posts)}, đã có / known {plan.unchanged}, "
                f"từ chối / refused {len(plan.refused)}"
            )
            if check:
                raise typer.Exit(2 if plan.refused else 0)
            run = importing.take_in(table.read_bytes(), table.name, organization, at=now)
        except NothingNew as same:
            typer.echo(f"{same.message_vi} / {same.message_en}")
            return
        except OfficeProblem as refused:
            typer.echo(f"{refused.message_vi} / {refused.message_en}", err=True)
            raise typer.Exit(2) from refused
        if sheets is not None:
            _write_sheets(sheets, importing.SHEET_COLUMNS, importing.sheets(run, setup.SETUP, at=now))


def _write_sheets(file: Path, columns: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    from lienthong.look.tables import as_csv

    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.writelines(as_csv(rows, columns))
