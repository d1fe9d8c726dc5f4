"""What the packet format asks of every element, in one table (how much of a packet is read at all: `limits`).

The regulation's text was not at hand: cardinalities and lengths are reconstructed from published software, each with
its grade of evidence, so that a number can be corrected here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from lienthong.standards.edxml.lexical import read_date, read_time
from lienthong.standards.edxml.limits import LIMITS
from lienthong.standards.edxml.problems import PacketProblem, Severity
from lienthong.standards.edxml.tree import CONTENT, Node
from lienthong.standards.identifiers import AgencyCode, InvalidCode
from lienthong.standards.statuses import StatusCode


class Form(StrEnum):
    """What an element's text looks like."""

    TEXT = "text"
    CODE = "agency code"
    DATE = "yyyy/MM/dd"
    TIME = "yyyy/MM/dd HH:mm:ss"
    INTEGER = "integer"
    STATUS = "status code"


MANY = LIMITS.repeats
E, W = Severity.ERROR, Severity.WARNING


@dataclass(frozen=True)
class Rule:
    """One line of the table.

    Attributes:
        path: below edXMLHeader, edXMLBody or AttachmentEncoded.
        least, most: how many there are in each parent.
        form, longest, between: what the text may be; `longest` in characters, `between` for integers.
        missing, too_long: how bad each fault is: what breaks existing readers is an error, what they live with a
            warning.
        source: where the limit comes from.
    """

    path: str
    least: int = 0
    most: int = 1
    form: Form = Form.TEXT
    longest: int | None = None
    between: tuple[int, int] | None = None
    missing: Severity = E
    too_long: Severity = E
    source: str = "vendors"

    @cached_property
    def above(self) -> tuple[str, ...]:
        """The path to the parents of what the rule is about."""
        return tuple(self.path.split("/")[:-1])

    @cached_property
    def name(self) -> str:
        """The name of what it is about."""
        return self.path.rpartition("/")[2]

    def is_filled(self, node: Node) -> bool:
        """Whether an element of this rule says something."""
        return bool(node.text or node.children) or self.name == CONTENT


class Table:
    """The rules of a part of a packet. Those of the same parent stand together: each parent is looked for once."""

    def __init__(self, *rules: Rule) -> None:
        self.rules = rules
        self.by_parent: dict[tuple[str, ...], list[Rule]] = {}
        for rule in rules:
            self.by_parent.setdefault(rule.above, []).append(rule)


_ORGAN = [
    ("OrganId", 1, Form.CODE, 35, E, E, "Decision 20/2020, Article 4"),
    ("OrganizationInCharge", 0, Form.TEXT, 200, E, W, "two vendors"),
    ("OrganName", 1, Form.TEXT, 200, W, W, "two vendors"),
    ("OrganAdd", 0, Form.TEXT, 250, E, W, "two vendors"),
    ("Email", 0, Form.TEXT, 100, E, W, "two vendors"),
    ("Telephone", 0, Form.TEXT, 50, E, W, "one vendor"),
    ("Fax", 0, Form.TEXT, 50, E, W, "one vendor"),
    ("Website", 0, Form.TEXT, 100, E, W, "chosen: the vendor's 20 is a slip"),
]


def _organ(parent: str) -> list[Rule]:
    return [
        Rule(f"{parent}/{name}", least, 1, form, longest, None, missing, too_long, source)
        for name, least, form, longest, missing, too_long, source in _ORGAN
    ]


_STAFF = [("Department", 250), ("Staff", 100), ("Mobile", 50), ("Email", 100)]


def _staff(parent: str) -> list[Rule]:
    return [Rule(f"{parent}/{name}", longest=longest, too_long=W, source="one vendor") for name, longest in _STAFF]


H, T = "MessageHeader", "TraceHeaderList"

