"""Who may sign a document: the leader it is for, or who is authorised in writing (Decree 30/2020, Article 13)."""

from __future__ import annotations

from datetime import datetime

from lienthong.office.errors import Forbidden, Missing, OutsideAuthority
from lienthong.office.models import Authorization, OutgoingDocument, Person, Role
from lienthong.office.people.access import posts, roles
from lienthong.office.people.authorizations import require_covers

BY_AUTHORISATION = "TUQ"


def require_signer(document: OutgoingDocument, actor: Person, *, at: datetime) -> None:
    """Raises `Forbidden`: somebody else is to sign; what `require_competent` raises."""
    if document.signer_id != actor.pk:
        raise Forbidden(who=f"người ký ({document.signer_name})", who_en="the signer")
    require_competent(actor, document.authorization, document.type_name, at=at)


def require_competent(signer: Person, authorization: Authorization | None, type_name: str, *, at: datetime) -> None:
    """Raises `Missing`: no leader; `OutsideAuthority`: an authorisation that is not there, or does not reach so far."""
    if authorization is not None:
        require_covers(authorization, signer, type_name, at)
    elif Role.LEADER not in roles(signer):
        raise Missing(what="người ký có thẩm quyền", what_en="a signer with authority")
    elif authority_of(signer)[0].upper().startswith(BY_AUTHORISATION):
        raise OutsideAuthority(why="chưa ghi nhận giấy ủy quyền", why_en="no written authorisation is recorded")


def authority_of(signer: Person, authorization: Authorization | None = None) -> tuple[str, str]:
    """Form of authority and position, as printed above the name."""
    if authorization is not None:
        return authorization.printed, authorization.position
    post = posts(signer).filter(role=Role.LEADER).first()
    return (post.competence, post.position) if post else ("", "")
