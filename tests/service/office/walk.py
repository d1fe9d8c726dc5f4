"""Who may go where in an office: one table.

Those who walk are named alike in both agencies of `furnished`; `OTHERS` are a specialist and a head of a unit that has no
part in anything. A person's roles let them into a page or not (403, whatever they name); into a document, their part in
it (404, as if it were not there).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

OTHERS = ("chuyen.vien.khac", "truong.khac")
EVERYBODY = frozenset(
    ("van.thu", "lanh.dao", "truong.dv", "chuyen.vien", "the.thuc", "kiem.tra", "quan.tri", *OTHERS)
)  # fmt: skip


def who(names: str) -> frozenset[str]:
    """People by their names, one after another."""
    found = frozenset(names.split())
    assert found <= EVERYBODY, found - EVERYBODY
    return found


DRAFTERS = who("chuyen.vien truong.dv van.thu chuyen.vien.khac truong.khac")
KEEPERS = who("van.thu lanh.dao quan.tri kiem.tra")
"""Those whose office is the whole agency."""
OVERSEERS = who("lanh.dao quan.tri kiem.tra")
FINDERS = EVERYBODY - who("quan.tri")
PRINTERS = who("van.thu lanh.dao kiem.tra")
OF_DRAFT = who("chuyen.vien truong.dv")
OF_ISSUED = who("chuyen.vien truong.dv the.thuc lanh.dao van.thu kiem.tra")
OF_ARRIVED = who("lanh.dao van.thu")
OF_ASSIGNED = who("lanh.dao van.thu kiem.tra chuyen.vien truong.dv")
OF_DOSSIER = who("chuyen.vien truong.dv lanh.dao")
OF_CLOSED = OF_DOSSIER | who("van.thu kiem.tra")
OF_HANDED_IN = OF_CLOSED - who("chuyen.vien")


@dataclass(frozen=True)
class Row:
    """Who may use a route.

    Attributes:
        roles: for whom the page is at all; everybody else is told that it is not for them.
        sees: name of an object in `furnished.Furnished.places` → who gets it. Empty: the route names none.
        posts: whether forms are posted to it.
    """

    roles: frozenset[str] = EVERYBODY
    sees: Mapping[str, frozenset[str]] = field(default_factory=dict)
    posts: bool = False


WALK: dict[str, Row] = {
    "home": Row(),
    "notices": Row(posts=True),
    "bell": Row(),
    "announcements": Row(posts=True),
    "announcement": Row(sees={"of the unit": who("truong.dv chuyen.vien lanh.dao")}, posts=True),
    "notice-ways": Row(posts=True),
    "registers": Row(),
    "register-incoming": Row(),
    "register-handling": Row(),
    "register-handling-book": Row(PRINTERS, {"pdf": PRINTERS}),
    "numbering": Row(posts=True),
    "register-copies": Row(),
    "register-incoming-book": Row(PRINTERS, {"pdf": PRINTERS}),
    "register-copies-book": Row(PRINTERS, {"pdf": PRINTERS}),
    "register-post": Row(),
    "register-post-book": Row(PRINTERS, {"xlsx": PRINTERS}),
    "register-stored": Row(posts=True),
    "register-stored-book": Row(PRINTERS, {"xlsx": PRINTERS}),
    "register-unopened": Row(),
    "register-unopened-book": Row(who("van.thu kiem.tra"), {"xlsx": who("van.thu kiem.tra")}),
    "envelope": Row(
        sees={
            "of the specialist": who("van.thu kiem.tra chuyen.vien"), "by mistake": who("van.thu kiem.tra chuyen.vien"),
            "marked": who("van.thu kiem.tra truong.dv"),
        },
        posts=True,
    ),
    "envelope-new": Row(who("van.thu"), posts=True),
    "register-book": Row(PRINTERS, {"pdf": PRINTERS}),
    "search": Row(FINDERS, posts=True),
    "search-taken": Row(FINDERS, {"xlsx": FINDERS}),
    "incoming": Row(posts=True),
    "incoming-register": Row(who("van.thu"), posts=True),
    "incoming-monitor": Row(who("lanh.dao"), posts=True),
    "incoming-slip": Row(sees={"assigned": OF_ASSIGNED}),
    "incoming-print": Row(who("van.thu"), {"assigned": who("van.thu")}, posts=True),
    "incoming-document": Row(sees={"arrived": OF_ARRIVED, "assigned": OF_ASSIGNED}, posts=True),
    "incoming-file": Row(
        sees={
            "arrived": OF_ARRIVED, "assigned": OF_ASSIGNED, "assigned, its enclosure": OF_ASSIGNED,
        }
    ),
    "outgoing": Row(posts=True),
    "draft": Row(DRAFTERS, posts=True),
    "recipients-found": Row(DRAFTERS),
    "drafting-tasks": Row(posts=True),
    "drafting-task": Row(
        sees={"of the unit": who("lanh.dao truong.dv"), "of one": who("truong.dv chuyen.vien")}, posts=True
    ),
    "drafting-hand-over": Row(posts=True),
    "recipient-groups": Row(DRAFTERS),
    "recipient-group-new": Row(DRAFTERS, posts=True),
    "recipient-group": Row(DRAFTERS, {"shared": DRAFTERS, "own": who("chuyen.vien")}, posts=True),
    "outgoing-document": Row(sees={"draft": OF_DRAFT, "issued": OF_ISSUED}, posts=True),
    "templates": Row(posts=True),
    "template-preview": Row(),
    "change": Row(DRAFTERS, {"draft": who("chuyen.vien")}, posts=True),
    "outgoing-proofs": Row(sees={"draft": OF_DRAFT, "issued": OF_ISSUED}),
    "incoming-proofs": Row(sees={"arrived": OF_ARRIVED, "assigned": OF_ASSIGNED}),
    "outgoing-version": Row(sees={"draft": OF_DRAFT, "issued": OF_ISSUED}),
    "outgoing-versions": Row(sees={"draft": OF_DRAFT, "issued": OF_ISSUED}),
    "paper-envelope": Row(who("van.thu"), {"issued": who("van.thu")}),
    "outgoing-marked": Row(sees={"draft": OF_DRAFT, "issued": OF_ISSUED}),
    "incoming-marked": Row(sees={"arrived": OF_ARRIVED, "assigned": OF_ASSIGNED}),
    "outgoing-enclosure": Row(sees={"draft": OF_DRAFT, "issued": OF_ISSUED}),
    "authorizations": Row(KEEPERS, posts=True),
    "copy-outgoing": Row(who("van.thu"), {"issued": who("van.thu")}, posts=True),
    "copy-incoming": Row(who("van.thu"), {"assigned": who("van.thu")}, posts=True),
    "copy": Row(sees={"of issued": OF_ISSUED, "of assigned": OF_ASSIGNED}, posts=True),
    "copy-file": Row(sees={"of issued": OF_ISSUED, "of assigned": OF_ASSIGNED}),
    "copy-signers": Row(KEEPERS, posts=True),
    "certificates": Row(posts=True),
    "certificates-taken": Row(KEEPERS, {"csv": KEEPERS}),
    "certificate": Row(sees={"seal": KEEPERS, "head's": KEEPERS | who("truong.dv")}, posts=True),
    "certificate-requests": Row(),
    "certificate-request": Row(sees={"seal": KEEPERS, "head's": KEEPERS | who("truong.dv")}, posts=True),
    "certificate-letter": Row(
        who("van.thu lanh.dao quan.tri"), {"seal": who("van.thu lanh.dao quan.tri")}
    ),
    "paper-rules": Row(KEEPERS, posts=True),
    "overrides": Row(OVERSEERS),
    "agency": Row(KEEPERS, posts=True),
    "backups": Row(OVERSEERS),
    "machine": Row(OVERSEERS),
    "inspection": Row(OVERSEERS),
    "inspection-taken": Row(OVERSEERS, {"xlsx": OVERSEERS}),
    "usage": Row(OVERSEERS),
    "usage-taken": Row(OVERSEERS, {"xlsx": OVERSEERS}),
    "regulation": Row(KEEPERS, posts=True),
    "regulation-file": Row(KEEPERS, {"own": KEEPERS}),
    "direct-rules": Row(KEEPERS, posts=True),
    "calendar": Row(KEEPERS, posts=True),
    "tickets": Row(KEEPERS),
    "ticket-new": Row(who("van.thu quan.tri"), posts=True),
    "ticket": Row(KEEPERS, {"own": KEEPERS}, posts=True),
    "advisory-bodies": Row(KEEPERS, posts=True),
    "advisory-body": Row(KEEPERS, {"board": KEEPERS}, posts=True),
    "password": Row(posts=True),
    "second-factor": Row(posts=True),
    "substitutions": Row(posts=True),
    "sign-in-rules": Row(OVERSEERS, posts=True),
    "people-import": Row(who("quan.tri"), posts=True),
    "people-import-pattern": Row(who("quan.tri"), {"csv": who("quan.tri")}),
    "people-taken": Row(OVERSEERS, {"csv": OVERSEERS}),
    "people": Row(OVERSEERS, posts=True),
    "right-changes": Row(OVERSEERS, posts=True),
    "person": Row(OVERSEERS, {"specialist": OVERSEERS, "administrator": OVERSEERS, "with a phone": OVERSEERS}, posts=True),
    "to-issue": Row(who("van.thu"), posts=True),
    "to-sign": Row(posts=True),
    "remote-keys": Row(KEEPERS, posts=True),
    "remote-request": Row(sees={"waiting": who("lanh.dao")}),
    "dossiers": Row(posts=True),
    "dossier-new": Row(posts=True),
    "dossier-hand-over": Row(posts=True),
    "dossier-progress": Row(),
    "dossier-progress-taken": Row(sees={"xlsx": EVERYBODY}),
    "outlived": Row(PRINTERS),
    "outlived-book": Row(PRINTERS, {"xlsx": PRINTERS}),
    "transfers": Row(PRINTERS, posts=True),
    "transfer": Row(PRINTERS, {"historic": PRINTERS}),
    "transfer-book": Row(PRINTERS, {"historic": PRINTERS}),
    "dossier-list": Row(posts=True),
    "dossier-list-book": Row(sees={"pdf": EVERYBODY}),
    "submissions": Row(posts=True),
    "kept-back-book": Row(PRINTERS, {"xlsx": PRINTERS}),
    "submission": Row(sees={"handed in": OF_HANDED_IN}, posts=True),
    "submission-book": Row(sees={"handed in": OF_HANDED_IN}),
    "dossier": Row(sees={"open": OF_DOSSIER, "closed": OF_CLOSED}, posts=True),
    "dossier-contents": Row(sees={"open": OF_DOSSIER, "closed": OF_CLOSED}),
    "dossier-export": Row(sees={"open": OF_DOSSIER, "closed": OF_CLOSED}),
    "dossier-material": Row(sees={"open": OF_DOSSIER, "closed": OF_CLOSED}),
    "tracking": Row(),
}  # fmt: skip
FORBIDDEN_BY_PART = {("change", "draft"): who("truong.dv")}
"""Who may read the object but not change it: told so (403), for they know that it is there."""
