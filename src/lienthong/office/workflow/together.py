"""What acts on several documents have in common: the clock that each asks anew, and the fault that is no document's."""

from collections.abc import Callable
from datetime import datetime

from lienthong.office.errors import OfficeProblem

Clock = Callable[[], datetime]


class NotDone(OfficeProblem):
    """Something outside the document stood in the way: the disk, the database."""

    code = "not_done"
    status = 503
    vi = "Hệ thống gặp lỗi khi xử lý văn bản này."
    en = "The system failed at this document."
    next_vi = "Văn bản vẫn ở danh sách, đúng bước đã xong. Báo quản trị, rồi làm lại."
    next_en = "It is still in the list, at the step that was finished. Tell the administrator, then try again."
