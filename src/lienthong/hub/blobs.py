"""Where the hub keeps packets' bytes."""

from functools import cache

from django.conf import settings

from lienthong.storage import FileBlobs


@cache
def blobs() -> FileBlobs:
    """The hub's blob store."""
    return FileBlobs(settings.LIENTHONG.data / "blobs")
