"""The end of a certificate, told before it comes, and its revocation, as soon as its authority says so."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from lienthong.journal.record import record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look import english, vietnamese
from lienthong.office.models import ExpiryWarning, Organization, Person, Role, SigningKey
from lienthong.office.people.access import people_with, roles
from lienthong.office.people.actors import service_of
from lienthong.office.people.certificates import current, facts_of, of_agency, revoke, subject_of
from lienthong.office.people.notices import ring
from lienthong.standards.signatures.material import Validation
from lienthong.standards.signatures.revocation import standing
from lienthong.standards.statuses import Words

WARNING_DAYS = (60, 30, 7)
"""So many days before its end a certificate is warned of."""
KEEPERS_OF_THE_SEAL = (Role.CLERK, Role.ADMINISTRATOR)
"""Who is told of the agency's own certificate."""


def ending(keys: QuerySet[SigningKey], at: datetime) -> QuerySet[SigningKey]:
    """Of these, what is in use and ends within the longest of the warnings, or has ended; the next one first."""
    return current(keys).filter(valid_to__lte=_horizon(at)).order_by("valid_to")


def is_near(key: SigningKey, at: datetime) -> bool:
    """Whether its end has come that near."""
    return key.valid_to <= _horizon(at)


def concerning(person: Person, at: datetime) -> QuerySet[SigningKey]:
    """What ends and is this person's to see to: their own, and the agency's where they keep it."""
    mine = Q(person=person)
    if roles(person) & {role.value for role in KEEPERS_OF_THE_SEAL}:
        mine |= Q(organization=person.organization)
    return ending(of_agency(person.organization).filter(mine), at)


def warn(organization: Organization, *, at: datetime) -> int:
    """Warn of each certificate that came near its end: once for each of the days, and only for the nearest one where
    several were passed since the last look. Returns how many were warned of."""
    return sum(_warn(key, organization, at) for key in ending(of_agency(organization), at))


def note_revocations(organization: Organization, *, validation: Validation, at: datetime) -> int:
    """Ask the authorities of the trust how the certificates in use stand, and note those that they revoked. Who
    does not answer has said nothing. Returns how many were revoked."""
    found = 0
    for key in current(of_agency(organization)):
        since = _revoked_since(key, validation, at)
        if since is not None and since <= at:
            found += _revoked(key, organization, since, at)
    return found


def _horizon(at: datetime) -> datetime:
    return at + timedelta(days=max(WARNING_DAYS))


def _warn(key: SigningKey, organization: Organization, at: datetime) -> bool:
    left = key.valid_to - at
    days = min(days for days in WARNING_DAYS if left <= timedelta(days=days))
    if key.warnings.filter(days__lte=days).exists():
        return False
    with transaction.atomic():
        # Of two workers at once the second finds the row of the first, which the database lets be there once.
        _, made = ExpiryWarning.objects.get_or_create(key=key, days=days, defaults={"at": at})
        if made:
            record(
                OfficeEvent.CERTIFICATE_EXPIRING, actor=service_of(organization), subject=subject_of(key), at=at,
                owner=key.owner_name, serial=facts_of(key).serial, until=key.valid_to.isoformat(), days=days,
            )  # fmt: skip
            _tell(key, organization, _ends(key, at), at)
    return made


def _ends(key: SigningKey, at: datetime) -> Words:
    end, days = timezone.localtime(key.valid_to), (key.valid_to - at).days
    if key.valid_to < at:
        return Words(
            f"Chứng thư số của {key.owner_name} đã hết hạn ngày {vietnamese.day(end)}: đề nghị cấp lại",
            f"The certificate of {key.owner_name} ended on {english.day(end)}: ask for another one",
        )
    return Words(
        f"Chứng thư số của {key.owner_name} hết hạn ngày {vietnamese.day(end)}, còn {days} ngày: đề nghị cấp lại",
        f"The certificate of {key.owner_name} ends on {english.day(end)}, days left: {days}; ask for another one",
    )


def _revoked_since(key: SigningKey, validation: Validation, at: datetime) -> datetime | None:
    der = facts_of(key).der
    said = validation.at_hand(der, (), at)
    if len(said.certificates) < 2:
        return None
    issuer, moment = said.certificates[1], min(at, key.valid_to)
    found = standing(der, issuer, crls=said.crls, responses=said.responses, at=moment)
    return None if found.on_hold else found.revoked_at  # who holds it may let it go again


def _revoked(key: SigningKey, organization: Organization, since: datetime, at: datetime) -> bool:
    words = Words(
        f"Chứng thư số của {key.owner_name} đã bị nơi cấp thu hồi: không ký được nữa, đề nghị cấp mới",
        f"The certificate of {key.owner_name} was revoked by its authority and signs no more: ask for a new one",
    )
    with transaction.atomic():
        said = "theo danh sách thu hồi của nơi cấp"
        done = revoke(key, since=since, reason=said, actor=service_of(organization), at=at)
        if done:
            _tell(key, organization, words, at)
    return done


def _tell(key: SigningKey, organization: Organization, words: Words, at: datetime) -> None:
    if key.person is not None:
        people = [key.person]
    else:
        people = [one for role in KEEPERS_OF_THE_SEAL for one in people_with(organization.pk, role)]
    ring(people, words, link=f"/chung-thu/{key.pk}/", at=at)
