"""Rules of presentation (thể thức; Decree 30/2020/NĐ-CP, Annex I): read from a PDF, told with place and clause."""

from lienthong.standards.presentation.apart import check_apart
from lienthong.standards.presentation.check import check
from lienthong.standards.presentation.findings import Finding, Known
from lienthong.standards.presentation.problems import Unreadable
from lienthong.standards.presentation.rules import RULES, Rule, Severity

__all__ = ["RULES", "Finding", "Known", "Rule", "Severity", "Unreadable", "check", "check_apart"]
