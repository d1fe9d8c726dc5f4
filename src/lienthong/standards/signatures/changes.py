"""What changed in a document after a signature: pyHanko's difference analysis, and our own look at the outcome.

pyHanko says whether every later revision is explained by permitted acts. When it objects, it names the first objection
only; so the signed revision and the file are compared here page by page, to tell tampering from additions.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.sign.diff_analysis import DiffResult
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from lienthong.standards.signatures.pdf import entry, fields, inherited
from lienthong.standards.signatures.prepare import TEXT_PLACES
from lienthong.standards.signatures.report import Change, Finding
from lienthong.standards.signatures.words import ADDITIONS, change, change_finding, finding

_KEPT = frozenset(place.value for place in TEXT_PLACES)
_FREE_ROOT_KEYS = frozenset(
    {"/AcroForm", "/DSS", "/Perms", "/Extensions", "/Metadata", "/Version", "/Pages", "/StructTreeRoot", "/MarkInfo"}
)
"""Catalog entries that signing tools touch and that do not change what a reader sees."""
_LOOKS = ("/Contents", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit")
_NODES = 200_000  # objects looked at in one comparison; a file beyond that is not compared but called changed


def after(reader: PdfFileReader, signature: EmbeddedPdfSignature) -> tuple[Finding | None, tuple[Change, ...]]:
    """What speaks against `signature` because of later revisions, and the list of what differs.

    `signature.compute_integrity_info()` must have run.
    """
    if signature.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return None, ()
    result = signature.diff_result
    old = reader.get_historical_resolver(signature.signed_revision)
    changed = _fields_changed(old, reader, locked=signature.docmdp_level == MDPPerm.NO_CHANGES)
    if isinstance(result, DiffResult) and signature.summarise_integrity_info()["docmdp_ok"] and not changed:
        return None, ()
    found = tuple(dict.fromkeys((*changed, *_compare(old, reader))))
    if not found:
        return finding("unexplained_after"), ()
    locked = signature.docmdp_level == MDPPerm.NO_CHANGES
    if all(item.kind in ADDITIONS for item in found) and not locked:
        return change_finding("added_after", found), found
    return change_finding("changed_after", found), found


def _fields_changed(old: PdfHandler, new: PdfHandler, *, locked: bool) -> list[Change]:
    """Form fields that say something else than in the signed revision.

    A kept field may be filled once, as long as the signature does not lock the document. Signature fields are signed
    later; that is their purpose.
    """
    before, now = dict(fields(old)), dict(fields(new))
    found: list[Change] = []
    for name, node in before.items():
        if inherited(node, "/FT") == "/Sig":
            continue
        later = now.get(name)
        if later is not None and _shown(node) == _shown(later):
            continue
        may_fill = name in _KEPT and not locked and not str(entry(node, "/V", "")) and later is not None
        if not may_fill:
            found.append(change("field_changed", None, name))
    return found


def _shown(node: generic.DictionaryObject) -> bytes:
    """Value, flags, place and appearance of a field."""
    return _digest([entry(node, key) for key in ("/V", "/AP", "/Rect", "/F", "/AS")])


def _compare(old: HistoricalResolver, new: PdfFileReader) -> Iterator[Change]:
    before, now = list(_pages(old)), list(_pages(new))
    if len(before) != len(now):
        yield change("page_count", None, f"{len(before)} → {len(now)}")
    for number, (page, later) in enumerate(zip(before, now, strict=False), start=1):
        if _digest([inherited(page, key) for key in _LOOKS]) != _digest([inherited(later, key) for key in _LOOKS]):
            yield change("page_content", number)
        yield from _annotations(page, later, number)
    for key in sorted({*old.root, *new.root} - _FREE_ROOT_KEYS):
        if _digest(entry(old.root, key)) != _digest(entry(new.root, key)):
            yield change("document", None, key)


def _annotations(page: generic.DictionaryObject, later: generic.DictionaryObject, number: int) -> Iterator[Change]:
    before, now = _by_reference(page), _by_reference(later)
    for key, item in now.items():
        if key not in before:
            if entry(item, "/Subtype") == "/Widget":
                yield change("field_added", number, str(entry(item, "/T", "")))
            else:
                yield change("annotation_added", number, str(entry(item, "/Contents", ""))[:80])
    for key, item in before.items():
        if key not in now:
            yield change("annotation_removed", number)
        elif entry(item, "/Subtype") != "/Widget" and _digest(item) != _digest(now[key]):
            yield change("annotation_changed", number)
        elif inherited(item, "/FT") == "/Sig" and _digest(entry(item, "/Rect")) != _digest(entry(now[key], "/Rect")):
            yield change("field_changed", number, str(entry(item, "/T", "")))


def _by_reference(page: generic.DictionaryObject) -> dict[object, Any]:
    found: dict[object, Any] = {}
    for item in entry(page, "/Annots", ()):
        node = item.get_object()
        if isinstance(node, generic.DictionaryObject):
            key = (item.idnum, item.generation) if isinstance(item, generic.IndirectObject) else _digest(node)
            found[key] = node
    return found


def _pages(handler: PdfHandler) -> Iterator[generic.DictionaryObject]:
    waiting = [handler.root["/Pages"]]
    budget = _NODES
    while waiting and budget:
        budget -= 1
        node = waiting.pop(0).get_object()
        if "/Kids" in node:
            waiting[:0] = list(node["/Kids"])
        else:
            yield node


def _digest(value: Any) -> bytes:
    """A digest of an object and all it refers to, alike for equal contents whatever their object numbers."""
    md = hashlib.sha256()
    seen: dict[tuple[int, int], int] = {}
    waiting = [value]
    budget = _NODES
    while waiting:
        budget -= 1
        if budget < 0:
            raise ValueError("too many objects to compare")
        item = waiting.pop()
        if isinstance(item, generic.IndirectObject):
            key = (item.idnum, item.generation)
            if key in seen:
                md.update(b"R%d;" % seen[key])
                continue
            seen[key] = len(seen)
            item = item.get_object()
        waiting.extend(_feed(md, item))
    return md.digest()


def _feed(md: Any, item: Any) -> list[Any]:
    """Feed one object; return the objects inside it, last first."""
    if isinstance(item, generic.DictionaryObject):
        # /P, /Parent lead back to the whole page tree.
        keys = sorted(key for key in item if key not in {"/P", "/Parent", "/Length"})
        md.update(b"D%d;" % len(keys))
        if isinstance(item, generic.StreamObject):
            md.update(b"S" + hashlib.sha256(item.encoded_data).digest())
        inside: list[Any] = []
        for key in reversed(keys):
            inside += [item.raw_get(key), key]
        return inside
    if isinstance(item, list | tuple):
        md.update(b"A%d;" % len(item))
        return [
            item.raw_get(i) if isinstance(item, generic.ArrayObject) else item[i] for i in reversed(range(len(item)))
        ]
    md.update(f"{type(item).__name__}:{item!r};".encode())
    return []
