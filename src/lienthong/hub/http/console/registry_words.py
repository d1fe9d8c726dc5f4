"""What kinds of agencies, changes, evidence and events of the registry are called on pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lienthong.hub.models import CodeChange
from lienthong.standards.agencies import Category, Grade

Kind, State = CodeChange.Kind, CodeChange.State

CATEGORY_WORDS = {
    Category.MINISTRY.value: _("Bộ, cơ quan ngang bộ"),
    Category.GOVERNMENT.value: _("Cơ quan thuộc Chính phủ"),
    Category.COMMITTEE.value: _("Ủy ban nhân dân"),
    Category.UNIT.value: _("Đơn vị thuộc, trực thuộc"),
    Category.OTHER.value: _("Cơ quan, tổ chức khác (Điều 2.2)"),
    Category.MANDATE.value: _("Chức danh, tập thể có đầu mối tiếp nhận (Điều 7.3)"),
}
GRADE_WORDS = {
    Grade.LAW: ("done", _("Văn bản pháp luật")),
    Grade.VENDOR: ("move", _("Mã nguồn công khai của nhà cung cấp")),
    Grade.RECALL: ("warn", _("Chưa kiểm chứng")),
}
"""What a line of the first level rests on: the disc, and the words."""
CHANGE_WORDS = {
    Kind.OPEN.value: _("Thành lập"),
    Kind.RENAME.value: _("Đổi tên"),
    Kind.MOVE.value: _("Chuyển cơ quan cấp trên"),
    Kind.MERGE.value: _("Sáp nhập"),
    Kind.SPLIT.value: _("Chia, tách"),
    Kind.CLOSE.value: _("Giải thể"),
}
CHANGE_STATES = {
    State.PLANNED.value: ("wait", _("Chờ hiệu lực")),
    State.IN_FORCE.value: ("done", _("Đã có hiệu lực")),
    State.UNDONE.value: ("back", _("Đã hủy")),
}
REQUEST_STATES = {
    "filed": ("wait", _("Chờ duyệt")),
    "applied": ("done", _("Đã áp dụng")),
    "refused": ("stop", _("Từ chối")),
}
TABLE_STATES = {
    "to_check": ("move", _("Đang kiểm tra")),
    "checked": ("warn", _("Chờ xác nhận")),
    "to_take": ("move", _("Đang nhập")),
    "taken": ("done", _("Đã nhập")),
    "failed": ("stop", _("Không đọc được")),
    "dropped": ("back", _("Đã bỏ")),
}
REGISTRY_EVENTS = {
    "agency.added": _("thêm hoặc sửa cơ quan"),
    "agency.seal_registered": _("đăng ký chứng thư con dấu"),
    "agency.change_filed": _("nhận yêu cầu thay đổi"),
    "agency.change_applied": _("duyệt yêu cầu"),
    "agency.change_refused": _("từ chối yêu cầu"),
    "agency.readiness_noted": _("ghi kết quả kiểm tra điều kiện tham gia"),
    "agency.routing_set": _("đặt đầu mối tiếp nhận"),
    "code_change.filed": _("lập thay đổi mã"),
    "code_change.in_force": _("thay đổi mã có hiệu lực"),
    "code_change.undone": _("hủy thay đổi mã"),
    "system.added": _("kết nối hệ thống hoặc đổi cơ quan phục vụ"),
    "system.key_added": _("thêm khóa công khai"),
    "system.key_retired": _("hẹn ngừng khóa cũ"),
    "system.key_revoked": _("thu hồi khóa"),
    "system.secret_changed": _("đổi khóa dùng chung"),
    "system.policy_changed": _("đổi cổng, mạng hoặc giới hạn"),
    "system.suspended": _("tạm ngừng"),
    "system.resumed": _("cho hoạt động lại"),
    "system.declared": _("đăng ký công bố hợp quy"),
    "system.standing_set": _("ghi cấp độ hoặc thí điểm"),
    "system.undeclared_connected": _("kết nối khi chưa có công bố hợp quy"),
    "packet.refused": _("gói tin bị từ chối"),
    "packet.destroyed": _("gói tin có dấu mật, đã hủy"),
}
"""Events of agencies, of changes of codes and of systems."""
