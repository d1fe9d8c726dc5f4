"""Accounts as a whole: those that nobody uses are warned of and closed, and the list is looked through by somebody at
least every six months (SEC-5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import DateTimeField, F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.models import AccountReview, Organization, Person, RightKind, Role
from lienthong.office.people import access, leaving, staff
from lienthong.office.people.actors import actor_of, service_of
from lienthong.office.people.notices import ring
from lienthong.standards.statuses import Words

IDLE_AFTER = timedelta(days=45)
"""An account that nobody used for so long is closed (SEC-5)."""
WARNED_BEFORE = timedelta(days=7)
"""So long before it is closed, its owner and the administrators are told."""
REVIEWED_EVERY = timedelta(days=182)
"""At least so often somebody looks through the list of accounts (SEC-5)."""
AT_ONCE = 500
"""Accounts that one round of the worker takes up."""
REASON = "quá 45 ngày không dùng"


def with_last_use(people: QuerySet[Person]) -> Any:
    """People with `used_at`: when their account was used last, or was opened."""
    first = Coalesce("user__last_login", "user__date_joined", output_field=DateTimeField())
    return people.annotate(used_at=Greatest(first, F("opened_at")))


def unused(organization: Organization, since: datetime) -> Any:
    """Whose open account nobody has used since a moment, the longest unused first."""
    open_ones = Person.objects.filter(organization=organization, user__is_active=True).select_related(
        "user", "organization"
    )
    return with_last_use(open_ones).filter(used_at__lt=since).order_by("used_at", "pk")


def warn_idle(organization: Organization, *, at: datetime) -> int:
    """Tell owners and administrators of accounts that will be closed; once for each time of not being used. Returns how
    many were told of."""
    near = unused(organization, at - IDLE_AFTER + WARNED_BEFORE)
    near = near.filter(Q(idle_warned_at=None) | Q(idle_warned_at__lt=F("used_at")))
    found = list(near[:AT_ONCE])
    if not found:
        return 0
    with transaction.atomic():
        Person.objects.filter(pk__in=[one.pk for one in found]).update(idle_warned_at=at)
        for person in found:
            _record(OfficeEvent.ACCOUNT_IDLE, person, service_of(organization), at)
        ring(found, _words_to_owner(), link="/mat-khau/", at=at)
        ring(_keepers(organization), _words_to_keepers(len(found)), link="/can-bo/?xem=lau-khong-dung", at=at)
    return len(found)


def close_idle(organization: Organization, *, at: datetime) -> int:
    """Close the accounts that nobody used for so long, and of which was warned in time; the last open administrator's
    stays, so that somebody can open the others again. Returns how many were closed."""
    due = unused(organization, at - IDLE_AFTER)
    due = due.filter(idle_warned_at__gte=F("used_at"), idle_warned_at__lte=at - WARNED_BEFORE)
    due = leaving.with_nothing_left(due)  # else they are handed over first (Decree 30, 31.3)
    return sum(_close(person, at) for person in list(due[:AT_ONCE]) if not _is_last_keeper(person))


def review(*, note: str, actor: Person, at: datetime) -> AccountReview:
    """Stand for it that the list was looked through: who has an account, what they may do, since when, when they
    used it last. Raises `Forbidden`: it is for those who do not keep the list themselves."""
    access.require(actor, *staff.CONFIRMERS)
    with transaction.atomic():
        open_ones = Person.objects.filter(organization=actor.organization, user__is_active=True).count()
        made = AccountReview.objects.create(
            organization=actor.organization, at=at, by=actor, accounts=open_ones, note=note.strip()[:1000]
        )
        subject = Subject("agency", actor.organization.code)
        record(OfficeEvent.ACCOUNTS_REVIEWED, actor=actor_of(actor), subject=subject, at=at, accounts=open_ones)
    return made


def last_review(organization: Organization) -> AccountReview | None:
    """When the list was looked through last."""
    return organization.account_reviews.select_related("by").first()


def review_due(organization: Organization, at: datetime) -> bool:
    """Whether it is time to look through the list."""
    last = last_review(organization)
    return last is None or at - last.at > REVIEWED_EVERY


def _close(person: Person, at: datetime) -> bool:
    with transaction.atomic():
        still = unused(person.organization, at - IDLE_AFTER).filter(pk=person.pk)
        still = leaving.with_nothing_left(still).values("user")
        if not get_user_model().objects.filter(pk__in=still).update(is_active=False):
            return False
        staff.note_change(RightKind.ACCOUNT_CLOSED, person, None, at, reason=REASON)
        _record(OfficeEvent.ACCOUNT_CLOSED, person, service_of(person.organization), at, reason=REASON)
    return True


def _is_last_keeper(person: Person) -> bool:
    if Role.ADMINISTRATOR not in access.roles(person):
        return False
    return not access.people_with(person.organization_id, Role.ADMINISTRATOR).exclude(pk=person.pk).exists()


def _keepers(organization: Organization) -> list[Person]:
    return list(access.people_with(organization.pk, Role.ADMINISTRATOR))


def _words_to_owner() -> Words:
    return Words(
        f"Tài khoản của anh/chị sẽ bị khóa sau {WARNED_BEFORE.days} ngày nếu không đăng nhập.",
        f"Your account will be closed in {WARNED_BEFORE.days} days unless you sign in.",
    )


def _words_to_keepers(count: int) -> Words:
    return Words(
        f"{count} tài khoản lâu không dùng sẽ bị khóa sau {WARNED_BEFORE.days} ngày.",
        f"Accounts that nobody uses, to be closed in {WARNED_BEFORE.days} days: {count}.",
    )


def _record(event: OfficeEvent, person: Person, who: Actor, at: datetime, **data: object) -> None:
    subject = Subject("account", person.user.get_username()[:64])
    record(event, actor=who, subject=subject, at=at, name=person.full_name, **data)
