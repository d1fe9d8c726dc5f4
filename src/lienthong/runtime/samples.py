"""The documents with which a training office begins: plainly false, and none of them went anywhere."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from lienthong.office.incoming import registering
from lienthong.office.models import IncomingDocument, IncomingWay, Organization, Person, Role
from lienthong.office.outgoing import drafting
from lienthong.office.people.access import people_with
from lienthong.protocol.messages_sandbox import WILLING
from lienthong.standards.doctypes import TYPES

CAME = (
    ("Sở Mẫu Một (đào tạo)", "01/SM1-VP", "Về việc báo cáo số liệu giả định phục vụ đào tạo", 0),
    ("Sở Mẫu Hai (đào tạo)", "02/SM2-TH", "Về việc cử cán bộ tham dự lớp học giả định", 1),
    ("Ủy ban nhân dân xã Mẫu (đào tạo)", "03/UBND-VP", "Về việc đề nghị hướng dẫn một nội dung giả định", 3),
)
"""Sender, number, subject, urgency of what came on paper."""
DRAFTS = (
    (
        "Công văn",
        "V/v trả lời nội dung giả định phục vụ đào tạo",
        "Nội dung này không có thật, chỉ dùng để đào tạo./.",
    ),
    ("Báo cáo", "Kết quả giả định phục vụ đào tạo", "Số liệu này không có thật, chỉ dùng để đào tạo./."),
)
"""Type, subject, text of what was drafted."""
_KINDS = {kind.name: kind for kind in TYPES}


def install(organization: Organization, *, at: datetime) -> None:
    """Give a training agency its first documents, once."""
    if IncomingDocument.objects.filter(organization=organization).exists():
        return
    clerk, leader, drafter = (
        _first(organization, role) for role in (Role.CLERK, Role.LEADER, Role.SPECIALIST)
    )  # fmt: skip
    day = timezone.localdate(at)
    for sender, number, subject, urgency in CAME:
        issued = day - timedelta(days=1)
        entry = registering.Entry(
            IncomingWay.PAPER, sender, number, issued, "Công văn", subject, urgency, sheets=1, paper=True
        )  # fmt: skip
        registering.register(entry, (), actor=clerk, at=at)
    for type_name, subject, body in DRAFTS:
        manuscript = drafting.Manuscript(
            kind=_KINDS[type_name], subject=subject, signer=leader, body=body, recipients=(WILLING.code,),
            recipients_text="- Như trên;\n- Lưu: VT.", addressees=(WILLING.name,),
        )  # fmt: skip
        drafting.create(manuscript, unit=drafter.posts.get().unit, actor=drafter, at=at)


def _first(organization: Organization, role: Role) -> Person:
    return people_with(organization.pk, role)[0]
