"""What is refused of tickets; `problems` lists these with all others."""

from __future__ import annotations

from lienthong.protocol.problem import Problem


class UnknownTicket(Problem):
    """There is no such ticket of this system."""

    code = "unknown_ticket"
    status = 404
    vi = "Không có phiếu hỗ trợ này của hệ thống."
    en = "This system has no such ticket."
    next_vi = "Xem danh sách phiếu của hệ thống: GET /tickets."
    next_en = "See the tickets of this system: GET /tickets."


class TicketClosed(Problem):
    """The ticket is closed; nothing is added to it any more."""

    code = "ticket_closed"
    status = 409
    vi = "Phiếu hỗ trợ số {number} đã đóng."
    en = "Ticket {number} is closed."
    next_vi = "Mở phiếu mới, nêu số phiếu cũ."
    next_en = "Open a new ticket and name the old one."


class TooManyTickets(Problem):
    """The system has too many tickets that are not closed."""

    code = "too_many_tickets"
    status = 429
    retryable = True
    vi = "Hệ thống có {limit} phiếu hỗ trợ chưa đóng."
    en = "The system has {limit} tickets that are not closed."
    next_vi = "Đóng các phiếu đã giải quyết rồi gửi lại."
    next_en = "Close what was solved, then send again."


class TicketFull(Problem):
    """So much was written in a ticket that nothing more fits."""

    code = "ticket_full"
    status = 409
    vi = "Phiếu hỗ trợ số {number} đã có {limit} lần trao đổi, không ghi thêm được."
    en = "Ticket {number} has {limit} entries; nothing more can be written."
    next_vi = "Đóng phiếu này, mở phiếu mới và nhắc số của phiếu này."
    next_en = "Close it, open another one and name its number there."
