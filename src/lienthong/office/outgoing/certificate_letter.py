"""The letter that goes with a request to the provider of certificates: laid out by Annex I, to print and sign."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from lienthong.look.vietnamese import day
from lienthong.office import typeset
from lienthong.office.errors import NotPdf
from lienthong.office.models import CertificateRequest, Person, RequestKind, RequestState, Unit
from lienthong.office.outgoing.competence import authority_of
from lienthong.office.outgoing.drafting import notation
from lienthong.office.people import certificates
from lienthong.office.people.access import posts
from lienthong.office.people.certificate_errors import RequestElsewhere
from lienthong.office.people.certificate_requests import KIND_WORDS, label_of
from lienthong.standards.doctypes import by_name
from lienthong.standards.times import in_vietnam

PROVIDER = "Ban Cơ yếu Chính phủ"
"""Who provides certificates to the agencies of the state (Decision 28, Article 18.1)."""


def letter(request: CertificateRequest, *, at: datetime) -> bytes:
    """The letter as a PDF; number, day and signature are left open.

    Raises:
        RequestElsewhere: no leader has approved it, or it is over.
        NotPdf: it cannot be laid out.
    """
    if request.state not in (RequestState.APPROVED, RequestState.SENT) or request.decided_by is None:
        raise RequestElsewhere(state=label_of(request, "vi"), state_en=label_of(request, "en"))
    organization, kind = request.organization, by_name("Công văn")
    assert kind is not None  # noqa: S101 - the list of types has it
    competence, position = authority_of(request.decided_by)
    unit, year = _unit_of(request), timezone.localtime(at).year
    draft = typeset.Draft(
        superior=organization.superior_name, agency=organization.name, place=organization.place,
        notation=notation(kind, unit, year) if unit else organization.abbreviation, year=year,
        subject=f"V/v {KIND_WORDS[RequestKind(request.kind)].vi}", body="\n".join(_paragraphs(request)),
        addressees=(PROVIDER,), competence=competence, position=position, signer=request.decided_by.full_name,
        recipients=("- Như trên;", "- Lưu: VT."),
    )  # fmt: skip
    try:
        return typeset.render(draft).pdf
    except typeset.TypesetProblem as reason:
        raise NotPdf(name="công văn đề nghị", reason=reason.vi, reason_en=reason.en) from reason


def _paragraphs(request: CertificateRequest) -> Iterator[str]:
    agency, person = request.organization, request.person
    yield "Căn cứ Điều 18 Quyết định số 28/2018/QĐ-TTg ngày 12 tháng 7 năm 2018 của Thủ tướng Chính phủ;"
    yield f"{agency.name} đề nghị {PROVIDER} {KIND_WORDS[RequestKind(request.kind)].vi} sau đây:"
    yield f"1. Chủ thể: {certificates.name_of(person or agency)}, {_role(person)}."
    yield f"2. Cơ quan: {agency.name}, mã định danh {agency.alias or agency.code}."
    number = 3
    if request.key is not None:
        read = certificates.facts_of(request.key)
        begins, ends = (day(in_vietnam(moment)) for moment in (read.valid_from, read.valid_to))
        serial = " ".join(read.serial[at : at + 8] for at in range(0, len(read.serial), 8))  # so that lines can break
        yield f"3. Chứng thư số hiện có: số sê-ri {serial}, do {read.issuer} cấp, hiệu lực từ {begins} đến {ends}."
        number = 4
    yield f"{number}. Lý do: {request.reason.rstrip('.')}."
    yield f"{agency.name} trân trọng đề nghị {PROVIDER} xem xét, thực hiện./."


def _role(person: Person | None) -> str:
    if person is None:
        return "con dấu của cơ quan"
    post = posts(person).first()
    return f"chức vụ {post.position}" if post else "cán bộ của cơ quan"


def _unit_of(request: CertificateRequest) -> Unit | None:
    post = posts(request.filed_by).first()
    return post.unit if post else None
