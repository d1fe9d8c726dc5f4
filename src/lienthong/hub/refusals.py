"""What the registry refuses: one closed list, each with what to do next."""

from __future__ import annotations


class RegistryRefused(ValueError):
    """An entry of the directory or a change of codes that the registry does not take.

    Attributes:
        refusal: which one of `REFUSALS` it is.
        vi, en: in words.
    """

    def __init__(self, refusal: str, /, **data: object) -> None:
        self.refusal = refusal
        self.vi, self.en = (text.format_map(data) for text in REFUSALS[refusal])
        super().__init__(f"{self.vi} / {self.en}")


REFUSALS: dict[str, tuple[str, str]] = {
    "unknown_code": (
        "Không có cơ quan mang mã {code}; thêm cơ quan trước.",
        "There is no agency with the code {code}; add it first.",
    ),
    "code_used": (
        "Mã {code} đã kết thúc hoặc là mã khác của cơ quan {owner}; mã không dùng lại, hãy cấp mã mới.",
        "The code {code} has ended, or is a spelling of {owner}; codes are never used again, give a new one.",
    ),
    "ended": (
        "Cơ quan {code} đã kết thúc; thực hiện với cơ quan kế thừa.",
        "The agency {code} has ended; act on its successor.",
    ),
    "ending_planned": (
        "Cơ quan {code} đã có quyết định kết thúc từ {on} (thay đổi số {change}); hủy thay đổi đó trước.",
        "The agency {code} is to end on {on} (change {change}); undo that change first.",
    ),
    "target_not_open": (
        "Cơ quan {code} không hoạt động vào ngày {on}; chọn cơ quan kế thừa khác hoặc ngày khác.",
        "The agency {code} is not open on {on}; choose another successor or another date.",
    ),
    "target_awaited": (
        "Cơ quan {code} là nơi kế thừa của thay đổi số {change} sau ngày này; hủy thay đổi đó trước.",
        "The agency {code} is the successor in change {change} after this date; undo that change first.",
    ),
    "nothing_changes": (
        "Cần ít nhất một mã khác với mã kế thừa.",
        "At least one code other than the successor is needed.",
    ),
    "decision_missing": (
        "Cần số, ký hiệu của quyết định.",
        "The number and notation of the decision are needed.",
    ),
    "name_missing": (
        "Cần tên mới, tối đa 200 ký tự.",
        "A new name of at most 200 characters is needed.",
    ),
    "parent_below": (
        "Cơ quan {code} là cấp trên của {parent}; chọn cơ quan cấp trên khác.",
        "The agency {code} is above {parent}; choose another parent.",
    ),
    "units_open": (
        "Cơ quan {code} còn {count} đơn vị trực thuộc, ví dụ {example}; xử lý các đơn vị này trước.",
        "The agency {code} still has {count} units, such as {example}; move, merge or close them first.",
    ),
    "not_planned": (
        "Thay đổi số {change} không còn chờ hiệu lực; lập thay đổi mới theo quyết định mới.",
        "Change {change} is not planned any more; file a new one by a new decision.",
    ),
    "birth_awaited": (
        "Mã {code} của cơ quan thành lập theo thay đổi này đang được thay đổi số {change} dùng; hủy thay đổi đó trước.",
        "The code {code} that this change opens is needed by change {change}; undo that one first.",
    ),
}
