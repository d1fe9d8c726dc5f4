"""What is refused of the directory."""

from lienthong.office.errors import OfficeProblem


class WhichAgency(OfficeProblem):
    """A name that is none, or that of several, sends nobody anywhere."""

    code = "which_agency"
    status = 422
    clause = "Điều 8.2 Quyết định 28/2018/QĐ-TTg"
    vi = "Không rõ «{text}» là cơ quan nào trong danh mục. Gần giống: {found}."
    en = "Which agency of the directory «{text}» is, is not clear. Alike: {found}."
    next_vi = "Ghi mã định danh hoặc tên đầy đủ; không biết thì để trống."
    next_en = "Give its code or its whole name; leave it empty where it is not known."
