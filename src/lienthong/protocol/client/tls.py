"""How a member speaks TLS to a hub (Decision 28, Article 13.2)."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lienthong.protocol.channel import is_loopback


@dataclass(frozen=True)
class ClientTls:
    """Whom a member believes, and what it shows.

    Attributes:
        ca: file of the authorities that may vouch for the hub; None for those of this machine.
        certificate, key: files (PEM) of the client certificate, its chain behind it, and of its private key.
    """

    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None

    def context(self) -> ssl.SSLContext:
        """TLS 1.2 or later; the hub must prove its name. Raises `ValueError` for files that do not fit."""
        try:
            context = ssl.create_default_context(cafile=self.ca)
            if self.certificate:
                context.load_cert_chain(self.certificate, self.key, password=_no_password)
        except (OSError, ValueError) as reason:  # `ssl.SSLError` is an `OSError`
            raise ValueError(
                f"chứng thư, khóa hoặc tệp CA không dùng được / certificate, key or CA file cannot be used: {reason}"
            ) from reason
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def require_fit_for(self, hub: str, *, plain: bool = False) -> None:
        """Raises `ValueError` where the hub would be spoken to without encryption beyond this machine (unless `plain`
        says that it may), or the files do not fit."""
        address = urlsplit(hub)
        if address.scheme != "https" and not plain and not is_loopback(address.hostname or "?"):
            raise ValueError(
                f"{hub}: kết nối với Trục phải được mã hóa (Quyết định 28, Điều 13.2), hãy dùng địa chỉ https / "
                "the connection to the hub must be encrypted, use its https address"
            )
        if bool(self.certificate) != bool(self.key):
            raise ValueError("cần cả chứng thư và khóa của nó / a certificate and its key belong together")
        self.context()


def verification(base_url: str, tls: ClientTls | None) -> ssl.SSLContext:
    """What a connection to an address is verified by. For a plain one the authorities of this machine, which take a
    twentieth of a second to read, are left alone. Raises `ValueError` for files that do not fit."""
    if base_url.startswith("https:"):
        return (tls or ClientTls()).context()
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _no_password() -> str:
    """A service that starts by itself asks nobody."""
    raise ValueError("khóa có mật khẩu; lưu khóa không mật khẩu, chỉ dịch vụ đọc được / the key file is encrypted")
