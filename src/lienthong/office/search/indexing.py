"""Reading the files of documents, so that they are found by what stands in them, on scans too where Tesseract is. The
worker does it; a file that gives no text is noted, and holds up nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import structlog
from django.contrib.postgres.search import SearchVectorField
from django.db.models import F, Func, QuerySet, Value

from lienthong.office.config import blobs
from lienthong.office.models import Enclosure, Findable, IncomingFile, Version
from lienthong.office.search import questions
from lienthong.standards.plaintext import plain
from lienthong.standards.texts import NoText, Why, is_sound, recognised, text_apart

log = structlog.get_logger("search")

MOST_TRIES = 3
"""A document whose reading ended the worker so often, or of whose scans so many pages took too long, is left alone: it
comes from anybody, and others wait."""
MOST_LEXEMES = 900_000
"""Bytes of the lexemes of one text: the database takes a megabyte."""
MOST_CONTENT = 1_000_000
"""Characters that are kept of all files of a document together; and as many of what is recognised on its scans."""
MOST_SCANNED = 200
"""Pages of a document that are recognised: a quarter of an hour of one processor, and more."""


Noted = dict[str, str]
"""A file of which something was not read: its name and digest, and why."""


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
    taken = _read(files)
    content = "\n".join(taken.texts)[:MOST_CONTENT]
    # Only what is still wanted: meanwhile another version may have come, or the content been destroyed.
    mine.update(
        text=_vector(content), content=content, unread=taken.unread, pictured=taken.pictured, read=row.wanted, tries=0
    )  # fmt: skip
    return True


def recognise_next(program: str) -> bool:
    """Recognise one page of a scan, of the document that came last; gives whether one waited.

    Args:
        program: a `recogniser`.
    """
    row = scanned().order_by("-id").defer("facts", "text").first()
    if row is None:
        return False
    (digest, page), *left = row.pictured
    mine = Findable.objects.filter(pk=row.pk, wanted=row.wanted)
    mine.update(tries=F("tries") + 1)
    said, why = _recognised(digest, page, program) if row.tries < MOST_TRIES else ("", Why.TOO_SLOW)
    if why is Why.BROKEN and not is_sound(program):
        mine.update(tries=row.tries)
        log.error("the recogniser reads not even an empty page; scans wait until it is installed anew", program=program)
        return False
    words = "\n".join(filter(None, (row.recognised, said)))[:MOST_CONTENT]
    last = all(other != digest for other, _page in left)
    tries = row.tries + (why is Why.TOO_SLOW) if left else 0
    # Only what still waits: the files may have changed meanwhile, or another worker have read the page.
    mine.filter(pictured=row.pictured).update(
        text=_vector(f"{row.content}\n{words}"), recognised=words, pictured=left, tries=tries,
        unread=list(_still_unread(row.unread, digest, why, last=last)),
    )  # fmt: skip
    return True


def scanned() -> QuerySet[Findable]:
    """The documents that have pages to be recognised."""
    return Findable.objects.exclude(pictured=[])


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


class _Taken(NamedTuple):
    """What the files of a document gave: texts, each with its file's name before it; which files gave none, or not of
    every page; and the pages that are pictures."""

    texts: list[str]
    unread: list[Noted]
    pictured: list[tuple[str, int]]


def _read(files: Sequence[File]) -> _Taken:
    taken = _Taken([], [], [])
    for file in files:
        taken.texts.append(file.name)
        try:
            words, pictured = text_apart(blobs().path(file.digest))
        except FileNotFoundError:
            taken.unread.append(_noted(file, Why.MISSING))
        except NoText as reason:
            taken.unread.append(_noted(file, reason.why))
        else:
            taken.texts.append(words)
            room = MOST_SCANNED - len(taken.pictured)
            taken.pictured.extend((file.digest, page) for page in pictured[:room])
            if pictured:
                taken.unread.append(_noted(file, Why.PICTURES if len(pictured) <= room else Why.TOO_LARGE))
    return taken._replace(texts=[text for text in taken.texts if text])


def _recognised(digest: str, page: int, program: str) -> tuple[str, Why | None]:
    """What a page says; or nothing, and why."""
    try:
        return recognised(blobs().path(digest), page, program=program), None
    except FileNotFoundError:
        return "", Why.MISSING
    except NoText as reason:
        return "", reason.why


def _still_unread(unread: Sequence[Noted], digest: str, why: Why | None, *, last: bool) -> Iterator[Noted]:
    """A file is read when all its pages are; of one with a page that failed it stays noted why."""
    for one in unread:
        if one.get("digest") != digest or one["why"] != Why.PICTURES:
            yield one
        elif why or not last:
            yield {**one, "why": why or Why.PICTURES}


def _noted(file: File, why: Why) -> Noted:
    return {"name": file.name, "digest": file.digest, "why": why.value}


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
