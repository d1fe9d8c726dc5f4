"""Both doors behind nginx as the project ships it: encrypted, with clients' certificates; plain HTTP refused by name."""

import hashlib
import io
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from django.conf import settings

from lienthong.evidence.receipts import SigningKey
from lienthong.hub.http import vxp
from lienthong.office import config
from lienthong.office.exchange import connection as office_connection
from lienthong.protocol.client.native import NativeConnection
from lienthong.protocol.client.tls import ClientTls
from lienthong.protocol.problems import (
    CertificateMissing,
    CertificateUnknown,
    HubUnreachable,
    Problem,
    TokenBound,
    Unauthenticated,
)
from lienthong.runtime.commands.bench_exchange import RECIPIENT, SENDER, make_packet, start_hub
from lienthong.runtime.ports import free_port
from lienthong.runtime.prepare import prepare_apart
from lienthong.runtime.settings import Door, Settings
from lienthong.testing.vxp_client import JavaClient
from tests.service.hub.proxied import SHIPPED, Nginx, Papers

pytestmark = pytest.mark.xdist_group("tls")
SECRET = "a-secret-of-this-test"
TRUSTED = "127.0.0.1/32"
SECONDS = 40


@dataclass
class Deployed:
    """A hub behind nginx, and the papers of its members."""

    settings: Settings
    nginx: Nginx
    papers: Papers
    keys: dict[str, SigningKey]

    def native(self, system: str, certificate: str = "", *, address: str = "") -> NativeConnection:
        tls = self.papers.tls(certificate)
        return NativeConnection(address or self.nginx.address, system=system, key=self.keys[system], tls=tls)

    def java(self, system: str, certificate: str = "", version: str = "2.0.1") -> JavaClient:
        return JavaClient(self.nginx.address, system, SECRET, version, tls=self.papers.context(certificate))

    def run(self, *words: str, refused: bool = False) -> str:
        done = subprocess.run(
            [str(Path(sys.executable).with_name("lienthong")), "hub", "system", "certificate", *words, "--data",
             str(self.settings.data)],
            env=os.environ | {"DATABASE_URL": self.settings.database_url}, capture_output=True, text=True,
            check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == (2 if refused else 0), done.stdout + done.stderr
        return (done.stderr if refused else done.stdout).strip()


@pytest.fixture(scope="module")
def deployed() -> Iterator[Deployed]:
    with tempfile.TemporaryDirectory(prefix="lienthong-tls-") as folder, ExitStack() as stack:
        Path(folder).chmod(0o755)
        papers = Papers.make(Path(folder))
        for name in (SENDER, RECIPIENT, "X99"):
            papers.issue(name)
        nginx = Nginx(Path(folder) / "nginx", 0, {"client_body_timeout         30s;": "client_body_timeout 3s;"})
        hub, keys, _ = start_hub(Path(folder), stack, public_url=nginx.address, trusted_proxies=TRUSTED)
        systems = [{"code": code, "name": code, "agencies": [code], "vxp_secret": SECRET} for code in keys]
        prepare_apart(hub.settings, {"agencies": [], "systems": systems, "seals": [], "operators": []})
        nginx.hub = hub.settings.port
        stack.enter_context(nginx)
        yield Deployed(hub.settings, nginx, papers, keys)


def comes_true(question: Callable[[], bool]) -> bool:
    """Whether it is so within a while: each web process has a copy of its own."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if all(question() for _ in range(4)):
            return True
        time.sleep(0.2)
    return False


def refusal(connection: NativeConnection) -> type[Problem] | None:
    try:
        connection.inbox()
    except Problem as problem:
        return type(problem)
    finally:
        connection.close()
    return None


def answered(client: JavaClient) -> str:
    _, body = client._request("POST", "countReceiveEdoc", b"{}", "application/json")
    return str(json.loads(body)["ErrorCode"])


# -- the way of a document -------------------------------------------------------------------------------------------


@pytest.mark.law("R-13.2-1", "AVI-G2")
def test_a_document_goes_from_door_to_door_over_tls(deployed: Deployed) -> None:
    sender = deployed.native(SENDER, SENDER)
    packet, digest = make_packet(20)
    sent = sender.submit(
        lambda: io.BytesIO(packet), digest=digest, size=len(packet), sender=SENDER, recipients=(),
        document_id="", idempotency_key=digest,
    )  # fmt: skip
    sender.close()
    for version in ("2.0.0", "2.0.1"):
        recipient = deployed.java(RECIPIENT, version=version)
        recipient.parameters["ten_tep"] = "Văn bản đến/một_hai"  # names with underscores, letters outside ASCII
        row = next(one for one in recipient.received() if one["docId"] == sent.deliveries[0].delivery_id)
        assert recipient.get_edoc(row["docId"]) == packet
        assert recipient.download_edoc(row["docId"]) == packet
    assert recipient.update_status(row["docId"], "done")["status"] == "OK"
    assert deployed.java(RECIPIENT, RECIPIENT).agencies()


@pytest.mark.parametrize("door", ["native", "vxp"])
def test_fifty_megabytes_stream_through_and_never_lie_in_a_file_of_the_proxy(deployed: Deployed, door: str) -> None:
    packet, digest = make_packet(50 << 10)
    if door == "vxp":
        assert deployed.java(SENDER).send_edoc(packet, sender=SENDER)["status"] == "OK"
    else:
        sender = deployed.native(SENDER, SENDER)  # in pieces (tus)
        sender.submit(
            lambda: io.BytesIO(packet), digest=digest, size=len(packet), sender=SENDER, recipients=(),
            document_id="", idempotency_key=digest,
        )  # fmt: skip
        sender.close()
    recipient = deployed.native(RECIPIENT, RECIPIENT)
    item = next(one for one in recipient.inbox() if one.digest == digest)
    into = io.BytesIO()
    recipient.fetch(item, into)
    recipient.acknowledge(item)
    recipient.close()
    assert hashlib.sha256(into.getvalue()).hexdigest() == digest
    assert "buffered to a temporary file" not in deployed.nginx.log


def test_a_signed_header_of_300_kilobytes_gets_through(deployed: Deployed) -> None:
    client = deployed.java(SENDER)
    client.parameters["filePath"] = "Đ" * 60_000
    assert answered(client) == "0"


# -- certificates ----------------------------------------------------------------------------------------------------


@pytest.mark.law("R-13.2-1")
@pytest.mark.refuses("R-13.2-1")
def test_a_system_is_bound_to_its_certificates_at_both_doors(deployed: Deployed) -> None:
    file = str(deployed.papers.folder / f"{SENDER}.pem")
    assert "certificate add" in deployed.run("require", SENDER, "--yes", refused=True)
    fingerprint = deployed.run("add", SENDER, "--file", file).split()[1]
    der = ssl.PEM_cert_to_DER_cert(re.split(r"(?<=END CERTIFICATE-----)", Path(file).read_text())[0])
    assert fingerprint == hashlib.sha256(der).hexdigest()
    deployed.run("require", SENDER, "--yes")
    try:
        # Missing, wrong, right: at the native door …
        assert comes_true(lambda: refusal(deployed.native(SENDER)) is CertificateMissing)
        assert refusal(deployed.native(SENDER, "X99")) is CertificateUnknown
        assert refusal(deployed.native(SENDER, SENDER)) is None
        # … and at the other.
        assert comes_true(lambda: answered(deployed.java(SENDER)) == "15")
        assert answered(deployed.java(SENDER, "X99")) == "15"
        assert answered(deployed.java(SENDER, SENDER)) == "0"
        # Who is not asked for one gets in as before.
        assert refusal(deployed.native(RECIPIENT)) is None
        _spoof(deployed, Path(file).read_text())
    finally:
        deployed.run("require", SENDER, "--no")
    shown = json.loads(deployed.run("list", SENDER, "--json"))
    assert [row["fingerprint"] for row in shown["certificates"]] == [fingerprint]
    deployed.run("remove", SENDER, fingerprint[:12], "--reason", "Mất khóa")
    assert comes_true(lambda: refusal(deployed.native(SENDER, SENDER)) is None)  # none is registered any more
    assert "THU HỒI: Mất khóa" in deployed.run("list", SENDER)
    assert "thu hồi" in deployed.run("add", SENDER, "--file", file, refused=True)


def _spoof(deployed: Deployed, pem: str) -> None:
    """Who has the secret and knows the certificate, and not its key, writes the proxy's header himself: in vain."""
    for name in ("X-SSL-Client-Cert", "X_SSL_Client_Cert", "x-ssl-client-cert"):
        client = deployed.java(SENDER)
        sign = client.headers
        client.headers = lambda kind, said=name, sign=sign: [*sign(kind), (said, quote(pem))]  # type: ignore[method-assign,misc]
        assert answered(client) == "15", name


@pytest.mark.law("R-13.2-1")
def test_a_token_is_worth_nothing_without_the_certificate_that_it_was_given_for(deployed: Deployed) -> None:
    holder = deployed.native(RECIPIENT, RECIPIENT)
    bearer = holder._bearer()
    holder.close()
    place = f"{deployed.nginx.address}/api/v1/inbox"
    for certificate in ("", "X99"):
        with httpx.Client(verify=deployed.papers.context(certificate)) as thief:
            answer = thief.get(place, headers=bearer)
        assert (answer.status_code, answer.json()["code"]) == (401, TokenBound.code)
    with httpx.Client(verify=deployed.papers.context(RECIPIENT)) as owner:
        assert owner.get(place, headers=bearer).status_code == 200


def test_with_an_authority_of_its_own_nobody_elses_certificate_gets_as_far_as_the_hub(deployed: Deployed) -> None:
    with tempfile.TemporaryDirectory(dir=deployed.papers.folder.parent) as folder:
        stranger = Papers.make(Path(folder))
        stranger.issue("X99")
        changes = {
            "ssl_verify_client optional_no_ca;": "ssl_verify_client optional; ssl_verify_depth 3;"
            f" ssl_client_certificate {deployed.papers.folder}/clients-ca.pem;"
        }
        with Nginx(deployed.papers.folder.parent / "nginx-ca", deployed.settings.port, changes) as nginx:
            context = deployed.papers.context()
            context.load_cert_chain(stranger.folder / "X99.pem", stranger.folder / "X99.key")
            with httpx.Client(verify=context, base_url=nginx.address) as http:
                answer = http.get("/api/v1/time")
                assert (answer.status_code, answer.json()["code"]) == (403, CertificateUnknown.code)
                assert http.post("/getEdoc").json()["ErrorCode"] == "15"
                assert http.get("/downloadEdoc").content == b""
            with httpx.Client(verify=deployed.papers.context(SENDER), base_url=nginx.address) as http:
                assert http.get("/api/v1/time").status_code == 200


@pytest.mark.law("SEC-11")
def test_the_console_has_a_port_for_administration_alone_as_the_page_of_zones_says(deployed: Deployed) -> None:
    page = (SHIPPED.parents[2] / "docs" / "howto" / "network.md").read_text(encoding="utf-8")
    listening, refusing = re.findall(r"```nginx\n(.+?)\n```", page, re.DOTALL)
    public, administration = free_port(), free_port()
    place = "    location /console/ {\n        client_max_body_size"
    changes = {
        "listen 443 ssl;": listening.replace("443", str(public), 1).replace("8443", str(administration)),
        place: place.replace("{\n", f"{{\n{refusing.replace('8443', str(administration))}\n"),
    }
    changes["listen 443 ssl;"] = changes["listen 443 ssl;"].replace("listen ", "listen 127.0.0.1:")
    folder = deployed.papers.folder.parent / "nginx-zones"
    with (
        Nginx(folder, deployed.settings.port, changes, port=public) as nginx,
        httpx.Client(verify=deployed.papers.context()) as http,
    ):
        for port, console in ((public, 404), (administration, 200)):
            address = nginx.address.replace(str(public), str(port))
            assert http.get(f"{address}/console/dang-nhap/").status_code == console
            assert http.get(f"{address}/api/v1/time").status_code == 200


# -- the office's side ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("door", list(Door))
def test_an_office_speaks_tls_and_shows_its_certificate(
    deployed: Deployed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, door: Door
) -> None:
    key, secret = tmp_path / "system.json", tmp_path / "secret"
    secret.write_text(SECRET)
    key.write_text(json.dumps(deployed.keys[RECIPIENT].private_jwk()))
    tls = deployed.papers.tls(RECIPIENT)
    told = settings.LIENTHONG.at(
        hub_url=deployed.nginx.address, system=RECIPIENT, system_key=str(key), hub_ca=str(tls.ca), hub_door=door, vxp_secret=str(secret),
        hub_certificate=str(tls.certificate), hub_certificate_key=str(tls.key),
    )  # fmt: skip
    monkeypatch.setattr(settings, "LIENTHONG", told)
    monkeypatch.setattr(office_connection, "_local", type("Local", (), {})())
    for kept in (config.hub_tls, config.system_key, config.vxp_secret):
        kept.cache_clear()
    connection = office_connection.connect()
    try:
        assert {agency.code for agency in connection.directory()} == {SENDER, RECIPIENT}
    finally:
        connection.close()
        for kept in (config.hub_tls, config.system_key, config.vxp_secret):
            kept.cache_clear()


def test_a_member_does_not_speak_to_who_cannot_prove_to_be_the_hub(deployed: Deployed) -> None:
    for tls in (None, ClientTls()):  # the authorities of this machine do not know the test's
        connection = NativeConnection(deployed.nginx.address, system=SENDER, key=deployed.keys[SENDER], tls=tls)
        with pytest.raises(HubUnreachable, match="CERTIFICATE_VERIFY_FAILED"):
            connection.inbox()
        connection.close()
    another_name = deployed.native(SENDER, address=deployed.nginx.address.replace("127.0.0.1", "localhost"))
    with pytest.raises(HubUnreachable, match="CERTIFICATE_VERIFY_FAILED"):
        another_name.inbox()
    another_name.close()


# -- plain HTTP, and what does not get through ---------------------------------------------------------------------------


@pytest.mark.law("R-13.2-1")
@pytest.mark.refuses("R-13.2-1")
def test_plain_http_is_refused_by_name_and_not_redirected(deployed: Deployed) -> None:
    for base in (deployed.nginx.plain_address, deployed.nginx.address.replace("https:", "http:")):
        answer = httpx.post(f"{base}/api/v1/token", content=b"x" * 2_000_000)
        assert (answer.status_code, answer.json()["code"]) == (403, "insecure_channel")
        said = httpx.post(f"{base}/sendEdoc", content=b"x" * 2_000_000)
        assert (said.status_code, said.json()["ErrorCode"], said.json()["DocId"]) == (403, "15", "")
        assert "https" in said.json()["ErrorDesc"]
        assert said.content.isascii()
        assert httpx.get(f"{base}/downloadEdoc").content == b""
    assert "https" in httpx.get(f"{deployed.nginx.plain_address}/console/").text


@pytest.mark.law("R-13.2-1")
def test_the_hub_itself_refuses_what_a_proxy_says_was_not_encrypted(deployed: Deployed) -> None:
    base = deployed.settings.local_address
    for proto in ({"X-Forwarded-Proto": "http"}, {}):
        outside = {"X-Forwarded-For": "203.0.113.9", **proto}
        answer = httpx.get(f"{base}/api/v1/time", headers=outside)
        assert (answer.status_code, answer.json()["code"]) == (403, "insecure_channel")
        client = JavaClient(base, SENDER, SECRET)
        sign = client.headers
        client.headers = lambda kind, sign=sign, said=outside: [*sign(kind), *said.items()]  # type: ignore[method-assign,misc]
        assert answered(client) == "15"
        page = httpx.get(f"{base}/console/dang-nhap/", headers=outside)
        assert (page.status_code, "https" in page.text, "Call by https" in page.text) == (403, True, True)
        assert httpx.get(f"{base}/healthz", headers=outside).status_code == 200
    assert (
        httpx.get(
            f"{base}/api/v1/time", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
        ).status_code
        == 200
    )
    assert answered(JavaClient(base, SENDER, SECRET)) == "0"  # from this machine itself


def test_what_comes_by_tls_is_kept_to_tls(deployed: Deployed) -> None:
    with httpx.Client(verify=deployed.papers.context(), base_url=deployed.nginx.address) as http:
        page = http.get("/console/dang-nhap/")
        assert page.headers.get_list("Strict-Transport-Security") == ["max-age=31536000"]
        assert all("Secure" in cookie for cookie in page.headers.get_list("Set-Cookie"))
        assert page.headers.get_list("Set-Cookie")
        assert http.get("/metrics").status_code == 404
        assert (
            http.get("/api/v1/time", headers={"X-Forwarded-Ssl": "off", "X-Forwarded-Proto": "http"}).status_code == 200
        )
    assert (
        httpx.get(
            f"{deployed.settings.local_address}/metrics",
            headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"},
        ).status_code
        == 404
    )
    assert httpx.get(f"{deployed.settings.local_address}/metrics").status_code == 200


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_an_old_tls_is_not_spoken(deployed: Deployed) -> None:
    context = deployed.papers.context()
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with socket.create_connection(("127.0.0.1", deployed.nginx.port)) as wire, pytest.raises(ssl.SSLError):
        context.wrap_socket(wire, server_hostname="127.0.0.1")


def test_a_stranger_with_a_large_body_hears_why_he_is_refused(deployed: Deployed) -> None:
    with httpx.Client(verify=deployed.papers.context(), base_url=deployed.nginx.address, timeout=60) as http:
        body = b"x" * (20 << 20)
        answer = http.post("/api/v1/packets", content=body)
        assert (answer.status_code, answer.json()["code"]) == (401, Unauthenticated.code)
        assert http.post("/sendEdoc", content=body).json()["ErrorCode"] == "15"
        assert http.post("/api/v1/token", content=body).json()["code"] == "too_large"


def test_while_the_hub_is_away_each_door_says_so_in_its_own_shape(deployed: Deployed) -> None:
    with (
        Nginx(deployed.papers.folder.parent / "nginx-alone", 9) as nginx,
        httpx.Client(verify=deployed.papers.context(), base_url=nginx.address) as http,
    ):
        api, old, file, page = (
            http.get("/api/v1/time"), http.post("/sendEdoc", content=b"<x/>"), http.get("/downloadEdoc"),
            http.get("/console/"),
        )  # fmt: skip
    assert [one.status_code for one in (api, old, file, page)] == [503] * 4
    assert api.json()["code"] == "unavailable"
    assert old.json()["ErrorCode"] == "20"
    assert api.headers["Retry-After"] == old.headers["Retry-After"] == "5"
    assert file.content == b""
    assert "tạm thời" in page.text


# -- slow senders --------------------------------------------------------------------------------------------------------


@pytest.mark.law("SEC-11")
def test_stalled_uploads_starve_nobody_and_are_cut_off(deployed: Deployed) -> None:
    client = deployed.java(SENDER)
    client.parameters |= {"messagetype": "edoc", "from": SENDER, "hash-file": "0"}
    head = "".join(f"{name}: {value}\r\n" for name, value in client.headers("application/octet-stream"))
    asked = f"POST /sendEdoc HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000000\r\n{head}\r\n<?xml".encode()
    with ExitStack() as stack:
        stalled = [stack.enter_context(_open(deployed)) for _ in range(40)]
        for wire in stalled:
            wire.sendall(asked)
        time.sleep(0.5)
        started = time.monotonic()
        assert answered(deployed.java(RECIPIENT)) == "0"
        assert refusal(deployed.native(RECIPIENT)) is None
        assert time.monotonic() - started < 3
        answers = [_first_line(wire) for wire in stalled]
    # Some waited until they were cut off, the others were told to come again: nobody more than the limit of one address.
    refused = [line for line in answers if b" 503" in line]
    assert len(refused) == 40 - 16
    assert all(line in (b"", b"HTTP/1.1 408 Request Time-out") or b" 503" in line for line in answers)
    packet, _ = make_packet(10)
    assert comes_true(lambda: deployed.java(SENDER).send_edoc(packet, sender=SENDER)["status"] == "OK")


def _open(deployed: Deployed) -> ssl.SSLSocket:
    wire = socket.create_connection(("127.0.0.1", deployed.nginx.port), timeout=10)
    return deployed.papers.context().wrap_socket(wire, server_hostname="127.0.0.1")


def _first_line(wire: ssl.SSLSocket) -> bytes:
    try:
        return wire.recv(4096).partition(b"\r\n")[0]
    except OSError:
        return b""


# -- the shipped file ------------------------------------------------------------------------------------------------------


def test_the_shipped_configuration_knows_every_operation_of_the_old_door() -> None:
    places = re.findall(r"location (?:= /|~ \^/\(?)([\w|]+)\)?\$? \{", SHIPPED.read_text())
    known = {name for place in places for name in place.split("|")}
    assert set(vxp.ROUTES) <= known
