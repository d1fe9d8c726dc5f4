"""What is refused of searches."""

from lienthong.office.errors import OfficeProblem


class TooManyFound(OfficeProblem):
    """A list that is taken away is a selection, not the whole archive."""

    code = "too_many_found"
    status = 422
    vi = "Kết quả có hơn {most} văn bản, không xuất được một lần."
    en = "More than {most} documents were found, which are not given out at once."
    next_vi = "Thu hẹp lại bằng bộ lọc, chẳng hạn theo khoảng ngày, rồi xuất từng phần."
    next_en = "Narrow the search, by days for instance, and take the parts one by one."


class NothingAsked(OfficeProblem):
    """A search that asks for nothing finds nothing, so there is nothing to keep or to take away."""

    code = "nothing_asked"
    status = 422
    vi = "Chưa có gì để tìm."
    en = "Nothing is looked for yet."
    next_vi = "Gõ từ khóa, số, ký hiệu hoặc chọn ít nhất một bộ lọc."
    next_en = "Type words or a number, or choose at least one filter."


class NameTaken(OfficeProblem):
    """A person's searches are told apart by their names."""

    code = "search_name_taken"
    status = 422
    vi = "Anh/chị đã có tìm kiếm tên «{name}»."
    en = "You have a search named «{name}» already."
    next_vi = "Đặt tên khác, hoặc xóa tìm kiếm cũ trước."
    next_en = "Choose another name, or remove the old one first."


class TooManySearches(OfficeProblem):
    """The list stands beside every page."""

    code = "too_many_searches"
    status = 422
    vi = "Đã lưu {most} tìm kiếm, là số nhiều nhất."
    en = "{most} searches are kept, and no more can be."
    next_vi = "Xóa bớt tìm kiếm không còn dùng rồi lưu lại."
    next_en = "Remove one that you no longer use, then save again."
