"""The rows of signing from afar: how a request is kept, who has it in hand, and how it ends without signatures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from lienthong.journal.record import Actor
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.config import blobs
from lienthong.office.errors import Forbidden, IllegalMove, OfficeProblem
from lienthong.office.models import (
    OPEN_REMOTE,
    AwaitedSignature,
    KeyKind,
    OutgoingDocument,
    Person,
    RemoteRequest,
    RemoteSigning,
    RemoteState,
    Sealing,
    SigningKey,
    Version,
)
from lienthong.office.people.actors import actor_of, record, service_of
from lienthong.office.people.notices import notify
from lienthong.office.people.remote_errors import AlreadyAsked, NothingWaits
from lienthong.office.workflow import remote as workflow
from lienthong.office.workflow.together import Clock
from lienthong.standards.signatures.engine import Prepared
from lienthong.standards.signatures.errors import SignatureProblem
from lienthong.standards.statuses import Words

PATIENCE = timedelta(minutes=10)
"""How long a consent is waited for."""
IN_HAND = timedelta(seconds=60)
"""For how long whoever works on a request has it alone, from each of its steps on: longer than any of these takes."""
PAUSE = timedelta(seconds=2)
"""After how long a request that waits is looked at again."""
S = RemoteState
LAPSING = (S.ASKED, S.WAITING, S.ALLOWED)
"""What waits for the owner or the service lapses; a signature that came is kept, however long a time stamp takes."""
Stopped = OfficeProblem | SignatureProblem
Open = RemoteSigning.State.OPEN
Ready = tuple[OutgoingDocument, Version, Prepared]
"""A document, the version that was approved, and its file up to the signature."""


class InOtherHands(IllegalMove):
    """Another process took the request meanwhile, or it has ended: what they did stands."""


def keep(
    ready: Sequence[Ready], key: SigningKey, actor: Person, at: datetime, *, state: RemoteState = S.ASKED
) -> RemoteRequest:
    """Everything that is needed to go on lies on the disk before who holds the key hears of it.

    Args:
        state: `asked` where a service is asked next, in hand; `waiting` where the signer themselves has the key: nobody
            works on that before they have signed, or its time is over.

    Raises:
        AlreadyAsked.
    """
    files = [blobs().put(prepared.pdf).digest for _, _, prepared in ready]
    expires = at + PATIENCE
    request = RemoteRequest(
        person=actor, key=key, state=state, asked_at=at, expires_at=expires,
        claimed_until=at + IN_HAND if state == S.ASKED else expires,
    )  # fmt: skip
    try:
        return _keep_rows(request, ready, files, at)
    except IntegrityError as reason:  # asked for in another window at this moment
        raise AlreadyAsked() from reason


def _keep_rows(request: RemoteRequest, ready: Sequence[Ready], files: Sequence[str], at: datetime) -> RemoteRequest:
    with transaction.atomic():
        request.save()
        for (document, approved, prepared), digest in zip(ready, files, strict=True):
            RemoteSigning.objects.create(
                request=request, document=document, approved=approved, prepared=digest,
                start=prepared.start, end=prepared.end, attributes=prepared.attributes,
            )  # fmt: skip
            told = {"request": request.pk, "digest": prepared.digest.hex()}
            record(OfficeEvent.SIGNING_ASKED, request.person, document, at, **told)
    return request


def claim(request: RemoteRequest, at: datetime) -> bool:
    """Take a request in hand; of two one gets it, and of one who was killed it is free again after a while."""
    free = RemoteRequest.objects.filter(pk=request.pk, state=request.state, claimed_until__lte=at)
    request.claimed_until = at + IN_HAND
    return bool(free.update(claimed_until=request.claimed_until))


def mine(request: RemoteRequest) -> QuerySet[RemoteRequest]:
    """The request, while whoever took it in hand still has it: nobody else writes the same moment."""
    return RemoteRequest.objects.filter(pk=request.pk, state=request.state, claimed_until=request.claimed_until)


def keep_in_hand(request: RemoteRequest, clock: Clock) -> None:
    """Before each step. Raises `InOtherHands`."""
    until = clock() + IN_HAND
    if not mine(request).update(claimed_until=until):
        raise InOtherHands(state=request.get_state_display())
    request.claimed_until = until


def go_on_by(
    take_steps: Callable[[RemoteRequest, Clock], None], request: RemoteRequest, clock: Clock, *,
    passing: tuple[type[Stopped], ...], told: Callable[[Stopped], None],
) -> Stopped | None:  # fmt: skip
    """Take the steps of a request as far as they go now; what is left of it is looked at again after a `PAUSE`.

    Args:
        passing: what may be gone the next time: the request waits, while all else ends it.
        told: hears why it waits.

    Returns:
        What stood in the way.
    """
    stopped: Stopped | None = None
    try:
        take_steps(request, clock)
    except IllegalMove as elsewhere:  # another process, or its holder, has moved it: what they did stands
        stopped = elsewhere
    except (OfficeProblem, SignatureProblem) as problem:
        stopped = problem
        if isinstance(problem, passing):
            told(problem)
        else:
            end(request, S.FAILED, words_of(problem), clock(), by_holder=True)
    mine(request).filter(state__in=OPEN_REMOTE).update(claimed_until=clock() + PAUSE)
    return stopped


def end_of_closed(at: datetime) -> None:
    """Whoever has no account any more signs nothing, whatever they agreed to (SEC-5)."""
    for request in RemoteRequest.objects.filter(state__in=OPEN_REMOTE, person__user__is_active=False):
        words = Words("tài khoản của người yêu cầu đã khóa", "the account of who asked is closed")
        end(request, S.FAILED, words, at, told=False)


def require_asker(request: RemoteRequest, actor: Person) -> None:
    """Raises `Forbidden`: somebody else asked."""
    if request.person_id != actor.pk:
        raise Forbidden(who="người đã yêu cầu ký", who_en="who asked for the signature")


def require_awaited(
    request: RemoteRequest, where: KeyKind, *, actor: Person, at: datetime, seals: bool = False
) -> None:
    """What who asked brings from where the key is, is still waited for; `seals`: with the agency's. Raises `Forbidden`:
    somebody else asked; `NothingWaits`: it came, was cancelled or is over, or it is another key, or elsewhere."""
    require_asker(request, actor)
    fits = request.key.kind == where and (request.key.organization_id is not None) == seals
    if not fits or request.state != S.WAITING or at >= request.expires_at:
        raise NothingWaits()


def require_open_account(person: Person) -> None:
    """Raises `Forbidden`: the account was closed."""
    if not get_user_model().objects.filter(pk=person.user_id, is_active=True).exists():
        raise Forbidden(who="người có tài khoản đang mở", who_en="whose account is open")


def end(
    request: RemoteRequest, to: RemoteState, why: Words, at: datetime, *, told: bool = True, by_holder: bool = False
) -> bool:
    """End a request without signatures; False: it has ended already, or (`by_holder`) another has it in hand."""
    try:
        with transaction.atomic():
            if by_holder and not mine(request).select_for_update().exists():
                return False
            workflow.advance(
                request, to=to, ended_at=at, handle=None, consent=None, why=why.vi[:300], why_en=why.en[:300]
            )
            for row in request.signings.filter(state=Open).select_related("document__organization"):
                who = actor_of(request.person) if to == S.CANCELLED else service_of(row.document.organization)
                drop(row, request, who, why, at, told=told)
            for rows in by_subject(sealings_of(request).filter(state=Open)):
                who = actor_of(request.person) if to == S.CANCELLED else service_of(request.person.organization)
                drop_sealing(rows, request, who, why, at, told=told)
    except IllegalMove:
        return False
    return True


def drop(
    row: RemoteSigning, request: RemoteRequest, who: Actor, why: Words, at: datetime, *, told: bool = True
) -> None:
    """One document of a request gets no signature; its signer is told."""
    dropped = RemoteSigning.objects.filter(pk=row.pk, state=Open)
    if not dropped.update(state=RemoteSigning.State.DROPPED, why=why.vi[:300], why_en=why.en[:300]):
        return
    record(OfficeEvent.SIGNING_DROPPED, who, row.document, at, request=request.pk, reason=why.vi[:300])
    if told:
        subject = row.document.subject
        afar, afar_en = (" từ xa", " from afar") if request.key.kind == KeyKind.REMOTE else ("", "")
        words = Words(f"Chưa ký được{afar}: {subject} ({why.vi})", f"Not signed{afar_en}: {subject} ({why.en})")
        notify([request.person], row.document, words, at=at)


def sealings_of(request: RemoteRequest) -> QuerySet[Sealing]:
    """What is sealed by a request, in the order of its question, with all that it belongs to."""
    return request.sealings.select_related(
        "document__organization", "enclosure", "copy__organization", "copy__outgoing", "copy__incoming"
    )


def by_subject(rows: Iterable[Sealing]) -> list[list[Sealing]]:
    """The files of each document together, as they are sealed; each copy by itself."""
    found: dict[tuple[int | None, int | None], list[Sealing]] = {}
    for row in rows:
        found.setdefault((row.document_id, row.copy_id), []).append(row)
    return list(found.values())


def drop_sealing(
    rows: Sequence[Sealing], request: RemoteRequest, who: Actor, why: Words, at: datetime, *, told: bool = True
) -> None:
    """The files of one document, or one copy, get no seal; the clerk is told."""
    dropped = Sealing.objects.filter(pk__in=[row.pk for row in rows], state=Open)
    if not dropped.update(state=Sealing.State.DROPPED, why=why.vi[:300], why_en=why.en[:300]):
        return
    subject = rows[0].subject
    record(OfficeEvent.SEALING_DROPPED, who, subject, at, request=request.pk, files=len(rows), reason=why.vi[:300])
    if told:
        name = subject.subject
        words = Words(f"Chưa đóng dấu được: {name} ({why.vi})", f"Not sealed: {name} ({why.en})")
        notify([request.person], subject, words, at=at)


def awaited_of(request: RemoteRequest) -> Sequence[AwaitedSignature]:
    """The files for which a request wants signatures, in its order."""
    return list(request.signings.all() if request.key.organization_id is None else request.sealings.all())


def words_of(problem: OfficeProblem | SignatureProblem) -> Words:
    """A refusal, as it is told of a request."""
    return Words(problem.message_vi, problem.message_en)
