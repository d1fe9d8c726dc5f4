"""What accounts of people are held to, in both services: passwords, and sessions in which nothing is done."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    get_default_password_validators,
    validate_password,
)
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:  # Django's settings read this file, when there are no models yet
    from django.contrib.auth.models import User

LEAST_LENGTH = 14
"""Characters of a password that stands alone, without a second factor (SEC-3)."""
LEAST_LENGTH_BESIDE = 8
"""Characters of a password beside which a second factor is asked (SEC-3)."""
NOTED_SECONDS = 60
"""How often a session notes that it is used; less would write at every click."""
FAULTS = {
    "old": _("Mật khẩu hiện tại không đúng."),
    "locked": _("Nhập sai nhiều lần, thử lại sau 15 phút."),
    "same": _("Mật khẩu mới phải khác mật khẩu hiện tại."),
    "used_before": _("Mật khẩu mới trùng một trong mười mật khẩu gần đây."),
    "too_short_beside": _("Mật khẩu mới phải có ít nhất 8 ký tự."),
    "twice": _("Hai lần nhập mật khẩu mới không giống nhau."),
    "password_too_short": _("Mật khẩu mới phải có ít nhất 14 ký tự."),
    "password_too_plain": _("Mật khẩu mới phải có chữ hoa, chữ thường, chữ số và ký tự khác."),
    "password_too_common": _("Mật khẩu mới quá phổ biến, dễ bị đoán."),
    "password_too_similar": _("Mật khẩu mới giống tên đăng nhập."),
}
"""What is wrong with a chosen password, in the words of its page."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of passwords that people read and type once: none that looks like another."""


def wanted_of(request: HttpRequest, *, home: str) -> str:
    """Where who signs in wants to go: a path of this service, never another host, and nothing that could be taken for
    the name of a route; else `home`."""
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if safe and wanted.startswith("/") else home


class FourClasses:
    """A validator of Django's: capital and small letters, digits, and something else (SEC-3)."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises `ValidationError`."""
        classes = (str.isupper, str.islower, str.isdigit, lambda letter: not letter.isalnum())
        if not all(any(belongs(letter) for letter in password) for belongs in classes):
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        """The rule in words."""
        return str(FAULTS["password_too_plain"])


def one_time_password() -> str:
    """A password that is read and typed once: four groups of four, without letters that look alike."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


class _OneTime(Argon2PasswordHasher):
    """For passwords of eighty random bits: no guesser finds one however fast it is tried, so that thousands are made at
    once in little time. Each hash carries its parameters, and the first sign-in makes it anew with the usual ones."""

    memory_cost = 1024  # KiB
    time_cost = 1
    parallelism = 1


def one_time_hash(password: str) -> str:
    """The hash of a password that `one_time_password` made; of no other."""
    return _OneTime().encode(password, secrets.token_urlsafe(12))


def faults_of_password(user: User, *, old: str, new: str, second_factor: bool = False) -> list[str]:
    """What is wrong with the password that somebody chooses, by the names of `FAULTS`; nothing where it may be set.

    Args:
        old: what they say their present password is.
        second_factor: whether one is asked beside it, so that it may be shorter and of any letters.
    """
    if not user.check_password(old):
        return ["old"]
    if old == new:
        return ["same"]
    if second_factor:
        short = len(new) < LEAST_LENGTH_BESIDE
        return ["too_short_beside"] if short else _faults(new, user, [CommonPasswordValidator()])
    return faults_alone(user, new)


def faults_alone(user: User, new: str) -> list[str]:
    """What is wrong with a password that stands alone, without a second factor."""
    return _faults(new, user, get_default_password_validators())


def _faults(new: str, user: User, validators: list[Any]) -> list[str]:
    try:
        validate_password(new, user, validators)
    except ValidationError as faults:
        return [fault.code or "" for fault in faults.error_list]
    return []


def is_idle(session: SessionBase, seconds: float, *, noting: bool) -> bool:
    """Whether nothing was done in the session for so long (SEC-1); else, where `noting`, that something is done now."""
    now = datetime.now(UTC).timestamp()
    seen = session.get("seen", now)
    if now - seen > seconds:
        return True
    if noting and ("seen" not in session or now - seen > NOTED_SECONDS):
        session["seen"] = now
    return False
