"""The routes of the directory and of the connected systems, and who may: a part of the table in `routes`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lienthong.hub.http.console import agencies, changes, system_acts, systems, tables, wishes
from lienthong.hub.http.console.access import EVERYONE, STAFF, Route
from lienthong.hub.http.console.frame import Nav
from lienthong.hub.models import ChangeRequest
from lienthong.hub.operators import Officer, Role

REGISTRY = frozenset({Role.REGISTRY})
AGENCY = frozenset({Role.AGENCY})
ACTING = frozenset(systems.ACTING)


def _requests(officer: Officer) -> int | None:
    """Requests that wait for who decides them."""
    return ChangeRequest.objects.filter(state="filed").count() or None if officer.role is Role.REGISTRY else None


_ONE = "co-quan/ma/<str:code>/"
_CHANGE = "co-quan/thay-doi/"
_WISH = "co-quan/yeu-cau/"
_TABLE = "co-quan/bang/"
_SYSTEM = "he-thong/ma/<str:code>/"

ROUTES = (
    Route("agencies", "co-quan/", agencies.page, EVERYONE, nav=Nav(pgettext_lazy("nav", "Cơ quan"), "bank", _requests)),
    Route("agencies-branch", "co-quan/nhanh/<str:code>/", agencies.branch, EVERYONE),
    Route("agencies-search", "co-quan/tim/", agencies.search, EVERYONE),
    Route("level-one", "co-quan/cap-1/", agencies.level_one_table, EVERYONE),
    Route("agency-new", "co-quan/them/", agencies.add, REGISTRY),
    Route("agency-add", "co-quan/them/ghi/", agencies.add_it, REGISTRY, method="POST"),
    Route("agency", _ONE, agencies.agency, EVERYONE),
    Route("agency-seal", f"{_ONE}chung-thu/", agencies.register_seal, REGISTRY, method="POST"),
    Route("agency-gateway", f"{_ONE}dau-moi/", agencies.set_gateway, REGISTRY, method="POST"),
    Route("agency-readiness", f"{_ONE}dieu-kien/", agencies.note_readiness, REGISTRY, method="POST"),
    Route("changes", _CHANGE, changes.page, STAFF),
    Route("change-new", f"{_CHANGE}lap/", changes.form, REGISTRY),
    Route("change-preview", f"{_CHANGE}xem-truoc/", changes.preview, REGISTRY, method="POST"),
    Route("change-file", f"{_CHANGE}ghi/", changes.file, REGISTRY, method="POST"),
    Route("change-undo", f"{_CHANGE}<int:number>/huy/", changes.undo, REGISTRY, method="POST"),
    Route("requests", _WISH, wishes.page, EVERYONE),
    Route("request-new", f"{_WISH}lap/", wishes.form, AGENCY),
    Route("request-file", f"{_WISH}gui/", wishes.file, AGENCY, method="POST"),
    Route("request", f"{_WISH}<int:number>/", wishes.request_page, EVERYONE),
    Route("request-approve", f"{_WISH}<int:number>/duyet/", wishes.approve, REGISTRY, method="POST"),
    Route("request-refuse", f"{_WISH}<int:number>/tu-choi/", wishes.refuse, REGISTRY, method="POST"),
    Route("tables", _TABLE, tables.page, STAFF),
    Route("table-give", f"{_TABLE}tai-len/", tables.give, REGISTRY, method="POST"),
    Route("agencies-export", f"{_TABLE}xuat/<str:kind>/", tables.give_out, STAFF),
    Route("table", f"{_TABLE}<int:number>/", tables.table, STAFF),
    Route("table-progress", f"{_TABLE}<int:number>/tien-do/", tables.progress, STAFF, asks_by_itself=True),
    Route("table-report", f"{_TABLE}<int:number>/dong-bi-tu-choi.csv", tables.report, STAFF),
    Route("table-confirm", f"{_TABLE}<int:number>/nhap/", tables.confirm, REGISTRY, method="POST"),
    Route("table-drop", f"{_TABLE}<int:number>/bo/", tables.drop, REGISTRY, method="POST"),
    Route("systems", "he-thong/", systems.page, EVERYONE, nav=Nav(_("Hệ thống kết nối"), "server")),
    Route("system-new", "he-thong/them/", system_acts.add, REGISTRY),
    Route("system-add", "he-thong/them/ghi/", system_acts.add_it, REGISTRY, method="POST"),
    Route("system", _SYSTEM, systems.system, EVERYONE),
    Route("system-serve", f"{_SYSTEM}co-quan/", system_acts.serve, REGISTRY, method="POST"),
    Route("system-doors", f"{_SYSTEM}cong/", system_acts.set_doors, ACTING, method="POST"),
    Route("system-networks", f"{_SYSTEM}mang/", system_acts.set_networks, ACTING, method="POST"),
    Route("system-limits", f"{_SYSTEM}gioi-han/", system_acts.set_limits, ACTING, method="POST"),
    Route("system-approval", f"{_SYSTEM}tu-duyet/", system_acts.set_approval, REGISTRY, method="POST"),
    Route("system-suspend", f"{_SYSTEM}tam-ngung/", system_acts.suspend, ACTING, method="POST"),
    Route("system-resume", f"{_SYSTEM}hoat-dong/", system_acts.resume, ACTING, method="POST"),
    Route("system-secret", f"{_SYSTEM}khoa-chung/", system_acts.change_secret, ACTING, method="POST"),
    Route("system-key", f"{_SYSTEM}khoa/", system_acts.add_key, ACTING, method="POST"),
    Route("system-revoke", f"{_SYSTEM}thu-hoi-khoa/", system_acts.revoke_key, ACTING, method="POST"),
    Route("system-webhook", f"{_SYSTEM}diem-nhan/", system_acts.turn_webhook, ACTING, method="POST"),
    Route("system-webhook-test", f"{_SYSTEM}diem-nhan/thu/", system_acts.test_webhook, ACTING, method="POST"),
    Route("system-replay", f"{_SYSTEM}giu-lai/<int:number>/", system_acts.propose_replay, ACTING, method="POST"),
    Route("system-declare", f"{_SYSTEM}hop-quy/", system_acts.declare, REGISTRY, method="POST"),
    Route("system-standing", f"{_SYSTEM}cap-do/", system_acts.set_standing, REGISTRY, method="POST"),
)
