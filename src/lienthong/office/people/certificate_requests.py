"""Requests to the provider of certificates: a new one, a renewed one, a revocation (Decision 28, Article 18).

filed → approved | refused (a leader); approved → sent; sent → received | refused (as the provider answers). From the
approval of a revocation on nothing is signed with the certificate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import override

from lienthong.journal.record import Subject, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.office.errors import SHORTEST_REASON, Forbidden, Missing
from lienthong.office.models import CertificateRequest, Person, RequestKind, RequestState, Role, SigningKey
from lienthong.office.people import certificates
from lienthong.office.people.access import WORDS, people_with, require, roles
from lienthong.office.people.actors import actor_of
from lienthong.office.people.certificate_errors import NotListed, RequestElsewhere, RequestUnderWay
from lienthong.office.people.certificates import Owner
from lienthong.office.people.notices import ring
from lienthong.standards.statuses import Words

SENDERS = (Role.ADMINISTRATOR,)
"""Who deals with the provider."""
FOR_THE_AGENCY = (Role.ADMINISTRATOR, Role.CLERK)
"""Who may ask for the agency's own certificate."""
S = RequestState
KIND_WORDS = {
    RequestKind.NEW: Words("cấp mới chứng thư số", "a new certificate"),
    RequestKind.RENEW: Words("cấp lại chứng thư số", "a renewed certificate"),
    RequestKind.REVOKE: Words("thu hồi chứng thư số", "the revocation of a certificate"),
}


@dataclass(frozen=True)
class Wish:
    """What is asked for.

    Attributes:
        owner: whose certificate; a person, or the agency for its seal.
        key: what is to be renewed or revoked; None for a new one.
    """

    kind: RequestKind
    owner: Owner
    key: SigningKey | None
    reason: str


def seen_by(person: Person) -> QuerySet[CertificateRequest]:
    """The requests that a person may see: their own, those about them; the agency's for who sees its certificates."""
    found = CertificateRequest.objects.filter(organization=person.organization)
    found = found.select_related("person", "organization", "key__person", "key__organization", "filed_by", "decided_by")
    if roles(person) & {role.value for role in certificates.READERS}:
        return found
    return found.filter(Q(filed_by=person) | Q(person=person))


def find(person: Person, pk: int) -> CertificateRequest:
    """One of those. Raises `NotListed`."""
    found = seen_by(person).filter(pk=pk).first()
    if found is None:
        raise NotListed()
    return found


def waiting_for(person: Person) -> QuerySet[CertificateRequest]:
    """The requests whose next step is this person's, the oldest first."""
    held, turn = roles(person), Q(pk__in=[])
    if Role.LEADER in held:
        turn |= Q(state=S.FILED)
    if Role.ADMINISTRATOR in held:
        turn |= Q(state__in=(S.APPROVED, S.SENT))
    return seen_by(person).filter(turn).order_by("filed_at")


def may_file(person: Person, owner: Owner) -> bool:
    """Whether a person may ask for a certificate of this owner."""
    return owner == person or bool(roles(person) & {role.value for role in _askers(owner)})


def file(wish: Wish, *, actor: Person, at: datetime) -> CertificateRequest:
    """Ask for a certificate, or for a revocation; the leaders are told.

    Raises:
        Forbidden: it is neither one's own nor one's to see to.
        NotListed: the certificate is another owner's, or the owner of another agency.
        Missing: no reason; or no certificate that is to be renewed or revoked.
        RequestUnderWay: the same was asked for already.
    """
    if certificates.organization_of(wish.owner).pk != actor.organization_id:
        raise NotListed()
    if not may_file(actor, wish.owner):
        asked = [*_askers(wish.owner)]
        own = ("chủ chứng thư số", "the owner")
        words = [WORDS[role] for role in asked] + ([own] if isinstance(wish.owner, Person) else [])
        raise Forbidden(who=" hoặc ".join(vi for vi, _ in words), who_en=" or ".join(en for _, en in words))
    _require_whole(wish)
    person = wish.owner if isinstance(wish.owner, Person) else None
    try:
        with transaction.atomic():
            made = CertificateRequest.objects.create(
                organization=actor.organization, person=person, kind=wish.kind, key=wish.key, filed_at=at,
                filed_by=actor, reason=wish.reason.strip(),
            )  # fmt: skip
            _record(OfficeEvent.CERTIFICATE_REQUEST_FILED, made, actor, at, reason=made.reason)
            _tell(made, people_with(actor.organization_id, Role.LEADER), Words("Chờ duyệt", "To approve"), at)
    except IntegrityError as reason:
        raise RequestUnderWay() from reason
    return made


def approve(request: CertificateRequest, *, actor: Person, at: datetime) -> None:
    """A leader approves. Raises `Forbidden`, `RequestElsewhere`."""
    require(actor, Role.LEADER)
    with transaction.atomic():
        _advance(request, (S.FILED,), S.APPROVED, decided_at=at, decided_by=actor)
        _record(OfficeEvent.CERTIFICATE_REQUEST_APPROVED, request, actor, at)
        senders = people_with(request.organization_id, Role.ADMINISTRATOR)
        _tell(request, senders, Words("Gửi nhà cung cấp", "To send to the provider"), at)


