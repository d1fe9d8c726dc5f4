"""Two documents may exchange their packets in one statement: the constraint is looked at when the statement is over."""

from django.db import migrations

from lienthong.office.migrations._guards import PACKET_ONCE

BACKWARD = """
ALTER TABLE office_incomingdocument DROP CONSTRAINT incoming_packet_once;
ALTER TABLE office_incomingdocument ADD CONSTRAINT office_incomingdocument_packet_id_key UNIQUE (packet_id);
"""


class Migration(migrations.Migration):
    dependencies = [("office", "0001_initial")]
    operations = [migrations.RunSQL(PACKET_ONCE, BACKWARD)]
