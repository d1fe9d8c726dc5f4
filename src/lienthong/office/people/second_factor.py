"""A second factor at sign-in: six digits of an authenticator (TOTP, RFC 6238), a recovery code for one use, or a key
(`passkeys`) (SEC-4).

The secret is encrypted with the installation's key; of recovery codes only digests are kept. No code and no secret is
written to journal, logs or addresses.
"""

from __future__ import annotations

import secrets
from base64 import b32encode
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import TypeVar
from urllib.parse import quote, urlencode

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from lienthong.journal.attempts import is_locked, note_attempt
from lienthong.journal.record import Subject, record
from lienthong.journal.vocabulary import OfficeEvent
from lienthong.look.secrets import Safe
from lienthong.office.errors import OfficeProblem
from lienthong.office.models import Person, RecoveryCode, RightKind, Role, SecondFactor
from lienthong.office.people import access, staff
from lienthong.office.people.actors import actor_of
from lienthong.office.people.notices import ring
from lienthong.office.people.sign_in_errors import CodesLocked, NoFactor, PasskeyRefused, WrongCode
from lienthong.standards.statuses import Words

SAFE = Safe(b"lienthong-office")
STEP_SECONDS = 30
DIGITS = 6
EARLIER, LATER = 1, 1
"""Steps by which a device's clock may be off."""
CODES = 10
"""Recovery codes that are given at once."""
ISSUER = "Liên Thông"
T = TypeVar("T")
Shows = Callable[[], bool]
"""Tells whether what was given shows that it is the person: a code, or a key's answer; it may raise why it does not."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_HALF = 5
"""Letters in each of the two parts of a recovery code: fifty bits together."""


def of(person: Person) -> SecondFactor | None:
    """The person's second factor, once it counts."""
    factor: SecondFactor | None = getattr(person, "second_factor", None)
    return factor if factor is not None and factor.confirmed_at is not None else None


def mark_of(person: Person) -> str | None:
    """What a session keeps of the factor that was shown: another factor, or one without a key of before, has another
    mark."""
    factor = of(person)
    return f"{factor.pk} {factor.begun_at.isoformat()}" if factor is not None else None


def begin(person: Person, shows: Shows, *, at: datetime, known: str = "") -> SecondFactor:
    """A secret for a device; it counts when a code of it comes back. One that this very session began and that waits
    stays the same, so that a page that is opened again does not make the scanned one worthless; one of another session
    may have been seen by anybody, and another takes its place. Who has keys alone may add one, and shows first that it
    is them: theirs is another each time.

    Args:
        known: the mark (`begun_mark`) of the secret that this session began.

    Raises:
        WrongCode, PasskeyRefused, CodesLocked.
    """
    require_shown(person, shows, at=at)
    factor, _ = SecondFactor.objects.get_or_create(person=person, defaults={"secret": b"", "begun_at": at})
    waiting = SecondFactor.objects.filter(pk=factor.pk, last_step=0)
    if of(person) is None and known and known == begun_mark(factor):
        return factor
    made = SAFE.hide(secrets.token_hex(20))
    if waiting.update(secret=made):
        factor.secret = made  # and not what stands there by now, which another session may have begun
    return factor


def begun_mark(factor: SecondFactor) -> str:
    """By what a session knows the secret that it began, and no other."""
    return sha256(bytes(factor.secret)).hexdigest()


def drop_begun(person: Person, mark: str) -> None:
    """Forget a secret that was begun and waits, where it is the one of this mark."""
    factor = SecondFactor.objects.filter(person=person, last_step=0).exclude(secret=b"").first()
    if factor is not None and begun_mark(factor) == mark:
        SecondFactor.objects.filter(pk=factor.pk, last_step=0, secret=factor.secret).update(secret=b"")


def key_of(factor: SecondFactor) -> str:
    """The secret as it is typed into a device: base32, in groups of four."""
    return " ".join(_base32(factor)[i : i + 4] for i in range(0, 32, 4))


