"""The rules, as data: what is looked for, from when on it asks for attention, why, and what to do next.

`docs/reference/alerts.md` publishes the table; a test holds both together. How each is looked for: `conditions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How soon somebody has to look."""

    NOTICE = "notice"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """The higher, the sooner."""
        return list(Severity).index(self)


class Unit(StrEnum):
    """What a threshold counts."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    MINUTES = "minutes"
    SECONDS = "seconds"
    TIMES = "times"
    PERCENT = "percent"


@dataclass(frozen=True)
class Rule:
    """A rule.

    Attributes:
        subject: kind of what an alert is about: `agency`, `system`, `seal`, `key`, `node`, `network` or `hub`.
        threshold: as shipped; `lienthong hub alert set` sets another.
        vi, en: what holds then; `{n}` stands for the threshold.
        next_vi, next_en: what to do.
        clause: where it is asked for.
    """

    code: str
    subject: str
    severity: Severity
    threshold: float
    unit: Unit
    vi: str
    en: str
    next_vi: str
    next_en: str
    clause: str


_N, _W, _C = Severity.NOTICE, Severity.WARNING, Severity.CRITICAL

RULES: tuple[Rule, ...] = (
    Rule(
        "urgent_not_fetched", "agency", _C, 15, Unit.MINUTES,
        "Văn bản khẩn chưa được lấy sau {n} phút", "An urgent document was not fetched within {n} minutes",
        "Gọi đầu mối của cơ quan nhận; kiểm tra hệ thống của cơ quan có kết nối không.",
        "Call the recipient's contact; see whether its system is connected.",
        "QĐ 28/2018, Điều 6.2",
    ),
    Rule(
        "not_fetched", "agency", _W, 1, Unit.WORKING_DAYS,
        "Văn bản chưa được lấy sau {n} ngày làm việc", "A document was not fetched for {n} working days",
        "Liên hệ cơ quan nhận; nếu hệ thống hỏng lâu, báo bên gửi gửi bản giấy (Điều 7.1).",
        "Ask the recipient; if its system is down for long, tell the sender to send on paper (Article 7.1).",
        "QĐ 28/2018, Điều 6.2, 8.2",
    ),
    Rule(
        "not_taken", "agency", _W, 60, Unit.MINUTES,
        "Hệ thống nhận báo không nhận được văn bản, quá {n} phút",
        "The recipient's system could not take a document sent more than {n} minutes ago",
        "Xem lý do ở trang Văn bản; phối hợp đơn vị quản trị hệ thống nhận khắc phục.",
        "Read the reason on the page of documents; help the owner of the receiving system.",
        "QĐ 28/2018, Điều 8.2",
    ),
    Rule(
        "refused_by_recipient", "agency", _N, 1, Unit.TIMES,
        "Cơ quan nhận từ chối ít nhất {n} văn bản trong ngày làm việc vừa qua",
        "The recipient refused at least {n} documents within the last working day",
        "Xem lý do từ chối; nếu lặp lại một lý do, hướng dẫn bên gửi.",
        "Read the reasons; where one comes again and again, advise the senders.",
        "QĐ 28/2018, Điều 5.4",
    ),
    Rule(
        "recall_unanswered", "agency", _W, 1, Unit.WORKING_DAYS,
        "Yêu cầu thu hồi chưa được trả lời sau {n} ngày làm việc", "A recall was not answered for {n} working days",
        "Nhắc cơ quan nhận xác nhận đã thu hồi (15) hoặc nêu lý do (16).",
        "Remind the recipient to confirm (15) or to give its reason (16).",
        "QĐ 28/2018, Điều 9.2",
    ),
    Rule(
        "system_silent", "system", _W, 1, Unit.WORKING_DAYS,
        "Hệ thống không liên hệ Trục trong {n} ngày làm việc", "The system was not in contact for {n} working days",
        "Gọi đơn vị quản trị hệ thống; kiểm tra đường truyền, chứng thư, khóa.",
        "Call the system's owner; check the line, certificates and keys.",
        "QĐ 28/2018, Điều 12.2",
    ),
    Rule(
        "clock_skew", "system", _W, 2, Unit.SECONDS,
        "Đồng hồ của hệ thống lệch giờ Trục trên {n} giây", "The system's clock is more than {n} seconds off the hub's",
        "Nhắc đơn vị quản trị đồng bộ giờ hệ thống với Trục (GET /api/v1/time).",
        "Ask its owner to synchronise the clock with the hub (GET /api/v1/time).",
        "QĐ 28/2018, Điều 14.4",
    ),
    Rule(
        "certificate_ending", "seal", _W, 30, Unit.DAYS,
        "Chứng thư con dấu sắp hết hạn trong {n} ngày", "The certificate of a seal ends within {n} days",
        "Nhắc cơ quan xin cấp chứng thư mới và đăng ký với Trục trước ngày hết hạn.",
        "Remind the agency to get a new certificate and to register it before.",
        "QĐ 28/2018, Điều 18",
    ),
    Rule(
        "client_certificate_ending", "system", _W, 30, Unit.DAYS,
        "Chứng thư TLS cuối cùng của hệ thống hết hạn trong {n} ngày",
        "The system's last TLS client certificate ends within {n} days",
        "Nhắc đơn vị quản trị xin cấp và đăng ký chứng thư mới trước ngày hết hạn.",
        "Ask its owner to get a new one and to register it before.",
        "QĐ 28/2018, Điều 13.2",
    ),
    Rule(
        "key_ending", "key", _W, 7, Unit.DAYS,
        "Khóa cuối cùng của hệ thống hết hiệu lực trong {n} ngày", "The system's last key ends within {n} days",
        "Đăng ký khóa mới: lienthong hub system rotate-key.", "Register a new key: lienthong hub system rotate-key.",
        "QĐ 28/2018, Điều 13.2",
    ),
    Rule(
        "quarantine_growing", "system", _W, 80, Unit.PERCENT,
        "Gói tin bị từ chối chiếm trên {n} % chỗ cách ly của hệ thống",
        "Refused packets fill more than {n} % of the system's quarantine",
        "Xem lỗi lặp lại của hệ thống; gói mới bị từ chối sẽ không còn được giữ.",
        "See which fault comes again; further refused packets will not be kept.",
        "QĐ 28/2018, Điều 19.1b",
    ),
    Rule(
        "volume_spike", "system", _N, 5, Unit.TIMES,
        "Hệ thống gửi gấp {n} lần mức thường trong một giờ", "The system sent {n} times as much as usual in an hour",
        "Hỏi đơn vị quản trị hệ thống; nếu là lỗi lặp gửi, tạm ngừng hệ thống.",
        "Ask the system's owner; if it repeats by mistake, suspend it.",
        "QĐ 28/2018, Điều 19.1b",
    ),
    Rule(
        "repeated_refusals", "system", _W, 20, Unit.TIMES,
        "Trục từ chối hệ thống ít nhất {n} lần trong một giờ",
        "The hub refused the system at least {n} times in an hour",
        "Xem mã lỗi; gửi hướng dẫn cho đơn vị quản trị hệ thống.",
        "See which problems; advise the system's owner.",
        "QĐ 28/2018, Điều 19.1b",
    ),
    Rule(
        "invalid_signatures", "system", _C, 5, Unit.TIMES,
        "Ít nhất {n} chữ ký, bản xác nhận sai hoặc nội dung bị đổi trong một giờ",
        "At least {n} signatures or statements that do not hold, or changed contents, in an hour",
        "Liên hệ ngay đơn vị quản trị hệ thống; nghi lộ khóa thì thu hồi khóa.",
        "Call the system's owner at once; if a key may be in other hands, revoke it.",
        "QĐ 28/2018, Điều 16.2, 19.1b",
    ),
    Rule(
        "sign_in_attack", "network", _C, 100, Unit.TIMES,
        "Ít nhất {n} lần xác thực sai từ một dải mạng trong một giờ",
        "At least {n} failed authentications from one network in an hour",
        "Chặn dải mạng ở tường lửa; xem sự kiện an toàn.",
        "Block the network at the firewall; see the security events.",
        "QĐ 28/2018, Điều 16.2",
    ),
    Rule(
        "backlog", "hub", _W, 10_000, Unit.TIMES,
        "Trên {n} lượt giao chưa được xác nhận", "More than {n} deliveries are not acknowledged",
        "Xem hệ thống nào im lặng và tải của Trục.", "See which systems are silent, and the hub's load.",
        "QĐ 28/2018, Điều 12.2",
    ),
    Rule(
        "disk_filling", "hub", _W, 30, Unit.DAYS,
        "Đĩa sẽ đầy trong {n} ngày theo đà tăng gần đây", "The disk will be full within {n} days as it grows now",
        "Mở rộng đĩa, hoặc giảm thời gian giữ nội dung.", "Enlarge the disk, or keep contents for a shorter time.",
        "QĐ 28/2018, Điều 19.1đ",
    ),
    Rule(
        "disk_low", "hub", _C, 10, Unit.PERCENT,
        "Đĩa còn trống dưới {n} %", "Less than {n} % of the disk is free",
        "Mở rộng đĩa ngay; khi đầy, Trục từ chối gói tin mới.",
        "Enlarge the disk now; when it is full, packets are refused.",
        "QĐ 28/2018, Điều 19.1đ",
    ),
    Rule(
        "worker_silent", "node", _C, 300, Unit.SECONDS,
        "Tiến trình nền không hoạt động quá {n} giây", "A worker did nothing for more than {n} seconds",
        "Xem nhật ký của nút; khởi động lại dịch vụ trên nút đó.", "Read the node's log; restart the service there.",
        "QĐ 28/2018, Điều 12.2",
    ),
    Rule(
        "maintenance_overdue", "hub", _W, 0, Unit.MINUTES,
        "Bảo trì kéo dài quá thời điểm đã báo {n} phút", "Maintenance goes on {n} minutes after its announced end",
        "Kết thúc bảo trì, hoặc báo thời điểm mới.", "End it, or announce another time.",
        "QĐ 28/2018, Điều 15.2",
    ),
)  # fmt: skip

BY_CODE: Mapping[str, Rule] = {rule.code: rule for rule in RULES}
