"""What somebody typed, as questions to the database's word indexes.

`Findable.facts` holds the words of a document's facts, each also under the label of its fact (`s=nghe`: a word of the
sender's name), and its numbers and codes with `#` as they are typed. `Findable.text` holds the words of its files, and
each word with the one that follows it: in a text, words of a question must stand together, for without their diacritics
Vietnamese syllables are too alike to mean anything apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lienthong.standards.plaintext import plain

LONGEST = 300
MOST_WORDS = 12
LEAST_BEGUN = 3
_WORD = re.compile("[a-z0-9]+")
_LIKE_A_NUMBER = re.compile(r"[0-9]+[a-z]{0,2}|[^/]*/.*|[a-z0-9]+(-[a-z0-9]+)+|[a-z0-9]+(\.[a-z0-9]+){2,}(,.*)?")
_ZEROS = re.compile("^0+(?=[0-9]+[a-z]{0,2}(/|$))")
_WHOLE = re.compile("[0-9]+[a-z]?")
_CALLED = ("so", "so:", "so,")
"""What people put before a number."""


@dataclass(frozen=True)
class Question:
    """What is asked for.

    Attributes:
        words: without diacritics, in their order.
        number: the question as a number, a notation or a code; empty when it can be none.
    """

    words: tuple[str, ...] = ()
    number: str = ""

    def __bool__(self) -> bool:
        return bool(self.words)


def read(typed: str) -> Question:
    """A question as people type it: with diacritics or without, beginnings of words, numbers in full or in part."""
    bare = plain(typed[:LONGEST])
    pieces = bare.split()
    if len(pieces) > 1 and pieces[0] in _CALLED:
        pieces = pieces[1:]
    number = pieces[0] if len(pieces) == 1 and _LIKE_A_NUMBER.fullmatch(pieces[0]) else ""
    return Question(words_of(bare), number)


def words_of(typed: str) -> tuple[str, ...]:
    """The words of something typed."""
    return tuple(word[:64] for word in _WORD.findall(plain(typed[:LONGEST]))[:MOST_WORDS])


def all_words(bare: str) -> list[str]:
    """The words of a text that is without diacritics already."""
    return [word[:64] for word in _WORD.findall(bare)]


def by_number(question: Question) -> str:
    """The documents whose number, notation or code begins so; a number alone is whole (`15` is not `150`), and may be
    the arrival number."""
    number = question.number
    begun = _number(number)
    return f"{begun} | {_quoted(_ZEROS.sub('', number))}" if _WHOLE.fullmatch(number) else begun


def by_facts(words: Sequence[str], label: str = "") -> str:
    """The documents of whose facts, or of whose fact under this label, all these are words; the last one may have only
    begun."""
    before = f"{label}=" if label else ""
    *whole, last = words
    return " & ".join([*(_quoted(before + word) for word in whole), _begun(before, last)])


def by_text(words: Sequence[str]) -> str:
    """The documents in whose text these words stand together; the last one may have only begun."""
    if len(words) == 1:
        return _quoted(words[0])
    pairs = [f"{first} {second}" for first, second in pairwise(words)]
    return " & ".join([*(_quoted(pair) for pair in pairs[:-1]), _begun("", pairs[-1])])


def by_number_typed(typed: str) -> str:
    """The documents whose number or notation begins with what stands in a field for it; empty when it could be none."""
    number = re.sub(r"\s", "", plain(typed[:LONGEST]))
    return _number(number) if _WORD.search(number) else ""


def by_code_typed(typed: str) -> str:
    """The documents whose identifier, or whose sender's code, begins with what stands in a field for it."""
    code = re.sub(r"\s", "", plain(typed[:LONGEST]))
    return f"{_quoted('#' + code)}:*" if _WORD.search(code) else ""


def all_of(questions: Iterable[str]) -> str:
    """What answers every one of these."""
    return " & ".join(f"({one})" for one in questions if one)


def text_vector(words: Sequence[str]) -> list[str]:
    """What `Findable.text` holds of a text with these words: each, and each with the one that follows it."""
    pairs = (f"{first} {second}" for first, second in pairwise(words))
    return list(dict.fromkeys([*words, *pairs]))


def _number(typed: str) -> str:
    number = _ZEROS.sub("", typed)
    return f"{_quoted(f'#{number}/' if _WHOLE.fullmatch(number) else f'#{number}')}:*"


def _begun(before: str, word: str) -> str:
    """A word that may have only begun; by itself it needs `LEAST_BEGUN` letters, for fewer begin too much."""
    return _quoted(before + word) + (":*" if " " in word or len(word) >= LEAST_BEGUN else "")


def _quoted(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
