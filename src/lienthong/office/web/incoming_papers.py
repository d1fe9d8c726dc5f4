"""What is put on paper of an incoming document: the slip of its handling, and prints with the arrival stamp."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from lienthong.journal.vocabulary import Access
from lienthong.office.errors import OfficeProblem
from lienthong.office.incoming import printing
from lienthong.office.models import IncomingDocument, LegalValue, Person, Role, Unit
from lienthong.office.people import access
from lienthong.office.people.actors import log_opened
from lienthong.office.web import given
from lienthong.office.web.guards import now, page, show


@page()
def slip(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """Phiếu giải quyết văn bản đến, as it stands."""
    document = access.incoming(person, pk)
    content = printing.slip(document, at=now())
    log_opened(Access.DOWNLOADED, person, document, now(), "slip")
    return _shown(content, f"Phieu giai quyet van ban den {document.arrival_number}.pdf")


@page(Role.CLERK, acts=True)
def prints(request: HttpRequest, person: Person, pk: int) -> HttpResponseBase:
    """In, đóng dấu đến: what is wanted, and what was printed before; the print itself is what a sent form answers."""
    document, problem = access.incoming(person, pk), None
    if request.method == "POST":
        try:
            content = printing.print_out(document, _order(request, document), actor=person, at=now())
        except OfficeProblem as refused:
            problem = refused
        else:
            log_opened(Access.DOWNLOADED, person, document, now(), "print")
            return _shown(content, f"Ban in {document.printed_number.replace('/', '-')}.pdf")
    lead = document.assignments.filter(kind="lead", ended_at=None).first()
    context = {
        "document": document, "given": request.POST, "most": printing.MOST_COPIES,
        "units": Unit.objects.filter(organization=document.organization), "lead": lead.unit_id if lead else None,
        "sound": document.legal_value == LegalValue.EQUIVALENT, "can_print": printing.can_print(document),
        "prints": document.prints.select_related("unit", "printed_by").order_by("-pk"),
    }  # fmt: skip
    return show(request, person, "incoming_print.html", context, problem=problem)


def _order(request: HttpRequest, document: IncomingDocument) -> printing.Order:
    form = request.POST
    unit = Unit.objects.filter(pk=given.number(form.get("unit", "")), organization=document.organization).first()
    return printing.Order(
        unit=unit, copies=given.number(form.get("copies", "")), as_signed=form.get("worth") == "signed",
        case_code=form.get("case_code", ""),
    )  # fmt: skip


def _shown(content: bytes, name: str) -> HttpResponse:
    """A PDF in the browser's own viewer, which prints it."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
