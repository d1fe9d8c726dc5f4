"""What systems and agencies' officers ask of the registry: to register, change or close agencies of their own subtree
(R-19.1c-1). A system asks by the door of existing software, an officer at the console."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lienthong.hub import agencies, codes, mode, policy
from lienthong.hub.agencies import Directory, Member, directory
from lienthong.hub.codes import LONGEST_NAME, Kind
from lienthong.hub.models import Agency, ChangeRequest, CodeChange
from lienthong.hub.refusals import RegistryRefused
from lienthong.hub.rows import can_hold
from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import HubEvent
from lienthong.protocol.problems import BadRequest, ClosedAgency, NotYourSubtree
from lienthong.standards.identifiers import AgencyCode, InvalidCode
from lienthong.standards.times import VIETNAM, meant

CONTACTS = {"mail": 100, "mobile": 20, "fax": 20}
"""What else is said of an agency, and its most characters (the field's limits, `wire.md` 1.1)."""
HIGHEST_TREE = 32
"""Levels walked upwards at most: a longer way is a slip of the registry."""


@dataclass(frozen=True)
class Asker:
    """Who asks.

    Attributes:
        agencies: what is below them is his to ask about.
        system: code of the system; None for an officer, who asks for the one agency of `actor.agency`.
    """

    actor: Actor
    agencies: frozenset[str]
    system: str | None

    @property
    def id(self) -> str:
        """As a refusal names him."""
        return self.system or self.actor.id


def system(member: Member) -> Asker:
    """A system that asks."""
    return Asker(Actor("system", member.code), member.agencies, member.code)


def officer(actor: Actor) -> Asker:
    """An officer who asks for the agency that he keeps."""
    return Asker(actor, frozenset({actor.agency}), None)


def ask_to_register(asker: Asker, wish: Mapping[str, Any], *, at: datetime) -> ChangeRequest:
    """File a wish to register an agency, or to give a known one another name or place.

    Args:
        wish: `code`, `name`, `pcode` (code of the one above), and perhaps `mail`, `mobile`, `fax`; `on` and `decision`
            where it is to be on a day by a decision.

    Raises:
        BadRequest: something is missing or out of its form.
        NotYourSubtree: the agency, or the one above it, is neither of the system's own nor below one.
        ClosedAgency: the code has ended.
    """
    copy = directory()
    code, name = _code(wish, "code"), _text(wish, "name", LONGEST_NAME)
    mode.require_known(code)
    if not name:
        raise BadRequest(reason="thiếu name, tên cơ quan")
    known = copy.find(code)
    if known and not known.open:
        raise ClosedAgency(agency=code)
    if known:
        _require_in_subtree(known.code, asker, copy)
    above = _code(wish, "pcode") if wish.get("pcode") or known is None else known.parent or ""
    parent = copy.find(above) if above else None
    if above and not (known and parent and known.parent == parent.code):
        _require_in_subtree(parent.code if parent else above, asker, copy)
    if parent and known and known.code in (parent.code, *_above(parent.code, copy)):
        raise BadRequest(reason="pcode là chính cơ quan hoặc đơn vị trực thuộc của nó")
    asked = {"act": "register", "name": name, "parent": parent.code if parent else None}
    contacts = {field: _text(wish, field, longest) for field, longest in CONTACTS.items()}
    return _file(asker, known.code if known else code, {**asked, **contacts, **_dated(wish)}, copy, at)


def ask_to_close(asker: Asker, written: str, wish: Mapping[str, Any] | None = None, *, at: datetime) -> ChangeRequest:
    """File a wish to close an agency, perhaps with `on` and `decision`; one closed already stays closed.

    Raises:
        BadRequest, NotYourSubtree.
    """
    copy = directory()
    known = copy.find(written)
    if known is None:
        raise NotYourSubtree(agency=written[:60], system=asker.id)
    _require_in_subtree(known.code, asker, copy)
    return _file(asker, known.code, {"act": "close", **_dated(wish or {})}, copy, at)


def approve(number: int, *, by: Actor, at: datetime) -> ChangeRequest:
    """Apply a filed wish. Raises `RegistryRefused`: none of this number waits, or it cannot be done."""
    with transaction.atomic():
        asked = _waiting(number)
        _apply(asked, by, at)
    agencies.forget_copy()
    return asked


def refuse(number: int, *, by: Actor, reason: str, at: datetime) -> ChangeRequest:
    """Refuse a filed wish. Raises `RegistryRefused`: none of this number waits, or there is no reason."""
    if not reason.strip():
        raise RegistryRefused("reason_missing")
    with transaction.atomic():
        asked = _waiting(number)
        _decide(asked, "refused", HubEvent.AGENCY_CHANGE_REFUSED, by, at, reason)
    return asked


def mail_addresses() -> dict[str, str]:
    """The address of each agency that was registered with one, by its code."""
    applied = ChangeRequest.objects.filter(state="applied", wish__act="register").order_by("decided_at", "id")
    return dict(applied.exclude(wish__mail="").values_list("code", "wish__mail"))


@dataclass(frozen=True)
class Difference:
    """What a wish would change: `field` is `name`, `parent`, `state`, or a contact."""

    field: str
    now: str
    asked: str


def differences(asked: ChangeRequest) -> list[Difference]:
    """What a wish would change, against the directory as it is now; nothing where it asks for what is."""
    known = Agency.objects.filter(code=asked.code).first()
    wish = asked.wish
    if wish["act"] == "close":
        return [Difference("state", "open", "closed")] if known and known.ended_at is None else []
    was = {"name": known.name, "parent": known.parent_id or ""} if known else {}
    found = [Difference(field, was.get(field, ""), wish.get(field) or "") for field in ("name", "parent", *CONTACTS)]
    return [one for one in found if one.now != one.asked and (one.asked or one.field in was)]


# -- who may ask for what --------------------------------------------------------------------------------------------


def _require_in_subtree(code: str, asker: Asker, copy: Directory) -> None:
    if code not in asker.agencies and not _is_below(code, asker, copy):
        raise NotYourSubtree(agency=code, system=asker.id)


def _is_below(code: str, asker: Asker, copy: Directory) -> bool:
    return any(above in asker.agencies for above in _above(code, copy))


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


def _dated(wish: Mapping[str, Any]) -> dict[str, str]:
    """The day and the decision of a wish, both or neither."""
    on, decision = _text(wish, "on", 10), _text(wish, "decision", LONGEST_NAME)
    if not on and not decision:
        return {}
    try:
        return {"on": meant(date.fromisoformat(on)).isoformat(), "decision": _required(decision)}
    except ValueError as reason:
        raise BadRequest(reason="cần cả ngày hiệu lực và số, ký hiệu quyết định, hoặc bỏ trống cả hai") from reason


def _required(text: str) -> str:
    if not text:
        raise ValueError
    return text


def _text(wish: Mapping[str, Any], field: str, longest: int) -> str:
    text = str(wish.get(field) or "").strip()
    if len(text) > longest or not can_hold(text):
        raise BadRequest(reason=f"{field} dài quá {longest} ký tự hoặc có ký tự lạ")
    return text


# -- what becomes of it ----------------------------------------------------------------------------------------------


def _file(asker: Asker, code: str, wish: dict[str, Any], copy: Directory, at: datetime) -> ChangeRequest:
    """Keep the wish; a repeat finds the one that waits, or that has come true. It is applied at once below an agency of
    a trusted system: the system's own agencies themselves are always the registry's to decide."""
    if (true := _come_true(asker, code, wish, copy)) is not None:
        return true
    new = code not in copy.agencies
    trusted = asker.system is not None and policy.of(asker.system).auto_approves
    at_once = trusted and (new or _is_below(code, asker, copy))
    asked_by, asked_for = ("", "") if asker.system else (asker.actor.id, asker.actor.agency)
    with transaction.atomic():
        # One that waits is held: the registry may be deciding it at this moment.
        asked, made = ChangeRequest.objects.select_for_update().get_or_create(
            system_id=asker.system, asked_for=asked_for, code=code, wish=wish, state="filed",
            defaults={"filed_at": at, "asked_by": asked_by},
        )  # fmt: skip
        if made:
            _record(HubEvent.AGENCY_CHANGE_FILED, asked, asker.actor, at)
        if at_once:
            try:
                _apply(asked, Actor("service", "registry", "Danh mục cơ quan"), at)
            except ValueError as reason:
                raise BadRequest(reason=str(reason)) from reason
    agencies.forget_copy()
    return asked


def _come_true(asker: Asker, code: str, wish: Mapping[str, Any], copy: Directory) -> ChangeRequest | None:
    """The asker's last wish for an agency, if it is this one, was applied, and still describes the agency."""
    asked_for = "" if asker.system else asker.actor.agency
    last = ChangeRequest.objects.filter(system_id=asker.system, asked_for=asked_for, code=code).order_by("-id").first()
    known = copy.agencies.get(code)
    if last is None or known is None or (last.state, last.wish) != ("applied", dict(wish)):
        return None
    closed = wish["act"] == "close"
    holds = not known.open if closed else (known.name, known.parent) == (wish["name"], wish["parent"])
    return last if holds else None


def _apply(asked: ChangeRequest, by: Actor, at: datetime) -> None:
    if asked.wish["act"] == "close":
        if Agency.objects.filter(code=asked.code, ended_at__isnull=True).exists():
            _change(Kind.CLOSE, asked, by, at)
    elif "on" in asked.wish and Agency.objects.filter(code=asked.code).exists():
        _change_on_its_day(asked, by, at)
    else:
        _register(asked, by, at)
    _decide(asked, "applied", HubEvent.AGENCY_CHANGE_APPLIED, by, at, "")


def _register(asked: ChangeRequest, by: Actor, at: datetime) -> None:
    """Add the agency, or correct a known one at once."""
    wish = asked.wish
    opens_on = date.fromisoformat(wish["on"]) if "on" in wish else None
    agencies.add_agency(
        asked.code, name=wish["name"], parent=wish["parent"] or "", opens_on=opens_on,
        decision=wish.get("decision", ""), by=by, at=at,
    )  # fmt: skip
    if asked.system_id:
        # Who registers a unit receives for it, until another system is connected for it.
        Agency.objects.filter(code=asked.code, system__isnull=True).update(system_id=asked.system_id)


def _change_on_its_day(asked: ChangeRequest, by: Actor, at: datetime) -> None:
    known, wish = Agency.objects.get(code=asked.code), asked.wish
    if known.name != wish["name"]:
        _change(Kind.RENAME, asked, by, at, name=wish["name"])
    if known.parent_id != wish["parent"]:
        _change(Kind.MOVE, asked, by, at, into=(wish["parent"],) if wish["parent"] else ())


def _change(
    kind: CodeChange.Kind, asked: ChangeRequest, by: Actor, at: datetime, *, name: str = "", into: tuple[str, ...] = ()
) -> None:
    wish = asked.wish
    on = date.fromisoformat(wish["on"]) if "on" in wish else at.astimezone(VIETNAM).date()
    asker = f"hệ thống {asked.system_id}" if asked.system_id else f"cơ quan {asked.asked_for}"
    decision = wish.get("decision") or f"Yêu cầu số {asked.pk} của {asker}"
    codes.file(codes.Plan(kind, (asked.code,), on, decision, into, name), by=by, at=at)


def _waiting(number: int) -> ChangeRequest:
    found = ChangeRequest.objects.select_for_update().filter(pk=number, state="filed").first()
    if found is None:
        raise RegistryRefused("no_request", number=number)
    return found


def _decide(asked: ChangeRequest, state: str, event: HubEvent, by: Actor, at: datetime, reason: str) -> None:
    asked.state, asked.decided_at, asked.decided_by, asked.reason = state, at, by.id[:100], reason[:400]
    asked.save(update_fields=["state", "decided_at", "decided_by", "reason"])
    _record(event, asked, by, at, reason=reason)


def _record(event: HubEvent, asked: ChangeRequest, actor: Actor, at: datetime, **more: object) -> None:
    record(event, actor=actor, subject=Subject("agency", asked.code), at=at, request=asked.pk, wish=asked.wish, **more)
