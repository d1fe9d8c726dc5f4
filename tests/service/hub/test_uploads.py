"""Large packets in pieces: nothing is lost by a broken connection, nobody reaches another's upload."""

import hashlib
import io
import uuid
from datetime import timedelta
from typing import Any

import httpx
import pytest

from lienthong.evidence.receipts import EvidenceEvent, Statement
from lienthong.hub import jobs, uploads
from lienthong.hub.models import Upload
from lienthong.protocol import problems
from lienthong.protocol.client import native as client
from lienthong.protocol.client.http import Answer, HubHttp
from tests.museum.packets import document_packet
from tests.service.hub.conftest import Country, make_document, now, submit

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Content-Type": "application/offset+octet-stream"}


class Uploader:
    """A client of the upload protocol that is not ours."""

    def __init__(self, country: Country, system: str) -> None:
        self.http = httpx.Client(base_url=f"{country.url}/api/v1/", headers=country.native(system)._bearer())

    def begin(self, length: int, key: str = "") -> httpx.Response:
        headers = {**TUS, "Upload-Length": str(length), "Idempotency-Key": key or uuid.uuid4().hex}
        return self.http.post("uploads", headers=headers)

    def send(self, place: str, content: bytes, offset: int, **headers: str) -> httpx.Response:
        return self.http.patch(place, content=content, headers={**PIECE, "Upload-Offset": str(offset), **headers})

    def place(self, length: int, key: str = "") -> str:
        """Begin an upload; where its pieces go, below the API's address."""
        return self.begin(length, key).headers["Location"].removeprefix("/api/v1/")

    def offset(self, place: str) -> int:
        return int(self.http.head(place, headers=TUS).headers["Upload-Offset"])


@pytest.fixture
def sender(country: Country) -> Any:
    uploader = Uploader(country, "G22")
    yield uploader
    uploader.http.close()


def code(answer: httpx.Response) -> str:
    return str(answer.json()["code"])


