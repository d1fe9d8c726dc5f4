"""A file of two kilobytes can claim more pages than any memory holds: it is refused before anybody counts them. And so is
one that is locked in a way that its reader does not know."""

import pytest

from lienthong.office.typeset import TypesetProblem, as_seen, count, require_signable
from tests.museum.make_pdfs import encrypted_for_certificates


def shared_nodes(levels: int) -> bytes:
    """A tree of pages in which each node names the same child twice: 2^levels pages."""
    parts, places, at = [b"%PDF-1.7\n"], [], 9
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    for number in range(2, levels + 2):
        objects.append(b"<< /Type /Pages /Count 2 /Kids [%d 0 R %d 0 R] >>" % (number + 1, number + 1))
    objects.append(b"<< /Type /Page /MediaBox [0 0 595 842] >>")
    for number, body in enumerate(objects, 1):
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
        places.append(at)
        at += len(parts[-1])
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, at)
    return b"".join([*parts, head, table, end])


@pytest.mark.parametrize("read", [count, as_seen, require_signable])
@pytest.mark.parametrize("levels", [1, 60])
def test_pages_that_stand_in_several_places_are_refused(read: object, levels: int) -> None:
    with pytest.raises(TypesetProblem, match="hỏng"):
        read(shared_nodes(levels))  # type: ignore[operator]


@pytest.mark.parametrize("read", [count, as_seen, require_signable])
def test_what_opens_for_certificates_alone_is_refused_as_what_has_a_password(read: object) -> None:
    with pytest.raises(TypesetProblem, match="mật khẩu"):
        read(encrypted_for_certificates())  # type: ignore[operator]
