"""What a page may load and call: the one policy of content (CSP) of both services."""

_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'self'; form-action 'self'"
)


def content_policy(calls: str = "") -> str:
    """The policy as a header says it.

    Args:
        calls: an origin that this one page may call beside its own.
    """
    return f"{_POLICY}; connect-src 'self' {calls}" if calls else _POLICY
