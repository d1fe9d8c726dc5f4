"""The process that `recognising` starts: a PDF comes in, one page of it is drawn in memory, and Tesseract, in this
process's place and with no more than it was given, says what stands there."""

from __future__ import annotations

import os
import sys

from lienthong.standards import apart

DPI = 300
MOST_DOTS = 36_000_000
"""Of a page: one of A3 and a little more. A larger one is drawn smaller."""
_INCH = 72
_LESS_URGENT = 10
"""How far everything else on the machine goes before."""


def main() -> None:
    """Draw the page that the first argument names, and become the program that it names."""
    asked = apart.begin()
    os.nice(_LESS_URGENT)
    picture = os.memfd_create("page", 0)
    with os.fdopen(picture, "wb", closefd=False) as out:
        out.write(drawn(sys.stdin.buffer.read(), asked["page"]))
    os.lseek(picture, 0, os.SEEK_SET)
    os.dup2(picture, 0)
    apart.write_nothing()
    told = [asked["program"], "stdin", "stdout", "-l", asked["language"], "--dpi", str(DPI)]
    os.execve(told[0], told, {"OMP_THREAD_LIMIT": "1"})  # noqa: S606 - no shell is wanted


def drawn(pdf: bytes, page: int) -> bytes:
    """A page as a grey picture (PGM), in the form that needs no library to be written or read."""
    import pypdfium2

    found = pypdfium2.PdfDocument(pdf)[page]
    width, height = found.get_size()
    scale = min(DPI / _INCH, (MOST_DOTS / (width * height)) ** 0.5)
    picture = found.render(scale=scale, grayscale=True)
    dots, stride = bytes(picture.buffer), picture.stride
    rows = (dots[row * stride : row * stride + picture.width] for row in range(picture.height))
    return b"P5 %d %d 255\n" % (picture.width, picture.height) + b"".join(rows)


if __name__ == "__main__":
    main()
