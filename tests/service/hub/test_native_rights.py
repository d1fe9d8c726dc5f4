"""The native API: who may, by what token, for which agencies, and over which statement."""

import io
import json
import uuid
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from lienthong.evidence.receipts import TYPE, EvidenceEvent, SigningKey, Statement
from lienthong.hub.models import Delivery, Packet
from lienthong.protocol import problems
from lienthong.protocol.messages import InboxItem
from lienthong.standards.edxml import Organ
from tests.service.hub.conftest import Country, make_document, now, submit

NOBODY = uuid.UUID(int=28)
ROUTES = [
    ("GET", "agencies"), ("GET", "agencies/search?q=ha"), ("GET", "agencies/changes"), ("POST", "packets"), ("GET", "inbox"), ("GET", "changes"),
    ("GET", f"packets/{NOBODY}"), ("GET", f"deliveries/{NOBODY}/packet"),
    ("POST", f"deliveries/{NOBODY}/ack"), ("POST", f"deliveries/{NOBODY}/fail"),
]  # fmt: skip


@pytest.mark.law("R-13.2-1")
@pytest.mark.refuses("R-13.2-1")
@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("token", ["", "Bearer x", "Bearer a.b.c", "Basic RzIyOng="])
def test_without_a_token_of_the_hub_there_is_nothing(country: Country, method: str, path: str, token: str) -> None:
    headers = {"Authorization": token} if token else {}
    answer = httpx.request(method, f"{country.url}/api/v1/{path}", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthenticated"
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_token_that_the_hub_did_not_sign_is_worth_nothing(country: Country) -> None:
    forged = SigningKey.generate().sign_claims({"iss": "000.00.00.TLT", "sub": "G22", "exp": 9e9}, kind="at+jwt")
    answer = httpx.get(f"{country.url}/api/v1/inbox", headers={"Authorization": f"Bearer {forged}"})
    assert answer.status_code == 401


def test_a_key_that_is_not_registered_gets_no_token(country: Country) -> None:
    stranger = country.native("G22", SigningKey.generate())
    with pytest.raises(problems.Unauthenticated):
        stranger.inbox()


def test_an_assertion_is_used_once(country: Country) -> None:
    claims = {
        "iss": "G22",
        "sub": "G22",
        "aud": "000.00.00.TLT",
        "jti": uuid.uuid4().hex,
        "exp": now().timestamp() + 60,
    }
    form = {"grant_type": "client_credentials", "client_assertion": country.keys["G22"].sign_claims(claims)}
    assert httpx.post(f"{country.url}/api/v1/token", data=form).status_code == 200
    assert httpx.post(f"{country.url}/api/v1/token", data=form).json()["code"] == "assertion_replayed"


@pytest.mark.parametrize(
    "odd",
    [
        {"exp": "abc"}, {"exp": "inf"}, {"exp": 1e300}, {"exp": None}, {"exp": [1]}, {"exp": True},
        {"jti": "a\0" * 8}, {"jti": 12345678}, {"aud": ["x"]}, {"aud": {}}, {"iss": []},
    ],
)  # fmt: skip
def test_an_assertion_of_odd_types_is_refused_by_name(country: Country, odd: dict[str, object]) -> None:
    claims = {"iss": "G22", "sub": "G22", "aud": "000.00.00.TLT", "jti": uuid.uuid4().hex}
    token = country.keys["G22"].sign_claims({**claims, "exp": int(now().timestamp()) + 60, **odd})
    form = {"grant_type": "client_credentials", "client_assertion": token}
    answer = httpx.post(f"{country.url}/api/v1/token", data=form)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def test_what_a_stranger_sends_to_be_read_is_refused_whatever_it_is(country: Country) -> None:
    """It is read before anybody knows who calls: whatever breaks on it, anybody may break."""

    def token(header: str, payload: str) -> str:
        return ".".join(urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in (header, payload, "x" * 64))

    sound, deep = '{"alg":"EdDSA","kid":"x","typ":"JWT"}', "[" * 5000
    strangers = [
        token(sound, deep), token(sound, '{"iss":' + "[" * 600 + "]" * 600 + "}"), token('"alg"', '{"iss":"G22"}'),
    ]  # fmt: skip
    for one in strangers:
        form = {"grant_type": "client_credentials", "client_assertion": one}
        answers = [
            httpx.post(f"{country.url}/api/v1/token", data=form),
            httpx.get(f"{country.url}/api/v1/inbox", headers={"Authorization": f"Bearer {one}"}),
        ]
        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(401, "unauthenticated")] * 2


