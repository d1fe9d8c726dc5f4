"""Agencies: the tree, the search, and the page of one agency with what the registry does to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from lienthong.hub import agencies, contacts, lookup, participants, profile, tree
from lienthong.hub.http.console.access import not_here, show
from lienthong.hub.http.console.asked import typed
from lienthong.hub.http.console.refusals import Outcome, day
from lienthong.hub.http.console.registry_words import CATEGORY_WORDS, CHANGE_WORDS, GRADE_WORDS
from lienthong.hub.http.console.words import event_words
from lienthong.hub.models import ChangeRequest, CodeChange
from lienthong.hub.operators import Officer, Role
from lienthong.hub.profile import Profile
from lienthong.hub.refusals import RegistryRefused
from lienthong.hub.tree import Node
from lienthong.standards.agencies import Category, level_one

FOUND = 50
LARGEST_CERTIFICATE = 64 << 10


@dataclass
class Twig:
    """A node of the tree as a page shows it, opened or not."""

    node: Node
    opened: bool = False
    twigs: Sequence[Twig] = ()
    left: int = 0
    last: str = ""
    level: int = 1


@dataclass
class Opened:
    """The tree as far as it is opened."""

    twigs: list[Twig] = field(default_factory=list)
    left: int = 0
    last: str = ""


def page(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """The tree, opened down to `mo`; or what was found for `q`."""
    wanted = typed(request.GET.get("q", ""))
    context: dict[str, Any] = {"wanted": wanted, "ended": "het" in request.GET}
    if wanted:
        context["found"] = _found(wanted, officer)
    else:
        context["tree"] = _opened(typed(request.GET.get("mo", "")), officer, ended=context["ended"])
    return show(request, officer, "agencies/tree.html", {**context, **tabs(officer, "tree")})


def branch(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """The agencies directly below one, as a part of the page; `sau` is the last one that is there already."""
    top = code == "-"
    if (not top and not officer.sees(code)) or (top and officer.agency):
        raise not_here()
    found = tree.branch(None if top else code, after=typed(request.GET.get("sau", "")), ended="het" in request.GET)
    level = 1 if top else len(tree.path(code)) + 1
    twigs = [Twig(node, level=level) for node in found.nodes]
    context = {
        "twigs": twigs, "left": found.left, "last": found.last, "parent": code, "ended": "het" in request.GET,
    }  # fmt: skip
    return render(request, "hub/console/agencies/branch.html", context)


def search(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """What is found as one types, as a part of a page; `chon` gives it as a list to choose from."""
    wanted = typed(request.GET.get("q", ""))
    part = "options" if "chon" in request.GET else "found"
    return render(request, f"hub/console/agencies/{part}.html", {"found": _found(wanted, officer), "wanted": wanted})


def level_one_table(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """The published codes of the first level, with what each line rests on."""
    there = tree.nodes(row.code for row in level_one() if officer.sees(row.code))
    rows = [(row, there.get(row.code), GRADE_WORDS[row.grade]) for row in level_one()]
    return show(request, officer, "agencies/level_one.html", {"rows": rows, **tabs(officer, "level-one")})


def agency(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Everything on record of one agency."""
    found = _profile(officer, code)
    return show(request, officer, "agencies/agency.html", _about(found, officer))


# -- what the registry does ------------------------------------------------------------------------------------------


