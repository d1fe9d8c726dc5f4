"""Signing by the token at the signer's own machine: the way of `remote`, whose consent and signature come in one step.

Approve, prepare the file up to the signature, keep it; the signer's page then has the helper at their machine sign the
attributes, and brings back what it made. What does not fit is refused before anything moves; what fits is kept first,
then time-stamped and put in by the same steps as any signature from afar.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any, cast

from django.db import transaction

from lienthong.office.models import AwaitedSignature, KeyKind, Person, RemoteRequest, RemoteSigning, RemoteState
from lienthong.office.outgoing import batch, remote
from lienthong.office.outgoing.batch import Chosen, Outcome
from lienthong.office.outgoing.remote_requests import IN_HAND, Ready, keep, require_awaited
from lienthong.office.people import own_tokens, strict
from lienthong.office.people.keys import key_of_person
from lienthong.office.people.remote_errors import ForeignSignature
from lienthong.office.workflow import remote as workflow
from lienthong.office.workflow.together import Clock
from lienthong.standards.signatures.errors import KeyUnusable
from lienthong.standards.signatures.keys import FarKey

S = RemoteState


def ask(chosen: Sequence[Chosen], *, actor: Person, clock: Clock) -> list[Outcome]:
    """The signer approves each document; all of them wait for one use of the token.

    Raises:
        Forbidden, NothingChosen, NoKey; what `own_tokens.holder_of` raises: then nothing was done.
    """
    batch.require_to_sign(chosen, actor)
    key = key_of_person(actor)
    holder = own_tokens.holder_of(key, clock())
    ready: list[Ready] = []
    outcomes = batch.each(chosen, lambda one: ready.append(remote.prepare(one, key, holder, actor, clock())))
    if not ready:
        return outcomes
    request = keep(ready, key, actor, clock(), state=S.WAITING)
    return remote.outcomes_of(request, outcomes)


def question_of(request: RemoteRequest) -> dict[str, Any] | None:
    """What the page asks the helper, while the signature is awaited: each document in words, and what is signed for it;
    no word of its content."""
    if request.key.kind != KeyKind.OWN_TOKEN or request.state != S.WAITING:
        return None
    return {
        "documents": [
            {
                "words": f"{one.document.type_name} …/{one.document.notation}: {one.document.subject}",
                "attributes": b64encode(bytes(cast("bytes", one.attributes))).decode(),
            }
            for one in request.signings.all()
        ]
    }


def take(request: RemoteRequest, told: str, *, actor: Person, clock: Clock) -> list[Outcome]:
    """Take what the helper made, and put it in; what became of each document.

    Args:
        told: JSON, {"signatures": [hexadecimal, …]} in the order of the question.

    Raises:
        Forbidden: somebody else asked. NothingWaits: it is signed, cancelled or over.
        ForeignSignature: one is not by the registered certificate, or for something else. Nothing has moved.
    """
    require_awaited(request, KeyKind.OWN_TOKEN, actor=actor, at=clock())
    rows = list(request.signings.select_related("document"))
    signatures = fitting(request, rows, told)
    with transaction.atomic():
        workflow.advance(request, to=S.ALLOWED)
        workflow.advance(request, to=S.SIGNED, claimed_until=clock() + IN_HAND)
        for row, signature in zip(rows, signatures, strict=True):
            RemoteSigning.objects.filter(pk=row.pk).update(signature=signature)
    remote.go_on(request, clock)
    return remote.outcomes_of(request, [Outcome(row.document) for row in rows])


def fitting(request: RemoteRequest, rows: Sequence[AwaitedSignature], told: str) -> list[bytes]:
    """What a helper gave, once it is seen that each signature is the registered key's, over what its row says. Raises
    `ForeignSignature`."""
    try:
        listed = strict.listed(strict.an_object(told.encode()).get("signatures"), len(rows))
        signatures = [bytes.fromhex(strict.text(one, strict.LONGEST)) for one in listed]
        for row, signature in zip(rows, signatures, strict=True):
            key = FarKey(bytes(cast("bytes", request.key.certificate)), (), signature)
            key.sign(bytes(cast("bytes", row.attributes)), "sha256")
    except (ValueError, KeyUnusable) as fault:
        raise ForeignSignature() from fault
    return signatures
