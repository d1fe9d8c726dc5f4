"""What a service is told before its first day: the hub's directory, or an agency and its people."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lienthong.runtime.settings import Service

Plan = dict[str, Any]
"""Of a hub: `agencies`, `systems`, `seals`, `operators`; of an office: `agency`, `units`, `people`, `seal`, and
whether it begins with `samples`."""


def follow(plan: Plan, service: Service) -> None:
    """Make what the plan names, as far as it is not there yet."""
    _install_hub(plan) if service is Service.HUB else _install_office(plan)


def _install_hub(plan: Plan) -> None:
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


def _install_office(plan: Plan) -> None:
    from lienthong.office.people import setup, sign_in_rules

    now = datetime.now(UTC)
    organization = setup.install_agency(setup.AgencyFacts(**plan["agency"]))
    if not plan.get("second_factor", True):
        sign_in_rules.install(organization, setup.SETUP, administrators=False, at=now)
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
    if plan.get("samples"):
        from lienthong.runtime import samples

        samples.install(organization, at=now)


def _register(register: Any, owner: Any, row: dict[str, str], now: datetime) -> None:
    register(
        owner, location=Path(row["location"]), certificate=base64.b64decode(row["certificate"]),
        image=base64.b64decode(row["image"]), at=now,
    )  # fmt: skip
