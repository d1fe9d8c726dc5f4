"""The check: reads a PDF and says which rules of Annex I it breaks, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from lienthong.standards.presentation import closing, head, text
from lienthong.standards.presentation.closing import Closing
from lienthong.standards.presentation.findings import (
    Finding,
    Known,
    Part,
    at,
    check_form,
    check_line,
    on,
    own_pages,
    shortened,
)
from lienthong.standards.presentation.head import Head
from lienthong.standards.presentation.likeness import placed, plain
from lienthong.standards.presentation.reading import Page, read
from lienthong.standards.presentation.rules import LIMITS, MOTTO, NATIONAL_NAME, TITLES, WITHOUT_SUBJECT
from lienthong.standards.presentation.sheets import (
    check_letters,
    check_margins,
    check_page_numbers,
    check_paper,
    check_readable,
)
from lienthong.standards.presentation.text import check_text
from lienthong.standards.statuses import Urgency

_NUMBER = re.compile(r"Số:\s*(?P<number>\d+[a-z]{0,3}(?=/)|[\s.…_]*)/(?:\d{4}/)?(?P<notation>\S+)")
_NOTATION = re.compile(r"[^\W\d_]\w*(?:[-.&]\w+)*")
_DATE = re.compile(
    r"(?P<place>\S.*?)\s?,\s?ngày\s?(?P<day>\d{1,2}|[\s.…_]*)\s?tháng\s?(?P<month>\d{1,2}|[\s.…_]*)\s?"
    r"năm\s?(?:\d{4}|[\s.…_]*)"
)


def check(pdf: bytes, known: Known) -> tuple[Finding, ...]:
    """What a document breaks of the rules of presentation, in the order of the decree.

    Reads the file in this process, with a native library that knows no threads: a service that takes files from
    people calls `apart.check_apart`.

    Raises:
        Unreadable: the file is no PDF that can be read.
    """
    pages = read(pdf)
    own = own_pages(pages, known) or pages
    if obstacle := check_readable(own):
        return (obstacle,)
    top, end = head.locate(own[0], known), _closing(pages, own, known)
    within = (end.page, end.top) if end.page <= own[-1].number else (own[-1].number, own[-1].height)
    findings = [
        *check_paper(own),
        *check_margins(own, within[0]),
        *check_letters(own),
        *check_page_numbers(own, within[0]),
        *_check_names(top),
        *check_line("motto", top.motto, own[0], LIMITS.rule_of_motto),
        *_check_agencies(top, known),
        *check_line("agency", top.agency, own[0], LIMITS.rule),
        *_check_number(top, known),
        *_check_date(top),
        *_check_urgency(own[0], known),
        *_check_title(top),
        *check_line("subject", top.subject, own[0], LIMITS.rule),
        *check_text(text.locate(own, top.ends, within)),
        *_check_signer(end, known),
        *_check_recipients(end),
    ]
    return tuple(findings)


def _closing(pages: tuple[Page, ...], own: tuple[Page, ...], known: Known) -> Closing:
    """The end on the pages that people made, else on those that the system added for it."""
    found = closing.locate(own, known)
    return found if found.heading or found.signer else closing.locate(pages, known)


def _check_names(top: Head) -> Iterator[Finding]:
    """Quốc hiệu, Tiêu ngữ (II.1)."""
    for rule, part, wanted in (("national_name", top.national_name, NATIONAL_NAME), ("motto", top.motto, MOTTO)):
        if part is None:
            yield on(rule, 1)
        elif placed(part.text) != placed(wanted):
            yield at(f"{rule}_words", part, found=shortened(part.text))
        yield from check_form(f"{rule}_form", part)


def _check_agencies(top: Head, known: Known) -> Iterator[Finding]:
    """The issuing agency, and the superior one where there is one (II.2)."""
    if known.superior and top.superior is None:
        yield on("superior", 1, wanted=known.superior)
    yield from check_form("superior_form", top.superior)
    if top.agency is None:
        yield on("agency", 1, wanted=_quoted(known.agency))
    yield from check_form("agency_form", top.agency)


def _check_number(top: Head, known: Known) -> Iterator[Finding]:
    """Number and notation (II.3). Before the number is given a gap stands in its place."""
    if top.number is None:
        yield on("number", 1)
        return
    found = _NUMBER.fullmatch(top.number.text)
    if found is None:
        yield at("number_words", top.number, found=shortened(top.number.text))
    else:
        digits = re.match(r"\d+", found["number"])
        if digits and len(digits[0]) < 2:
            yield at("number_digits", top.number, found=found["number"])
        wanted = known.notation
        if (wanted and found["notation"] != wanted) or not _NOTATION.fullmatch(found["notation"]):
            yield at("notation", top.number, found=found["notation"], wanted=_quoted(wanted))
    yield from check_form("number_form", top.number)


def _check_date(top: Head) -> Iterator[Finding]:
    """Place and date (II.4). Before the number is given day and month are gaps."""
    if top.date is None:
        yield on("date", 1)
        return
    found = _DATE.fullmatch(top.date.text)
    if found is None or not found["place"][0].isupper():
        yield at("date_words", top.date, found=shortened(top.date.text))
    else:
        day, month = found["day"], found["month"]
        if (day.isdigit() and len(day) < 2) or month in ("1", "2"):
            yield at("date_digits", top.date, found=shortened(top.date.text))
    yield from check_form("date_form", top.date)


def _check_urgency(first: Page, known: Known) -> Iterator[Finding]:
    """The mark of urgency of an urgent document (III.2b)."""
    if not known.urgency:
        return
    wanted = Urgency(known.urgency).words.vi.upper()
    lines = (line.between(0, first.width / 2) for line in first.lines if line.base < head.HEAD_ENDS)
    mark = next((line for line in lines if line and plain(line.text).startswith(plain(wanted))), None)
    if mark is None:
        yield on("urgency", 1, wanted=wanted)
    else:
        yield from check_form("urgency_form", Part(1, mark.words))


def _check_title(top: Head) -> Iterator[Finding]:
    """The type's name and the subject; of a letter the subject and the addressees (II.5, II.9d)."""
    if top.is_letter:
        for rule, part in (("letter_subject", top.letter_subject), ("addressees", top.addressees)):
            if part is None:
                yield on(rule, 1)
            yield from check_form(f"{rule}_form", part)
        return
    if top.type_name is None:
        yield on("type_name", 1, wanted=_quoted(top.type_known.upper()))
        return
    left, _, right, _ = top.type_name.box
    if not 100 <= (left + right) / 2 <= 120:
        yield at("type_name_place", top.type_name)
    yield from check_form("type_name_form", top.type_name)
    if top.subject is None and top.type_known not in WITHOUT_SUBJECT:
        yield on("subject", 1)
    yield from check_form("subject_form", top.subject)
    yield from check_form("addressees_form", top.addressees)


