"""Requests for certificates: new, renewed, revoked; from whom needs one over the head to the provider and back
(Decision 28, Article 18.1)."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from lienthong.journal.models import AccessLog, Event
from lienthong.office.models import (
    CertificateRequest,
    Notice,
    RequestKind,
    SigningKey,
)
from lienthong.office.people import (
    certificate_errors,
    certificate_requests,
    certificates,
    keys,
)
from lienthong.runtime.demo.cast import H41
from lienthong.testing.pki import TestAuthority
from tests.service.office.conftest import PIN, Office, approved, install, now
from tests.service.office.test_certificates import DAY, PLACE, given, key_of, upload

WHY = "Chứng thư số sắp hết hạn"


def filed(office: Office, kind: str, key: SigningKey | None, login: str, owner: object = None) -> CertificateRequest:
    client = office.client(login)
    place, form = (f"{PLACE}{key.pk}/", {}) if key else (PLACE, {"owner": owner})
    answer = client.post(place, {"act": "ask", "kind": kind, "reason": WHY, **form})
    assert answer.status_code == 302, answer.content.decode()
    return CertificateRequest.objects.latest("pk")


def act(office: Office, login: str, one: CertificateRequest, name: str, **form: object) -> str:
    """Do it through the page; the code of the problem, "" when it was done."""
    answer = office.client(login).post(f"{PLACE}de-nghi/{one.pk}/", {"act": name, **form})
    one.refresh_from_db()
    if answer.status_code == 302:
        return ""
    page = answer.content.decode()
    return page.partition('data-problem="')[2].partition('"')[0]


SENT = {"sent_on": (now() - 2 * DAY).date().isoformat(), "reference": "88/VPCP-HC ngày 20/11/2026"}


@pytest.mark.law("R-18.1-1")
def test_a_renewal_goes_from_its_owner_over_the_head_and_the_provider_to_the_new_certificate(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    old = given(office["truong.dv"], authority, tmp_path, begins=now() - DAY, ends=now() + 20 * DAY)
    one = filed(office, "renew", old, "truong.dv")
    assert f'href="{PLACE}de-nghi/{one.pk}/"' in office.client("lanh.dao").get("/").content.decode()
    assert act(office, "truong.dv", one, "approve") == "forbidden"
    assert act(office, "quan.tri", one, "send", **SENT) == "request_elsewhere"
    assert act(office, "lanh.dao", one, "approve") == ""
    assert act(office, "lanh.dao", one, "approve") == "request_elsewhere"
    assert f'href="{PLACE}de-nghi/{one.pk}/"' in office.client("quan.tri").get("/").content.decode()
    assert act(office, "lanh.dao", one, "send", **SENT) == "forbidden"
    assert act(office, "quan.tri", one, "send", sent_on="2099-01-01", reference="88") == "missing"
    assert act(office, "quan.tri", one, "send", **SENT | {"reference": " "}) == "missing"
    assert act(office, "quan.tri", one, "send", **SENT) == ""
    for not_it in ("", str(old.pk), str(key_of(office["lanh.dao"]).pk)):
        assert act(office, "quan.tri", one, "receive", result=not_it) == "missing"
    made = authority.issue_person("Lê Minh Đức", ec=True)
    form = {"act": "register", "owner": office["truong.dv"].pk, "certificate": upload(made.certificate)}
    fresh = int(office.client("quan.tri").post(PLACE, form)["Location"].split("/")[-2])
    assert act(office, "quan.tri", one, "receive", result=fresh) == ""
    assert (one.state, one.result_id, one.reference) == ("received", fresh, SENT["reference"])
    assert act(office, "quan.tri", one, "receive", result=fresh) == "request_elsewhere"
    page = office.client("truong.dv").get(f"{PLACE}de-nghi/{one.pk}/").content.decode()
    assert f'href="{PLACE}{fresh}/"' in page
    names = Event.objects.filter(subject_kind="certificate_request").order_by("id").values_list("name", flat=True)
    assert [name.partition(".")[2] for name in names] == ["filed", "approved", "sent", "received"]
    assert "Đã xong" in Notice.objects.filter(person=office["truong.dv"]).latest("pk").text


@pytest.mark.law("R-18.1-1")
def test_the_letter_to_the_provider_says_for_whom_what_and_why(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    key = key_of(office["lanh.dao"])
    one = filed(office, "renew", key, "lanh.dao")
    clerk, place = office.client("van.thu"), f"{PLACE}de-nghi/{one.pk}/cong-van/"
    assert clerk.get(place).status_code == 409  # no leader has approved it
    act(office, "lanh.dao", one, "approve")
    assert place in clerk.get(f"{PLACE}de-nghi/{one.pk}/").content.decode()
    answer = clerk.get(place)
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())
    for words in (
        "Kính gửi: Ban Cơ yếu Chính phủ", "V/v cấp lại chứng thư số", "1. Chủ thể: Trần Quốc Vượng, chức vụ PHÓ CHỦ NHIỆM.",
        "mã định danh 000.00.00.G22", f"số sê-ri {certificates.facts_of(key).serial[:8]} ", f"4. Lý do: {WHY}.", "PHÓ CHỦ NHIỆM",
    ):  # fmt: skip
        assert words in text, words
    assert AccessLog.objects.filter(subject_kind="certificate_request", subject=str(one.pk)).count() == 1
    for login, status in (("kiem.tra", 403), ("chuyen.vien", 403)):
        assert office.client(login).get(place).status_code == status
    assert install(H41, authority, tmp_path).client("van.thu").get(place).status_code == 404


@pytest.mark.law("R-18.1-1")
def test_from_the_approval_of_a_revocation_on_nothing_is_signed(office: Office) -> None:
    key, document = key_of(office["lanh.dao"]), approved(office)
    one = filed(office, "revoke", key, "quan.tri")
    assert 'data-problem="request_under_way"' in office.client("lanh.dao").post(
        f"{PLACE}{key.pk}/", {"act": "ask", "kind": "revoke", "reason": WHY}
    ).content.decode()  # fmt: skip
    keys.open_key(key, PIN, actor=office["lanh.dao"], at=now())  # asked for is not approved
    assert act(office, "lanh.dao", one, "approve") == ""
    answer = office.client("lanh.dao").post(f"/van-ban-di/{document.pk}/", {"act": "sign", "pin": PIN})
    assert 'data-problem="certificate_withdrawn"' in answer.content.decode()
    assert act(office, "quan.tri", one, "send", **SENT) == ""
    assert act(office, "quan.tri", one, "receive") == ""
    key.refresh_from_db()
    assert certificates.state_of(key, now()) == certificates.State.REVOKED
    assert Event.objects.filter(name="certificate.revoked", subject=str(key.pk)).exists()


@pytest.mark.law("R-18.1-1")
def test_the_head_or_the_provider_refuses_with_a_reason_and_the_asker_hears_it(office: Office) -> None:
    mine = office["chuyen.vien"].pk
    by_head = filed(office, "new", None, "chuyen.vien", mine)
    assert act(office, "lanh.dao", by_head, "refuse", reason="không") == "missing"
    assert act(office, "quan.tri", by_head, "refuse", reason="Không phải của quản trị") == "forbidden"
    assert act(office, "lanh.dao", by_head, "refuse", reason="Chức danh này không ký số") == ""
    assert (by_head.state, by_head.refused_for) == ("refused", "Chức danh này không ký số")
    assert "Không được chấp thuận" in Notice.objects.filter(person=office["chuyen.vien"]).latest("pk").text
    again = filed(office, "new", None, "chuyen.vien", mine)  # what was refused may be asked for again
    act(office, "lanh.dao", again, "approve")
    assert act(office, "lanh.dao", again, "refuse", reason="Đã duyệt thì không từ chối") == "forbidden"
    act(office, "quan.tri", again, "send", **SENT)
    assert act(office, "quan.tri", again, "refuse", reason="Hồ sơ thiếu quyết định bổ nhiệm") == ""
    assert again.state == "refused"


@pytest.mark.law("R-18.1-1", "SEC-6")
def test_one_asks_for_oneself_the_administrator_for_all_and_the_clerk_for_the_seal(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    seal, leader = key_of(office.organization), key_of(office["lanh.dao"])
    filed(office, "renew", seal, "van.thu")
    filed(office, "new", None, "quan.tri", office["the.thuc"].pk)
    filed(office, "new", None, "quan.tri", "co-quan")
    for login, key in (("van.thu", leader), ("kiem.tra", leader), ("kiem.tra", seal)):
        form = {"act": "ask", "kind": "renew", "reason": WHY}
        assert office.client(login).post(f"{PLACE}{key.pk}/", form).status_code == 403, login
    head = office.client("truong.dv")
    for owner in ("co-quan", office["lanh.dao"].pk):
        form = {"act": "ask", "kind": "new", "reason": WHY, "owner": owner}
        assert head.post(PLACE, form).status_code == 403
    assert 'data-problem="missing"' in head.post(PLACE, {**form, "kind": "khác"}).content.decode()
    stranger = install(H41, authority, tmp_path)
    for one in CertificateRequest.objects.all():
        for client in (head, stranger.client("quan.tri"), stranger.client("lanh.dao")):
            assert client.get(f"{PLACE}de-nghi/{one.pk}/").status_code == 404
            assert client.post(f"{PLACE}de-nghi/{one.pk}/", {"act": "approve"}).status_code == 404
    wish = certificate_requests.Wish(RequestKind.RENEW, stranger["lanh.dao"], key_of(stranger["lanh.dao"]), WHY)
    with pytest.raises(certificate_errors.NotListed):
        certificate_requests.file(wish, actor=office["quan.tri"], at=now())
    crossed = certificate_requests.Wish(RequestKind.RENEW, office["lanh.dao"], seal, WHY)
    with pytest.raises(certificate_errors.NotListed):
        certificate_requests.file(crossed, actor=office["quan.tri"], at=now())
