"""The values of the test hub, beside those of `messages`: who registers, and who answers."""

from dataclasses import dataclass
from typing import Any

from lienthong.standards.identifiers import TEST_GROUP


@dataclass(frozen=True)
class SandboxRequest:
    """What somebody asks who registers a test system.

    Attributes:
        name: of the system.
        agencies: names of its test agencies, one to five.
        key: its public JWK (Ed25519 or P-256), for the native API.
        vxp: whether it gets a secret for the door of existing client software.
    """

    name: str
    agencies: tuple[str, ...]
    key: dict[str, Any] | None = None
    vxp: bool = False


@dataclass(frozen=True)
class SandboxAgency:
    """A test agency: its code, the 13-character spelling (empty where there is none), and its name."""

    code: str
    old_code: str
    name: str


@dataclass(frozen=True)
class Counterpart:
    """An agency of the test hub that answers by itself, and what it does."""

    code: str
    name: str
    about: str
    about_en: str


WILLING = Counterpart(
    f"{TEST_GROUP}.00.01", "Đối tác thử nghiệm: xử lý đến cùng",
    "Báo 01, 03, 04, 05, 06 và gửi lại văn bản trả lời; đồng ý thu hồi (15).",
    "Reports 01, 03, 04, 05, 06 and sends a reply; agrees to recalls (15).",
)  # fmt: skip
"""The one that every test hub has for a first document; what a training office drafts goes to it."""


@dataclass(frozen=True)
class SandboxSystem:
    """A test system that was registered.

    Attributes:
        kid: id of its key, as its signatures name it.
        vxp_secret: shown this once; empty where none was asked for.
        hub_id: whom its assertions are for (`aud`).
    """

    system: str
    agencies: tuple[SandboxAgency, ...]
    kid: str
    vxp_secret: str
    hub_id: str
    counterparts: tuple[Counterpart, ...]
    forgotten_after_days: int


@dataclass(frozen=True)
class Counterparts:
    """The test hub's own agencies."""

    counterparts: tuple[Counterpart, ...]
