"""What an alert says to people, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lienthong.hub.models import Agency, Alert, System
from lienthong.hub.watch.rules import BY_CODE, Rule
from lienthong.standards.times import VIETNAM

SEVERITIES: Mapping[str, tuple[str, str]] = {
    "critical": ("Nghiêm trọng", "Critical"),
    "warning": ("Cảnh báo", "Warning"),
    "notice": ("Lưu ý", "Notice"),
}
SUBJECTS: Mapping[str, tuple[str, str]] = {
    "agency": ("cơ quan", "agency"),
    "system": ("hệ thống", "system"),
    "seal": ("con dấu", "seal"),
    "key": ("khóa của hệ thống", "key of system"),
    "node": ("nút", "node"),
    "network": ("dải mạng", "network"),
    "hub": ("Trục", "hub"),
}
MOVES: Mapping[str, tuple[str, str]] = {"opened": ("MỚI", "NEW"), "resolved": ("ĐÃ HẾT", "RESOLVED")}
FACTS: Mapping[str, tuple[str, str]] = {
    "since": ("từ", "since"),
    "until": ("đến", "until"),
    "count": ("số lượng", "count"),
    "bytes": ("byte", "bytes"),
    "usual": ("mức thường mỗi giờ", "usual an hour"),
    "problems": ("mã lỗi", "problems"),
    "days": ("số ngày còn lại", "days left"),
    "seconds": ("lệch, giây (dương: nhanh hơn)", "off by, seconds (positive: ahead)"),
    "agency": ("cơ quan", "agency"),
    "reason": ("lý do", "reason"),
}


def said(rule: Rule, threshold: float, *, english: bool) -> str:
    """What holds, with the threshold."""
    return (rule.en if english else rule.vi).replace("{n}", f"{threshold:g}")


def facts_of(alert: Alert, *, english: bool) -> str:
    """What was found, in a line."""
    named = ((FACTS[name][english], value) for name, value in alert.facts.items() if name in FACTS and value != "")
    return "; ".join(f"{name}: {_shown(value)}" for name, value in named)


def line_of(alert: Alert, move: str, *, english: bool) -> str:
    """An alert for a mail: what moved, what holds, of whom, and what to do."""
    rule = BY_CODE[alert.rule]
    kind, severity = SUBJECTS[alert.subject_kind][english], SEVERITIES[alert.severity][english]
    facts = facts_of(alert, english=english)
    head = f"{MOVES[move][english]} · {severity} · {rule.en if english else rule.vi}".replace("{n} ", "").replace(
        "{n}", ""
    )
    about = f"{kind} {alert.subject}" + (f" ({facts})" if facts else "")
    return "\n".join([head, about] + ([rule.next_en if english else rule.next_vi] if move == "opened" else []))


def names_of(alerts: list[Alert]) -> dict[tuple[str, str], str]:
    """Names of the agencies and systems that alerts are about."""
    named: dict[tuple[str, str], str] = {}
    for kinds, model in ((("agency",), Agency), (("system", "key"), System)):
        codes = {alert.subject for alert in alerts if alert.subject_kind in kinds}
        for code, name in model.objects.filter(code__in=codes).values_list("code", "name"):
            named |= {(kind, code): name for kind in kinds}
    return named


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, str):
        try:
            return f"{datetime.fromisoformat(value).astimezone(VIETNAM):%H:%M %d/%m/%Y}"
        except ValueError:
            return value
    return str(value)
