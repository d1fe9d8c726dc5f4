"""Keys, passwords, seals and signatures of invented agencies, whose private keys lie in a folder of this machine."""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path

from lienthong.testing.images import seal_image, signature_image
from lienthong.testing.pki import Identity, TestAuthority

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def start_authority(folder: Path, trust: Path, port: int, log: Path) -> tuple[TestAuthority, subprocess.Popen[bytes]]:
    """The test authority of a folder, made if it is missing, and the process that serves it on loopback."""
    authority = TestAuthority.open(folder, f"http://127.0.0.1:{port}")
    authority.write_trust(trust)
    with log.open("ab") as out:
        server = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", sys.executable, "-m", "lienthong.testing.pki_server", str(folder),
             "--port", str(port)],
            stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    return authority, server


def end(process: subprocess.Popen[bytes]) -> None:
    """Let a process end; kill it where it does not."""
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def key_plan(file: Path, identity: Identity, pin: str, image: bytes) -> dict[str, str]:
    """A key as a plan names it; its file is written anew, under this PIN."""
    write_secret(file, identity.pkcs12(pin))
    return {
        "location": str(file),
        "certificate": base64.b64encode(identity.certificate).decode(),
        "image": base64.b64encode(image).decode(),
    }


def write_secret(file: Path, content: bytes) -> None:
    """A file that its owner alone reads."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)


def image_of(folder: Path, kind: str, name: str) -> bytes:
    """The picture of a seal or of a signature, drawn once."""
    file = folder / f"{kind}-{name.replace(' ', '_')}.png"
    if not file.exists():
        folder.mkdir(exist_ok=True)
        file.write_bytes(seal_image(name) if kind == "seal" else signature_image(name))
    return file.read_bytes()


def new_password() -> str:
    """A password that is read and typed easily."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def new_pin() -> str:
    """A PIN of six digits."""
    return f"{secrets.randbelow(10**6):06d}"
