"""Sao lưu: which backups there are, which of them were restored, and what stands in the way (Article 19.1đ)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from lienthong.journal import backups
from lienthong.journal.backups import Backup, Standing
from lienthong.office.models import Person, Role
from lienthong.office.web.guards import now, page, show

AGES = timedelta(hours=26)
"""A daily backup is late after this."""
PROOF_AGES = timedelta(days=31)
"""A proof is old after this."""
STANDINGS = {
    Standing.GOOD: ("done", _("Đã khôi phục thử, đúng")),
    Standing.FAULTY: ("stop", _("Khôi phục thử: có sai lệch")),
    Standing.UNPROVEN: ("stop", _("Chưa khôi phục thử: coi như hỏng")),
    Standing.REMOVED: ("back", _("Đã xóa, hết hạn giữ")),
}
CHECKS = {
    "tables": _("bảng dữ liệu"),
    "journal": _("sự kiện nhật ký"),
    "bytes": _("tệp"),
    "signatures": _("tệp đã ký"),
}
PROBLEMS = {
    "backup_tools_missing": _("thiếu chương trình pg_dump đúng phiên bản của máy chủ cơ sở dữ liệu"),
    "backup_target_missing": _("không thấy thư mục đích; kiểm tra ổ lưu trữ đã gắn chưa"),
    "backup_target_unwritable": _("không ghi được vào đích; kiểm tra dung lượng và quyền ghi"),
    "backup_recipients_bad": _("tệp khóa công khai không dùng được"),
    "backup_dump_failed": _("không đọc được toàn bộ cơ sở dữ liệu"),
    "backup_runs": _("một lượt sao lưu khác đang chạy"),
}


@page(Role.ADMINISTRATOR, Role.LEADER, Role.AUDITOR)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    """The backups of this installation, the newest first: facts about files, nothing of their content."""
    known, at = backups.known(), now()
    newest, good, failure = next(iter(known), None), backups.last_good(), backups.last_failure()
    told = settings.LIENTHONG
    context = {
        "rows": [_row(one) for one in known],
        "newest": newest,
        "late": newest is None or newest.made_at < at - AGES,
        "good": good,
        "good_is_old": good is None or good[1] < at - PROOF_AGES,
        "failure": {"at": failure.at, "why": PROBLEMS.get(failure.problem, failure.problem)} if failure else None,
        "target": told.backup_to,
        "hour": told.backup_at,
        "days": told.backup_keep_days,
    }
    return show(request, person, "backups.html", context)


def _row(one: Backup) -> dict[str, Any]:
    kind, words = STANDINGS[one.standing]
    checks = [
        {"what": CHECKS.get(check["name"], check["name"]), "count": check["looked_at"], "faulty": check["faulty"],
         "open": check["open"]}
        for check in one.checks
    ]  # fmt: skip
    return {"backup": one, "kind": kind, "words": words, "checks": checks}
