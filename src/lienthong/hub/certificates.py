"""The client certificates that are registered for systems, and whether a system gets in without one (Article 13.2).

A certificate is known by the digest of its bytes, not by who issued it: a system opens nothing with a certificate that
nobody registered for it, whatever authority stands behind. Running processes take each act up within two seconds.
"""

from __future__ import annotations

import base64
from datetime import datetime

from django.db import transaction

from lienthong.hub import policy
from lienthong.hub.models import System, SystemCertificate
from lienthong.hub.peers import Certificate
from lienthong.hub.systems import OPERATOR, set_certificate_required
from lienthong.journal.record import Subject, record
from lienthong.journal.vocabulary import HubEvent


def add(
    code: str, raw: bytes, *, until: datetime | None = None, others_until: datetime | None = None, at: datetime
) -> SystemCertificate:
    """Register a certificate for a system; the same one twice is one entry, with the period that is said last.

    Args:
        raw: PEM or DER.
        until: ends it before its own end.
        others_until: ends the system's others at this moment, unless they end before; None leaves them as they are.

    Raises:
        ValueError: no such system; no certificate, an ended one, one that is not for clients, or a revoked one.
    """
    shown = _usable(raw, at)
    ends = min(until, shown.valid_to) if until else shown.valid_to
    with transaction.atomic():
        _require_system(code)
        known = SystemCertificate.objects.filter(system_id=code, fingerprint=shown.fingerprint).first()
        if known is not None and known.revoked_at is not None:
            raise ValueError(
                f"chứng thư {shown.fingerprint} đã bị thu hồi; cấp chứng thư mới / it was revoked, issue a new one"
            )
        registered, _ = SystemCertificate.objects.update_or_create(
            system_id=code, fingerprint=shown.fingerprint,
            defaults={"valid_to": ends},
            create_defaults={
                "certificate": base64.b64encode(shown.der).decode(), "owner": shown.owner,
                "valid_from": shown.valid_from, "valid_to": ends, "added_at": at,
            },
        )  # fmt: skip
        record(
            HubEvent.SYSTEM_CERTIFICATE_ADDED, actor=OPERATOR, subject=Subject("system", code), at=at,
            fingerprint=shown.fingerprint, until=ends.isoformat(),
        )  # fmt: skip
        if others_until is not None:
            _end_others(registered, max(others_until, at), at)
    policy.forget_copy()
    return registered


def remove(code: str, fingerprint: str, *, reason: str, at: datetime) -> SystemCertificate:
    """Revoke a certificate: it opens nothing from now on, and is never registered for the system again.

    Args:
        fingerprint: its beginning is enough where it is the only one.

    Raises:
        ValueError: no reason, or no such certificate.
    """
    if not reason.strip():
        raise ValueError("cần lý do thu hồi / a reason is needed")
    with transaction.atomic():
        found = list(
            SystemCertificate.objects.select_for_update().filter(
                system_id=code, fingerprint__startswith=fingerprint.lower().replace(":", ""), revoked_at__isnull=True
            )[:2]
        )
        if len(found) != 1 or not fingerprint:
            raise ValueError(f"{code} không có đúng một chứng thư {fingerprint} / not exactly one such certificate")
        one = found[0]
        one.revoked_at, one.revoked_for = at, reason.strip()[:200]
        one.save(update_fields=["revoked_at", "revoked_for"])
        record(
            HubEvent.SYSTEM_CERTIFICATE_REVOKED, actor=OPERATOR, subject=Subject("system", code), at=at,
            fingerprint=one.fingerprint, reason=one.revoked_for,
        )  # fmt: skip
    policy.forget_copy()
    return one


def require(code: str, *, required: bool, at: datetime) -> System:
    """Say whether a system gets in without a certificate, at both doors.

    Raises:
        ValueError: no such system, or it has no certificate that opens now: it would be shut out.
    """
    usable = SystemCertificate.objects.filter(
        system_id=code, revoked_at__isnull=True, valid_from__lte=at, valid_to__gt=at
    )
    if required and not usable.exists():
        raise ValueError(
            f"{code} chưa có chứng thư còn hạn; chạy `certificate add` trước / register a valid certificate first"
        )
    return set_certificate_required(code, required=required, at=at)


def _usable(raw: bytes, at: datetime) -> Certificate:
    try:
        shown = Certificate.read(raw)
    except ValueError as reason:
        raise ValueError("tệp không phải chứng thư X.509 (PEM hoặc DER) / no X.509 certificate, PEM or DER") from reason
    if shown.valid_to <= at:
        raise ValueError(f"chứng thư hết hạn từ {shown.valid_to:%d/%m/%Y} / the certificate has ended")
    if not shown.for_clients:
        raise ValueError(
            "mục đích sử dụng của chứng thư không có clientAuth / the certificate is not meant for TLS clients"
        )
    return shown


def _require_system(code: str) -> None:
    if not System.objects.filter(code=code).exists():
        raise ValueError(f"không có hệ thống {code}; xem `lienthong hub system list` / no system {code}")


def _end_others(kept: SystemCertificate, ends: datetime, at: datetime) -> None:
    others = SystemCertificate.objects.filter(system_id=kept.system_id, revoked_at__isnull=True, valid_to__gt=ends)
    for other in others.exclude(pk=kept.pk):
        record(
            HubEvent.SYSTEM_CERTIFICATE_ENDING, actor=OPERATOR, subject=Subject("system", kept.system_id), at=at,
            fingerprint=other.fingerprint, until=ends.isoformat(),
        )  # fmt: skip
    others.exclude(pk=kept.pk).update(valid_to=ends)
