"""The inventory of certificates: what is signed with is what is listed, and nobody signs with another's, or after its
end (Decision 28, Article 18.1; Decree 30, Article 32)."""

import csv
import io
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from lienthong.journal.models import AccessLog, Event
from lienthong.office import config, jobs
from lienthong.office.models import (
    Custody,
    ExpiryWarning,
    KeyKind,
    Notice,
    Organization,
    Person,
    SigningKey,
)
from lienthong.office.outgoing import signing
from lienthong.office.people import (
    certificate_errors,
    certificates,
    custody,
    expiry,
    keys,
    setup,
)
from lienthong.runtime.demo.cast import H41
from lienthong.testing.pki import Identity, TestAuthority
from tests.service.office.conftest import PIN, Office, approved, install, now, refusal, register, signed

PLACE = "/chung-thu/"
DAY = timedelta(days=1)


def upload(raw: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("chung-thu.cer", raw)


def key_of(owner: Person | Organization) -> SigningKey:
    return keys.key_of_person(owner) if isinstance(owner, Person) else keys.seal_of(owner)


def given(
    owner: Person | Organization, authority: TestAuthority, folder: Path, *, begins: datetime, ends: datetime
) -> SigningKey:
    """Let this be the certificate that somebody signs with."""
    if isinstance(owner, Person):
        made = authority.issue_person(owner.full_name, valid_from=begins, valid_to=ends, ec=True)
    else:
        made = authority.issue_agency(owner.name, owner.alias, valid_from=begins, valid_to=ends, ec=True)
    register(owner, made, folder / f"{made.serial}.p12")
    return key_of(owner)


@pytest.mark.law("R-18.1-1")
def test_the_list_holds_what_people_really_sign_with(office: Office, authority: TestAuthority, tmp_path: Path) -> None:
    other = install(H41, authority, tmp_path)
    admin = office.client("quan.tri")
    page = admin.get(PLACE).content.decode()
    seal, leader = key_of(office.organization), key_of(office["lanh.dao"])
    for key in (seal, leader):
        assert f'data-certificate="{key.pk}" data-state="in_force"' in page
    assert f'data-certificate="{key_of(other.organization).pk}"' not in page
    told = admin.get(f"{PLACE}{seal.pk}/").content.decode()
    for word in ("Văn phòng Chính phủ", "000.00.00.G22", f"{office.seal.serial:X}", "tệp PKCS#12: G22.p12"):
        assert word in told
    assert str(tmp_path) not in told
    told = admin.get(f"{PLACE}{leader.pk}/").content.decode()
    assert "PHÓ CHỦ NHIỆM" in told
    # Signing with a new one makes the list show it, and the one before as replaced: there is no list beside the keys.
    fresh = given(office["lanh.dao"], authority, tmp_path, begins=now() - DAY, ends=now() + 300 * DAY)
    page = admin.get(f"{PLACE}?muc=tat-ca").content.decode()
    assert f'data-certificate="{fresh.pk}" data-state="in_force"' in page
    assert f'data-certificate="{leader.pk}" data-state="replaced"' in page
    assert f'data-certificate="{leader.pk}"' not in admin.get(PLACE).content.decode()


@pytest.mark.law("R-18.1-1", "SEC-6")
def test_who_is_no_keeper_sees_their_own_alone(office: Office, authority: TestAuthority, tmp_path: Path) -> None:
    seal, leader = key_of(office.organization), key_of(office["lanh.dao"])
    mine = given(office["truong.dv"], authority, tmp_path, begins=now() - DAY, ends=now() + DAY)
    head = office.client("truong.dv")
    page = head.get(PLACE).content.decode()
    assert f'data-certificate="{mine.pk}"' in page
    assert f'data-certificate="{seal.pk}"' not in page
    assert head.get(f"{PLACE}{mine.pk}/").status_code == 200
    for hidden in (seal, leader):
        assert head.get(f"{PLACE}{hidden.pk}/").status_code == 404
    assert head.get(f"{PLACE}tai/csv/").status_code == 403
    stranger = install(H41, authority, tmp_path).client("quan.tri")
    for key in (seal, leader, mine):
        assert stranger.get(f"{PLACE}{key.pk}/").status_code == 404
    for login in ("van.thu", "lanh.dao", "kiem.tra"):
        assert office.client(login).get(f"{PLACE}{seal.pk}/").status_code == 200


@pytest.mark.law("R-18.1-1")
def test_a_certificate_that_knows_no_end_breaks_no_page(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    ends = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)  # RFC 5280, 4.1.2.5; a day later in Vietnam
    key = given(office["lanh.dao"], authority, tmp_path, begins=now() - DAY, ends=ends)
    admin = office.client("quan.tri")
    for place in (PLACE, f"{PLACE}{key.pk}/", "/"):
        assert admin.get(place).status_code == 200, place
    assert "31/12/9999" in admin.get(f"{PLACE}{key.pk}/").content.decode()
    assert "31/12/9999" in b"".join(admin.get(f"{PLACE}tai/csv/")).decode()
    expiry.warn(office.organization, at=now())


def test_pages_ask_the_database_as_often_for_many_as_for_few(
    office: Office, authority: TestAuthority, tmp_path: Path, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    admin, places = office.client("quan.tri"), (PLACE, f"{PLACE}tai/csv/", "/")

    def counts() -> list[int]:
        found = []
        for place in places:
            with django_assert_max_num_queries(100) as captured:
                answer = admin.get(place)
                b"".join(answer)  # a table is read as it is taken away
            found.append(len(captured))
        return found

    counts()
    few = counts()
    for login in ("truong.dv", "chuyen.vien", "the.thuc", "van.thu", "kiem.tra"):
        given(office[login], authority, tmp_path, begins=now() - DAY, ends=now() + 20 * DAY)
    assert counts() == few


@pytest.mark.law("R-18.1-1")
def test_the_inventory_is_taken_away_as_a_table_and_that_is_noted(office: Office) -> None:
    clerk = office.client("van.thu")
    answer = clerk.get(f"{PLACE}tai/csv/")
    table = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert table[0][:5] == ["Chủ thể", "Chức vụ", "Mã cơ quan", "Tên trong chứng thư số", "Số sê-ri"]
    rows = {row[0]: row for row in table[1:]}
    assert rows["Văn phòng Chính phủ"][2:5] == ["G22", "Văn phòng Chính phủ", f"{office.seal.serial:X}"]
    assert rows["Trần Quốc Vượng"][1] == "PHÓ CHỦ NHIỆM"
    assert rows["Trần Quốc Vượng"][9] == "Đang hiệu lực"
    book = clerk.get(f"{PLACE}tai/xlsx/")
    sheet = zipfile.ZipFile(io.BytesIO(b"".join(book.streaming_content)))  # type: ignore[attr-defined]
    assert "Trần Quốc Vượng" in sheet.read("xl/worksheets/sheet1.xml").decode()
    assert clerk.get(f"{PLACE}tai/pdf/").status_code == 404
    assert sorted(AccessLog.objects.filter(subject_kind="certificates").values_list("detail", flat=True)) == [
        "csv",
        "xlsx",
    ]


@pytest.mark.law("R-18.1-1")
def test_a_certificate_is_registered_before_its_key_and_signs_when_the_key_is_there(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    before, made = key_of(office["lanh.dao"]), authority.issue_person("Trần Quốc Vượng", ec=True)
    admin, form = office.client("quan.tri"), {"act": "register", "owner": office["lanh.dao"].pk}
    answer = admin.post(PLACE, form | {"certificate": upload(made.pem)})
    key = SigningKey.objects.get(kind=KeyKind.NONE)
    assert answer["Location"] == f"{PLACE}{key.pk}/"
    assert "chưa gắn khóa" in admin.get(PLACE).content.decode()
    assert key_of(office["lanh.dao"]) == before  # until its key is there, the one before signs
    again = admin.post(PLACE, form | {"certificate": upload(made.certificate)})
    assert 'data-problem="certificate_known"' in again.content.decode()
    register(office["lanh.dao"], made, tmp_path / "new.p12")
    assert key_of(office["lanh.dao"]).pk == key.pk
    assert SigningKey.objects.filter(person=office["lanh.dao"]).count() == 2
    document = approved(office)
    signing.sign(document, pin=PIN, actor=office["lanh.dao"], at=now())
    assert document.state == "signed"
    register(office["lanh.dao"], made, tmp_path / "new.p12")  # told the same again, it stays as it is
    names = Event.objects.filter(subject_kind="certificate", subject=str(key.pk)).order_by("id")
    assert list(names.values_list("name", flat=True)) == ["certificate.registered", "key.registered"]


@pytest.mark.law("R-18.1-1", "D30-17-1")
@pytest.mark.refuses("R-18.1-1")
def test_a_certificate_of_another_is_not_registered(office: Office, authority: TestAuthority) -> None:
    person, agency = office["lanh.dao"], "co-quan"
    cases = [
        (person.pk, authority.issue_person("Trần Quốc Vương", ec=True), "certificate_of_another"),
        (agency, authority.issue_agency("Bộ Tài chính", "000.00.00.G12", ec=True), "certificate_of_another"),
        (agency, authority.issue_agency("Văn phòng Chính phủ", "000.00.00.G12", ec=True), "certificate_of_another"),
        (agency, authority.issue_person(person.full_name, organization="Văn phòng Chính phủ"), "certificate_of_another"),
        (person.pk, authority.issue_person(person.full_name, valid_from=now() - 9 * DAY, valid_to=now() - DAY),
         "certificate_expired"),
        (person.pk, authority.issue_person(person.full_name, usage_ok=False), "unfit_certificate"),
    ]  # fmt: skip
    admin, before = office.client("quan.tri"), (SigningKey.objects.count(), Event.objects.count())
    for owner, made, code in cases:
        answer = admin.post(PLACE, {"act": "register", "owner": owner, "certificate": upload(made.certificate)})
        assert f'data-problem="{code}"' in answer.content.decode(), code
        assert answer.status_code in (409, 422)
    for raw in (b"no certificate", b"x" * (certificates.LARGEST + 1)):
        answer = admin.post(PLACE, {"act": "register", "owner": person.pk, "certificate": upload(raw)})
        assert 'data-problem="no_certificate"' in answer.content.decode()
    assert (SigningKey.objects.count(), Event.objects.count()) == before
    admin.post("/ngon-ngu/", {"language": "en", "next": "/"})
    form = {"act": "register", "owner": person.pk, "certificate": upload(cases[0][1].certificate)}
    assert "it is not that of Trần Quốc Vượng" in admin.post(PLACE, form).content.decode()


def test_a_certificate_of_an_unknown_authority_is_not_registered(office: Office, tmp_path: Path) -> None:
    foreign = TestAuthority.create(tmp_path / "foreign", "http://127.0.0.1:9").issue_person("Trần Quốc Vượng", ec=True)
    form = {"act": "register", "owner": office["lanh.dao"].pk, "certificate": upload(foreign.certificate)}
    answer = office.client("quan.tri").post(PLACE, form)
    assert 'data-problem="unfit_certificate"' in answer.content.decode()
    assert "không được tin cậy" in answer.content.decode()


@pytest.mark.law("R-18.1-1")
@pytest.mark.refuses("R-18.1-1")
def test_set_up_and_signing_refuse_a_certificate_of_another(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    person = office["lanh.dao"]
    with pytest.raises(certificate_errors.WrongOwner):
        register(person, authority.issue_person("Lê Minh Đức", ec=True), tmp_path / "other.p12")
    with pytest.raises(certificate_errors.WrongOwner):
        register(office.organization, authority.issue_agency("Bộ Tài chính", "G12", ec=True), tmp_path / "other.p12")
    document = approved(office)
    Person.objects.filter(pk=person.pk).update(full_name="Trần Quốc Vinh")  # the certificate names who they were
    leader = office.client("lanh.dao")
    answer = leader.post(f"/van-ban-di/{document.pk}/", {"act": "sign", "pin": PIN})
    assert 'data-problem="certificate_of_another"' in answer.content.decode()
    Person.objects.filter(pk=person.pk).update(full_name="Trần Quốc Vượng")
    key = key_of(person)
    Path(key.location).write_bytes(authority.issue_person(person.full_name, ec=True).pkcs12(PIN))
    answer = leader.post(f"/van-ban-di/{document.pk}/", {"act": "sign", "pin": PIN})
    assert 'data-problem="key_of_another_certificate"' in answer.content.decode()
    document.refresh_from_db()
    assert document.state == "approved"


@pytest.mark.law("R-18.1-1")
@pytest.mark.refuses("R-18.1-1")
@pytest.mark.parametrize(
    ("begins", "ends", "code"), [(-9, -1, "certificate_expired"), (1, 9, "certificate_not_yet_valid")]
)
def test_outside_its_time_nothing_is_signed_or_sealed_and_the_way_out_is_told(
    office: Office, authority: TestAuthority, tmp_path: Path, begins: int, ends: int, code: str
) -> None:
    document, span = signed(office), {"begins": now() + begins * DAY, "ends": now() + ends * DAY}
    waiting = approved(office)
    given(office.organization, authority, tmp_path, **span)
    given(office["lanh.dao"], authority, tmp_path, **span)
    for login, one, act in (("van.thu", document, "number_and_seal"), ("lanh.dao", waiting, "sign")):
        answer = office.client(login).post(f"/van-ban-di/{one.pk}/", {"act": act, "pin": "sai"})
        page = answer.content.decode()
        assert f'data-problem="{code}"' in page
        assert "mục Chứng thư số" in page
    document.refresh_from_db()
    assert (document.state, document.number) == ("signed", None)
    assert not Event.objects.filter(name="key.pin_refused").exists()  # said before any PIN is looked at


# --- custody ----------------------------------------------------------------------------------------------------------


def papers(office: Office, taker: str, giver: str | None = None, **changes: object) -> custody.HandOver:
    base = custody.HandOver(
        given_by=office[giver] if giver else None, taken_by=office[taker], handed_at=now() - DAY,
        basis="12/QĐ-VPCP ngày 02/11/2026", minutes="05/BB-VPCP ngày 03/11/2026",
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


@pytest.mark.law("D30-17-1")
def test_hand_overs_follow_each_other_and_who_holds_the_device_seals(office: Office) -> None:
    seal, document = key_of(office.organization), signed(office)
    place, clerk, leader = f"{PLACE}{seal.pk}/", office.client("van.thu"), office.client("lanh.dao")
    form = {
        "act": "hand_over", "taken_by": office["quan.tri"].pk, "basis": "12/QĐ-VPCP", "minutes": "05/BB-VPCP",
        "handed_at": timezone.localtime(now() - DAY).strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    assert clerk.post(place, form).status_code == 403
    assert leader.post(place, form).status_code == 302
    page = leader.get(place).content.decode()
    assert "data-hand-over" in page
    assert "05/BB-VPCP" in page
    assert 'data-problem="holder_changed"' in leader.post(place, form).content.decode()
    refused = clerk.post(f"/van-ban-di/{document.pk}/", {"act": "number_and_seal", "pin": PIN})
    assert 'data-problem="not_the_holder"' in refused.content.decode()
    assert "Bùi Tuấn Anh" in refused.content.decode()
    back = form | {"given_by": office["quan.tri"].pk, "taken_by": office["van.thu"].pk}
    assert leader.post(place, back).status_code == 302
    assert clerk.post(f"/van-ban-di/{document.pk}/", {"act": "number_and_seal", "pin": PIN}).status_code == 302
    document.refresh_from_db()
    assert document.state == "sealed"
    events = Event.objects.filter(name="certificate.handed_over").order_by("id")
    assert [one.data["taken_by"] for one in events] == ["Bùi Tuấn Anh", "Nguyễn Thị Hạnh"]
    assert events[1].data["given_by"] == "Bùi Tuấn Anh"


@pytest.mark.law("D30-17-1")
def test_a_hand_over_names_its_papers_and_is_never_changed(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    seal, admin = key_of(office.organization), office.client("quan.tri")

    def moment(at: datetime) -> str:
        return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")

    def refused(key: SigningKey = seal, **changes: object) -> str:
        form = {
            "act": "hand_over", "taken_by": office["van.thu"].pk, "basis": "12/QĐ-VPCP", "minutes": "05/BB-VPCP",
            "handed_at": moment(now() - DAY), **changes,
        }  # fmt: skip
        answer = admin.post(f"{PLACE}{key.pk}/", form)
        return "" if answer.status_code == 302 else refusal(answer)

    for lacking in ({"basis": " "}, {"minutes": ""}, {"handed_at": moment(now() + DAY)}):
        assert refused(**lacking) == "missing"  # type: ignore[arg-type]
    assert refused(given_by=office["lanh.dao"].pk) == "holder_changed"
    own = certificate_errors.NotListed.code
    assert refused(key=key_of(office["lanh.dao"])) == own  # people keep their own (Article 32.3)
    assert refused(taken_by=install(H41, authority, tmp_path)["van.thu"].pk) == "missing"
    assert refused() == ""
    made = Custody.objects.get()
    assert refused(given_by=office["van.thu"].pk, handed_at=moment(now() - 5 * DAY)) == "holder_changed"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Custody.objects.filter(pk=made.pk).update(basis="khác")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        made.delete()


def test_of_two_hand_overs_at_once_one_is_recorded(office: Office) -> None:
    seal, actor, told = key_of(office.organization), office["lanh.dao"], []

    def take(login: str) -> None:
        try:
            custody.hand_over(seal, papers(office, login), actor=actor, at=now())
        except certificate_errors.HolderChanged:
            told.append(login)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(login,)) for login in ("van.thu", "quan.tri")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (Custody.objects.count(), len(told)) == (1, 1)


# --- warnings ---------------------------------------------------------------------------------------------------------


def days_warned(key: SigningKey) -> list[int]:
    return list(
        Event.objects.filter(name="certificate.expiring", subject=str(key.pk)).order_by("id").values_list(
            "data__days", flat=True
        )
    )  # fmt: skip


def test_the_end_is_warned_of_once_for_each_of_the_days(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    key = given(office["lanh.dao"], authority, tmp_path, begins=now() - DAY, ends=now() + 100 * DAY)
    told = []
    for left in (61, 60, 59, 31, 30, 29, 8, 7, 1, -1):
        for _ in range(2):
            expiry.warn(office.organization, at=key.valid_to - left * DAY)
        told.append((left, days_warned(key)))
    assert told == [
        (61, []), (60, [60]), (59, [60]), (31, [60]), (30, [60, 30]), (29, [60, 30]), (8, [60, 30]), (7, [60, 30, 7]),
        (1, [60, 30, 7]), (-1, [60, 30, 7]),
    ]  # fmt: skip
    mine = Notice.objects.filter(person=office["lanh.dao"], link=f"{PLACE}{key.pk}/")
    assert mine.count() == 3
    assert not Notice.objects.filter(link=f"{PLACE}{key.pk}/").exclude(person=office["lanh.dao"]).exists()


def test_after_a_long_stop_the_nearest_of_the_days_is_told_and_what_is_over_is_not(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    key = given(office.organization, authority, tmp_path, begins=now() - DAY, ends=now() + 100 * DAY)
    assert expiry.warn(office.organization, at=key.valid_to - 20 * DAY) == 1
    assert expiry.warn(office.organization, at=key.valid_to - 20 * DAY) == 0
    assert days_warned(key) == [30]
    assert expiry.warn(office.organization, at=key.valid_to + DAY) == 1
    assert days_warned(key) == [30, 7]
    for login in ("van.thu", "quan.tri"):  # who keep the seal
        assert "đã hết hạn" in Notice.objects.filter(person=office[login]).latest("pk").text
    assert not Notice.objects.filter(person=office["chuyen.vien"]).exists()
    given(office.organization, authority, tmp_path, begins=now() - DAY, ends=now() + 900 * DAY)
    ExpiryWarning.objects.all().delete()
    assert expiry.warn(office.organization, at=key.valid_to) == 0  # another one took its place


def test_two_workers_at_once_warn_once(office: Office, authority: TestAuthority, tmp_path: Path) -> None:
    key = given(office["lanh.dao"], authority, tmp_path, begins=now() - DAY, ends=now() + 20 * DAY)
    barrier = threading.Barrier(4)

    def work() -> None:
        try:
            barrier.wait(10)
            expiry.warn(office.organization, at=now())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert days_warned(key) == [30]
    assert Notice.objects.filter(person=office["lanh.dao"]).count() == 1


@pytest.mark.law("R-18.1-1")
def test_the_worker_warns_and_the_first_screen_shows_it_to_whom_it_concerns(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    mine = given(office["lanh.dao"], authority, tmp_path, begins=now() - DAY, ends=now() + 20 * DAY)
    seal = given(office.organization, authority, tmp_path, begins=now() - DAY, ends=now() + 5 * DAY)
    stop = threading.Event()
    stop.set()
    jobs.watch_certificates(stop)
    assert (days_warned(mine), days_warned(seal)) == ([30], [7])

    def shows(login: str) -> set[int]:
        page = office.client(login).get("/").content.decode()
        return {key.pk for key in (mine, seal) if f'href="{PLACE}{key.pk}/"' in page}

    assert shows("lanh.dao") == {mine.pk}
    assert shows("van.thu") == shows("quan.tri") == {seal.pk}
    assert shows("chuyen.vien") == shows("truong.dv") == set()
    page = office.client("quan.tri").get(f"{PLACE}?muc=sap-het-han").content.decode()
    assert f'data-certificate="{mine.pk}"' in page
    assert "Sắp hết hạn" in page


@pytest.mark.law("R-18.1-1")
@pytest.mark.refuses("R-18.1-1")
def test_what_its_authority_revoked_is_noted_told_and_signs_no_more(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    made = authority.issue_person("Trần Quốc Vượng", ec=True)
    register(office["lanh.dao"], made, tmp_path / "lost.p12")
    key, document = key_of(office["lanh.dao"]), approved(office)
    check = {"validation": config.standing(), "at": now()}
    assert expiry.note_revocations(office.organization, **check) == 0  # type: ignore[arg-type]
    authority.revoke(made, now() - timedelta(hours=1))
    config.standing.cache_clear()
    check = {"validation": config.standing(), "at": now()}
    assert expiry.note_revocations(office.organization, **check) == 1  # type: ignore[arg-type]
    assert expiry.note_revocations(office.organization, **check) == 0  # type: ignore[arg-type]
    key.refresh_from_db()
    assert certificates.state_of(key, now()) == certificates.State.REVOKED
    answer = office.client("lanh.dao").post(f"/van-ban-di/{document.pk}/", {"act": "sign", "pin": PIN})
    assert 'data-problem="certificate_withdrawn"' in answer.content.decode()
    assert Event.objects.filter(name="certificate.revoked", subject=str(key.pk)).count() == 1
    assert "thu hồi" in Notice.objects.get(person=office["lanh.dao"], link=f"{PLACE}{key.pk}/").text


def test_a_key_on_a_token_is_listed_by_the_name_of_its_token(office: Office, authority: TestAuthority) -> None:
    made: Identity = authority.issue_person("Trần Quốc Vượng", ec=True)
    key = certificates.keep_key(
        office["lanh.dao"], made.certificate, kind=KeyKind.PKCS11, location="/usr/lib/token.so|Token 12|ky", image=None,
        actor=setup.SETUP, at=now(),
    )  # fmt: skip
    page = office.client("quan.tri").get(f"{PLACE}{key.pk}/").content.decode()
    assert "thiết bị PKCS#11: Token 12" in page
    assert "token.so" not in page


def test_the_key_of_a_registered_certificate_is_found_by_its_serial_number(
    office: Office, authority: TestAuthority, tmp_path: Path
) -> None:
    made, leader = authority.issue_person("Trần Quốc Vượng", ec=True), office["lanh.dao"]
    file = tmp_path / "moi.p12"
    file.write_bytes(made.pkcs12(PIN))
    place = {"kind": KeyKind.PKCS12, "location": str(file), "actor": setup.SETUP, "at": now()}
    with pytest.raises(certificate_errors.NotListed):
        certificates.attach_key(f"{made.serial:x}", **place)  # type: ignore[arg-type]
    key = certificates.register(leader, made.pem, trust=config.trust(), actor=office["quan.tri"], at=now())
    printed = f"{made.serial:x}".zfill(40)
    pairs = ":".join(printed[at : at + 2] for at in range(0, len(printed), 2))
    assert certificates.attach_key(pairs, **place).pk == key.pk  # type: ignore[arg-type]
    assert key_of(leader).pk == key.pk
    assert keys.open_key(key_of(leader), PIN, actor=leader, at=now()).certificate == made.certificate