FORM = "application/x-www-form-urlencoded"
_PART = b'--a\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n\r\n'


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FORM, b"a=&" * 2000), (f"{FORM}; charset=utf-7", b"a=b"), ("multipart/form-data", b"a"),
        ("multipart/form-data; boundary=a", _PART * 500 + b"--a--"),
    ],
)  # fmt: skip
def test_a_form_of_a_stranger_that_cannot_be_read_is_refused(country: Country, kind: str, body: bytes) -> None:
    answer = httpx.post(f"{country.url}/api/v1/token", content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize("body", [{"code": "a\0"}, {"code": "a", "detail": "\0"}, {"code": "\ud800"}, {"code": 7}])
def test_a_failure_that_cannot_be_written_down_is_refused_by_name(country: Country, body: dict[str, object]) -> None:
    submit(country.native("G22"), make_document())
    recipient = country.native("H41")
    place = f"{country.url}/api/v1/deliveries/{recipient.inbox()[0].delivery_id}/fail"
    answer = httpx.post(place, headers=recipient._bearer(), content=json.dumps(body))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert Delivery.objects.get().state == "initial"


def test_another_systems_delivery_does_not_exist(country: Country) -> None:
    submission = submit(country.native("G22"), make_document())
    item = country.native("H41").inbox()[0]
    stranger = country.native("H26")
    for act in (lambda: stranger.fetch(item, io.BytesIO()), lambda: stranger.refuse(item, code="x", detail="")):
        with pytest.raises(problems.UnknownDelivery):
            act()
    with pytest.raises(problems.UnknownDelivery):
        stranger.acknowledge(item)
    token = stranger._bearer()
    answer = httpx.get(f"{country.url}/api/v1/packets/{submission.packet_id}", headers=token)
    assert answer.json()["code"] == "unknown_packet"
    assert country.native("H41").inbox()[0].state == "initial"


@pytest.mark.law("R-3.4-1")
def test_a_system_sends_for_its_own_agencies_only(country: Country) -> None:
    with pytest.raises(problems.NotYourAgency):
        submit(country.native("H26"), make_document())
    with pytest.raises(problems.FromMismatch):
        submit(country.native("G22"), make_document(), sender="H26")
    assert not Packet.objects.exists()


@pytest.mark.law("R-3.4-1")
@pytest.mark.refuses("R-3.4-1")
def test_a_person_neither_sends_nor_receives(country: Country) -> None:
    """Neither by a name, which is no code, nor under a code of their own, which the registry gives to agencies alone."""
    for name, code in (("Trần Quốc Vượng", "packet_invalid"), ("vuong@vpcp.gov.vn", "packet_invalid")):
        for document in (make_document((name,)), replace(make_document(), sender=Organ(name, name))):
            with pytest.raises(problems.Problem) as refused:
                submit(country.native("G22"), document, sender="G22")
            assert refused.value.code == code
            assert refused.value.data["problems"][0]["code"] == "wrong_form"
    with pytest.raises(problems.UnknownRecipient):
        submit(country.native("G22"), make_document(("G22.TranQuocVuong",)))
    with pytest.raises(problems.NotYourAgency):
        submit(country.native("G22"), make_document(sender="G22.TranQuocVuong"))
    assert not Packet.objects.exists()


def test_a_hand_over_is_signed_by_the_recipient_itself(country: Country) -> None:
    submit(country.native("G22"), make_document())
    item = country.native("H41").inbox()[0]
    impostor = country.native("H41")
    impostor._token, impostor._token_until = (
        country.native("H41")._bearer()["Authorization"][7:],
        now().replace(year=2099),
    )
    impostor._key = country.keys["H26"]
    with pytest.raises(problems.StatementInvalid):
        impostor.acknowledge(item)
    assert Delivery.objects.get().state == "initial"


def hand_over(country: Country, item: InboxItem, *, iat: str = "", **said: object) -> str:
    """What the hub answers to a hand-over that H41 signed: `done`, or the problem's code."""
    truth: dict[str, object] = {
        "digest": item.digest, "packet_id": item.packet_id, "delivery_id": item.delivery_id,
        "identifier": item.document_id, "sender": item.sender, "recipients": (item.recipient,), "at": now(),
    }  # fmt: skip
    statement = Statement(EvidenceEvent.CONTENT_HANDOVER, "H41", **{**truth, **said})  # type: ignore[arg-type]
    claims = statement.claims() | ({"iat": iat} if iat else {})
    answer = httpx.post(
        f"{country.url}/api/v1/deliveries/{item.delivery_id}/ack",
        headers=country.native("H41")._bearer(), json={"statement": country.keys["H41"].sign_claims(claims, kind=TYPE)},
    ).json()  # fmt: skip
    return str(answer.get("code") or answer["state"])


@pytest.mark.refuses("R-14.4-1")
def test_a_hand_over_says_the_truth_of_this_delivery(country: Country) -> None:
    submit(country.native("G22"), make_document())
    recipient = country.native("H41")
    item = recipient.inbox()[0]
    assert hand_over(country, item) == "wrong_state"  # nobody has fetched it
    recipient.fetch(item, io.BytesIO())
    false: list[dict[str, object]] = [
        {"packet_id": "another"}, {"identifier": "other"}, {"sender": "H26"}, {"recipients": ("H26",)},
        {"attested_for": "H26"}, {"at": item.submitted_at - timedelta(seconds=45)},
    ]  # fmt: skip
    for lie in false:
        assert hand_over(country, item, **lie) == "statement_invalid", lie
    assert hand_over(country, item, iat="0001-01-01T00:00:00+14:00") == "statement_invalid"
    assert hand_over(country, item, iat=f"{now():%Y-%m-%dT%H:%M:%S}") == "statement_invalid"  # of no zone
    assert hand_over(country, item, at=now() + timedelta(seconds=60)) == "clock_ahead"
    assert Delivery.objects.get().state == "processing"
    assert hand_over(country, item, packet_id="", identifier="", sender="", recipients=()) == "done"
