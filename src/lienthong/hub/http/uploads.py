"""Resumable uploads of large packets below `/api/v1/uploads`: tus 1.0.0 (tus.io/protocols/resumable-upload)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date

from lienthong.hub import uploads
from lienthong.hub.agencies import Member
from lienthong.hub.http.described import described, header
from lienthong.hub.http.edge import authenticated, body_chunks, now, route
from lienthong.hub.models import Upload
from lienthong.protocol.messages import Header
from lienthong.protocol.problems import (
    BadRequest,
    LengthRequired,
    NoStorage,
    TooLarge,
    TooManyUploads,
    UnknownTusVersion,
    UnknownUpload,
    UploadBusy,
    WrongOffset,
)

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"
RESUMABLE = header("Tus-Resumable", "The protocol's version.", required=True, enum=[VERSION])
OFFSET = {"Upload-Offset": "How many bytes are here."}


@described(answers={204: None}, headers={"Tus-Version": "Versions.", "Tus-Max-Size": "Largest packet in bytes."})
def show_abilities(_request: HttpRequest) -> HttpResponseBase:
    """What the hub knows of the protocol."""
    return _said(
        204, **{"Tus-Version": VERSION, "Tus-Extension": "creation,expiration,termination"},
        **{"Tus-Max-Size": str(settings.LIENTHONG.max_packet_bytes)},
    )  # fmt: skip


@described(
    RESUMABLE,
    header("Upload-Length", "Bytes of the whole packet.", required=True, pattern="^[1-9][0-9]{0,17}$"),
    header(
        Header.IDEMPOTENCY_KEY, "Yours: the same key is the same upload.", required=True, minLength=8, maxLength=100
    ),
    answers={200: None, 201: None},
    headers={"Location": "Where its pieces go.", "Upload-Expires": "Until when.", **OFFSET},
    problems=(BadRequest, UnknownTusVersion, TooLarge, TooManyUploads),
)
@authenticated
def begin(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Begin an upload: 201, or 200 for one that was begun with this key."""
    _require_version(request)
    key = request.headers.get(Header.IDEMPOTENCY_KEY, "")
    length = _number(request, "Upload-Length")
    if not 8 <= len(key) <= 100 or not length:
        raise BadRequest(reason=f"cần Upload-Length và {Header.IDEMPOTENCY_KEY} (8 đến 100 ký tự)")
    upload, new = uploads.create(member, key=key, length=length, at=now())
    return _state(201 if new else 200, upload, Location=f"/api/v1/uploads/{upload.pk}")


@described(
    RESUMABLE,
    answers={200: None},
    headers={"Upload-Length": "Bytes of the whole.", **OFFSET},
    problems=(UnknownTusVersion, UnknownUpload),
)
@authenticated
def show(request: HttpRequest, member: Member, upload_id: str) -> HttpResponseBase:
    """How much of it is here."""
    _require_version(request)
    return _state(200, uploads.find(member, upload_id, at=now()))


@described(
    RESUMABLE,
    header("Upload-Offset", "Where this piece begins.", required=True, pattern="^[0-9]{1,18}$"),
    body=(PIECE, PIECE),
    answers={204: None},
    headers=OFFSET,
    problems=(
        BadRequest,
        LengthRequired,
        UnknownTusVersion,
        UnknownUpload,
        UploadBusy,
        WrongOffset,
        TooLarge,
        NoStorage,
    ),
)
@authenticated
def go_on(request: HttpRequest, member: Member, upload_id: str) -> HttpResponseBase:
    """Take the next piece; what came before a broken connection stays."""
    _require_version(request)
    upload = uploads.find(member, upload_id, at=now())
    if request.headers.get("Content-Type", "") != PIECE:
        raise BadRequest(reason=f"cần Content-Type: {PIECE}")
    if not request.headers.get("Content-Length", "").isdigit():
        raise LengthRequired()
    uploads.append(upload, body_chunks(request), offset=_number(request, "Upload-Offset"))
    return _state(204, upload)


@described(RESUMABLE, answers={204: None}, problems=(UnknownTusVersion, UnknownUpload))
@authenticated
def give_up(request: HttpRequest, member: Member, upload_id: str) -> HttpResponseBase:
    """Forget the upload and its bytes."""
    _require_version(request)
    uploads.end(uploads.find(member, upload_id, at=now()))
    return _said(204)


def _require_version(request: HttpRequest) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise UnknownTusVersion()


def _number(request: HttpRequest, name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadRequest(reason=f"cần {name} là số nguyên")
    return int(text)


def _state(status: int, upload: Upload, **more: str) -> HttpResponse:
    told = {
        "Upload-Offset": str(uploads.offset_of(upload)),
        "Upload-Length": str(upload.length),
        "Upload-Expires": http_date(upload.until.timestamp()),
        "Cache-Control": "no-store",
    }
    return _said(status, **told, **more)


def _said(status: int, **headers: str) -> HttpResponse:
    response = HttpResponse(status=status, headers={"Tus-Resumable": VERSION, **headers})
    del response["Content-Type"]
    return response


DESCRIBED = {
    "uploads": route(options=show_abilities, post=begin),
    "uploads/<str:upload_id>": route(head=show, patch=go_on, delete=give_up),
}
