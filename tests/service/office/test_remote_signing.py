"""Signing from afar: a key at a service, its owner on a phone, and a line that breaks wherever it can (Decision 28,
Article 18.2; Decree 30, Articles 11 and 13). The service is real: HTTP, keys of the test authority, consents used once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from lxml import html

from lienthong.journal.models import Event
from lienthong.office import config, contents, jobs
from lienthong.office.models import (
    KeyKind,
    Notice,
    OutgoingDocument,
    OutgoingState,
    RemoteCredential,
    RemoteRequest,
    RemoteSigning,
    RemoteState,
)
from lienthong.office.outgoing import drafting, remote, signing
from lienthong.office.people import certificates, csc, remote_keys, setup
from lienthong.runtime.demo.cast import H41
from lienthong.standards.signatures.judge import judge
from lienthong.standards.signatures.report import Verdict
from lienthong.standards.signatures.sign import material_at_hand
from lienthong.testing.csc_service import OTP, PIN, Credential, CscService
from lienthong.testing.pki import Identity, TestAuthority
from tests.service.office.conftest import Office, install, manuscript, now, press, refusal
from tests.service.office.test_queue import SIGNING, checked, state, value

KEYS = "/chung-thu/tu-xa/"
USER = "lanh.dao@co-quan"
S = OutgoingState
R = RemoteState


@pytest.fixture
def service() -> Iterator[CscService]:
    csc._tokens.clear()
    with CscService() as running:
        yield running


@pytest.fixture
def key(office: Office, service: CscService, authority: TestAuthority) -> Credential:
    """The leader's key is at the service, and they agree on a phone."""
    kept = service.keep(USER, issued(authority, office))
    declare(office, service)
    assert attach(office) == ""
    return kept


def issued(authority: TestAuthority, office: Office, **how: Any) -> Identity:
    return authority.issue_person(office["lanh.dao"].full_name, ec=True, **how)


def declare(office: Office, service: CscService, **changes: Any) -> None:
    told = {
        "slug": "ky-so", "name": "Dịch vụ ký số", "address": service.address, "client_id": service.client_id,
        "secret": service.client_secret, **changes,
    }  # fmt: skip
    remote_keys.declare(office.organization, remote_keys.Declared(**told), setup.SETUP, at=now())


def attach(office: Office, *, by: str = "quan.tri", user: str = USER, whose: str = "lanh.dao") -> str:
    """The code of the refusal, or "" when it was done."""
    page = office.client(by).get(KEYS)
    if page.status_code != 200:
        return refusal(page)  # type: ignore[arg-type]
    service = remote_keys.services_of(office.organization).get()
    form = {"person": office[whose].pk, "service": service.pk, "user": user}
    answer = office.client(by).post(KEYS, form)
    return "" if answer.status_code == 302 else refusal(answer)  # type: ignore[arg-type]


def ask(office: Office, *documents: OutgoingDocument, **typed: str) -> HttpResponse:
    """The leader marks documents in the queue and asks for all signatures at once."""
    form = {"document": [value(one) for one in documents], **{f"code-{name}": told for name, told in typed.items()}}
    return office.client("lanh.dao").post(SIGNING, form, follow=True)  # type: ignore[return-value]


def later(**time: int) -> Any:
    """The worker's clock, which is on by so much."""
    return lambda: now() + timedelta(**(time or {"seconds": 5}))


def work(**time: int) -> None:
    remote.go_on_with_all(later(**time))


def the_request() -> RemoteRequest:
    return RemoteRequest.objects.latest("pk")


def of_the_leader(office: Office, document: OutgoingDocument) -> bool:
    """Whether the newest version carries the leader's signature, by the judgement that a recipient makes."""
    pdf = config.blobs().read(document.versions.latest("ordinal").digest)
    asked = material_at_hand(pdf, config.validation(), now())
    report = judge(
        pdf, trust=config.trust(), at=now(), agency=None, signer_name=office["lanh.dao"].full_name, material=asked
    )
    first = report.signatures[0]
    return first.verdict is Verdict.PASSED and first.who == office["lanh.dao"].full_name


