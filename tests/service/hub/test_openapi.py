"""The native API does what its description says, whatever is sent to it: requests are made up from the description."""

import hashlib
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import schemathesis
import urllib3
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode, checks

from lienthong.hub.http.native import DESCRIBED
from lienthong.protocol.client.http import CHUNK, HubHttp
from lienthong.protocol.problems import BY_CODE
from tests.service.hub.conftest import Country, make_document, submit

EXAMPLES = 30
"""Requests made up for each operation, sound and unsound."""

CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.missing_required_header,
    checks.ignored_auth,
    checks.unsupported_method,
]
OPERATIONS = [(place, method) for place, view in DESCRIBED.items() for method in view.handlers]  # type: ignore[attr-defined]

CONFIG = schemathesis.Config.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}}}
)  # any refusal that is described is one
WITHOUT_INPUT = {
    ("time", "get"),
    ("keys", "get"),
    ("hub", "get"),
    ("agencies", "get"),
    ("standards", "get"),
    ("problems", "get"),
    ("uploads", "options"),
    ("webhooks", "get"),
    ("quarantine", "get"),
    ("keys/<str:kid>", "get"),
}
MODES = [(*one, GenerationMode.POSITIVE) for one in OPERATIONS] + [
    (*one, GenerationMode.NEGATIVE) for one in OPERATIONS if one not in WITHOUT_INPUT
]


@schemathesis.serializer("application/offset+octet-stream")
def as_bytes(_context: schemathesis.SerializationContext, value: Any) -> bytes:
    """A piece of an upload: any bytes."""
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture
def description(country: Country) -> dict[str, Any]:
    answer = httpx.get(f"{country.url}/api/v1/openapi.json", timeout=30)
    assert answer.status_code == 200
    return {**answer.json(), "servers": [{"url": f"{country.url}/api/v1"}]}


def test_every_route_is_described_with_its_refusals(description: dict[str, Any]) -> None:
    told = {(path, method) for path, methods in description["paths"].items() for method in methods}
    assert told == {(path_of(place), method) for place, method in OPERATIONS}
    assert description["openapi"] == "3.1.0"
    for methods in description["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert {"500", "503"} <= set(operation["responses"])
    assert set(description["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]) == set(BY_CODE)


@pytest.mark.parametrize(("place", "method", "mode"), MODES, ids=lambda part: str(part).replace("/", "-"))
def test_the_api_holds_to_its_description(
    country: Country, description: dict[str, Any], place: str, method: str, mode: GenerationMode
) -> None:
    submit(country.native("G22"), make_document())
    operation = schemathesis.openapi.from_dict(description, config=CONFIG)[path_of(place)][method.upper()]
    headers = country.native("H41")._bearer()

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operation.as_strategy(mode))
    def holds(case: schemathesis.Case) -> None:
        if isinstance(case.query.get("wait"), int | float):
            case.query["wait"] = min(case.query["wait"], 0.01)  # nobody waits here
        # An empty list is not sent at all: what is unsound in a request must reach the hub.
        case.query = {name: "" if value in ([], {}) else value for name, value in case.query.items()}
        case.call_and_validate(f"{country.url}/api/v1", headers=headers, checks=CHECKS, timeout=30)

    holds()


def path_of(place: str) -> str:
    return "/" + place.replace("<str:", "{").replace(">", "}")


def test_what_is_no_place_is_said_as_a_problem(country: Country) -> None:
    answer = httpx.get(f"{country.url}/api/v1/packet")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "unknown_place"
    misspelt = httpx.get(f"{country.url}/api/v1/time?timezone=7")
    assert (misspelt.status_code, misspelt.json()["code"]) == (400, "bad_request")
    assert "timezone" in misspelt.json()["detail"]
    changed = httpx.put(f"{country.url}/api/v1/time", json={})
    assert (changed.status_code, changed.headers["Allow"]) == (405, "GET")
    assert (changed.json()["code"], changed.headers["Content-Type"]) == ("wrong_method", "application/problem+json")
    assert "PUT" in changed.json()["detail"]


def test_who_was_cut_off_goes_on(country: Country) -> None:
    document = make_document()
    submit(country.native("G22"), document)
    recipient = country.native("H41")
    item = recipient.inbox()[0]
    place = f"{country.url}/api/v1/deliveries/{item.delivery_id}/packet"
    headers = recipient._bearer()
    packet = httpx.get(place, headers=headers)
    assert (packet.status_code, len(packet.content)) == (200, item.size)
    assert packet.headers["ETag"] == f'"{item.digest}"'
    rest = httpx.get(place, headers={**headers, "Range": "bytes=100-"})
    assert (rest.status_code, rest.content) == (206, packet.content[100:])
    assert rest.headers["Content-Range"] == f"bytes 100-{item.size - 1}/{item.size}"
    part = httpx.get(place, headers={**headers, "Range": "bytes=10-19", "If-Range": packet.headers["ETag"]})
    assert (part.status_code, part.content) == (206, packet.content[10:20])
    other = httpx.get(place, headers={**headers, "Range": "bytes=10-19", "If-Range": '"other"'})
    assert (other.status_code, other.content) == (200, packet.content)
    several = httpx.get(place, headers={**headers, "Range": "bytes=0-1,5-6"})
    assert (several.status_code, several.content) == (200, packet.content)
    beyond = httpx.get(place, headers={**headers, "Range": f"bytes={item.size}-"})
    assert (beyond.status_code, beyond.json()["code"]) == (416, "bad_range")
    assert beyond.headers["Content-Range"] == f"bytes */{item.size}"


class CutOff:
    """The network: the first download breaks after some bytes."""

    def __init__(self, whole: HubHttp) -> None:
        self.whole = whole
        self.ask = whole.ask
        self.address = whole.address
        self.ranges: list[str] = []

    @contextmanager
    def stream(
        self, method: str, path: str, *, headers: Mapping[str, str]
    ) -> Iterator[tuple[int, Mapping[str, str], Iterator[bytes]]]:
        self.ranges.append(headers.get("Range", ""))
        with self.whole.stream(method, path, headers=headers) as (status, told, chunks):
            yield status, told, _broken(chunks) if len(self.ranges) == 1 else chunks

    def close(self) -> None:
        self.whole.close()


def _broken(whole: Iterator[bytes]) -> Iterator[bytes]:
    given = 0
    for chunk in whole:
        yield chunk
        given += len(chunk)
        if given > CHUNK:
            break
    raise urllib3.exceptions.ProtocolError("cut off")


def test_our_own_client_goes_on_where_it_was_cut_off(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    submit(country.native("G22"), make_document(), van_pdf=b"%PDF-1.7" + bytes(3_000_000))
    recipient = country.native("H41")
    network = CutOff(recipient._http)
    monkeypatch.setattr(recipient, "_http", network)
    item = recipient.inbox()[0]
    got = io.BytesIO()
    recipient.fetch(item, got)
    assert hashlib.sha256(got.getvalue()).hexdigest() == item.digest
    assert network.ranges[0] == ""
    assert network.ranges[1:] == [f"bytes={2 * CHUNK}-"]
