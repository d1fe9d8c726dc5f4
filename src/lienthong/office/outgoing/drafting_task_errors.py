"""What is refused of documents that somebody is given to write."""

from lienthong.office.errors import NotFound, OfficeProblem


class NoDraftingTask(NotFound):
    """Nobody gave this to write, or it is not this person's business: both look the same."""

    vi = "Không có việc soạn thảo này, hoặc anh/chị không được xem."
    en = "Nobody gave this to write, or you may not see it."
    next_vi = "Về «Văn bản đi» › «Giao soạn thảo» và mở lại từ đó."
    next_en = "Go back to «Outgoing» › «Given to write» and open it from there."


class DraftingDueOver(OfficeProblem):
    """Nothing is given to be written by a moment that is over."""

    code = "drafting_due_over"
    status = 422
    vi = "Hạn soạn thảo phải sau thời điểm hiện tại."
    en = "The day by which it is to be written is over."
    next_vi = "Chọn hạn sau bây giờ, hoặc để trống."
    next_en = "Choose a later one, or none."


class GivenAlready(OfficeProblem):
    """The same, to the same, from the same person, and not begun: the button was pressed twice."""

    code = "drafting_given_already"
    status = 409
    vi = "Anh/chị đã giao việc soạn thảo này, người được giao chưa bắt đầu."
    en = "You have given this to them already, and it is not begun."
    next_vi = "Mở việc đã giao trong danh sách bên dưới; muốn giao thêm một việc nữa thì đổi «Về việc»."
    next_en = "Open it in the list below; for another one, change what it is about."


class NothingToWrite(OfficeProblem):
    """Who is urged has something to do: what is handed in waits for others, what ended for nobody."""

    code = "nothing_to_write"
    status = 409
    vi = "Không còn gì để đôn đốc soạn thảo: văn bản đã trình, hoặc việc đã kết thúc."
    en = "Nobody is to write anything any more: the document is handed in, or this has ended."
    next_vi = "Tải lại trang để xem việc đang ở đâu."
    next_en = "Reload the page to see where it stands."
