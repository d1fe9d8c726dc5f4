"""What the token with the agency's seal made is taken, kept, time-stamped and put in; then sent, where that was asked.

Each document is sealed with its enclosures in one transaction, or not at all. Whoever is killed in between leaves what
is durable: the worker goes on from there, and nothing is asked of the token again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from lienthong.journal.attempts import note_attempt
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office import config
from lienthong.office.config import blobs
from lienthong.office.copies import making
from lienthong.office.errors import IllegalMove, OfficeProblem
from lienthong.office.models import (
    OPEN_REMOTE,
    Enclosure,
    KeyKind,
    OutgoingDocument,
    OutgoingState,
    RemoteRequest,
    RemoteState,
    Role,
    Sealing,
)
from lienthong.office.models import Person as Clerk
from lienthong.office.outgoing import issuing, signing
from lienthong.office.outgoing.batch import Outcome
from lienthong.office.outgoing.own_token import fitting
from lienthong.office.outgoing.remote_requests import (
    IN_HAND,
    LAPSING,
    InOtherHands,
    Stopped,
    by_subject,
    claim,
    drop_sealing,
    end,
    go_on_by,
    keep_in_hand,
    mine,
    require_awaited,
    require_open_account,
    sealings_of,
    words_of,
)
from lienthong.office.people import own_tokens
from lienthong.office.people.access import require
from lienthong.office.people.actors import actor_of, record, service_of
from lienthong.office.people.custody import require_holder
from lienthong.office.people.notices import notify
from lienthong.office.people.remote_keys import Holder
from lienthong.office.people.seal_errors import NotSealedYet, SealedNotSent
from lienthong.office.workflow import remote as workflow
from lienthong.office.workflow.together import Clock
from lienthong.standards.signatures import sign as acts
from lienthong.standards.signatures.errors import MaterialUnavailable, SignatureProblem, TimeStampRefused
from lienthong.standards.signatures.keys import FarKey
from lienthong.standards.statuses import Words

S = RemoteState
Row = Sealing.State
COMPLETED = (OutgoingState.ISSUED, OutgoingState.PARTLY_RECALLED)
"""Where files may be added to what was sent, to complete it."""
MOVED = Words("con dấu không còn ở thiết bị đã yêu cầu", "the seal is not on that token any more")
PASSING = (TimeStampRefused, MaterialUnavailable)
"""Faults that pass: who stamps, or says whether certificates stand, does not answer now."""

log = structlog.get_logger("office.sealing")


def take(request: RemoteRequest, told: str, *, actor: Clerk, clock: Clock) -> None:
    """Take what the helper made, put it in, and send what was to be sent. That the seal was used is in the journal.

    Args:
        told: JSON, {"signatures": [hexadecimal, …]} in the order of the question.

    Raises:
        Forbidden: somebody else asked. NothingWaits: it is sealed, cancelled or over.
        NotTheHolder: the token changed hands since.
        ForeignSignature: one is not by the registered certificate, or for something else. Nothing has moved.
    """
    require_awaited(request, KeyKind.OWN_TOKEN, actor=actor, at=clock(), seals=True)
    require(actor, Role.CLERK)
    require_holder(request.key, actor)
    rows = list(sealings_of(request))
    signatures = fitting(request, rows, told)
    with transaction.atomic():
        workflow.advance(request, to=S.ALLOWED)
        workflow.advance(request, to=S.SIGNED, claimed_until=clock() + IN_HAND)
        for row, signature in zip(rows, signatures, strict=True):
            Sealing.objects.filter(pk=row.pk).update(signature=signature)
        note_attempt(
            OfficeEvent.KEY_OPENED, account=f"key:{request.key_id}", actor=actor_of(actor), at=clock(),
            kind=KeyKind.OWN_TOKEN.value, request=request.pk, files=len(rows),
        )  # fmt: skip
    go_on(request, clock)


def go_on_with_all(clock: Clock) -> int:
    """The worker's round: what came is put in, what waited too long ends.

    Returns:
        How many are still open.
    """
    asked = RemoteRequest.objects.filter(state__in=OPEN_REMOTE, key__organization__isnull=False)
    _end_of_moved(asked, clock)
    for request in list(asked.filter(claimed_until__lte=clock()).order_by("claimed_until").select_related("key")):
        if not claim(request, clock()):
            continue
        if request.state in LAPSING and clock() >= request.expires_at:
            why = Words("quá 10 phút chưa đóng dấu", "it was not sealed within ten minutes")
            end(request, S.LAPSED, why, clock(), by_holder=True)
        elif isinstance(go_on(request, clock), PASSING):  # the next would meet the same
            break
    return asked.count()


def _end_of_moved(asked: QuerySet[RemoteRequest], clock: Clock) -> None:
    """What waits for a token that is not the seal any more ends now, so that it is sealed where the seal is."""
    at_desk = Q(key__kind=KeyKind.OWN_TOKEN, key__retired_at=None, key__revoked_at=None)
    for request in asked.exclude(at_desk).filter(state=S.WAITING).select_related("key"):
        end(request, S.FAILED, MOVED, clock())


def go_on(request: RemoteRequest, clock: Clock) -> Stopped | None:
    """As far as it goes now. Where no time stamp is to be had it goes on later, and the page says why.

    Returns:
        What stood in the way.
    """

    def waits(why: Stopped) -> None:
        log.warning("sealing waits", request=request.pk, reason=why.code)
        words = words_of(why)
        mine(request).update(why=words.vi[:300], why_en=words.en[:300])

    return go_on_by(_take_steps, request, clock, passing=PASSING, told=waits)


def _take_steps(request: RemoteRequest, clock: Clock) -> None:
    keep_in_hand(request, clock)
    request.refresh_from_db()  # with what hangs on it: it may have been read long ago
    require_open_account(request.person)
    require(request.person, Role.CLERK)
    registered = own_tokens.seal_of(request.person.organization)
    if registered is None or registered.pk != request.key_id:
        end(request, S.FAILED, MOVED, clock(), by_holder=True)
        return
    if request.state == S.SIGNED:
        holder = own_tokens.holder_of(request.key, clock())
        for rows in by_subject(sealings_of(request)):
            _finish(rows, request, holder, clock)
        with transaction.atomic():
            workflow.advance(request, to=S.DONE, ended_at=clock(), why="", why_en="")


def _finish(rows: Sequence[Sealing], request: RemoteRequest, holder: Holder, clock: Clock) -> None:
    """Seal one document with its files, or one copy, and send it; what is wrong with one holds up no other."""
    awaited = [row for row in rows if row.state == Row.OPEN]
    if awaited:
        try:
            _put_in(awaited, request, holder, clock)
        except (*PASSING, InOtherHands):
            raise
        except (OfficeProblem, SignatureProblem) as problem:
            with transaction.atomic():
                drop_sealing(awaited, request, service_of(request.person.organization), words_of(problem), clock())
    if request.sends:
        _send(rows[0], request, clock)


def _put_in(rows: Sequence[Sealing], request: RemoteRequest, holder: Holder, clock: Clock) -> None:
    sealed = [_sealed(row, request, holder, clock) for row in rows]
    with transaction.atomic():
        _require_still_wanted(request)
        _keep(rows, sealed, actor=request.person, at=clock(), by=holder.name)
        Sealing.objects.filter(pk__in=[row.pk for row in rows]).update(state=Row.SIGNED)


def _require_still_wanted(request: RemoteRequest) -> None:
    """In the caller's transaction. Raises `IllegalMove`: cancelled in between; `Forbidden`: the account was closed."""
    if RemoteRequest.objects.select_for_update().get(pk=request.pk).state != S.SIGNED:
        raise IllegalMove(state=request.get_state_display())
    require_open_account(request.person)


