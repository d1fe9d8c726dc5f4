"""Passwords of people: how they are chosen, how long they hold, and that none of the last ten comes back (SEC-3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password
from django.db import transaction

from lienthong.journal.record import Subject, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.accounts import faults_alone, faults_of_password
from lienthong.office.models import FormerPassword, Person, Role
from lienthong.office.people import access
from lienthong.office.people.actors import actor_of

HOLDS = timedelta(days=61)
"""Two months: an administrator then chooses another password (SEC-3)."""
KEPT = 10
"""Former passwords that are not chosen again, the present one among them (SEC-3)."""


def choose(person: Person, *, old: str, new: str, second_factor: bool, at: datetime) -> list[str]:
    """Set one's own password; gives the names of what is wrong with it (`look.accounts.FAULTS`), and then changes
    nothing (SEC-3).

    Args:
        second_factor: whether one is asked beside it.
    """
    if faults := faults_of_password(person.user, old=old, new=new, second_factor=second_factor):
        return faults
    if any(check_password(new, former.hash) for former in person.former_passwords.all()[:KEPT]):
        return ["used_before"]
    with transaction.atomic():
        put(person, new, due=False, at=at, short=bool(faults_alone(person.user, new)))
        subject = Subject("account", person.user.get_username()[:64])
        record(
            OfficeEvent.PERSON_PASSWORD_CHANGED, actor=actor_of(person), subject=subject, at=at, name=person.full_name
        )
    return []


def must_be_chosen(person: Person, at: datetime) -> bool:
    """Whether nothing else is open to the person before another password is chosen: the present one is for one use, or
    an administrator's and two months old (SEC-3)."""
    if person.password_due:
        return True
    set_at = person.password_set_at
    old = set_at is not None and at - set_at > HOLDS
    return old and Role.ADMINISTRATOR in access.roles(person)


def put(person: Person, password: str, *, due: bool, at: datetime, short: bool = False) -> None:
    """Set a password, in the caller's transaction; all sessions end that do not know it, and its hash is remembered.

    Args:
        due: it is for one use.
        short: it holds only beside a second factor.
    """
    _remember(person, at)  # the first one was set where the account was opened
    person.user.set_password(password)
    person.user.save(update_fields=["password"])
    Person.objects.filter(pk=person.pk).update(password_due=due, password_set_at=at, password_short=short)
    _remember(person, at)
    kept = person.former_passwords.values_list("pk", flat=True)[:KEPT]
    person.former_passwords.exclude(pk__in=list(kept)).delete()


def _remember(person: Person, at: datetime) -> None:
    if not person.former_passwords.filter(hash=person.user.password).exists():
        FormerPassword.objects.create(person=person, hash=person.user.password, kept_at=at)
