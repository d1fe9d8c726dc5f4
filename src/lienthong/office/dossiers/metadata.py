"""What is known of a dossier and of what lies in it, as XML with the names of Decree 30/2020, Annex VI, Part II."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from xml.etree import ElementTree as Tree

from django.utils import timezone

from lienthong.office.dossiers.described import Described
from lienthong.office.models import Dossier, IncomingDocument, OutgoingDocument

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold."""


def as_xml(dossier: Dossier, items: Iterable[Described], *, rights: str) -> bytes:
    """The dossier (III) with its documents (I, II) in the order of time.

    Args:
        rights: how it may be used (Chế độ sử dụng).
    """
    rows = list(items)
    root = Tree.Element("File")
    _file_code(root, dossier)
    known = [one.item.pages for one in rows if one.item.pages is not None]
    _add(
        root, Title=dossier.title, Maintenance=dossier.retention, Rights=rights, Creator=dossier.keeper.full_name,
        Language=dossier.language, StartDate=_day(dossier.started_on), EndDate=_day(dossier.ended_on),
        DocTotal=len(rows), PageTotal=sum(known) if len(known) == len(rows) else "", Description=dossier.note,
    )  # fmt: skip
    documents = Tree.SubElement(root, "Documents")
    for one in rows:
        _document(documents, dossier, one)
    Tree.indent(root)
    return bytes(Tree.tostring(root, encoding="utf-8", xml_declaration=True))


def _document(parent: Tree.Element, dossier: Dossier, one: Described) -> None:
    if not one.seen:
        hidden = Tree.SubElement(parent, "Document", withheld="true")
        _file_code(hidden, dossier)
        _add(hidden, DocOrdinal=one.item.ordinal)
        return
    if one.item.outgoing is not None:
        _outgoing(Tree.SubElement(parent, "OutgoingDocument"), dossier, one, one.item.outgoing)
    elif one.item.incoming is not None:
        _incoming(Tree.SubElement(parent, "IncomingDocument"), dossier, one, one.item.incoming)
    else:
        material = Tree.SubElement(parent, "Material")
        _file_code(material, dossier)
        _add(
            material, DocOrdinal=one.item.ordinal, IssuedDate=_day(one.dated), OrganName=one.author, Subject=one.title,
            PageAmount=one.item.pages,
        )  # fmt: skip


def _outgoing(place: Tree.Element, dossier: Dossier, one: Described, document: OutgoingDocument) -> None:
    _common(place, dossier, one, document)
    _signer(place, document.position, document.signer_name)
    recipients = list(document.recipients.all())
    for recipient in recipients:
        _add(Tree.SubElement(place, "To"), OrganId=recipient.code, OrganName=recipient.name)
    _add(place, Priority=document.urgency, IssuedAmount=len(recipients), DueDate=_day(document.due_on))


def _incoming(place: Tree.Element, dossier: Dossier, one: Described, document: IncomingDocument) -> None:
    _common(place, dossier, one, document)
    _add(
        place, ArrivalDate=_day(timezone.localdate(document.accepted_at) if document.accepted_at else None),
        ArrivalNumber=document.arrival_number,
    )  # fmt: skip
    _signer(place, document.signer_position, document.signer_name)
    assignments = document.assignments.select_related("unit", "person")
    given = [row.person.full_name if row.person else row.unit.name for row in assignments]
    instructions = document.instructions.select_related("person").order_by("at")
    said = [f"{timezone.localtime(row.at):%d/%m/%Y %H:%M} {row.person.full_name}: {row.text}" for row in instructions]
    _add(
        place, Priority=document.urgency, ToPlaces="; ".join(given),
        TraceHeaderList="\n".join([*said, str(document.get_state_display())]), DueDate=_day(document.due_on),
    )  # fmt: skip


def _common(
    place: Tree.Element, dossier: Dossier, one: Described, document: OutgoingDocument | IncomingDocument
) -> None:  # fmt: skip
    _file_code(place, dossier)
    _add(
        place, DocOrdinal=one.item.ordinal, TypeName=document.type_name, CodeNumber=document.number,
        CodeNotation=document.notation, IssuedDate=_day(document.promulgated_on), OrganName=one.author,
        Subject=document.subject, Language="Tiếng Việt", PageAmount=one.item.pages, Description="",
    )  # fmt: skip


def _signer(place: Tree.Element, position: str, name: str) -> None:
    _add(Tree.SubElement(place, "SignerInfo"), Position=position, FullName=name)


def _file_code(place: Tree.Element, dossier: Dossier) -> None:
    organization = dossier.organization
    _add(
        Tree.SubElement(place, "FileCode"), OrganId=organization.alias or organization.code,
        FileCatalog=dossier.year, FileNotation=dossier.code,
    )  # fmt: skip


def _add(place: Tree.Element, **values: object) -> None:
    for name, value in values.items():
        Tree.SubElement(place, name).text = _NO_XML.sub("", "" if value is None else str(value))


def _day(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else ""
