"""The people of the console: their accounts, roles and passwords. Accounts are made by command, never on a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction

from lienthong.hub.models import Agency, Operator
from lienthong.hub.refusals import RegistryRefused
from lienthong.hub.rows import can_hold
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.look.accounts import faults_of_password, one_time_password

Role = Operator.Role
COMMAND = Actor("service", "command", "Lệnh quản trị")


@dataclass(frozen=True)
class Officer:
    """Who sits before the console.

    Attributes:
        agency: of an agency officer, the top of the subtree; else empty.
    """

    account: str
    name: str
    role: Operator.Role
    agency: str = ""
    password_due: bool = False

    @property
    def actor(self) -> Actor:
        """As the journal names this person."""
        return Actor("person", self.account[:60], self.name, self.agency)

    @cached_property
    def scope(self) -> frozenset[str] | None:
        """The agencies whose affairs this person may see; None for all."""
        return subtree(self.agency) if self.agency else None

    def sees(self, *agencies: str) -> bool:
        """Whether one of these agencies is within the scope."""
        return self.scope is None or not self.scope.isdisjoint(agencies)


def subtree(code: str) -> frozenset[str]:
    """An agency, everything below it, and all that these follow: what merged into the subtree belongs to it."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBTREE, [code])
        return frozenset(row[0] for row in cursor.fetchall())


_SUBTREE = """
WITH RECURSIVE tree (code) AS (
    SELECT %s::varchar
    UNION
    SELECT below.code FROM tree CROSS JOIN LATERAL (
        SELECT code FROM hub_agency WHERE parent_id = tree.code
        UNION ALL SELECT code FROM hub_agency WHERE successor_id = tree.code
    ) below
)
SELECT code FROM tree
"""


def officer_of(user: AbstractBaseUser) -> Officer | None:
    """The person of an account; None where it is none of the console, or closed."""
    row = Operator.objects.select_related("user").filter(user_id=user.pk, closed_at__isnull=True).first()
    return _officer(row) if row else None


def _officer(row: Operator) -> Officer:
    return Officer(
        row.user.get_username(), row.name, Operator.Role(row.role), row.agency_id or "", row.password_due
    )  # fmt: skip


def add(
    account: str, *, name: str, role: Operator.Role, agency: str = "", password: str = "", at: datetime
) -> str:  # fmt: skip
    """Give a person an account; gives the password, to be told once and changed at the first sign-in.

    A known account gets its name, role and agency anew and keeps its password.

    Args:
        password: one that the caller has made and tells by itself; it need not be changed then.

    Raises:
        RegistryRefused: no such agency, an agency officer without one, another role with one, an odd account.
    """
    _require_fitting(account, name, role, agency)
    users = get_user_model().objects
    with transaction.atomic():
        facts = {"name": name.strip(), "role": role, "agency_id": agency or None}
        subject = Subject("operator", account)
        known = Operator.objects.select_for_update().filter(user__username=account).first()
        if known is not None:
            Operator.objects.filter(pk=known.pk).update(**facts)
            if password:
                _set_password(known, password, due=False)
            record(HubEvent.OPERATOR_CHANGED, actor=COMMAND, subject=subject, at=at, role=role.value, agency=agency)
            return ""
        fresh = password or one_time_password()
        user = users.create_user(account, password=fresh)
        Operator.objects.create(user=user, password_due=not password, added_at=at, **facts)
        record(HubEvent.OPERATOR_ADDED, actor=COMMAND, subject=subject, at=at, role=role.value, agency=agency)
    return fresh


def _require_fitting(account: str, name: str, role: Operator.Role, agency: str) -> None:
    plain = account and name.strip() and len(account) <= 60 and not account.isspace()
    if not plain or account != account.strip() or not can_hold(account + name):
        raise RegistryRefused("operator_incomplete")
    if (role is Operator.Role.AGENCY) != bool(agency):
        raise RegistryRefused("operator_agency")
    if agency and not Agency.objects.filter(code=agency).exists():
        raise RegistryRefused("unknown_code", code=agency)


def reset_password(account: str, *, at: datetime) -> str:
    """A password for one use: whoever signs in with it chooses another at once. Ends the person's sessions."""
    with transaction.atomic():
        operator = _known(account)
        fresh = one_time_password()
        _set_password(operator, fresh, due=True)
        record(HubEvent.PASSWORD_RESET, actor=COMMAND, subject=Subject("operator", account), at=at)
    return fresh


def close(account: str, *, at: datetime) -> None:
    """Close an account; its sessions end with their next request."""
    _turn(account, HubEvent.OPERATOR_CLOSED, closed_at=at, at=at)


def reopen(account: str, *, at: datetime) -> None:
    """Open a closed account again, with its old role and password."""
    _turn(account, HubEvent.OPERATOR_REOPENED, closed_at=None, at=at)


def _turn(account: str, event: HubEvent, *, closed_at: datetime | None, at: datetime) -> None:
    with transaction.atomic():
        operator = _known(account)
        if (operator.closed_at is None) == (closed_at is None):
            return
        Operator.objects.filter(pk=operator.pk).update(closed_at=closed_at)
        record(event, actor=COMMAND, subject=Subject("operator", account), at=at)


def choose_password(officer: Officer, *, old: str, new: str, at: datetime) -> list[str]:
    """Set one's own password; gives what is wrong with it, in the language of the page, and then changes nothing."""
    with transaction.atomic():
        operator = _known(officer.account)
        if faults := faults_of_password(operator.user, old=old, new=new):
            return faults
        _set_password(operator, new, due=False)
        record(
            HubEvent.PASSWORD_CHANGED, actor=officer.actor, subject=Subject("operator", officer.account), at=at
        )  # fmt: skip
    return []


def everyone() -> list[dict[str, object]]:
    """All accounts, the closed ones last."""
    rows = Operator.objects.select_related("user").order_by("closed_at", "user__username")
    return [
        {
            "account": row.user.get_username(),
            "name": row.name,
            "role": row.role,
            "agency": row.agency_id or "",
            "closed": row.closed_at is not None,
            "last_sign_in": row.user.last_login.isoformat() if row.user.last_login else None,
        }
        for row in rows
    ]


def _known(account: str) -> Operator:
    # With the user, whose password would else be read as it was before the wait.
    operator = Operator.objects.select_related("user").select_for_update(of=("self", "user"))
    found = operator.filter(user__username=account).first()
    if found is None:
        raise RegistryRefused("unknown_operator", account=account)
    return found


def _set_password(operator: Operator, password: str, *, due: bool) -> None:
    operator.user.set_password(password)
    operator.user.save(update_fields=["password"])
    Operator.objects.filter(pk=operator.pk).update(password_due=due)
