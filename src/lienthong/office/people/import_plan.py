"""What a table of units and people would change: held against what is there, line by line, before anything is done.

The staff code is the key: who has it already is not doubled, and a role that is held already is not given again.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth import get_user_model

from lienthong.office.models import Organization, Person, Post, Role, Unit
from lienthong.office.people.tables import PersonLine, Refused, Table, UnitLine

LOGIN_LENGTH = 56
"""Characters of an account that is made from a name; a number may follow."""


@dataclass
class Newcomer:
    """Who gets an account."""

    staff_code: str
    name: str
    login: str


@dataclass(frozen=True)
class NewPost:
    """A role to be given, from a day that is today or later."""

    staff_code: str
    unit: str
    role: Role
    position: str
    competence: str
    since: date
    until: date | None


@dataclass
class Plan:
    """What would be done.

    Attributes:
        units: new units and those that get another name or place, those above first.
        newcomers: by their staff codes. `known`: who is there already, by theirs.
        adopted: accounts that are there and get their staff code: person → code.
        unchanged: lines that say what is so.
    """

    units: list[UnitLine] = field(default_factory=list)
    new_units: int = 0
    newcomers: dict[str, Newcomer] = field(default_factory=dict)
    known: dict[str, Person] = field(default_factory=dict)
    adopted: dict[int, str] = field(default_factory=dict)
    posts: list[NewPost] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    unchanged: int = 0

    @property
    def changes(self) -> int:
        """How much would change."""
        return len(self.units) + len(self.newcomers) + len(self.adopted) + len(self.posts)

    def mark(self, table: Table) -> str:
        """A sign of the table and of what it would do: when either is another, so is the sign."""
        told = repr(
            (
                table.digest,
                self.units,
                sorted(map(repr, self.newcomers.values())),
                sorted(self.adopted.items()),
                self.posts,
            )
        )
        return hashlib.sha256(told.encode()).hexdigest()[:32]


def of(table: Table, organization: Organization, *, actor: Person | None, today: date) -> Plan:
    """What a table would change of an agency; `actor` takes in nothing of their own."""
    return _Planner(organization, actor, today).plan(table)


class _Planner:
    def __init__(self, organization: Organization, actor: Person | None, today: date) -> None:
        self.actor, self.today, self.made = actor, today, Plan()
        self.units = {unit.abbreviation: unit for unit in organization.units.select_related("parent")}
        self.people = list(Person.objects.filter(organization=organization).select_related("user", "organization"))
        self.by_code = {one.staff_code: one for one in self.people if one.staff_code}
        self.by_login = {one.user.get_username(): one for one in self.people}
        self.logins: set[str] = set()
        self.held: dict[int, list[Post]] = {}
        for post in Post.objects.filter(person__organization=organization).select_related("unit"):
            if post.valid_to is None or post.valid_to >= max(today, post.valid_from):
                self.held.setdefault(post.person_id, []).append(post)

    def plan(self, table: Table) -> Plan:
        """All of it, in the order of the lines."""
        self.made.refused += table.refused
        self._plan_units(table.units)
        self._plan_people(table.people)
        self.made.refused.sort(key=lambda one: one.number)
        return self.made

    # -- units -------------------------------------------------------------------------------------------------------

    def _plan_units(self, lines: Iterable[UnitLine]) -> None:
        named: dict[str, UnitLine] = {}
        for line in lines:
            if line.abbreviation in named:
                self._refuse(line.number, line.abbreviation, "twice")
            else:
                named[line.abbreviation] = line
        above = {short: unit.parent.abbreviation if unit.parent else "" for short, unit in self.units.items()}
        above |= {short: line.parent for short, line in named.items()}
        ordered = [short for short in _from_the_top(above) if short in named]
        for short in named.keys() - set(ordered):
            self._refuse(named[short].number, short, "unit_parent")
        self.sound_units = set(self.units) | set(ordered)
        for short in ordered:
            line, known = named[short], self.units.get(short)
            if known is not None and (known.name, _above(known)) == (line.name, line.parent):
                self.made.unchanged += 1
            else:
                self.made.units.append(line)
                self.made.new_units += known is None

    # -- people ------------------------------------------------------------------------------------------------------

    def _plan_people(self, lines: Iterable[PersonLine]) -> None:
        lines = list(lines)
        wanted = {line.login for line in lines if line.login}
        self.used = self._used(lines, wanted)
        self.taken = self.used | wanted
        seen: set[tuple[str, str, Role]] = set()
        roles: dict[str, set[Role]] = {}
        for line in lines:
            reason = "twice" if (line.staff_code, line.unit, line.role) in seen else self._fault(line, roles)
            if reason:
                self._refuse(line.number, line.staff_code, reason)
                continue
            seen.add((line.staff_code, line.unit, line.role))
            roles.setdefault(line.staff_code, set()).add(line.role)
            self._take(line)

    def _used(self, lines: Iterable[PersonLine], wanted: set[str]) -> set[str]:
        """Accounts that are given already, of those that the table may ask for or make: of all agencies, as a name to
        sign in with is one person's in the whole installation."""
        bases = {_base(line.name) for line in lines if not line.login}
        users = get_user_model().objects
        taken = set(users.filter(username__in=wanted).values_list("username", flat=True))
        if bases:  # made from names: whatever begins so may be in the way
            all_names = users.values_list("username", flat=True).iterator(5000)
            taken |= {name for name in all_names if name.rstrip("0123456789") in bases or name in bases}
        return taken

    def _fault(self, line: PersonLine, roles: dict[str, set[Role]]) -> str:
        person, planned = self._whose(line), self.made.newcomers.get(line.staff_code)
        if line.unit not in self.sound_units:
            return "unit"
        if self.actor is not None and person is not None and person.pk == self.actor.pk:
            return "own"
        if fault := self._identity_fault(line, person, planned):
            return fault
        held = {Role(post.role) for post in self.held.get(person.pk, ())} if person else set()
        together = held | roles.get(line.staff_code, set()) | {line.role}
        if Role.ADMINISTRATOR in together and len(together) > 1:
            return "apart"
        if not self._is_held(person, line) and line.since is not None and line.since < self.today:
            return "day"
        since = line.since or self.today
        return "day" if line.until is not None and line.until < since else ""

    def _identity_fault(self, line: PersonLine, person: Person | None, planned: Newcomer | None) -> str:
        if person is not None:
            if person.full_name != line.name:
                return "names_differ"
            return "login_kept" if line.login and line.login != person.user.get_username() else ""
        if planned is not None:
            return "names_differ" if planned.name != line.name or line.login not in ("", planned.login) else ""
        return "login_taken" if line.login and (line.login in self.used or line.login in self.logins) else ""

    def _whose(self, line: PersonLine) -> Person | None:
        """Who has the staff code; or whose account it is that has none yet."""
        found = self.by_code.get(line.staff_code)
        if found is None and (one := self.by_login.get(line.login)) is not None and not one.staff_code:
            return one
        return found

    def _is_held(self, person: Person | None, line: PersonLine) -> bool:
        held = self.held.get(person.pk, ()) if person else ()
        return any(post.unit.abbreviation == line.unit and post.role == line.role for post in held)

    def _take(self, line: PersonLine) -> None:
        person = self._whose(line)
        if person is None:
            if line.staff_code not in self.made.newcomers:
                login = line.login or self._login_for(line.name)
                self.logins.add(login)
                self.made.newcomers[line.staff_code] = Newcomer(line.staff_code, line.name, login)
        else:
            self.made.known[line.staff_code] = person
            if not person.staff_code:
                self.made.adopted[person.pk] = line.staff_code
            if self._is_held(person, line):
                self.made.unchanged += 1
                return
        self.made.posts.append(
            NewPost(
                line.staff_code, line.unit, line.role, line.position, line.competence, line.since or self.today,
                line.until,
            )
        )  # fmt: skip

    def _login_for(self, name: str) -> str:
        base = _base(name)
        login, number = base, 1
        while login in self.taken or len(login) < 3:
            number += 1
            login = f"{base}{number}"
        self.taken.add(login)
        return login

    def _refuse(self, number: int, what: str, reason: str) -> None:
        self.made.refused.append(Refused(number, what, reason))


def _base(name: str) -> str:
    """A name as an account: nguyen.van.an."""
    bare = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    words = ("".join(letter for letter in word if letter.isascii() and letter.isalnum()) for word in bare.split())
    return ".".join(word for word in words if word)[:LOGIN_LENGTH].strip(".") or "can.bo"


def _above(unit: Unit) -> str:
    return unit.parent.abbreviation if unit.parent else ""


def _from_the_top(above: dict[str, str]) -> Iterator[str]:
    """Units whose way upwards ends at the agency, those above first; neither a ring nor one below nothing known."""
    placed: set[str] = set()
    waiting = dict(above)
    while True:
        ready = [short for short, parent in waiting.items() if not parent or parent in placed]
        if not ready:
            return
        for short in ready:
            waiting.pop(short)
            placed.add(short)
            yield short
