"""Signing from afar (Decision 28, Article 18.2): the key is at a service, and its owner agrees on their phone.

Approve, prepare the file up to the signature, keep it; only then ask the service, by digests alone; wait; put the
signature in. Every step is durable before the next, so that whoever is killed, or loses the line, goes on from there.
What is signed is what was approved: a document that changed meanwhile is dropped, whatever its owner agreed to.

Two other beginnings lead here: a token at the signer's machine (`own_token`), a page of the service (`remote_consent`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from hashlib import sha256
from typing import cast

import structlog
from django.db import transaction
from django.db.models import QuerySet

from lienthong.office import config
from lienthong.office.config import blobs
from lienthong.office.errors import Forbidden, IllegalMove, Missing, OfficeProblem
from lienthong.office.models import (
    OPEN_REMOTE,
    KeyKind,
    OutgoingDocument,
    Person,
    RemoteCredential,
    RemoteRequest,
    RemoteSigning,
    RemoteState,
    SigningKey,
)
from lienthong.office.outgoing import batch, signing
from lienthong.office.outgoing.batch import Chosen, Outcome
from lienthong.office.outgoing.competence import require_signer
from lienthong.office.outgoing.remote_requests import (
    LAPSING,
    Ready,
    Stopped,
    awaited_of,
    claim,
    drop,
    end,
    end_of_closed,
    go_on_by,
    keep,
    keep_in_hand,
    require_asker,
    require_open_account,
    words_of,
)
from lienthong.office.people import own_tokens, remote_keys
from lienthong.office.people.actors import service_of
from lienthong.office.people.certificates import require_usable
from lienthong.office.people.csc import Answer, Csc
from lienthong.office.people.keys import key_of_person, require_not_locked, tried
from lienthong.office.people.openid import SAFE
from lienthong.office.people.remote_errors import (
    AlreadyAsked,
    NothingWaits,
    NotSigned,
    ServiceAway,
    ServiceRefused,
    TooManyAtOnce,
)
from lienthong.office.people.remote_keys import Holder
from lienthong.office.workflow import remote as workflow
from lienthong.office.workflow.together import Clock
from lienthong.standards.signatures import sign as acts
from lienthong.standards.signatures.agreed import comparison_code
from lienthong.standards.signatures.engine import finish_field
from lienthong.standards.signatures.errors import SignatureProblem, TimeStampRefused
from lienthong.standards.signatures.keys import FarKey
from lienthong.standards.statuses import Words

S = RemoteState
Open = RemoteSigning.State.OPEN
PASSING = (ServiceAway, TimeStampRefused)
"""Faults that pass: the service, or who stamps, does not answer now."""

log = structlog.get_logger("office.remote")


def ask(chosen: Sequence[Chosen], typed: Mapping[str, str], *, actor: Person, clock: Clock) -> list[Outcome]:
    """The signer approves each document and asks the service that keeps their key for all signatures, with one consent.
    Where that is given at once, by what they typed, the documents are signed; else they wait.

    Args:
        typed: what the service asks for, by its ids (`RemoteCredential.asks`); it is sent on and not kept.

    Raises:
        Forbidden, NothingChosen, TooManyAtOnce, Missing, KeyLocked; what `certificates.require_usable` raises.
        ServiceAway, ServiceRefused, RemoteCodeWrong: no signature was asked for; what was approved stays so.
    """
    batch.require_to_sign(chosen, actor)
    key = key_of_person(actor)
    credential = require_credential(key, clock())
    if len(chosen) > credential.most:
        raise TooManyAtOnce(most=credential.most)
    answers = _require_typed(credential, typed)
    require_not_locked(key, clock())
    _require_still_there(credential, key)
    ready: list[Ready] = []
    holder = remote_keys.holder_of(credential)
    outcomes = batch.each(chosen, lambda one: ready.append(prepare(one, key, holder, actor, clock())))
    if not ready:
        return outcomes
    if credential.by_browser:
        return outcomes_of(keep(ready, key, actor, clock(), state=S.WAITING), outcomes)
    request = keep(ready, key, actor, clock())
    digests = [prepared.digest for _, _, prepared in ready]
    with tried(key, actor=actor, at=clock()) if answers else nullcontext():
        _ask(request, credential, answers, digests, clock())
    go_on(request, clock)
    return outcomes_of(request, outcomes)


def waiting_of(person: Person) -> QuerySet[RemoteRequest]:
    """What a person has asked for, to sign with their own key, that is not there yet."""
    return (
        RemoteRequest.objects.filter(person=person, key__organization=None, state__in=OPEN_REMOTE)
        .select_related("key")
        .prefetch_related("signings__document")
    )


def newest_of(document: OutgoingDocument) -> RemoteSigning | None:
    """The last time that the document's signature was asked for."""
    return document.remote_signings.select_related("request__person", "request__key").order_by("-id").first()