DOCUMENT_RULES = Table(
    Rule(H, 1),
    Rule(f"{H}/From", 1),
    *_organ(f"{H}/From"),
    Rule(f"{H}/To", 1, MANY),
    *_organ(f"{H}/To"),
    Rule(f"{H}/DocumentId", 1, longest=200, source="one vendor"),
    Rule(f"{H}/Code", 1),
    Rule(f"{H}/Code/CodeNumber", 1, longest=11, source="one vendor, required"),
    Rule(f"{H}/Code/CodeNotation", 1, longest=30, source="one vendor, required"),
    Rule(f"{H}/PromulgationInfo", 1),
    Rule(f"{H}/PromulgationInfo/Place", 1, longest=50, missing=W, too_long=W, source="one vendor"),
    Rule(f"{H}/PromulgationInfo/PromulgationDate", 1, form=Form.DATE, source="published client"),
    Rule(f"{H}/DocumentType", 1, missing=W),
    Rule(f"{H}/DocumentType/Type", 0, form=Form.INTEGER, source="published client; unreliable in practice"),
    Rule(f"{H}/DocumentType/TypeDetail", 0, form=Form.INTEGER, source="Circular 01/2022"),
    Rule(f"{H}/DocumentType/TypeName", 1, longest=100, missing=W, too_long=W, source="two vendors"),
    Rule(f"{H}/Subject", 1, longest=500, source="one vendor, required"),
    Rule(f"{H}/Content", longest=500, too_long=W, source="one vendor"),
    Rule(f"{H}/SignerInfo", 1, missing=W),
    Rule(f"{H}/SignerInfo/Competence", longest=100, too_long=W, source="one vendor"),
    Rule(f"{H}/SignerInfo/Position", longest=100, too_long=W, source="one vendor"),
    Rule(f"{H}/SignerInfo/FullName", 1, longest=50, missing=W, too_long=W, source="one vendor"),
    Rule(f"{H}/DueDate", form=Form.DATE, source="published client"),
    Rule(f"{H}/OtherInfo"),
    Rule(f"{H}/OtherInfo/Priority", form=Form.INTEGER, between=(0, 4), source="Decision 28, 10.2k; two vendors"),
    Rule(f"{H}/OtherInfo/SphereOfPromulgation", longest=100, too_long=W, source="two vendors"),
    Rule(f"{H}/OtherInfo/TyperNotation", longest=10, too_long=W, source="two vendors"),
    Rule(f"{H}/OtherInfo/PromulgationAmount", form=Form.INTEGER, between=(0, 65535), source="unsignedShort"),
    Rule(f"{H}/OtherInfo/PageAmount", form=Form.INTEGER, between=(0, 65535), source="unsignedShort"),
    Rule(f"{H}/OtherInfo/Appendixes/Appendix", most=MANY, longest=500, too_long=W, source="chosen"),
    Rule(f"{H}/ResponseFor", most=MANY),
    Rule(f"{H}/ResponseFor/OrganId", 1, form=Form.CODE, longest=35, source="Decision 20/2020, Article 4"),
    Rule(f"{H}/ResponseFor/Code", 1, longest=60, missing=W, too_long=W, source="published client"),
    Rule(f"{H}/ResponseFor/DocumentId", longest=200, source="one vendor"),
    Rule(f"{H}/ResponseFor/PromulgationDate", form=Form.DATE, source="published client"),
    # An empty SteeringType stops the parser of existing receivers.
    Rule(f"{H}/SteeringType", form=Form.INTEGER, between=(0, 2), source="published client"),
    Rule(f"{H}/ToPlaces/Place", most=MANY, longest=150, too_long=W, source="one vendor"),
    Rule(T, 1, missing=W),
    Rule(f"{T}/TraceHeader", 1, 100, missing=W),
    Rule(f"{T}/TraceHeader/OrganId", form=Form.CODE, longest=35),
    Rule(f"{T}/TraceHeader/Timestamp", form=Form.TIME, missing=W),
    Rule(f"{T}/Bussiness"),
    Rule(f"{T}/Bussiness/BussinessDocType", form=Form.INTEGER, between=(0, 3), source="samples and vendors"),
    Rule(f"{T}/Bussiness/BussinessDocReason", longest=500, too_long=W, source="chosen; vendors say 250"),
    Rule(f"{T}/Bussiness/DocumentId", longest=200, source="one vendor"),
    *_staff(f"{T}/Bussiness/StaffInfo"),
)

STATUS_RULES = Table(
    Rule(H, 1),
    Rule(f"{H}/From", 1),
    *_organ(f"{H}/From"),
    Rule(f"{H}/ResponseFor", 1),
    Rule(f"{H}/ResponseFor/OrganId", 1, form=Form.CODE, longest=35, source="Decision 20/2020, Article 4"),
    Rule(f"{H}/ResponseFor/Code", longest=60, too_long=W, source="published client"),
    Rule(f"{H}/ResponseFor/DocumentId", longest=200, source="one vendor"),
    Rule(f"{H}/ResponseFor/PromulgationDate", form=Form.DATE, source="published client"),
    Rule(f"{H}/StatusCode", 1, form=Form.STATUS, source="samples and vendors: nine codes"),
    Rule(f"{H}/Description", longest=1000, too_long=W, source="chosen"),
    Rule(f"{H}/Timestamp", form=Form.TIME, source="samples"),
    *_staff(f"{H}/StaffInfo"),
)

