"""The native API, `/api/v1` (docs/reference/native-api.md): its routes, its description and its catalogue of
refusals. The views are in the modules beside; they parse, call and answer, and the rules are inside."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from lienthong.hub.http import (
    catalogue,
    deliveries,
    desk,
    directory,
    journal,
    monitoring,
    openapi,
    packets,
    published,
    quarantine,
    sandbox,
    tokens,
    webhooks,
)
from lienthong.hub.http import uploads as uploading
from lienthong.hub.http.described import described
from lienthong.hub.http.edge import (
    answer,
    nowhere,
    route,
)
from lienthong.protocol import messages


def show_description(_request: HttpRequest) -> HttpResponseBase:
    """This API as an OpenAPI 3.1 document."""
    return answer(_description(settings.LIENTHONG.address, settings.LIENTHONG.sandbox))


@cache
def _description(address: str, with_sandbox: bool) -> dict[str, Any]:
    routes = {**DESCRIBED, **sandbox.DESCRIBED} if with_sandbox else DESCRIBED
    return openapi.document(routes, address=address, version=version("lienthong"))


@described(answers={200: messages.ProblemKinds})
def list_problems(_request: HttpRequest) -> HttpResponseBase:
    """The catalogue of refusals: what each means, and what to do next."""
    return answer(
        messages.ProblemKinds(tuple(catalogue.kinds({**DESCRIBED, **sandbox.DESCRIBED}, settings.LIENTHONG.address)))
    )


DESCRIBED = {
    **tokens.DESCRIBED,
    "time": route(get=published.show_time),
    "keys": route(get=published.show_keys),
    "keys/<str:kid>": route(get=published.show_key),
    "hub": route(get=published.show_hub),
    "standards": route(get=published.show_standards),
    "problems": route(get=list_problems),
    "codes": route(get=published.list_codes),
    "agencies": route(get=directory.list_agencies),
    "agencies/search": route(get=directory.search_agencies),
    "agencies/changes": route(get=directory.list_agency_changes),
    "packets": route(post=packets.submit),
    "packets/<str:packet_id>": route(get=packets.show_packet),
    "inbox": route(get=deliveries.list_inbox),
    "deliveries/<str:delivery_id>/packet": route(get=deliveries.fetch),
    "deliveries/<str:delivery_id>/ack": route(post=deliveries.acknowledge),
    "deliveries/<str:delivery_id>/fail": route(post=deliveries.refuse),
    "acknowledgements": route(post=deliveries.acknowledge_together),
    "changes": route(get=deliveries.list_changes),
    "security-events": route(get=monitoring.list_security_events),
    **uploading.DESCRIBED,
    **desk.DESCRIBED,
    **webhooks.DESCRIBED,
    **quarantine.DESCRIBED,
    **journal.DESCRIBED,
}
"""Every route of the API: what is here is served, and stands in its description."""

ROUTES = {
    **DESCRIBED,
    **sandbox.DESCRIBED,
    "openapi.json": route(get=show_description),
    "<path:elsewhere>": route(**dict.fromkeys(("get", "head", "post", "put", "patch", "delete"), nowhere)),
}
