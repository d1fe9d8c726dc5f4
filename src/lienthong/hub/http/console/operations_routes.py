"""The routes of Cảnh báo, Sự cố, hỗ trợ, Thông báo and Vận hành: see `routes`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lienthong.hub.http.console import operations
from lienthong.hub.http.console.access import EVERYONE, STAFF, Route
from lienthong.hub.http.console.frame import Nav
from lienthong.hub.operators import Role

OPERATORS, OFFICERS = frozenset({Role.OPERATOR}), frozenset({Role.AGENCY})

ROUTES = (
    Route(
        "alerts", "canh-bao/", operations.list_alerts, EVERYONE,
        nav=Nav(_("Cảnh báo"), "siren", operations.waiting_alerts),
    ),
    Route(
        "alert-acknowledge", "canh-bao/<int:key>/nhan/", operations.acknowledge_alert, OPERATORS, method="POST",
    ),
    Route("alert-mute", "canh-bao/<int:key>/tam-dung/", operations.mute_alert, OPERATORS, method="POST"),
    Route(
        "desk", "su-co/", operations.desk, EVERYONE, nav=Nav(_("Sự cố, hỗ trợ"), "help", operations.waiting_tickets),
    ),
    Route("incident-open", "su-co/moi/", operations.open_incident, OPERATORS, method="POST"),
    Route("incident-update", "su-co/<int:key>/cap-nhat/", operations.update_incident, OPERATORS, method="POST"),
    Route("ticket-open", "su-co/phieu/moi/", operations.open_ticket, OFFICERS, method="POST"),
    Route("ticket", "su-co/phieu/<int:key>/", operations.one_ticket, EVERYONE),
    Route(
        "ticket-answer", "su-co/phieu/<int:key>/tra-loi/", operations.answer_ticket, OPERATORS | OFFICERS,
        method="POST",
    ),
    Route("notices", "thong-bao/", operations.list_notices, EVERYONE, nav=Nav(_("Thông báo"), "megaphone")),
    Route("notice-publish", "thong-bao/moi/", operations.publish_notice, OPERATORS, method="POST"),
    Route("notice-withdraw", "thong-bao/<int:key>/rut/", operations.withdraw_notice, OPERATORS, method="POST"),
    Route("running", "van-hanh/", operations.running, STAFF, nav=Nav(_("Vận hành"), "gauge")),
    Route("maintenance-on", "van-hanh/bao-tri/", operations.begin_maintenance, OPERATORS, method="POST"),
    Route("maintenance-off", "van-hanh/phuc-vu/", operations.end_maintenance, OPERATORS, method="POST"),
)  # fmt: skip
