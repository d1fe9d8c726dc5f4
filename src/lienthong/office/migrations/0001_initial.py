"""The tables."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DirectoryAgency",
            fields=[
                ("code", models.CharField(max_length=35, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("search_key", models.CharField(db_index=True, max_length=600)),
                ("aliases", models.JSONField(default=list)),
                ("parent", models.CharField(blank=True, max_length=35)),
                ("connected", models.BooleanField()),
                ("open", models.BooleanField()),
                ("successor", models.CharField(blank=True, max_length=35)),
                ("gateway", models.CharField(blank=True, max_length=35)),
                ("seals", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="EarlyChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("delivery_id", models.CharField(db_index=True, max_length=64)),
                ("received_at", models.DateTimeField()),
                ("change", models.JSONField()),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="HubNotice",
            fields=[
                (
                    "number",
                    models.BigIntegerField(help_text="as the hub numbers it", primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=12)),
                ("title", models.CharField(max_length=200)),
                ("title_en", models.CharField(blank=True, max_length=200)),
                ("text", models.CharField(max_length=4000)),
                ("text_en", models.CharField(blank=True, max_length=4000)),
                ("starts_at", models.DateTimeField(blank=True, null=True)),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("published_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Organization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=35, unique=True)),
                ("alias", models.CharField(blank=True, max_length=35)),
                ("name", models.CharField(max_length=200)),
                ("short_name", models.CharField(max_length=100)),
                ("superior_name", models.CharField(blank=True, max_length=200)),
                ("abbreviation", models.CharField(max_length=20)),
                ("place", models.CharField(max_length=50)),
                ("address", models.CharField(blank=True, max_length=250)),
                ("email", models.CharField(blank=True, max_length=100)),
                ("telephone", models.CharField(blank=True, max_length=20)),
                ("morning_ends", models.TimeField(default="11:30")),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="IncomingDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("arrived", "Đã đến, chờ tiếp nhận"),
                            ("refused", "Đã trả lại"),
                            ("accepted", "Đã tiếp nhận, chờ chỉ đạo"),
                            ("assigned", "Đã chuyển xử lý"),
                            ("in_process", "Đang xử lý"),
                            ("finished", "Hoàn thành"),
                            ("cancelled", "Đã hủy theo thu hồi"),
                            ("set_aside", "Bản khác của cùng văn bản, lưu kèm"),
                        ],
                        default="arrived",
                        max_length=12,
                    ),
                ),
                ("sender_code", models.CharField(max_length=35)),
                ("sender_name", models.CharField(max_length=200)),
                ("addressed_to", models.CharField(max_length=35)),
                ("identifier", models.CharField(db_index=True, max_length=200)),
                ("number", models.CharField(max_length=11)),
                ("notation", models.CharField(max_length=30)),
                ("promulgated_on", models.DateField(blank=True, null=True)),
                ("place", models.CharField(blank=True, max_length=50)),
                ("type_name", models.CharField(blank=True, max_length=100)),
                ("subject", models.CharField(blank=True, max_length=500)),
                ("urgency", models.PositiveSmallIntegerField(default=0)),
                ("signer_competence", models.CharField(blank=True, max_length=100)),
                ("signer_position", models.CharField(blank=True, max_length=100)),
                ("signer_name", models.CharField(blank=True, max_length=100)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("business_type", models.PositiveSmallIntegerField(default=0)),
                ("recipients", models.JSONField(default=list, help_text="[{code, name}] of the packet's To")),
                ("appendixes", models.JSONField(default=list)),
                (
                    "other",
                    models.JSONField(default=dict, help_text="the remaining items of Article 10.2, unknown ones kept"),
                ),
                (
                    "legal_value",
                    models.CharField(
                        choices=[
                            ("equivalent", "Có giá trị pháp lý như bản giấy"),
                            ("information", "Để biết, tham khảo"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "checks",
                    models.JSONField(
                        default=list,
                        help_text="[{name, result, vi, en}]: completeness, integrity, authenticity, duplicate",
                    ),
                ),
                ("signatures", models.JSONField(default=list, help_text="reports of the judge, one for each PDF")),
                ("submitted_at", models.DateTimeField(help_text="the hub's time of acceptance")),
                ("arrived_at", models.DateTimeField()),
                ("arrival_number", models.PositiveIntegerField(blank=True, null=True)),
                ("arrival_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("refused_at", models.DateTimeField(blank=True, null=True)),
                ("refusal_reason", models.CharField(blank=True, max_length=30)),
                ("refusal_text", models.TextField(blank=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("outcome", models.TextField(blank=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "set_aside_for",
                    models.ForeignKey(
                        blank=True,
                        help_text="the document of which this is another version: the one before an update, or one that was not taken",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="other_versions",
                        to="office.incomingdocument",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="incoming", to="office.organization"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IncomingFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=500)),
                ("media_type", models.CharField(max_length=100)),
                ("declared", models.BooleanField()),
                ("present", models.BooleanField()),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("size", models.PositiveBigIntegerField(default=0)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="office.incomingdocument"
                    ),
                ),
            ],
            options={
                "ordering": ["ordinal"],
            },
        ),
        migrations.CreateModel(
            name="HubLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("change_cursor", models.BigIntegerField(default=0)),
                ("last_contact", models.DateTimeField(blank=True, null=True)),
                ("skew_ms", models.IntegerField(blank=True, null=True)),
                ("problem", models.TextField(blank=True)),
                ("problem_since", models.DateTimeField(blank=True, null=True)),
                ("directory_at", models.DateTimeField(blank=True, null=True)),
                ("notice_cursor", models.CharField(blank=True, max_length=40)),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="link", to="office.organization"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutgoingDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Dự thảo"),
                            ("in_review", "Đang trình duyệt"),
                            ("approved", "Đã duyệt, chờ ký"),
                            ("signed", "Đã ký, chờ cấp số"),
                            ("numbered", "Đã cấp số, chờ đóng dấu"),
                            ("sealed", "Đã đóng dấu, chờ phát hành"),
                            ("issued", "Đã phát hành"),
                            ("voided", "Đã hủy số, không ban hành"),
                            ("recalling", "Đang thu hồi"),
                            ("recalled", "Đã thu hồi"),
                            ("partly_recalled", "Thu hồi một phần"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                (
                    "type_code",
                    models.CharField(blank=True, help_text="abbreviation of Annex III; empty: công văn", max_length=10),
                ),
                ("type_name", models.CharField(max_length=100)),
                ("subject", models.CharField(max_length=500)),
                ("urgency", models.PositiveSmallIntegerField(default=0)),
                (
                    "origin",
                    models.CharField(
                        choices=[("digital", "Tạo lập điện tử"), ("digitised", "Số hóa từ bản giấy")],
                        default="digital",
                        max_length=10,
                    ),
                ),
                (
                    "secrecy",
                    models.CharField(
                        blank=True, help_text="a state-secret mark stops the document (Article 1.2)", max_length=20
                    ),
                ),
                ("competence", models.CharField(blank=True, max_length=100)),
                ("position", models.CharField(max_length=100)),
                ("signer_name", models.CharField(max_length=100)),
                ("recipients_text", models.TextField(blank=True, help_text="Nơi nhận, a line each, as printed")),
                (
                    "content",
                    models.JSONField(default=dict, help_text="what the template needs; empty for an uploaded file"),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                ("appendixes", models.JSONField(default=list, help_text="annexes that the text names, by title")),
                ("number", models.PositiveIntegerField(blank=True, null=True)),
                ("sub_number", models.CharField(blank=True, max_length=3)),
                ("notation", models.CharField(max_length=30)),
                ("promulgated_on", models.DateField(blank=True, null=True)),
                ("identifier", models.CharField(blank=True, db_index=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("sealed_at", models.DateTimeField(blank=True, null=True)),
                ("issued_at", models.DateTimeField(blank=True, null=True)),
                ("send_due", models.DateTimeField(blank=True, help_text="hard deadline of Article 6.2", null=True)),
                (
                    "replace_reason",
                    models.TextField(blank=True, help_text="why it replaces the other one, and who decided it"),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outgoing", to="office.organization"
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="office.outgoingdocument",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutboxPacket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("document", "Văn bản"), ("status", "Trạng thái")], max_length=10)),
                ("business_type", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("status_code", models.CharField(blank=True, max_length=2)),
                ("digest", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("recipients", models.JSONField()),
                ("identifier", models.CharField(max_length=200)),
                ("urgency", models.PositiveSmallIntegerField(default=0)),
                ("idempotency_key", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Chờ gửi"), ("sent", "Trục đã nhận"), ("failed", "Trục từ chối")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("problem", models.JSONField(blank=True, null=True)),
                ("packet_id", models.CharField(blank=True, db_index=True, max_length=64)),
                ("receipt", models.TextField(blank=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "incoming",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="office.incomingdocument",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outbox", to="office.organization"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packets",
                        to="office.outgoingdocument",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["-urgency", "created_at"],
                        name="outbox_waiting",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Enclosure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=500)),
                ("media_type", models.CharField(max_length=100)),
                ("digest", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("sealed_digest", models.CharField(blank=True, help_text="the sealed PDF, once sealed", max_length=64)),
                ("sealed_size", models.PositiveBigIntegerField(blank=True, null=True)),
                ("added_at", models.DateTimeField()),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enclosures",
                        to="office.outgoingdocument",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("full_name", models.CharField(max_length=100)),
                ("sort_key", models.CharField(db_index=True, max_length=300)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="people", to="office.organization"
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="person", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["sort_key"],
            },
        ),
        migrations.AddField(
            model_name="outgoingdocument",
            name="drafter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to="office.person"
            ),
        ),
        migrations.AddField(
            model_name="outgoingdocument",
            name="signer",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"),
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("text", models.CharField(max_length=600)),
                ("text_en", models.CharField(blank=True, max_length=600)),
                ("link", models.CharField(max_length=200)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="office.person"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "-at"], name="notice_by_person")],
            },
        ),
        migrations.CreateModel(
            name="Instruction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("text", models.TextField(blank=True)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instructions",
                        to="office.incomingdocument",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="incomingdocument",
            name="accepted_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
            ),
        ),
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("update", "Cập nhật"), ("replace", "Thay thế")], max_length=8)),
                ("identifiers", models.JSONField(default=list)),
                ("reason", models.TextField(blank=True)),
                ("ordered_by", models.CharField(blank=True, max_length=200)),
                ("received_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Chờ xử lý"),
                            ("agreed", "Đã áp dụng"),
                            ("declined", "Không áp dụng"),
                            ("not_here", "Văn bản bị thay thế không có ở đây"),
                        ],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.TextField(blank=True)),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendment",
                        to="office.incomingdocument",
                    ),
                ),
                ("targets", models.ManyToManyField(related_name="amendments", to="office.incomingdocument")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.organization"
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "state"], name="amendment_by_state")],
            },
        ),
        migrations.CreateModel(
            name="ReceivedPacket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("delivery_id", models.CharField(max_length=64, unique=True)),
                ("packet_id", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=10)),
                ("sender", models.CharField(max_length=35)),
                ("digest", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("submitted_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("hub_receipt", models.TextField(blank=True)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("acknowledgement", models.TextField(blank=True)),
                ("content_removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="received", to="office.organization"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecallOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sender_code", models.CharField(max_length=35)),
                ("identifier", models.CharField(db_index=True, max_length=200)),
                (
                    "code",
                    models.CharField(
                        help_text="number/notation, to find the document by when the id is unknown", max_length=60
                    ),
                ),
                ("issued_on", models.DateField(blank=True, null=True)),
                ("reason", models.TextField()),
                ("ordered_by", models.CharField(blank=True, max_length=200)),
                ("received_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Chờ xử lý"),
                            ("agreed", "Đã hủy bản điện tử"),
                            ("declined", "Không thu hồi"),
                            ("lapsed", "Văn bản không đến; đã báo bên gửi"),
                        ],
                        default="pending",
                        max_length=8,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.TextField(blank=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recalls",
                        to="office.incomingdocument",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recalls", to="office.organization"
                    ),
                ),
                (
                    "packet",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recall", to="office.receivedpacket"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="incomingdocument",
            name="packet",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="incoming", to="office.receivedpacket"
            ),
        ),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=35)),
                ("name", models.CharField(max_length=200)),
                (
                    "channel",
                    models.CharField(
                        choices=[("electronic", "Điện tử qua Trục"), ("paper", "Bản giấy")],
                        default="electronic",
                        max_length=10,
                    ),
                ),
                (
                    "paper_reason",
                    models.CharField(blank=True, help_text="which of the reasons of Article 7.1", max_length=40),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recipients",
                        to="office.outgoingdocument",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("document", "code"), name="recipient_once")],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("finishes", models.BooleanField(default=True)),
                (
                    "incoming",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="office.incomingdocument",
                    ),
                ),
                (
                    "outgoing",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reply_to",
                        to="office.outgoingdocument",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Sequence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sequences", to="office.organization"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organization", "key", "year"), name="sequence_once")],
            },
        ),
        migrations.CreateModel(
            name="RegisterNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("taken", "Đã cấp"), ("used", "Đã phát hành"), ("void", "Đã hủy")],
                        default="taken",
                        max_length=6,
                    ),
                ),
                ("taken_at", models.DateTimeField()),
                ("void_reason", models.TextField(blank=True)),
                ("void_authority", models.CharField(blank=True, max_length=200)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="numbers",
                        to="office.outgoingdocument",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                (
                    "sequence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="numbers", to="office.sequence"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sequence", "number"), name="number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "void"), _negated=True),
                            models.Q(
                                models.Q(("void_reason", ""), _negated=True),
                                models.Q(("void_authority", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="void_says_why_and_by_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("pkcs12", "PKCS#12"), ("pkcs11", "PKCS#11")], max_length=10)),
                ("location", models.CharField(max_length=500)),
                ("certificate", models.BinaryField()),
                ("image", models.BinaryField(blank=True, null=True)),
                ("registered_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seals",
                        to="office.organization",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="keys",
                        to="office.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("person__isnull", True), ("organization__isnull", True), _connector="XOR"),
                        name="key_has_one_owner",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Transmission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                ("delivery_id", models.CharField(blank=True, db_index=True, max_length=64)),
                (
                    "transport",
                    models.CharField(
                        default="waiting", help_text="waiting, then the hub's transport states", max_length=12
                    ),
                ),
                (
                    "failure",
                    models.CharField(blank=True, help_text="why the recipient could not take it", max_length=400),
                ),
                ("at_hub", models.DateTimeField(blank=True, null=True)),
                ("handed_over", models.DateTimeField(blank=True, null=True)),
                ("handover_statement", models.TextField(blank=True)),
                ("arrived", models.DateTimeField(blank=True, help_text="01", null=True)),
                ("refused", models.DateTimeField(blank=True, help_text="02", null=True)),
                ("refusal_reason", models.CharField(blank=True, max_length=30)),
                ("refusal_text", models.TextField(blank=True)),
                ("accepted", models.DateTimeField(blank=True, help_text="03", null=True)),
                ("assigned", models.DateTimeField(blank=True, help_text="04", null=True)),
                ("processing", models.DateTimeField(blank=True, help_text="05", null=True)),
                ("finished", models.DateTimeField(blank=True, help_text="06", null=True)),
                ("recall_asked", models.DateTimeField(blank=True, null=True)),
                ("recall_reason", models.TextField(blank=True)),
                (
                    "recall_agreed",
                    models.DateTimeField(blank=True, help_text="15, or withdrawn before it was fetched", null=True),
                ),
                ("recall_declined", models.DateTimeField(blank=True, help_text="16", null=True)),
                ("recall_answer", models.TextField(blank=True)),
                (
                    "change_asked",
                    models.DateTimeField(blank=True, help_text="an update, or what it replaces, was sent", null=True),
                ),
                ("change_agreed", models.DateTimeField(blank=True, help_text="15", null=True)),
                ("change_declined", models.DateTimeField(blank=True, help_text="16", null=True)),
                ("change_answer", models.TextField(blank=True)),
                (
                    "packet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transmissions",
                        to="office.outboxpacket",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="transmissions", to="office.recipient"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("recipient", "attempt"), name="transmission_once")],
            },
        ),
        migrations.CreateModel(
            name="CorrectionTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.organization"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                (
                    "transmission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="task", to="office.transmission"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("abbreviation", models.CharField(max_length=20)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="units", to="office.organization"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="office.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "abbreviation"), name="unit_abbreviation_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("clerk", "Văn thư"),
                            ("leader", "Lãnh đạo"),
                            ("unit_head", "Trưởng đơn vị"),
                            ("specialist", "Chuyên viên"),
                            ("checker", "Kiểm tra thể thức"),
                            ("administrator", "Quản trị"),
                            ("auditor", "Kiểm tra, giám sát"),
                        ],
                        max_length=20,
                    ),
                ),
                ("position", models.CharField(max_length=100)),
                ("competence", models.CharField(blank=True, help_text="e.g. KT. BỘ TRƯỞNG, CHỦ NHIỆM", max_length=100)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="posts", to="office.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="office.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "unit", "role", "valid_from"), name="post_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="post_dates_in_order",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="outgoingdocument",
            name="unit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.unit"),
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("lead", "Chủ trì"), ("coordinate", "Phối hợp"), ("inform", "Để biết")], max_length=10
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("result", models.TextField(blank=True)),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True, help_text="taken back, replaced, or stopped by a recall", null=True
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="office.incomingdocument",
                    ),
                ),
                (
                    "instruction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="office.instruction"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="office.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.unit"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ordinal", models.PositiveIntegerField()),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("draft", "Dự thảo"),
                            ("approved", "Bản được duyệt"),
                            ("signed", "Bản đã ký"),
                            ("numbered", "Bản đã cấp số"),
                            ("sealed", "Bản phát hành"),
                        ],
                        max_length=10,
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("slots", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="office.outgoingdocument",
                    ),
                ),
            ],
            options={
                "ordering": ["ordinal"],
                "constraints": [models.UniqueConstraint(fields=("document", "ordinal"), name="version_once")],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("submitted", "Trình"),
                            ("content", "Kiểm tra nội dung"),
                            ("presentation", "Kiểm tra thể thức"),
                            ("approved", "Duyệt"),
                            ("returned", "Trả lại"),
                        ],
                        max_length=15,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="office.version"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="incomingdocument",
            index=models.Index(fields=["organization", "state", "-urgency", "arrived_at"], name="incoming_by_state"),
        ),
        migrations.AddIndex(
            model_name="incomingdocument",
            index=models.Index(fields=["organization", "number", "notation"], name="incoming_by_number"),
        ),
        migrations.AddConstraint(
            model_name="incomingdocument",
            constraint=models.UniqueConstraint(
                fields=("organization", "arrival_year", "arrival_number"), name="arrival_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="incomingdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "arrived",
                            "refused",
                            "accepted",
                            "assigned",
                            "in_process",
                            "finished",
                            "cancelled",
                            "set_aside",
                        ],
                    )
                ),
                name="incoming_state_known",
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingdocument",
            index=models.Index(fields=["organization", "state", "-id"], name="outgoing_by_state"),
        ),
        migrations.AddIndex(
            model_name="outgoingdocument",
            index=models.Index(fields=["organization", "-issued_at"], name="outgoing_by_issue"),
        ),
        migrations.AddConstraint(
            model_name="outgoingdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "draft",
                            "in_review",
                            "approved",
                            "signed",
                            "numbered",
                            "sealed",
                            "issued",
                            "voided",
                            "recalling",
                            "recalled",
                            "partly_recalled",
                        ],
                    )
                ),
                name="outgoing_state_known",
            ),
        ),
    ]