def _sealed(row: Sealing, request: RemoteRequest, holder: Holder, clock: Clock) -> bytes:
    keep_in_hand(request, clock)
    signature = bytes(cast("bytes", row.signature))
    key = FarKey(bytes(cast("bytes", request.key.certificate)), holder.chain, signature)
    prepared = acts.Prepared(blobs().read(row.prepared), row.start, row.end, bytes(cast("bytes", row.attributes)))
    return acts.finish_seal(
        prepared, key=key, timestamps=config.timestamps(), validation=config.validation(), at=clock()
    )


def _keep(rows: Sequence[Sealing], sealed: Sequence[bytes], *, actor: Clerk, at: datetime, by: str) -> None:
    """In the caller's transaction. Raises `IllegalMove`: it is not there to be sealed any more."""
    first = rows[0]
    if first.copy is not None:
        making.keep_made(first.copy, sealed[0], actor=actor, at=at)
        return
    document = cast("OutgoingDocument", first.document)
    if first.enclosure is None:
        enclosed = [
            (cast("Enclosure", row.enclosure), content) for row, content in zip(rows[1:], sealed[1:], strict=True)
        ]
        signed = signing.signed_version(document)
        signing.keep_sealed_whole(document, signed, sealed[0], enclosed, actor=actor, at=at, service=by)
        return
    held = OutgoingDocument.objects.select_for_update().get(pk=document.pk)  # a recall waits, or is seen here
    if held.state not in COMPLETED:
        raise IllegalMove(state=held.get_state_display())
    files = [cast("Enclosure", row.enclosure) for row in rows]
    still = document.enclosures.select_for_update().filter(pk__in=[one.pk for one in files], sealed_digest="")
    if len(still) != len(files):
        raise IllegalMove(state=document.get_state_display())
    for enclosure, content in zip(files, sealed, strict=True):
        signing.keep_sealed(enclosure, content)
    record(OfficeEvent.FILES_SEALED, actor, document, at, files=[one.name for one in files], service=by)


