"""What a named refusal is; `problems` is the closed list of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

TYPE_PREFIX = "urn:lienthong:problem:"
"""What a problem's `type` begins with where no hub says it; a hub's leads to the page of the problem."""


class HubUnreachable(Exception):
    """The hub did not answer, or not in time: nothing is known, so ask again later with the same key."""


class Problem(Exception):
    """A named refusal. Leaves give the words; `data` fills their placeholders and travels along.

    Attributes:
        retryable: whether the same request may succeed later.
    """

    code: ClassVar[str] = "problem"
    status: ClassVar[int] = 400
    vxp: ClassVar[str] = "20"
    retryable: ClassVar[bool] = False
    vi: ClassVar[str] = "Yêu cầu không thực hiện được."
    en: ClassVar[str] = "The request cannot be carried out."
    next_vi: ClassVar[str] = "Liên hệ đơn vị quản trị Trục."
    next_en: ClassVar[str] = "Contact the hub's operators."

    def __init__(self, **data: Any) -> None:
        self.data = data
        super().__init__(self.detail_en)

    @property
    def detail(self) -> str:
        """The refusal in Vietnamese."""
        return self.vi.format_map(_Lenient(self.data))

    @property
    def detail_en(self) -> str:
        """The refusal in English."""
        return self.en.format_map(_Lenient(self.data))

    def as_json(self, type_prefix: str = TYPE_PREFIX) -> dict[str, Any]:
        """The body of an `application/problem+json` answer (RFC 9457); `type_prefix` and the code make its `type`."""
        return {
            **self.data,
            "type": type_prefix + self.code,
            "code": self.code,
            "title": self.en.split(".")[0].split(":")[0].format_map(_Lenient(self.data)),
            "status": self.status,
            "detail": self.detail,
            "detail_en": self.detail_en,
            "next": self.next_vi,
            "next_en": self.next_en,
        }

    @staticmethod
    def from_json(body: Mapping[str, Any], status: int) -> Problem:
        """The problem that an answer speaks of; one that we do not know keeps its words."""
        kind = {each.code: each for each in Problem.__subclasses__()}.get(str(body.get("code", "")))
        if kind is None:
            return UnknownProblem(
                text=str(body.get("detail") or body.get("detail_en") or f"HTTP {status}"), http=status
            )
        own = {"type", "code", "title", "status", "detail", "detail_en", "next", "next_en"}
        return kind(**{name: value for name, value in body.items() if name not in own})


class _Lenient(dict[str, Any]):
    """Placeholders without a value stay visible instead of hiding the refusal behind another error."""

    def __missing__(self, key: str) -> str:
        return "…"


class UnknownProblem(Problem):
    """Something a hub said that this version does not know."""

    code = "unknown_problem"
    vi = "Trục trả lời: {text}"
    en = "The hub says: {text}"


class WrongKindOfHub(Problem):
    """A training office found a hub of real documents, or an office of real documents a test hub: nothing is sent."""

    code = "wrong_kind_of_hub"
    status = 403
    retryable = True
    vi = "{hub} {is_vi}, hệ thống này {own_vi}: không gửi, không nhận."
    en = "{hub} {is_en}, and this system {own_en}: nothing is sent or taken."
    next_vi = "Hệ thống đào tạo chỉ nối với Trục thử nghiệm, hệ thống chính thức với Trục chính thức; sửa địa chỉ Trục."
    next_en = "A training system speaks to a test hub alone, a real one to a real hub; correct the hub's address."


_WHY_GONE = {
    "withdrawn": ("bên gửi đã rút lại", "its sender withdrew it"),
    "retention": ("đã hết thời hạn lưu sau khi giao", "the days of keeping after the hand-over are over"),
    "secret": ("có dấu chỉ độ mật nên đã hủy", "it bore a mark of secrecy and was destroyed"),
    "missing": ("không tìm thấy, đơn vị quản trị Trục đang kiểm tra", "it is missing; the operators look into it"),
}


def why_gone(why: str, since: str) -> dict[str, str]:
    """Why a content is not there any more, as data and in words; `since` is empty where nobody knows."""
    vi, en = _WHY_GONE.get(why, _WHY_GONE["missing"])
    when = f" ({since})" if since else ""
    return {"why": why, "since": since, "reason": f"{vi}{when}", "reason_en": f"{en}{when}"}
