"""What others signed about our documents: kept as it came, judged by the keys that the hub publishes, judged anew when
one of these turns out to have been in other hands.

A statement is written down in the transaction of what it tells of, as waiting; the worker judges it afterwards, so that
no key that cannot be found keeps anything from going on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import DatabaseError, transaction
from django.db.models import F, Q

from lienthong.evidence.proving import FAULTS, GRACE, Claim, Fault, PublishedKey, Unproven, key_id, prove
from lienthong.evidence.receipts import EvidenceEvent
from lienthong.journal.record import Subject
from lienthong.journal.record import record as write
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.models import (
    DirectoryAgency,
    IncomingDocument,
    MemberKey,
    Organization,
    OutgoingDocument,
    ReceivedPacket,
    Role,
    SignedStatement,
    Standing,
)
from lienthong.office.people.access import people_with
from lienthong.office.people.actors import service_of, subject_of
from lienthong.office.people.notices import ring
from lienthong.protocol.client.interface import HubConnection
from lienthong.protocol.problems import Problem
from lienthong.protocol.wire import read_value, write_value
from lienthong.standards.statuses import Words

AT_ONCE = 100
"""Statements that are judged in one go."""
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
"""How long a statement with an unknown key waits until the hub is asked again: twice as long each time."""
KEY_ASKED_EVERY = timedelta(minutes=15)
"""How often the hub is asked whether a key that we rely on still stands."""
KNOWN_WITHIN = timedelta(minutes=3)
"""For how long after an act we may not know who acts for whom: a key is relied on for a minute by us, as long by what
stands between us and the hub, the directory for less. Until then nobody is called foreign."""

Kind = SignedStatement.Kind

WORDS = {
    Kind.SUBMISSION: Words("bản ký gửi của {name}", "{name}'s signed submission"),
    Kind.ACCEPTANCE: Words("biên nhận của Trục", "the hub's receipt"),
    Kind.HANDOVER: Words("bản ký nhận của {name}", "{name}'s signed hand-over"),
    Kind.FAILURE: Words("xác nhận của Trục về {name}", "the hub's statement about {name}"),
}

log = structlog.get_logger("office.proofs")


# -- keeping ---------------------------------------------------------------------------------------------------------


def keep(
    token: str,
    kind: SignedStatement.Kind,
    claim: Claim,
    *,
    agency: str,
    organization: Organization,
    document: OutgoingDocument | None = None,
    received: ReceivedPacket | None = None,
    status_code: str = "",
    at: datetime,
) -> None:
    """Write a statement down, in the caller's transaction, to be judged; the same one again changes nothing.

    Args:
        token: empty where nothing was signed; then nothing is kept.
        claim: with the agency that is to have spoken; who follows it by then is found when it is judged.
        agency: whose act it tells of.
    """
    if not token:
        return
    SignedStatement.objects.get_or_create(
        fingerprint=hashlib.sha256(token.encode()).hexdigest(), kind=kind, document=document, received=received,
        defaults={
            "organization": organization, "status_code": status_code, "agency": agency, "token": token,
            "claim": _written(claim), "kept_at": max(at, claim.at), "next_at": at, "kid": key_id(token),
        },
    )  # fmt: skip


def speakers_for(code: str) -> frozenset[str]:
    """An agency of the directory and all that follow it: whoever acts for one of them may speak for it."""
    found = {code}
    while (agency := DirectoryAgency.objects.filter(code=code).first()) and agency.successor not in {"", *found}:
        code = agency.successor
        found.add(code)
    return frozenset(found)


def _written(claim: Claim) -> dict[str, Any]:
    return {
        "event": claim.event.value, "digest": claim.digest, "at": claim.at.isoformat(),
        "agencies": sorted(claim.agencies), "facts": dict(claim.facts), "named": sorted(claim.named),
    }  # fmt: skip


def _read(claim: dict[str, Any]) -> Claim:
    return Claim(
        EvidenceEvent(claim["event"]), claim["digest"], datetime.fromisoformat(claim["at"]),
        frozenset(claim["agencies"]), claim["facts"], frozenset(claim["named"]),
    )  # fmt: skip


# -- judging ---------------------------------------------------------------------------------------------------------


def judge_waiting(connection: HubConnection, *, at: datetime) -> int:
    """Judge what waits for it, the latest first; gives how many statements that were.

    Behind a door that publishes no keys everything waits as it stands: nobody can say that a key is unknown.

    Raises:
        HubUnreachable: the hub did not answer; what was not judged waits.
    """
    if not connection.publishes_keys:
        return 0
    # A key that changes may bring years of statements up again: none that comes in meanwhile waits behind them.
    due = list(SignedStatement.objects.filter(next_at__lte=at).order_by("-next_at")[:AT_ONCE])
    by_key: dict[str, list[SignedStatement]] = {}
    for one in due:
        by_key.setdefault(one.kid, []).append(one)
    for kid, statements in by_key.items():
        try:
            key = _key(connection, kid, at=at)
        except Problem as problem:
            log.warning("a key cannot be asked for", kid=kid, problem=problem.code)
            for one in statements:
                _put_off(one, at)
        else:
            _judge(statements, key, at=at)
    return len(due)


def ask_for_keys(connection: HubConnection, *, at: datetime) -> None:
    """Ask the hub whether the keys that we rely on still stand. Raises `HubUnreachable`."""
    if not connection.publishes_keys:
        return
    old = MemberKey.objects.filter(asked_at__lte=at - KEY_ASKED_EVERY).order_by("asked_at")
    for kid in list(old.values_list("kid", flat=True)[:AT_ONCE]):
        try:
            found = _key(connection, kid, at=at) is not None
        except Problem as problem:
            log.warning("a key cannot be asked for", kid=kid, problem=problem.code)
        else:
            if found:
                continue
            log.warning("the hub publishes a key no more", kid=kid)
        MemberKey.objects.filter(kid=kid).update(asked_at=at)


def _key(connection: HubConnection, kid: str, *, at: datetime) -> PublishedKey | None:
    """The key as published now. When something has changed since we relied on it, what that may touch waits anew."""
    key = connection.key(kid) if kid else None
    if key is None or key.kid != kid:
        return None
    facts = write_value(key)
    if MemberKey.objects.filter(kid=kid, facts=facts, asked_at__gt=at - KEY_ASKED_EVERY / 2).exists():
        return key
    with transaction.atomic():
        known, fresh = MemberKey.objects.select_for_update().get_or_create(
            kid=kid, defaults={"facts": facts, "asked_at": at}
        )
        if not fresh:
            _judge_anew(read_value(PublishedKey, known.facts), key, at=at)
            known.facts, known.asked_at = facts, at
            known.save(update_fields=["facts", "asked_at"])
    return key


def _judge_anew(before: PublishedKey, key: PublishedKey, *, at: datetime) -> None:
    """Let wait anew what the key signed since the earliest moment of which something else is said now.

    What was kept before then was signed before then, but for the grace (`evidence.proving`): its worth is the same.
    """
    changed = _turns(before) ^ _turns(key)
    if changed:
        since = min(moment for _, moment in changed) - GRACE
        SignedStatement.objects.filter(kid=key.kid, next_at__isnull=True, kept_at__gte=since).update(next_at=at)


def _turns(key: PublishedKey) -> set[tuple[tuple[object, ...], datetime]]:
    """What is said of a key, each with the moment from which on it counts."""
    told: list[tuple[tuple[object, ...], datetime | None]] = [
        ((key.owner, key.hub), key.valid_from), (("retired",), key.valid_to), (("stolen",), key.compromised_from),
    ]  # fmt: skip
    for one in key.agencies:
        told += [((one.agency, "since"), one.since), ((one.agency, "until"), one.until)]
    return {(what, moment) for what, moment in told if moment is not None}


def _judge(statements: list[SignedStatement], key: PublishedKey | None, *, at: datetime) -> None:
    """Judge statements that name one key; what is no proof is told to people at once, in the same transaction."""
    faulty = []
    with transaction.atomic():
        for one in statements:
            try:
                with transaction.atomic():
                    if _settle(one, key, at=at):
                        faulty.append(one)
            except DatabaseError:
                raise
            except Exception:  # a statement is a stranger's text: what it breaks is its own judgement alone
                log.exception("a statement cannot be judged", statement=one.pk)
                _put_off(one, at)
        _ring_for(faulty, at=at)


def _settle(one: SignedStatement, key: PublishedKey | None, *, at: datetime) -> bool:
    """Say what a statement is worth; gives whether it turned out to be no proof, which people do not know yet."""
    facts: dict[str, Any]
    claim = _read(one.claim)
    claim = replace(claim, agencies=frozenset[str]().union(*map(speakers_for, claim.agencies)))
    try:
        said = prove(one.token, claim, key)
    except Unproven as reason:
        if reason.fault is Fault.FOREIGN_AGENCY and at < claim.at + KNOWN_WITHIN:
            SignedStatement.objects.filter(pk=one.pk).update(next_at=claim.at + KNOWN_WITHIN)
            return False
        unknown = reason.fault is Fault.UNKNOWN_KEY
        standing = Standing.UNKNOWN_KEY if unknown else Standing.INVALID
        facts = {"fault": reason.fault.value, "next_at": at + _pause(one) if unknown else None}
    else:
        standing = Standing.ATTESTED if said.attested_for else Standing.PROVEN
        facts = {
            "fault": "", "next_at": None, "signer": said.issuer, "said_at": said.at,
            "attested_for": said.attested_for,
        }  # fmt: skip
    return _move(one, standing, {**facts, "claim": _written(claim)}, at=at)


def _move(one: SignedStatement, to: Standing, facts: dict[str, Any], *, at: datetime) -> bool:
    """The one place that moves a standing; what turns from proof to none, or back, is written down. Gives whether it
    has become no proof, or for another reason."""
    before, fault_before = one.standing, one.fault
    moved = SignedStatement.objects.filter(pk=one.pk, standing=before, fault=fault_before).update(
        standing=to, judged_at=at, attempts=F("attempts") + 1, **facts
    )
    if not moved or (before, fault_before) == (to, facts["fault"]):
        return False
    one.standing, one.fault = to, facts["fault"]
    if one.fault:
        log.warning("a signed statement is no proof", statement=one.pk, kind=one.kind, fault=one.fault, kid=one.kid)
        _record(OfficeEvent.STATEMENT_UNPROVEN, one, at=at, fault=one.fault)
    elif fault_before:
        _record(OfficeEvent.STATEMENT_PROVEN, one, at=at)
    return bool(one.fault)


def _put_off(one: SignedStatement, at: datetime) -> None:
    SignedStatement.objects.filter(pk=one.pk, next_at=one.next_at).update(
        next_at=at + _pause(one), attempts=F("attempts") + 1
    )


def _pause(one: SignedStatement) -> timedelta:
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(one.attempts, 10)))


def _ring_for(faulty: Iterable[SignedStatement], *, at: datetime) -> None:
    """Clerks and auditors hear of statements of one key that are no proof: once for each fault, however many."""
    alike: dict[tuple[int, str], list[SignedStatement]] = {}
    for one in faulty:
        alike.setdefault((one.organization_id, one.fault), []).append(one)
    for (organization, _), found in alike.items():
        people = [each for role in (Role.CLERK, Role.AUDITOR) for each in people_with(organization, role)]
        words = _words_of_one(found[0]) if len(found) == 1 else _words_of_many(found)
        ring(people, words, link=link_of(found[0]), at=at)


def _words_of_one(one: SignedStatement) -> Words:
    what, why = WORDS[Kind(one.kind)], FAULTS[Fault(one.fault)]
    name = names_of([one.agency])[one.agency]
    number = one.document.printed_number if one.document else ""
    return Words(
        f"{number} {what.vi.format(name=name)} không phải bằng chứng: {why.vi}.".strip(),
        f"{number} {what.en.format(name=name)} is no proof: {why.en}.".strip(),
    )


def _words_of_many(found: list[SignedStatement]) -> Words:
    kid, why = found[0].kid, FAULTS[Fault(found[0].fault)]
    by = Words(f"ký bằng khóa {kid[:8]}…", f"signed with the key {kid[:8]}…") if kid else Words("ký", "signed")
    lost = all(one.signer for one in found)  # whoever is named as signer was proven once
    verdict = Words("không còn là", "are no longer") if lost else Words("không phải là", "are no")
    return Words(
        f"{len(found)} bản {by.vi} {verdict.vi} bằng chứng: {why.vi}.",
        f"{len(found)} statements {by.en} {verdict.en} proof: {why.en}.",
    )


def _record(event: OfficeEvent, one: SignedStatement, *, at: datetime, **facts: object) -> None:
    subject = subject_of(one.document) if one.document else Subject("statement", str(one.pk))
    write(
        event, actor=service_of(one.organization), subject=subject, at=at, kind=one.kind, agency=one.agency,
        kid=one.kid, statement=one.pk, **facts,
    )  # fmt: skip


# -- looking ---------------------------------------------------------------------------------------------------------


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Code → the agency's name as the directory has it; the code itself where that has none."""
    wanted = set(codes)
    known = DirectoryAgency.objects.filter(code__in=wanted).values_list("code", "name")
    return {code: code for code in wanted} | dict(known)


