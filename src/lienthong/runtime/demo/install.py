"""Installs one service of the demo: its tables, its agency and people, or its directory. Runs in a process of its own,
told by a JSON text on standard input: `python -m lienthong.runtime.demo.install`."""

from __future__ import annotations

import base64
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lienthong.runtime.prepare import settle
from lienthong.runtime.settings import Settings


def main() -> None:
    """Install what standard input asks for."""
    settings = Settings.from_environment()
    os.environ["DJANGO_SETTINGS_MODULE"] = f"lienthong.runtime.django.{settings.service}"
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    plan = json.load(sys.stdin)
    if settings.service == "hub":
        settle(settings)
    _install_hub(plan) if settings.service == "hub" else _install_office(plan)
    connections.close_all()
    connections["default"].close_pool()  # type: ignore[attr-defined]


def _install_hub(plan: dict[str, Any]) -> None:
    from lienthong.hub import agencies, hubkeys, operators

    now = datetime.now(UTC)
    hubkeys.current(now)
    for row in plan["agencies"]:
        agencies.add_agency(row["code"], name=row["name"], aliases=row["aliases"], at=now)
    for row in plan["systems"]:
        agencies.add_system(
            row["code"], name=row["name"], agencies=row["agencies"], vxp_secret=row.get("vxp_secret", ""),
            key=row.get("key"), at=now,
        )  # fmt: skip
    for row in plan["seals"]:
        agencies.register_seal(row["agency"], base64.b64decode(row["certificate"]), at=now)
    for row in plan["operators"]:
        operators.add(
            row["login"], name=row["name"], role=operators.Role(row["role"]), agency=row["agency"],
            password=row["password"], at=now,
        )  # fmt: skip


def _install_office(plan: dict[str, Any]) -> None:
    from lienthong.office.people import setup

    now = datetime.now(UTC)
    organization = setup.install_agency(setup.AgencyFacts(**plan["agency"]))
    units = {short: setup.install_unit(organization, short, name) for short, name in plan["units"]}
    for row in plan["people"]:
        person = setup.install_person(
            organization, login=row["login"], name=row["name"], password=row["password"], at=now
        )
        setup.install_post(
            person, units[row["unit"]], row["role"], position=row["position"], competence=row["competence"],
            since=now.date(),
        )  # fmt: skip
        if row.get("key"):
            _register(setup.register_key, person, row["key"], now)
    _register(setup.register_key, organization, plan["seal"], now)


def _register(register: Any, owner: Any, row: dict[str, str], now: datetime) -> None:
    register(
        owner, location=Path(row["location"]), certificate=base64.b64decode(row["certificate"]),
        image=base64.b64decode(row["image"]), at=now,
    )  # fmt: skip


if __name__ == "__main__":
    main()
