"""Whether a PDF was made from paper: the origin of an electronic document (Decision 28/2018, Article 3.1)."""

from typing import Any, BinaryIO

from lienthong.standards.secrecy import LARGEST_PAGE


def is_scanned(pdf: BinaryIO) -> bool | None:
    """Whether page 1 of a PDF is a picture without any text, as a scanner makes it; None where it has neither, or
    cannot be read. A scan whose text was recognised is taken for text."""
    from pypdf import PdfReader  # a fifth of a second, which no command need wait for

    try:
        page = PdfReader(pdf).pages[0]
        contents = page.get_contents()
        if contents is None or len(contents.get_data()) > LARGEST_PAGE:
            return None
        if page.extract_text().strip():
            return False
        drawn: Any = page["/Resources"].get_object()
        drawn = drawn["/XObject"].get_object()
        pictures = [one for one in drawn.values() if one.get_object().get("/Subtype") == "/Image"]
    except Exception:
        return None  # what such a file is worth, the judge of signatures says
    return True if pictures else None
