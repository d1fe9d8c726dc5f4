"""The tables."""

import uuid

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lienthong.journal.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Agency",
            fields=[
                ("code", models.CharField(max_length=35, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("open", models.BooleanField(default=True)),
                (
                    "single_gateway",
                    models.BooleanField(
                        default=False, help_text="receives for everyone below it; they are not addressed (Article 21.2)"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("ministry", "Bộ, cơ quan ngang bộ"),
                            ("government", "Cơ quan thuộc Chính phủ"),
                            ("committee", "Ủy ban nhân dân"),
                            ("unit", "Đơn vị thuộc, trực thuộc"),
                            ("other", "Cơ quan, tổ chức khác (Điều 2.2)"),
                            ("mandate", "Chức danh, tập thể có đầu mối tiếp nhận (Điều 7.3)"),
                        ],
                        default="unit",
                        max_length=12,
                    ),
                ),
                ("added_at", models.DateTimeField()),
                (
                    "ended_at",
                    models.DateTimeField(blank=True, help_text="merged, split or closed: since when", null=True),
                ),
                (
                    "search_key",
                    models.TextField(
                        default="", help_text="name and spellings without diacritics, a space before each word"
                    ),
                ),
                (
                    "changed",
                    models.BigIntegerField(
                        db_default=lienthong.journal.models.CurrentTransaction(),
                        help_text="transaction of the last change; kept by a trigger",
                    ),
                ),
                (
                    "gateway",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hub.agency",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hub.agency",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        help_text="an open agency with a successor forwards; a closed one refuses and names it",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hub.agency",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AlertChannel",
            fields=[
                ("kind", models.CharField(max_length=8, primary_key=True, serialize=False)),
                (
                    "address",
                    models.CharField(
                        help_text="smtp://… without a password, or the endpoint's address", max_length=400
                    ),
                ),
                ("sender", models.CharField(blank=True, max_length=200)),
                ("recipients", models.JSONField(default=list)),
                ("secret", models.BinaryField(blank=True, default=b"", help_text="encrypted, see `hub.secrets`")),
                ("least", models.CharField(default="warning", help_text="severity from which it tells", max_length=8)),
                ("due_at", models.DateTimeField(help_text="not before; whoever moves it has the turn")),
                ("failures", models.PositiveIntegerField(default=0, help_text="in a row")),
                ("last_error", models.CharField(blank=True, max_length=200)),
                ("last_sent_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="DiskSample",
            fields=[
                ("hour", models.DateTimeField(primary_key=True, serialize=False)),
                ("free", models.PositiveBigIntegerField(help_text="bytes")),
                ("size", models.PositiveBigIntegerField(help_text="bytes")),
            ],
        ),
        migrations.CreateModel(
            name="HubKey",
            fields=[
                ("kid", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("jwk", models.BinaryField(help_text="private JWK, encrypted, see `hub.secrets`")),
                ("made_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Measured",
            fields=[
                ("name", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("due_at", models.DateTimeField()),
                ("at", models.DateTimeField(blank=True, help_text="when the samples were taken", null=True)),
                ("samples", models.JSONField(default=list, help_text="[name, labels, value], as Prometheus is told")),
            ],
        ),
        migrations.CreateModel(
            name="Monitor",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                (
                    "token_hash",
                    models.CharField(help_text="SHA-256; the token itself is kept nowhere", max_length=64, unique=True),
                ),
                ("added_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_read_at", models.DateTimeField(blank=True, help_text="to the minute", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RuleValue",
            fields=[
                ("rule", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("value", models.FloatField()),
                ("set_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="System",
            fields=[
                ("code", models.CharField(max_length=35, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("native", models.BooleanField(default=True, help_text="may use the native API")),
                ("vxp", models.BooleanField(default=False, help_text="may use the door of existing client software")),
                ("vxp_secret", models.BinaryField(blank=True, default=b"", help_text="encrypted, see `hub.secrets`")),
                (
                    "vxp_secret_before",
                    models.BinaryField(blank=True, default=b"", help_text="the one before, while it still opens"),
                ),
                ("vxp_secret_before_until", models.DateTimeField(blank=True, null=True)),
                (
                    "old_codes",
                    models.BooleanField(default=True, help_text="lists at the VXP door use the 13-character spelling"),
                ),
                ("added_at", models.DateTimeField()),
                (
                    "auto_approves",
                    models.BooleanField(default=False, help_text="what it registers in its own subtree holds at once"),
                ),
                (
                    "networks",
                    models.JSONField(
                        blank=True, default=list, help_text="CIDR ranges that it calls from; none for anywhere"
                    ),
                ),
                ("requests_per_minute", models.PositiveIntegerField(blank=True, null=True)),
                ("largest_packet", models.PositiveBigIntegerField(blank=True, help_text="bytes", null=True)),
                ("suspended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "suspended_for",
                    models.CharField(blank=True, help_text="the reason, as the system is told", max_length=200),
                ),
                ("last_contact_at", models.DateTimeField(blank=True, help_text="to the minute", null=True)),
                ("last_contact_door", models.CharField(blank=True, max_length=6)),
                (
                    "certificate_required",
                    models.BooleanField(default=False, help_text="lets nobody in without a registered one"),
                ),
                (
                    "clock_skew_ms",
                    models.IntegerField(
                        blank=True, help_text="how far its clock is ahead of the hub's, as last measured", null=True
                    ),
                ),
                ("clock_measured_at", models.DateTimeField(blank=True, help_text="to the minute", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "at", "name", "part", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(help_text="the minute's beginning")),
                ("name", models.CharField(max_length=60)),
                (
                    "part",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="urgency, clause or span of waiting, as the name says"
                    ),
                ),
                ("value", models.PositiveBigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="UsedAssertion",
            fields=[
                ("jti", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="WebhookCursor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transaction", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Worker",
            fields=[
                ("node", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField()),
                ("round_at", models.DateTimeField(help_text="when it last finished a round")),
                ("round_ms", models.PositiveIntegerField(default=0)),
                ("failed_rounds", models.PositiveIntegerField(default=0, help_text="since it was started")),
            ],
        ),
        migrations.CreateModel(
            name="Readiness",
            fields=[
                (
                    "agency",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="readiness",
                        serialize=False,
                        to="hub.agency",
                    ),
                ),
                ("infrastructure", models.BooleanField()),
                ("technology", models.BooleanField()),
                ("security", models.BooleanField()),
                ("note", models.CharField(blank=True, max_length=400)),
                ("checked_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=30)),
                ("severity", models.CharField(max_length=8)),
                ("subject_kind", models.CharField(max_length=20)),
                ("subject", models.CharField(max_length=120)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "chưa ai xử lý"),
                            ("acknowledged", "đang xử lý"),
                            ("muted", "tạm không nhắc"),
                            ("resolved", "đã hết"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("facts", models.JSONField(default=dict, help_text="what was found, for people; never content")),
                ("opened_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("acknowledged_by", models.CharField(blank=True, max_length=60)),
                ("muted_until", models.DateTimeField(blank=True, null=True)),
                ("muted_for", models.CharField(blank=True, help_text="why", max_length=200)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["-opened_at", "-id"], name="alerts_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "resolved"), _negated=True),
                        fields=("rule", "subject_kind", "subject"),
                        name="one_live_alert",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_at__isnull", False), ("state", "resolved")),
                            models.Q(models.Q(("state", "resolved"), _negated=True), ("resolved_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="alert_resolved_has_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "muted"), _negated=True),
                            models.Q(("muted_until__isnull", False), models.Q(("muted_for", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="alert_muted_has_reason_and_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "acknowledged"), _negated=True),
                            models.Q(("acknowledged_by", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="alert_acknowledged_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Alias",
            fields=[
                ("spelling", models.CharField(max_length=35, primary_key=True, serialize=False)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="aliases", to="hub.agency"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("system", models.CharField(max_length=35)),
                ("at", models.DateTimeField()),
                ("door", models.CharField(max_length=6)),
                ("operation", models.CharField(max_length=80)),
                ("status", models.PositiveSmallIntegerField()),
                ("problem", models.CharField(blank=True, max_length=40)),
                ("milliseconds", models.PositiveIntegerField()),
                ("received", models.PositiveBigIntegerField()),
                ("sent", models.PositiveBigIntegerField(null=True)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("key_hash", models.CharField(blank=True, max_length=64)),
                ("packet", models.CharField(blank=True, max_length=36)),
                ("delivery", models.CharField(blank=True, max_length=36)),
            ],
            options={
                "indexes": [models.Index(fields=["system", "-id"], name="calls_newest")],
            },
        ),
        migrations.CreateModel(
            name="CodeChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("open", "thành lập"),
                            ("rename", "đổi tên"),
                            ("move", "chuyển cơ quan cấp trên"),
                            ("merge", "sáp nhập"),
                            ("split", "chia, tách"),
                            ("close", "giải thể"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "chờ hiệu lực"),
                            ("in_force", "đã có hiệu lực"),
                            ("undone", "đã hủy trước ngày hiệu lực"),
                        ],
                        default="planned",
                        max_length=8,
                    ),
                ),
                ("codes", models.JSONField(help_text="the codes that change")),
                (
                    "into",
                    models.JSONField(
                        default=list, help_text="successors, the one that receives first; for a move the new parent"
                    ),
                ),
                ("name", models.CharField(blank=True, help_text="the new name", max_length=200)),
                (
                    "units",
                    models.CharField(
                        choices=[
                            ("move", "đơn vị trực thuộc giữ mã, chuyển sang cơ quan kế thừa"),
                            ("forward", "mã của đơn vị trực thuộc cũng chuyển tiếp đến cơ quan kế thừa"),
                        ],
                        default="move",
                        max_length=8,
                    ),
                ),
                ("effective_on", models.DateField(help_text="as the decision says")),
                ("effective_at", models.DateTimeField(help_text="the beginning of that day in Vietnam")),
                ("decision", models.CharField(help_text="number and notation of the decision", max_length=200)),
                ("filed_at", models.DateTimeField()),
                ("filed_by", models.CharField(max_length=60)),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, help_text="when it came into force, or was undone", null=True),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "planned")),
                        fields=["effective_at", "id"],
                        name="codechange_planned",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["codes"], name="codechange_codes", opclasses=["jsonb_path_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["into"], name="codechange_into", opclasses=["jsonb_path_ops"]
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormerName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("until", models.DateTimeField()),
                ("decision", models.CharField(blank=True, max_length=200)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="former_names", to="hub.agency"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HubMode",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("sandbox", models.BooleanField()),
                ("settled_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_mode")],
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("title_en", models.CharField(blank=True, max_length=200)),
                (
                    "impact",
                    models.CharField(
                        choices=[
                            ("minor", "chậm, ảnh hưởng nhỏ"),
                            ("major", "một phần không dùng được"),
                            ("critical", "không trao đổi được văn bản"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("investigating", "đang xác minh"),
                            ("identified", "đã rõ nguyên nhân"),
                            ("monitoring", "đã khắc phục, đang theo dõi"),
                            ("resolved", "đã kết thúc"),
                        ],
                        default="investigating",
                        max_length=13,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["-started_at"], name="incidents_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_at__isnull", False), ("state", "resolved")),
                            models.Q(models.Q(("state", "resolved"), _negated=True), ("resolved_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="incident_resolved_has_its_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentUpdate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("investigating", "đang xác minh"),
                            ("identified", "đã rõ nguyên nhân"),
                            ("monitoring", "đã khắc phục, đang theo dõi"),
                            ("resolved", "đã kết thúc"),
                        ],
                        max_length=13,
                    ),
                ),
                ("text", models.CharField(max_length=2000)),
                ("text_en", models.CharField(blank=True, max_length=2000)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="updates", to="hub.incident"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IntakeHour",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hour", models.DateTimeField()),
                ("system", models.CharField(max_length=35)),
                ("packets", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("hour", "system"), name="intake_of_an_hour")],
            },
        ),
        migrations.CreateModel(
            name="Maintenance",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("reason", models.CharField(help_text="as members are told", max_length=200)),
                (
                    "until",
                    models.DateTimeField(
                        blank=True, help_text="what members are told; it ends by an act alone", null=True
                    ),
                ),
                ("reads", models.BooleanField(default=False, help_text="fetching and acknowledging stop as well")),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_maintenance")],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("maintenance", "bảo trì"), ("rules", "thay đổi quy định, chuẩn"), ("other", "khác")],
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("title_en", models.CharField(blank=True, max_length=200)),
                ("text", models.CharField(max_length=4000)),
                ("text_en", models.CharField(blank=True, max_length=4000)),
                ("starts_at", models.DateTimeField(blank=True, null=True)),
                ("ends_at", models.DateTimeField(blank=True, help_text="after this it is shown no more", null=True)),
                ("published_at", models.DateTimeField()),
                ("published_by", models.CharField(max_length=60)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=lienthong.journal.models.CurrentTransaction(), help_text="of the last change"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["transaction", "id"], name="notice_feed")],
            },
        ),
        migrations.CreateModel(
            name="Packet",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("door", models.CharField(choices=[("native", "native"), ("vxp", "vxp")], max_length=6)),
                ("kind", models.CharField(choices=[("document", "document"), ("status", "status")], max_length=8)),
                ("business_type", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("status_code", models.CharField(blank=True, max_length=2)),
                ("sender_written", models.CharField(max_length=35)),
                (
                    "identifier",
                    models.CharField(help_text="of the document, for a status: of the one it is about", max_length=200),
                ),
                ("number", models.CharField(max_length=60)),
                ("issued_on", models.DateField(blank=True, null=True)),
                ("kind_name", models.CharField(blank=True, max_length=100)),
                ("urgency", models.PositiveSmallIntegerField(default=0)),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("submitted_at", models.DateTimeField(db_index=True)),
                (
                    "statement",
                    models.TextField(blank=True, help_text="the sender's signed request; empty where it cannot sign"),
                ),
                ("receipt", models.TextField(help_text="the hub's signed acceptance")),
                ("content_removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "content_removed_for",
                    models.CharField(
                        blank=True,
                        choices=[("retention", "hết thời hạn lưu"), ("secret", "có dấu chỉ độ mật")],
                        max_length=10,
                    ),
                ),
                (
                    "keep_until",
                    models.DateTimeField(
                        blank=True,
                        help_text="when it is next asked whether the content may go; kept without it",
                        null=True,
                    ),
                ),
                (
                    "about",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amended_by",
                        to="hub.packet",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hub.agency",
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hub.system",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("content_removed_at__isnull", True)),
                        fields=["keep_until"],
                        name="content_due",
                    ),
                    models.Index(
                        condition=models.Q(("content_removed_for", "secret")),
                        fields=["content_removed_at"],
                        name="content_destroyed",
                    ),
                    models.Index(fields=["identifier", "sender"], name="packet_by_identifier"),
                    models.Index(fields=["sender", "number", "issued_on"], name="packet_by_number"),
                    models.Index(fields=["sender", "submitted_at", "id"], name="packet_by_sender"),
                    models.Index(fields=["system", "submitted_at", "id"], name="packet_by_system"),
                    models.Index(
                        condition=models.Q(("kind", "document")),
                        fields=["number"],
                        name="packet_by_its_number",
                        opclasses=["varchar_pattern_ops"],
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("recipient", models.CharField(help_text="as the sender wrote it", max_length=35)),
                ("kind", models.CharField(max_length=8)),
                ("urgency", models.PositiveSmallIntegerField()),
                ("submitted_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("initial", "Chờ bên nhận lấy"),
                            ("processing", "Bên nhận đang lấy"),
                            ("done", "Đã giao"),
                            ("fail", "Bên nhận báo lỗi"),
                            ("withdrawn", "Đã rút trước khi giao"),
                        ],
                        default="initial",
                        max_length=10,
                    ),
                ),
                ("fetched_at", models.DateTimeField(blank=True, null=True)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "statement",
                    models.TextField(
                        blank=True, help_text="the recipient's signed hand-over, or the hub's attestation"
                    ),
                ),
                ("receipt", models.TextField(blank=True, help_text="the hub's signed hand-over for the recipient")),
                ("failure", models.CharField(blank=True, max_length=400)),
                (
                    "agency",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        help_text="who receives",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hub.agency",
                    ),
                ),
                (
                    "packet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="hub.packet"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["initial", "processing", "fail"])),
                        fields=["agency", "kind", "state", "-urgency", "submitted_at"],
                        name="inbox",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["initial", "processing", "fail"])),
                        fields=["agency", "kind", "id"],
                        name="inbox_round",
                    ),
                    models.Index(
                        condition=models.Q(("kind", "document")), fields=["submitted_at", "id"], name="delivery_by_time"
                    ),
                    models.Index(
                        condition=models.Q(("kind", "document"), ("state__in", ["initial", "processing", "fail"])),
                        fields=["submitted_at", "id"],
                        name="delivery_open",
                    ),
                    models.Index(fields=["agency", "submitted_at", "id"], name="delivery_by_agency"),
                    models.Index(
                        condition=models.Q(("state", "fail")), fields=["agency", "submitted_at"], name="delivery_failed"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["initial", "processing", "done", "fail", "withdrawn"])),
                        name="transport_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "done"), _negated=True),
                            models.Q(("statement", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="done_is_proven",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Refusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minute", models.DateTimeField()),
                ("problem", models.CharField(help_text="code of `protocol.problems`", max_length=40)),
                (
                    "fault",
                    models.CharField(help_text="of a packet that breaks the format: its first fault", max_length=40),
                ),
                (
                    "system",
                    models.CharField(
                        help_text="who called, or claimed to; empty for nobody whom we know", max_length=35
                    ),
                ),
                (
                    "network",
                    models.CharField(
                        help_text="/24 or /48 of the address; empty where they are too many", max_length=43
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        help_text="of the security feed, see `hub.security`; empty for none", max_length=24
                    ),
                ),
                ("count", models.PositiveBigIntegerField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=lienthong.journal.models.CurrentTransaction(),
                        help_text="of the last count: the row comes again in the feed",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("kind", ""), _negated=True),
                        fields=["transaction", "id"],
                        name="security_feed",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("minute", "problem", "fault", "system", "network"), name="refusals_of_a_minute"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("recalls", "Thu hồi"),
                            ("takes_back", "Lấy lại"),
                            ("updates", "Cập nhật"),
                            ("replaces", "Thay thế"),
                            ("corrects", "Đính chính"),
                            ("answers", "Phúc đáp, liên quan"),
                        ],
                        max_length=10,
                    ),
                ),
                ("organ", models.CharField(max_length=35)),
                ("identifier", models.CharField(blank=True, max_length=200)),
                ("number", models.CharField(blank=True, max_length=60)),
                ("issued_on", models.DateField(blank=True, null=True)),
                ("concerns", models.JSONField(blank=True, default=list)),
                (
                    "packet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="relations", to="hub.packet"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="related_by",
                        to="hub.packet",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("target__isnull", True), models.Q(("identifier", ""), _negated=True)),
                        fields=["identifier"],
                        name="relation_awaits",
                    ),
                    models.Index(
                        condition=models.Q(("identifier", ""), ("target__isnull", True)),
                        fields=["number", "issued_on"],
                        name="relation_awaits_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportedStatus",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=2)),
                ("at", models.DateTimeField()),
                (
                    "reason",
                    models.CharField(blank=True, help_text="the recipient's words with 02, 15 and 16", max_length=500),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reported", to="hub.delivery"
                    ),
                ),
                (
                    "packet",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="hub.packet"),
                ),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("code", "02")), fields=["at"], name="status_refused")],
                "constraints": [models.UniqueConstraint(fields=("delivery", "code", "packet"), name="status_once")],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("certificate", models.TextField(help_text="X.509, DER in base64")),
                ("fingerprint", models.CharField(max_length=64, unique=True)),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(blank=True, null=True)),
                ("expires_at", models.DateTimeField(blank=True, help_text="end of the certificate itself", null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seals", to="hub.agency"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("valid_to__isnull", True)), fields=["expires_at"], name="seal_expires"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "system",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="hub.system",
                    ),
                ),
                ("pilot", models.BooleanField(default=False)),
                ("security_level", models.PositiveSmallIntegerField(blank=True, help_text="cấp độ 1 to 5", null=True)),
                ("level_decision", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("security_level__isnull", True),
                            models.Q(
                                ("security_level__range", (1, 5)), models.Q(("level_decision", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="a_level_has_its_decision",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SandboxSystem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("registered_at", models.DateTimeField(db_index=True)),
                (
                    "address",
                    models.GenericIPAddressField(
                        blank=True, help_text="who registered it; for the limit an hour", null=True
                    ),
                ),
                ("forgotten_at", models.DateTimeField(blank=True, null=True)),
                (
                    "system",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sandbox_system",
                        to="hub.system",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Quarantined",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True)),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("problem", models.JSONField()),
                ("times", models.PositiveIntegerField(default=1)),
                ("door", models.CharField(default="native", max_length=6)),
                ("sender", models.CharField(blank=True, max_length=60)),
                ("recipients", models.JSONField(default=list)),
                ("statement", models.TextField(blank=True)),
                ("replayed_at", models.DateTimeField(blank=True, null=True)),
                ("proposed_at", models.DateTimeField(blank=True, null=True)),
                ("proposed_for", models.CharField(blank=True, max_length=200)),
                (
                    "packet",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hub.packet",
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="hub.system"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("system", "digest"), name="quarantined_once")],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=100)),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "system",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="hub.system"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("system", "key"), name="idempotency_key_once")],
            },
        ),
        migrations.CreateModel(
            name="Declaration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("product", models.CharField(max_length=200)),
                ("version", models.CharField(max_length=60)),
                ("owner", models.CharField(max_length=200)),
                ("number", models.CharField(max_length=100)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(help_text="last day")),
                ("registered_at", models.DateTimeField()),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="declarations", to="hub.system"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("system", "number"), name="declaration_once"),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gte", models.F("valid_from"))), name="declaration_has_a_period"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_by", models.CharField(blank=True, help_text="account of the officer", max_length=60)),
                (
                    "asked_for",
                    models.CharField(blank=True, help_text="the agency whose subtree the officer keeps", max_length=35),
                ),
                (
                    "code",
                    models.CharField(db_index=True, help_text="the agency's code, as it was written", max_length=35),
                ),
                ("wish", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[("filed", "chờ duyệt"), ("applied", "đã áp dụng"), ("refused", "từ chối")],
                        default="filed",
                        max_length=8,
                    ),
                ),
                ("filed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by", models.CharField(blank=True, max_length=100)),
                ("reason", models.CharField(blank=True, max_length=400)),
                (
                    "system",
                    models.ForeignKey(
                        blank=True,
                        help_text="none: an officer asked",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hub.system",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["state", "filed_at"], name="requests_by_state")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "filed")),
                        fields=("system", "asked_for", "code", "wish"),
                        name="one_open_request_of_a_wish",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asked_by", ""), ("system__isnull", False)),
                            models.Q(("system", None), models.Q(("asked_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="somebody_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "filed")),
                            models.Q(("decided_at__isnull", False), ("state__in", ["applied", "refused"])),
                            _connector="OR",
                        ),
                        name="a_decision_has_its_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(max_length=10)),
                ("at", models.DateTimeField()),
                ("statement", models.TextField(blank=True)),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("transaction", models.BigIntegerField(db_default=lienthong.journal.models.CurrentTransaction())),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="hub.delivery"
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hub.system",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["system", "transaction", "id"], name="feed")],
            },
        ),
        migrations.AddField(
            model_name="agency",
            name="system",
            field=models.ForeignKey(
                blank=True,
                help_text="serves the agency now; without one, documents go on paper (Article 7.1)",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agencies",
                to="hub.system",
            ),
        ),
        migrations.CreateModel(
            name="SubmissionKey",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "packet",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="hub.packet"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SystemCertificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fingerprint", models.CharField(help_text="SHA-256 of the DER", max_length=64)),
                ("certificate", models.TextField(help_text="X.509, DER in base64")),
                ("owner", models.TextField(help_text="its subject, RFC 4514")),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(help_text="its own end, or the earlier one that the operators set")),
                ("added_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_for", models.CharField(blank=True, max_length=200)),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="certificates", to="hub.system"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("system", "fingerprint"), name="certificate_once")],
            },
        ),
        migrations.CreateModel(
            name="SystemKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kid", models.CharField(max_length=64, unique=True)),
                ("jwk", models.JSONField()),
                ("added_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, help_text="signs and opens until then", null=True)),
                (
                    "revoked_for",
                    models.CharField(
                        blank=True, help_text="why it was revoked; empty for a plain change", max_length=200
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="keys", to="hub.system"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TableImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=120)),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("to_check", "đang kiểm tra"),
                            ("checked", "đã kiểm tra, chờ xác nhận"),
                            ("to_take", "đang nhập"),
                            ("taken", "đã nhập"),
                            ("failed", "không đọc được"),
                            ("dropped", "đã bỏ"),
                        ],
                        default="to_check",
                        max_length=8,
                    ),
                ),
                ("given_at", models.DateTimeField()),
                ("given_by", models.CharField(max_length=60)),
                ("given_by_name", models.CharField(blank=True, max_length=200)),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("lines", models.PositiveIntegerField(default=0, help_text="read so far")),
                ("added", models.PositiveIntegerField(default=0)),
                ("corrected", models.PositiveIntegerField(default=0)),
                ("unchanged", models.PositiveIntegerField(default=0)),
                (
                    "refused",
                    models.JSONField(default=list, help_text="number, code and reason of each line that is not taken"),
                ),
                ("fault", models.JSONField(default=dict, help_text="why it could not be read, in both languages")),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["to_check", "to_take"])),
                        fields=["id"],
                        name="tables_to_work_on",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(help_text="for people", unique=True)),
                ("subject", models.CharField(max_length=200)),
                ("packet", models.UUIDField(blank=True, help_text="of its own that it is about", null=True)),
                ("delivery", models.UUIDField(blank=True, help_text="to its own that it is about", null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "mới"),
                            ("in_progress", "đang xử lý"),
                            ("waiting", "chờ cơ quan bổ sung"),
                            ("solved", "đã giải quyết"),
                            ("closed", "đã đóng"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, help_text="first answer of the operators", null=True)),
                ("solved_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("moved_at", models.DateTimeField()),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hub.agency",
                    ),
                ),
                (
                    "system",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hub.system",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["system", "-opened_at"], name="tickets_of_system"),
                    models.Index(fields=["state", "moved_at"], name="tickets_by_state"),
                    models.Index(fields=["-opened_at"], name="tickets_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("system__isnull", False), ("agency__isnull", False), _connector="OR"),
                        name="ticket_of_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", False), _connector="OR"
                        ),
                        name="ticket_closed_has_its_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by_operator", models.BooleanField()),
                ("author", models.CharField(max_length=100)),
                ("text", models.CharField(blank=True, max_length=4000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "mới"),
                            ("in_progress", "đang xử lý"),
                            ("waiting", "chờ cơ quan bổ sung"),
                            ("solved", "đã giải quyết"),
                            ("closed", "đã đóng"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="hub.ticket"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=100)),
                ("length", models.PositiveBigIntegerField()),
                ("until", models.DateTimeField(db_index=True)),
                (
                    "system",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="hub.system"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("system", "key"), name="upload_once")],
            },
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("url", models.CharField(max_length=400)),
                ("events", models.JSONField()),
                ("secret", models.BinaryField(help_text="encrypted, see `hub.secrets`")),
                (
                    "secret_before",
                    models.BinaryField(blank=True, default=b"", help_text="the one before, while it still signs"),
                ),
                ("secret_before_until", models.DateTimeField(blank=True, null=True)),
                ("added_at", models.DateTimeField()),
                ("enabled", models.BooleanField(default=True)),
                ("disabled_for", models.CharField(blank=True, help_text="why it is not enabled", max_length=200)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("slow", models.BooleanField(default=False)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("lease", models.UUIDField(blank=True, null=True)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("last_success_at", models.DateTimeField(blank=True, null=True)),
                ("last_failure_at", models.DateTimeField(blank=True, null=True)),
                (
                    "system",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="webhooks", to="hub.system"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("enabled", True), ("next_at__isnull", False)),
                        fields=["next_at"],
                        name="webhook_due",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("system", "url"), name="webhook_once")],
            },
        ),
        migrations.CreateModel(
            name="WebhookAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message", models.CharField(max_length=40)),
                ("event", models.CharField(max_length=40)),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("outcome", models.CharField(help_text="delivered, or what went wrong", max_length=20)),
                (
                    "status",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="of the answer, where there was one", null=True
                    ),
                ),
                ("milliseconds", models.PositiveIntegerField()),
                ("given_up", models.BooleanField(default=False, help_text="the message is not attempted again")),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attempts", to="hub.webhook"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["webhook", "-id"], name="attempts_newest")],
            },
        ),
        migrations.CreateModel(
            name="WebhookMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True)),
                ("event", models.CharField(max_length=40)),
                ("items", models.JSONField()),
                ("count", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("first_attempt_at", models.DateTimeField(blank=True, null=True)),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="hub.webhook"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AlertNews",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("move", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("batch", models.UUIDField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "alert",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="hub.alert"),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="news", to="hub.alertchannel"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at__isnull", True)), fields=["channel", "id"], name="news_to_tell"
                    ),
                    models.Index(fields=["batch"], name="news_of_batch"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                (
                    "delivery",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="request",
                        serialize=False,
                        to="hub.delivery",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("recall", "Thu hồi"),
                            ("take_back", "Lấy lại"),
                            ("update", "Cập nhật"),
                            ("replace", "Thay thế"),
                        ],
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Chờ trả lời"),
                            ("agreed", "Đồng ý (15)"),
                            ("declined", "Không đồng ý (16)"),
                            ("withdrawn", "Không cần trả lời: văn bản đã rút trước khi giao"),
                            ("superseded", "Yêu cầu sau thay cho yêu cầu này"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reason",
                    models.CharField(blank=True, help_text="the recipient's words with its answer", max_length=500),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        help_text="who is asked",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hub.agency",
                    ),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hub.packet",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["asked_at"], name="request_open")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "agreed", "declined", "withdrawn", "superseded"])),
                        name="request_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("settled_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_settled_request_has_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["agreed", "declined"]), _negated=True),
                            ("answer__isnull", False),
                            _connector="OR",
                        ),
                        name="an_answer_is_a_packet",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Operator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("operator", "Trực vận hành"),
                            ("registry", "Cán bộ danh mục"),
                            ("auditor", "Kiểm tra"),
                            ("agency", "Cán bộ cơ quan"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "password_due",
                    models.BooleanField(default=True, help_text="must choose a password of their own first"),
                ),
                ("added_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        help_text="the top of the subtree that an agency officer sees",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hub.agency",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operator",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agency__isnull", False), ("role", "agency")),
                            models.Q(("agency__isnull", True), ("role__in", ["operator", "registry", "auditor"])),
                            _connector="OR",
                        ),
                        name="an_agency_officer_has_an_agency",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=400)),
                ("placed_at", models.DateTimeField()),
                ("placed_by", models.CharField(max_length=100)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("released_by", models.CharField(blank=True, max_length=100)),
                (
                    "packet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="hub.packet"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("released_at__isnull", True)), fields=("packet",), name="one_hold_at_a_time"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="agency",
            index=models.Index(fields=["changed", "code"], name="agency_changed"),
        ),
    ]
