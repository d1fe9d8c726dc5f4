"""Pictures of screens, as the tests of a browser keep them."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page


def keep(page: Page, path: Path, **options: Any) -> None:
    """Keep a picture of a page. A browser on a busy machine now and then cannot take one; it is asked once more."""
    try:
        page.screenshot(path=path, **options)
    except Error as refusal:
        if "Unable to capture screenshot" not in refusal.message:
            raise
        page.screenshot(path=path, **options)
