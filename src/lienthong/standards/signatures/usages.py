"""By which ways each object of a document is reached: what the difference analysis asks of a signed revision.

pyHanko answers by going through every object anew for each way that leads to it, which was more than a third of judging
a document. Here each object is read once, for the references in it; the ways then go from object to object. What
counts as a way is pyHanko's own rule, word for word: pages are entered from the tree of pages alone, elements of the
structure from its root alone, and nothing leads back to a parent. The tests hold the two against each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import HistoricalResolver

Way = tuple[str | int, ...]
"""Keys and places from the trailer, or from within an object, to a reference."""
Key = tuple[int, int]
"""Number and generation of an object."""
_TRAILER: Key = (0, 0)
_Step = tuple[Way, int, Key]
"""A reference in an object: the way to it, where `/P` stands last on that way (-1: nowhere), and where it leads."""
MOST = 5_000_000
"""Keys and places of all ways together, some seconds of work. A long document has some ten thousand; where every object
leads to every other the ways are without number, and whoever sends that gets no judgement but this."""
_PAGES: Way = ("/Root", "/Pages")
_STRUCTURE: Way = ("/Root", "/StructTreeRoot", "/K")


def usages(revision: HistoricalResolver, object_of: Callable[[Key], Any]) -> Mapping[Key, set[Way]]:
    """For each object that is reached in a revision, all ways to it.

    Args:
        object_of: gives an object as it was in the revision; whose copy it is does not matter.

    Raises:
        PdfReadError: a page, or an element of the structure, is its own ancestor, or stands in two places; or there are
            more ways than `MOST`.
    """
    pages, structure = _pages(revision.root), _structure(revision.root)
    found: defaultdict[Key, set[Way]] = defaultdict(set)
    steps: dict[Key, list[_Step]] = {_TRAILER: list(_steps(revision.trailer_view))}
    begun: list[tuple[Way, Key, frozenset[Key]]] = [((), _TRAILER, frozenset())]
    length = 0
    while begun:
        so_far, holder, passed = begun.pop()
        if holder not in steps:
            steps[holder] = list(_steps(object_of(holder)))
        for way, parent_at, target in steps[holder]:
            whole = so_far + way
            if target in passed or (parent_at >= 0 and whole[: min(3, len(so_far) + parent_at)] == _STRUCTURE):
                continue
            found[target].add(whole)
            length += len(whole)
            if length > MOST:
                raise PdfReadError("The ways from object to object have no end")
            if pages.get(target, whole) == whole and (target not in structure or whole[:3] == _STRUCTURE):
                begun.append((whole, target, passed | {target}))
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
                yield (*way, key), at, (part.idnum, part.generation)
            elif isinstance(part, generic.DictionaryObject | generic.ArrayObject):
                open_.append(((*way, key), at, part))


def _pages(root: Any) -> dict[Key, Way]:
    """Each node of the tree of pages, with its one way."""
    top = root.raw_get("/Pages")
    nodes: dict[Key, Way] = {}
    if isinstance(top, generic.IndirectObject):
        nodes[top.idnum, top.generation] = _PAGES
    for key, way in _kids(top.get_object(), _PAGES):
        if key in nodes:
            raise PdfReadError("Circular reference in page tree in mapping stage")
        nodes[key] = way
    return nodes


def _kids(node: Any, way: Way) -> Iterator[tuple[Key, Way]]:
    for place, kid in enumerate(node["/Kids"]):
        here = (*way, "/Kids", place)
        if isinstance(kid, generic.IndirectObject):
            yield (kid.idnum, kid.generation), here
        below = kid.get_object()
        if below.get("/Type", None) == "/Pages":
            yield from _kids(below, here)


def _structure(root: Any) -> set[Key]:
    """Every element of the structure that is an object of its own."""
    nodes: set[Key] = set()
    with suppress(KeyError):
        for key in _elements(root.raw_get("/StructTreeRoot").get_object()):
            if key in nodes:
                raise PdfReadError("Circular reference in structure tree in mapping stage")
            nodes.add(key)
    return nodes


def _elements(above: Any) -> Iterator[Key]:
    children = _entry(above, "/K", ())
    for child in children if isinstance(children, generic.ArrayObject | tuple) else (children,):
        one = child.get_object()
        # An entry without a type is an element; contents have another one, or are no dictionaries.
        if isinstance(one, generic.DictionaryObject) and _entry(one, "/Type", "/StructElem") == "/StructElem":
            if isinstance(child, generic.IndirectObject):
                yield child.idnum, child.generation
            yield from _elements(one)


def _entry(holder: Any, key: str, otherwise: Any) -> Any:
    try:
        return holder[key]
    except KeyError:
        return otherwise
