"""Reading the files of documents, so that they are found by what stands in them. The worker does it; a file that gives
no text is noted, and holds up nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.contrib.postgres.search import SearchVectorField
from django.db.models import F, Func, Value

from lienthong.office.config import blobs
from lienthong.office.models import Enclosure, Findable, IncomingFile, Version
from lienthong.office.search import questions
from lienthong.standards.plaintext import plain
from lienthong.standards.texts import NoText, Why, text_apart

MOST_TRIES = 3
"""A document whose reading ended the worker so often is left alone."""
MOST_LEXEMES = 900_000
"""Bytes of the lexemes of one text: the database takes a megabyte."""
MOST_CONTENT = 1_000_000
"""Characters that are kept of all files of a document together."""


class File(NamedTuple):
    """A file of a document: its name, and what it is stored by."""

    name: str
    digest: str


def read_next() -> bool:
    """Read the files of one document that waits for it, what came last first. Gives whether there was one."""
    row = Findable.objects.filter(wanted__gt=F("read")).order_by("-id").defer("facts", "text", "content").first()
    if row is None:
        return False
    mine = Findable.objects.filter(pk=row.pk, wanted=row.wanted)
    mine.update(tries=F("tries") + 1)
    files = list(files_of(row))
    if row.tries >= MOST_TRIES:
        mine.update(read=row.wanted, unread=[_noted(one, Why.TOO_SLOW) for one in files])
        return True
    texts, unread = _read(files)
    content = "\n".join(texts)[:MOST_CONTENT]
    # Only what is still wanted: meanwhile another version may have come, or the content been destroyed.
    mine.update(text=_vector(content), content=content, unread=unread, read=row.wanted, tries=0)
    return True


def files_of(row: Findable) -> Iterator[File]:
    """What a document consists of: of an incoming one every file, of an outgoing one its newest version and its
    enclosures."""
    if row.incoming_id:
        for file in IncomingFile.objects.filter(document=row.incoming_id, present=True):
            yield File(file.name, file.digest)
        return
    version = Version.objects.filter(document=row.outgoing_id).order_by("-ordinal").first()
    if version:
        yield File("", version.digest)
    for enclosure in Enclosure.objects.filter(document=row.outgoing_id):
        yield File(enclosure.name, enclosure.digest)


def _read(files: Sequence[File]) -> tuple[list[str], list[dict[str, str]]]:
    """The texts, each with its file's name before it, and which files gave none."""
    texts, unread = list[str](), list[dict[str, str]]()
    for file in files:
        texts.append(file.name)
        try:
            texts.append(text_apart(blobs().path(file.digest)))
        except FileNotFoundError:
            unread.append(_noted(file, Why.MISSING))
        except NoText as reason:
            unread.append(_noted(file, reason.why))
    return [text for text in texts if text], unread


def _noted(file: File, why: Why) -> dict[str, str]:
    return {"name": file.name, "why": why.value}


def _vector(content: str) -> Func:
    """The words of a text as the database holds them."""
    kept, size = list[str](), 0
    for lexeme in questions.text_vector(questions.all_words(plain(content))):
        size += len(lexeme)
        if size > MOST_LEXEMES:
            break
        kept.append(lexeme)
    return Func(
        Value(kept), template="array_to_tsvector(%(expressions)s::text[])", output_field=SearchVectorField()
    )  # fmt: skip
