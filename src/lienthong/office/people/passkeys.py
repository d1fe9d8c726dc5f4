"""Keys as a second factor: a security key, or a passkey of a phone or computer (W3C Web Authentication; SEC-4).

A key answers for one address alone, so that whoever is lured to another gives nothing away. Its private half never
leaves it; here are its public half and the counter of its uses. Each question is asked once, and holds five minutes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from fido2.cose import UnsupportedKey
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from lienthong.office.models import Passkey, Person, SecondFactor
from lienthong.office.people import second_factor
from lienthong.office.people.sign_in_errors import PasskeyRefused, PasskeyTaken, TooManyPasskeys

SECONDS = 300
"""How long an answer is waited for."""
MOST = 10
"""Keys of one person."""
LARGEST = 16 << 10
"""Characters of an answer."""
LONGEST_ID = 1023
"""Bytes of a key's identifier (W3C Web Authentication, 4)."""
Question = dict[str, Any]
"""What a browser is asked, and, beside it in the session, what its answer is held to."""


def place() -> str:
    """The host that keys answer for; empty where there is none: an address without a name has no keys."""
    host = urlsplit(settings.LIENTHONG.address).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return host
    return ""


def ask_to_add(person: Person, *, at: datetime) -> tuple[Question, Question]:
    """The question that makes a new key for a person: for the browser, and for the session."""
    user = PublicKeyCredentialUserEntity(
        id=f"{person.pk}".encode(), name=person.user.get_username(), display_name=person.full_name
    )
    options, state = _server().register_begin(
        user, _data(_keys(person)), resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )  # fmt: skip
    return dict(options), _kept(state, at)


def add(
    person: Person, answer: str, asked: Question | None, *, name: str, shows: second_factor.Shows, at: datetime
) -> list[str]:
    """Let a key count; gives recovery codes where it is the first of a person's factors.

    Args:
        shows: that it is the person, by the factor that they have already, a key of it as well: whoever sits at
            another's open desk adds no key of their own.

    Raises:
        PasskeyRefused: its answer does not hold.
        WrongCode, CodesLocked, TooManyPasskeys, PasskeyTaken.
    """
    state = _require_asked(asked, at)
    try:
        made = _server().register_complete(state, _read(answer))
        data, counter = made.credential_data, made.counter
        known = data is not None and type(data.public_key) is not UnsupportedKey
    except Exception as fault:  # whatever the library stumbles over in a stranger's bytes is no answer
        raise _refused() from fault
    if data is None or not known or len(data.credential_id) > LONGEST_ID:
        raise _refused()
    second_factor.require_shown(person, shows, at=at)
    if len(_keys(person)) >= MOST:
        raise TooManyPasskeys(most=MOST)
    try:
        with transaction.atomic():
            factor, first = _factor(person, at)
            Passkey.objects.create(
                factor=factor, name=name.strip()[:60] or "Khóa bảo mật", credential=bytes(data.credential_id),
                data=bytes(data), counter=counter, added_at=at,
            )  # fmt: skip
            second_factor.note_added(person, at, key=name.strip()[:60])
            return second_factor.new_codes(factor) if first else []
    except IntegrityError as fault:  # it is somebody's already
        raise PasskeyTaken() from fault


def ask_to_pass(person: Person, *, at: datetime) -> tuple[Question, Question] | None:
    """The question for any key of a person: for the browser, and for the session; None where they have none."""
    keys = _keys(person)
    if not keys or not place():
        return None
    options, state = _server().authenticate_begin(_data(keys), user_verification=UserVerificationRequirement.PREFERRED)
    return dict(options), _kept(state, at)


def passes(person: Person, answer: str, asked: Question | None, *, at: datetime) -> bool:
    """Whether a key of the person's answered the question, now and with a counter that has grown."""
    keys = _keys(person)
    try:
        state, told = _require_asked(asked, at), _read(answer)
        used = _server().authenticate_complete(state, _data(keys), told)
        counter = AuthenticationResponse.from_dict(told).response.authenticator_data.counter
    except Exception:  # as above: it lets nobody in, and counts as an attempt
        return False
    key = next(one for one in keys if bytes(cast("bytes", one.credential)) == used.credential_id)
    fresh = Passkey.objects.filter(pk=key.pk)
    if counter or key.counter:  # a key that counts has to count on; many passkeys never do
        fresh = fresh.filter(counter__lt=counter)
    return bool(fresh.update(counter=counter, used_at=at))


def require(person: Person, answer: str, asked: Question | None, *, at: datetime) -> bool:
    """A key of the person's answered the question. Raises `PasskeyRefused`."""
    if not passes(person, answer, asked, at=at):
        raise _refused()
    return True


def _server() -> Fido2Server:
    own = settings.LIENTHONG.address.rstrip("/")
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=place(), name=second_factor.ISSUER), verify_origin=lambda origin: origin == own
    )


def _keys(person: Person) -> list[Passkey]:
    return list(Passkey.objects.filter(factor__person=person, factor__confirmed_at__isnull=False))


def _data(keys: Sequence[Passkey]) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(bytes(cast("bytes", one.data))) for one in keys]


def _factor(person: Person, at: datetime) -> tuple[SecondFactor, bool]:
    """The person's factor, and whether it counts only from now on; an app that was begun may still be confirmed."""
    factor, _ = SecondFactor.objects.get_or_create(person=person, defaults={"secret": b"", "begun_at": at})
    first = SecondFactor.objects.filter(pk=factor.pk, confirmed_at=None).update(confirmed_at=at)
    return factor, bool(first)


def _kept(state: Question, at: datetime) -> Question:
    return {"challenge": state["challenge"], "at": at.timestamp()}


def _require_asked(asked: Question | None, at: datetime) -> Question:
    if not asked or at.timestamp() - asked["at"] > SECONDS:
        raise _refused()
    return {"challenge": asked["challenge"], "user_verification": UserVerificationRequirement.PREFERRED}


def _read(answer: str) -> Question:
    told = json.loads(answer) if len(answer) <= LARGEST else None
    if not isinstance(told, dict):
        raise _refused()
    return told


def _refused() -> PasskeyRefused:
    return PasskeyRefused(
        why="câu trả lời không hợp lệ hoặc đã quá năm phút", why_en="its answer does not hold, or came too late"
    )
