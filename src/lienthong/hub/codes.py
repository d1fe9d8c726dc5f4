"""Changes of codes: opened, renamed, moved, merged, split, closed; each with its date and decision (R-16.1-1).

A change is filed as planned. It comes into force at the beginning of its day in Vietnam, when the first process asks
for the directory or the worker makes its round: nobody restarts anything. Before that it can be undone. What is in
force stays: a mistake is mended by a further change under its own decision.

Nothing that was exchanged is rewritten. A merged agency's row names its successor; routing follows it, the system of
the successor acts for the old code, and what waits in the old inbox is in its inbox (`agencies.Directory`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from lienthong.hub.models import Agency, Alias, CodeChange, Delivery, FormerName, Seal
from lienthong.hub.refusals import RegistryRefused
from lienthong.journal.record import Actor, Subject, record_all
from lienthong.journal.vocabulary import HubEvent
from lienthong.standards.plaintext import plain_words
from lienthong.standards.statuses import OPEN_TRANSPORT
from lienthong.standards.times import VIETNAM

Kind, State, Units = CodeChange.Kind, CodeChange.State, CodeChange.Units
LONGEST_NAME = 200
"""Characters of an agency's name."""
PATIENCE_MS = 2000
ENDINGS = (Kind.MERGE, Kind.SPLIT, Kind.CLOSE)
REGISTRY = Actor("service", "registry", "Danh mục cơ quan")


@dataclass(frozen=True)
class Plan:
    """A change as its decision words it.

    Attributes:
        codes: the codes that change; for a merger all that are merged, the successor may be among them.
        into: the successors; for a split the first receives what still comes for the old code; for a move the one new
            parent, or nothing for the first level.
        name: for a renaming.
        units: what becomes of the units below a merged or split agency.
    """

    kind: CodeChange.Kind
    codes: tuple[str, ...]
    effective_on: date
    decision: str
    into: tuple[str, ...] = ()
    name: str = ""
    units: CodeChange.Units = Units.MOVE

    @property
    def ending(self) -> tuple[str, ...]:
        """The codes that end by it."""
        return tuple(code for code in self.codes if code not in self.into) if self.kind in ENDINGS else ()

    @property
    def effective_at(self) -> datetime:
        """The beginning of its day in Vietnam."""
        return datetime.combine(self.effective_on, time.min, VIETNAM)


@dataclass(frozen=True)
class Preview:
    """What a change would do, as of now.

    Attributes:
        forwarding: codes that forward to the successor.
        moved: units that get another parent.
        on_the_way: deliveries that wait at a code that ends.
        unconnected: successors that no system serves; their documents would go on paper.
    """

    forwarding: tuple[str, ...]
    moved: tuple[str, ...]
    on_the_way: int
    unconnected: tuple[str, ...]


def file(plan: Plan, *, by: Actor = REGISTRY, at: datetime) -> CodeChange:
    """Take a change into the book; one whose day has begun is in force at once.

    Raises:
        RegistryRefused: by name.
    """
    with transaction.atomic():
        one_at_a_time()
        _check(plan)
        change = CodeChange.objects.create(
            kind=plan.kind, codes=list(plan.codes), into=list(plan.into), name=plan.name, units=plan.units,
            effective_on=plan.effective_on, effective_at=plan.effective_at, decision=plan.decision,
            filed_at=at, filed_by=by.id,
        )  # fmt: skip
        _record(HubEvent.CODE_CHANGE_FILED, [change], by=by, at=at)
        enforce(at)
        change.refresh_from_db()
    return change


def preview(plan: Plan) -> Preview:
    """What a change would do if it came into force now. Raises `RegistryRefused` as `file` would."""
    _check(plan)
    below = _below(plan.ending) if plan.kind is not Kind.CLOSE else []
    successors = plan.into[:1] if plan.ending else ()
    forwards = [*plan.ending, *(below if plan.units is Units.FORWARD else ())] if successors else []
    moved: Iterable[str] = ()
    if plan.kind is Kind.MOVE:
        moved = plan.codes
    elif successors and plan.units is Units.MOVE:
        moved = _children(plan.ending)
    affected = {*plan.ending, *forwards}
    waiting = Delivery.objects.filter(agency__in=affected, state__in=[state.value for state in OPEN_TRANSPORT])
    unconnected = Agency.objects.filter(code__in=plan.into, system=None).values_list("code", flat=True)
    return Preview(
        tuple(sorted(forwards)),
        tuple(sorted(moved)),
        waiting.count(),
        tuple(sorted(unconnected)) if plan.kind in ENDINGS else (),
    )