def _check_signer(end: Closing, known: Known) -> Iterator[Finding]:
    """Authority, position and name (II.7)."""
    wanted = [part.strip() for part in known.competence.split(";") if part.strip()] + [known.position, known.office]
    seen = plain(" ".join(line.text for line in end.authority))
    absent = [line for line in wanted if line and plain(line) not in seen]
    if not seen or absent:
        yield on("authority", end.page, wanted=_quoted("; ".join(absent).upper()))
    yield from islice(chain.from_iterable(check_form("authority_form", line) for line in end.authority), 1)
    if end.signer is None:
        yield on("signer", end.page, wanted=_quoted(known.signer))
        return
    name = end.signer.text
    before = name[: -len(known.signer)] if known.signer else name
    if titled := re.match(rf"\s*(?:(?:{'|'.join(TITLES)})(?:\.|\s|,))+", before):
        yield at("signer_title", end.signer, found=titled[0].strip())
    yield from check_form("signer_form", end.signer)


def _check_recipients(end: Closing) -> Iterator[Finding]:
    """Nơi nhận (II.9)."""
    if end.heading is None:
        yield on("recipients", end.page)
        return
    yield from check_form("recipients_form", end.heading)
    yield from check_form("recipients_list_form", end.recipients)
    if end.archive is None:
        yield on("archive_line", end.page)
    elif end.after_archive or not re.match(r"- ?Lưu: ?VT\b", end.archive.text):
        yield at("archive_line_words", end.archive, found=shortened(end.archive.text))


def _quoted(text: str) -> str:
    """A text in quotation marks; nothing where nothing is known."""
    return f"«{text}»" if text else ""
