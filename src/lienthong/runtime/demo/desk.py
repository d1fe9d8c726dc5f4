"""A person at a desk: signed in, reading pages and sending forms, as a browser would, over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import IO
from urllib.parse import urljoin

import httpx
from lxml import html

from lienthong.protocol.client.tls import verification

Upload = tuple[str, bytes | IO[bytes], str]
"""A file for a form: name, bytes or an open file, media type."""


class Unexpected(Exception):
    """A page did not say what the story expects."""


@dataclass(frozen=True)
class Page:
    """A page as received: where it stands, its status and its parsed text."""

    url: str
    status: int
    root: html.HtmlElement
    body: bytes

    def text(self, xpath: str = "//body") -> str:
        """The words of the first element that `xpath` finds, with single spaces; "" when there is none."""
        found = self.root.xpath(xpath)
        return " ".join(found[0].text_content().split()) if found else ""

    def says(self, words: str) -> bool:
        """Whether the page shows these words."""
        return words in self.text()

    def data(self, name: str) -> str:
        """The value of the first attribute `data-<name>`; "" when there is none."""
        found = self.root.xpath(f"//@data-{name}")
        return str(found[0]) if found else ""

    def all_data(self, name: str) -> list[str]:
        """The values of all attributes `data-<name>`, in the order of the page."""
        return [str(value) for value in self.root.xpath(f"//@data-{name}")]

    def form(self, act: str) -> Form:
        """The form whose button (or hidden field) `act` has this value."""
        for form in self.root.forms:
            if form.xpath(f".//*[@name='act' and @value='{act}']"):
                return Form(self, form, act)
        raise Unexpected(f"no form for «{act}» on {self.url}: {self.text('//main')[:300]}")

    def offers(self, act: str) -> bool:
        """Whether the page has a form for this act."""
        return any(form.xpath(f".//*[@name='act' and @value='{act}']") for form in self.root.forms)


@dataclass(frozen=True)
class Form:
    """A form on a page, with what it holds already."""

    page: Page
    element: html.FormElement
    act: str

    @property
    def address(self) -> str:
        return str(urljoin(self.page.url, self.element.action or self.page.url))

    def fields(self) -> dict[str, list[str]]:
        """The fields as a browser would send them, without buttons."""
        values: dict[str, list[str]] = {}
        for name, value in self.element.form_values():
            values.setdefault(name, []).append(value)
        values["act"] = [self.act]
        return values


@dataclass
class Desk:
    """One signed-in person. Every call asks the server; nothing is remembered but the session's cookies."""

    base: str
    login: str
    password: str
    name: str = ""
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(
            base_url=self.base, follow_redirects=True, timeout=30, verify=verification(self.base, None)
        )

    def sign_in(self, address: str = "/dang-nhap/") -> Page:
        """Sign in through the sign-in page; returns the next page, which may ask for a password of one's own."""
        page = self.open(address)
        form = next(f for f in page.root.forms if f.xpath(".//input[@type='password']"))
        values = dict(form.form_values()) | {"username": self.login, "password": self.password}
        page = self._page(self.http.post(urljoin(page.url, form.action or page.url), data=values))
        if page.root.xpath("//input[@name='username']"):
            raise Unexpected(f"{self.login} could not sign in at {self.base}: {page.text('//main')[:200]}")
        return page

    def open(self, address: str) -> Page:
        """Read a page."""
        return self._page(self.http.get(address))

    def download(self, address: str) -> bytes:
        """Read a file."""
        answer = self.http.get(address)
        answer.raise_for_status()
        return answer.content

    def send(
        self,
        form: Form,
        values: Mapping[str, str | Sequence[str]] | None = None,
        files: Mapping[str, Upload | Sequence[Upload]] | None = None,
    ) -> Page:
        """Fill in and send a form; returns the page that follows."""
        fields = form.fields()
        for name, value in (values or {}).items():
            fields[name] = [value] if isinstance(value, str) else list(value)
        uploads: list[tuple[str, Upload]] = []
        for name, upload in (files or {}).items():
            fields.pop(name, None)
            uploads += [(name, one) for one in ([upload] if isinstance(upload, tuple) else upload)]
        headers = {"Referer": form.page.url, "Origin": self.base}
        return self._page(self.http.post(form.address, data=fields, files=uploads or None, headers=headers))

    def wait_for(self, address: str, expected: Callable[[Page], bool], *, what: str, seconds: float = 20) -> Page:
        """Read a page again until it says what is expected, as a person who keeps an eye on it would."""
        end = monotonic() + seconds
        while True:
            page = self.open(address)
            if expected(page):
                return page
            if monotonic() > end:
                raise Unexpected(f"{what}: not within {seconds:.0f} s on {page.url}: {page.text('//main')[:500]}")
            sleep(0.15)

    def _page(self, answer: httpx.Response) -> Page:
        if answer.status_code >= 500:
            raise Unexpected(f"{answer.request.method} {answer.url} answered {answer.status_code}")
        root = html.document_fromstring(answer.content or b"<html></html>")
        return Page(str(answer.url), answer.status_code, root, answer.content)
