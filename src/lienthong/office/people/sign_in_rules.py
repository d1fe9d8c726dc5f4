"""From whom an agency asks a second factor (SEC-4): its administrators, who comes from outside, or everyone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.models import Organization, Person, Role, SignInRules
from lienthong.office.people.access import people_with, require, roles
from lienthong.office.people.actors import actor_of
from lienthong.office.people.notices import ring
from lienthong.office.people.sign_in_errors import BadNetworks, NetworksNeeded
from lienthong.protocol.channel import Network, inside, networks
from lienthong.standards.statuses import Words

KEEPERS = (Role.ADMINISTRATOR,)
LONGEST = 2000
"""Characters of the list of networks."""


@dataclass(frozen=True)
class Asked:
    """From whom a second factor is asked.

    Attributes:
        inside: the agency's own networks; `outside` asks it of who comes from elsewhere.
    """

    administrators: bool = True
    outside: bool = False
    everyone: bool = False
    inside: tuple[Network, ...] = ()


def of(organization: Organization) -> Asked:
    """What holds for an agency; before it said anything, its administrators are asked."""
    row: SignInRules | None = getattr(organization, "sign_in_rules", None)
    if row is None:
        return Asked()
    return Asked(row.administrators, row.outside, row.everyone, networks(row.inside.splitlines()))


def asks(person: Person, address: str) -> bool:
    """Whether a second factor is asked of a person who comes from this address."""
    rules = of(person.organization)
    if rules.everyone or (rules.administrators and Role.ADMINISTRATOR in roles(person)):
        return True
    return rules.outside and not inside(address, rules.inside)


def change(
    *, administrators: bool, outside: bool, everyone: bool, own_networks: str, actor: Person, at: datetime
) -> None:
    """Ask a second factor of others than before; leaders and auditors are told, and what is as it was leaves no trace.

    Args:
        own_networks: CIDR ranges, one a line.

    Raises:
        Forbidden, BadNetworks; NetworksNeeded: nothing is said to be inside.
    """
    require(actor, *KEEPERS)
    lines = [line.strip() for line in own_networks[:LONGEST].splitlines() if line.strip()]
    for line in lines:
        try:
            networks([line])
        except ValueError:
            raise BadNetworks(line=line[:60]) from None
    if outside and not lines:
        raise NetworksNeeded()
    values: dict[str, object] = {
        "administrators": administrators, "outside": outside, "everyone": everyone, "inside": "\n".join(lines),
    }  # fmt: skip
    if SignInRules.objects.filter(organization=actor.organization, **values).exists():
        return  # what is as it was leaves no trace
    with transaction.atomic():
        _write(actor.organization, values, actor_of(actor), at)
        told = {one for role in (Role.LEADER, Role.AUDITOR) for one in people_with(actor.organization_id, role)}
        words = Words(
            f"{actor.full_name} đã đổi yêu cầu xác thực hai bước của cơ quan.",
            f"{actor.full_name} changed of whom the agency asks a second step.",
        )
        ring(told, words, link="/can-bo/dang-nhap/", at=at)


def install(organization: Organization, who: Actor, *, administrators: bool, at: datetime) -> None:
    """At set-up, before the agency decides itself: ask a second factor of administrators, or not (a demo whose
    passwords are printed). What is decided already stays."""
    if SignInRules.objects.filter(organization=organization).exists():
        return
    with transaction.atomic():
        values = {"administrators": administrators, "outside": False, "everyone": False, "inside": ""}
        _write(organization, values, who, at)


def _write(organization: Organization, values: dict[str, object], who: Actor, at: datetime) -> None:
    SignInRules.objects.update_or_create(organization=organization, defaults=values)
    record(
        OfficeEvent.SIGN_IN_RULES_SET, actor=who, subject=Subject("agency", organization.code), at=at, **values
    )  # fmt: skip
