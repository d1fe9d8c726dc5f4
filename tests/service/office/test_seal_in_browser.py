"""The clerk seals in a browser, with the agency's token at their own machine: a document with its enclosures, several that
are sent at once, a copy (Decree 30/2020, Articles 17, 25, 32)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from lienthong.office.models import Copy, OutgoingDocument, OutgoingState
from tests import softtoken
from tests.service.office.conftest import Office
from tests.service.office.test_copies import may_sign, scan
from tests.service.office.test_own_token import browser_of, port, see
from tests.service.office.test_queue import ISSUING, state
from tests.service.office.test_seal_at_desk import by_the_seal, is_whole, the_seal, token, with_annex
from tests.softtoken import SoftToken

__all__ = ["port", "token"]
S = OutgoingState


@pytest.mark.browser
@pytest.mark.law("D30-17-1", "R-18.2-1", "R-6.2-4", "D30-25-1")
def test_the_clerk_seals_in_a_browser_with_the_token_at_their_machine(
    office: Office, token: SoftToken, port: int, live_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # a browser that is driven has a loop of its own
    first, signer = with_annex(office, subject="Về việc ban hành Quy chế làm việc"), may_sign(office)
    both = [with_annex(office, subject=f"Về việc {name}") for name in ("kiểm tra", "tập huấn")]
    paired, paper = tmp_path / "paired.json", tmp_path / "ban-giay.pdf"
    paper.write_bytes(scan())
    with browser_of("van.thu", office, live_server) as page:
        page.goto(f"{live_server.url}/van-ban-di/{first.pk}/")
        page.get_by_role("button", name="Cấp số và đóng dấu bằng thiết bị").click()
        page.locator("[data-said='away']").wait_for()  # nothing runs at this machine yet: what to do is said
        assert state(first) == S.NUMBERED
        with softtoken.helper(token, live_server.url, paired, label="dau", port=port) as helper:
            code = helper.wait_for(r"pairing code: (\d{4}-\d{4})")[1]
            page.get_by_role("button", name="Đóng dấu bằng thiết bị").click()
            page.locator("[data-said='not_paired']").wait_for()
            page.get_by_label("Mã ghép nối").fill(code)
            see(page, "seal-token")
            page.get_by_role("button", name="Đóng dấu bằng thiết bị").click()
            page.locator("[data-pairs]").wait_for(state="hidden")
            shown = page.locator("[data-code]").inner_text()
            assert (
                helper.wait_for(r"đối chiếu / code: (\S+)")[1] == shown
            )  # what page and window let their reader compare
            assert first.subject in helper.wait_for(r"1\. (.*)\r")[1]
            assert "phu-luc.pdf" in helper.wait_for(r"2\. (.*)\r")[1]
            helper.enter_pin("000000")
            page.locator("[data-said='wrong_pin']").wait_for()
        # The helper is gone, and the page as well: the request is still there, and goes on.
        with softtoken.helper(token, live_server.url, paired, label="dau", port=port) as helper:
            helper.wait_for("Signing for this office")
            page.reload()
            page.get_by_role("button", name="Đóng dấu bằng thiết bị").click()
            helper.enter_pin()
            page.locator("[data-token]").wait_for(state="detached")
            assert state(first) == S.SEALED
            # Several, with one press and one PIN: numbered, sealed, sent.
            page.goto(f"{live_server.url}{ISSUING}")
            page.get_by_role("button", name="Chọn tất cả").click()
            see(page, "seal-token-queue")
            page.get_by_role("button", name="Cấp số, đóng dấu và gửi").click()
            helper.wait_for(r"cần ký 4 tệp")
            see(page, "seal-token-waiting")
            helper.enter_pin()
            page.locator("[data-outcome='done']").nth(1).wait_for()
            assert [state(one) for one in (first, *both)] == [S.ISSUED] * 3
            # A copy.
            page.goto(f"{live_server.url}/van-ban-di/{first.pk}/sao/")
            page.get_by_label("Từ bản nào sang bản nào").select_option("paper-electronic")
            page.get_by_label("Tệp số hóa văn bản giấy").set_input_files(paper)
            page.locator("select[name=signer]").select_option(str(signer.pk))
            see(page, "seal-token-copy-new")
            page.get_by_role("button", name="Cấp số và sao").click()
            helper.wait_for(r"Sao y 01/SY-VPCP")
            see(page, "seal-token-copy")
            helper.enter_pin()
            page.locator("[data-copy-file]").wait_for()
            assert softtoken.PIN not in helper.shown
        page.goto(f"{live_server.url}/chung-thu/{the_seal(office).pk}/")
        assert page.locator("[data-use='key.opened']").count() == 3
        see(page, "seal-certificate")
    with ThreadPoolExecutor(1) as apart:  # the driven browser's loop runs in this thread
        assert apart.submit(judged, office, [first, *both]).result()


def judged(office: Office, documents: list[OutgoingDocument]) -> bool:
    """Whether each is sealed with its enclosures, and the copy as well."""
    try:
        return all(is_whole(office, one) for one in documents) and by_the_seal(office, Copy.objects.get().digest)
    finally:
        connection.close()
