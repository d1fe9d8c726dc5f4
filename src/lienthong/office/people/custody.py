"""Who holds the device with the agency's secret key: the head entrusts it to the clerk, and it changes hands only with
written permission and minutes (Decree 30/2020, Article 32.1, 32.2b). Persons keep their own devices (32.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lienthong.journal.models import Event
from lienthong.journal.record import Subject, history, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look import english, vietnamese
from lienthong.office.errors import Missing
from lienthong.office.models import Custody, Person, Role, SigningKey
from lienthong.office.people.access import require
from lienthong.office.people.actors import actor_of
from lienthong.office.people.certificate_errors import HolderChanged, NotListed, NotTheHolder
from lienthong.office.people.certificates import subject_of

RECORDERS = (Role.LEADER, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class HandOver:
    """What the papers say.

    Attributes:
        given_by: who held the device; None where the agency entrusts it for the first time.
        basis: number and date of the written permission; `minutes` of the minutes (biên bản).
    """

    given_by: Person | None
    taken_by: Person
    handed_at: datetime
    basis: str
    minutes: str


def hand_over(key: SigningKey, papers: HandOver, *, actor: Person, at: datetime) -> Custody:
    """Record a hand-over. It stays as it is written; a wrong one is followed by another.

    Raises:
        Forbidden: only leaders and administrators record.
        NotListed: the key is a person's own, or who takes the device works elsewhere.
        Missing: permission or minutes are not named, or its time is not over.
        HolderChanged: it does not begin where the last one ended.
    """
    require(actor, *RECORDERS)
    if key.organization_id is None or {key.organization_id, actor.organization_id} != {papers.taken_by.organization_id}:
        raise NotListed()
    _require_whole(papers, at)
    with transaction.atomic():
        SigningKey.objects.select_for_update().get(pk=key.pk)  # of two at once one waits, and then does not follow
        _require_follows(key, papers)
        made = Custody.objects.create(key=key, recorded_at=at, recorded_by=actor, **vars(papers))
        record(
            OfficeEvent.CERTIFICATE_HANDED_OVER, actor=actor_of(actor), subject=subject_of(key), at=at,
            given_by=papers.given_by.full_name if papers.given_by else "", taken_by=papers.taken_by.full_name,
            handed_at=papers.handed_at.isoformat(), basis=papers.basis, minutes=papers.minutes,
        )  # fmt: skip
    return made


def last(key: SigningKey) -> Custody | None:
    """The last hand-over; None where none was recorded."""
    return key.custody.select_related("taken_by").order_by("-id").first()


def uses_of(key: SigningKey) -> QuerySet[Event]:
    """When somebody used the agency's key, or tried a wrong PIN, the latest first: beside who held the device, this is
    who used it."""
    return history(Subject("account", f"key:{key.pk}")).order_by("-id")


def require_holder(key: SigningKey, actor: Person) -> None:
    """Raises `NotTheHolder`: the log says that somebody else holds the device. An empty log says nothing."""
    newest = last(key)
    if newest is not None and newest.taken_by_id != actor.pk:
        raise NotTheHolder(holder=newest.taken_by.full_name)


def _require_whole(papers: HandOver, at: datetime) -> None:
    if not papers.basis.strip():
        raise Missing(what="văn bản cho phép bàn giao", what_en="the written permission")
    if not papers.minutes.strip():
        raise Missing(what="biên bản bàn giao", what_en="the minutes of the hand-over")
    if papers.handed_at > at:
        raise Missing(what="thời điểm bàn giao đã qua", what_en="a time that is over")


def _require_follows(key: SigningKey, papers: HandOver) -> None:
    newest = last(key)
    given_by = papers.given_by.pk if papers.given_by else None
    if newest is None and given_by is None:
        return
    if newest is None:
        raise HolderChanged(holder=key.owner_name, since="đầu", since_en="the beginning")
    if (
        newest.taken_by_id != given_by
        or newest.taken_by_id == papers.taken_by.pk
        or papers.handed_at < newest.handed_at
    ):
        since = timezone.localtime(newest.handed_at)
        raise HolderChanged(holder=newest.taken_by.full_name, since=vietnamese.day(since), since_en=english.day(since))