def undo(number: int, *, by: Actor = REGISTRY, at: datetime) -> CodeChange:
    """Strike out a change before its day. Raises `RegistryRefused`: it is in force, undone, or needed by another."""
    with transaction.atomic():
        one_at_a_time()
        enforce(at)
        change = CodeChange.objects.filter(pk=number, state=State.PLANNED).first()
        if change is None:
            raise RegistryRefused("not_planned", change=number)
        if change.kind == Kind.OPEN:
            for other in _planned().exclude(pk=number):
                if set(change.codes) & {*other.codes, *other.into}:
                    raise RegistryRefused("birth_awaited", code=change.codes[0], change=other.pk)
        change.state, change.settled_at = State.UNDONE, at
        change.save(update_fields=["state", "settled_at"])
        for closing in _planned().filter(kind=Kind.CLOSE):
            _require_units_closed(closing, set(change.codes))
        _record(HubEvent.CODE_CHANGE_UNDONE, [change], by=by, at=at)
    return change


def next_moment() -> datetime | None:
    """When the next planned change comes into force."""
    first: CodeChange | None = _planned().first()
    return first.effective_at if first else None


def enforce(at: datetime) -> int:
    """Bring into force every change whose day has begun, all or none, in the order of their days; gives how many."""
    with transaction.atomic():
        one_at_a_time()
        due = list(_planned().filter(effective_at__lte=at))
        for (kind, _, _), alike in groupby(due, key=lambda change: (change.kind, change.units, change.effective_at)):
            _ACTS[Kind(kind)](list(alike))
        CodeChange.objects.filter(pk__in=[change.pk for change in due]).update(state=State.IN_FORCE, settled_at=at)
        if due:
            _record(HubEvent.CODE_CHANGE_IN_FORCE, due, by=REGISTRY, at=at)
    return len(due)


def enforce_due(at: datetime) -> None:
    """As `enforce`, at the price of one look where nothing is due; waits a moment only for another who is at it."""
    moment = next_moment()
    if moment is None or moment > at:
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {PATIENCE_MS}")
        enforce(at)


def search_key(name: str, spellings: Iterable[str]) -> str:
    """Name and spellings as they are searched: plain, with a space before each word."""
    return "".join(f" {word}" for word in [*plain_words(name), *sorted(spelling.lower() for spelling in spellings)])


# -- what changes do: those of one kind and moment that follow each other, together -----------------------------------


def _open(changes: Sequence[CodeChange]) -> None:
    Agency.objects.filter(code__in=[code for change in changes for code in change.codes]).update(open=True)


def _rename(changes: Sequence[CodeChange]) -> None:
    names = {code: change.name for change in changes for code in change.codes}
    decisions = {code: change.decision for change in changes for code in change.codes}
    renamed = list(Agency.objects.filter(code__in=names).prefetch_related("aliases"))
    FormerName.objects.bulk_create(
        FormerName(agency=agency, name=agency.name, until=changes[0].effective_at, decision=decisions[agency.code])
        for agency in renamed
        if agency.name != names[agency.code]
    )
    for agency in renamed:
        agency.name = names[agency.code]
        spellings = [agency.code, *(alias.spelling for alias in agency.aliases.all())]
        agency.search_key = search_key(agency.name, spellings)
    Agency.objects.bulk_update(renamed, ["name", "search_key"], batch_size=1000)


def _move(changes: Sequence[CodeChange]) -> None:
    for change in changes:
        Agency.objects.filter(code__in=change.codes).update(parent=change.into[0] if change.into else None)


def _merge(changes: Sequence[CodeChange]) -> None:
    """The old codes forward to the successor; with their units, or these hang below it from now on."""
    heirs = {code: change.into[0] for change in changes for code in change.codes if code not in change.into}
    if changes[0].units == Units.FORWARD:
        for change in changes:
            below = _below([code for code in change.codes if code not in change.into])
            heirs |= {code: change.into[0] for code in below if code != change.into[0]}
    _follow(heirs, changes[0].effective_at)


def _split(changes: Sequence[CodeChange]) -> None:
    """The old code refuses, for nobody can tell which part was meant; what was begun goes to the first successor."""
    heirs = {code: change.into[0] for change in changes for code in change.codes if code not in change.into}
    _follow(heirs, changes[0].effective_at)
    Agency.objects.filter(code__in=heirs).update(open=False)


def _close(changes: Sequence[CodeChange]) -> None:
    """The code refuses; its system finishes what waits."""
    ending = [code for change in changes for code in change.codes]
    _seals_end(ending, changes[0].effective_at)
    Agency.objects.filter(code__in=ending).update(open=False, ended_at=changes[0].effective_at)


