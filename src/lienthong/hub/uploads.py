"""Large packets in pieces, so that who is cut off goes on where it was (tus 1.0.0: core, creation, expiration,
termination). An upload becomes a packet by a submission that names it; until then it is nobody's but its system's."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import FileIO
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction

from lienthong.hub import maintenance, policy
from lienthong.hub.agencies import Member
from lienthong.hub.models import System, Upload
from lienthong.protocol.problems import (
    NoStorage,
    TooLarge,
    TooManyUploads,
    UnknownUpload,
    UploadBusy,
    UploadIncomplete,
    WrongOffset,
)

KEPT = timedelta(hours=24)
"""How long an upload may take, and stays for a repeated submission."""
OPEN_AT_ONCE = 16
"""Uploads of one system at a time."""


def create(member: Member, *, key: str, length: int, at: datetime) -> tuple[Upload, bool]:
    """Begin an upload, or find the one that was begun with this key.

    Returns:
        The upload, and whether it is new.

    Raises:
        TooLarge, TooManyUploads, UnderMaintenance.
    """
    maintenance.require_intake()
    limit = policy.of(member.code).packet_limit()
    if length > limit:
        raise TooLarge(limit=limit)
    own = Upload.objects.filter(system_id=member.code)
    with transaction.atomic():
        # One beginning of a system at a time: two with one key are one upload, and the bound is counted on what is
        # committed.
        System.objects.select_for_update(no_key=True).filter(code=member.code).first()
        known = own.filter(key=key, length=length, until__gt=at).first()
        if known is not None:
            return known, False
        if own.filter(until__gt=at).exclude(key=key).count() >= OPEN_AT_ONCE:
            raise TooManyUploads(limit=OPEN_AT_ONCE)
        for old in own.filter(key=key):
            _remove(old)
        upload = own.create(key=key, system_id=member.code, length=length, until=at + KEPT)
        path_of(upload).parent.mkdir(parents=True, exist_ok=True)
        path_of(upload).touch()
    return upload, True


def find(member: Member, upload_id: str, *, at: datetime) -> Upload:
    """An upload of this system. Raises `UnknownUpload` for another's as for none at all."""
    try:
        key = UUID(upload_id)
    except ValueError:
        raise UnknownUpload() from None
    found = Upload.objects.filter(pk=key, system_id=member.code, until__gt=at).first()
    if found is None or not path_of(found).exists():
        raise UnknownUpload()
    return found


def offset_of(upload: Upload) -> int:
    """How many bytes are here. Raises `UnknownUpload`: it was given up, or is over, this very moment."""
    try:
        return path_of(upload).stat().st_size
    except FileNotFoundError:
        raise UnknownUpload() from None


def append(upload: Upload, body: Iterable[bytes], *, offset: int) -> int:
    """Take the next bytes; what came before a broken connection is kept.

    Returns:
        The new offset: these bytes are on disk.

    Raises:
        UploadBusy: another request writes to it.
        WrongOffset: it does not begin where the last one ended.
        TooLarge: more came than was announced.
        NoStorage: the disk is full; what came before stays.
        UnderMaintenance: nothing new is taken at the moment.
    """
    maintenance.require_intake()
    with _alone(upload) as file:
        here = file.seek(0, os.SEEK_END)
        if offset != here:
            raise WrongOffset(offset=here)
        try:
            for chunk in body:
                if here + len(chunk) > upload.length:
                    raise TooLarge(limit=upload.length)
                here += _write_all(file, chunk)
        except OSError as reason:
            if reason.errno in (errno.ENOSPC, errno.EDQUOT):
                raise NoStorage() from reason
            raise
        finally:
            os.fsync(file.fileno())
    return here


def whole(upload: Upload) -> BinaryIO:
    """The bytes of a complete upload. Raises `UploadIncomplete`, `UnknownUpload`."""
    here = offset_of(upload)
    if here != upload.length:
        raise UploadIncomplete(offset=here, length=upload.length)
    try:
        return path_of(upload).open("rb")
    except FileNotFoundError:
        raise UnknownUpload() from None


def end(upload: Upload) -> None:
    """Forget an upload and its bytes."""
    _remove(upload)


def forget_old(now: datetime) -> None:
    """Forget the uploads whose time is over."""
    for upload in Upload.objects.filter(until__lt=now):
        _remove(upload)


def path_of(upload: Upload) -> Path:
    """Where an upload's bytes lie."""
    return Path(settings.LIENTHONG.data) / "uploads" / str(upload.pk)


def _remove(upload: Upload) -> None:
    # The row goes last: a file without a row would be found by nobody.
    path_of(upload).unlink(missing_ok=True)
    upload.delete()


def _write_all(file: FileIO, chunk: bytes) -> int:
    left = memoryview(chunk)
    while left:
        left = left[file.write(left) :]
    return len(chunk)


@contextmanager
def _alone(upload: Upload) -> Iterator[FileIO]:
    try:
        # Unbuffered: what does not fit on the disk is known at once, and nothing waits to be written later.
        file = path_of(upload).open("r+b", buffering=0)
    except FileNotFoundError:
        raise UnknownUpload() from None  # given up, or over, this very moment
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UploadBusy() from None
        yield file