def test_a_packet_comes_in_pieces_and_is_submitted_once(country: Country, sender: Uploader) -> None:
    packet = document_packet(make_document())
    key = uuid.uuid4().hex
    begun = sender.begin(len(packet), key)
    place = begun.headers["Location"].removeprefix("/api/v1/")
    assert (begun.status_code, begun.headers["Upload-Offset"]) == (201, "0")
    assert sender.send(place, packet[:1000], 0).headers["Upload-Offset"] == "1000"
    again = sender.begin(len(packet), key)
    assert (again.status_code, again.headers["Location"]) == (200, begun.headers["Location"])
    assert sender.offset(place) == 1000
    said = Statement(EvidenceEvent.SUBMISSION_REQUEST, "G22", now(), digest=hashlib.sha256(packet).hexdigest())
    headers = {
        "Lienthong-From": "G22", "Idempotency-Key": key, "Lienthong-Upload": place.rpartition("/")[2],
        "Lienthong-Statement": country.keys["G22"].sign(said),
    }  # fmt: skip
    early = sender.http.post("packets", headers=headers)
    assert (early.status_code, code(early)) == (409, "upload_incomplete")
    assert sender.send(place, packet[1000:], 1000).status_code == 204
    first, second = (sender.http.post("packets", headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["digest"] == hashlib.sha256(packet).hexdigest()
    assert first.json()["packet_id"] == second.json()["packet_id"]
    assert len(country.native("H41").inbox()) == 1


@pytest.mark.law("R-1.2-1")
def test_a_state_secret_does_not_stay_in_its_upload(country: Country, sender: Uploader) -> None:
    packet = document_packet(make_document(sphere="TUYỆT MẬT"))
    place = sender.place(len(packet))
    sender.send(place, packet, 0)
    said = Statement(EvidenceEvent.SUBMISSION_REQUEST, "G22", now(), hashlib.sha256(packet).hexdigest())
    headers = {
        "Idempotency-Key": uuid.uuid4().hex, "Lienthong-From": "G22",
        "Lienthong-Upload": place.removeprefix("uploads/"), "Lienthong-Statement": country.keys["G22"].sign(said),
    }  # fmt: skip
    assert code(sender.http.post("packets", headers=headers, content=b"")) == "state_secret"
    assert not Upload.objects.exists()
    assert not uploads.path_of(Upload(pk=place.removeprefix("uploads/"))).exists()


def test_pieces_that_do_not_fit_change_nothing(sender: Uploader) -> None:
    place = sender.place(100)
    sender.send(place, b"x" * 40, 0)
    for offset in (0, 39, 41):
        wrong = sender.send(place, b"y" * 10, offset)
        assert (wrong.status_code, code(wrong), wrong.json()["offset"]) == (409, "wrong_offset", 40)
    much = sender.send(place, b"y" * 61, 40)
    assert (much.status_code, code(much)) == (413, "too_large")
    assert sender.offset(place) == 40
    assert code(sender.send(place, b"y", 40, **{"Tus-Resumable": "0.2.2"})) == "unknown_tus_version"
    assert code(sender.send(place, b"y", 40, **{"Content-Type": "text/plain"})) == "bad_request"
    assert sender.offset(place) == 40


@pytest.mark.law("SEC-6")
def test_nobody_reaches_anothers_upload(country: Country, sender: Uploader) -> None:
    place = sender.place(100)
    other = Uploader(country, "H26")
    assert other.http.head(place, headers=TUS).status_code == 404
    assert code(other.send(place, b"x", 0)) == "unknown_upload"
    assert other.http.delete(place, headers=TUS).status_code == 404
    named = {"Lienthong-From": "H26", "Idempotency-Key": uuid.uuid4().hex, "Lienthong-Upload": place.rpartition("/")[2]}
    assert code(other.http.post("packets", headers=named)) == "unknown_upload"
    other.http.close()
    assert httpx.head(f"{country.url}/api/v1/{place}", headers=TUS).status_code == 401
    assert sender.offset(place) == 0


def test_uploads_end(country: Country, sender: Uploader) -> None:
    kept, given_up = (sender.place(100) for _ in range(2))
    assert sender.http.delete(given_up, headers=TUS).status_code == 204
    assert sender.http.head(given_up, headers=TUS).status_code == 404
    upload = Upload.objects.get()
    Upload.objects.update(until=now() - timedelta(seconds=1))
    assert sender.http.head(kept, headers=TUS).status_code == 404
    jobs.work_once(now())
    assert not Upload.objects.exists()
    assert not uploads.path_of(upload).exists()


def test_a_system_has_only_so_many_open(country: Country, sender: Uploader) -> None:
    for _ in range(uploads.OPEN_AT_ONCE):
        assert sender.begin(10).status_code == 201
    refused = sender.begin(10)
    assert (refused.status_code, code(refused)) == (429, "too_many_uploads")
    assert refused.headers["Retry-After"]
    assert code(sender.begin(10**12)) == "too_large"


def test_the_abilities_are_told(sender: Uploader) -> None:
    told = sender.http.options("uploads").headers
    assert (told["Tus-Version"], told["Tus-Extension"]) == ("1.0.0", "creation,expiration,termination")


class Unsteady:
    """The network: every second piece is cut off, before or after the hub got it."""

    def __init__(self, sound: HubHttp) -> None:
        self.sound = sound
        self.address = sound.address
        self.pieces = 0
        self.gone = False

    def ask(self, method: str, path: str, **said: Any) -> Answer:
        if self.gone:
            raise problems.HubUnreachable("nobody there")
        if method != "PATCH":
            return self.sound.ask(method, path, **said)
        self.pieces += 1
        if self.pieces % 4 == 1:
            raise problems.HubUnreachable("cut off before")
        answer = self.sound.ask(method, path, **said)
        if self.pieces % 4 == 3:
            raise problems.HubUnreachable("cut off after")
        return answer

    def close(self) -> None:
        self.sound.close()


def test_our_own_client_goes_on_over_an_unsteady_line(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "IN_PIECES_FROM", 1 << 20)
    monkeypatch.setattr(client, "PIECE", 1 << 19)
    connection = country.native("G22")
    network = Unsteady(connection._http)
    monkeypatch.setattr(connection, "_http", network)
    packet = document_packet(make_document(), van_pdf=b"%PDF-1.7" + bytes(2_500_000))
    submission = submit(connection, packet, sender="G22")
    assert submission.digest == hashlib.sha256(packet).hexdigest()
    assert network.pieces > len(packet) // (1 << 19) + 2
    recipient = country.native("H41")
    recipient.fetch(recipient.inbox()[0], got := io.BytesIO())
    assert got.getvalue() == packet
    network.gone = True
    with pytest.raises(problems.HubUnreachable):
        submit(connection, document_packet(make_document(), van_pdf=bytes(2_500_000)), sender="G22")