def picture_of(factor: SecondFactor) -> str:
    """The secret as a QR code for a device's camera, an SVG element."""
    person = factor.person
    label = quote(f"{ISSUER} {person.organization.abbreviation}:{person.user.get_username()}")
    told = urlencode({"secret": _base32(factor), "issuer": ISSUER, "digits": DIGITS, "period": STEP_SECONDS})
    drawn: str = segno.make(f"otpauth://totp/{label}?{told}", error="m").svg_inline(
        border=3, dark="#000", light="#fff", omitsize=True, svgclass="qr"
    )
    return drawn


def confirm(factor: SecondFactor, code: str, *, at: datetime) -> list[str]:
    """Let a device count, with the first code of it; gives the recovery codes, which are shown once, unless there are
    keys, with which they were given.

    Raises:
        WrongCode, CodesLocked; NoFactor: it counts already, or none was begun.
    """
    person = factor.person
    if not factor.awaits_code:
        raise NoFactor()
    step = _tried(person, at, lambda: _step_of(factor, code, at))
    with transaction.atomic():
        waiting = SecondFactor.objects.filter(pk=factor.pk, last_step=0)
        if not waiting.update(last_step=step):
            raise NoFactor()
        first = SecondFactor.objects.filter(pk=factor.pk, confirmed_at=None).update(confirmed_at=at)
        note_added(person, at)
        return new_codes(factor) if first else []


def note_added(person: Person, at: datetime, **what: object) -> None:
    """A device or a key counts from now on: it is journalled, and told to the person and to administrators."""
    _record(OfficeEvent.SECOND_FACTOR_ADDED, person, person, at, **what)
    words = Words(
        f"{person.full_name} đã thiết lập xác thực hai bước. Không phải chính người đó làm thì đặt lại ngay.",
        f"{person.full_name} set up a device for the second step. If it was somebody else, reset it at once.",
    )
    told = {person, *access.people_with(person.organization_id, Role.ADMINISTRATOR)}
    ring(told, words, link="/hai-buoc/", at=at)


def passes(person: Person, code: str, *, at: datetime) -> bool:
    """Whether a code of the device, or a recovery code, lets the person in; either lets in once."""
    factor = of(person)
    if factor is None:
        return False
    step = _step_of(factor, code, at) if factor.by_codes else None
    if step is not None:
        unused = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
        return bool(unused.update(last_step=step))
    return _used_recovery_code(factor, code, at)


def renew_codes(person: Person, shows: Shows, *, at: datetime) -> list[str]:
    """Other recovery codes; the former ones are worthless. Raises `WrongCode`, `PasskeyRefused`, `CodesLocked`,
    `NoFactor`."""
    factor = _require(person)
    _tried(person, at, shows)
    with transaction.atomic():
        factor.recovery_codes.all().delete()
        _record(OfficeEvent.RECOVERY_CODES_RENEWED, person, person, at)
        return new_codes(factor)


def require_shown(person: Person, shows: Shows, *, at: datetime) -> None:
    """Who has a factor shows it again before another counts. Raises `WrongCode`, `PasskeyRefused`, `CodesLocked`."""
    if of(person) is not None:
        _tried(person, at, shows)


def remove_key(person: Person, passkey: int, shows: Shows, *, at: datetime) -> None:
    """Remove one of one's keys; with the last way of showing it, the whole factor goes. Sessions of before end: one of
    them may be that of whoever holds the key. Raises `WrongCode`, `PasskeyRefused`, `CodesLocked`, `NoFactor`."""
    factor = _require(person)
    key = factor.passkeys.filter(pk=passkey).first()
    if key is None:
        raise NoFactor()
    _tried(person, at, shows)
    with transaction.atomic():
        key.delete()
        SecondFactor.objects.filter(pk=factor.pk).update(begun_at=at)
        if not factor.by_codes and not factor.passkeys.exists():
            _drop(person)
        _record(OfficeEvent.SECOND_FACTOR_REMOVED, person, person, at, key=key.name)


