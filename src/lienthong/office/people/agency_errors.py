"""What is refused of an agency's facts and of its advisory bodies."""

from lienthong.office.errors import OfficeProblem


class BadFact(OfficeProblem):
    """A fact of the agency that cannot be right as it was typed."""

    code = "bad_fact"
    status = 422
    vi = "{what}: {why}."
    en = "{what_en}: {why_en}."
    next_vi = "Sửa lại rồi gửi lại."
    next_en = "Correct it and send it again."


class ChangedMeanwhile(OfficeProblem):
    """Two people had the same form open; the later one did not see what the earlier one saved."""

    code = "changed_meanwhile"
    vi = "{who} đã đổi những thông tin này lúc {when}, sau khi anh/chị mở trang."
    en = "{who} changed these facts at {when}, after you opened the page."
    next_vi = "Chưa ghi gì. Mở lại biểu mẫu: giá trị đang lưu đứng dưới từng ô khác với ô anh/chị gõ; xem rồi gửi lại."
    next_en = (
        "Nothing was saved. Open the form again: what is stored stands below each field in which you typed something "
        "else; look at it and send it again."
    )
