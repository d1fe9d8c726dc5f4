"""Setting up an agency: its units, its people with their posts, the keys that they sign with."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import transaction

from lienthong.journal.record import Actor, Subject, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.vietnamese import sort_key
from lienthong.office import config
from lienthong.office.models import KeyKind, Organization, Person, Post, PresentationPolicy, SigningKey, Unit
from lienthong.office.people import agency, paper_rules, training
from lienthong.office.people.abbreviations import require_free
from lienthong.office.people.agency_errors import OtherKindOfCode
from lienthong.office.people.certificates import keep_key

SHORT = 100
"""Characters of an agency's short name."""
SETUP = Actor("service", "setup", "Cài đặt")


@dataclass(frozen=True)
class AgencyFacts:
    """What an agency is called."""

    code: str
    alias: str
    name: str
    short_name: str
    abbreviation: str
    place: str
    address: str = ""
    superior_name: str = ""


def install_agency(facts: AgencyFacts) -> Organization:
    """Add an agency; a known one stays as its people keep it. It begins with the rule of paper of Article 7.2a."""
    organization, _ = Organization.objects.get_or_create(
        code=facts.code, defaults={name: value for name, value in vars(facts).items() if name != "code"}
    )
    paper_rules.install(organization, SETUP, at=datetime.now(UTC))
    return organization


def add_agency(code: str, given: Mapping[str, str], *, at: datetime) -> Organization:
    """Add an agency that this office does not have yet, with the facts that are given as texts; each is one that its
    page would take. Raises `BadFact`, `OtherKindOfCode`, `AbbreviationTaken`."""
    made = Organization(code=agency.cleaned_code(code))
    if training.is_foreign(made.code, training=config.training()):
        raise OtherKindOfCode(code=made.code)
    short = given.get("name", "")[:SHORT]
    facts = {"name": "", "abbreviation": "", "place": "Hà Nội", "short_name": short, **given}
    for name, text in facts.items():
        setattr(made, name, agency.cleaned(agency.BY_NAME[name], text, made))
    with transaction.atomic():
        made.save()
        require_free(made, made.abbreviation, at=at, for_body=False)
        paper_rules.install(made, SETUP, at=at)
    return made


def set_presentation_policy(
    organization: Organization, policy: PresentationPolicy, *, at: datetime, reference: str
) -> None:
    """Let faults of presentation only warn, or block, from now on, as the head decided (R-6.4-1). Raises `Missing`."""
    agency.amend(organization, {"presentation_policy": policy.value}, SETUP, at=at, reference=reference)


def install_unit(organization: Organization, abbreviation: str, name: str, parent: Unit | None = None) -> Unit:
    """Add a unit, or rename a known one."""
    unit, _ = Unit.objects.update_or_create(
        organization=organization, abbreviation=abbreviation, defaults={"name": name, "parent": parent}
    )
    return unit


def install_person(organization: Organization, *, login: str, name: str, password: str, at: datetime) -> Person:
    """Add a person with an account of their own (SEC-5), or give a known one a new password."""
    user, _ = get_user_model().objects.get_or_create(username=login)
    user.set_password(password)
    user.save()
    with transaction.atomic():
        person, made = Person.objects.update_or_create(
            user=user,
            defaults={
                "organization": organization, "full_name": name, "sort_key": by_given_name(name),
                "password_due": False, "password_set_at": at,
            },
        )  # fmt: skip
        if made:
            subject = Subject("account", login[:64])
            record(OfficeEvent.PERSON_ADDED, actor=SETUP, subject=subject, at=at, name=name)
    return person


def install_post(person: Person, unit: Unit, role: str, *, position: str, competence: str = "", since: date) -> Post:
    """Give a person a role in a unit from a day on; one that they have or had stays as it is but for its words."""
    post = Post.objects.filter(person=person, unit=unit, role=role).order_by("-valid_from").first()
    if post is None:
        return Post.objects.create(
            person=person, unit=unit, role=role, position=position, competence=competence, valid_from=since
        )
    post.position, post.competence = position, competence
    post.save(update_fields=["position", "competence"])
    return post


def register_key(
    owner: Person | Organization, *, location: Path, certificate: bytes, image: bytes | None, at: datetime
) -> SigningKey:
    """Register the PKCS#12 file that somebody signs with; the one before is retired. Raises `WrongOwner`."""
    return keep_key(owner, certificate, kind=KeyKind.PKCS12, location=str(location), image=image, actor=SETUP, at=at)


def new_pin() -> str:
    """A PIN of six digits."""
    return f"{secrets.randbelow(10**6):06d}"


def by_given_name(name: str) -> str:
    """Vietnamese lists go by the given name, which stands last."""
    *family, given = name.split()
    return sort_key(f"{given} {' '.join(family)}")
