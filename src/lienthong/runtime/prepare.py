"""Makes a service's database ready before its processes start: `python -m lienthong.runtime.prepare [--migrate]`.

Settings in the environment. Of a hub it is settled here, once and for all, whether it is a real one or a test hub.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime

from lienthong.runtime.counterparts import key_of
from lienthong.runtime.settings import Service, Settings


def main() -> None:
    """Prepare; what cannot be is said on standard error, with exit code 2."""
    settings = Settings.from_environment()
    os.environ["DJANGO_SETTINGS_MODULE"] = f"lienthong.runtime.django.{settings.service}"
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    if "--migrate" in sys.argv:
        call_command("migrate", interactive=False, verbosity=0)
    if settings.service is Service.HUB:
        settle(settings)
    connections.close_all()
    connections["default"].close_pool()  # type: ignore[attr-defined]


def settle(settings: Settings) -> None:
    """Settle what a hub is; a test hub gets its counterparts."""
    from lienthong.hub import mode, sandbox

    now = datetime.now(UTC)
    try:
        mode.settle(sandbox=settings.sandbox, at=now)
    except mode.WrongMode as reason:
        print(reason, file=sys.stderr)
        raise SystemExit(2) from None
    if settings.sandbox:
        public = json.loads(json.dumps(key_of(settings).public_jwk()))
        sandbox.install_counterparts(public, at=now)


if __name__ == "__main__":
    main()
