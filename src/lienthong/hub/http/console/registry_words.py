"""What kinds of agencies, changes, requests, tables and evidence are called on pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
    State.UNDONE.value: ("back", pgettext_lazy("change", "Đã hủy")),
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