@pytest.mark.law("R-18.2-1", "D30-13-2")
def test_the_leader_signs_on_a_phone(office: Office, service: CscService, key: Credential) -> None:
    document = checked(office)
    page = office.client("lanh.dao").get(f"/van-ban-di/{document.pk}/").content.decode()
    assert "Duyệt và ký từ xa" in page
    assert 'type="password"' not in page
    assert press(office, "lanh.dao", document, "approve_and_sign") == ""
    assert document.state == S.APPROVED
    request = the_request()
    assert request.state == R.WAITING
    page = office.client("lanh.dao").get(f"/van-ban-di/{document.pk}/").content.decode()
    assert "Đang chờ ký từ xa" in page
    assert 'value="sign"' not in page
    shown = str(html.fromstring(page).xpath("string(//*[@data-code])"))
    assert shown in next(iter(service.consents.values())).description  # what page and phone let them compare
    assert document.subject not in str(service.asked)  # the service learns digests, and no content
    assert remote.go_on_with_all(now) == 1  # it is open in its pause too, and is asked about as soon as that is over
    work()
    assert state(document) == S.APPROVED  # nobody has agreed yet
    watch = f"/trinh-ky/tu-xa/{request.pk}/"
    assert office.client("lanh.dao").get(watch).json() == {"state": "waiting"}
    assert office.client("truong.dv").get(watch).status_code == 404
    service.agree()
    work(seconds=10)
    assert state(document) == S.SIGNED
    assert office.client("lanh.dao").get(watch).json() == {"state": "done"}
    newest = document.versions.latest("ordinal")
    assert newest.author == office["lanh.dao"]
    before = document.versions.get(stage="approved")
    kept = config.blobs().read(newest.digest)
    assert kept.startswith(config.blobs().read(before.digest))  # what is signed is what was approved
    assert of_the_leader(office, document)
    assert Event.objects.filter(name="outgoing.signed", subject=str(document.pk)).count() == 1
    assert the_request().handle is None
    assert press(office, "van.thu", document, "number_and_seal", pin="246810") == ""  # and the clerk goes on


@pytest.mark.law("R-18.2-1")
def test_what_is_typed_signs_at_once_and_is_kept_nowhere(
    office: Office, service: CscService, authority: TestAuthority
) -> None:
    service.keep(USER, issued(authority, office), phone=False)
    declare(office, service)
    assert attach(office) == ""
    document = checked(office)
    assert press(office, "lanh.dao", document, "approve_and_sign") == "missing"
    wrong = {"code-PIN": "000000", "code-OTP": OTP}
    assert press(office, "lanh.dao", document, "approve_and_sign", **wrong) == "remote_code_wrong"
    assert document.state == S.APPROVED
    assert the_request().state == R.FAILED
    right = {"code-PIN": PIN, "code-OTP": OTP}
    assert press(office, "lanh.dao", document, "sign", **right) == ""
    assert document.state == S.SIGNED
    assert not Notice.objects.filter(person=office["lanh.dao"], text__contains="từ xa").exists()
    rows = [*RemoteRequest.objects.values(), *RemoteSigning.objects.values(), *Event.objects.values("data")]
    assert PIN not in str(rows)


@pytest.mark.law("SEC-2")
def test_codes_are_not_tried_without_end(office: Office, service: CscService, authority: TestAuthority) -> None:
    service.keep(USER, issued(authority, office), phone=False)
    declare(office, service)
    attach(office)
    document = checked(office)
    wrong = {"code-PIN": "000000", "code-OTP": OTP}
    assert press(office, "lanh.dao", document, "approve_and_sign", **wrong) == "remote_code_wrong"
    for _ in range(4):
        assert press(office, "lanh.dao", document, "sign", **wrong) == "remote_code_wrong"
    right = {"code-PIN": PIN, "code-OTP": OTP}
    assert press(office, "lanh.dao", document, "sign", **right) == "key_locked"
    assert service.calls.count("credentials/authorize") == 5


@pytest.mark.law("R-18.2-1", "D30-11-1")
def test_several_wait_for_one_consent_and_one_that_changed_holds_up_no_other(
    office: Office, service: CscService, key: Credential
) -> None:
    first, second, third = (checked(office, subject=f"Về việc {name}") for name in ("một", "hai", "ba"))
    said = ask(office, first, second, third).content.decode()
    assert said.count('data-outcome="waits"') == 3
    assert len(service.asked) == 1
    assert service.asked[0]["numSignatures"] == 3
    assert html.fromstring(said).xpath("//form[@data-choice]") == []  # what waits is not chosen again
    drafting.change(second, manuscript(office, subject="Về việc khác"), actor=office["chuyen.vien"], at=now())
    service.agree()
    work()
    assert [state(one) for one in (first, second, third)] == [S.SIGNED, S.DRAFT, S.SIGNED]
    assert the_request().state == R.DONE
    assert Notice.objects.filter(person=office["lanh.dao"], text__contains="Chưa ký được từ xa: Về việc khác").exists()
    assert second.versions.filter(stage="signed").count() == 0
    work()
    assert service.signed == 3
    assert first.versions.filter(stage="signed").count() == 1


