"""What the hub's states, roles and events are called on pages."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from lienthong.hub.operators import Role
from lienthong.hub.tally import Clause
from lienthong.look.language import choose
from lienthong.standards.statuses import Words

ROLE_WORDS = {
    Role.OPERATOR: _("Trực vận hành"),
    Role.REGISTRY: _("Cán bộ danh mục"),
    Role.AUDITOR: _("Kiểm tra"),
    Role.AGENCY: _("Cán bộ cơ quan"),
}


def spoken(words: Words) -> str:
    """A name that stands in both languages, in the language of the page."""
    return choose(words.vi, words.en)


def event_words(name: str) -> str:
    """An event of the journal in a few words; its name where it has none."""
    return spoken(EVENTS[name]) if name in EVENTS else name


class Duty(NamedTuple):
    """A duty and where it stands in the law."""

    duty: Words
    law: Words


CLAUSES = {
    Clause.SENT: Duty(
        Words("Gửi trong ngày hoặc sáng sau", "Sent that day or next morning"),
        Words("Điều 6.2 QĐ 28/2018", "Decision 28/2018, Art. 6.2"),
    ),
    Clause.URGENT_FETCHED: Duty(
        Words("Khẩn: tới nơi trong 15 phút", "Urgent: arrives within 15 min"),
        Words("Điều 6.2 QĐ 28/2018", "Decision 28/2018, Art. 6.2"),
    ),
    Clause.RECEIPT_TOLD: Duty(
        Words("Báo đã tiếp nhận trong ngày", "Acceptance told that day"),
        Words("Điều 21.2 NĐ 30/2020", "Decree 30/2020, Art. 21.2"),
    ),
    Clause.REFUSAL_TOLD: Duty(
        Words("Từ chối: báo lại trong ngày", "Refusal told that day"),
        Words("Điều 5.4, 9.1 QĐ 28/2018", "Decision 28/2018, Art. 5.4, 9.1"),
    ),
    Clause.RECALL_ANSWERED: Duty(
        Words("Thu hồi: trả lời trong ngày", "Recall answered that day"),
        Words("Điều 9.2 QĐ 28/2018", "Decision 28/2018, Art. 9.2"),
    ),
}

WHY = {
    "no_system": Words("chưa có hệ thống", "no system serves it"),
    "suspended": Words("hệ thống bị tạm ngừng", "system suspended"),
    "failed": Words("bên nhận báo lỗi", "recipient reports an error"),
    "never_here": Words("hệ thống chưa liên lạc lần nào", "system never was here"),
    "silent": Words("hệ thống im lặng", "system is silent"),
    "fetched": Words("đã lấy, chưa xác nhận", "fetched, not acknowledged"),
    "not_fetched": Words("chưa lấy", "not fetched yet"),
}
"""Why a delivery waits, as far as the hub can tell."""

PROBLEMS = {
    "packet_invalid": Words("Gói tin sai chuẩn", "Packet breaks the standard"),
    "digest_mismatch": Words("Sai mã băm so với lúc gửi", "Digest differs from what was sent"),
    "state_secret": Words("Có dấu mật, đã hủy", "Marked secret, destroyed"),
    "unknown_recipient": Words("Nơi nhận không tồn tại", "Unknown recipient"),
    "closed_recipient": Words("Mã nơi nhận đã ngừng dùng", "Recipient's code has ended"),
    "not_connected": Words("Nơi nhận chưa kết nối", "Recipient is not connected"),
    "closed_sender": Words("Mã nơi gửi đã ngừng dùng", "Sender's code has ended"),
    "recipient_not_in_packet": Words("Nơi nhận không có trong gói tin", "Recipient not in the packet"),
    "not_your_agency": Words("Gửi thay cơ quan khác", "Sent for another's agency"),
    "from_mismatch": Words("Nơi gửi khai không khớp", "Senders differ"),
    "statement_invalid": Words("Xác nhận ký số không hợp lệ", "Signed statement is not valid"),
    "clock_ahead": Words("Đồng hồ hệ thống gửi chạy nhanh", "Sender's clock is ahead"),
    "twin_document": Words("Trùng mã định danh, khác nội dung", "Known identifier, other content"),
    "unknown_document": Words("Nói đến văn bản không có", "About an unknown document"),
    "not_a_recipient": Words("Không phải nơi nhận văn bản", "Not a recipient of it"),
    "not_the_sender": Words("Không phải nơi gửi văn bản", "Not the sender of it"),
    "unsupported_version": Words("Phiên bản gói tin không đọc được", "Packet version is not read"),
    "idempotency_key_reused": Words("Dùng lại khóa chống trùng", "Idempotency key used again"),
    "too_large": Words("Gói tin quá lớn", "Packet is too large"),
    "body_truncated": Words("Đứt giữa chừng khi gửi", "Broken off while sending"),
    "no_storage": Words("Trục hết chỗ lưu", "Hub is out of storage"),
    "bad_request": Words("Yêu cầu sai dạng", "Malformed request"),
}
"""Why a packet was refused, in a few words; its own sentence tells more."""

ROUTED = {
    "successor": Words("cơ quan kế thừa nhận thay", "received by its successor"),
    "contact_point": Words("đầu mối nhận thay", "received by its contact point"),
    "single_gateway": Words("đầu mối duy nhất của ngành nhận", "received by the single gateway"),
    "gateway": Words("đầu mối kết nối nhận thay", "received by its gateway"),
}
"""Why another agency than the one written receives (`routing.reason`)."""

EVENTS = {
    "operator.signed_in": Words("đăng nhập", "signed in"),
    "operator.sign_in_refused": Words("bị từ chối đăng nhập", "sign-in refused"),
    "operator.signed_out": Words("đăng xuất", "signed out"),
    "operator.session_locked": Words("phiên bị khóa vì lâu không thao tác", "session locked"),
    "operator.added": Words("cấp tài khoản", "account added"),
    "operator.changed": Words("đổi vai trò, họ tên", "account changed"),
    "operator.closed": Words("đóng tài khoản", "account closed"),
    "operator.reopened": Words("mở lại tài khoản", "account opened again"),
    "operator.password_changed": Words("đổi mật khẩu", "password changed"),
    "operator.password_reset": Words("cấp lại mật khẩu", "password reset"),
    "journal.exported": Words("xuất nhật ký", "journal exported"),
    "agency.added": Words("thêm cơ quan", "agency added"),
    "agency.seal_registered": Words("đăng ký chứng thư con dấu", "seal registered"),
    "agency.change_filed": Words("hệ thống đề nghị thay đổi", "change asked for"),
    "agency.change_applied": Words("áp dụng đề nghị", "change applied"),
    "agency.change_refused": Words("từ chối đề nghị", "change refused"),
    "agency.readiness_noted": Words("ghi nhận điều kiện tham gia", "readiness noted"),
    "agency.routing_set": Words("đặt đầu mối nhận", "routing set"),
    "agency.imported": Words("nhập bảng cơ quan", "agencies imported"),
    "system.added": Words("kết nối hệ thống", "system connected"),
    "system.key_added": Words("đăng ký khóa ký", "key added"),
    "system.key_retired": Words("cho khóa nghỉ", "key retired"),
    "system.key_revoked": Words("thu hồi khóa", "key revoked"),
    "system.secret_changed": Words("đổi khóa bí mật chung", "shared secret changed"),
    "system.policy_changed": Words("đổi chính sách", "policy changed"),
    "system.suspended": Words("tạm ngừng hệ thống", "system suspended"),
    "system.resumed": Words("cho hệ thống hoạt động lại", "system resumed"),
    "system.certificate_added": Words("đăng ký chứng thư TLS", "TLS certificate added"),
    "system.certificate_ending": Words("hẹn ngừng chứng thư TLS cũ", "end of the old TLS certificate set"),
    "system.certificate_revoked": Words("thu hồi chứng thư TLS", "TLS certificate revoked"),
    "system.sandbox_forgotten": Words("xóa hệ thống thử nghiệm", "test system forgotten"),
    "system.declared": Words("đăng ký công bố hợp quy", "conformity declared"),
    "system.standing_set": Words("đặt thí điểm, cấp độ an toàn", "standing set"),
    "system.undeclared_connected": Words("kết nối khi chưa công bố hợp quy", "connected undeclared"),
    "webhook.registered": Words("đăng ký địa chỉ báo tin", "webhook registered"),
    "webhook.changed": Words("đổi địa chỉ báo tin", "webhook changed"),
    "webhook.secret_changed": Words("đổi khóa báo tin", "webhook secret changed"),
    "webhook.removed": Words("bỏ địa chỉ báo tin", "webhook removed"),
    "quarantine.replay_proposed": Words("đề nghị gửi lại gói tin bị trả", "replay proposed"),
    "quarantine.replayed": Words("gửi lại gói tin bị trả", "refused packet submitted anew"),
    "quarantine.discarded": Words("bỏ gói tin bị trả", "refused packet let go"),
    "hub.key_changed": Words("Trục đổi khóa ký", "hub's key changed"),
    "backup.made": Words("sao lưu", "backup made"),
    "backup.failed": Words("không sao lưu được", "backup failed"),
    "backup.verified": Words("kiểm tra bản sao lưu", "backup proven by a restore"),
    "backup.removed": Words("xóa bản sao lưu hết hạn", "old backup removed"),
    "hub.maintenance_begun": Words("bắt đầu bảo trì", "maintenance begun"),
    "hub.maintenance_ended": Words("kết thúc bảo trì", "maintenance ended"),
    "notice.published": Words("thông báo tới các cơ quan", "notice published"),
    "notice.withdrawn": Words("rút thông báo", "notice withdrawn"),
    "incident.opened": Words("báo sự cố", "incident opened"),
    "incident.updated": Words("cập nhật sự cố", "incident updated"),
    "ticket.opened": Words("gửi phiếu hỗ trợ", "ticket opened"),
    "ticket.answered": Words("viết vào phiếu hỗ trợ", "ticket answered"),
    "ticket.closed": Words("đóng phiếu hỗ trợ", "ticket closed"),
    "alert.opened": Words("cảnh báo mở", "alert opened"),
    "alert.acknowledged": Words("nhận xử lý cảnh báo", "alert acknowledged"),
    "alert.muted": Words("tạm tắt cảnh báo", "alert muted"),
    "alert.resolved": Words("cảnh báo đã qua", "alert resolved"),
    "alert.rule_set": Words("đặt ngưỡng cảnh báo", "alert rule set"),
    "alert.channel_set": Words("đặt kênh báo", "alert channel set"),
    "monitor.added": Words("thêm hệ thống giám sát", "monitor added"),
    "monitor.revoked": Words("thu hồi quyền giám sát", "monitor revoked"),
    "code_change.filed": Words("lập thay đổi mã", "change of codes filed"),
    "code_change.in_force": Words("thay đổi mã có hiệu lực", "change of codes in force"),
    "code_change.undone": Words("hủy thay đổi mã", "change of codes undone"),
    "packet.accepted": Words("Trục nhận gói tin", "packet accepted"),
    "packet.repeated": Words("gói tin gửi lặp", "packet repeated"),
    "packet.refused": Words("Trục trả gói tin", "packet refused"),
    "packet.destroyed": Words("hủy gói tin có dấu mật", "secret packet destroyed"),
    "packet.content_removed": Words("xóa nội dung hết hạn lưu", "content removed"),
    "packet.hold_placed": Words("giữ nội dung theo yêu cầu pháp lý", "legal hold placed"),
    "packet.hold_released": Words("thôi giữ nội dung", "legal hold released"),
    "request.asked": Words("yêu cầu thu hồi, cập nhật", "recall or update asked"),
    "request.answered": Words("trả lời yêu cầu", "request answered"),
    "request.ended": Words("yêu cầu khép lại", "request ended"),
    "delivery.fetched": Words("bên nhận lấy", "fetched"),
    "delivery.done": Words("bên nhận xác nhận", "acknowledged"),
    "delivery.failed": Words("bên nhận báo lỗi", "recipient failed"),
    "delivery.withdrawn": Words("bên gửi rút lại", "withdrawn"),
    "status.reported": Words("báo trạng thái", "status reported"),
}
"""The events of the journal (`docs/reference/events.md`) in a few words."""