def code_of(request: RemoteRequest) -> str:
    """What the owner compares on page and phone: eight characters of the digests that are signed."""
    return comparison_code(digests_of(request))


def digests_of(request: RemoteRequest) -> list[bytes]:
    """What the key signs, in the order of the request."""
    return [sha256(bytes(cast("bytes", one.attributes))).digest() for one in awaited_of(request)]


def described(digests: Sequence[bytes]) -> str:
    """What the service shows the owner: how many, and the code to compare; nothing of what they are."""
    return f"Liên Thông: {len(digests)} văn bản, mã đối chiếu {comparison_code(digests)}"


def cancel(request: RemoteRequest, *, actor: Person, at: datetime) -> None:
    """Who asked wants it no more; what they agree to at the service afterwards signs nothing here.

    Raises:
        Forbidden: somebody else asked. NothingWaits: it has ended.
    """
    require_asker(request, actor)
    words = Words("người yêu cầu đã hủy", "who asked cancelled the request")
    if not end(request, S.CANCELLED, words, at, told=False):
        raise NothingWaits()


def cancel_of(document: OutgoingDocument, *, actor: Person, at: datetime) -> None:
    """Cancel the request in which a document waits, with all that it asks for. Raises `Forbidden`, `NothingWaits`."""
    if document.signer_id != actor.pk:
        raise Forbidden(who="người ký văn bản", who_en="the signer of a document")
    row = document.remote_signings.filter(state=Open).select_related("request").first()
    if row is None:
        raise NothingWaits()
    cancel(row.request, actor=actor, at=at)


def go_on_with_all(clock: Clock) -> int:
    """The worker's round: what waits is asked after, what came is put in, what waited too long ends.

    Returns:
        How many are still open: in hand, in their pause, or waited for.
    """
    end_of_closed(clock())
    away, unstamped = set[int](), False
    rows = _open().filter(claimed_until__lte=clock()).order_by("claimed_until")
    for request in list(rows.select_related("key__credential")):
        service = _service_of(request.key)
        if (unstamped if request.state == S.SIGNED else service in away) or not claim(request, clock()):
            continue
        if request.state in LAPSING and clock() >= request.expires_at:
            why = Words("quá 10 phút chưa xong", "it was not finished within ten minutes")
            end(request, S.LAPSED, why, clock(), by_holder=True)
        elif request.state == S.ASKED:  # nobody knows whether the service heard of it, and what was typed is gone
            end(request, S.FAILED, Words("yêu cầu bị ngắt giữa chừng", "the request was cut short"), clock())
        else:
            stopped = go_on(request, clock)
            unstamped = unstamped or isinstance(stopped, TimeStampRefused)
            away |= {service} if isinstance(stopped, ServiceAway) and service else set()
    return _open().count()


def _open() -> QuerySet[RemoteRequest]:
    """What people sign; what is sealed has its own round."""
    return RemoteRequest.objects.filter(state__in=OPEN_REMOTE, key__organization=None)


