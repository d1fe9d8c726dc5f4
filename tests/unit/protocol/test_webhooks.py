"""Webhooks are signed and verified as the Standard Webhooks specification says."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from lienthong.protocol import webhooks
from lienthong.protocol.webhooks import ID, SIGNATURE, TIMESTAMP, InvalidWebhook

# The test vector of the specification's reference libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
PUBLISHED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def headers(**changes: str) -> dict[str, str]:
    return {ID: MESSAGE, TIMESTAMP: "1614265330", SIGNATURE: PUBLISHED} | {
        name.replace("_", "-"): value for name, value in changes.items()
    }


def test_the_published_vector_is_signed_as_published() -> None:
    assert webhooks.sign(MESSAGE, AT, BODY, [SECRET]) == headers()
    assert webhooks.sign(MESSAGE, AT, BODY, [SECRET.removeprefix("whsec_")]) == headers()


def test_the_published_vector_is_verified() -> None:
    assert webhooks.verify(headers(), BODY, secrets=[SECRET], at=AT) == {"test": 2432232314}
    in_any_case = {name.title(): value for name, value in headers().items()}
    assert webhooks.verify(in_any_case, BODY, secrets=[SECRET], at=AT)


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        ({}, BODY + b" "),
        ({"webhook_id": "msg_other"}, BODY),
        ({"webhook_timestamp": "1614265331"}, BODY),
        ({"webhook_timestamp": "soon"}, BODY),
        ({"webhook_timestamp": "-1614265330"}, BODY),
        ({"webhook_signature": ""}, BODY),
        ({"webhook_signature": PUBLISHED.replace("v1,", "v2,")}, BODY),
        ({"webhook_signature": PUBLISHED.replace("v1,", "")}, BODY),
        ({"webhook_signature": "v1,not-base64-é"}, BODY),
    ],
)
def test_what_was_changed_is_refused(changes: dict[str, str], body: bytes) -> None:
    with pytest.raises(InvalidWebhook):
        webhooks.verify(headers(**changes), body, secrets=[SECRET], at=AT)


@pytest.mark.parametrize("missing", [ID, TIMESTAMP, SIGNATURE])
def test_every_header_is_needed(missing: str) -> None:
    told = headers()
    del told[missing]
    with pytest.raises(InvalidWebhook, match=missing):
        webhooks.verify(told, BODY, secrets=[SECRET], at=AT)


@pytest.mark.parametrize("off", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_what_is_old_or_of_the_future_is_refused(off: timedelta) -> None:
    with pytest.raises(InvalidWebhook, match="clock"):
        webhooks.verify(headers(), BODY, secrets=[SECRET], at=AT + off)


def test_during_a_rotation_either_secret_fits() -> None:
    new = webhooks.new_secret()
    told = webhooks.sign(MESSAGE, AT, BODY, [new, SECRET])
    assert len(told[SIGNATURE].split(" ")) == 2
    for secrets in ([new], [SECRET], [webhooks.new_secret(), SECRET]):
        assert webhooks.verify(told, BODY, secrets=secrets, at=AT)
    with pytest.raises(InvalidWebhook):
        webhooks.verify(told, BODY, secrets=[webhooks.new_secret()], at=AT)


@pytest.mark.parametrize("body", [b"[]", b"nothing", b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    told = webhooks.sign(MESSAGE, AT, body, [SECRET])
    with pytest.raises(InvalidWebhook):
        webhooks.verify(told, body, secrets=[SECRET], at=AT)


@pytest.mark.parametrize("secret", ["whsec_???", "whsec_c2hvcnQ=", "whsec_" + "A" * 200])
def test_a_secret_that_is_none_is_a_fault_of_the_receiver(secret: str) -> None:
    with pytest.raises(ValueError, match="secret"):
        webhooks.verify(headers(), BODY, secrets=[secret], at=AT)


def test_a_new_secret_is_one_of_its_own() -> None:
    secrets = {webhooks.new_secret() for _ in range(20)}
    assert len(secrets) == 20
    body = json.dumps({"type": "webhook.test"}).encode()
    for secret in secrets:
        assert webhooks.verify(webhooks.sign("m", AT, body, [secret]), body, secrets=[secret], at=AT)
