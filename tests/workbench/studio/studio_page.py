"""The studio as its command runs it, and what one does on its page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.browser import Page

FIELD = "field-EventProcessingRequest"


@dataclass
class Studio:
    """The command as it runs, in a folder of its own."""

    folder: Path
    url: str

    @property
    def code(self) -> Path:
        return self.folder / "lambda_src" / "ours.py"


def click(page: Page, name: str) -> None:
    page.evaluate(f"document.getElementById({name!r}).click()")


def enter(page: Page, field: str, value: str) -> None:
    """Type into a field and leave it."""
    page.evaluate(
        f"(() => {{ const it = document.getElementById({field!r}); it.value = {value!r};"
        " it.dispatchEvent(new Event('input')); it.dispatchEvent(new Event('change')); })()"
    )


def sent(page: Page) -> None:
    """Send what is composed, and look at what it did."""
    newest = "Number(document.querySelector('.row:not([hidden])')?.dataset.n ?? 0)"
    before = page.evaluate(newest)
    click(page, "send")
    page.wait_for(f"{newest} > {before}")
    number = page.evaluate(newest)
    page.evaluate("document.querySelector('.row').click()")
    page.wait_for(f"detail.innerText.includes('#{number} ') && detail.innerText.includes('Endp')")


def disturbed(page: Page, kind: str) -> None:
    """Let every call be answered in some way."""
    click(page, "disturb-add")
    page.wait_for("said.textContent === 'Disturbances in force: 1.'")
    page.evaluate(
        "said.textContent = ''; (() => { const it = document.querySelector('[data-part=kind]');"
        f" it.value = {kind!r}; it.dispatchEvent(new Event('change')); }})()"
    )
    page.wait_for("said.textContent === 'Disturbances in force: 1.'")