def _service_of(key: SigningKey) -> int:
    """The service where a key is; 0 for one that is at none."""
    return key.credential.service_id if key.kind == KeyKind.REMOTE else 0


def require_credential(key: SigningKey, at: datetime) -> RemoteCredential:
    """Where a key is that may sign now. Raises `ServiceRefused`; what `certificates.require_usable` raises."""
    require_usable(key, at)
    credential = RemoteCredential.objects.select_related("service").filter(key=key).first()
    if credential is None or not credential.service.active:
        name = credential.service.name if credential else key.owner_name
        raise ServiceRefused(service=name, why="dịch vụ đã tắt ở cơ quan này", why_en="it is turned off here")
    return credential


def _require_typed(credential: RemoteCredential, typed: Mapping[str, str]) -> dict[str, str]:
    for one in credential.asks:
        if not typed.get(one["id"], "").strip():
            raise Missing(what=one["label"], what_en=one["label"])
    return {one["id"]: typed[one["id"]].strip() for one in credential.asks}


def _require_still_there(credential: RemoteCredential, key: SigningKey) -> None:
    """Before anything is approved. Raises `ServiceAway`; `ServiceRefused`: another certificate stands there by now."""
    if not remote_keys.is_still(Csc(credential.service).credential(credential.credential), key):
        raise ServiceRefused(
            service=credential.service.name, why="chứng thư số ở dịch vụ không còn là chứng thư số đã đăng ký",
            why_en="the credential there is no longer the one that is registered here",
        )  # fmt: skip


def prepare(document: OutgoingDocument, key: SigningKey, holder: Holder, actor: Person, at: datetime) -> Ready:
    """A document that is approved, with its file up to the signature. Raises `AlreadyAsked`; what
    `signing.ready_for_key` and `sign.prepare_person` raise."""
    if document.remote_signings.filter(state=Open).exists():
        raise AlreadyAsked()
    approved = signing.ready_for_key(document, actor=actor, at=at)
    prepared = acts.prepare_person(
        blobs().read(approved.digest), key=_far(key, holder), timestamps=config.timestamps(), at=at,
        image=signing.image_of(key),
    )  # fmt: skip
    return document, approved, prepared


def _ask(
    request: RemoteRequest, credential: RemoteCredential, typed: Mapping[str, str], digests: list[bytes], at: datetime
) -> None:
    try:
        answer = Csc(credential.service).authorize(credential.credential, digests, typed, described=described(digests))
    except OfficeProblem as problem:
        end(request, S.FAILED, words_of(problem), at, told=False)  # who asked is told at once
        raise
    _note(request, answer)


def _note(request: RemoteRequest, answer: Answer) -> None:
    with transaction.atomic():
        if answer.consent:
            workflow.advance(request, to=S.ALLOWED, consent=SAFE.hide(answer.consent), handle=None)
        elif request.state == S.ASKED:
            workflow.advance(request, to=S.WAITING, handle=SAFE.hide(answer.handle))
        else:
            RemoteRequest.objects.filter(pk=request.pk, state=S.WAITING).update(handle=SAFE.hide(answer.handle))


def go_on(request: RemoteRequest, clock: Clock) -> Stopped | None:
    """As far as it goes now. A service that is away, or an owner who has not agreed yet, is asked again later.

    Returns:
        What stood in the way.
    """

    def waits(why: Stopped) -> None:
        log.warning("signing from afar waits", request=request.pk, state=request.state, reason=why.code)

    return go_on_by(_take_steps, request, clock, passing=PASSING, told=waits)


def _take_steps(request: RemoteRequest, clock: Clock) -> None:
    keep_in_hand(request, clock)
    request.refresh_from_db()  # with what hangs on it: it may have been read long ago
    require_open_account(request.person)
    if key_of_person(request.person).pk != request.key_id:
        raise NotSigned(why="người ký đã đổi khóa ký", why_en="the signer has another key now")
    if request.key.kind == KeyKind.OWN_TOKEN:
        holder = own_tokens.holder_of(request.key, clock())
    else:
        holder = _at_service(request, clock)
    if request.state == S.SIGNED:
        _finish(request, holder, clock)