def remove(person: Person, shows: Shows, *, at: datetime) -> None:
    """Remove one's own second factor, to go without or to put another device in its place: of whom the agency asks one,
    nothing else is open before. Raises `WrongCode`, `PasskeyRefused`, `CodesLocked`, `NoFactor`."""
    _require(person)
    _tried(person, at, shows)
    with transaction.atomic():
        _drop(person)
        _record(OfficeEvent.SECOND_FACTOR_REMOVED, person, person, at)


def reset(person: Person, *, reason: str, actor: Person, at: datetime) -> None:
    """Remove the second factor of somebody who lost the device; all their sessions end, and it alerts as a change of
    rights. Raises `Forbidden`, `OwnRights`, `ReasonNeeded`, `NoFactor`."""
    why = staff.require_may_change(actor, person, reason)
    _require(person)
    with transaction.atomic():
        _drop(person)
        staff.note_change(RightKind.SECOND_FACTOR_RESET, person, actor, at, reason=why)
        _record(OfficeEvent.SECOND_FACTOR_RESET, person, actor, at, reason=why)


def codes_left(factor: SecondFactor) -> int:
    """Recovery codes that were not used."""
    return factor.recovery_codes.filter(used_at=None).count()


def _require(person: Person) -> SecondFactor:
    factor = of(person)
    if factor is None:
        raise NoFactor()
    return factor


def _drop(person: Person) -> None:
    SecondFactor.objects.filter(person=person).delete()
    # A short password does not stand alone (SEC-3): another is chosen before anything else.
    Person.objects.filter(pk=person.pk, password_short=True).update(password_due=True)


def _tried(person: Person, at: datetime, attempt: Callable[[], T | None]) -> T:
    """A code or a key is tried; who fails too often waits (SEC-2)."""
    account = person.user.get_username()
    if is_locked(account, at=at):
        raise CodesLocked()
    refusal: OfficeProblem = WrongCode()
    try:
        if found := attempt():
            return found
    except PasskeyRefused as refused:
        refusal = refused
    note_attempt(OfficeEvent.SIGN_IN_REFUSED, account=account, actor=actor_of(person), at=at)
    raise refusal


def _step_of(factor: SecondFactor, code: str, at: datetime) -> int | None:
    """The step whose code this is, near the moment; None where it is none's."""
    if not factor.secret:
        return None
    typed = code.replace(" ", "")
    device = HOTP(bytes.fromhex(SAFE.reveal(factor.secret)), DIGITS, SHA1())  # noqa: S303 - as every app reckons
    now = int(at.timestamp()) // STEP_SECONDS
    for step in range(now - EARLIER, now + LATER + 1):
        if constant_time_compare(device.generate(step).decode(), typed):
            return step
    return None


def new_codes(factor: SecondFactor) -> list[str]:
    """Recovery codes, as they are shown once."""
    codes = ["-".join(_letters() for _ in range(2)) for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, digest=_digest(factor, code)) for code in codes)
    return codes


def _letters() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_HALF))


def _digest(factor: SecondFactor, code: str) -> str:
    plain = "".join(letter for letter in code.lower() if letter in _LETTERS)
    return salted_hmac(f"lienthong.recovery.{factor.pk}", plain, algorithm="sha256").hexdigest()


def _used_recovery_code(factor: SecondFactor, code: str, at: datetime) -> bool:
    with transaction.atomic():
        unused = factor.recovery_codes.filter(digest=_digest(factor, code), used_at=None)
        if not unused.update(used_at=at):
            return False
        _record(OfficeEvent.RECOVERY_CODE_USED, factor.person, factor.person, at, left=codes_left(factor))
    return True


def _base32(factor: SecondFactor) -> str:
    return b32encode(bytes.fromhex(SAFE.reveal(factor.secret))).decode()


def _record(event: OfficeEvent, person: Person, actor: Person, at: datetime, **data: object) -> None:
    subject = Subject("account", person.user.get_username()[:64])
    record(event, actor=actor_of(actor), subject=subject, at=at, name=person.full_name, **data)
