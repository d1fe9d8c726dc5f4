"""What the commands of both services share: where the data lies, which database, starting and serving."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import typer

from lienthong.protocol.channel import is_loopback
from lienthong.runtime.embedded import Cluster, EmbeddedDatabaseError
from lienthong.runtime.settings import Service, Settings


@contextmanager
def database(service: Service, data: Path) -> Iterator[str]:
    """The address of the service's database: the one in `DATABASE_URL`, else one of its own below the data folder,
    started for the time being or shared with the process that runs it."""
    given = os.environ.get("DATABASE_URL", "")
    if given:
        yield given
        return
    data.mkdir(parents=True, exist_ok=True)
    try:
        with Cluster(data / "postgres").running() as cluster:
            yield cluster.database_url(service.value)
    except EmbeddedDatabaseError as reason:
        typer.echo(str(reason), err=True)
        raise typer.Exit(1) from reason


@contextmanager
def ready_database(service: Service, data: Path) -> Iterator[None]:
    """Django set up on the service's database, its tables up to date: for commands that change something."""
    with ExitStack() as stack:
        url = stack.enter_context(database(service, data))
        settings = Settings(service=service, data=data, database_url=url)
        os.environ.update(settings.to_environment())
        os.environ["DJANGO_SETTINGS_MODULE"] = f"lienthong.runtime.django.{service}"
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        act = _act_as_what_it_is if service is Service.HUB else _act_as_office_that_it_is
        act(settings)
        try:
            yield
        finally:
            connections.close_all()
            connections["default"].close_pool()  # type: ignore[attr-defined]


def _act_as_what_it_is(settings: Settings) -> None:
    """Commands act on a test hub as on one; a database that nobody has decided about is a real hub's from now on."""
    from django.conf import settings as django_settings

    from lienthong.hub import mode

    if mode.known():
        django_settings.LIENTHONG = settings.as_sandbox()
    else:
        mode.settle(sandbox=False, at=datetime.now(UTC))


def _act_as_office_that_it_is(settings: Settings) -> None:
    """The same of an office: for training, or for real documents."""
    from django.conf import settings as django_settings

    from lienthong.office.people import training

    if training.known():
        django_settings.LIENTHONG = settings.at(training=True)
    else:
        training.settle(training=False, at=datetime.now(UTC))


def require_encryption(settings: Settings) -> None:
    """Plain HTTP never leaves the machine (Decision 28, Article 13.2): beyond loopback a service listens for a trusted
    proxy alone, whose public address is https. Says what is missing, and exits with 2."""
    if is_loopback(settings.bind) or (settings.encrypted and settings.trusted_proxies):
        return
    typer.echo(
        f"Không chạy: {settings.bind} nhận HTTP không mã hóa từ ngoài máy chủ (Quyết định 28, Điều 13.2). Hãy nghe ở "
        "127.0.0.1 sau nginx (docs/howto/tls.md), hoặc khai báo --public-url https://… và --trusted-proxies.\n"
        f"Not started: {settings.bind} would take plain HTTP from beyond this machine (Decision 28, Article 13.2). "
        "Listen on 127.0.0.1 behind nginx (docs/howto/tls.md), or give --public-url https://… and --trusted-proxies.",
        err=True,
    )
    raise typer.Exit(2)


def serve(settings: Settings) -> None:
    """Run a service until it is told to stop; says its address once it answers."""
    from lienthong.runtime.supervisor import NotReady, Supervisor

    supervisor = Supervisor(settings)
    try:
        supervisor.serve(lambda: print(settings.address, flush=True))
    except NotReady as reason:
        typer.echo(str(reason), err=True)
        raise typer.Exit(1) from reason


class named_faults:
    """Says what is wrong with an entry, without a trace."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, fault: BaseException | None, _trace: object) -> None:
        if isinstance(fault, ValueError | OSError):
            typer.echo(f"{fault}", err=True)
            raise typer.Exit(2) from None
