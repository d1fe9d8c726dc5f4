"""What an agency has exchanged, counted from what is kept; pilots apart (Article 21.1), mergers without a break."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from lienthong.hub.agencies import Directory


@dataclass(frozen=True)
class Figures:
    """New documents of an agency and all that it follows.

    Attributes:
        agencies: whose figures these are: the agency and those merged into it.
        sent, received: documents sent; hand-overs received and acknowledged. Without the pilots'.
        pilot_sent, pilot_received: where the sending or the receiving system is a pilot.
    """

    agencies: tuple[str, ...]
    sent: int
    received: int
    pilot_sent: int
    pilot_received: int


def of_agency(code: str, directory: Directory, *, since: datetime, until: datetime) -> Figures:
    """Count what an agency, with its predecessors, has sent and received in a period."""
    lineage = sorted(directory.lineage(code))
    with connection.cursor() as cursor:
        cursor.execute(_SENT, [lineage, since, until])
        sent, pilot_sent = cursor.fetchone()
        cursor.execute(_RECEIVED, [lineage, since, until])
        received, pilot_received = cursor.fetchone()
    return Figures(tuple(lineage), sent, received, pilot_sent, pilot_received)


_SENT = """
SELECT count(*) FILTER (WHERE NOT coalesce(s.pilot, false)), count(*) FILTER (WHERE s.pilot)
FROM hub_packet p LEFT JOIN hub_standing s ON s.system_id = p.system_id
WHERE p.sender_id = ANY(%s) AND p.kind = 'document' AND p.business_type = 0
  AND p.submitted_at >= %s AND p.submitted_at < %s
"""
_RECEIVED = """
SELECT count(*) FILTER (WHERE NOT (coalesce(s.pilot, false) OR coalesce(r.pilot, false))),
       count(*) FILTER (WHERE s.pilot OR r.pilot)
FROM hub_delivery d JOIN hub_packet p ON p.id = d.packet_id JOIN hub_agency a ON a.code = d.agency_id
LEFT JOIN hub_standing s ON s.system_id = p.system_id LEFT JOIN hub_standing r ON r.system_id = a.system_id
WHERE d.agency_id = ANY(%s) AND d.state = 'done' AND p.kind = 'document' AND p.business_type = 0
  AND d.submitted_at >= %s AND d.submitted_at < %s
"""
