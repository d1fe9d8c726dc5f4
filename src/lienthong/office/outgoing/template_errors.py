"""What is refused of an agency's own words in its documents."""

from lienthong.office.errors import NotFound, OfficeProblem


class NoSuchStanding(NotFound):
    """The agency has no such words in use."""

    vi = "Cơ quan không có mẫu riêng này, hoặc đã ngừng áp dụng."
    en = "The agency has no such words, or uses them no more."
    next_vi = "Tải lại trang «Mẫu văn bản» để xem những gì đang dùng."
    next_en = "Reload the page of samples to see what is in use."


class NothingOwn(OfficeProblem):
    """Own words are grounds, an end or recipients."""

    code = "nothing_own"
    status = 422
    vi = "Chưa viết căn cứ, lời kết hay nơi nhận nào."
    en = "Neither grounds, nor an end, nor recipients were written."
    next_vi = "Viết ít nhất một mục; không viết gì thì mẫu của Nghị định 30 được dùng."
    next_en = "Write one of them at least; without any the sample of Decree 30 is used."