def refuse(request: CertificateRequest, *, reason: str, actor: Person, at: datetime) -> None:
    """A leader refuses what was filed; or the provider refused what was sent, as the administrator notes.

    Raises:
        Forbidden, RequestElsewhere; Missing: no reason.
    """
    request.refresh_from_db()
    decides = request.state == S.FILED
    require(actor, *((Role.LEADER,) if decides else SENDERS))
    _require_reason(reason)
    decision = {"decided_at": at, "decided_by": actor} if decides else {}
    with transaction.atomic():
        _advance(
            request, (S.FILED if decides else S.SENT,), S.REFUSED, ended_at=at, refused_for=reason.strip(), **decision
        )
        _record(OfficeEvent.CERTIFICATE_REQUEST_REFUSED, request, actor, at, reason=reason.strip())
        _tell(request, _askers_of(request), Words("Không được chấp thuận", "Refused"), at)


def send(request: CertificateRequest, *, sent_on: date | None, reference: str, actor: Person, at: datetime) -> None:
    """Note that the request went to the provider: the day, and number and date of the letter.

    Raises:
        Forbidden, RequestElsewhere; Missing: no letter, or a day that is not over.
    """
    require(actor, *SENDERS)
    if not reference.strip():
        raise Missing(what="số, ngày văn bản gửi nhà cung cấp", what_en="number and date of the letter")
    if sent_on is None or sent_on > timezone.localdate(at):
        raise Missing(what="ngày gửi đã qua", what_en="a day of sending that is over")
    with transaction.atomic():
        _advance(request, (S.APPROVED,), S.SENT, sent_on=sent_on, reference=reference.strip()[:200])
        _record(
            OfficeEvent.CERTIFICATE_REQUEST_SENT, request, actor, at,
            sent_on=sent_on.isoformat(), reference=request.reference,
        )  # fmt: skip


def receive(request: CertificateRequest, *, result: SigningKey | None, actor: Person, at: datetime) -> None:
    """Note that the provider did it: the new certificate, which is registered before; or the old one is revoked.

    Raises:
        Forbidden, RequestElsewhere; Missing: no registered certificate of the same owner.
    """
    require(actor, *SENDERS)
    revocation = request.kind == RequestKind.REVOKE
    if not revocation and result not in results_for(request):
        raise Missing(
            what="chứng thư số mới đã đăng ký của cùng chủ thể", what_en="its owner's new certificate, registered"
        )
    with transaction.atomic():
        _advance(request, (S.SENT,), S.RECEIVED, ended_at=at, result=None if revocation else result)
        facts = {} if result is None or revocation else {"serial": certificates.facts_of(result).serial}
        _record(OfficeEvent.CERTIFICATE_REQUEST_RECEIVED, request, actor, at, **facts)
        if revocation and request.key is not None:
            certificates.revoke(request.key, since=at, reason=request.reason, actor=actor_of(actor), at=at)
        _tell(request, _askers_of(request), Words("Đã xong", "Done"), at)


def results_for(request: CertificateRequest) -> list[SigningKey]:
    """The certificates that may have come of a request: registered since it was filed, its owner's, in use."""
    owner = {"person": request.person} if request.person else {"organization": request.organization}
    found = certificates.current(SigningKey.objects.filter(**owner, registered_at__gte=request.filed_at))
    return list((found.exclude(pk=request.key.pk) if request.key else found).order_by("-registered_at"))


def subject_of(request: CertificateRequest) -> Subject:
    """A request as the journal names it."""
    return Subject("certificate_request", str(request.pk))


def _askers(owner: Owner) -> tuple[Role, ...]:
    return SENDERS if isinstance(owner, Person) else FOR_THE_AGENCY


def _askers_of(request: CertificateRequest) -> list[Person]:
    return [request.filed_by, *([request.person] if request.person else [])]


def _require_whole(wish: Wish) -> None:
    _require_reason(wish.reason)
    if wish.kind == RequestKind.NEW:
        if wish.key is not None:
            raise NotListed()
        return
    if wish.key is None or wish.key.revoked_at is not None:
        raise Missing(what="chứng thư số cần cấp lại hoặc thu hồi", what_en="the certificate to renew or revoke")
    if certificates.owner_of(wish.key) != wish.owner:
        raise NotListed()


def _require_reason(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise Missing(what="lý do (từ 10 ký tự)", what_en="the reason (10 characters or more)")


def _advance(request: CertificateRequest, since: tuple[RequestState, ...], to: RequestState, **changes: object) -> None:
    """The one place where a request changes its state: only from where the act finds it. Raises `RequestElsewhere`."""
    moved = CertificateRequest.objects.filter(pk=request.pk, state__in=since).update(state=to, **changes)
    request.refresh_from_db()
    if not moved:
        raise RequestElsewhere(state=label_of(request, "vi"), state_en=label_of(request, "en"))


def label_of(request: CertificateRequest, language: str) -> str:
    """The state of a request in words of a language."""
    with override(language):
        return str(request.get_state_display())


def _tell(request: CertificateRequest, people: Iterable[Person], what: Words, at: datetime) -> None:
    owner, kind = _owner_name(request), KIND_WORDS[RequestKind(request.kind)]
    words = Words(f"{what.vi}: đề nghị {kind.vi} của {owner}", f"{what.en}: request for {kind.en}, {owner}")
    ring(people, words, link=f"/chung-thu/de-nghi/{request.pk}/", at=at)


def _owner_name(request: CertificateRequest) -> str:
    return request.person.full_name if request.person else request.organization.name


def _record(event: OfficeEvent, request: CertificateRequest, actor: Person, at: datetime, **data: object) -> None:
    facts = {"kind": request.kind, "owner": _owner_name(request)}
    record(event, actor=actor_of(actor), subject=subject_of(request), at=at, **facts, **data)
