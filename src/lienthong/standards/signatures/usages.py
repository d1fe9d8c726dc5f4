"""By which ways each object of a document is reached: what the difference analysis asks of a signed revision.

pyHanko answers by going through every object anew for each way that leads to it, which was more than a third of judging
a document. Here each object is read once, for the references in it; the ways then go from object to object. What
counts as a way is pyHanko's own rule, word for word: pages are entered from the tree of pages alone, elements of the
structure from its root alone, and nothing leads back to a parent. The tests hold the two against each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import HistoricalResolver

Way = tuple[str | int, ...]
"""Keys and places from the trailer, or from within an object, to a reference."""
_Step = tuple[Way, int, Any]
"""A reference in an object: the way to it, where `/P` stands last on that way (-1: nowhere), and where it leads."""
MOST = 5_000_000
"""Keys and places of all ways together, some seconds of work. A long document has some ten thousand; where every object
leads to every other the ways are without number, and whoever sends that gets no judgement but this."""
_PAGES: Way = ("/Root", "/Pages")
_STRUCTURE: Way = ("/Root", "/StructTreeRoot", "/K")


def usages(revision: HistoricalResolver) -> Mapping[Any, set[Way]]:
    """For each object that is reached in a revision, all ways to it.

    Raises:
        PdfReadError: a page, or an element of the structure, is its own ancestor, or stands in two places; or there are
            more ways than `MOST`.
    """
    pages, structure = _pages(revision.root), _structure(revision.root)
    steps: dict[Any, list[_Step]] = {}
    found: defaultdict[Any, set[Way]] = defaultdict(set)
    length = 0
    begun: list[tuple[Way, Any, frozenset[Any], Any]] = [((), None, frozenset(), revision.trailer_view)]
    while begun:
        so_far, holder, passed, item = begun.pop()
        if holder not in steps:
            steps[holder] = list(_steps(revision(holder) if item is None else item))
        for way, parent_at, target in steps[holder]:
            whole = so_far + way
            if parent_at >= 0 and whole[: min(3, len(so_far) + parent_at)] == _STRUCTURE:
                continue
            if target in passed:
                continue
            found[target].add(whole)
            length += len(whole)
            if length > MOST:
                raise PdfReadError("The ways from object to object have no end")
            inside = whole[:3] == _STRUCTURE
            if pages.get(target, whole) == whole and (inside or target not in structure):
                begun.append((whole, target, passed | {target}, None))
    return found


def _steps(item: Any) -> Iterator[_Step]:
    """The references in an object, however deep they lie in it."""
    open_: list[tuple[Way, int, Any]] = [((), -1, item)]
    while open_:
        way, parent_at, one = open_.pop()
        if isinstance(one, generic.DictionaryObject):
            parts: Any = ((key, part) for key, part in one.items() if key != "/Parent")
        elif isinstance(one, generic.ArrayObject):
            parts = enumerate(list.__iter__(one))
        else:
            continue
        for key, part in parts:
            at = len(way) if key == "/P" else parent_at
            if isinstance(part, generic.IndirectObject):
                yield (*way, key), at, part.reference
            elif isinstance(part, generic.DictionaryObject | generic.ArrayObject):
                open_.append(((*way, key), at, part))


def _pages(root: Any) -> dict[Any, Way]:
    """Each node of the tree of pages, with its one way."""
    top = root.raw_get("/Pages")
    nodes: dict[Any, Way] = {}
    if isinstance(top, generic.IndirectObject):
        nodes[top.reference] = _PAGES
    for reference, way in _kids(top.get_object(), _PAGES):
        if reference in nodes:
            raise PdfReadError("Circular reference in page tree in mapping stage")
        nodes[reference] = way
    return nodes


def _kids(node: Any, way: Way) -> Iterator[tuple[Any, Way]]:
    for place, kid in enumerate(node["/Kids"]):
        here = (*way, "/Kids", place)
        if isinstance(kid, generic.IndirectObject):
            yield kid.reference, here
        below = kid.get_object()
        if below.get("/Type", None) == "/Pages":
            yield from _kids(below, here)


def _structure(root: Any) -> set[Any]:
    """Every element of the structure that is an object of its own."""
    nodes: set[Any] = set()
    with suppress(KeyError):
        for reference in _elements(root.raw_get("/StructTreeRoot").get_object()):
            if reference in nodes:
                raise PdfReadError("Circular reference in structure tree in mapping stage")
            nodes.add(reference)
    return nodes


def _elements(above: Any) -> Iterator[Any]:
    children = _entry(above, "/K", ())
    for child in children if isinstance(children, generic.ArrayObject | tuple) else (children,):
        one = child.get_object()
        # An entry without a type is an element; contents have another one, or are no dictionaries.
        if isinstance(one, generic.DictionaryObject) and _entry(one, "/Type", "/StructElem") == "/StructElem":
            if isinstance(child, generic.IndirectObject):
                yield child.reference
            yield from _elements(one)


def _entry(holder: Any, key: str, otherwise: Any) -> Any:
    try:
        return holder[key]
    except KeyError:
        return otherwise
