"""The test authority over HTTP on loopback."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import httpx
import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.x509 import ocsp

from lienthong.testing.pki import TestAuthority
from lienthong.testing.pki_server import LARGEST_REQUEST, PkiServer, serve
from tests.unit.testing.world import IMPRINT, QUERY, stamp_request, stamped, standing_request


@pytest.fixture(scope="module")
def served(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copytree(founded, tmp_path_factory.mktemp("served") / "authority")


@pytest.fixture(scope="module")
def server(served: Path) -> Iterator[PkiServer]:
    with serve(served) as running:
        yield running


@pytest.fixture
def client(server: PkiServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=10, trust_env=False) as found:
        yield found


def test_stamps_come_over_http(client: httpx.Client) -> None:
    answer = client.post("/tsa", content=stamp_request(), headers={"Content-Type": QUERY})

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/timestamp-reply"
    assert stamped(tsp.TimeStampResp.load(answer.content))["message_imprint"]["hashed_message"].native == IMPRINT


def test_standing_and_list_come_over_http(client: httpx.Client, server: PkiServer) -> None:
    person = server.authority.issue_person("Đỗ Thị Hương", ec=True)
    server.authority.revoke(person, person.x509.not_valid_before_utc)

    crl = client.get("/crl")
    answer = client.post(
        "/ocsp", content=standing_request(person), headers={"Content-Type": "application/ocsp-request"}
    )

    assert crl.headers["Content-Type"] == "application/pkix-crl"
    assert x509.load_der_x509_crl(crl.content).get_revoked_certificate_by_serial_number(person.serial) is not None
    assert ocsp.load_der_ocsp_response(answer.content).certificate_status is ocsp.OCSPCertStatus.REVOKED


def test_what_another_process_revokes_is_served(client: httpx.Client, served: Path) -> None:
    elsewhere = TestAuthority.load(served)
    person = elsewhere.issue_person("Đỗ Thị Hương", ec=True)
    elsewhere.revoke(person, person.x509.not_valid_before_utc)

    crl = x509.load_der_x509_crl(client.get("/crl").content)

    assert crl.get_revoked_certificate_by_serial_number(person.serial) is not None


@pytest.mark.parametrize(
    ("method", "path", "kind", "status"),
    [("GET", "/nowhere", "", 404), ("GET", "/tsa", "", 415), ("POST", "/tsa", "text/plain", 415)],
)
def test_wrong_requests_are_refused(client: httpx.Client, method: str, path: str, kind: str, status: int) -> None:
    answer = client.request(method, path, content=b"x" if method == "POST" else None, headers={"Content-Type": kind})

    assert answer.status_code == status
    assert path in answer.text


def test_large_and_unmeasured_requests_are_refused(client: httpx.Client) -> None:
    large = client.post("/tsa", content=b"x" * (LARGEST_REQUEST + 1), headers={"Content-Type": QUERY})
    unmeasured = client.post("/tsa", content=iter([b"x"]), headers={"Content-Type": QUERY})

    assert (large.status_code, unmeasured.status_code) == (413, 411)
    assert client.get("/crl").status_code == 200


def test_it_listens_on_loopback_only(server: PkiServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_a_new_authority_points_to_its_server(tmp_path: Path) -> None:
    with serve(tmp_path / "new") as running:
        assert running.authority.base_url == running.url
        assert httpx.get(f"{running.url}/crl", timeout=10, trust_env=False).status_code == 200
    with pytest.raises(OSError, match=r"."), socket.create_connection(("127.0.0.1", running.server_port), 1):
        pass


def test_the_command_prints_its_address_and_ends_on_sigterm(founded: Path, tmp_path: Path) -> None:
    directory = copytree(founded, tmp_path / "authority")
    command = [sys.executable, "-W", "error", "-m", "lienthong.testing.pki_server", str(directory), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert httpx.get(f"{url}/crl", timeout=10, trust_env=False).status_code == 200
            os.kill(process.pid, signal.SIGTERM)
            _, errors = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 0
    assert errors.startswith("The authority's certificates point to http://pki.test")
    assert "Traceback" not in errors
