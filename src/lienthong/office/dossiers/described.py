"""What lies in a dossier, as its lists say it: number, day, title, author, pages (Decree 30/2020, Annex V, IV)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from lienthong.office.dossiers import contents
from lienthong.office.models import Dossier, DossierItem, IncomingState, Person
from lienthong.office.typeset import word_processor

HIDDEN = "(văn bản người lập mục lục không được xem)"
GONE = "(đã hủy nội dung theo thu hồi)"


@dataclass(frozen=True)
class Described:
    """An item of a dossier as a person may know it.

    Attributes:
        seen: whether the person may read it; of what they may not, nothing is said but that it is there.
        link: where its page or its file is.
        first_page: the page of the dossier with which it begins; None: not known.
    """

    item: DossierItem
    seen: bool
    number: str
    dated: date
    title: str
    author: str
    link: str
    state: str = ""
    state_words: str = ""
    first_page: int | None = None

    @property
    def convertible(self) -> bool:
        """Whether it is a file that a word processor wrote: its format may go out of use."""
        return self.item.material is not None and word_processor.is_of_one(self.item.material.name)

    @property
    def pages(self) -> str:
        """The pages that it takes: 5–8."""
        if not self.seen or self.first_page is None or self.item.pages is None:
            return ""
        last = self.first_page + self.item.pages - 1
        return str(last) if last <= self.first_page else f"{self.first_page}–{last}"


def described(dossier: Dossier, person: Person, items: Iterable[DossierItem] | None = None) -> Iterator[Described]:
    """What lies in a dossier, in the order of time, as this person may know it."""
    found = list(contents.of(dossier) if items is None else items)
    seen = contents.readable(person, found)
    page: int | None = 1
    for item in found:
        yield _described(item, item.pk in seen, page)
        page = page + item.pages if page is not None and item.pages is not None else None


def _described(item: DossierItem, seen: bool, page: int | None) -> Described:
    dated: date = item.dated  # type: ignore[attr-defined]
    if not seen:
        return Described(item, False, "", dated, HIDDEN, "", "", first_page=page)
    if (out := item.outgoing) is not None:
        return Described(
            item, True, out.printed_number, dated, f"{out.type_name}: {out.subject}", out.issuer_name,
            f"/van-ban-di/{out.pk}/", out.state, out.get_state_display(), page,
        )  # fmt: skip
    if (come := item.incoming) is not None:
        kind = f"{come.type_name}: " if come.type_name else ""
        title = GONE if come.state == IncomingState.CANCELLED else f"{kind}{come.subject}"
        return Described(
            item, True, come.printed_number, dated, title, come.sender_name, f"/van-ban-den/{come.pk}/", come.state,
            come.get_state_display(), page,
        )  # fmt: skip
    made = item.material
    if made is None:
        raise ValueError("an item is a document or a file")
    link = f"/ho-so/{item.dossier_id}/tai-lieu/{made.pk}/"
    return Described(item, True, "", dated, made.title, made.author, link, first_page=page)
