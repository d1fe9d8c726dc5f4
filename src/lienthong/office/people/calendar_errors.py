"""What is refused of the working calendar."""

from lienthong.office.errors import NotFound, OfficeProblem


class BadDay(OfficeProblem):
    """A day far from today is a typing error: nobody has decided about it."""

    code = "bad_day"
    status = 422
    vi = "Ngày {day} ngoài khoảng từ {first} đến {last}."
    en = "{day} is not between {first} and {last}."
    next_vi = "Kiểm tra lại năm của ngày."
    next_en = "Check the year of the day."


class DayIsSo(OfficeProblem):
    """The calendar says so already: a record would only hide what the day comes from."""

    code = "day_is_so"
    vi = "Ngày {day} trong lịch đã là ngày {kind}."
    en = "{day} is a day {kind_en} in the calendar already."
    next_vi = "Không cần ghi."
    next_en = "Nothing is to be recorded."


class DayDecided(OfficeProblem):
    """A day is decided about once; another decision begins with withdrawing the first."""

    code = "day_decided"
    vi = "Ngày {day} đã ghi theo {decision}."
    en = "{day} was decided already: {decision}."
    next_vi = "Nếu có quyết định khác, rút dòng đang có rồi ghi mới."
    next_en = "If there is another decision, withdraw the row that stands and record the new one."


class NoSuchDay(NotFound):
    """No decision of this agency about a day, or it was withdrawn before."""

    vi = "Không còn dòng lịch này, hoặc đã được rút."
    en = "There is no such row, or it was withdrawn before."
    next_vi = "Tải lại trang «Lịch làm việc»."
    next_en = "Reload the page of the calendar."
