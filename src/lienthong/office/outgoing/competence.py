"""Who may sign a document: the leader it is for, who is authorised in writing, or who signs for an advisory body
(Decree 30/2020, Article 13; Annex I, II.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lienthong.office.errors import Forbidden, Missing, OutsideAuthority
from lienthong.office.models import AdvisoryBody, Authorization, BodySigner, OutgoingDocument, Person, Role
from lienthong.office.people.access import posts, roles
from lienthong.office.people.authorizations import require_covers
from lienthong.office.people.bodies import require_may_sign

BY_AUTHORISATION = "TUQ"


@dataclass(frozen=True)
class Capacity:
    """As what somebody signs: by neither of these it is their own office.

    Attributes:
        authorization: under which they sign for somebody (TUQ.).
        body_signer: for which advisory body, and as what there.
    """

    authorization: Authorization | None = None
    body_signer: BodySigner | None = None

    @property
    def body(self) -> AdvisoryBody | None:
        """The advisory body that issues what is signed."""
        return self.body_signer.body if self.body_signer else None


OWN_OFFICE = Capacity()


def require_signer(document: OutgoingDocument, actor: Person, *, at: datetime) -> None:
    """Raises `Forbidden`: somebody else is to sign; what `require_competent` raises."""
    if document.signer_id != actor.pk:
        raise Forbidden(who=f"người ký ({document.signer_name})", who_en="the signer")
    require_competent(actor, Capacity(document.authorization, document.body_signer), document.type_name, at=at)


def require_competent(signer: Person, capacity: Capacity, type_name: str, *, at: datetime) -> None:
    """Raises `Missing`: no leader; `OutsideAuthority`: an authorisation that is not there, or does not reach so far;
    `BodyNotInForce`: an advisory body that does not work now, or that somebody else signs for."""
    authorization = capacity.authorization
    if capacity.body_signer is not None:
        require_may_sign(capacity.body_signer, signer, at)
    elif authorization is not None:
        require_covers(authorization, signer, type_name, at)
    elif Role.LEADER not in roles(signer):
        raise Missing(what="người ký có thẩm quyền", what_en="a signer with authority")
    elif authority_of(signer, capacity)[0].upper().startswith(BY_AUTHORISATION):
        raise OutsideAuthority(why="chưa ghi nhận giấy ủy quyền", why_en="no written authorisation is recorded")


def authority_of(signer: Person, capacity: Capacity = OWN_OFFICE) -> tuple[str, str]:
    """Form of authority and position, as printed above the name."""
    if (body_signer := capacity.body_signer) is not None:
        return body_signer.competence, body_signer.title
    if (authorization := capacity.authorization) is not None:
        return authorization.printed, authorization.position
    post = posts(signer).filter(role=Role.LEADER).first()
    return (post.competence, post.position) if post else ("", "")
