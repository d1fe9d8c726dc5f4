"""Several incoming documents in one act of a person: each is an act of its own; what stops one holds up no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog
from django.db import DatabaseError

from lienthong.office.errors import OfficeProblem
from lienthong.office.incoming import acts, direct, presenting, urging
from lienthong.office.incoming.act_errors import NoneChosen, NotSound
from lienthong.office.models import IncomingDocument, LegalValue, Person, Role
from lienthong.office.people.access import require
from lienthong.office.workflow.together import Clock, NotDone

MOST = 50
"""Documents in one act: as many as a page shows."""

log = structlog.get_logger("office.together")


@dataclass(frozen=True)
class Outcome:
    """What became of a document: done, where there is no problem."""

    document: IncomingDocument
    problem: OfficeProblem | None = None


def accept_each(chosen: Sequence[IncomingDocument], *, actor: Person, clock: Clock) -> list[Outcome]:
    """The clerk accepts each that passed every check, in the order of arrival; the others are looked at by themselves.

    Raises:
        Forbidden, NoneChosen: then nothing was done.
    """
    require(actor, Role.CLERK)
    in_order = sorted(chosen, key=lambda one: (one.arrived_at, one.pk))

    def accept(document: IncomingDocument) -> None:
        require_sound(document)
        acts.accept(document, actor=actor, at=clock())

    return _each(in_order, accept)


def pass_on_each(chosen: Sequence[IncomingDocument], *, actor: Person, clock: Clock) -> list[Outcome]:
    """The clerk passes each on to where it belongs: to the unit that the regulation names, else to the leaders.

    Raises:
        Forbidden, NoneChosen: then nothing was done.
    """
    require(actor, Role.CLERK)
    straight = direct.rules_of(chosen)

    def pass_on(document: IncomingDocument) -> None:
        if document.pk in straight:
            direct.hand_over(document, actor=actor, at=clock())
        else:
            presenting.present(document, actor=actor, at=clock())

    return _each(chosen, pass_on)


def urge_each(chosen: Sequence[IncomingDocument], *, text: str, actor: Person, clock: Clock) -> list[Outcome]:
    """A leader, or whom the head named, urges the work on each. Raises `Forbidden`, `NoneChosen`."""
    urging.require_may_urge(actor)
    return _each(chosen, lambda one: urging.urge(one, text=text, actor=actor, at=clock()))


def require_sound(document: IncomingDocument) -> None:
    """Every check passed and it is as good as paper. Raises `NotSound`."""
    fault = next((one for one in document.checks if one["result"] != "passed"), None)
    if fault is not None:
        raise NotSound(why=fault["vi"].rstrip("."), why_en=fault["en"].rstrip("."))
    if document.legal_value != LegalValue.EQUIVALENT:
        raise NotSound(why="chỉ để biết, tham khảo", why_en="it is for information")


def _each(chosen: Sequence[IncomingDocument], act: Callable[[IncomingDocument], object]) -> list[Outcome]:
    if not 1 <= len(chosen) <= MOST:
        raise NoneChosen(most=MOST)
    return [_outcome(one, act) for one in chosen]


def _outcome(document: IncomingDocument, act: Callable[[IncomingDocument], object]) -> Outcome:
    try:
        act(document)
        return Outcome(document)
    except OfficeProblem as problem:
        return Outcome(document, problem)
    except (DatabaseError, OSError) as reason:
        log.error("a document of several was not done", document=document.pk, exc_info=reason)
        with suppress(DatabaseError):
            document.refresh_from_db()
        return Outcome(document, NotDone())