_ACTS: dict[CodeChange.Kind, Callable[[Sequence[CodeChange]], None]] = {
    Kind.OPEN: _open,
    Kind.RENAME: _rename,
    Kind.MOVE: _move,
    Kind.MERGE: _merge,
    Kind.SPLIT: _split,
    Kind.CLOSE: _close,
}


def _follow(heirs: Mapping[str, str], at: datetime) -> None:
    """Let agencies end and their heirs follow them, thousands in a few statements."""
    _seals_end(list(heirs), at)
    values: dict[str, Any] = {"codes": list(heirs), "heirs": list(heirs.values()), "at": at}
    with connection.cursor() as cursor:
        cursor.execute(_END, values)
        while True:  # a ladder of mergers on one day is climbed rung by rung
            cursor.execute(_HEIR_TAKES_ITS_PARENTS_PLACE, values)
            moved = cursor.rowcount
            cursor.execute(_UNITS_GO_TO_THE_HEIR, values)
            if not moved + cursor.rowcount:
                return


_END = """
UPDATE hub_agency a SET successor_id = m.heir, ended_at = %(at)s
FROM unnest(%(codes)s::text[], %(heirs)s::text[]) AS m (code, heir) WHERE a.code = m.code
"""
_HEIR_TAKES_ITS_PARENTS_PLACE = """
UPDATE hub_agency h SET parent_id = p.parent_id
FROM unnest(%(codes)s::text[], %(heirs)s::text[]) AS m (code, heir) JOIN hub_agency p ON p.code = m.code
WHERE h.code = m.heir AND h.parent_id = m.code
"""
_UNITS_GO_TO_THE_HEIR = """
UPDATE hub_agency a SET parent_id = m.heir
FROM unnest(%(codes)s::text[], %(heirs)s::text[]) AS m (code, heir)
WHERE a.parent_id = m.code AND a.ended_at IS NULL AND a.code <> m.heir
"""


def _seals_end(codes: Sequence[str], at: datetime) -> None:
    """An agency that has ended seals nothing more; what it sealed before stays proven."""
    Seal.objects.filter(agency__in=codes, valid_to=None, valid_from__lt=at).update(valid_to=at)


# -- what a change needs ---------------------------------------------------------------------------------------------


def _check(plan: Plan) -> None:
    if not plan.decision.strip():
        raise RegistryRefused("decision_missing")
    if plan.kind is Kind.RENAME and not 0 < len(plan.name.strip()) <= LONGEST_NAME:
        raise RegistryRefused("name_missing")
    concerned = {*plan.codes, *plan.into}
    rows = {row.code: row for row in Agency.objects.filter(code__in=concerned)}
    for code in sorted(concerned - set(rows)):
        raise RegistryRefused("unknown_code", code=code)
    for code in plan.codes:
        if rows[code].ended_at:
            raise RegistryRefused("ended", code=code)
    if plan.kind in ENDINGS or plan.kind is Kind.MOVE:
        _check_codes_and_successors(plan, rows)


def _check_codes_and_successors(plan: Plan, rows: dict[str, Agency]) -> None:
    planned = list(_planned())
    changing = plan.ending or (plan.kind is Kind.SPLIT and set(plan.into) - set(plan.codes))
    needs_successor = plan.kind in (Kind.MERGE, Kind.SPLIT)
    if not plan.codes or (needs_successor and not plan.into) or (plan.kind in ENDINGS and not changing):
        raise RegistryRefused("nothing_changes")
    for code in plan.ending:
        for change in planned:
            if change.kind in ENDINGS and code in change.codes and code not in change.into:
                raise RegistryRefused("ending_planned", code=code, on=change.effective_on, change=change.pk)
            if code in change.into and change.effective_at > plan.effective_at:
                raise RegistryRefused("target_awaited", code=code, change=change.pk)
    for code in plan.into:
        if not _open_on(rows[code], plan, planned):
            raise RegistryRefused("target_not_open", code=code, on=plan.effective_on)
    if plan.kind is Kind.MOVE and plan.into:
        for code in plan.codes:
            _may_hang_below(plan.into[0], code, plan.effective_at, planned)
    if plan.kind is Kind.CLOSE:
        _require_units_closed(plan)


def _open_on(agency: Agency, plan: Plan, planned: list[CodeChange]) -> bool:
    """Whether an agency takes part on the day of a plan."""
    open_then = agency.open
    for change in planned:
        if change.effective_at <= plan.effective_at and agency.code in change.codes:
            if change.kind == Kind.OPEN:
                open_then = True
            elif change.kind in ENDINGS and agency.code not in change.into:
                return False
    return open_then and agency.ended_at is None


