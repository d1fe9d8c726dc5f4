"""Whether this hub is a real one or a test hub (sandbox), and that neither ever becomes the other.

The mode is written into the database when the hub is first started, and the database refuses another one from then on.
A real hub takes no code with the group `Z99`, a test hub none without it, so nothing of the one means anything at the
other.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from lienthong.evidence.receipts import InvalidStatement, read_unverified
from lienthong.hub.models import Agency, HubMode, System
from lienthong.hub.refusals import RegistryRefused
from lienthong.protocol.problems import CodeForTests, FromSandbox, FromTraining, Problem, RealCode
from lienthong.standards.identifiers import is_test_code
from lienthong.standards.times import VIETNAM


class WrongMode(ValueError):
    """The database belongs to a hub of the other kind; the message says what to do."""

    def __init__(self, kept: HubMode | None) -> None:
        if kept is None:
            vi = "cơ sở dữ liệu đã có cơ quan thật, không chạy thử nghiệm được"
            en = "the database has real agencies and is no test hub's"
        else:
            day = f"{kept.settled_at.astimezone(VIETNAM):%d/%m/%Y}"
            vi = f"cơ sở dữ liệu là của Trục {'thử nghiệm' if kept.sandbox else 'chính thức'} từ {day}"
            en = f"the database is a {'test' if kept.sandbox else 'real'} hub's since {day}"
        way_vi = "dùng --data và DATABASE_URL khác, hoặc chạy đúng loại (--sandbox là thử nghiệm)"
        way_en = "use another --data and DATABASE_URL, or start it as what it is (--sandbox for a test hub)"
        super().__init__(f"Không chạy: {vi}; {way_vi}.\nNot started: {en}; {way_en}.")


def known() -> bool | None:
    """Whether the database is a test hub's; None while nobody has decided."""
    kept = HubMode.objects.first()
    return kept.sandbox if kept else None


def settle(*, sandbox: bool, at: datetime) -> None:
    """Decide what this database is, once and for all. Raises `WrongMode` when it is the other kind already."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lienthong.hubmode'))")
        kept = HubMode.objects.first()
        if kept is not None:
            if kept.sandbox != sandbox:
                raise WrongMode(kept)
            return
        # A hub that was set up before there were test hubs is a real one.
        if sandbox and (Agency.objects.exists() or System.objects.exists()):
            raise WrongMode(None)
        HubMode.objects.create(sandbox=sandbox, settled_at=at)


def is_foreign(code: str) -> bool:
    """Whether a code belongs to a hub of the other kind."""
    return is_test_code(code) != settings.LIENTHONG.sandbox


def fault(code: str) -> str:
    """What the registry says of a code of the other kind, see `refusals`; nothing for one of ours."""
    if not is_foreign(code):
        return ""
    return "real_code" if settings.LIENTHONG.sandbox else "test_code"


def require_own(*codes: str) -> None:
    """The registry takes no code of the other kind. Raises `RegistryRefused`."""
    for code in codes:
        if reason := fault(code):
            raise RegistryRefused(reason, code=code)


def require_known(*codes: str) -> None:
    """Nobody sends for, or to, a code of the other kind. Raises `CodeForTests`, `RealCode`."""
    for code in codes:
        if is_foreign(code):
            raise RealCode(agency=code[:60]) if settings.LIENTHONG.sandbox else CodeForTests(agency=code[:60])


def require_no_training(said: str) -> None:
    """A real hub hears nobody who says of himself that he is in training mode (R-19.4-1). Raises `FromTraining`.

    Args:
        said: the header `Lienthong-Sandbox` of the call.
    """
    if said.strip().lower() == "true" and not settings.LIENTHONG.sandbox:
        raise FromTraining()


def refusal_of(token: str, otherwise: Problem) -> Problem:
    """What is said of a token, assertion or statement that proves nothing: `FromSandbox` at a real hub where it speaks
    for a test hub or one of its systems; else `otherwise`."""
    if settings.LIENTHONG.sandbox:
        return otherwise
    try:
        claims = read_unverified(token)
    except InvalidStatement:
        return otherwise
    issuer = str(claims.get("iss", ""))
    return FromSandbox(issuer=issuer[:60]) if claims.get("sandbox") is True or is_test_code(issuer) else otherwise
