"""What is refused where a system looks after itself: a part of the list in `protocol.problems`."""

from __future__ import annotations

from lienthong.protocol.problem import Problem


class UnknownQuarantined(Problem):
    """No such refused packet, or none of yours: both look the same."""

    code = "unknown_quarantined"
    status = 404
    vi = "Không có gói tin bị từ chối này của hệ thống, hoặc đã hết hạn lưu."
    en = "There is no such refused packet of this system, or its days are over."
    next_vi = "Xem danh sách tại GET /quarantine; nếu không còn, gửi lại gói tin."
    next_en = "See GET /quarantine; when it is gone, send the packet again."


class UnknownWebhook(Problem):
    """No such endpoint, or none of yours: both look the same."""

    code = "unknown_webhook"
    status = 404
    vi = "Không có điểm nhận thông báo này của hệ thống."
    en = "There is no such webhook of this system."
    next_vi = "Xem danh sách tại GET /webhooks, hoặc đăng ký lại."
    next_en = "See GET /webhooks, or register it again."


class WebhookTargetRefused(Problem):
    """The hub does not call this address: not https, not public, or not an address."""

    code = "webhook_target_refused"
    status = 422
    vi = "Trục không gọi tới địa chỉ này: {reason}."
    en = "The hub does not call this address: {reason_en}."
    next_vi = "Dùng địa chỉ https công khai; hệ thống trong mạng nội bộ đề nghị đơn vị vận hành mở dải mạng."
    next_en = "Use a public https address; for an inner network, ask the operators to allow it."


class TooManyWebhooks(Problem):
    """The system has as many endpoints as it can have."""

    code = "too_many_webhooks"
    status = 409
    vi = "Hệ thống đã có {limit} điểm nhận thông báo."
    en = "The system has {limit} webhooks already."
    next_vi = "Sửa hoặc xóa một điểm nhận cũ."
    next_en = "Change one of them, or remove it."
