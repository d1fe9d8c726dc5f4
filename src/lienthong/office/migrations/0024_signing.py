"""Signing from afar, and keys as a second step at sign-in."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0023_administration"),
    ]

    operations = [
        migrations.AlterField(
            model_name="secondfactor",
            name="secret",
            field=models.BinaryField(help_text="encrypted with the installation's key; empty: there are keys alone"),
        ),
        migrations.AlterField(
            model_name="signingkey",
            name="kind",
            field=models.CharField(
                choices=[
                    ("none", "chưa gắn khóa"),
                    ("pkcs12", "tệp PKCS#12"),
                    ("pkcs11", "thiết bị PKCS#11"),
                    ("remote", "ký số từ xa"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("credential", models.BinaryField(help_text="its identifier", unique=True)),
                ("data", models.BinaryField(help_text="attested credential data: identifier and public key")),
                (
                    "counter",
                    models.BigIntegerField(default=0, help_text="of its last use: one that does not grow was copied"),
                ),
                ("added_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "factor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="passkeys", to="office.secondfactor"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="RemoteRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Đang gửi yêu cầu"),
                            ("waiting", "Đang chờ ký từ xa"),
                            ("allowed", "Đã đồng ý, đang ký"),
                            ("signed", "Đã có chữ ký, đang ghi"),
                            ("done", "Đã xong"),
                            ("cancelled", "Đã hủy"),
                            ("lapsed", "Quá hạn"),
                            ("failed", "Không ký được"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                (
                    "handle",
                    models.BinaryField(
                        blank=True, help_text="by which the service is asked whether they agreed", null=True
                    ),
                ),
                ("consent", models.BinaryField(blank=True, help_text="signature activation data", null=True)),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("claimed_until", models.DateTimeField(help_text="until when whoever took it in hand has it alone")),
                ("why", models.CharField(blank=True, help_text="why it ended without signatures", max_length=300)),
                ("why_en", models.CharField(blank=True, max_length=300)),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remote_requests",
                        to="office.signingkey",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="remote_requests", to="office.person"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="RemoteService",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.CharField(max_length=30, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("address", models.CharField(help_text="up to and with /csc/v2", max_length=300)),
                ("client_id", models.CharField(max_length=200)),
                ("secret", models.BinaryField(help_text="encrypted with the installation's key")),
                ("active", models.BooleanField(default=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remote_services",
                        to="office.organization",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="RemoteCredential",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("credential", models.CharField(help_text="its name at the service", max_length=300)),
                (
                    "chain",
                    models.JSONField(default=list, help_text="the issuers' certificates, base64 of DER, nearest first"),
                ),
                ("algorithm", models.CharField(help_text="OID by which the service signs", max_length=60)),
                (
                    "asks",
                    models.JSONField(
                        default=list,
                        help_text="what the owner types here: id, label; empty: they agree at the service, on their phone",
                    ),
                ),
                (
                    "most",
                    models.PositiveSmallIntegerField(default=1, help_text="signatures that one consent may allow"),
                ),
                (
                    "key",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="credential", to="office.signingkey"
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credentials",
                        to="office.remoteservice",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RemoteSigning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("prepared", models.CharField(help_text="digest of the prepared file", max_length=64)),
                (
                    "start",
                    models.PositiveBigIntegerField(
                        help_text="where the kept place begins in it, and `end` where it ends"
                    ),
                ),
                ("end", models.PositiveBigIntegerField()),
                (
                    "attributes",
                    models.BinaryField(help_text="signed attributes, DER: their SHA-256 is what the service signs"),
                ),
                ("signature", models.BinaryField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Đang chờ ký từ xa"), ("signed", "Đã ký"), ("dropped", "Chưa ký")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=300)),
                ("why_en", models.CharField(blank=True, max_length=300)),
                (
                    "approved",
                    models.ForeignKey(
                        help_text="what is signed",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.version",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remote_signings",
                        to="office.outgoingdocument",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signings", to="office.remoterequest"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="remoterequest",
            index=models.Index(
                condition=models.Q(("state__in", ("asked", "waiting", "allowed", "signed"))),
                fields=["claimed_until"],
                name="remote_open",
            ),
        ),
        migrations.AddIndex(
            model_name="remoterequest",
            index=models.Index(fields=["person", "-id"], name="remote_of_person"),
        ),
        migrations.AddConstraint(
            model_name="remoterequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["asked", "waiting", "allowed", "signed", "done", "cancelled", "lapsed", "failed"])
                ),
                name="remote_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="remoterequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("asked", "waiting", "allowed", "signed")),
                    models.Q(("consent", None), ("handle", None)),
                    _connector="OR",
                ),
                name="remote_secrets_end_with_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="remotesigning",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("document",), name="remote_signing_open_once"
            ),
        ),
    ]
