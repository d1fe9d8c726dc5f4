"""Connected systems at the console: what each act does, who may, and that a secret is seen once."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lienthong.evidence.receipts import SigningKey
from lienthong.hub import agencies, participants, policy, systems
from lienthong.hub.models import Agency, Call, Declaration, Quarantined, Standing, System, SystemCertificate, SystemKey
from lienthong.hub.operators import Role
from lienthong.hub.webhooks import endpoints
from lienthong.journal.models import Event
from lienthong.testing.pki import TestAuthority
from tests.service.hub.conftest import Country, make_document, now, submit
from tests.service.hub.people import sit_down
from tests.service.hub.test_code_changes import today
from tests.service.hub.test_console_registry import act, text

G22 = "he-thong/ma/G22/"


@pytest.fixture
def operator(country: Country) -> Client:
    return sit_down(Role.OPERATOR)


@pytest.fixture
def registry(country: Country) -> Client:
    return sit_down(Role.REGISTRY)


def test_those_in_trouble_stand_first(operator: Client, country: Country) -> None:
    submit(country.native("G22"), make_document(("H41",)))
    systems.suspend("H26", reason="Bảo trì", at=now())
    System.objects.filter(code="G12").update(last_contact_at=now() - timedelta(hours=2))
    participants.set_pilot("H41", True, at=now())
    shown = text(operator, "he-thong/")
    assert shown.index("H26") < shown.index("G12") < shown.index("G22")
    for words in ("Tạm ngừng", "Im lặng", "Hoạt động", "Chưa liên lạc", "thí điểm"):
        assert words in shown
    assert "G22" not in text(operator, "he-thong/?muc=can-xem")
    assert "H41" in text(operator, "he-thong/?muc=thi-diem&q=nghe")
    assert "Không có hệ thống nào như vậy" in text(operator, "he-thong/?q=khongcodau")


def test_an_operator_stops_a_system_and_lets_it_go_on(operator: Client) -> None:
    assert "Cần lý do" in act(operator, f"{G22}tam-ngung/", reason=" ")
    assert act(operator, f"{G22}tam-ngung/", reason="Gửi lặp") == ""
    assert "Gửi lặp" in text(operator, G22)
    assert System.objects.get(code="G22").suspended_for == "Gửi lặp"
    assert act(operator, f"{G22}hoat-dong/") == ""
    assert System.objects.get(code="G22").suspended_at is None
    names = list(Event.objects.filter(subject="G22", actor="operator").values_list("name", flat=True))
    assert names == ["system.suspended", "system.resumed"]


def test_an_operator_sets_doors_networks_and_limits(operator: Client) -> None:
    assert act(operator, f"{G22}mang/", networks="10.1.0.0/16\n10.2.0.0/24") == ""
    assert System.objects.get(code="G22").networks == ["10.1.0.0/16", "10.2.0.0/24"]
    assert "Dải địa chỉ không đọc được" in act(operator, f"{G22}mang/", networks="10.1")
    assert act(operator, f"{G22}gioi-han/", per_minute="1.200", largest_mb="50") == ""
    row = System.objects.get(code="G22")
    assert (row.requests_per_minute, row.largest_packet) == (1200, 50 << 20)
    for wrong in ("0", "nhiều", "99999999"):
        assert "Giới hạn phải lớn hơn 0" in act(operator, f"{G22}gioi-han/", per_minute=wrong)
    assert act(operator, f"{G22}gioi-han/") == ""
    assert System.objects.get(code="G22").requests_per_minute is None
    assert "chưa có khóa dùng chung" in act(operator, f"{G22}cong/", native="on", vxp="on")
    assert act(operator, f"{G22}cong/") == ""
    assert "Đóng cả hai cổng" in text(operator, "he-thong/")


@pytest.mark.law("SEC-8")
def test_a_secret_is_seen_once(operator: Client) -> None:
    answer = operator.post(f"/console/{G22}khoa-chung/", {"given": "0", "overlap": "7"})
    assert answer.status_code == 200
    secret = agencies.directory().systems["G22"].vxp_secret
    assert answer.content.decode().count(secret) == 1
    assert answer["Cache-Control"] == "no-store"
    assert secret not in text(operator, G22)
    assert not any(secret in json.dumps(row) for row in Event.objects.values_list("data", flat=True))
    again = operator.post(f"/console/{G22}khoa-chung/", {"given": "0", "overlap": "0"})
    assert again.status_code == 422
    assert "đã dùng một lần" in again.content.decode()
    assert agencies.directory().systems["G22"].vxp_secret == secret


@pytest.mark.law("SEC-8")
def test_a_secret_is_changed_with_overlap_or_without(operator: Client) -> None:
    operator.post(f"/console/{G22}khoa-chung/", {"given": "0"})
    first = agencies.directory().systems["G22"].vxp_secret
    operator.post(f"/console/{G22}khoa-chung/", {"given": "1", "overlap": "7"})
    assert policy.of("G22").former_secret(now()) == first
    assert "còn dùng được đến" in text(operator, G22)
    operator.post(f"/console/{G22}khoa-chung/", {"given": "2", "overlap": "0"})
    assert policy.of("G22").former_secret(now()) == ""


@pytest.mark.law("SEC-8")
def test_a_key_follows_another_and_one_in_other_hands_is_revoked(operator: Client, country: Country) -> None:
    submit(country.native("G22"), make_document(("H41",)))
    old = SystemKey.objects.get(system="G22")
    fresh = SigningKey.generate()
    assert act(operator, f"{G22}khoa/", jwk=json.dumps(fresh.public_jwk()), overlap="3") == ""
    old.refresh_from_db()
    assert old.retired_at is not None
    assert timedelta(days=2) < old.retired_at - now() < timedelta(days=4)
    for wrong, cause in (("{", "không dùng được"), ("[]", "không dùng được"), ('{"kty":"OKP","d":"x"}', "khóa bí mật")):
        assert cause in act(operator, f"{G22}khoa/", jwk=wrong)
    assert "Cần lý do" in act(operator, f"{G22}thu-hoi-khoa/", kid=old.kid, reason="")
    assert "không có khóa" in act(operator, f"{G22}thu-hoi-khoa/", kid="la", reason="x")
    answer = operator.post(f"/console/{G22}thu-hoi-khoa/", {"kid": old.kid, "reason": "Máy chủ bị xâm nhập"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Đã thu hồi khóa" in page
    assert "packet.accepted" in page
    old.refresh_from_db()
    assert old.revoked_for == "Máy chủ bị xâm nhập"
    assert old.compromised_from == old.retired_at  # from now on, where nothing else is said
    later = {"kid": fresh.id, "reason": "x", "since": "2030-01-01T08:00"}
    assert "phải là lúc đã qua" in act(operator, f"{G22}thu-hoi-khoa/", **later)
    since = {**later, "since": f"{today():%Y-%m-%d}T00:00"}
    assert "Không có việc nào" in operator.post(f"/console/{G22}thu-hoi-khoa/", since).content.decode()
    assert SystemKey.objects.get(kid=fresh.id).compromised_from < old.compromised_from


def test_the_registry_connects_a_system_and_keeps_its_papers(registry: Client) -> None:
    form = {"code": "VXP.9", "name": "Hệ thống dùng chung", "agencies": "H41 H26"}
    assert act(registry, "he-thong/them/ghi/", **form) == ""
    assert set(Agency.objects.filter(system="VXP.9").values_list("code", flat=True)) == {"H41", "H26"}
    assert "Không có cơ quan mang mã X99" in act(registry, "he-thong/them/ghi/", **{**form, "agencies": "X99"})
    assert act(registry, "he-thong/ma/VXP.9/co-quan/", agencies="G12") == ""
    assert System.objects.get(code="VXP.9").name == "Hệ thống dùng chung"
    assert Agency.objects.get(code="G12").system_id == "VXP.9"
    declared = {
        "product": "eOffice", "version": "1", "owner": "Công ty A", "number": "7/2026",
        "valid_from": today().isoformat(), "valid_to": (today() + timedelta(days=99)).isoformat(),
    }  # fmt: skip
    assert act(registry, "he-thong/ma/VXP.9/hop-quy/", **declared) == ""
    assert Declaration.objects.get().number == "7/2026"
    assert "Công bố hợp quy cần" in act(registry, "he-thong/ma/VXP.9/hop-quy/", **{**declared, "owner": " "})
    assert act(registry, "he-thong/ma/VXP.9/cap-do/", level="3", decision="4/QĐ", pilot="on") == ""
    standing = Standing.objects.get()
    assert (standing.security_level, standing.pilot) == (3, True)
    for none in ("9", "²", "9" * 5000):
        assert "Cần cấp độ" in act(registry, "he-thong/ma/VXP.9/cap-do/", level=none, decision="4/QĐ")
    assert act(registry, "he-thong/ma/VXP.9/tu-duyet/", automatic="on") == ""
    assert System.objects.get(code="VXP.9").auto_approves
    assert set(Event.objects.filter(subject="VXP.9").values_list("actor", flat=True)) == {"registry"}


@pytest.mark.law("R-13.2-1")
def test_client_certificates_are_registered_required_and_revoked(operator: Client, tmp_path: Path) -> None:
    authority = TestAuthority.create(tmp_path, "http://127.0.0.1:9")
    pem = authority.issue_client("G22", "Máy khách VPCP").pem

    def file(raw: bytes) -> SimpleUploadedFile:
        return SimpleUploadedFile("may-khach.pem", raw)

    assert "chưa có chứng thư còn hạn" in act(operator, f"{G22}chung-thu/bat-buoc/", required="on")
    assert act(operator, f"{G22}chung-thu/", certificate=file(pem), overlap="7") == ""
    assert act(operator, f"{G22}chung-thu/bat-buoc/", required="on") == ""
    assert System.objects.get(code="G22").certificate_required
    shown = text(operator, G22)
    assert "Bắt buộc: không có chứng thư" in shown
    assert "Máy khách VPCP" in shown
    server = authority.issue_server("Máy chủ", ["localhost"]).pem
    for wrong, cause in ((b"x", "X.509"), (server, "clientAuth")):
        assert cause in act(operator, f"{G22}chung-thu/", certificate=file(wrong))
    found = SystemCertificate.objects.get()
    assert "Cần lý do" in act(operator, f"{G22}chung-thu/thu-hoi/", fingerprint=found.fingerprint, reason="")
    assert act(operator, f"{G22}chung-thu/thu-hoi/", fingerprint=found.fingerprint, reason="Máy bị mất") == ""
    assert "Máy bị mất" in text(operator, G22)
    assert "đã bị thu hồi" in act(operator, f"{G22}chung-thu/", certificate=file(pem))
    names = Event.objects.filter(actor="operator", name__startswith="system.certificate").values_list("name", flat=True)
    assert list(names.order_by("id")) == ["system.certificate_added", "system.certificate_revoked"]


def test_a_clock_that_is_off_the_last_calls_and_a_proposal(operator: Client, country: Country) -> None:
    System.objects.filter(code="G22").update(clock_skew_ms=-4200, clock_measured_at=now())
    assert "lệch −4,2 giây so với Trục" in text(operator, G22)
    assert "lệch −4,2 s" in text(operator, "he-thong/")
    Call.objects.create(
        system="G22", at=now(), door="native", operation="POST /packets", status=422, problem="unknown_recipient",
        milliseconds=41, received=10, sent=20,
    )  # fmt: skip
    assert "POST /packets 422 unknown_recipient" in text(operator, G22)
    problem = {"code": "unknown_recipient", "detail": "Không có nơi nhận X99", "detail_en": "No recipient X99"}
    held = Quarantined.objects.create(system_id="G22", at=now(), digest="ab" * 32, size=2048, problem=problem)
    assert "Không có nơi nhận X99" in text(operator, G22)
    place = f"{G22}giu-lai/{held.pk}/"
    assert "Cần lý do" in act(operator, place, reason=" ")
    assert act(operator, f"he-thong/ma/H41/giu-lai/{held.pk}/", reason="x")
    assert act(operator, place, reason="Đã thêm nơi nhận") == ""
    assert "đã đề nghị gửi lại" in text(operator, G22)
    event = Event.objects.get(name="quarantine.replay_proposed")
    assert (event.actor, event.data["reason"]) == ("operator", "Đã thêm nơi nhận")


def test_an_operator_stops_a_webhook_and_tries_it(operator: Client) -> None:
    made, secret = endpoints.register(
        "G22", "https://93.184.216.34/hook?k=bi-mat", [], actor=systems.OPERATOR, at=now()
    )
    shown = text(operator, G22)
    assert "93.184.216.34" in shown
    assert "bi-mat" not in shown
    assert secret not in shown
    assert act(operator, f"{G22}diem-nhan/thu/", webhook=str(made.pk)) == ""
    assert act(operator, f"{G22}diem-nhan/", webhook=str(made.pk)) == ""
    assert "Đã tắt" in text(operator, G22)
    assert "đang tắt" in act(operator, f"{G22}diem-nhan/thu/", webhook=str(made.pk))
    assert act(operator, f"{G22}diem-nhan/", webhook=str(made.pk), on="1") == ""
    assert act(operator, "he-thong/ma/H41/diem-nhan/", webhook=str(made.pk))
    assert Event.objects.filter(name="webhook.changed", actor="operator").count() == 2


@pytest.mark.law("SEC-6")
def test_an_officer_sees_the_systems_of_the_own_subtree(country: Country) -> None:
    officer = sit_down(Role.AGENCY, "H41")
    shown = text(officer, "he-thong/ma/H41/")
    assert "Tạm ngừng…" not in shown
    assert "Đổi khóa" not in shown
    text(officer, G22, 404)
    text(sit_down(Role.AUDITOR), "he-thong/ma/KHONG.CO/", 404)
    assert "G22" not in text(officer, "he-thong/?q=van+phong")


@pytest.mark.law("SEC-6")
def test_of_a_shared_system_an_officer_sees_no_affairs_of_others(country: Country) -> None:
    agencies.add_system("H41", name="Nền tảng dùng chung", agencies=["H41", "H26"], at=now())
    systems.suspend("H41", reason="Việc của H26", at=now())
    systems.resume("H41", at=now())
    officer = sit_down(Role.AGENCY, "H41")
    shown = text(officer, "he-thong/ma/H41/")
    assert "Nền tảng dùng chung" in shown
    assert "H26" not in shown
    assert "tạm ngừng hệ thống" not in shown
    assert "tạm ngừng hệ thống" in text(sit_down(Role.OPERATOR), "he-thong/ma/H41/")
