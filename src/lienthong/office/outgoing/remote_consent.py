"""A consent that the owner of a key gives in their browser, on a page of the service (CSC API v2, 8.4): one more
beginning of signing from afar. The request waits for the browser to come back, and goes on as any other from there."""

from __future__ import annotations

from django.db import transaction

from lienthong.office.models import KeyKind, Person, RemoteCredential, RemoteRequest, RemoteState
from lienthong.office.outgoing import remote
from lienthong.office.outgoing.batch import Outcome
from lienthong.office.outgoing.remote_requests import IN_HAND, end, require_awaited
from lienthong.office.people.csc import Csc, Going
from lienthong.office.people.openid import SAFE
from lienthong.office.people.remote_errors import NothingWaits
from lienthong.office.workflow import remote as workflow
from lienthong.office.workflow.together import Clock
from lienthong.standards.statuses import Words

S = RemoteState


def consent_at(request: RemoteRequest, going: Going) -> str:
    """Where the owner agrees in their browser, while that is waited for; empty where they do not agree so."""
    credential = RemoteCredential.objects.select_related("service").filter(key=request.key_id, by_browser=True).first()
    if credential is None or request.key.kind != KeyKind.REMOTE or request.state != S.WAITING:
        return ""
    digests = remote.digests_of(request)
    return Csc(credential.service).consent_at(
        credential.credential, digests, going, described=remote.described(digests)
    )


def agreed(request: RemoteRequest, code: str, going: Going, *, actor: Person, clock: Clock) -> list[Outcome]:
    """The owner's browser came back from the service: keep their consent, and go on; what became of each document.

    Args:
        code: what the service gave for it; empty: they did not agree.

    Raises:
        Forbidden: somebody else asked. NothingWaits: it has ended, or they agreed already.
        ServiceAway, ServiceRefused: there is no consent; it is still waited for.
    """
    require_awaited(request, KeyKind.REMOTE, actor=actor, at=clock())
    credential = remote.require_credential(request.key, clock())
    if not credential.by_browser:
        raise NothingWaits()
    rows = list(request.signings.select_related("document"))
    if not code:
        end(
            request, S.FAILED, Words("người ký không đồng ý ở dịch vụ", "the signer did not agree"), clock(), told=False
        )
    else:
        consent = Csc(credential.service).consent_of(code, going)
        with transaction.atomic():
            workflow.advance(
                request, to=S.ALLOWED, consent=SAFE.hide(consent), handle=None, claimed_until=clock() + IN_HAND
            )
        remote.go_on(request, clock)
    return remote.outcomes_of(request, [Outcome(row.document) for row in rows])
