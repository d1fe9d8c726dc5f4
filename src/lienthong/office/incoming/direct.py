"""Chuyển thẳng: where the agency's regulation says who works on a document, the clerk hands it over without waiting for
an instruction (Decree 30/2020, Article 23.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from lienthong.journal.record import Subject
from lienthong.journal.record import record as into_journal
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import IllegalMove, Missing
from lienthong.office.incoming import acts, presenting
from lienthong.office.incoming.act_errors import NoDirectRule
from lienthong.office.models import (
    Assignment,
    DirectRule,
    IncomingDocument,
    IncomingState,
    Instruction,
    Organization,
    Person,
    Role,
    Unit,
)
from lienthong.office.packets import queue_status, release_status
from lienthong.office.people.access import require
from lienthong.office.people.actors import actor_of, record
from lienthong.office.people.calendar import calendar_of
from lienthong.office.people.notices import notify_heads, notify_role
from lienthong.office.workflow import incoming as workflow
from lienthong.standards.plaintext import plain
from lienthong.standards.statuses import StatusCode, Words
from lienthong.standards.workdays import end_of

KEEPERS = (Role.LEADER, Role.ADMINISTRATOR)
"""Who keeps the rules: the head decides the regulation; the administrator enters it."""
MOST_DAYS = 250


@dataclass(frozen=True)
class Entry:
    """A rule as it is typed; see `DirectRule`."""

    unit: Unit | None
    clause: str
    sender: str = ""
    type_name: str = ""
    keyword: str = ""
    days: int | None = None


def register(entry: Entry, *, actor: Person, at: datetime) -> DirectRule:
    """Record a rule; it holds of what is handed over from now on.

    Raises:
        Forbidden; Missing: the unit, the clause, of what it is, or days that make sense.
    """
    require(actor, *KEEPERS)
    said = {name: " ".join(getattr(entry, name).split()) for name in ("sender", "type_name", "keyword", "clause")}
    if entry.unit is None or entry.unit.organization_id != actor.organization_id:
        raise Missing(what="đơn vị xử lý", what_en="the unit that works on them")
    if not said["clause"]:
        raise Missing(what="điều khoản của quy chế", what_en="the clause of the regulation")
    if not (said["sender"] or said["type_name"] or said["keyword"]):
        raise Missing(
            what="nơi gửi, loại văn bản hoặc từ trong trích yếu", what_en="a sender, a type or words of the summary"
        )
    if entry.days is not None and not 1 <= entry.days <= MOST_DAYS:
        raise Missing(what=f"số ngày làm việc (1 đến {MOST_DAYS})", what_en=f"working days (1 to {MOST_DAYS})")
    with transaction.atomic():
        made = DirectRule.objects.create(
            organization=actor.organization, unit=entry.unit, days=entry.days, recorded_at=at, recorded_by=actor,
            sender=said["sender"][:200], type_name=said["type_name"][:100], keyword=said["keyword"][:100],
            clause=said["clause"][:100],
        )  # fmt: skip
        _note(OfficeEvent.DIRECT_RULE_RECORDED, made, actor, at, clause=made.clause, unit=entry.unit.abbreviation)
    return made


def end(rule: DirectRule, *, actor: Person, at: datetime) -> None:
    """From now on these documents wait for an instruction. Raises `Forbidden`, `IllegalMove`."""
    require(actor, *KEEPERS)
    with transaction.atomic():
        if not DirectRule.objects.filter(pk=rule.pk, ended_at=None).update(ended_at=at, ended_by=actor):
            raise IllegalMove(state="đã thôi áp dụng")
        _note(OfficeEvent.DIRECT_RULE_ENDED, rule, actor, at)


def of_agency(organization: Organization) -> QuerySet[DirectRule]:
    """All of them, those that hold first."""
    rows = organization.direct_rules.select_related("unit", "recorded_by")
    return rows.order_by(F("ended_at").desc(nulls_first=True), "-id")


def rule_for(document: IncomingDocument) -> DirectRule | None:
    """The rule that says to whom a document can be handed over, if there is one (`rules_of`)."""
    return rules_of([document]).get(document.pk)


def rules_of(documents: Sequence[IncomingDocument]) -> dict[int, DirectRule]:
    """For each of an agency's documents that can be handed over, by its key, the rule that says to whom: of those that
    fit, the last one recorded. Nobody has said yet who works on it: what a unit handed back is the leader's to assign.
    Two questions, however many the documents are."""
    waiting = [one for one in documents if one.state == IncomingState.ACCEPTED]
    if not waiting:
        return {}
    said = set(Instruction.objects.filter(document__in=waiting).values_list("document", flat=True))
    held = DirectRule.objects.filter(organization_id=waiting[0].organization_id, ended_at=None)
    rules = list(held.select_related("unit").order_by("-id"))
    fitting = ((one.pk, next((rule for rule in rules if _fits(rule, one)), None)) for one in waiting)
    return {pk: rule for pk, rule in fitting if rule is not None and pk not in said}


def due_at(rule: DirectRule, document: IncomingDocument, at: datetime) -> datetime | None:
    """Until when the unit has it: the rule's working days, and never beyond the day that the sender asked for."""
    ends = [document.due_on] if document.due_on and document.due_on > timezone.localdate(at) else []
    if rule.days is not None:
        ends.append(calendar_of(document.organization).after(timezone.localdate(at), rule.days))
    return end_of(min(ends)) if ends else None


