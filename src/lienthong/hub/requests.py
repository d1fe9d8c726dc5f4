"""What systems ask of the registry: to register, change or close agencies of their own subtree (R-19.1c-1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from lienthong.hub import agencies, codes, policy
from lienthong.hub.agencies import Directory, Member, directory
from lienthong.hub.models import Agency, ChangeRequest, CodeChange
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol.problems import BadRequest, ClosedAgency, NotYourSubtree
from lienthong.standards.identifiers import AgencyCode, InvalidCode
from lienthong.standards.times import VIETNAM

LONGEST_NAME = 200
CONTACTS = {"mail": 100, "mobile": 20, "fax": 20}
"""What else is said of an agency, and its most characters (the field's limits, `wire.md` 1.1)."""
HIGHEST_TREE = 32
"""Levels walked upwards at most: a longer way is a slip of the registry."""


def ask_to_register(member: Member, wish: Mapping[str, Any], *, at: datetime) -> ChangeRequest:
    """File a wish to register an agency, or to give a known one another name or place.

    Args:
        wish: `code`, `name`, `pcode` (code of the one above), and perhaps `mail`, `mobile`, `fax`.

    Raises:
        BadRequest: something is missing or out of its form.
        NotYourSubtree: the agency, or the one above it, is neither of the system's own nor below one.
        ClosedAgency: the code has ended.
    """
    copy = directory()
    code, name = _code(wish, "code"), _text(wish, "name", LONGEST_NAME)
    if not name:
        raise BadRequest(reason="thiếu name, tên cơ quan")
    known = copy.find(code)
    if known and not known.open:
        raise ClosedAgency(agency=code)
    if known:
        _require_in_subtree(known.code, member, copy)
    above = _code(wish, "pcode") if wish.get("pcode") or known is None else known.parent or ""
    parent = copy.find(above) if above else None
    if above and not (known and parent and known.parent == parent.code):
        _require_in_subtree(parent.code if parent else above, member, copy)
    if parent and known and known.code in (parent.code, *_above(parent.code, copy)):
        raise BadRequest(reason="pcode là chính cơ quan hoặc đơn vị trực thuộc của nó")
    asked = {"act": "register", "name": name, "parent": parent.code if parent else None}
    contacts = {field: _text(wish, field, longest) for field, longest in CONTACTS.items()}
    return _file(member, known.code if known else code, {**asked, **contacts}, copy, at)


def ask_to_close(member: Member, written: str, *, at: datetime) -> ChangeRequest:
    """File a wish to close an agency. Raises `BadRequest`, `NotYourSubtree`; one closed already stays closed."""
    copy = directory()
    known = copy.find(written)
    if known is None:
        raise NotYourSubtree(agency=written[:60], system=member.code)
    _require_in_subtree(known.code, member, copy)
    return _file(member, known.code, {"act": "close"}, copy, at)


def approve(number: int, *, by: Actor, at: datetime) -> ChangeRequest:
    """Apply a filed wish. Raises `ValueError` when there is none of this number that waits, or it cannot be done."""
    with transaction.atomic():
        asked = _waiting(number)
        _apply(asked, by, at)
    agencies.forget_copy()
    return asked


def refuse(number: int, *, by: Actor, reason: str, at: datetime) -> ChangeRequest:
    """Refuse a filed wish. Raises `ValueError` when there is none of this number that waits."""
    with transaction.atomic():
        asked = _waiting(number)
        _decide(asked, "refused", HubEvent.AGENCY_CHANGE_REFUSED, by, at, reason)
    return asked


def mail_addresses() -> dict[str, str]:
    """The address of each agency that was registered with one, by its code."""
    applied = ChangeRequest.objects.filter(state="applied", wish__act="register").order_by("decided_at", "id")
    return dict(applied.exclude(wish__mail="").values_list("code", "wish__mail"))


# -- who may ask for what --------------------------------------------------------------------------------------------


def _require_in_subtree(code: str, member: Member, copy: Directory) -> None:
    if code not in member.agencies and not _is_below(code, member, copy):
        raise NotYourSubtree(agency=code, system=member.code)


def _is_below(code: str, member: Member, copy: Directory) -> bool:
    return any(above in member.agencies for above in _above(code, copy))


def _above(code: str, copy: Directory) -> Iterator[str]:
    for _ in range(HIGHEST_TREE):
        agency = copy.agencies.get(code)
        if agency is None or agency.parent is None:
            return
        code = agency.parent
        yield code


def _code(wish: Mapping[str, Any], field: str) -> str:
    try:
        return AgencyCode.parse(str(wish.get(field) or "")).text
    except InvalidCode as reason:
        raise BadRequest(reason=f"{field} phải là mã định danh cơ quan, tối đa 35 ký tự") from reason


def _text(wish: Mapping[str, Any], field: str, longest: int) -> str:
    text = str(wish.get(field) or "").strip()
    if len(text) > longest or "\x00" in text:
        raise BadRequest(reason=f"{field} dài quá {longest} ký tự hoặc có ký tự lạ")
    return text


# -- what becomes of it ----------------------------------------------------------------------------------------------


def _file(member: Member, code: str, wish: dict[str, Any], copy: Directory, at: datetime) -> ChangeRequest:
    """Keep the wish; a repeat finds the one that waits, or that has come true. It is applied at once below an agency of
    a trusted system: the system's own agencies themselves are always the registry's to decide."""
    if (true := _come_true(member, code, wish, copy)) is not None:
        return true
    new = code not in copy.agencies
    at_once = policy.of(member.code).auto_approves and (new or _is_below(code, member, copy))
    actor = Actor("system", member.code)
    with transaction.atomic():
        asked, made = ChangeRequest.objects.get_or_create(
            system_id=member.code, code=code, wish=wish, state="filed", defaults={"filed_at": at}
        )
        if made:
            _record(HubEvent.AGENCY_CHANGE_FILED, asked, actor, at)
        if at_once:
            try:
                _apply(asked, Actor("service", "registry", "Danh mục cơ quan"), at)
            except ValueError as reason:
                raise BadRequest(reason=str(reason)) from reason
    agencies.forget_copy()
    return asked


def _come_true(member: Member, code: str, wish: Mapping[str, Any], copy: Directory) -> ChangeRequest | None:
    """The system's last wish for an agency, if it is this one, was applied, and still describes the agency."""
    last = ChangeRequest.objects.filter(system_id=member.code, code=code).order_by("-id").first()
    known = copy.agencies.get(code)
    if last is None or known is None or (last.state, last.wish) != ("applied", dict(wish)):
        return None
    closed = wish["act"] == "close"
    holds = not known.open if closed else (known.name, known.parent) == (wish["name"], wish["parent"])
    return last if holds else None


def _apply(asked: ChangeRequest, by: Actor, at: datetime) -> None:
    wish = asked.wish
    if wish["act"] == "close":
        if Agency.objects.filter(code=asked.code, ended_at__isnull=True).exists():
            today = at.astimezone(VIETNAM).date()
            decision = f"Yêu cầu số {asked.pk} của hệ thống {asked.system_id}"
            codes.file(codes.Plan(CodeChange.Kind.CLOSE, (asked.code,), today, decision), by=by, at=at)
    else:
        agencies.add_agency(asked.code, name=wish["name"], parent=wish["parent"], at=at)
        # Who registers a unit receives for it, until another system is connected for it.
        Agency.objects.filter(code=asked.code, system__isnull=True).update(system_id=asked.system_id)
    _decide(asked, "applied", HubEvent.AGENCY_CHANGE_APPLIED, by, at, "")


def _waiting(number: int) -> ChangeRequest:
    found = ChangeRequest.objects.select_for_update().filter(pk=number, state="filed").first()
    if found is None:
        raise ValueError(f"không có yêu cầu {number} đang chờ / no request {number} waits")
    return found


def _decide(asked: ChangeRequest, state: str, event: HubEvent, by: Actor, at: datetime, reason: str) -> None:
    asked.state, asked.decided_at, asked.decided_by, asked.reason = state, at, by.id[:100], reason[:400]
    asked.save(update_fields=["state", "decided_at", "decided_by", "reason"])
    _record(event, asked, by, at, reason=reason)


def _record(event: HubEvent, asked: ChangeRequest, actor: Actor, at: datetime, **more: object) -> None:
    record(event, actor=actor, subject=Subject("agency", asked.code), at=at, request=asked.pk, wish=asked.wish, **more)
