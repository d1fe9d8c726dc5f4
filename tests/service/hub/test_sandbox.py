"""The test hub: what it says of itself, what it gives to whoever registers, and that nothing of it reaches a real hub."""

import base64
import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from lienthong.evidence.receipts import EvidenceEvent, KeyRing, SigningKey, Statement
from lienthong.hub import agencies, contacts, mode, sandbox, sheets, systems
from lienthong.hub.http.edge import TOKEN_TYPE
from lienthong.hub.models import Agency, Delivery, HubMode, Packet, SandboxSystem, System, SystemKey
from lienthong.hub.refusals import RegistryRefused
from lienthong.protocol.client.native import NativeConnection
from lienthong.protocol.problems import (
    CodeForTests,
    FromSandbox,
    FromTraining,
    Problem,
    RealCode,
    TooManyRegistrations,
    WrongKindOfHub,
)
from lienthong.runtime import counterparts
from lienthong.standards import edxml
from lienthong.standards.edxml import Business, Document, StatusReport
from lienthong.standards.identifiers import is_test_code
from lienthong.standards.statuses import BusinessType, StatusCode
from lienthong.testing.vxp_client import JavaClient
from tests.museum.packets import document_packet
from tests.service.hub.conftest import (
    Country,
    forget_copies,
    make_document,
    make_recall,
    make_status,
    now,
    receive_all,
    submit,
)

REAL, FOR_TESTS = "G22", "Z99.01.00.001"
ACCEPTS, REFUSES, OBEYS, DECLINES = (one.code for one in sandbox.COUNTERPARTS)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("Z99", True), ("Z99.01.00.001", True), ("001.00.01.Z99", True), ("z99.1", True), (" Z99.1 ", True),
        ("G22", False), ("000.00.00.G22", False), ("G22.Z99.01", False), ("Z990", False), ("XZ99", False),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_a_test_code_is_known_by_the_group_at_an_end_here_and_in_the_database(code: str, expected: bool) -> None:
    assert is_test_code(code) is expected
    if code == code.strip():
        with connection.cursor() as cursor:
            cursor.execute("SELECT upper(%s) ~ '^(Z99|Z99[.].*|.*[.]Z99)$'", [code])
            assert cursor.fetchone() == (expected,)


