"""Statements of others get a table of their own; what recipients signed until now waits there to be judged."""

import base64
import hashlib
import json
import re
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

AT_ONCE = 2000
KEY_ID = re.compile(r"[A-Za-z0-9_-]{43}")


def keep_what_was_signed(apps: Any, _schema_editor: Any) -> None:
    """In batches: the table of sendings is locked until all is kept."""
    statements = apps.get_model("office", "SignedStatement").objects
    signed = apps.get_model("office", "Transmission").objects.exclude(handover_statement="")
    batch = []
    for one in signed.select_related("recipient__document", "packet").iterator(chunk_size=AT_ONCE):
        batch.append(statements.model(**told_by(one)))
        if len(batch) == AT_ONCE:
            statements.bulk_create(batch)
            batch.clear()
    statements.bulk_create(batch)


def told_by(one: Any) -> dict[str, Any]:
    """What a sending knows of its hand-over, as the row of a statement that waits."""
    document, packet, token = one.recipient.document, one.packet, one.handover_statement
    claim = {
        "event": "ContentHandover",
        "digest": packet.digest,
        "at": one.handed_over.isoformat(),
        "agencies": [one.recipient.code],
        "named": ["delivery_id"],
        "facts": {
            "delivery_id": one.delivery_id,
            "packet_id": packet.packet_id,
            "identifier": packet.identifier,
        },
    }
    return {
        "organization_id": document.organization_id,
        "document": document,
        "kind": "handover",
        "agency": one.recipient.code,
        "token": token,
        "fingerprint": hashlib.sha256(token.encode()).hexdigest(),
        "kid": key_id(token),
        "claim": claim,
        "kept_at": one.handed_over,
        "next_at": one.handed_over,
    }


def key_id(token: str) -> str:
    """The id of the key that a compact JWS names; empty where it names none that could be one."""
    head = token.partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except ValueError:
        return ""
    kid = header.get("kid") if isinstance(header, dict) else None
    return kid if isinstance(kid, str) and KEY_ID.fullmatch(kid) else ""


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0011_named_digests"),
    ]

    operations = [
        migrations.CreateModel(
            name="MemberKey",
            fields=[
                ("kid", models.CharField(max_length=43, primary_key=True, serialize=False)),
                ("facts", models.JSONField(help_text="`evidence.proving.PublishedKey`")),
                ("asked_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.AddField(
            model_name="outboxpacket",
            name="routes",
            field=models.JSONField(
                default=dict, help_text="id of each delivery → the agency that receives, as the hub told"
            ),
        ),
        migrations.CreateModel(
            name="SignedStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("submission", "Bên gửi ký gửi"),
                            ("acceptance", "Trục xác nhận đã nhận gói tin"),
                            ("handover", "Bên nhận ký đã nhận"),
                            ("failure", "Trục xác nhận bên nhận không lấy được"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "status_code",
                    models.CharField(blank=True, help_text="of a status that the packet carries", max_length=2),
                ),
                ("agency", models.CharField(help_text="whose act it tells of, code of the directory", max_length=35)),
                ("token", models.TextField(help_text="compact JWS, as it came")),
                ("fingerprint", models.CharField(help_text="SHA-256 of the token", max_length=64)),
                ("claim", models.JSONField(help_text="what it is to prove, see `office.proofs`")),
                ("kept_at", models.DateTimeField()),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("waiting", "chờ kiểm tra chữ ký"),
                            ("proven", "hợp lệ"),
                            ("attested", "Trục chứng nhận thay"),
                            ("unknown_key", "khóa ký lạ"),
                            ("invalid", "không phải bằng chứng"),
                        ],
                        default="waiting",
                        max_length=11,
                    ),
                ),
                (
                    "fault",
                    models.CharField(
                        blank=True, help_text="why it is no proof (`evidence.proving.Fault`)", max_length=20
                    ),
                ),
                ("kid", models.CharField(blank=True, db_index=True, max_length=43)),
                ("signer", models.CharField(blank=True, max_length=60)),
                ("said_at", models.DateTimeField(blank=True, null=True)),
                ("attested_for", models.CharField(blank=True, max_length=60)),
                ("judged_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                (
                    "next_at",
                    models.DateTimeField(
                        blank=True, help_text="when it is judged (again); none when settled", null=True
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="office.outgoingdocument",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="statements", to="office.organization"
                    ),
                ),
                (
                    "received",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="office.receivedpacket",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)),
                        fields=["next_at"],
                        name="statement_to_be_judged",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("fingerprint", "kind", "document", "received"),
                        name="statement_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fault__gt", ""), ("standing__in", ["invalid", "unknown_key"])),
                            models.Q(("fault", ""), ("standing__in", ["waiting", "proven", "attested"])),
                            _connector="OR",
                        ),
                        name="no_proof_has_its_fault",
                    ),
                ],
            },
        ),
        migrations.RunPython(keep_what_was_signed, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="transmission",
            name="handover_statement",
        ),
    ]
