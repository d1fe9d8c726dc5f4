"""Makes a service's database ready before its processes start: tables, what a plan names, and of a hub, once and for
all, whether it is a real one or a test hub."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

from lienthong.runtime.plans import Plan, follow
from lienthong.runtime.settings import Service, Settings, kept_secret


class WrongKind(RuntimeError):
    """The database is of another kind of hub or office. The message says what to do."""


class NotPrepared(RuntimeError):
    """A database could not be prepared. The message says why."""


def prepare(settings: Settings, plan: Plan | None = None) -> None:
    """Prepare the database, and let go of it: no connection and no thread of a pool is left.

    Args:
        plan: names what is to be there; what is there already stays.

    Raises:
        WrongKind: nothing but the tables was brought up to date.
    """
    from django.core.management import call_command
    from django.db import connections

    from lienthong.journal.record import count_on

    try:
        call_command("migrate", interactive=False, verbosity=0)
        count_on()
        if settings.service is Service.HUB:
            settle(settings)
        else:
            settle_office(settings)
        if plan:
            follow(plan, settings.service)
    finally:
        connections.close_all()
        connections["default"].close_pool()  # type: ignore[attr-defined]


def prepare_apart(settings: Settings, plan: Plan | None = None) -> None:
    """The same in a process of its own: while the service runs, or before it does. Raises `NotPrepared`."""
    settings.data.mkdir(parents=True, exist_ok=True)
    kept_secret(settings.data / "secret")
    done = subprocess.run(
        [sys.executable, "-m", "lienthong.runtime.prepare"], input=json.dumps(plan).encode(),
        env=os.environ | settings.to_environment(), capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise NotPrepared(f"{settings.service} {settings.system}: {done.stderr.decode(errors='replace')[-1500:]}")


def settle(settings: Settings) -> None:
    """Settle what a hub is; a test hub gets its counterparts. Raises `WrongKind`."""
    from lienthong.hub import mode, sandbox

    now = datetime.now(UTC)
    try:
        mode.settle(sandbox=settings.sandbox, at=now)
    except mode.WrongMode as reason:
        raise WrongKind(str(reason)) from reason
    if settings.sandbox:
        from lienthong.runtime.counterparts import key_of

        public = json.loads(json.dumps(key_of(settings).public_jwk()))
        sandbox.install_counterparts(public, at=now)


def settle_office(settings: Settings) -> None:
    """Settle whether an office is for training. Raises `WrongKind`."""
    from lienthong.office.people import training

    try:
        training.settle(training=settings.training, at=datetime.now(UTC))
    except training.WrongMode as reason:
        raise WrongKind(str(reason)) from reason


if __name__ == "__main__":
    told = Settings.from_environment()
    os.environ["DJANGO_SETTINGS_MODULE"] = f"lienthong.runtime.django.{told.service}"
    import django

    django.setup()
    prepare(told, json.load(sys.stdin))
