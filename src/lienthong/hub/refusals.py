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
    "operator_incomplete": (
        "Tài khoản cần tên đăng nhập (không quá 60 ký tự, không có dấu cách ở đầu, cuối) và họ tên.",
        "An account needs a name to sign in with (at most 60 letters, no space around it) and a full name.",
    ),
    "operator_agency": (
        "Cán bộ cơ quan phải có mã cơ quan (--agency); vai trò khác thì không.",
        "An agency officer needs the code of the agency (--agency); the other roles have none.",
    ),
    "unknown_operator": (
        "Không có tài khoản {account}; xem danh sách bằng `lienthong hub operator list`.",
        "There is no account {account}; see `lienthong hub operator list`.",
    ),
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
    "no_mandate": (
        "Mã {code} là của một cơ quan; cấp mã riêng cho chức danh.",
        "The code {code} is an agency's; give the mandate a code of its own.",
    ),
    "office_is_mandate": (
        "{code} là chức danh, không tiếp nhận được; chọn văn phòng tiếp nhận.",
        "{code} is a mandate and cannot receive; choose the office that does.",
    ),
    "gateway_ring": (
        "{office} chuyển đến {code} nên không tiếp nhận thay được; chọn đầu mối khác.",
        "{office} forwards to {code} and cannot receive for it; choose another contact point.",
    ),
    "mandate_connected": (
        "{code} là chức danh, không kết nối hệ thống; kết nối hệ thống cho văn phòng tiếp nhận.",
        "{code} is a mandate and has no system; connect the office that receives for it.",
    ),
    "not_ready": (
        "{code} là tổ chức ngoài Điều 2.1 và chưa đủ điều kiện: {missing}; ghi kết quả kiểm tra bằng lệnh readiness.",
        "{code} is outside Article 2.1 and not ready: {missing}; note the check's result by the command readiness.",
    ),
    "unknown_system": (
        "Không có hệ thống {code}; kết nối hệ thống trước.",
        "There is no system {code}; connect it first.",
    ),
    "declaration_incomplete": (
        "Công bố hợp quy cần sản phẩm, phiên bản, chủ sở hữu, số, và ngày hết hạn không trước ngày hiệu lực.",
        "A declaration needs product, version, owner, number, and an end that is not before its beginning.",
    ),
    "level_incomplete": (
        "Cần cấp độ từ 1 đến 5 và số quyết định phê duyệt.",
        "A level from 1 to 5 and the number of the approving decision are needed.",
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


class TableRefused(ValueError):
    """A file that is no table of agencies; `column` names what is missing or cannot be read."""

    def __init__(self, *, column: str) -> None:
        self.vi = f"Tệp không đọc được như bảng cơ quan: thiếu hoặc sai {column}; xem mẫu bằng lệnh export."
        self.en = f"The file cannot be read as a table of agencies: {column}; see the form by the command export."
        super().__init__(f"{self.vi} / {self.en}")


LINE_REFUSALS: dict[str, tuple[str, str]] = {
    "invalid_code": ("mã hoặc mã khác sai bảng chữ hoặc độ dài; sửa mã", "a code breaks alphabet or length; mend it"),
    "invalid_name": (
        "tên trống, quá 200 ký tự hoặc bắt đầu bằng = + - @; sửa tên",
        "the name is empty, longer than 200 characters or begins with = + - @; mend it",
    ),
    "unknown_category": (
        "loại không có trong danh sách; sửa hoặc bỏ trống",
        "no such category; mend or omit it",
    ),
    "twice": ("mã đã có ở dòng trước; bỏ một dòng", "the code stands in an earlier line; leave one out"),
    "code_used": (
        "mã đã kết thúc hoặc thuộc cơ quan khác, không dùng lại; cấp mã mới",
        "the code has ended or is another agency's, and is never used again; give a new one",
    ),
    "unknown_parent": (
        "không có cơ quan cấp trên, cấp trên đã kết thúc hoặc vòng lặp; sửa mã cấp trên",
        "the agency above is unknown, has ended or is below this one; mend its code",
    ),
}