MANIFEST_RULES = Table(
    Rule("Reference", most=1000),
    Rule("Reference/ContentId", 1, longest=200, missing=W, too_long=W),
    Rule("Reference/AttachmentName", 1, longest=500, missing=W, source="one vendor"),
)

ATTACHMENT_RULES = Table(
    Rule("Attachment", most=1000),
    Rule("Attachment/ContentId", 0, longest=200, too_long=W),
    # Existing receivers stop at an attachment without a name.
    Rule("Attachment/AttachmentName", 1, longest=500, source="published client"),
    Rule("Attachment/ContentTransferEncoded", 1, source="published client"),
)


def check(root: Node | None, table: Table, prefix: str = "") -> Iterator[PacketProblem]:
    """Hold a part of a packet against its rules."""
    reached: dict[tuple[str, ...], list[Node]] = {(): [root] if root else []}
    for above, rules in table.by_parent.items():
        for parent in _reach(above, reached):
            for rule in rules:
                found = parent.all(rule.name)
                if found or rule.least:
                    yield from _check_in(found, rule, prefix)


def _reach(path: tuple[str, ...], reached: dict[tuple[str, ...], list[Node]]) -> list[Node]:
    """The elements at a path; what one rule reached the next need not look for."""
    if path not in reached:
        reached[path] = [child for parent in _reach(path[:-1], reached) for child in parent.all(path[-1])]
    return reached[path]


def _check_in(found: list[Node], rule: Rule, prefix: str) -> Iterator[PacketProblem]:
    if rule.least and sum(map(rule.is_filled, found)) < rule.least:
        path = prefix + rule.path
        yield PacketProblem(
            "missing", path, "required", f"Thiếu «{path}».", f"«{path}» is missing or empty.", rule.missing
        )
    if len(found) > rule.most:
        path = prefix + rule.path
        en = f"«{path}» occurs {len(found)} times; at most {rule.most} are allowed."
        yield PacketProblem("too_many", path, f"at most {rule.most}", f"«{path}» lặp quá {rule.most} lần.", en)
    if rule.longest is not None or rule.form is not Form.TEXT:
        for node in found:
            yield from _check_text(node, rule, prefix + rule.path)


def _check_text(node: Node, rule: Rule, path: str) -> Iterator[PacketProblem]:
    text = node.text
    if rule.longest is not None and len(text) > rule.longest:
        yield PacketProblem(
            "too_long", path, f"at most {rule.longest} characters",
            f"«{path}» dài {len(text)} ký tự, tối đa {rule.longest}.",
            f"«{path}» has {len(text)} characters; at most {rule.longest} are allowed.", rule.too_long,
        )  # fmt: skip
    broken = _FORM_CHECKS[rule.form](text, rule) if text or rule.form is Form.INTEGER else ""
    if broken:
        yield PacketProblem(
            "wrong_form", path, broken, f"«{path}» sai dạng ({broken}).", f"«{path}» is not in its form ({broken})."
        )


def _integer(text: str, rule: Rule) -> str:
    low, high = rule.between or (-(2**31), 2**31 - 1)
    wanted = f"integer {low}…{high}" if rule.between else "integer"
    try:
        return "" if low <= int(text) <= high else wanted
    except ValueError:
        return wanted


def _code(text: str, _rule: Rule) -> str:
    try:
        AgencyCode.parse(text)
    except InvalidCode:
        return "agency code"
    return ""


_FORM_CHECKS: dict[Form, Callable[[str, Rule], str]] = {
    Form.TEXT: lambda _text, _rule: "",
    Form.CODE: _code,
    Form.DATE: lambda text, _rule: "" if read_date(text) else Form.DATE.value,
    Form.TIME: lambda text, _rule: "" if read_time(text) else Form.TIME.value,
    Form.INTEGER: _integer,
    Form.STATUS: lambda text, _rule: "" if text in StatusCode._value2member_map_ else "01–06, 13, 15, 16",
}
