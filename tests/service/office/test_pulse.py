"""The one statement by which every page asks what is going on: where it says that nothing is there, the rules that are
asked after it have nothing either, in every state and for everybody."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from lienthong.office.models import (
    Carrier,
    CorrectionTask,
    HubNotice,
    OutboxPacket,
    OutgoingDocument,
    OutgoingState,
    Person,
    Substituted,
    Substitution,
    Transmission,
)
from lienthong.office.outgoing import batch
from lienthong.office.people import access, standing_in
from lienthong.office.web import frame
from tests.service.office.conftest import Office, approved, issued, now


def everybody(office: Office) -> list[str]:
    """Who is asked anew: what a person holds is remembered for an answer."""
    return sorted(office.people)


def fresh(office: Office, login: str) -> Person:
    return Person.objects.select_related("organization", "user").get(pk=office[login].pk)


@pytest.mark.parametrize("reviewed", [True, False])
def test_what_is_on_its_way_to_a_signature_is_never_left_out(office: Office, reviewed: bool) -> None:
    document, seen = approved(office), 0
    if not reviewed:
        document.versions.latest("ordinal").reviews.all().delete()
    for state in OutgoingState:
        OutgoingDocument.objects.filter(pk=document.pk).update(state=state)
        for login in everybody(office):
            person = fresh(office, login)
            waits = batch.to_sign(person).exists()
            seen += waits
            assert frame.pulse(person).signs or not waits, (state, login)
    assert seen


def test_a_sending_that_is_to_be_completed_is_never_left_out(office: Office) -> None:
    issued(office)
    transmission, seen = Transmission.objects.latest("pk"), 0
    task = CorrectionTask.objects.create(transmission=transmission, organization=office.organization, opened_at=now())
    for closed, state in product((None, now(), now() + timedelta(days=1)), OutgoingState):
        CorrectionTask.objects.filter(pk=task.pk).update(closed_at=closed)
        OutgoingDocument.objects.update(state=state)
        for login in everybody(office):
            person = fresh(office, login)
            waits = frame.open_tasks(person).exists()
            seen += waits
            assert frame.pulse(person).tasks or not waits, (closed, state, login)
    assert seen


def test_what_the_hubs_operators_tell_is_never_left_out(office: Office) -> None:
    moments = (None, now() - timedelta(hours=1), now() + timedelta(hours=1))
    seen = 0
    for number, (ends, withdrawn) in enumerate(product(moments, moments)):
        HubNotice.objects.all().delete()
        HubNotice.objects.create(
            number=number, kind="maintenance", title="Bảo trì", text="Tối nay", published_at=now(), ends_at=ends,
            withdrawn_at=withdrawn,
        )  # fmt: skip
        for login in everybody(office):
            person = fresh(office, login)
            told = frame.hub_notices(access.roles(person))
            seen += len(told)
            assert frame.pulse(person).notices or not told, (ends, withdrawn, login)
    assert seen


def test_who_stands_in_for_somebody_today_is_never_left_out(office: Office) -> None:
    today, seen = timezone.localdate(), 0
    days = [today + timedelta(days=each) for each in (-2, -1, 0, 1, 2)]
    spans = [(first, last) for first, last in product(days, days) if first <= last]
    for (first, last), ended in product(spans, (None, now())):
        Substitution.objects.all().delete()
        Substitution.objects.create(
            organization=office.organization, absent=office["truong.dv"], substitute=office["chuyen.vien"],
            acts=list(Substituted.values), valid_from=first, valid_to=last, recorded_at=now(), ended_at=ended,
            recorded_by=office["quan.tri"],
        )  # fmt: skip
        for login in everybody(office):
            person = fresh(office, login)
            absent = standing_in.for_whom(person)
            seen += len(absent)
            assert frame.pulse(person).stands_in or not absent, (first, last, ended, login)
    assert seen


def test_what_goes_inside_this_installation_does_not_wait_for_the_hub(office: Office) -> None:
    issued(office)
    assert frame.pulse(fresh(office, "van.thu")).waiting
    OutboxPacket.objects.update(carrier=Carrier.LOCAL)
    assert not frame.pulse(fresh(office, "van.thu")).waiting
