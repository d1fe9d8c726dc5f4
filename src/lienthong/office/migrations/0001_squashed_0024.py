"""The tables of an office, and what its database keeps by itself.

One migration in place of the twenty-four that the office was built with: four offices begin their lives side by side when
somebody looks at Liên Thông for the first time, and each had waited a quarter of a minute for the history of its tables.
A database that has all or some of those goes on from where it is, by them; they stay until none does.
"""

import datetime

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from lienthong.office.migrations._at_once import at_once
from lienthong.office.migrations._findable import FINDABLE
from lienthong.office.migrations._guards import CUSTODY, MODE, PACKET_ONCE


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("office", "0001_initial"),
        ("office", "0002_packet_exchange"),
        ("office", "0003_recipients"),
        ("office", "0004_authorizations"),
        ("office", "0005_returned"),
        ("office", "0006_presentation"),
        ("office", "0007_numbering"),
        ("office", "0008_copies"),
        ("office", "0009_certificates"),
        ("office", "0010_paper"),
        ("office", "0011_named_digests"),
        ("office", "0012_statements"),
        ("office", "0013_people_and_rights"),
        ("office", "0014_advisory_bodies"),
        ("office", "0015_numbers_within_a_year"),
        ("office", "0016_circulation"),
        ("office", "0017_search"),
        ("office", "0018_dossiers"),
        ("office", "0019_incoming_half"),
        ("office", "0020_signing_in"),
        ("office", "0021_administration"),
        ("office", "0022_work_files"),
        ("office", "0023_administration"),
        ("office", "0024_signing"),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="DirectoryAgency",
            fields=[
                ("code", models.CharField(max_length=35, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("search_key", models.CharField(db_index=True, max_length=600)),
                (
                    "words",
                    models.CharField(
                        blank=True, help_text="name and codes as they are searched, plain", max_length=900
                    ),
                ),
                ("aliases", models.JSONField(default=list)),
                ("parent", models.CharField(blank=True, max_length=35)),
                ("connected", models.BooleanField()),
                ("open", models.BooleanField()),
                ("successor", models.CharField(blank=True, max_length=35)),
                ("gateway", models.CharField(blank=True, max_length=35)),
                ("seals", models.JSONField(default=list)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["words"], name="directory_words", opclasses=["gin_trgm_ops"]
                    )
                ],
            },
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
            name="MailServer",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("address", models.CharField(help_text="smtp://, smtp+starttls:// or smtps://", max_length=200)),
                ("sender", models.CharField(max_length=200)),
                ("secret", models.BinaryField(blank=True, default=bytes)),
                ("failures", models.PositiveIntegerField(default=0)),
                (
                    "not_before",
                    models.DateTimeField(blank=True, help_text="after a failure: when to try again", null=True),
                ),
                ("last_error", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_mail_server")],
            },
        ),
        migrations.CreateModel(
            name="Material",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=500)),
                ("author", models.CharField(blank=True, max_length=200)),
                ("dated_on", models.DateField()),
                ("name", models.CharField(max_length=500)),
                ("media_type", models.CharField(max_length=100)),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("size", models.PositiveBigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="MemberKey",
            fields=[
                ("kid", models.CharField(max_length=43, primary_key=True, serialize=False)),
                ("facts", models.JSONField(help_text="`evidence.proving.PublishedKey`")),
                ("asked_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="OfficeMode",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("training", models.BooleanField()),
                ("settled_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_office_mode")],
            },
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
                (
                    "presentation_policy",
                    models.CharField(
                        choices=[("warn", "chỉ nhắc"), ("block", "chặn, trừ khi nêu lý do")],
                        default="warn",
                        max_length=5,
                    ),
                ),
                (
                    "urgent_minutes",
                    models.PositiveSmallIntegerField(
                        default=30, help_text="how soon an urgent document that came in must be presented"
                    ),
                ),
                (
                    "undo_minutes",
                    models.PositiveSmallIntegerField(
                        default=15, help_text="how long an acceptance can be undone, and its notice is held back"
                    ),
                ),
                (
                    "due_soon_days",
                    models.PositiveSmallIntegerField(default=2, help_text="working days before a deadline"),
                ),
                (
                    "calendar_version",
                    models.PositiveIntegerField(default=0, help_text="counts the changes of its working calendar"),
                ),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="HubLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="link", to="office.organization"
                    ),
                ),
                ("change_cursor", models.BigIntegerField(default=0)),
                ("last_contact", models.DateTimeField(blank=True, null=True)),
                ("skew_ms", models.IntegerField(blank=True, null=True)),
                ("problem", models.TextField(blank=True)),
                ("problem_since", models.DateTimeField(blank=True, null=True)),
                ("directory_at", models.DateTimeField(blank=True, null=True)),
                ("notice_cursor", models.CharField(blank=True, max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="IdentityProvider",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity_providers",
                        to="office.organization",
                    ),
                ),
                ("slug", models.CharField(help_text="in addresses", max_length=30, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("issuer", models.CharField(max_length=300)),
                ("client_id", models.CharField(max_length=200)),
                ("secret", models.BinaryField(help_text="encrypted with the installation's key")),
                (
                    "staff_claim",
                    models.CharField(
                        blank=True, help_text="the claim that holds the staff code, if any", max_length=60
                    ),
                ),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="person", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="people", to="office.organization"
                    ),
                ),
                ("full_name", models.CharField(max_length=100)),
                ("sort_key", models.CharField(db_index=True, max_length=300)),
                (
                    "password_due",
                    models.BooleanField(
                        default=False, help_text="the password is for one use: another is chosen first"
                    ),
                ),
                ("password_set_at", models.DateTimeField(blank=True, null=True)),
                (
                    "password_short",
                    models.BooleanField(default=False, help_text="it holds only beside a second factor (SEC-3)"),
                ),
                (
                    "staff_code",
                    models.CharField(blank=True, help_text="of the agency's own list of staff", max_length=30),
                ),
                ("opened_at", models.DateTimeField(blank=True, help_text="the account was opened again", null=True)),
                ("idle_warned_at", models.DateTimeField(blank=True, null=True)),
                ("silent", models.BooleanField(default=False, help_text="urgent notices are seen and not heard")),
            ],
            options={
                "ordering": ["sort_key"],
                "indexes": [models.Index(fields=["organization", "sort_key", "id"], name="person_in_order")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("staff_code", ""), _negated=True),
                        fields=("organization", "staff_code"),
                        name="staff_code_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceivedPacket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="received", to="office.organization"
                    ),
                ),
                ("delivery_id", models.CharField(max_length=64, unique=True)),
                ("packet_id", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=10)),
                ("sender", models.CharField(max_length=35)),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("submitted_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("hub_receipt", models.TextField(blank=True)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("acknowledgement", models.TextField(blank=True)),
                ("content_removed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RemoteService",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remote_services",
                        to="office.organization",
                    ),
                ),
                ("slug", models.CharField(max_length=30, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("address", models.CharField(help_text="up to and with /csc/v2", max_length=300)),
                ("client_id", models.CharField(max_length=200)),
                ("secret", models.BinaryField(help_text="encrypted with the installation's key")),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="SignInRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sign_in_rules",
                        to="office.organization",
                    ),
                ),
                ("administrators", models.BooleanField(default=True)),
                (
                    "outside",
                    models.BooleanField(
                        default=False, help_text="who comes from another address than the agency's own"
                    ),
                ),
                ("everyone", models.BooleanField(default=False)),
                ("inside", models.TextField(blank=True, help_text="the agency's own networks, CIDR, one a line")),
            ],
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("name", models.CharField(max_length=200)),
                ("abbreviation", models.CharField(max_length=20)),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "abbreviation"), name="unit_abbreviation_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="account_reviews",
                        to="office.organization",
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("accounts", models.PositiveIntegerField(help_text="open ones that were looked through")),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-at"],
                "indexes": [models.Index(fields=["organization", "-at"], name="account_review_newest")],
            },
        ),
        migrations.CreateModel(
            name="AdvisoryBody",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="advisory_bodies",
                        to="office.organization",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("abbreviation", models.CharField(help_text="as in its notations: BCĐ389", max_length=20)),
                (
                    "decision",
                    models.CharField(help_text="number and date of the decision that founded it", max_length=200),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            (
                                "valid_to__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("valid_from"), "-", models.Value(datetime.timedelta(days=1))
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="body_dates_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="announcements",
                        to="office.organization",
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("until", models.DateField()),
                ("published_at", models.DateTimeField()),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                ("units", models.ManyToManyField(related_name="+", to="office.unit")),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=["organization", "until"],
                        name="announcement_current",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Authorization",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authorizations",
                        to="office.organization",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authorizations_granted",
                        to="office.person",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="authorizations", to="office.person"
                    ),
                ),
                (
                    "on_behalf",
                    models.CharField(help_text="whose authority it is, as printed after TUQ.: CHỦ TỊCH", max_length=90),
                ),
                ("position", models.CharField(help_text="of the authorised person, as printed", max_length=100)),
                ("types", models.JSONField(help_text="names of the types of documents that may be signed")),
                ("scope", models.TextField(help_text="in what matters, as the paper says")),
                ("reference", models.CharField(help_text="number and date of the paper", max_length=200)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                ("revoked_reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-valid_to", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                        name="authorization_dates_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("granted_by", models.F("person")), _negated=True),
                        name="authorization_is_to_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendar_overrides",
                        to="office.organization",
                    ),
                ),
                ("day", models.DateField()),
                ("kind", models.CharField(choices=[("off", "nghỉ"), ("work", "làm việc")], max_length=4)),
                ("reason", models.CharField(max_length=200)),
                ("decision_ref", models.CharField(help_text="number and date of the decision", max_length=200)),
                ("since", models.PositiveIntegerField()),
                ("until", models.PositiveIntegerField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["day", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("organization", "day"), name="day_decided_once"
                    ),
                    models.CheckConstraint(condition=models.Q(("kind__in", ["off", "work"])), name="day_kind_known"),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gt", models.F("since")), _connector="OR"),
                        name="day_decided_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChosenColumns",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="found_columns", to="office.person"
                    ),
                ),
                ("columns", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="CopySigner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copy_signers",
                        to="office.organization",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="copy_authorities", to="office.person"
                    ),
                ),
                ("competence", models.CharField(blank=True, help_text="as printed: TL. CHỦ TỊCH", max_length=100)),
                ("position", models.CharField(help_text="as printed: CHÁNH VĂN PHÒNG", max_length=100)),
                ("reference", models.CharField(help_text="number and date of the head's decision", max_length=200)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                ("ended_reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="copy_signer_dates_in_order",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DossierList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossier_lists",
                        to="office.organization",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Đang soạn"), ("issued", "Đã ban hành")], default="draft", max_length=6
                    ),
                ),
                (
                    "numbering",
                    models.CharField(
                        choices=[("whole", "liên tục toàn Danh mục"), ("heading", "liên tục trong từng đề mục lớn")],
                        default="heading",
                        max_length=7,
                    ),
                ),
                ("decision_number", models.CharField(blank=True, max_length=100)),
                ("decided_on", models.DateField(blank=True, null=True)),
                (
                    "decided_by",
                    models.CharField(blank=True, help_text="whose decision it is, as printed", max_length=200),
                ),
                ("begun_at", models.DateTimeField()),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("issued_at", models.DateTimeField(blank=True, null=True)),
                (
                    "issued_by",
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
                "ordering": ["-year"],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "year"), name="dossier_list_once_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "issued"), _negated=True),
                            models.Q(
                                models.Q(("decision_number", ""), _negated=True),
                                models.Q(("decided_on", None), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="dossier_list_issued_by_decision",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FederatedIdentity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identities",
                        to="office.identityprovider",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="identities", to="office.person"
                    ),
                ),
                ("subject", models.CharField(max_length=255)),
                ("linked_at", models.DateTimeField()),
                (
                    "linked_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="None: by the staff code",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                ("used_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "subject"), name="identity_is_one_persons"),
                    models.UniqueConstraint(fields=("provider", "person"), name="person_has_one_identity"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormerPassword",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="former_passwords", to="office.person"
                    ),
                ),
                ("hash", models.CharField(max_length=128)),
                ("kept_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="IncomingDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="incoming", to="office.organization"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("hub", "Qua Trục liên thông"),
                            ("paper", "Văn bản giấy"),
                            ("other", "Thư điện tử, cách khác"),
                        ],
                        default="hub",
                        max_length=5,
                    ),
                ),
                (
                    "packet",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incoming",
                        to="office.receivedpacket",
                    ),
                ),
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
                    "origin",
                    models.CharField(
                        blank=True,
                        choices=[("digital", "Tạo lập điện tử"), ("digitised", "Số hóa từ bản giấy")],
                        help_text="empty: not known",
                        max_length=10,
                    ),
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
                (
                    "submitted_at",
                    models.DateTimeField(
                        help_text="the hub's time of acceptance; of what came without it, its arrival"
                    ),
                ),
                ("arrived_at", models.DateTimeField()),
                (
                    "present_due_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="by the calendar of the day it came; a later calendar does not move it",
                        null=True,
                    ),
                ),
                ("presented_at", models.DateTimeField(blank=True, null=True)),
                (
                    "presented_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="none: by itself",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                (
                    "escalated_at",
                    models.DateTimeField(
                        blank=True, help_text="when the leaders heard that it lay too long", null=True
                    ),
                ),
                ("arrival_number", models.PositiveIntegerField(blank=True, null=True)),
                ("arrival_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
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
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organization", "state", "-urgency", "-arrived_at", "-id"], name="incoming_of_state"
                    ),
                    models.Index(fields=["organization", "-urgency", "-arrived_at", "-id"], name="incoming_all"),
                    models.Index(fields=["organization", "number", "notation"], name="incoming_by_number"),
                    models.Index(
                        condition=models.Q(("presented_at", None), ("state__in", ("arrived", "accepted"))),
                        fields=["organization", "present_due_at"],
                        name="incoming_unpresented",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "arrival_year", "arrival_number"), name="arrival_number_once"
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(("way", "hub"), ("packet", None), _connector="XOR"),
                        name="incoming_packet_by_the_hub_alone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListHabit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="list_habits", to="office.person"
                    ),
                ),
                ("list", models.CharField(choices=[("in", "incoming"), ("out", "outgoing")], max_length=3)),
                ("mark", models.CharField(blank=True, max_length=6)),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="office.unit",
                    ),
                ),
                ("rows", models.PositiveSmallIntegerField(default=50)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "list"), name="list_habit_once")],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="office.person"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("text", models.CharField(max_length=600)),
                ("text_en", models.CharField(blank=True, max_length=600)),
                ("link", models.CharField(max_length=200)),
                ("urgent", models.BooleanField(default=False, help_text="it rings aloud")),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "-at"], name="notice_by_person"),
                    models.Index(condition=models.Q(("seen_at", None)), fields=["person", "-id"], name="notice_unread"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeWay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notice_way", to="office.person"
                    ),
                ),
                ("address", models.CharField(max_length=100)),
                ("kinds", models.JSONField(default=list, help_text="of `NoticeKind`")),
                (
                    "refused_for",
                    models.CharField(blank=True, help_text="why mail does not reach the address", max_length=200),
                ),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="NumberingDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="numbering_decisions",
                        to="office.organization",
                    ),
                ),
                ("from_year", models.PositiveSmallIntegerField()),
                ("reference", models.CharField(help_text="number and date of the decision", max_length=200)),
                ("reason", models.TextField(blank=True, help_text="why it changes a year that has numbers already")),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
            ],
            options={
                "ordering": ["-from_year", "-id"],
            },
        ),
        migrations.CreateModel(
            name="PaperRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paper_rules",
                        to="office.organization",
                    ),
                ),
                (
                    "clause",
                    models.CharField(
                        choices=[
                            ("7.2a", "gửi Chính phủ, Thủ tướng Chính phủ (Điều 7.2a)"),
                            ("7.2b", "theo Danh mục của cơ quan (Điều 7.2b)"),
                        ],
                        default="7.2b",
                        max_length=4,
                    ),
                ),
                ("types", models.JSONField(default=list, help_text="names of the types of documents")),
                ("keyword", models.CharField(blank=True, help_text="a matter: words of the summary", max_length=100)),
                (
                    "recipients",
                    models.JSONField(default=list, help_text="codes of the agencies, contact points for point a"),
                ),
                ("addressees", models.JSONField(default=list, help_text="how a line of Kính gửi or Nơi nhận begins")),
                (
                    "decision",
                    models.CharField(help_text="number of the decision, or name of the regulation", max_length=100),
                ),
                ("decided_on", models.DateField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                ("ended_reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["clause", "-valid_from", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="paper_rule_dates_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("clause", "7.2b"), models.Q(("recipients", []), _negated=True), _connector="OR"
                        ),
                        name="paper_rule_a_names_recipients",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PeopleImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="imports", to="office.organization"
                    ),
                ),
                ("name", models.CharField(help_text="of the file", max_length=100)),
                ("digest", models.CharField(help_text="SHA-256 of the file, hexadecimal", max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        help_text="None: a command",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                ("content", models.BinaryField(blank=True, help_text="until it is confirmed", null=True)),
                ("confirmed_at", models.DateTimeField(blank=True, help_text="none: it was only previewed", null=True)),
                ("units", models.PositiveIntegerField(default=0)),
                ("added", models.PositiveIntegerField(default=0)),
                ("posts", models.PositiveIntegerField(default=0)),
                (
                    "people",
                    models.ManyToManyField(help_text="whose rights it changed", related_name="+", to="office.person"),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="PlanTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_targets",
                        to="office.organization",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "indicator",
                    models.CharField(
                        choices=[
                            ("electronic", "Chỉ gửi điện tử"),
                            ("with_paper", "Có gửi bản giấy"),
                            ("signed_by_both", "Có đủ chữ ký số của người có thẩm quyền và của cơ quan"),
                        ],
                        max_length=14,
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField()),
                ("reference", models.CharField(help_text="number and date of the plan", max_length=200)),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["organization", "year", "indicator", "-id"], name="plan_target_newest")
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("percent__lte", 100)), name="plan_target_is_a_share"),
                    models.CheckConstraint(
                        condition=models.Q(("indicator__in", ["electronic", "with_paper", "signed_by_both"])),
                        name="plan_indicator_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                        ),
                        fields=("person", "unit", "role", "valid_from"),
                        name="post_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            (
                                "valid_to__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("valid_from"), "-", models.Value(datetime.timedelta(days=1))
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="post_dates_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecipientGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recipient_groups",
                        to="office.organization",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipient_groups",
                        to="office.person",
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "codes",
                    models.JSONField(default=list, help_text="of the agencies, in the order in which they are printed"),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "owner", "name"), name="recipient_group_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Regulation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="regulations",
                        to="office.organization",
                    ),
                ),
                (
                    "reference",
                    models.CharField(help_text="number and date, as of 12/QĐ-VPCP ngày 02/11/2026", max_length=200),
                ),
                ("title", models.CharField(max_length=300)),
                ("valid_from", models.DateField()),
                ("clauses", models.JSONField(default=dict, help_text="setting → the clause that decides it")),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
            ],
            options={
                "ordering": ["-valid_from", "-id"],
            },
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="searches", to="office.person"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("asked", models.TextField(help_text="the search as its address says it")),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [models.UniqueConstraint(fields=("person", "name"), name="saved_search_once")],
            },
        ),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="second_factor", to="office.person"
                    ),
                ),
                (
                    "secret",
                    models.BinaryField(help_text="encrypted with the installation's key; empty: there are keys alone"),
                ),
                ("begun_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "last_step",
                    models.BigIntegerField(default=0, help_text="of the code that was used last: none is used twice"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SigningKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("none", "chưa gắn khóa"),
                            ("pkcs12", "tệp PKCS#12"),
                            ("pkcs11", "thiết bị PKCS#11"),
                            ("remote", "ký số từ xa"),
                        ],
                        max_length=10,
                    ),
                ),
                ("location", models.CharField(blank=True, max_length=500)),
                ("certificate", models.BinaryField()),
                ("fingerprint", models.CharField(help_text="SHA-256, hexadecimal", max_length=64)),
                ("valid_from", models.DateTimeField()),
                ("valid_to", models.DateTimeField(db_index=True)),
                ("image", models.BinaryField(blank=True, null=True)),
                ("registered_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, help_text="another one took its place", null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_for", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("person__isnull", True), ("organization__isnull", True), _connector="XOR"),
                        name="key_has_one_owner",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at", None)),
                        fields=("person", "organization", "fingerprint"),
                        name="own_certificate_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "none"), models.Q(("location", ""), _negated=True), _connector="XOR"
                        ),
                        name="key_lies_somewhere",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandingText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standing_texts",
                        to="office.organization",
                    ),
                ),
                ("type_name", models.CharField(max_length=60)),
                ("basis", models.CharField(blank=True, help_text="one a line", max_length=4000)),
                ("closing", models.CharField(blank=True, max_length=1000)),
                ("recipients", models.CharField(blank=True, help_text="lines of Nơi nhận", max_length=1000)),
                ("valid_from", models.DateField()),
                ("ended_on", models.DateField(blank=True, help_text="not used from this day on", null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "type_name", "-valid_from", "-id"], name="standing_newest")
                ],
            },
        ),
        migrations.CreateModel(
            name="Substitution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="substitutions",
                        to="office.organization",
                    ),
                ),
                (
                    "absent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="substituted_by", to="office.person"
                    ),
                ),
                (
                    "substitute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="stands_in_for", to="office.person"
                    ),
                ),
                ("acts", models.JSONField(help_text="names out of `Substituted`")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("reason", models.TextField(blank=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, help_text="before its time", null=True)),
                (
                    "ended_by",
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
                "ordering": ["-valid_to", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["substitute", "valid_to"],
                        name="substitution_standing",
                    ),
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["absent", "valid_to"],
                        name="substitution_absent",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                        name="substitution_dates_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("absent", models.F("substitute")), _negated=True),
                        name="substitute_is_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.organization"
                    ),
                ),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendment",
                        to="office.incomingdocument",
                    ),
                ),
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
                ("answer", models.TextField(blank=True)),
                ("targets", models.ManyToManyField(related_name="amendments", to="office.incomingdocument")),
            ],
            options={
                "indexes": [models.Index(fields=["organization", "state"], name="amendment_by_state")],
            },
        ),
        migrations.CreateModel(
            name="AnnouncementAddressee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "announcement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="addressees", to="office.announcement"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="announcements", to="office.person"
                    ),
                ),
                ("read_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at", None)),
                        fields=["person", "-announcement"],
                        name="announcement_new",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "announcement"), name="announcement_once_each")
                ],
            },
        ),
        migrations.CreateModel(
            name="BodySigner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "body",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signers", to="office.advisorybody"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="body_signatures", to="office.person"
                    ),
                ),
                (
                    "competence",
                    models.CharField(
                        blank=True, help_text="TM. HỘI ĐỒNG, KT. TRƯỞNG BAN; empty for most", max_length=100
                    ),
                ),
                ("title", models.CharField(help_text="in the body: TRƯỞNG BAN", max_length=100)),
                (
                    "office",
                    models.CharField(blank=True, help_text="in the agency: BỘ TRƯỞNG BỘ NỘI VỤ", max_length=100),
                ),
                ("decision", models.CharField(max_length=200)),
                ("valid_from", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                ("ended_reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["person__sort_key", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("body", "person", "title"),
                        name="body_signer_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CertificateRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificate_requests",
                        to="office.organization",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        help_text="null: the agency's seal",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new", "Cấp mới chứng thư số"),
                            ("renew", "Cấp lại chứng thư số"),
                            ("revoke", "Thu hồi chứng thư số"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        blank=True,
                        help_text="what is to be renewed or revoked",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="office.signingkey",
                    ),
                ),
                ("reason", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("filed", "Chờ lãnh đạo duyệt"),
                            ("approved", "Đã duyệt, chờ gửi"),
                            ("sent", "Đã gửi, chờ kết quả"),
                            ("received", "Đã xong"),
                            ("refused", "Không được chấp thuận"),
                        ],
                        default="filed",
                        max_length=10,
                    ),
                ),
                ("filed_at", models.DateTimeField()),
                (
                    "filed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                ("sent_on", models.DateField(blank=True, null=True)),
                (
                    "reference",
                    models.CharField(
                        blank=True, help_text="number and date of the letter to the provider", max_length=200
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("refused_for", models.TextField(blank=True)),
                (
                    "result",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.signingkey",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["filed", "approved", "sent", "received", "refused"])),
                        name="cert_request_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "new"), ("key__isnull", False), _connector="XOR"),
                        name="request_names_its_key",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("filed", "approved", "sent"))),
                        fields=("organization", "person", "key", "kind"),
                        name="request_open_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Custody",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="custody", to="office.signingkey"
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="null: the agency itself",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("handed_at", models.DateTimeField()),
                ("basis", models.CharField(help_text="number and date of the written permission", max_length=200)),
                (
                    "minutes",
                    models.CharField(help_text="number and date of the minutes of the hand-over", max_length=200),
                ),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
            ],
            options={
                "ordering": ["key", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("given_by", models.F("taken_by")), _negated=True),
                        name="custody_changes_hands",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExpiryWarning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="warnings", to="office.signingkey"
                    ),
                ),
                ("days", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("key", "days"), name="expiry_warned_once")],
            },
        ),
        migrations.CreateModel(
            name="IncomingFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="office.incomingdocument"
                    ),
                ),
                ("ordinal", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=500)),
                ("media_type", models.CharField(max_length=100)),
                ("declared", models.BooleanField()),
                ("present", models.BooleanField()),
                ("digest", models.CharField(blank=True, db_index=True, max_length=64)),
                ("size", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "ordering": ["ordinal"],
            },
        ),
        migrations.CreateModel(
            name="ListHeading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="headings", to="office.dossierlist"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="children",
                        to="office.listheading",
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("abbreviation", models.CharField(blank=True, max_length=15)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("abbreviation", ""), _negated=True),
                        fields=("list", "abbreviation"),
                        name="heading_abbreviation_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parent", None), ("abbreviation", ""), _connector="XOR"),
                        name="main_heading_has_abbreviation",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "notice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mail", to="office.notice"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="office.person"
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, help_text="none: it is over", null=True)),
                ("batch", models.UUIDField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="notice_mail_due"
                    ),
                    models.Index(
                        condition=models.Q(("due_at__isnull", False)), fields=["person"], name="notice_mail_of_person"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="groups",
                        to="office.numberingdecision",
                    ),
                ),
                ("title", models.CharField(max_length=100)),
                ("types", models.JSONField(help_text="keys of the types: abbreviations of Annex III, CV for letters")),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="PaperHolding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="office.incomingdocument",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.unit"),
                ),
                ("handed_at", models.DateTimeField()),
                (
                    "handed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("received_at", models.DateTimeField(blank=True, null=True)),
                (
                    "received_by",
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
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("received_at", None)), fields=("document",), name="paper_under_way_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "factor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="passkeys", to="office.secondfactor"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("credential", models.BinaryField(help_text="its identifier", unique=True)),
                ("data", models.BinaryField(help_text="attested credential data: identifier and public key")),
                (
                    "counter",
                    models.BigIntegerField(default=0, help_text="of its last use: one that does not grow was copied"),
                ),
                ("added_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Print",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="prints", to="office.incomingdocument"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.unit"),
                ),
                ("copies", models.PositiveSmallIntegerField()),
                (
                    "as_signed",
                    models.BooleanField(help_text="whether it says that the signatures hold; else for information"),
                ),
                ("case_code", models.CharField(blank=True, help_text="Số và ký hiệu HS, on the stamp", max_length=50)),
                ("printed_at", models.DateTimeField()),
                (
                    "printed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="RecallOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("answer", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "factor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recovery_codes",
                        to="office.secondfactor",
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("factor", "digest"), name="recovery_code_once")],
            },
        ),
        migrations.CreateModel(
            name="RemoteCredential",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
            ],
        ),
        migrations.CreateModel(
            name="RemoteRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="remote_requests", to="office.person"
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remote_requests",
                        to="office.signingkey",
                    ),
                ),
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
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("asked", "waiting", "allowed", "signed"))),
                        fields=["claimed_until"],
                        name="remote_open",
                    ),
                    models.Index(fields=["person", "-id"], name="remote_of_person"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["asked", "waiting", "allowed", "signed", "done", "cancelled", "lapsed", "failed"],
                            )
                        ),
                        name="remote_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("asked", "waiting", "allowed", "signed")),
                            models.Q(("consent", None), ("handle", None)),
                            _connector="OR",
                        ),
                        name="remote_secrets_end_with_it",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RightChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="right_changes",
                        to="office.organization",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        help_text="None: those of an import",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="right_changes",
                        to="office.person",
                    ),
                ),
                (
                    "run",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="change",
                        to="office.peopleimport",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("account_added", "mở tài khoản"),
                            ("post_given", "giao vai trò"),
                            ("post_ended", "thôi vai trò"),
                            ("password_reset", "cấp lại mật khẩu"),
                            ("account_closed", "khóa tài khoản"),
                            ("account_reopened", "mở lại tài khoản"),
                            ("body_signer_named", "ký văn bản của tổ chức tư vấn"),
                            ("body_signer_ended", "thôi ký văn bản của tổ chức tư vấn"),
                            ("second_factor_reset", "gỡ xác thực hai bước"),
                            ("identity_linked", "gắn tài khoản đăng nhập ngoài"),
                            ("identity_unlinked", "gỡ tài khoản đăng nhập ngoài"),
                            ("substitute_named", "thay người vắng mặt"),
                            ("substitute_ended", "thôi thay người vắng mặt"),
                            ("people_imported", "nhập danh sách cán bộ"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="office.post",
                    ),
                ),
                ("last_day", models.DateField(blank=True, help_text="of a role that ends", null=True)),
                ("reason", models.TextField(blank=True)),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="None: a command",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "confirmed_by",
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
                "ordering": ["-made_at", "-id"],
                "indexes": [
                    models.Index(fields=["organization", "-made_at"], name="right_change_newest"),
                    models.Index(
                        condition=models.Q(("confirmed_at", None)), fields=["organization"], name="right_change_open"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(
                                models.Q(("confirmed_by", models.F("made_by")), _negated=True),
                                models.Q(("confirmed_by", models.F("person")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="right_change_confirmed_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person__isnull", True), ("run__isnull", True), _connector="XOR"),
                        name="right_change_is_of_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VoidedArrival",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voided_arrivals",
                        to="office.organization",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voided_numbers",
                        to="office.incomingdocument",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("taken_at", models.DateTimeField()),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("voided_at", models.DateTimeField()),
                (
                    "voided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("reason", models.TextField()),
            ],
            options={
                "ordering": ["year", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "year", "number"), name="voided_arrival_once"),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="voided_arrival_says_why"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "heading",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="office.listheading"
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(default=0, help_text="given anew whenever the draft changes"),
                ),
                ("title", models.CharField(max_length=500)),
                (
                    "retention_years",
                    models.PositiveSmallIntegerField(blank=True, help_text="none: for ever", null=True),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.unit",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("keeper", None), ("unit", None), _connector="XOR"),
                        name="entry_is_kept_by_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retention_years", None), ("retention_years__gt", 0), _connector="OR"),
                        name="entry_retention",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutgoingDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outgoing", to="office.organization"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.unit"),
                ),
                (
                    "drafter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drafts", to="office.person"
                    ),
                ),
                (
                    "signer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Dự thảo"),
                            ("in_review", "Đang trình duyệt"),
                            ("returned", "Trả lại, chờ trưởng đơn vị"),
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
                (
                    "authorization",
                    models.ForeignKey(
                        blank=True,
                        help_text="of a signer TUQ.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.authorization",
                    ),
                ),
                (
                    "body_signer",
                    models.ForeignKey(
                        blank=True,
                        help_text="of what an advisory body issues",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.bodysigner",
                    ),
                ),
                (
                    "signer_office",
                    models.CharField(blank=True, help_text="of who signs for a body: in the agency", max_length=100),
                ),
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
                    "send_calendar",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="version of the agency's calendar that the deadline was counted by",
                        null=True,
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
                (
                    "replace_reason",
                    models.TextField(blank=True, help_text="why it replaces the other one, and who decided it"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "state", "-urgency", "-id"], name="outgoing_of_state"),
                    models.Index(fields=["organization", "-urgency", "-id"], name="outgoing_all"),
                    models.Index(fields=["organization", "-issued_at"], name="outgoing_by_issue"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "in_review",
                                    "returned",
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
                    models.UniqueConstraint(
                        models.F("organization"),
                        django.db.models.functions.datetime.ExtractYear("promulgated_on"),
                        models.F("number"),
                        models.F("sub_number"),
                        models.F("notation"),
                        condition=models.Q(("number__isnull", False)),
                        name="number_and_notation_once_a_year",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sequence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sequences", to="office.organization"
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sequences",
                        to="office.numbergroup",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        help_text="whose it is",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sequences",
                        to="office.advisorybody",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "after",
                    models.PositiveIntegerField(
                        default=0, help_text="up to here its types were numbered in others, this year"
                    ),
                ),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organization", "key", "year"), name="sequence_once")],
            },
        ),
        migrations.CreateModel(
            name="Circulation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="circulations",
                        to="office.outgoingdocument",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.unit"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        help_text="none: the unit's heads",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                (
                    "sent_at",
                    models.DateTimeField(blank=True, help_text="none before the document is issued", null=True),
                ),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                (
                    "opened_by",
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
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("opened_at", None), ("sent_at__isnull", False)),
                        fields=["unit", "person"],
                        name="circulation_unread",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("document", "unit", "person"), name="circulation_once", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Copy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="copies", to="office.organization"
                    ),
                ),
                (
                    "outgoing",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="office.outgoingdocument",
                    ),
                ),
                (
                    "incoming",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="office.incomingdocument",
                    ),
                ),
                (
                    "kind",
                    models.CharField(choices=[("SY", "Sao y"), ("SL", "Sao lục"), ("TrS", "Trích sao")], max_length=3),
                ),
                ("source", models.CharField(choices=[("electronic", "Điện tử"), ("paper", "Giấy")], max_length=10)),
                ("form", models.CharField(choices=[("electronic", "Điện tử"), ("paper", "Giấy")], max_length=10)),
                ("pages", models.JSONField(default=list)),
                (
                    "of_copy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.copy",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("numbered", "Đã cấp số, chưa tạo xong"), ("made", "Đã sao"), ("voided", "Đã hủy số")],
                        default="numbered",
                        max_length=8,
                    ),
                ),
                (
                    "sequence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="copies", to="office.sequence"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("notation", models.CharField(max_length=30)),
                ("made_on", models.DateField(help_text="the date of the copy, as printed")),
                (
                    "signer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="copies", to="office.copysigner"
                    ),
                ),
                ("recipients_text", models.TextField(help_text="Nơi nhận, a line each, as printed")),
                ("source_digest", models.CharField(db_index=True, max_length=64)),
                ("source_size", models.PositiveBigIntegerField()),
                ("digest", models.CharField(blank=True, db_index=True, max_length=64)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("taken_at", models.DateTimeField()),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("made_at", models.DateTimeField(blank=True, null=True)),
                (
                    "void_reason",
                    models.TextField(blank=True, help_text="why the number was voided, and who decided it"),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("sequence", "number"), name="copy_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("outgoing__isnull", True), ("incoming__isnull", True), _connector="XOR"),
                        name="copy_of_one_document",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "made"), _negated=True),
                            models.Q(("digest", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_made_copy_has_its_bytes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "voided"), _negated=True),
                            models.Q(("void_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_void_copy_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dossier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="dossiers", to="office.organization"
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossier",
                        to="office.listentry",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="office.dossier",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=20)),
                ("title", models.CharField(max_length=500)),
                (
                    "retention_years",
                    models.PositiveSmallIntegerField(blank=True, help_text="none: for ever", null=True),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("work", "Hồ sơ công việc"), ("construction", "Hồ sơ xây dựng cơ bản")],
                        default="work",
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Đang mở"),
                            ("closed", "Đã kết thúc"),
                            ("submitted", "Đã nộp, chờ Lưu trữ nhận"),
                            ("archived", "Lưu trữ cơ quan giữ"),
                            ("historic", "Lưu trữ lịch sử giữ"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="dossiers", to="office.person"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="dossiers", to="office.unit"
                    ),
                ),
                ("language", models.CharField(default="Tiếng Việt", max_length=50)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("started_on", models.DateField()),
                ("due_on", models.DateField(blank=True, help_text="until when the work is to be done", null=True)),
                ("progress", models.PositiveSmallIntegerField(default=0, help_text="percent of the work that is done")),
                ("opened_at", models.DateTimeField()),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("submit_by", models.DateField(blank=True, null=True)),
                (
                    "warned_at",
                    models.DateTimeField(blank=True, help_text="when its keeper was told that it is due", null=True),
                ),
                (
                    "kept_until",
                    models.DateField(blank=True, help_text="kept back by consent (Article 31.3d)", null=True),
                ),
                (
                    "kept_consent",
                    models.CharField(blank=True, help_text="number and date of the consent", max_length=200),
                ),
                ("archived_at", models.DateTimeField(blank=True, null=True)),
                ("last_ordinal", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["keeper", "state", "-id"], name="dossier_by_keeper"),
                    models.Index(fields=["unit", "state", "-id"], name="dossier_by_unit"),
                    models.Index(fields=["organization", "state", "-id"], name="dossier_by_state"),
                    models.Index(
                        condition=models.Q(("state", "closed")),
                        fields=["organization", "submit_by"],
                        name="dossier_to_submit",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("organization", "year", "code"), name="dossier_code_once_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "closed", "submitted", "archived", "historic"])),
                        name="dossier_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("progress__lte", 100)), name="dossier_progress_in_percent"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"), models.Q(("ended_on", None), _negated=True), _connector="OR"
                        ),
                        name="dossier_closed_has_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Enclosure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enclosures",
                        to="office.outgoingdocument",
                    ),
                ),
                ("name", models.CharField(max_length=500)),
                ("media_type", models.CharField(max_length=100)),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                (
                    "sealed_digest",
                    models.CharField(blank=True, db_index=True, help_text="the sealed PDF, once sealed", max_length=64),
                ),
                ("sealed_size", models.PositiveBigIntegerField(blank=True, null=True)),
                ("added_at", models.DateTimeField()),
                (
                    "format_fault",
                    models.CharField(blank=True, help_text="of `standards.formats`, when it was added", max_length=10),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Findable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.organization"
                    ),
                ),
                ("kind", models.CharField(choices=[("in", "incoming"), ("out", "outgoing")], max_length=3)),
                (
                    "incoming",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findable",
                        to="office.incomingdocument",
                    ),
                ),
                (
                    "outgoing",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findable",
                        to="office.outgoingdocument",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("dated", models.DateField()),
                ("due", models.DateField()),
                ("facts", django.contrib.postgres.search.SearchVectorField()),
                ("text", django.contrib.postgres.search.SearchVectorField(null=True)),
                ("content", models.TextField(blank=True)),
                ("unread", models.JSONField(default=list)),
                ("wanted", models.PositiveIntegerField(default=1)),
                ("read", models.PositiveIntegerField(default=0)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["facts"], name="findable_by_facts"),
                    django.contrib.postgres.indexes.GinIndex(fields=["text"], name="findable_by_text"),
                    models.Index(fields=["organization", "kind", "-at", "-id"], name="findable_newest"),
                    models.Index(fields=["organization", "kind", "-dated", "-id"], name="findable_by_day"),
                    models.Index(fields=["organization", "kind", "due", "id"], name="findable_by_deadline"),
                    models.Index(
                        condition=models.Q(("wanted__gt", models.F("read"))), fields=["id"], name="findable_to_read"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("incoming__isnull", False), ("kind", "in"), ("outgoing__isnull", True)),
                            models.Q(("incoming__isnull", True), ("kind", "out"), ("outgoing__isnull", False)),
                            _connector="OR",
                        ),
                        name="findable_is_one_document",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxPacket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="outbox", to="office.organization"
                    ),
                ),
                ("kind", models.CharField(choices=[("document", "Văn bản"), ("status", "Trạng thái")], max_length=10)),
                ("business_type", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("status_code", models.CharField(blank=True, max_length=2)),
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
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("recipients", models.JSONField()),
                ("identifier", models.CharField(max_length=200)),
                ("urgency", models.PositiveSmallIntegerField(default=0)),
                ("idempotency_key", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Chờ gửi"),
                            ("sent", "Trục đã nhận"),
                            ("failed", "Trục từ chối"),
                            ("withdrawn", "Rút lại trước khi gửi"),
                        ],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("problem", models.JSONField(blank=True, null=True)),
                ("packet_id", models.CharField(blank=True, db_index=True, max_length=64)),
                ("receipt", models.TextField(blank=True)),
                (
                    "routes",
                    models.JSONField(
                        default=dict, help_text="id of each delivery → the agency that receives, as the hub told"
                    ),
                ),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
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
            name="PersonalMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="marks", to="office.person"
                    ),
                ),
                (
                    "incoming",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="office.incomingdocument",
                    ),
                ),
                (
                    "outgoing",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="office.outgoingdocument",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("star", "Quan trọng"),
                            ("today", "Làm ngay"),
                            ("follow", "Theo dõi"),
                            ("read", "Đọc sau"),
                        ],
                        max_length=6,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("incoming", None), _negated=True),
                        fields=("person", "incoming"),
                        name="incoming_marked_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("outgoing", None), _negated=True),
                        fields=("person", "outgoing"),
                        name="outgoing_marked_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("incoming__isnull", True), ("outgoing__isnull", True), _connector="XOR"),
                        name="mark_is_on_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["star", "today", "follow", "read"])), name="mark_kind_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recipients",
                        to="office.outgoingdocument",
                    ),
                ),
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
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("document", "code"), name="recipient_once")],
            },
        ),
        migrations.CreateModel(
            name="RegisterNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sequence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="numbers", to="office.sequence"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "sub",
                    models.CharField(
                        blank=True, help_text="letter of a sub-number (số phụ): the a of 12a", max_length=1
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="numbers",
                        to="office.outgoingdocument",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("taken", "Đã cấp"), ("used", "Đã phát hành"), ("void", "Đã hủy")],
                        default="taken",
                        max_length=6,
                    ),
                ),
                ("taken_at", models.DateTimeField()),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("void_reason", models.TextField(blank=True)),
                ("void_authority", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sequence", "number", "sub"), name="number_once"),
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
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                ("finishes", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="SignedStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="statements", to="office.organization"
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
                    "received",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="office.receivedpacket",
                    ),
                ),
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
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tickets", to="office.organization"
                    ),
                ),
                ("subject", models.CharField(max_length=200)),
                (
                    "outgoing",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.outgoingdocument",
                    ),
                ),
                (
                    "incoming",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.incomingdocument",
                    ),
                ),
                ("packet_id", models.CharField(blank=True, help_text="of ours that it is about", max_length=64)),
                ("delivery_id", models.CharField(blank=True, help_text="to us that it is about", max_length=64)),
                ("opened_at", models.DateTimeField()),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "chờ gửi Trục"),
                            ("open", "Trục đã nhận"),
                            ("in_progress", "Trục đang xử lý"),
                            ("waiting", "chờ cơ quan bổ sung"),
                            ("solved", "đã giải quyết"),
                            ("closed", "đã đóng"),
                            ("rejected", "Trục không nhận"),
                        ],
                        default="queued",
                        max_length=12,
                    ),
                ),
                ("hub_ticket", models.CharField(blank=True, help_text="its id at the hub", max_length=64)),
                ("number", models.BigIntegerField(blank=True, help_text="at the hub, for people", null=True)),
                ("answered_at", models.DateTimeField(blank=True, help_text="first answer of the operators", null=True)),
                ("solved_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("asked_at", models.DateTimeField(help_text="when the hub was last asked how it stands")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["organization", "-id"], name="support_newest"),
                    models.Index(
                        condition=models.Q(
                            models.Q(("hub_ticket", ""), _negated=True), models.Q(("state", "closed"), _negated=True)
                        ),
                        fields=["asked_at"],
                        name="support_to_ask",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="office.outgoingdocument",
                    ),
                ),
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
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("slots", models.JSONField(default=list)),
                (
                    "findings",
                    models.JSONField(
                        help_text="what the check of presentation found; null: it was not made", null=True
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["ordinal"],
                "constraints": [models.UniqueConstraint(fields=("document", "ordinal"), name="version_once")],
            },
        ),
        migrations.CreateModel(
            name="DossierHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="office.dossier"
                    ),
                ),
                ("reference", models.CharField(help_text="number and date of the order", max_length=200)),
                ("reason", models.TextField()),
                ("placed_at", models.DateTimeField()),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                ("lifted_for", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)), fields=("dossier",), name="dossier_held_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DossierItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="items", to="office.dossier"
                    ),
                ),
                ("ordinal", models.PositiveIntegerField()),
                (
                    "incoming",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossier_items",
                        to="office.incomingdocument",
                    ),
                ),
                (
                    "outgoing",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossier_items",
                        to="office.outgoingdocument",
                    ),
                ),
                (
                    "material",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossier_items",
                        to="office.material",
                    ),
                ),
                ("pages", models.PositiveIntegerField(blank=True, help_text="none: not known", null=True)),
                ("shared", models.BooleanField(default=False)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "removed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                (
                    "removed_for",
                    models.CharField(
                        blank=True,
                        choices=[("duplicate", "bản trùng"), ("draft", "bản nháp"), ("misplaced", "xếp nhầm hồ sơ")],
                        max_length=9,
                    ),
                ),
            ],
            options={
                "ordering": ["ordinal"],
                "constraints": [
                    models.UniqueConstraint(fields=("dossier", "ordinal"), name="dossier_ordinal_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None), models.Q(("incoming", None), _negated=True)),
                        fields=("incoming", "dossier"),
                        name="incoming_in_dossier_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None), models.Q(("outgoing", None), _negated=True)),
                        fields=("outgoing", "dossier"),
                        name="outgoing_in_dossier_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("incoming__isnull", False), ("material", None), ("outgoing", None)),
                            models.Q(("incoming", None), ("material", None), ("outgoing__isnull", False)),
                            models.Q(("incoming", None), ("material__isnull", False), ("outgoing", None)),
                            _connector="OR",
                        ),
                        name="dossier_item_is_one_thing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DossierMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="office.dossier"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="dossiers_shared", to="office.person"
                    ),
                ),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("person", "dossier"), name="dossier_member_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DossierNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="office.dossier"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("text", models.TextField()),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="DossierTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "dossier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to="office.dossier"
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="dossier_tasks", to="office.person"
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("to_do", "Đang thực hiện"), ("done", "Đã xong"), ("dropped", "Đã hủy")],
                        default="to_do",
                        max_length=7,
                    ),
                ),
                ("progress", models.PositiveSmallIntegerField(default=0, help_text="percent of it that is done")),
                ("note", models.CharField(blank=True, max_length=500)),
                ("given_at", models.DateTimeField()),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "reminded",
                    models.CharField(blank=True, help_text="soon: due soon; over: not done in time", max_length=4),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "to_do")), fields=["person", "due_on", "id"], name="task_of_person"
                    ),
                    models.Index(fields=["dossier", "state"], name="task_of_dossier"),
                    models.Index(
                        condition=models.Q(("state", "to_do"), models.Q(("reminded", "over"), _negated=True)),
                        fields=["due_on"],
                        name="task_to_remind",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["to_do", "done", "dropped"])), name="task_state_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("progress__lte", 100)), name="task_progress_in_percent"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "to_do")),
                            models.Q(
                                models.Q(("state", "to_do"), _negated=True), models.Q(("ended_at", None), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="task_ended_has_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalTransfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="historical_transfers",
                        to="office.organization",
                    ),
                ),
                ("archive", models.CharField(max_length=200)),
                ("reference", models.CharField(max_length=200)),
                ("handed_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("dossiers", models.ManyToManyField(related_name="historical_transfers", to="office.dossier")),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["organization", "-id"], name="historical_transfer_newest")],
            },
        ),
        migrations.CreateModel(
            name="PaperTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "recipient",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="paper_task", to="office.recipient"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.organization"
                    ),
                ),
                (
                    "clause",
                    models.CharField(
                        choices=[
                            ("7.1", "một bên chưa đáp ứng điều kiện gửi điện tử (Điều 7.1)"),
                            ("7.2a", "gửi Chính phủ, Thủ tướng Chính phủ (Điều 7.2a)"),
                            ("7.2b", "theo Danh mục của cơ quan (Điều 7.2b)"),
                        ],
                        max_length=4,
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        blank=True,
                        help_text="what governed it",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="office.paperrule",
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                (
                    "way",
                    models.CharField(
                        blank=True, choices=[("post", "Bưu điện"), ("hand", "Giao trực tiếp")], max_length=4
                    ),
                ),
                ("sent_on", models.DateField(blank=True, null=True)),
                ("copies", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("envelopes", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "receipt",
                    models.CharField(blank=True, help_text="who signed for it, or the post's mark", max_length=100),
                ),
                ("dropped", models.TextField(blank=True, help_text="why no paper goes any more, and who decided it")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
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
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["organization", "id"],
                        name="paper_task_open",
                    ),
                    models.Index(fields=["organization", "sent_on", "id"], name="paper_task_by_day"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("clause", "7.1"), ("rule__isnull", True)),
                            models.Q(models.Q(("clause", "7.1"), _negated=True), ("rule__isnull", False)),
                            _connector="OR",
                        ),
                        name="paper_task_has_its_ground",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True),
                            models.Q(
                                ("copies__gte", 1), ("dropped", ""), ("envelopes__gte", 1), ("sent_on__isnull", False)
                            ),
                            models.Q(models.Q(("dropped", ""), _negated=True), ("sent_on__isnull", True)),
                            _connector="OR",
                        ),
                        name="paper_task_sent_in_full_or_dropped",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RemoteSigning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signings", to="office.remoterequest"
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
                    "approved",
                    models.ForeignKey(
                        help_text="what is signed",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.version",
                    ),
                ),
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
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("document",), name="remote_signing_open_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="office.version"
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("submitted", "Trình"),
                            ("content", "Kiểm tra nội dung"),
                            ("presentation", "Kiểm tra thể thức"),
                            ("approved", "Duyệt"),
                            ("returned", "Trả lại"),
                            ("handed_down", "Chuyển lại người soạn"),
                            ("commented", "Ý kiến"),
                        ],
                        max_length=15,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("note", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="office.organization",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.unit"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("handed_in", "Chờ Lưu trữ kiểm tra"),
                            ("taken_over", "Lưu trữ đã nhận"),
                            ("sent_back", "Lưu trữ trả lại"),
                        ],
                        default="handed_in",
                        max_length=10,
                    ),
                ),
                ("title", models.CharField(help_text="what the dossiers are of (tên khối tài liệu)", max_length=200)),
                ("condition", models.CharField(blank=True, help_text="tình trạng tài liệu", max_length=200)),
                ("given_at", models.DateTimeField()),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
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
                ("answer", models.TextField(blank=True)),
                ("dossiers", models.ManyToManyField(related_name="submissions", to="office.dossier")),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["organization", "state", "-id"], name="submission_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["handed_in", "taken_over", "sent_back"])),
                        name="submission_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_by", None),
                            models.Q(("answered_by", models.F("given_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="submission_taken_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="office.ticket"
                    ),
                ),
                ("by_operator", models.BooleanField(default=False)),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                ("author", models.CharField(blank=True, help_text="the operator", max_length=100)),
                ("text", models.CharField(blank=True, max_length=4000)),
                ("closes", models.BooleanField(default=False, help_text="it says that nothing more is needed")),
                ("at", models.DateTimeField()),
                ("key", models.CharField(blank=True, help_text="under which the hub knows a repeat", max_length=64)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("refused_for", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="support_waiting"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True), fields=("key",), name="support_entry_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Transmission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="transmissions", to="office.recipient"
                    ),
                ),
                (
                    "packet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transmissions",
                        to="office.outboxpacket",
                    ),
                ),
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
                (
                    "transmission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="task", to="office.transmission"
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.organization"
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
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
            ],
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="office.incomingdocument",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("lead", "Chủ trì"), ("coordinate", "Phối hợp"), ("inform", "Để biết")], max_length=10
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.unit"),
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
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("person_due_at", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("result", models.TextField(blank=True)),
                ("proposed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                ("urged_at", models.DateTimeField(blank=True, help_text="when it was last urged (đôn đốc)", null=True)),
                (
                    "reminded",
                    models.CharField(
                        blank=True, help_text="soon, over: of what its people were reminded", max_length=4
                    ),
                ),
                (
                    "ended_at",
                    models.DateTimeField(
                        blank=True, help_text="taken back, replaced, or stopped by a recall", null=True
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None), ("finished_at", None)),
                        fields=["due_at"],
                        name="assignment_open_due",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="extensions", to="office.assignment"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="office.person"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(help_text="the deadline that is asked for")),
                ("reason", models.TextField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                ("granted", models.BooleanField(blank=True, null=True)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at", None)), fields=("assignment",), name="extension_open_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_at", None), ("granted__isnull", False), _connector="XOR"),
                        name="extension_decided_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Instruction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                (
                    "instead_of",
                    models.ForeignKey(
                        blank=True,
                        help_text="who was away",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.person",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("text", models.TextField(blank=True)),
                (
                    "on_assignment",
                    models.ForeignKey(
                        blank=True,
                        help_text="a unit head's: the task of the unit that was given to one of its people",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_ons",
                        to="office.assignment",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="organization",
            name="monitor",
            field=models.ForeignKey(
                blank=True,
                help_text="whom the head named to follow and urge the work on incoming documents",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="office.person",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="instruction",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="office.instruction"
            ),
        ),
        *map(migrations.RunSQL, (PACKET_ONCE, CUSTODY, MODE, FINDABLE)),
    ]
    operations = at_once(operations)
