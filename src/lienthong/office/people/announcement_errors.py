"""What is refused of announcements inside an agency."""

from lienthong.office.errors import OfficeProblem


class AnnouncementTime(OfficeProblem):
    """An announcement stands for a time, so that what is new stays short."""

    code = "announcement_time"
    status = 422
    vi = "Thông báo phải có ngày cuối, từ hôm nay đến {last}."
    en = "An announcement has a last day, from today until {last}."
    next_vi = "Chọn ngày trong khoảng đó; hết ngày ấy thông báo thôi hiện ở «Hôm nay» nhưng vẫn đọc lại được."
    next_en = "Choose a day in that time; after it the announcement leaves «Today» and can still be read."
