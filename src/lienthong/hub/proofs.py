"""Whether what was signed of a packet is still what it was: each statement against the key that it names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from lienthong.evidence.receipts import InvalidStatement, KeyRing, read_header
from lienthong.hub import hubkeys
from lienthong.hub.models import SystemKey


@dataclass(frozen=True)
class Proof:
    """A signed statement as it stands.

    Attributes:
        what: `submission`, `acceptance` or `handover`.
        valid: None where nothing was signed.
        kid: the key that signed, as the statement names it.
        signer: whose key it is: a system's code, or `hub`.
        attested_for: the system in whose place the hub spoke, for it cannot sign.
    """

    what: str
    valid: bool | None
    kid: str = ""
    signer: str = ""
    at: datetime | None = None
    attested_for: str = ""


def judge(what: str, token: str) -> Proof:
    """Check a statement against the key it names, current or retired: a key out of use proves what it signed before."""
    if not token:
        return Proof(what, None)
    kid = ""
    try:
        kid = str(read_header(token).get("kid", ""))
        signer, jwk = _key(kid)
        said = KeyRing([jwk]).verify(token)
    except InvalidStatement:
        return Proof(what, False, kid)
    return Proof(what, True, kid, signer, said.at, said.attested_for)


def _key(kid: str) -> tuple[str, dict[str, object]]:
    """Whose key this is, and the key. Raises `InvalidStatement` for nobody's."""
    own = next((jwk for jwk in hubkeys.published(datetime.now(UTC)) if jwk["kid"] == kid), None)
    if own is not None:
        return "hub", own
    row = SystemKey.objects.filter(kid=kid).first()
    if row is None:
        raise InvalidStatement("signed by a key that we do not know")
    return row.system_id, row.jwk
