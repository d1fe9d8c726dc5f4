"""Keys as text that finds its own typing errors: Bech32 (BIP 173), without its limit of length, as age writes keys."""

from collections.abc import Iterable

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
CHECKSUM = 6
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


class BadBech32(ValueError):
    """No Bech32, or one with a typing error."""


def encode(kind: str, data: bytes) -> str:
    """`kind1…` in lower case."""
    values = _regrouped(data, 8, 5, pad=True)
    check = _checksum([*_expanded(kind), *values, *[0] * CHECKSUM]) ^ 1
    values += [check >> 5 * (CHECKSUM - 1 - place) & 31 for place in range(CHECKSUM)]
    return f"{kind}1{''.join(LETTERS[value] for value in values)}"


def decode(text: str) -> tuple[str, bytes]:
    """Kind and data. Raises `BadBech32`."""
    if text not in (text.lower(), text.upper()):
        raise BadBech32("upper and lower case are mixed")
    kind, separator, rest = text.lower().rpartition("1")
    if not separator or not kind or len(rest) < CHECKSUM or set(rest) - set(LETTERS):
        raise BadBech32("it is no key")
    values = [LETTERS.index(letter) for letter in rest]
    if _checksum([*_expanded(kind), *values]) != 1:
        raise BadBech32("it has a typing error")
    return kind, bytes(_regrouped(values[:-CHECKSUM], 5, 8, pad=False))


def _expanded(kind: str) -> list[int]:
    return [ord(sign) >> 5 for sign in kind] + [0] + [ord(sign) & 31 for sign in kind]


def _checksum(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATORS):
            check ^= generator if top >> place & 1 else 0
    return check


def _regrouped(values: Iterable[int], before: int, after: int, *, pad: bool) -> list[int]:
    """Bits in groups of another size. Raises `BadBech32`: bits are left over that are not zero."""
    bits = count = 0
    found: list[int] = []
    for value in values:
        bits, count = bits << before | value, count + before
        while count >= after:
            count -= after
            found.append(bits >> count)
            bits &= (1 << count) - 1
    if pad and count:
        found.append(bits << (after - count))
    elif not pad and (count >= before or bits):
        raise BadBech32("bits are left over")
    return found