# -- what a hub is, it stays -----------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("first", [True, False])
def test_a_hub_stays_what_it_was_first_started_as(first: bool) -> None:
    assert mode.known() is None
    mode.settle(sandbox=first, at=now())
    mode.settle(sandbox=first, at=now())  # the next start
    assert mode.known() is first
    with pytest.raises(mode.WrongMode, match=r"--sandbox là thử nghiệm"):
        mode.settle(sandbox=not first, at=now())
    for change in (
        lambda: HubMode.objects.update(sandbox=not first),
        lambda: HubMode.objects.all().delete(),
        lambda: HubMode.objects.create(id=2, sandbox=not first, settled_at=now()),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.usefixtures("country")
def test_a_hub_from_before_there_were_test_hubs_is_a_real_one() -> None:
    with pytest.raises(mode.WrongMode, match="cơ quan thật"):
        mode.settle(sandbox=True, at=now())
    mode.settle(sandbox=False, at=now())


# -- a real hub takes nothing of it ----------------------------------------------------------------------------------


def test_the_registry_of_a_real_hub_takes_no_test_code(country: Country, tmp_path: Path) -> None:
    agencies.add_agency("H99", name="Cơ quan thật", at=now())
    for refused in (
        lambda: agencies.add_agency(FOR_TESTS, name="Thử", at=now()),
        lambda: agencies.add_agency("H99", name="Thử", aliases=["001.00.01.Z99"], at=now()),
        lambda: agencies.add_system("Z99.01.00", name="Thử", agencies=[], at=now()),
        lambda: contacts.add_mandate("Z99.1", name="Thử", office="H99", at=now()),
    ):
        with pytest.raises(RegistryRefused, match="dành riêng cho Trục thử nghiệm"):
            refused()
    table = tmp_path / "table.csv"
    table.write_text("code,name,aliases\nZ99.5,Thử,\nH98,Thật,000.00.05.Z99\nH97,Thật,\n")
    report = sheets.take_in(table, at=now())
    assert [(one.code, one.reason) for one in report.refused] == [("Z99.5", "test_code"), ("H98", "test_code")]
    assert not Agency.objects.filter(code__startswith="Z99").exists()
    with pytest.raises(IntegrityError), transaction.atomic():  # and nobody gets past the database
        Agency.objects.create(code=FOR_TESTS, name="Thử", added_at=now())
    with pytest.raises(IntegrityError), transaction.atomic():
        System.objects.create(code="Z99.01.00", name="Thử", added_at=now())
    systems.set_approval("000.00.00.G22", automatic=True, at=now())
    agencies.add_system("000.00.00.G22", name="VPCP", agencies=["G22"], at=now())
    assert country.java("G22").register_agency("Z99.22", "Thử", parent="G22")["ErrorCode"] == "19"


def test_a_real_hub_takes_no_packet_from_or_to_a_test_code(country: Country) -> None:
    sender = country.native(REAL)
    for document in (make_document(("H41", FOR_TESTS)), make_document(("H41",), sender=FOR_TESTS)):
        with pytest.raises(CodeForTests, match="test code"):
            submit(sender, document, sender=document.sender.code)
    assert not Packet.objects.exists()


def test_a_real_hub_believes_nothing_that_is_signed_for_a_test_hub(country: Country) -> None:
    key = country.keys[REAL]  # the same software uses the same key at both
    claims = {"iss": "Z99.TLT", "sub": "Z99.01.00", "exp": int(now().timestamp()) + 600, "sandbox": True}
    token = key.sign_claims(claims, kind=TOKEN_TYPE)
    answer = httpx.get(f"{country.url}/api/v1/inbox", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (403, FromSandbox.code)
    assertion = key.sign_claims({"iss": "Z99.01.00", "sub": "Z99.01.00", "aud": "Z99.TLT"})
    form = {"grant_type": "client_credentials", "client_assertion": assertion}
    assert httpx.post(f"{country.url}/api/v1/token", data=form).json()["code"] == FromSandbox.code
    sender = country.native(REAL)
    packet = document_packet(make_document())
    said = key.sign(Statement(EvidenceEvent.SUBMISSION_REQUEST, "Z99.01.00", now(), hashlib.sha256(packet).hexdigest()))
    sender._say = lambda *_, **__: said  # type: ignore[method-assign]
    with pytest.raises(FromSandbox):
        submit(sender, packet, sender=REAL)
    assert not Packet.objects.exists()
    assert asked(JavaClient(country.url, "Z99.01.00", "any"))["ErrorDesc"].startswith("Mã Z99.01.00 là mã thử nghiệm")


def test_a_real_hub_has_no_such_place_and_says_nothing_of_tests(country: Country) -> None:
    wish = {"name": "X", "agencies": ["A"], "vxp": True}
    answer = httpx.post(f"{country.url}/api/v1/sandbox/systems", json=wish)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_place")
    assert httpx.get(f"{country.url}/api/v1/sandbox/counterparts").status_code == 404
    assert httpx.get(f"{country.url}/thu-nghiem/").status_code == 404
    assert "sandbox" not in httpx.get(f"{country.url}/api/v1/openapi.json").json()["paths"]
    hub = httpx.get(f"{country.url}/api/v1/hub")
    assert "sandbox" not in hub.json()
    assert "Lienthong-Sandbox" not in hub.headers
    assert "TRỤC THỬ NGHIỆM" not in httpx.get(f"{country.url}/console/dang-nhap/").text


def asked(client: JavaClient) -> dict[str, str]:
    _, body = client._request("POST", "countReceiveEdoc", b"{}", "application/json")
    return dict(json.loads(body))


# -- the test hub ----------------------------------------------------------------------------------------------------


@dataclass
class Sandbox:
    """A test hub, its counterparts' connection, and those of who registers."""

    url: str
    players: NativeConnection
    connections: list[NativeConnection]

    def register(self, *names: str, vxp: bool = False) -> tuple[dict[str, Any], NativeConnection]:
        key = SigningKey.generate()
        wish = {"name": "Phần mềm X", "agencies": list(names), "key": key.public_jwk(), "vxp": vxp}
        answer = httpx.post(f"{self.url}/api/v1/sandbox/systems", json=wish)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert made["kid"] == key.id
        connection = NativeConnection(self.url, system=made["system"], key=key)
        self.connections.append(connection)
        return made, connection

    def play(self) -> int:
        """The counterparts answer everything that waits for them."""
        return counterparts.answer_all(self.players, 0)


@pytest.fixture
def hub(transactional_db: None, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    monkeypatch.setattr(settings, "LIENTHONG", settings.LIENTHONG.as_sandbox())
    mode.settle(sandbox=True, at=now())
    forget_copies()
    key = SigningKey.generate()
    sandbox.install_counterparts(key.public_jwk(), at=now())
    sandbox.install_counterparts(key.public_jwk(), at=now())  # the next start
    players = NativeConnection(live_server.url, system=sandbox.COUNTERPARTS_SYSTEM, key=key)
    made = Sandbox(live_server.url, players, [players])
    yield made
    for each in made.connections:
        each.close()
    forget_copies()


def document_to(code: str, sender: str) -> Document:
    return make_document((code,), sender=sender)


def reported(packets: list[bytes]) -> list[str]:
    messages = [edxml.read(io.BytesIO(one)).message for one in packets]
    return sorted(one.code.value for one in messages if isinstance(one, StatusReport))


def test_who_registers_sees_the_whole_life_of_a_document_alone(hub: Sandbox) -> None:
    made, connection = hub.register("Sở A")
    agency = made["agencies"][0]["code"]
    assert made["agencies"][0]["name"] == "[THỬ NGHIỆM] Sở A"
    document = document_to(ACCEPTS, agency)
    submit(connection, document)
    assert hub.play() == 1
    packets = receive_all(connection)
    assert reported(packets) == ["01", "03", "04", "05", "06"]
    reply = next(m for m in (edxml.read(io.BytesIO(one)).message for one in packets) if isinstance(m, Document))
    assert reply.answers[0].identifier == document.identifier
    assert "THỬ NGHIỆM" in reply.subject
    recall(connection, document)
    hub.play()
    assert reported(receive_all(connection)) == ["15"]


def recall(connection: NativeConnection, document: Document) -> None:
    submit(connection, make_recall(document, tuple(one.code for one in document.recipients)))


@pytest.mark.parametrize(
    ("counterpart", "first", "then"),
    [(REFUSES, ["01", "02"], ["15"]), (OBEYS, ["01", "03"], ["15"]), (DECLINES, ["01", "03"], ["16"])],
)
def test_each_counterpart_answers_in_its_way(hub: Sandbox, counterpart: str, first: list[str], then: list[str]) -> None:
    made, connection = hub.register("Sở A")
    document = document_to(counterpart, made["agencies"][0]["code"])
    submit(connection, document)
    hub.play()
    assert reported(receive_all(connection)) == first
    if counterpart != REFUSES:
        submit(connection, make_status(document, StatusCode.TAKE_BACK, reporter=counterpart))
        hub.play()
        assert reported(receive_all(connection)) == then
    update = replace(document, business=Business(BusinessType.UPDATE, "Sửa lỗi", document.identifier))
    for again in (make_recall(document, (counterpart,)), update):
        submit(connection, again)
        hub.play()
    assert set(reported(receive_all(connection))) <= set(then)


def test_a_counterpart_that_is_killed_on_the_way_says_nothing_twice(
    hub: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, connection = hub.register("Sở A")
    submit(connection, document_to(ACCEPTS, made["agencies"][0]["code"]))

    def killed(_item: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(hub.players, "acknowledge", killed)
        with pytest.raises(KeyboardInterrupt):
            hub.play()
    assert hub.play() == 1
    packets = receive_all(connection)
    assert reported(packets) == ["01", "03", "04", "05", "06"]
    assert len(packets) == 6
    assert hub.play() == 0


def test_the_door_of_existing_software_can_be_tried_too(hub: Sandbox) -> None:
    made, _ = hub.register("Sở A", "Sở B", vxp=True)
    client = JavaClient(hub.url, made["system"], made["vxp_secret"])
    one, other = (each["old_code"] for each in made["agencies"])
    answer = client.send_edoc(document_packet(make_document((other,), sender=one)), sender=one)
    assert (answer["ErrorCode"], answer["ErrorDesc"]) == ("0", "[TRỤC THỬ NGHIỆM] Thanh cong")
    assert client.get_edoc(client.received()[0]["docId"])
    assert "[TRỤC THỬ NGHIỆM]" in asked(JavaClient(hub.url, made["system"], "sai"))["ErrorDesc"]
    unit = f"{made['agencies'][0]['code']}9"
    assert client.register_agency(unit, "Phòng thử", parent=one)["ErrorCode"] == "0"
    assert agencies.directory().find(unit)
    assert client.register_agency("G22.99", "Phòng thật", parent=one)["ErrorCode"] == "19"


def test_everything_that_a_test_hub_says_says_so(hub: Sandbox, client: Client) -> None:
    made, connection = hub.register("Sở A")
    api = f"{hub.url}/api/v1"
    bearer = connection._bearer()
    for answer in (
        httpx.get(f"{api}/hub"), httpx.get(f"{api}/time"), httpx.get(f"{api}/inbox", headers=bearer),
        httpx.get(f"{api}/inbox"), httpx.get(f"{api}/nowhere"),
    ):  # fmt: skip
        assert answer.json()["sandbox"] is True
        assert answer.headers["Lienthong-Sandbox"] == "true"
    assert httpx.get(f"{api}/hub").json()["id"] == made["hub_id"] == "Z99.TLT"
    keys = httpx.get(f"{api}/keys").json()["keys"]
    assert all(key["sandbox"] is True for key in keys)
    body = json.loads(base64.urlsafe_b64decode(bearer["Authorization"].split(".")[1] + "=="))
    assert (body["iss"], body["sandbox"]) == ("Z99.TLT", True)
    receipt = KeyRing(keys).verify(submit(connection, document_to(OBEYS, made["agencies"][0]["code"])).receipt)
    assert (receipt.issuer, receipt.sandbox) == ("Z99.TLT", True)
    page = client.get("/console/dang-nhap/")
    assert page.headers["Lienthong-Sandbox"] == "true"
    assert "TRỤC THỬ NGHIỆM" in page.content.decode()
    assert "/sandbox/systems" in httpx.get(f"{api}/openapi.json").json()["paths"]


def test_a_test_hub_takes_no_real_code(hub: Sandbox, tmp_path: Path) -> None:
    for refused in (
        lambda: agencies.add_agency("G22", name="Thật", at=now()),
        lambda: agencies.add_agency("Z99.7", name="Thử", aliases=["000.00.00.G22"], at=now()),
        lambda: agencies.add_system("G22", name="Thật", agencies=[], at=now()),
    ):
        with pytest.raises(RegistryRefused, match="Trục thử nghiệm"):
            refused()
    table = tmp_path / "table.csv"
    table.write_text("code,name\nH97,Thật\n")
    assert [one.reason for one in sheets.take_in(table, at=now()).refused] == ["real_code"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.create(code="G22", name="Thật", added_at=now())
    made, connection = hub.register("Sở A")
    for document in (
        document_to("G22", made["agencies"][0]["code"]), make_document((OBEYS,), sender="G22"),
    ):  # fmt: skip
        with pytest.raises(RealCode):
            submit(connection, document, sender=document.sender.code)
    assert asked(JavaClient(hub.url, "000.00.00.G22", "any"))["ErrorCode"] == "19"


def test_nobody_registers_without_end(hub: Sandbox) -> None:
    wish = {"name": "X", "agencies": ["A"], "vxp": True}
    place = f"{hub.url}/api/v1/sandbox/systems"
    for _ in range(sandbox.MOST_OF_ADDRESS):
        assert httpx.post(place, json=wish).status_code == 201
    refused = httpx.post(place, json=wish)
    assert (refused.status_code, refused.json()["code"]) == (429, TooManyRegistrations.code)
    assert 3500 < int(refused.headers["Retry-After"]) <= 3601
    sandbox.register("Y", ["B"], key=None, vxp=True, address="10.0.0.9", at=now())  # another address
    SandboxSystem.objects.update(registered_at=now() - timedelta(hours=1, seconds=1))
    assert httpx.post(place, json=wish).status_code == 201
    codes = set(Agency.objects.values_list("code", flat=True))
    assert all(map(is_test_code, codes))
    assert len({code for code in codes if code.count(".") == 3}) == sandbox.MOST_OF_ADDRESS + 2


@pytest.mark.parametrize(
    "wish",
    [
        {}, {"name": "X"}, {"name": "X", "agencies": []}, {"name": "X", "agencies": ["A"] * 6, "vxp": True},
        {"name": "X", "agencies": ["A"]}, {"name": "X", "agencies": [1], "vxp": True},
        {"name": "X", "agencies": ["A"], "key": "text"}, {"name": "X", "agencies": ["A"], "key": {"kty": "RSA"}},
        {"name": "X" * 151, "agencies": ["A"], "vxp": True}, {"name": "X", "agencies": ["A\0"], "vxp": True},
    ],
)  # fmt: skip
def test_a_wish_that_is_none_is_refused_and_leaves_nothing(hub: Sandbox, wish: dict[str, object]) -> None:
    answer = httpx.post(f"{hub.url}/api/v1/sandbox/systems", json=wish)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert SandboxSystem.objects.count() == 0
    assert System.objects.count() == 1


def test_people_register_on_a_page(hub: Sandbox, client: Client) -> None:
    page = client.get("/thu-nghiem/")
    assert ACCEPTS in page.content.decode()
    typed = {"name": "Phần mềm X", "agencies": "Sở A\nSở B", "vxp": "1"}
    refused = client.post("/thu-nghiem/", {**typed, "key": "{no JSON"})
    assert refused.status_code == 400
    assert "JWK" in refused.content.decode()
    assert "Sở B" in refused.content.decode()  # nothing has to be typed again
    made = client.post("/thu-nghiem/", typed)
    assert made.status_code == 201
    shown = made.content.decode()
    system = System.objects.exclude(code=sandbox.COUNTERPARTS_SYSTEM).get()
    secret = next(text for text in re.findall(r"<code>([^<]+)</code>", shown) if len(text) == 44)
    assert system.code in shown
    assert asked(JavaClient(hub.url, system.code, secret))["ErrorCode"] == "0"
    forged = Client(enforce_csrf_checks=True).post("/thu-nghiem/", typed)
    assert forged.status_code == 403


def test_a_key_serves_one_system(hub: Sandbox) -> None:
    wish = {"name": "X", "agencies": ["A"], "key": SigningKey.generate().public_jwk()}
    place = f"{hub.url}/api/v1/sandbox/systems"
    assert httpx.post(place, json=wish).status_code == 201
    assert httpx.post(place, json=wish).status_code == 400
    assert System.objects.count() == 2


def test_test_data_are_forgotten(hub: Sandbox) -> None:
    made, connection = hub.register("Sở A", vxp=True)
    _, other = hub.register("Sở B")
    document = document_to(ACCEPTS, made["agencies"][0]["code"])
    submit(connection, document)
    recall(connection, document)
    hub.play()
    receive_all(connection)
    later = now() + timedelta(days=settings.LIENTHONG.sandbox_days, minutes=5)
    sandbox.forget_old(now() + timedelta(days=settings.LIENTHONG.sandbox_days - 1))
    assert Packet.objects.exists()
    other.inbox()
    System.objects.filter(code=other._system).update(last_contact_at=later)
    sandbox.forget_old(later)
    assert (Packet.objects.count(), Delivery.objects.count()) == (0, 0)
    system = System.objects.get(code=made["system"])
    assert (system.native, system.vxp, bytes(system.vxp_secret), system.name) == (
        False,
        False,
        b"",
        "[THỬ NGHIỆM] đã quên",
    )
    agency = Agency.objects.get(code=made["agencies"][0]["code"])
    assert (agency.open, agency.name) == (False, "[THỬ NGHIỆM] đã quên")
    assert not SystemKey.objects.filter(system=system).exists()
    assert refusal(connection) is not None
    assert refusal(other) is None
    assert SandboxSystem.objects.get(system=system).address is None


def refusal(connection: NativeConnection) -> type[Problem] | None:
    try:
        connection.inbox()
    except Problem as problem:
        return type(problem)
    return None


# -- training ----------------------------------------------------------------------------------------------------------


@pytest.mark.law("R-19.4-1")
@pytest.mark.refuses("R-19.4-1")
def test_a_training_system_speaks_to_a_test_hub_alone_and_a_real_hub_hears_none(country: Country) -> None:
    learner = country.native(REAL, training=True)  # even with a key that this hub knows
    with pytest.raises(WrongKindOfHub, match="does not say that it is a test hub"):
        submit(learner, make_document())
    assert not Packet.objects.exists()
    said = {"Lienthong-Sandbox": "true"}
    answer = httpx.get(f"{country.url}/api/v1/time", headers=said)
    assert (answer.status_code, answer.json()["code"]) == (403, FromTraining.code)
    bearer = country.native(REAL)._bearer()
    assert httpx.get(f"{country.url}/api/v1/inbox", headers={**bearer, **said}).json()["code"] == FromTraining.code
    assert httpx.post(f"{country.url}/getReceivedEdocList", headers=said).json()["ErrorCode"] == FromTraining.vxp
    submit(country.native(REAL, training=False), make_document())  # who is no learner is served
    assert Packet.objects.count() == 1


@pytest.mark.law("R-19.4-1")
@pytest.mark.refuses("R-19.4-1")
def test_an_office_of_real_documents_sends_nothing_to_a_test_hub(hub: Sandbox) -> None:
    told, plain = hub.register("Cơ quan học")
    options: dict[str, Any] = {"system": told["system"], "key": plain._key}
    real, learner = (NativeConnection(hub.url, training=training, **options) for training in (False, True))
    hub.connections += [real, learner]
    with pytest.raises(WrongKindOfHub, match="is a test hub"):
        real.directory()
    assert told["agencies"][0]["code"] in [one.code for one in learner.directory()]
