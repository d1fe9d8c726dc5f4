"""What the office takes from its settings: the one place where it asks for them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from lienthong.evidence.receipts import SigningKey
from lienthong.protocol.client.tls import ClientTls
from lienthong.standards.signatures.material import Validation
from lienthong.standards.signatures.network import KeptLists, TimeStamps
from lienthong.standards.signatures.trust import Trust
from lienthong.storage import FileBlobs

FETCH_SECONDS = 10
TRAINING_MARK = "ĐÀO TẠO – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
"""What a training office says on every page and on every sheet that it lays out (R-19.4-1)."""
LISTS_KEPT_SECONDS = 60
"""How long a revocation list is believed to be the newest, and, where somebody waits for a judgement, an authority that
does not answer is left in peace."""


@cache
def blobs() -> FileBlobs:
    """The office's blob store: versions, enclosures, packets, received files."""
    return FileBlobs(settings.LIENTHONG.data / "blobs")


@cache
def trust() -> Trust:
    """Whose certificates are believed."""
    return Trust.from_directory(Path(settings.LIENTHONG.trust))


@cache
def timestamps() -> TimeStamps:
    """The time-stamping authority."""
    return TimeStamps(settings.LIENTHONG.tsa_url, fetch)


@cache
def validation() -> Validation:
    """Where validation material for the long term comes from. An authority that did not answer is asked again at the
    next document: without its answer nothing is sealed."""
    return Validation(trust(), _kept_lists(peace=0))


@cache
def standing() -> Validation:
    """Where a judge hears how certificates stand now; lists are asked for again after `LISTS_KEPT_SECONDS`."""
    return Validation(trust(), _kept_lists(peace=LISTS_KEPT_SECONDS))


def _kept_lists(*, peace: float) -> KeptLists:
    return KeptLists(lambda *request: fetch(*request), keep=LISTS_KEPT_SECONDS, peace=peace)


@cache
def system_key() -> SigningKey:
    """The key with which this system speaks to the hub; its file is readable by the service alone."""
    return SigningKey(json.loads(Path(settings.LIENTHONG.system_key).read_text(encoding="utf-8")))


@cache
def hub_tls() -> ClientTls:
    """Whom to believe as the hub, and the client certificate that it is shown."""
    told = settings.LIENTHONG
    files = (told.hub_ca, told.hub_certificate, told.hub_certificate_key)
    return ClientTls(*(Path(name) if name else None for name in files))


@cache
def vxp_secret() -> str:
    """The secret that this system shares with a hub of existing client software."""
    return Path(settings.LIENTHONG.vxp_secret).read_text(encoding="utf-8").strip()


def own_seals() -> dict[str, bytes]:
    """Seals that this office vouches for itself, where the hub's directory has none: code → certificate, DER."""
    folder = Path(settings.LIENTHONG.trust) / "seals"
    found = {file.stem: x509.load_pem_x509_certificate(file.read_bytes()) for file in sorted(folder.glob("*.pem"))}
    return {code: certificate.public_bytes(Encoding.DER) for code, certificate in found.items()}


def training() -> bool:
    """Whether this is a training office, whose data are plainly false. Sheets are laid out outside of an office as
    well, by the demo's agency with software of its own: nobody trains there."""
    return settings.configured and bool(settings.LIENTHONG.training)


def unsafe_server_keys() -> bool:
    """Whether people's private keys may lie on this server: for the demo alone."""
    return settings.LIENTHONG.unsafe_server_keys


def fetch(url: str, body: bytes | None, content_type: str) -> bytes:
    """Fetch an address for signing and judging: time stamps, revocation lists, OCSP answers. Raises `OSError`."""
    try:
        if body is None:
            answer = _http().get(url)
        else:
            answer = _http().post(url, content=body, headers={"Content-Type": content_type})
        answer.raise_for_status()
    except httpx.HTTPError as reason:
        raise OSError(f"{url}: {type(reason).__name__}") from reason
    return answer.content


@cache
def _http() -> httpx.Client:
    """Kept: making one reads the certificates of all authorities of this machine, more work than a seal asks for."""
    return httpx.Client(timeout=FETCH_SECONDS)
