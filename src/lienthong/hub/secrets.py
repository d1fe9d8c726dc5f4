"""The hub's secrets at rest (SEC-8)."""

from lienthong.look.secrets import Safe

_SAFE = Safe(b"lienthong-hub")
hide, reveal = _SAFE.hide, _SAFE.reveal
