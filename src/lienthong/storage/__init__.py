"""Write-once bytes, named by what they are."""

from lienthong.storage.files import Blob, BlobMissing, BlobWriter, FileBlobs

__all__ = ["Blob", "BlobMissing", "BlobWriter", "FileBlobs"]
