"""A directory and its systems on an ordinary day: what the console's pages of the registry are shown with."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from lienthong.evidence.receipts import SigningKey
from lienthong.hub import agencies, codes, contacts, imports, participants, requests, systems
from lienthong.hub.codes import Kind, Plan
from lienthong.hub.models import Agency, Call, Quarantined, System
from lienthong.journal.record import Actor
from lienthong.standards.agencies import Category, level_one
from lienthong.standards.times import VIETNAM
from tests.service.hub.conftest import Country, make_document, now, submit

REGISTRY = Actor("person", "registry", "Tạ Quang Duy")
KEEPER = Actor("person", "so.nv", "Lê Thị Hoa", "H41")
DEPARTMENTS = [
    "Sở Nội vụ", "Sở Y tế", "Sở Xây dựng", "Sở Tài chính", "Sở Giáo dục và Đào tạo", "Sở Nông nghiệp và Môi trường",
    "Sở Văn hóa, Thể thao và Du lịch", "Sở Tư pháp", "Sở Khoa học và Công nghệ", "Thanh tra tỉnh",
]  # fmt: skip
COMMUNES = ["phường Trường Vinh", "xã Mỹ Lý", "xã Keng Đu", "xã Na Loi", "phường Cửa Lò", "xã Hưng Nguyên"]
TABLE = (
    "mã,tên,mã cấp trên\nH41.60,Ủy ban nhân dân xã Con Cuông,H41\nH41.61,Ủy ban nhân dân xã Tương Dương,H41\n"
    "H41.62,,H41\nH26,Tên mới,X99\nkhông mã,Trung tâm,H41\nH41.05,Sở Giáo dục và Đào tạo tỉnh Nghệ An,H41\n"
)


def certificate(name: str) -> bytes:
    """A certificate of a seal, DER; who signed it is of no account to the directory."""
    key, at = ec.generate_private_key(ec.SECP256R1()), now()
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "CA thử nghiệm")])
    built = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    built = (
        built.serial_number(x509.random_serial_number()).not_valid_before(at).not_valid_after(at + timedelta(days=700))
    )
    return built.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def _troubles(at: datetime) -> None:
    """The last calls of a system, and a packet of it that was refused."""
    operations = [("POST /packets", 201, ""), ("GET /inbox", 200, ""), ("POST /packets", 422, "unknown_recipient")]
    for number, (operation, status, problem) in enumerate(operations * 4):
        Call.objects.create(
            system="G22", at=at - timedelta(seconds=40 - number), door="native", operation=operation, status=status,
            problem=problem, milliseconds=12 + number, received=2048, sent=310,
        )  # fmt: skip
    words = {
        "code": "unknown_recipient", "detail": "Không có cơ quan X99 trong danh mục; kiểm tra lại mã nơi nhận.",
        "detail_en": "There is no agency X99 in the directory; check the recipient's code.",
    }  # fmt: skip
    Quarantined.objects.create(system_id="G22", at=at, digest="9f" * 32, size=284_000, problem=words, times=4)


def furnish(country: Country) -> None:
    """Ministries, provinces, departments and communes; changes, requests, a table, systems well and unwell."""
    at = now()
    today = at.astimezone(VIETNAM).date()
    there = {"G22", "H41", "H26", "G12"}
    for row in level_one():
        if row.valid_to is None and row.code not in there:
            agencies.add_agency(row.code, name=row.name, category=row.category, aliases=[row.old_code], at=at)
    for code, category in (("H41", Category.COMMITTEE), ("H26", Category.COMMITTEE), ("G12", Category.MINISTRY)):
        agencies.add_agency(code, name=agencies.directory().agencies[code].name, category=category, at=at)
    for number, name in enumerate(DEPARTMENTS, 1):
        agencies.add_agency(f"H41.{number:02d}", name=name, parent="H41", aliases=[f"000.00.{number:02d}.H41"], at=at)
    for number, name in enumerate(COMMUNES, 40):
        agencies.add_agency(f"H41.{number}", name=f"Ủy ban nhân dân {name}", parent="H41", at=at)
    agencies.add_agency("H41.01.02", name="Chi cục Văn thư - Lưu trữ", parent="H41.01", at=at)
    agencies.add_agency("D01", name="Hội Chữ thập đỏ Việt Nam", category=Category.OTHER, at=at)
    contacts.add_mandate("G22.TT", name="Thủ tướng Chính phủ", office="G22", at=at)
    agencies.register_seal("H41", certificate("Ủy ban nhân dân tỉnh Nghệ An"), at=at)
    codes.file(
        Plan(Kind.RENAME, ("H41.08",), today - timedelta(days=40), "18/QĐ-UBND", name="Sở Tư pháp Nghệ An"),
        by=REGISTRY,
        at=at,
    )
    codes.file(
        Plan(Kind.MERGE, ("H41.42", "H41.43"), today + timedelta(days=20), "1676/NQ-UBTVQH15", ("H41.41",)),
        by=REGISTRY,
        at=at,
    )
    codes.file(
        Plan(Kind.MERGE, ("H41.44",), today - timedelta(days=3), "1675/NQ-UBTVQH15", ("H41.40",)), by=REGISTRY, at=at
    )
    Agency.objects.update(added_at=at - timedelta(days=500))
    agencies.forget_copy()
    asker = requests.officer(KEEPER)
    requests.ask_to_register(
        asker, {"code": "H41.20", "name": "Ban Quản lý Khu kinh tế Đông Nam", "pcode": "H41"}, at=at
    )
    requests.ask_to_register(
        asker,
        {
            "code": "H41.02",
            "name": "Sở Y tế tỉnh Nghệ An",
            "pcode": "H41",
            "on": "2027-01-01",
            "decision": "77/QĐ-UBND",
        },
        at=at,
    )
    imports.give("xa-moi-nghe-an.csv", [TABLE.encode()], by=REGISTRY, at=at)
    imports.work_once(now())
    submit(country.native("G22"), make_document(("H41", "H26"), subject="Trích yếu không được lộ"))
    participants.declare(
        "G22", product="VPCP-Office", version="4.2", owner="Văn phòng Chính phủ", number="CBHQ-12/2026",
        valid_from=today - timedelta(days=300), valid_to=today + timedelta(days=12), at=at,
    )  # fmt: skip
    participants.set_level("G22", level=3, decision="45/QĐ-BTTTT", at=at)
    participants.set_pilot("000.00.00.H26", True, at=at)
    systems.set_networks("G22", ["10.1.0.0/16", "10.2.8.0/24"], at=at)
    systems.set_limits("G22", per_minute=600, largest_packet=200 << 20, at=at)
    systems.change_key("G22", SigningKey.generate().public_jwk(), old_until=at + timedelta(days=5), at=at)
    systems.suspend("000.00.00.G12", reason="Gửi lặp 4.000 gói tin trong 5 phút", at=at)
    System.objects.filter(code="G22").update(clock_skew_ms=2600, clock_measured_at=at)
    _troubles(at)
    System.objects.filter(code="H26").update(last_contact_at=at - timedelta(hours=3), last_contact_door="native")
    agencies.forget_copy()
