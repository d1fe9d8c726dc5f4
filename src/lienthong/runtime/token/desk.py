"""The window of the helper: what is to be signed is shown, the PIN is asked, the token signs.

The PIN is typed here and not on the page: a page is what its server says, and this program is what its user started.
"""

from __future__ import annotations

import shutil
import textwrap
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from queue import Empty, Queue

from lienthong.runtime.token.question import Asked, code_of
from lienthong.runtime.token.refusals import Busy, Declined
from lienthong.standards.signatures.errors import KeyUnusable, SignatureProblem
from lienthong.standards.signatures.keys import TokenKey

LISTEN_SECONDS = 0.5
"""Windows tells a thread of Ctrl+C only when it does not wait: so long it takes to stop."""


@dataclass(frozen=True)
class Token:
    """Where the key is: the vendor's PKCS#11 library, the token's name, the label of key and certificate."""

    module: Path
    name: str
    label: str

    def open(self, pin: str) -> TokenKey:
        """Raises `WrongPin`, `KeyUnusable`."""
        return TokenKey.open(self.module, token=self.name, pin=pin, label=self.label)


@dataclass
class _Task:
    documents: list[Asked]
    waits: Callable[[], bool]
    done: threading.Event = field(default_factory=threading.Event)
    signatures: list[bytes] = field(default_factory=list)
    problem: SignatureProblem | None = None


class Desk:
    """Asks whoever sits at the machine, one question at a time.

    Args:
        ask_pin: reads a PIN without showing it; "" declines.
        say: writes a line to the window.
    """

    def __init__(self, token: Token, *, ask_pin: Callable[[str], str], say: Callable[[str], None]) -> None:
        self._token, self._ask_pin, self._say = token, ask_pin, say
        self._tasks: Queue[_Task] = Queue()
        self._one = threading.Lock()

    def sign(self, documents: list[Asked], waits: Callable[[], bool]) -> list[bytes]:
        """The signatures over these documents' attributes, in their order; called by whoever serves the page.

        Args:
            waits: whether who asked is still there; for nobody nothing is signed.

        Raises:
            Busy, Declined, OtherCertificate, WrongPin, KeyUnusable.
        """
        if not self._one.acquire(blocking=False):
            raise Busy
        task = _Task(documents, waits)
        self._tasks.put(task)
        task.done.wait()
        if task.problem is not None:
            raise task.problem
        return task.signatures

    def work(self) -> None:
        """Answer what is asked, in the thread that owns the window, until it is closed."""
        while True:
            task = self._next()
            try:
                outcome = self._settle(task)
            finally:
                task.done.set()
                self._one.release()
            self._say(outcome)  # who reads it may ask the next at once

    def _settle(self, task: _Task) -> str:
        """Answer one; what the window tells of it."""
        try:
            task.signatures = self._answer(task)
        except SignatureProblem as problem:
            task.problem = problem
            return f"{problem.message_vi} / {problem.message_en}"
        except BaseException:
            task.problem = KeyUnusable(reason="chương trình ký đã dừng / the helper has stopped")
            raise
        return f"Đã ký {len(task.signatures)} tệp. / Signed."

    def _next(self) -> _Task:
        while True:
            with suppress(Empty):
                return self._tasks.get(timeout=LISTEN_SECONDS)

    def _answer(self, task: _Task) -> list[bytes]:
        self._show(task.documents)
        pin = self._ask_pin("PIN của thiết bị (bỏ trống là không ký) / PIN (nothing typed declines): ")
        if not pin or not task.waits():
            raise Declined
        key = self._token.open(pin)
        try:
            for one in task.documents:
                one.require_certificate(key.certificate)
            return [key.sign(one.attributes, "sha256") for one in task.documents]
        finally:
            key.close()

    def _show(self, documents: list[Asked]) -> None:
        self._say(f"\n— {datetime.now().astimezone():%H:%M:%S %d/%m/%Y} · cần ký {len(documents)} tệp / to sign —")
        self._say(f"Mã đối chiếu / code: {code_of(documents)}  (phải giống trên trang / as on the page)")
        for number, one in enumerate(documents, 1):
            self._say("\n".join(_within(f"{number}. ", one.words)))
            self._say(f"   SHA-256 tệp / file:      {one.file.hex()}")
            self._say(f"   SHA-256 được ký / signed: {one.digest.hex()}")


def _within(head: str, words: str) -> list[str]:
    """What a page says, as lines that nobody takes for the helper's own: each that follows is marked before."""
    width = max(40, shutil.get_terminal_size().columns - 1)
    return textwrap.wrap(f"{head}{words}", width, subsequent_indent="   | ")
