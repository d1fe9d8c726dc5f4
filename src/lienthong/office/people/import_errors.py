"""What is refused of a table of units and people, as a whole and line by line."""

from lienthong.office.errors import OfficeProblem
from lienthong.standards.statuses import Words


class NoTable(OfficeProblem):
    """What was given is no table with the columns that are needed."""

    code = "no_table"
    status = 422
    vi = "Không đọc được bảng: {why}."
    en = "The table cannot be read: {why_en}."
    next_vi = "Tải bảng mẫu ở trang này, điền vào rồi nộp lại dưới dạng CSV (UTF-8) hoặc XLSX."
    next_en = "Take the pattern from this page, fill it in, and give it again as CSV (UTF-8) or XLSX."


class LinesRefused(OfficeProblem):
    """All or nothing: a table with a refused line changes nothing."""

    code = "lines_refused"
    status = 422
    vi = "{count} dòng chưa nhận được, nên chưa nhập gì."
    en = "Lines that cannot be taken: {count}; so nothing was."
    next_vi = "Sửa các dòng nêu dưới đây trong bảng rồi nộp lại."
    next_en = "Mend the lines below in the table and give it again."


class TableChanged(OfficeProblem):
    """What is confirmed is what was previewed, against what held then."""

    code = "table_changed"
    status = 409
    vi = "Bảng hoặc dữ liệu cán bộ đã thay đổi từ lúc xem trước, nên chưa nhập gì."
    en = "The table, or what it is held against, changed since the preview; so nothing was taken."
    next_vi = "Xem trước lại rồi xác nhận."
    next_en = "Look at the preview again, then confirm."


class NothingNew(OfficeProblem):
    """A table that says what is so already."""

    code = "nothing_new"
    status = 409
    vi = "Bảng không có gì mới: mọi đơn vị, cán bộ, vai trò đã có."
    en = "The table says nothing new: all units, people and roles are there."
    next_vi = "Không cần nhập."
    next_en = "There is nothing to take in."


LINE_REFUSALS = {
    "kind": Words("Cột «loại» phải là «đơn vị» hoặc «cán bộ».", "The column «loại» is «đơn vị» or «cán bộ»."),
    "unit_name": Words("Đơn vị thiếu ký hiệu hoặc tên: điền cả hai.", "A unit lacks abbreviation or name: give both."),
    "unit_parent": Words(
        "Đơn vị cấp trên không có: ghi ký hiệu đã có hoặc có trong bảng, và không thuộc chính nó.",
        "No such unit above: name one that is there or in the table, and not below itself.",
    ),
    "twice": Words("Dòng trùng với dòng trước: bỏ một dòng.", "The same as a line before: leave one out."),
    "staff_code": Words("Thiếu mã cán bộ, hoặc dài quá 30 ký tự.", "No staff code, or one longer than 30 characters."),
    "name": Words("Thiếu họ tên, hoặc dài quá 100 ký tự.", "No name, or one longer than 100 characters."),
    "names_differ": Words(
        "Cùng mã cán bộ mà khác họ tên hoặc tên đăng nhập: sửa cho khớp.",
        "The same staff code with another name or account: make them agree.",
    ),
    "login": Words(
        "Tên đăng nhập chỉ gồm chữ thường không dấu, số, chấm, gạch nối; 3–60 ký tự.",
        "An account has 3 to 60 small letters without marks, digits, dots, hyphens.",
    ),
    "login_taken": Words(
        "Tên đăng nhập đã là của người khác: chọn tên khác.", "The account is somebody else's: choose another name."
    ),
    "login_kept": Words(
        "Người này đã có tên đăng nhập khác; tên đăng nhập không đổi: bỏ trống hoặc ghi tên cũ.",
        "The person has another account, which does not change: leave it empty or write that one.",
    ),
    "unit": Words("Không có đơn vị với ký hiệu này: thêm dòng đơn vị.", "No unit of this abbreviation: add its line."),
    "role": Words(
        "Vai trò không có. Ghi: văn thư, lãnh đạo, trưởng đơn vị, chuyên viên, kiểm tra thể thức, quản trị…",
        "No such role: clerk, leader, unit_head, specialist, checker, auditor, administrator.",
    ),
    "position": Words("Thiếu chức vụ, hoặc dài quá 100 ký tự.", "No position, or one longer than 100 characters."),
    "day": Words(
        "Ngày phải dạng 31/12/2026 hoặc 2026-12-31; từ hôm nay trở đi; ngày cuối không trước ngày đầu.",
        "Days are like 2026-12-31 or 31/12/2026; from today on; the last not before the first.",
    ),
    "apart": Words(
        "Quản trị không giữ vai trò nào khác: tách thành người khác.",
        "An administrator holds no other role: make it another person.",
    ),
    "own": Words("Không ai nhập quyền cho chính mình.", "Nobody takes in rights of their own."),
    "formula": Words("Ô bắt đầu bằng =, +, - hoặc @ không nhận: sửa lại.", "A cell begins with =, +, - or @: mend it."),
}
"""Reason of a refused line → what is wrong and how to mend it."""
