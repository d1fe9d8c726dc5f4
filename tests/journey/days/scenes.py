"""What lies on a desk in the morning: made over HTTP by those whose act it is, before the day on screens begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from lienthong.runtime.demo.documents import LETTER, Text
from lienthong.runtime.demo.story import Story
from lienthong.standards.times import VIETNAM

INCOMPLETE = "Phụ lục gửi sau theo yêu cầu của lãnh đạo"


def letter(subject: str, *, of: str = "Văn phòng Chính phủ", to: str, urgency: str = "0", unit: str = "KSTT") -> Text:
    """A letter about this."""
    body = (
        f"{subject}, {of} đề nghị {to} nghiên cứu, phối hợp thực hiện và có ý kiến bằng văn bản.\n"
        f"Ý kiến gửi về {of} qua Trục liên thông văn bản quốc gia để tổng hợp./."
    )
    recipients = f"- Như trên;\n- Lưu: VT, {unit}."
    return replace(LETTER, subject=subject, addressees=to, body=body, urgency=urgency, recipients_text=recipients)


def in_days(days: int) -> str:
    """A deadline in the afternoon, as a form takes it."""
    return (datetime.now(VIETNAM) + timedelta(days=days)).strftime("%Y-%m-%dT16:30")


def send(story: Story, text: Text, to: str) -> str:
    """G22 sends this to an agency; gives the address of its page there, once it has arrived."""
    clerk = story.desk("G22", "van.thu")
    sealed = clerk.open(story.draft_and_seal(text, (to,)))
    sent = clerk.send(sealed.form("issue"), {"incomplete": INCOMPLETE})
    return story.find(to, "van.thu", sent.data("identifier")).url


def assign(story: Story, house: str, place: str, unit: str, *, days: int = 4) -> None:
    """The leader gives a presented document to a unit."""
    leader = story.desk(house, "lanh.dao")
    form = leader.open(place).form("instruct")
    name = form.element.xpath(f".//select[@data-unit='{unit}']/@name")[0]
    told = {"text": "Giao chủ trì tham mưu văn bản trả lời, trình trước hạn.", "due": in_days(days), name: "lead"}
    leader.send(form, told)


def hand(story: Story, house: str, place: str, to: str) -> None:
    """The head of the unit gives its task to a person."""
    head = story.desk(house, "truong.dv")
    form = head.open(place).form("hand")
    person = form.element.xpath(f".//option[normalize-space()='{story.who(house, to)}']/@value")
    head.send(form, {"person": person, "due": in_days(3), "text": "Đề nghị dự thảo văn bản trả lời."})


def draft(story: Story, house: str, text: Text, to: tuple[str, ...]) -> str:
    """The specialist drafts this and hands it in; gives the address of its page."""
    drafter = story.desk(house, "chuyen.vien")
    values = {
        "type": text.kind, "subject": text.subject, "body": text.body, "origin": "digital", "addressees": text.addressees,
        "recipients_text": text.recipients_text, "urgency": text.urgency, "recipients": list(to),
    }  # fmt: skip
    address = drafter.send(drafter.open("/van-ban-di/soan/").form("save"), values).url
    story.press(house, "chuyen.vien", address, "submit", "in_review")
    return address
