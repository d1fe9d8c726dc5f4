"""What is checked, approved, signed and sealed is what the person had before their eyes, enclosures and all (Decree
30/2020, Article 11)."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lienthong.office.models import OutgoingDocument, OutgoingState, Review
from lienthong.office.outgoing import drafting
from tests.service.office.conftest import PIN, Office, drafted, manuscript, now

S = OutgoingState


def place(document: OutgoingDocument) -> str:
    return f"/van-ban-di/{document.pk}/"


def act(client: Client, document: OutgoingDocument, name: str, **more: object) -> int:
    return client.post(place(document), {"act": name, **more}).status_code


def checked(office: Office) -> OutgoingDocument:
    """A draft with an enclosure, handed in and checked by both."""
    document = drafted(office)
    drafter = office.client("chuyen.vien")
    assert act(drafter, document, "enclose", file=SimpleUploadedFile("bang.csv", b"a,b\n1,2\n")) == 302
    assert act(drafter, document, "submit") == 302
    assert act(office.client("truong.dv"), document, "check_content") == 302
    assert act(office.client("the.thuc"), document, "check_presentation") == 302
    return document


def newest(document: OutgoingDocument) -> int:
    return document.versions.latest("ordinal").ordinal


@pytest.mark.law("D30-11-1")
def test_what_came_back_is_checked_anew_though_its_text_is_the_same(office: Office) -> None:
    document, leader = checked(office), office.client("lanh.dao")
    listed = f"{document.pk}-{newest(document)}"
    assert act(office.client("truong.dv"), document, "give_back", note="Sửa bảng kèm theo") == 302
    drafter = office.client("chuyen.vien")
    assert act(drafter, document, "remove_enclosure", enclosure=document.enclosures.get().pk) == 302
    assert act(drafter, document, "enclose", file=SimpleUploadedFile("khac.csv", b"a,b\n9,9\n")) == 302
    assert act(drafter, document, "submit") == 302
    # The list that the signer opened before names another version; and nothing is checked of this one.
    said = leader.post("/trinh-ky/", {"document": [listed], "pin": PIN}, follow=True).content.decode()
    assert 'data-outcome="version_changed"' in said
    assert act(leader, document, "approve_and_sign", pin=PIN) == 409
    assert act(office.client("truong.dv"), document, "check_content") == 302
    assert act(office.client("the.thuc"), document, "check_presentation") == 302
    assert act(leader, document, "approve_and_sign", pin=PIN) == 302
    document.refresh_from_db()
    assert document.state == S.SIGNED


def test_what_the_signer_sent_back_after_approval_can_be_signed_once_it_was_checked_anew(office: Office) -> None:
    document, leader = checked(office), office.client("lanh.dao")
    assert act(leader, document, "approve") == 302
    assert act(leader, document, "give_back", note="Xem lại căn cứ") == 302
    assert act(office.client("truong.dv"), document, "hand_down") == 302
    assert act(office.client("chuyen.vien"), document, "submit") == 302
    assert act(leader, document, "approve") == 409  # not yet
    assert act(office.client("truong.dv"), document, "check_content") == 302
    assert act(office.client("the.thuc"), document, "check_presentation") == 302
    assert act(leader, document, "approve_and_sign", pin=PIN) == 302


@pytest.mark.law("D30-11-1")
@pytest.mark.refuses("D30-11-1")
@pytest.mark.parametrize("name", ["check_content", "check_presentation", "approve_and_sign"])
def test_an_act_of_a_page_that_showed_another_version_does_nothing(office: Office, name: str) -> None:
    document = checked(office)
    doer = {"check_content": "truong.dv", "check_presentation": "the.thuc"}.get(name, "lanh.dao")
    client = office.client(doer)
    seen = newest(document)
    assert f'name="version" value="{seen}"' in client.get(place(document)).content.decode()
    drafting.change(document, manuscript(office, subject="Về bản khác"), actor=office["chuyen.vien"], at=now())
    assert act(office.client("chuyen.vien"), document, "submit") == 302
    answer = client.post(place(document), {"act": name, "pin": PIN, "version": seen})
    assert answer.status_code == 409
    assert 'data-problem="version_changed"' in answer.content.decode()
    document.refresh_from_db()
    assert document.state == S.IN_REVIEW
    acts = set(
        Review.objects.filter(version__document=document, version__ordinal=newest(document)).values_list(
            "act", flat=True
        )
    )
    assert acts == {"submitted"}