def _may_hang_below(parent: str, code: str, at: datetime, planned: Iterable[CodeChange]) -> None:
    """Raises `RegistryRefused`: the parent is to be closed, or is below the agency, on this day or on a later one."""
    moves: list[tuple[datetime, Sequence[str], Sequence[str]]] = []
    for change in planned:
        if change.kind == Kind.CLOSE and parent in change.codes and code not in change.codes:
            raise RegistryRefused("ending_planned", code=parent, on=change.effective_on, change=change.pk)
        if change.kind == Kind.MOVE:
            moves.append((change.effective_at, change.codes, change.into))
    moves.append((at, [code], [parent]))
    parents: dict[str, str | None] = {}
    for moment, alike in groupby(sorted(moves, key=lambda one: one[0]), key=lambda one: one[0]):
        for _, moved, into in alike:
            parents |= dict.fromkeys(moved, next(iter(into), None))
        if moment >= at and code in _above(code, parents):
            raise RegistryRefused("parent_below", code=code, parent=parent)


def _above(code: str, parents: Mapping[str, str | None]) -> list[str]:
    """Everyone above, where some have other parents than now; with the code itself where it is below itself."""

    def parent_of(one: str) -> str | None:
        if one in parents:
            return parents[one]
        return Agency.objects.filter(code=one).values_list("parent", flat=True).first()

    found: list[str] = []
    above = parent_of(code)
    while above is not None and above not in found:
        found.append(above)
        above = parent_of(above)
    return found


def _require_units_closed(plan: Plan | CodeChange, concerned: set[str] | None = None) -> None:
    """A closed agency leaves no unit that hangs from it, as far as is planned by that day.

    Args:
        concerned: looks only at these units; None for all.
    """
    leaving = set(plan.codes)
    for change in _planned().filter(effective_at__lte=plan.effective_at, kind__in=[*ENDINGS, Kind.MOVE]):
        leaving |= set(change.codes)
    for code in plan.codes:
        units = sorted(set(_children([code])) - leaving)
        units = units if concerned is None else [unit for unit in units if unit in concerned]
        if units:
            raise RegistryRefused("units_open", code=code, count=len(units), example=units[0])


def _planned() -> QuerySet[CodeChange]:
    return CodeChange.objects.filter(state=State.PLANNED).order_by("effective_at", "id")


def _children(codes: Iterable[str]) -> list[str]:
    found = Agency.objects.filter(parent__in=list(codes), ended_at=None).exclude(code__in=list(codes))
    return list(found.values_list("code", flat=True))


def _below(codes: Iterable[str]) -> list[str]:
    """Everyone below, at any depth, who has not ended."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [list(codes)])
        return [row[0] for row in cursor.fetchall()]


_BELOW = """
WITH RECURSIVE below AS (
    SELECT code FROM hub_agency WHERE parent_id = ANY(%s) AND ended_at IS NULL
    UNION SELECT a.code FROM hub_agency a JOIN below ON a.parent_id = below.code WHERE a.ended_at IS NULL
)
SELECT code FROM below
"""


def one_at_a_time() -> None:
    """Changes are decided one after the other: each sees those before it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('code changes', 16))")


def _record(event: HubEvent, changes: Sequence[CodeChange], *, by: Actor, at: datetime) -> None:
    record_all(
        [
            (
                event, Subject("code_change", str(change.pk)),
                {
                    "kind": change.kind, "codes": change.codes, "into": change.into,
                    "on": change.effective_on.isoformat(), "decision": change.decision,
                },
            )
            for change in changes
        ],
        actor=by, at=at,
    )  # fmt: skip


# -- a code that will be -----------------------------------------------------------------------------------------------


def may_be_above(parent: str, code: str, at: datetime) -> None:
    """Raises `RegistryRefused`: the parent is unknown, has ended or is to be closed, or is below the agency, now or as
    it is planned."""
    above = Agency.objects.filter(code=parent).first()
    if above is None:
        raise RegistryRefused("unknown_code", code=parent)
    if above.ended_at is not None:
        raise RegistryRefused("ended", code=parent)
    if not Agency.objects.filter(code=code, parent=parent).exists():
        _may_hang_below(parent, code, at, _planned())


def never_used(code: str) -> None:
    """Raises `RegistryRefused`: the code belonged to an agency that has ended, or is another one's spelling."""
    alias = Alias.objects.filter(spelling=code).exclude(agency_id=code).first()
    if alias is not None:
        raise RegistryRefused("code_used", code=code, owner=alias.agency_id)
    if Agency.objects.filter(code=code, ended_at__isnull=False).exists():
        raise RegistryRefused("code_used", code=code, owner=code)
