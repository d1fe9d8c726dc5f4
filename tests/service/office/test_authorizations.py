"""Signing by authorisation (TUQ.): written, within its time, its types and its person, and never handed on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from lienthong.journal.models import Event
from lienthong.office import errors
from lienthong.office.models import Authorization, OutgoingDocument
from lienthong.office.outgoing import competence, drafting, review
from lienthong.office.outgoing.competence import Capacity
from lienthong.office.people import authorizations
from lienthong.runtime.demo.cast import H41
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import PIN, Office, install, manuscript, now, refusal, register
from tests.service.office.test_law_outgoing import draft_form

PLACE = "/uy-quyen-ky/"


def paper(office: Office, **changes: object) -> authorizations.Paper:
    today = timezone.localdate()
    base = authorizations.Paper(
        granted_by=office["lanh.dao"], person=office["truong.dv"], on_behalf="BỘ TRƯỞNG, CHỦ NHIỆM", position="VỤ TRƯỞNG",
        types=("Quyết định", "Giấy mời"), scope="Kiểm soát thủ tục hành chính", reference="12/GUQ-VPCP ngày 02/11/2026",
        valid_from=today - timedelta(days=1), valid_to=today + timedelta(days=30),
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def recorded(office: Office, **changes: object) -> Authorization:
    return authorizations.register(paper(office, **changes), actor=office["van.thu"], at=now())


def reviewed(office: Office, one: Authorization) -> OutgoingDocument:
    text = manuscript(office, signer=one.person, capacity=Capacity(authorization=one))
    document = drafting.create(text, unit=office.units["KSTT"], actor=office["chuyen.vien"], at=now())
    review.submit(document, actor=office["chuyen.vien"], at=now())
    review.check_content(document, actor=office["truong.dv"], at=now())
    review.check_presentation(document, actor=office["the.thuc"], at=now())
    return document


@pytest.fixture
def _key_of_the_head(office: Office, authority: TestAuthority, tmp_path) -> None:  # type: ignore[no-untyped-def]
    person = office["truong.dv"]
    identity = authority.identity("truong.dv", lambda: authority.issue_person(person.full_name))
    register(person, identity, tmp_path / "truong.dv.p12")


@pytest.mark.law("D30-13-1")
@pytest.mark.usefixtures("_key_of_the_head")
def test_who_is_authorised_in_writing_signs_and_the_form_is_printed(office: Office) -> None:
    document = reviewed(office, recorded(office))
    assert (document.competence, document.position) == ("TUQ. BỘ TRƯỞNG, CHỦ NHIỆM", "VỤ TRƯỞNG")
    client = office.client("truong.dv")
    assert f"/van-ban-di/{document.pk}/" in client.get("/").content.decode()
    answer = client.post(f"/van-ban-di/{document.pk}/", {"act": "approve_and_sign", "pin": PIN})
    assert answer.status_code == 302
    document.refresh_from_db()
    assert document.state == "signed"


@pytest.mark.law("D30-13-1")
@pytest.mark.refuses("D30-13-1")
@pytest.mark.usefixtures("_key_of_the_head")
def test_outside_its_time_its_types_its_person_or_revoked_nothing_is_signed(office: Office) -> None:
    one = recorded(office)
    document = reviewed(office, one)
    today = timezone.localdate()

    def refused() -> str:
        form = {"act": "approve_and_sign", "pin": PIN}
        answer = office.client("truong.dv").post(f"/van-ban-di/{document.pk}/", form)
        assert refusal(answer) == "outside_authority"
        document.refresh_from_db()
        assert document.state == "in_review"
        return answer.content.decode()

    Authorization.objects.filter(pk=one.pk).update(valid_to=today - timedelta(days=1))
    assert "ngoài thời hạn" in refused()
    Authorization.objects.filter(pk=one.pk).update(valid_to=today, types=["Giấy mời"])
    assert "không nêu loại văn bản «Quyết định»" in refused()
    Authorization.objects.filter(pk=one.pk).update(types=["Quyết định"])
    revoke = {"act": "revoke", "authorization": one.pk, "reason": "Người ủy quyền đã về"}
    assert office.client("van.thu").post(PLACE, revoke).status_code == 302
    assert "đã bị thu hồi" in refused()
    assert refusal(office.client("van.thu").post(PLACE, revoke)) == "illegal_move"
    for signer in ("the.thuc", "lanh.dao"):
        with pytest.raises(errors.OutsideAuthority, match="another person"):
            competence.require_competent(office[signer], Capacity(one), "Quyết định", at=now())
    unpapered = draft_form(office, signer=office["truong.dv"].pk)  # without any paper a head signs nothing
    assert refusal(office.client("chuyen.vien").post("/van-ban-di/soan/", unpapered)) == "missing"


@pytest.mark.law("D30-13-1")
def test_a_post_that_says_tuq_without_a_paper_signs_nothing(office: Office) -> None:
    office["lanh.dao"].posts.update(competence="TUQ. BỘ TRƯỞNG")
    answer = office.client("chuyen.vien").post("/van-ban-di/soan/", draft_form(office))
    assert refusal(answer) == "outside_authority"
    assert "chưa ghi nhận giấy ủy quyền" in answer.content.decode()
    assert not OutgoingDocument.objects.exists()


@pytest.mark.law("D30-13-1")
@pytest.mark.refuses("D30-13-1")
def test_authority_is_not_handed_on_and_a_paper_is_whole(office: Office) -> None:
    clerk = office.client("van.thu")
    assert clerk.post(PLACE, form(office)).status_code == 302
    for giver, taker in (("truong.dv", "the.thuc"), ("lanh.dao", "lanh.dao")):
        handed_on = form(office, granted_by=office[giver].pk, person=office[taker].pk)
        assert refusal(clerk.post(PLACE, handed_on)) == "authority_handed_on"
    assert refusal(clerk.post(PLACE, form(office, person=office["chuyen.vien"].pk))) == "no_head_of_unit"
    today = timezone.localdate()
    for lacking in (
        {"reference": " "}, {"types": []}, {"types": ["Bịa ra"]}, {"scope": ""}, {"on_behalf": ""},
        {"valid_to": (today - timedelta(days=1)).isoformat()}, {"valid_from": (today + timedelta(days=40)).isoformat()},
    ):  # fmt: skip
        assert refusal(clerk.post(PLACE, form(office, **lacking))) == "missing", lacking
    assert refusal(office.client("lanh.dao").post(PLACE, form(office))) == "forbidden"
    assert Authorization.objects.count() == 1


def form(office: Office, **changes: object) -> dict[str, object]:
    today = timezone.localdate()
    return {
        "act": "register", "granted_by": office["lanh.dao"].pk, "person": office["truong.dv"].pk, "on_behalf": "Chủ nhiệm",
        "position": "Vụ trưởng", "types": ["Công văn"], "scope": "Thủ tục hành chính", "reference": "12/GUQ-VPCP",
        "valid_from": today.isoformat(), "valid_to": (today + timedelta(days=9)).isoformat(), **changes,
    }  # fmt: skip


@pytest.mark.law("D30-13-1")
def test_the_clerk_records_the_paper_and_drafters_find_the_signer(
    office: Office, authority: TestAuthority, tmp_path  # type: ignore[no-untyped-def]
) -> None:  # fmt: skip
    clerk = office.client("van.thu")
    assert 'data-problem="missing"' in clerk.post(PLACE, form(office, valid_to="mai")).content.decode()
    assert 'data-problem="missing"' in clerk.post(PLACE, form(office, person="x")).content.decode()
    assert clerk.post(PLACE, form(office)).status_code == 302
    one = Authorization.objects.get()
    assert f'data-authorization="{one.pk}"' in clerk.get(PLACE).content.decode()
    draft = office.client("chuyen.vien").get("/van-ban-di/soan/").content.decode()
    assert f'value="uq-{one.pk}"' in draft
    for login in ("lanh.dao", "kiem.tra"):
        assert office.client(login).get(PLACE).status_code == 200
        assert office.client(login).post(PLACE, form(office)).status_code == 403
    for login in ("chuyen.vien", "the.thuc", "truong.dv"):
        assert office.client(login).get(PLACE).status_code == 403
    other = install(H41, authority, tmp_path).client("van.thu")
    assert f'data-authorization="{one.pk}"' not in other.get(PLACE).content.decode()
    revoke = {"act": "revoke", "authorization": one.pk, "reason": "Hết công tác phí"}
    assert other.post(PLACE, revoke).status_code == 404
    assert clerk.post(PLACE, revoke).status_code == 302
    assert f'value="uq-{one.pk}"' not in office.client("chuyen.vien").get("/van-ban-di/soan/").content.decode()
    names = sorted(Event.objects.filter(name__startswith="authority.").values_list("name", flat=True))
    assert names == ["authority.recorded", "authority.revoked"]
