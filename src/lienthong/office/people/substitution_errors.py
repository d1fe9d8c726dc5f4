"""What is refused of substitutes."""

from lienthong.office.errors import OfficeProblem


class UnfitSubstitute(OfficeProblem):
    """Who stands in is another person of the agency, with an open account, who may see documents (SEC-5, SEC-6)."""

    code = "unfit_substitute"
    status = 422
    vi = "Không thể cử người này thay thế: {why}."
    en = "This person cannot stand in: {why_en}."
    next_vi = "Ghi tên đăng nhập của một đồng nghiệp đang làm việc, không phải quản trị, không phải chính người vắng."
    next_en = "Give the account of a colleague at work, who does not administer and is not the absent person."


class NothingToSubstitute(OfficeProblem):
    """Only what a person may do themselves is done in their place; signing, numbering and sealing are not."""

    code = "nothing_to_substitute"
    status = 422
    vi = "{name} không giữ việc nào thay được như đã chọn."
    en = "{name} holds nothing of what was chosen that can be done in their place."
    clause = "Điều 13, 32 Nghị định 30/2020/NĐ-CP"
    next_vi = "Phân công chỉ thay cho trưởng đơn vị; ký thay thì cần ủy quyền (TUQ.) hoặc thẩm quyền (KT.) riêng."
    next_en = "Tasks are handed out in place of a unit's head alone; signing needs an authority of one's own."


class SubstituteNamed(OfficeProblem):
    """One substitution of the same two people at a time."""

    code = "substitute_named"
    status = 422
    vi = "{name} đã thay người này trong thời gian đó."
    en = "{name} stands in for this person at that time already."
    next_vi = "Kết thúc lần thay trước rồi ghi lại."
    next_en = "End the former one first."


class NoSuchSubstitution(OfficeProblem):
    """It is none of this person's."""

    code = "no_such_substitution"
    status = 404
    vi = "Không có việc thay thế này, hoặc đã kết thúc."
    en = "There is no such substitution, or it is over."
    next_vi = "Mở lại trang «Người thay thế»."
    next_en = "Open the page «Substitutes» again."
