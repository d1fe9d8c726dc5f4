"""What is refused of documents that somebody is given to write."""

from lienthong.office.errors import NotFound


class NoDraftingTask(NotFound):
    """Nobody gave this to write, or it is not this person's business: both look the same."""

    vi = "Không có việc soạn thảo này, hoặc anh/chị không được xem."
    en = "Nobody gave this to write, or you may not see it."
    next_vi = "Về «Văn bản đi» › «Giao soạn thảo» và mở lại từ đó."
    next_en = "Go back to «Outgoing» › «Given to write» and open it from there."