@pytest.mark.law("R-18.2-1")
@pytest.mark.parametrize("lost", ["credentials/authorizeCheck", "oauth2/token", "signatures/signHash"])
def test_an_answer_that_is_lost_on_the_way_signs_nothing_twice_and_nothing_wrong(
    office: Office, service: CscService, key: Credential, lost: str
) -> None:
    document = checked(office)
    ask(office, document)
    service.agree()
    csc._tokens.clear()
    service.loses.add(lost)
    work()
    assert state(document) == S.APPROVED
    work(seconds=10)
    if lost != "signatures/signHash":
        assert state(document) == S.SIGNED
        return
    # The service has signed, its answer is gone, and it lets a consent be used once: the signer is asked again.
    assert the_request().state == R.FAILED
    assert "Chưa ký được từ xa" in Notice.objects.filter(person=office["lanh.dao"]).latest("pk").text
    page = office.client("lanh.dao").get(f"/van-ban-di/{document.pk}/").content.decode()
    assert "data-missed" in page
    ask(office, document)
    service.agree()
    work()
    assert state(document) == S.SIGNED
    assert document.versions.filter(stage="signed").count() == 1


@pytest.mark.law("R-18.2-1")
def test_a_service_that_is_away_is_asked_again_and_others_do_not_wait_for_it(
    office: Office, service: CscService, key: Credential
) -> None:
    document = checked(office)
    service.away = True
    answer = ask(office, document)
    assert answer.status_code == 503
    assert 'data-problem="remote_service_away"' in answer.content.decode()
    assert state(document) == S.IN_REVIEW  # before anything is approved
    service.away = False
    ask(office, document)
    other = checked(office)
    ask(office, other)
    service.agree()
    service.away = True
    before = len(service.calls)
    work()
    assert {one.state for one in RemoteRequest.objects.all()} == {R.WAITING}
    assert len(service.calls) == before
    service.away = False
    work(seconds=10)
    assert [state(document), state(other)] == [S.SIGNED, S.SIGNED]


