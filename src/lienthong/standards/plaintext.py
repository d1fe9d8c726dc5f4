"""Vietnamese text without its diacritics: how people type when they search."""

import re
import unicodedata

_WORDS = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")


def plain(text: str) -> str:
    """Lower case without diacritics: `Đắk Lắk` becomes `dak lak`."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.replace("đ", "d").replace("ð", "d")


def plain_words(text: str) -> list[str]:
    """The words of a text, plain; a code such as `000.00.00.H41` is one word."""
    return _WORDS.findall(plain(text))


def says_correction(text: str) -> bool:
    """Whether the type or the summary of a document says that it corrects the form of another (Decree 30, 18.3)."""
    return {"dinh", "chinh"} <= set(plain_words(text))
