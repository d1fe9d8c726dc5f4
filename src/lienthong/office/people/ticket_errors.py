"""What is refused of tickets to the hub's operators."""

from lienthong.office.errors import NotFound, OfficeProblem


class NoSuchTicket(NotFound):
    """No ticket of this agency has this page."""

    vi = "Cơ quan không có phiếu này."
    en = "The agency has no such ticket."
    next_vi = "Về mục «Cơ quan» › «Hỗ trợ của Trục» và mở lại từ đó."
    next_en = "Go back to «Agency» › «Support of the hub» and open it from there."


class TicketEnded(OfficeProblem):
    """Nothing is written to a ticket that is closed, or is being closed."""

    code = "ticket_ended"
    vi = "Phiếu đã kết thúc ({state}), không viết thêm được."
    en = "The ticket has ended ({state}); nothing is added to it."
    next_vi = "Lập phiếu mới, nêu số phiếu cũ."
    next_en = "Open a new ticket and name the old one."


class NotAtHub(OfficeProblem):
    """The operators know of packets; a document that never was one is unknown to them."""

    code = "not_at_hub"
    status = 422
    vi = "Văn bản này chưa từng qua Trục, đơn vị vận hành Trục không tra được."
    en = "This document never was at the hub, so its operators know nothing of it."
    next_vi = "Lập phiếu về việc kết nối nói chung, hoặc chờ gói tin gửi tới Trục."
    next_en = "Report the difficulty in general, or wait until the packet has gone to the hub."


class NoDesk(OfficeProblem):
    """The door of existing client software has no operation for tickets."""

    code = "no_desk"
    clause = "Điều 19.5 Quyết định 28/2018/QĐ-TTg"
    vi = "Kết nối đang dùng (giao thức của phần mềm hiện hành) chưa hỗ trợ gửi phiếu."
    en = "The connection in use (that of existing software) does not take tickets."
    next_vi = "Báo đơn vị vận hành Trục bằng văn bản hoặc điện thoại, hoặc nhờ quản trị chuyển sang giao thức mới."
    next_en = "Write to or call the hub's operators, or have the administrator change to the native door."