def add(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """The form of a new agency."""
    asked = {name: typed(request.GET.get(name, "")) for name in ("parent",)}
    return _ask_to_add(request, officer, asked)


def add_it(request: HttpRequest, officer: Officer) -> HttpResponseBase:
    """Add an agency, at once or from a day on by a decision."""
    names = ("code", "name", "parent", "aliases", "category", "on", "decision")
    asked = {name: typed(request.POST.get(name, "")) for name in names}
    with Outcome() as outcome:
        agencies.add_agency(
            asked["code"], name=asked["name"], parent=asked["parent"], aliases=asked["aliases"].split(),
            category=_category(asked["category"]),
            opens_on=day(asked["on"]) if asked["on"] else None, decision=asked["decision"][:200], by=officer.actor,
            at=datetime.now(UTC),
        )  # fmt: skip
    if outcome.problem:
        return _ask_to_add(request, officer, asked, problem=outcome.problem)
    return redirect("hub-agency", code=asked["code"])


def _category(text: str) -> Category | None:
    """The kind of participant that was chosen, None where none was. Raises `RegistryRefused` (R-2.1-1)."""
    if text and text not in CATEGORY_WORDS:
        raise RegistryRefused("unknown_category", category=text[:40])
    return Category(text) if text else None


def register_seal(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Vouch for a certificate of the agency's seal."""
    given = request.FILES.get("certificate")
    raw = given.read(LARGEST_CERTIFICATE) if given else b""
    with Outcome() as outcome:
        agencies.register_seal(code, _der(raw), by=officer.actor, at=datetime.now(UTC))
    return _again(request, officer, code, outcome.problem)


def set_gateway(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Say who receives for the agency, and whether it receives for everyone below it."""
    office = typed(request.POST.get("office", ""))
    now = datetime.now(UTC)
    with Outcome() as outcome:
        contacts.receive_for([code], office=office or None, by=officer.actor, at=now)
        contacts.be_single_gateway(code, "single" in request.POST, by=officer.actor, at=now)
    return _again(request, officer, code, outcome.problem)


def note_readiness(request: HttpRequest, officer: Officer, code: str) -> HttpResponseBase:
    """Keep the result of the check of an organisation outside Article 2.1."""
    checked = {item: item in request.POST for item in ("infrastructure", "technology", "security")}
    with Outcome() as outcome:
        participants.note_readiness(
            code, **checked, note=typed(request.POST.get("note", ""))[:400], by=officer.actor, at=datetime.now(UTC)
        )
    return _again(request, officer, code, outcome.problem)


# -- parts -----------------------------------------------------------------------------------------------------------


def tabs(officer: Officer, current: str) -> dict[str, Any]:
    """The tabs of this area, for this person."""
    waiting = ChangeRequest.objects.filter(state="filed")
    if officer.agency:
        waiting = waiting.filter(asked_for__in=officer.scope or ())
    entries = [
        ("tree", "hub-agencies", gettext("Cây danh mục"), None),
        ("changes", "hub-changes", gettext("Thay đổi mã"), CodeChange.objects.filter(state="planned").count()),
        ("requests", "hub-requests", gettext("Yêu cầu"), waiting.count()),
        ("tables", "hub-tables", gettext("Bảng CSV, XLSX"), None),
        ("level-one", "hub-level-one", gettext("Mã cấp 1"), None),
    ]
    hidden = {"tables", "changes"} if officer.role is Role.AGENCY else set()
    shown = [
        {"route": route, "title": title, "count": count, "current": key == current}
        for key, route, title, count in entries
        if key not in hidden
    ]
    going_on, connected, ended = tree.counts() if not officer.agency else (0, 0, 0)
    return {"tabs": shown, "going_on": going_on, "connected": connected, "ended_codes": ended}


def _found(wanted: str, officer: Officer) -> list[Node]:
    found = [one.code for one in lookup.search(wanted, limit=FOUND) if officer.sees(one.code)]
    nodes = tree.nodes(found)
    return [nodes[code] for code in found]


def _opened(code: str, officer: Officer, *, ended: bool) -> Opened:
    """The tree with the way to one agency opened."""
    way = {node.code for node in tree.path(code)} if code else set()
    if officer.agency:
        top = tree.nodes([officer.agency])[officer.agency]
        return Opened([_twig(top, way | {top.code}, 1, ended)])
    found = tree.branch(None, ended=ended)
    return Opened([_twig(node, way, 1, ended) for node in found.nodes], found.left, found.last)


def _twig(node: Node, way: set[str], level: int, ended: bool) -> Twig:
    if node.code not in way or not node.units:
        return Twig(node, level=level)
    below = tree.branch(node.code, ended=ended)
    twigs = [_twig(each, way, level + 1, ended) for each in below.nodes]
    return Twig(node, True, twigs, below.left, below.last, level)


def _profile(officer: Officer, code: str) -> Profile:
    found = profile.of_agency(code)
    if found is None or not officer.sees(found.row.code):
        raise not_here()
    return found


def _about(found: Profile, officer: Officer) -> dict[str, Any]:
    events = profile.events(found)
    return {
        "one": found, "category": CATEGORY_WORDS[found.row.category],
        "path": [(node, officer.sees(node.code)) for node in found.path[:-1]],
        "changes": [(change, CHANGE_WORDS[change.kind]) for change in found.changes],
        "events": [(event, event_words(event.name)) for event in events],
        "keeps": officer.role is Role.REGISTRY, "asks": officer.role is Role.AGENCY,
        "checks": _checks(found),
    }  # fmt: skip


def _checks(found: Profile) -> list[tuple[str, str, bool]]:
    """The check list of Article 2.2: what, its words, whether it was found ready."""
    items = [
        ("infrastructure", gettext("Hạ tầng")), ("technology", gettext("Công nghệ")),
        ("security", gettext("An toàn thông tin")),
    ]  # fmt: skip
    return [(name, words, bool(found.readiness and getattr(found.readiness, name))) for name, words in items]


def _again(request: HttpRequest, officer: Officer, code: str, problem: dict[str, str] | None) -> HttpResponseBase:
    """The agency's page after an act: anew, or with what was refused."""
    if problem is None:
        return redirect("hub-agency", code=code)
    found = _profile(officer, code)
    return show(request, officer, "agencies/agency.html", {**_about(found, officer), "problem": problem}, status=422)


def _ask_to_add(
    request: HttpRequest, officer: Officer, asked: dict[str, str], problem: dict[str, str] | None = None
) -> HttpResponseBase:
    context = {"asked": asked, "categories": CATEGORY_WORDS.items(), "problem": problem, **tabs(officer, "tree")}
    return show(request, officer, "agencies/add.html", context, status=422 if problem else 200)


def _der(raw: bytes) -> bytes:
    """A certificate, PEM or DER, as DER. Raises `RegistryRefused`."""
    load = x509.load_pem_x509_certificate if raw.startswith(b"-----") else x509.load_der_x509_certificate
    try:
        return load(raw).public_bytes(Encoding.DER)
    except ValueError as reason:
        raise RegistryRefused("no_certificate") from reason
