"""A token of SoftHSM in a folder of its own, with keys and certificates on it, and the helper that signs with it as a
process with a window. `python -m tests.softtoken` writes onto a token: the library reads its settings once in a process."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import load_der_x509_certificate

from lienthong.testing.pki import Identity

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
NAME, PIN = "thiet-bi", "864209"
SECONDS = 20


@dataclass(frozen=True)
class SoftToken:
    """A token; `environment` leads the library to it."""

    environment: Mapping[str, str]

    @classmethod
    def make(cls, folder: Path) -> SoftToken:
        """An empty one."""
        assert MODULE.exists(), "install the package softhsm2 to run this test"
        (folder / "tokens").mkdir(parents=True)
        settings = folder / "softhsm2.conf"
        settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
        environment = {**os.environ, "SOFTHSM2_CONF": str(settings)}
        init = ["softhsm2-util", "--init-token", "--free", "--label", NAME, "--pin", PIN, "--so-pin", "5678"]
        subprocess.run(init, check=True, capture_output=True, env=environment)
        return cls(environment)

    def put(self, label: str, identity: Identity) -> None:
        """Put somebody's key and certificate on it."""
        private = identity.private_key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        told = {
            "label": label, "key": b64encode(private).decode(), "certificate": b64encode(identity.certificate).decode(),
            "ec": isinstance(identity.private_key, ec.EllipticCurvePrivateKey),
        }  # fmt: skip
        writing = [sys.executable, "-m", "tests.softtoken"]
        subprocess.run(writing, input=json.dumps(told).encode(), check=True, env=dict(self.environment))


@dataclass
class Helper:
    """`lienthong token serve` in a window of its own, that somebody sits at."""

    process: subprocess.Popen[bytes]
    window: int
    port: int
    shown: str = ""
    _read: int = field(default=0)

    def __post_init__(self) -> None:
        threading.Thread(target=self._watch, daemon=True).start()

    def wait_for(self, pattern: str) -> re.Match[str]:
        """What the window shows next that is so."""
        until = monotonic() + SECONDS
        while not (found := re.compile(pattern).search(self.shown, self._read)):
            assert self.process.poll() is None, self.shown
            assert monotonic() < until, self.shown
            sleep(0.02)
        self._read = found.end()
        return found

    def type(self, text: str) -> None:
        """Type a line."""
        os.write(self.window, f"{text}\n".encode())

    def enter_pin(self, pin: str = PIN) -> None:
        """Answer the next question."""
        self.wait_for(r"PIN \(nothing typed declines\): ")
        self.type(pin)

    def _watch(self) -> None:
        with suppress(OSError):  # the window is closed
            while read := os.read(self.window, 4096):
                self.shown += read.decode(errors="replace")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        self.process.wait(SECONDS)
        os.close(self.window)


@contextmanager
def helper(token: SoftToken, office: str, keep: Path, *more: str, label: str = "ky", port: int) -> Iterator[Helper]:
    """Start the helper for the pages of `office`."""
    window, inside = pty.openpty()
    told = [
        "token", "serve", "--office", office, "--module", str(MODULE), "--token", NAME, "--label", label, "--keep",
        str(keep), "--port", str(port), *more,
    ]  # fmt: skip
    started = subprocess.Popen(
        [str(Path(sys.executable).parent / "lienthong"), *told], stdin=inside, stdout=inside, stderr=inside,
        env=dict(token.environment), start_new_session=True,
    )  # fmt: skip
    os.close(inside)
    with Helper(started, window, port) as running:
        yield running


def _write(told: dict[str, Any]) -> None:
    import pkcs11
    from pkcs11 import Attribute, ObjectClass
    from pkcs11.util.ec import decode_ec_private_key
    from pkcs11.util.rsa import decode_rsa_private_key

    named = {Attribute.LABEL: told["label"], Attribute.TOKEN: True, Attribute.ID: told["label"].encode()}
    key, certificate = (b64decode(told[name]) for name in ("key", "certificate"))
    values = (decode_ec_private_key if told["ec"] else decode_rsa_private_key)(key)
    with pkcs11.lib(str(MODULE)).get_token(token_label=NAME).open(user_pin=PIN, rw=True) as session:
        session.create_object({**values, **named, Attribute.SIGN: True})
        session.create_object({
            Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
            Attribute.VALUE: certificate, Attribute.SUBJECT: load_der_x509_certificate(certificate).subject.public_bytes(),
            **named,
        })  # fmt: skip


if __name__ == "__main__":
    _write(json.loads(sys.stdin.read()))