def _send(row: Sealing, request: RemoteRequest, clock: Clock) -> None:
    """Send what is sealed, once; why it could not be sent stays with it, it waits in the clerk's queue, and the clerk,
    who may have gone from the page, is told."""
    row.refresh_from_db()
    document = cast("OutgoingDocument", row.document)
    if row.state != Row.SIGNED or row.why or document.state != OutgoingState.SEALED:
        return
    try:
        with transaction.atomic():
            _require_still_wanted(request)
            issuing.issue(document, actor=request.person, at=clock())
    except IllegalMove:  # cancelled, voided, or sent by somebody else: what they did stands
        return
    except OfficeProblem as problem:
        words, name = words_of(problem), document.subject
        with transaction.atomic():
            Sealing.objects.filter(pk=row.pk).update(why=words.vi[:300], why_en=words.en[:300])
            told = Words(f"Đã đóng dấu, chưa gửi được: {name} ({words.vi})", f"Sealed, not sent: {name} ({words.en})")
            notify([request.person], document, told, at=clock())


def outcomes_of(request: RemoteRequest, outcomes: Sequence[Outcome] | None = None) -> list[Outcome]:
    """What became of each document by now, of those that are not refused already; of all in the request where none are
    named. Copies have their own page."""
    rows = {group[0].document_id: group[0] for group in by_subject(sealings_of(request)) if group[0].document}
    if outcomes is None:
        outcomes = [Outcome(cast("OutgoingDocument", row.document)) for row in rows.values()]
    return [_outcome(one, rows) for one in outcomes]


def _outcome(one: Outcome, rows: Mapping[int | None, Sealing]) -> Outcome:
    row = rows.get(one.document.pk)
    if one.problem is not None or row is None:
        return one
    if row.state == Row.OPEN:
        return Outcome(one.document, waits=True)
    if row.state == Row.DROPPED:
        return Outcome(one.document, NotSealedYet(why=row.why.rstrip("."), why_en=row.why_en.rstrip(".")))
    if row.why:
        return Outcome(one.document, SealedNotSent(why=row.why, why_en=row.why_en))
    return one