def hand_over(document: IncomingDocument, *, actor: Person, at: datetime) -> Assignment:
    """Hand it to the unit that the regulation names: the sender is told (03, 04), and so are unit and leaders.

    Raises:
        Forbidden: not the clerk; NoDirectRule: no rule says whose it is, or somebody did already; Frozen, IllegalMove.
    """
    require(actor, Role.CLERK)
    with transaction.atomic():
        workflow.hold(document)
        acts.require_unfrozen(document)
        rule = rule_for(document)
        if rule is None:
            raise NoDirectRule()
        workflow.hand_straight(document)
        presenting.note_presented(document, at=at)
        release_status(document, at=at)
        said = Instruction.objects.create(
            document=document, person=actor, at=at, text=f"Chuyển theo quy chế: {rule.clause}"
        )  # fmt: skip
        made = Assignment.objects.create(
            instruction=said, document=document, kind=Assignment.Kind.LEAD, unit=rule.unit,
            due_at=due_at(rule, document, at),
        )  # fmt: skip
        record(
            OfficeEvent.INCOMING_HANDED_STRAIGHT, actor, document, at, unit=rule.unit.abbreviation, clause=rule.clause,
            rule=rule.pk,
        )  # fmt: skip
        queue_status(document, StatusCode.ASSIGNED, description="Đã chuyển xử lý", staff=actor, at=at)
        number, unit = document.printed_number, rule.unit.name
        notify_heads(document, rule.unit, Words(f"Được giao {number}", f"Assigned: {number}"), at=at)
        straight = Words(f"Đã chuyển thẳng {number} cho {unit}", f"{number} went straight to {unit}")
        notify_role(document, Role.LEADER, straight, at=at, urgent=False)
    return made


def _fits(rule: DirectRule, document: IncomingDocument) -> bool:
    sender, kind, words = plain(rule.sender), plain(rule.type_name), plain(rule.keyword)
    from_there = not sender or plain(document.sender_name).startswith(sender) or document.sender_code == rule.sender
    return from_there and (not kind or plain(document.type_name) == kind) and words in plain(document.subject)


def _note(event: OfficeEvent, rule: DirectRule, actor: Person, at: datetime, **data: object) -> None:
    into_journal(event, actor=actor_of(actor), subject=Subject("direct_rule", str(rule.pk)), at=at, **data)