@pytest.mark.law("R-18.2-1")
def test_without_a_time_stamp_the_signature_that_came_is_kept_and_put_in_later(
    office: Office, service: CscService, key: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = checked(office)
    ask(office, document)
    service.agree()

    def away(*_: object) -> bytes:
        raise OSError("away")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(config, "fetch", away)
        config.timestamps.cache_clear()
        work()
    config.timestamps.cache_clear()
    assert the_request().state == R.SIGNED
    assert state(document) == S.APPROVED
    work(seconds=10)
    assert state(document) == S.SIGNED
    assert service.signed == 1  # it was not asked for again


@pytest.mark.law("R-18.2-1")
def test_of_two_who_work_or_press_at_one_moment_one_does_it(
    office: Office, service: CscService, key: Credential
) -> None:
    document = checked(office)

    def press_at_once() -> str:
        try:
            return ask(office, document).content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        pages = [one.result() for one in [both.submit(press_at_once) for _ in range(2)]]
    assert any('data-outcome="waits"' in one for one in pages)
    assert RemoteSigning.objects.filter(state=RemoteSigning.State.OPEN).count() == 1
    service.agree()

    def work_at_once() -> None:
        work()
        connection.close()

    with ThreadPoolExecutor(4) as several:
        for one in [several.submit(work_at_once) for _ in range(4)]:
            one.result()
    assert state(document) == S.SIGNED
    assert service.calls.count("signatures/signHash") == 1
    assert document.versions.filter(stage="signed").count() == 1


class Killed(BaseException):
    """The process ends here, as by a SIGKILL: nothing after it is done."""


@pytest.mark.law("R-18.2-1")
@pytest.mark.parametrize("step", ["authorize", "_note", "_fetch", "_finish", "keep_signed"])
def test_whoever_is_killed_is_followed_by_another_process(
    office: Office, service: CscService, key: Credential, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = checked(office)

    def killed(*_: object, **__: object) -> None:
        raise Killed

    where: Any = {"authorize": csc.Csc, "keep_signed": signing}.get(step, remote)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(where, step, killed)
        if step in ("authorize", "_note"):
            with pytest.raises(Killed):
                ask(office, document)
        else:
            ask(office, document)
            service.agree()
            with pytest.raises(Killed):
                work()
    service.agree()
    work(seconds=10)
    assert state(document) == S.APPROVED  # who was killed has it in hand for a minute
    work(seconds=80)
    if step in ("authorize", "_note"):
        # Nobody knows whether the service heard of it: what is agreed to there signs nothing, the signer is told.
        assert the_request().state == R.FAILED
        ask(office, document)
        service.agree()
        work()
    assert state(document) == S.SIGNED
    assert document.versions.filter(stage="signed").count() == 1
    assert of_the_leader(office, document)


@pytest.mark.law("R-18.2-1")
def test_a_request_is_called_off_refused_on_the_phone_or_waits_too_long(
    office: Office, service: CscService, key: Credential
) -> None:
    document = checked(office)
    ask(office, document)
    assert press(office, "truong.dv", document, "cancel_remote") == "forbidden"
    assert press(office, "lanh.dao", document, "sign") == "remote_already_asked"
    assert press(office, "lanh.dao", document, "cancel_remote") == ""
    assert the_request().state == R.CANCELLED
    service.agree()
    work()
    assert state(document) == S.APPROVED
    assert press(office, "lanh.dao", document, "cancel_remote") == "nothing_waits"

    ask(office, document)
    service.agree(yes=False)
    work()
    assert the_request().state == R.FAILED
    assert "access_denied" in the_request().why

    ask(office, document)
    form = {"act": "cancel_remote", "request": the_request().pk}
    assert office.client("truong.dv").post(SIGNING, form).status_code == 404
    work(minutes=11)
    assert the_request().state == R.LAPSED
    service.agree()
    work(minutes=12)
    assert state(document) == S.APPROVED
    assert service.signed == 0
    assert Event.objects.filter(name="outgoing.signing_dropped", subject=str(document.pk)).count() == 3
    page = office.client("lanh.dao").get(f"/van-ban-di/{document.pk}/").content.decode()
    assert "quá 10 phút" in page


@pytest.mark.law("R-18.1-1")
def test_a_key_that_is_anothers_or_not_the_registered_one_signs_nothing(
    office: Office, service: CscService, key: Credential, authority: TestAuthority
) -> None:
    document, honest = checked(office), key.identity
    key.signs_with = authority.issue_person(office["lanh.dao"].full_name, ec=True)
    ask(office, document)
    service.agree()
    work()
    assert state(document) == S.APPROVED
    missed = RemoteSigning.objects.get()
    assert missed.state == RemoteSigning.State.DROPPED
    assert "không khớp" in missed.why
    key.signs_with = None
    key.identity = issued(authority, office)  # a new certificate there, which nobody registered here
    assert press(office, "lanh.dao", document, "sign") == "remote_service_refused"
    key.identity = honest
    key.described = {"key": {"status": "disabled", "algo": ["1.2.840.10045.4.3.2"], "len": 256}}
    assert press(office, "lanh.dao", document, "sign") == "remote_service_refused"
    key.described = {}
    assert press(office, "truong.dv", document, "sign") == "forbidden"
    assert service.calls.count("signatures/signHash") == 1


@pytest.mark.law("R-18.1-1")
def test_a_certificate_that_is_withdrawn_while_it_waits_signs_nothing(
    office: Office, service: CscService, key: Credential
) -> None:
    document = checked(office)
    ask(office, document)
    service.agree()
    with transaction.atomic():
        withdrawn = RemoteCredential.objects.get().key
        certificates.revoke(withdrawn, since=now(), reason="mất điện thoại", actor=setup.SETUP, at=now())
    work()
    assert state(document) == S.APPROVED
    assert the_request().state == R.FAILED
    assert "signatures/signHash" not in service.calls


@pytest.mark.law("R-18.1-1", "SEC-8")
def test_the_administrator_says_whose_key_is_where(
    office: Office, service: CscService, authority: TestAuthority, tmp_path: Any
) -> None:
    assert "remote-signing" in office.client("quan.tri").get(KEYS).content.decode()  # how a service is declared
    declare(office, service)
    for login in ("truong.dv", "chuyen.vien"):
        assert attach(office, by=login) == "forbidden"
    for login in ("lanh.dao", "van.thu", "kiem.tra"):
        assert attach(office, by=login) == "forbidden"
        assert 'name="user"' not in office.client(login).get(KEYS).content.decode()
    assert attach(office, user=" ") == "missing"
    assert attach(office) == "unfit_credential"
    service.keep(USER, authority.issue_person("Người Khác", ec=True))
    assert attach(office) == "certificate_of_another"
    over = {"valid_from": now() - timedelta(days=9), "valid_to": now() - timedelta(days=1)}
    old = service.keep(USER, issued(authority, office, **over))
    assert attach(office) == "certificate_expired"
    old.described = {"cert": {"status": "expired", "certificates": []}}
    browser = service.keep(USER, issued(authority, office))
    browser.described = {"auth": {"mode": "implicit"}}
    assert attach(office) == "unfit_credential"
    browser.described = {"nonsense": 1, "key": None}
    assert attach(office) == "remote_service_refused"
    del service.credentials[browser.name]
    good = service.keep(USER, issued(authority, office), most=1)
    assert attach(office) == ""
    kept = RemoteCredential.objects.get()
    assert kept.credential == good.name
    assert (kept.key.kind, kept.key.person) == (KeyKind.REMOTE, office["lanh.dao"])
    assert b"bi-mat-csc" not in bytes(remote_keys.services_of(office.organization).get().secret)
    shown = office.client("quan.tri").get(KEYS).content.decode()
    assert f'data-credential="{kept.pk}"' in shown
    assert "bi-mat-csc" not in shown
    assert "ký số từ xa: ky-so" in office.client("quan.tri").get("/chung-thu/").content.decode()
    assert Event.objects.filter(name="key.registered", data__kind="remote").count() == 1
    first, second = checked(office), checked(office)
    assert refusal(ask(office, first, second)) == "remote_too_many"
    taken = {"act": "detach", "credential": kept.pk}
    assert office.client("lanh.dao").post(KEYS, taken).status_code == 403
    assert office.client("quan.tri").post(KEYS, taken).status_code == 302
    assert office.client("quan.tri").post(KEYS, taken).status_code == 404
    told = office.client("quan.tri").get(f"/chung-thu/{kept.key_id}/").content.decode()
    assert "gỡ khóa ở dịch vụ ký số từ xa" in told
    assert ">key.detached<" not in told
    assert press(office, "lanh.dao", first, "approve_and_sign") == "no_key"
    other = install(H41, authority, tmp_path)
    form = {"person": other["lanh.dao"].pk, "service": kept.service.pk, "user": USER}
    assert other.client("quan.tri").post(KEYS, form).status_code == 404
    assert f'data-credential="{kept.pk}"' not in other.client("quan.tri").get(KEYS).content.decode()


@pytest.mark.law("R-18.2-1")
def test_a_service_that_is_turned_off_or_does_not_know_the_office_signs_nothing(
    office: Office, service: CscService, key: Credential
) -> None:
    document = checked(office)
    ask(office, document)
    service.agree()
    declare(office, service, active=False)
    work()
    assert the_request().state == R.FAILED
    assert press(office, "lanh.dao", document, "sign") == "remote_service_refused"
    declare(office, service, secret="sai")
    csc._tokens.clear()
    assert press(office, "lanh.dao", document, "sign") == "remote_service_refused"
    declare(office, service)
    ask(office, document)
    service.forget_tokens()  # as after a restart of the service: another token is fetched
    service.agree()
    work()
    assert state(document) == S.SIGNED


@pytest.mark.law("R-18.2-1")
def test_a_pin_opens_no_key_that_is_elsewhere_and_the_prepared_bytes_are_kept_while_it_waits(
    office: Office, service: CscService, key: Credential
) -> None:
    document = checked(office)
    ask(office, document)
    prepared = RemoteSigning.objects.get().prepared
    assert contents.is_named(prepared)
    assert prepared in set(contents.all_named())
    service.agree()
    RemoteRequest.objects.update(claimed_until=now())  # nobody has it in hand any more
    jobs.sign_from_afar(stopped())
    assert state(document) == S.SIGNED
    assert not contents.is_named(prepared)


def stopped() -> Any:
    from threading import Event as Flag

    flag = Flag()
    flag.set()
    return flag


def test_the_page_of_keys_offers_who_works_here_and_goes_on_by_pages(
    office: Office, service: CscService, key: Credential, authority: TestAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = office["chuyen.vien"]
    gone.user.is_active = False
    gone.user.save(update_fields=["is_active"])
    page = office.client("quan.tri").get(KEYS).content.decode()
    assert f'<option value="{office["truong.dv"].pk}"' in page
    assert f'<option value="{gone.pk}"' not in page
    assert attach(office, whose="chuyen.vien") == "missing"
    service.keep("truong.dv@co-quan", authority.issue_person(office["truong.dv"].full_name, ec=True))
    assert attach(office, user="truong.dv@co-quan", whose="truong.dv") == ""
    monkeypatch.setattr("lienthong.office.web.remote.PAGE_ROWS", 1)
    pages = [office.client("quan.tri").get(f"{KEYS}?trang={number}").content.decode() for number in (1, 2)]
    assert [page.count("data-credential=") for page in pages] == [1, 1]
    assert [page.count('<dialog id="detach-') for page in pages] == [1, 1]
    assert "?muc=&amp;trang=2" in pages[0]