def link_of(one: SignedStatement) -> str:
    """Where people see it: with its document, else with the packets that came in."""
    if one.document_id:
        return f"/van-ban-di/{one.document_id}/bang-chung/"
    incoming = getattr(one.received, "incoming", None)
    return f"/van-ban-den/{incoming.pk}/bang-chung/" if incoming else "/van-ban-den/"


def of_outgoing(document: OutgoingDocument) -> list[SignedStatement]:
    """All that was signed about a document of ours."""
    return list(SignedStatement.objects.filter(document=document).order_by("kept_at", "id"))


def of_incoming(document: IncomingDocument) -> list[SignedStatement]:
    """All that was signed about a document that came in; of what came beside the hub nothing was."""
    if document.packet_id is None:
        return []
    return list(SignedStatement.objects.filter(received_id=document.packet_id).order_by("kept_at", "id"))


def told_of(document: OutgoingDocument) -> tuple[dict[str, SignedStatement], dict[str, list[SignedStatement]]]:
    """What was signed about a document, as its board shows it.

    Returns:
        Id of a delivery → the statement that tells how it was handed over, the last where several do.
        Agency → its statements other than of the hand-over that are no proof.
    """
    shown = Q(kind=Kind.HANDOVER) | Q(standing__in=(Standing.INVALID, Standing.UNKNOWN_KEY))
    handovers: dict[str, SignedStatement] = {}
    unproven: dict[str, list[SignedStatement]] = {}
    for one in SignedStatement.objects.filter(shown, document=document).defer("token"):
        if one.kind == Kind.HANDOVER:
            handovers[one.claim["facts"]["delivery_id"]] = one
        else:
            unproven.setdefault(one.agency, []).append(one)
    return handovers, unproven


def taken_away(statements: Iterable[SignedStatement]) -> dict[str, Any]:
    """Statements, what each is to prove, and the keys: all that somebody needs who checks them elsewhere."""
    rows = list(statements)
    keys = MemberKey.objects.filter(kid__in={one.kid for one in rows})
    return {
        "format": "lienthong-proofs/1",
        "statements": [
            {
                "kind": one.kind, "status_code": one.status_code, "agency": one.agency, "statement": one.token,
                "claim": one.claim, "standing": one.standing, "fault": one.fault,
            }
            for one in rows
        ],
        "keys": [key.facts for key in keys.order_by("kid")],
    }  # fmt: skip