def _at_service(request: RemoteRequest, clock: Clock) -> Holder:
    """Ask the service as far as it answers now."""
    credential = require_credential(request.key, clock())
    service = Csc(credential.service)
    if request.state == S.WAITING and request.handle is not None:
        _note(request, service.authorized(SAFE.reveal(cast("bytes", request.handle))))
        keep_in_hand(request, clock)
    if request.state == S.ALLOWED:
        _fetch(request, credential, service)
    return remote_keys.holder_of(credential)


def _fetch(request: RemoteRequest, credential: RemoteCredential, service: Csc) -> None:
    """Get the signatures, and keep them before anything is done with them. An answer that was lost is asked for anew
    with the same consent, which reaches no other digests."""
    rows = list(request.signings.all())
    digests = [sha256(bytes(cast("bytes", one.attributes))).digest() for one in rows]
    consent = SAFE.reveal(cast("bytes", request.consent))
    signatures = service.sign(credential.credential, consent, digests, credential.algorithm)
    with transaction.atomic():
        workflow.advance(request, to=S.SIGNED, consent=None, handle=None)
        for row, signature in zip(rows, signatures, strict=True):
            RemoteSigning.objects.filter(pk=row.pk).update(signature=signature)


def _finish(request: RemoteRequest, holder: Holder, clock: Clock) -> None:
    """Put each signature in; one document that changed, or one signature that does not fit, holds up no other."""
    for row in request.signings.filter(state=Open).select_related("document__organization", "approved"):
        keep_in_hand(request, clock)
        try:
            _put_in(row, request, holder, clock)
        except TimeStampRefused:
            raise
        except (OfficeProblem, SignatureProblem) as problem:
            with transaction.atomic():
                drop(row, request, service_of(row.document.organization), words_of(problem), clock())
    with transaction.atomic():
        workflow.advance(request, to=S.DONE, ended_at=clock())


def _put_in(row: RemoteSigning, request: RemoteRequest, holder: Holder, clock: Clock) -> None:
    signature = bytes(cast("bytes", row.signature))
    prepared = acts.Prepared(blobs().read(row.prepared), row.start, row.end, bytes(cast("bytes", row.attributes)))
    signed = finish_field(prepared, key=_far(request.key, holder, signature), timestamps=config.timestamps())
    with transaction.atomic():
        if RemoteRequest.objects.select_for_update().get(pk=request.pk).state != S.SIGNED:
            raise IllegalMove(state=request.get_state_display())  # cancelled in between
        require_open_account(request.person)
        require_signer(row.document, request.person, at=clock())
        signing.keep_signed(row.document, row.approved, signed, actor=request.person, at=clock(), service=holder.name)
        RemoteSigning.objects.filter(pk=row.pk).update(state=RemoteSigning.State.SIGNED)


def outcomes_of(request: RemoteRequest, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """What became of each document by now, of those that are not refused already."""
    ended = {one.document_id: one for one in request.signings.all()}
    return [_outcome(one, ended) for one in outcomes]


def _outcome(one: Outcome, ended: Mapping[int, RemoteSigning]) -> Outcome:
    row = ended.get(one.document.pk)
    if one.problem is not None or row is None or row.state == RemoteSigning.State.SIGNED:
        return one
    if row.state == Open:
        return Outcome(one.document, waits=True)
    return Outcome(one.document, NotSigned(why=row.why.rstrip("."), why_en=row.why_en.rstrip(".")))


def _far(key: SigningKey, holder: Holder, signature: bytes | None = None) -> FarKey:
    return FarKey(bytes(cast("bytes", key.certificate)), holder.chain, signature)
