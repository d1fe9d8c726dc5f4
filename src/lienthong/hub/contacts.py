"""Who receives for whom: contact points (Article 7.3), gateways of units, the single gateway (Article 21.2).

Routing stands on the delivery and in the answer to the sender; the packet is not touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from lienthong.hub.agencies import add_agency, forget_copy
from lienthong.hub.codes import REGISTRY, one_at_a_time
from lienthong.hub.models import Agency
from lienthong.hub.refusals import RegistryRefused
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.standards.agencies import Category


def add_mandate(
    code: str, *, name: str, office: str, aliases: Iterable[str] = (), by: Actor = REGISTRY, at: datetime
) -> Agency:
    """Give the Government, the Prime Minister, a minister or a chairman an address; `office` receives for it.

    Raises:
        InvalidCode, RegistryRefused: by name; the code is an agency's, or the office cannot receive.
    """
    with transaction.atomic():
        one_at_a_time()
        known = Agency.objects.filter(code=code).first()
        if known is not None and known.category != Category.MANDATE:
            raise RegistryRefused("no_mandate", code=code)
        mandate = add_agency(code, name=name, aliases=aliases, category=Category.MANDATE, by=by, at=at)
        _receive_for([mandate], office, by, at)
    forget_copy()
    return mandate


def receive_for(codes: Sequence[str], *, office: str | None, by: Actor = REGISTRY, at: datetime) -> None:
    """Let an agency receive for others as long as no system serves them; None ends it. Raises `RegistryRefused`."""
    with transaction.atomic():
        one_at_a_time()
        _receive_for([_going_on(code) for code in codes], office, by, at)
    forget_copy()


def be_single_gateway(code: str, single: bool, *, by: Actor = REGISTRY, at: datetime) -> None:
    """Let an agency receive for everyone below it, connected or not; or no longer. Raises `RegistryRefused`."""
    with transaction.atomic():
        one_at_a_time()
        agency = _going_on(code)
        agency.single_gateway = single
        agency.save(update_fields=["single_gateway"])
        record(HubEvent.AGENCY_ROUTING_SET, actor=by, subject=Subject("agency", code), at=at, single_gateway=single)
    forget_copy()


def _receive_for(agencies: Iterable[Agency], office: str | None, by: Actor, at: datetime) -> None:
    if office is not None and _going_on(office).category == Category.MANDATE:
        raise RegistryRefused("office_is_mandate", code=office)
    for agency in agencies:
        if office is not None and agency.code in _way(office):
            raise RegistryRefused("gateway_ring", code=agency.code, office=office)
        agency.gateway_id = office
        agency.save(update_fields=["gateway"])
        subject = Subject("agency", agency.code)
        record(HubEvent.AGENCY_ROUTING_SET, actor=by, subject=subject, at=at, gateway=office or "")


def _going_on(code: str) -> Agency:
    agency = Agency.objects.filter(code=code).first()
    if agency is None:
        raise RegistryRefused("unknown_code", code=code)
    if agency.ended_at is not None:
        raise RegistryRefused("ended", code=code)
    return agency


def _way(code: str) -> list[str]:
    """The agencies over which a packet goes on from one."""
    way: list[str] = []
    onward: str | None = code
    while onward is not None and onward not in way:
        way.append(onward)
        onward = Agency.objects.filter(code=onward).values_list("gateway", flat=True).first()
    return way
