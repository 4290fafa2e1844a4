"""A real browser for tests: Chromium without a window, driven over its DevTools pipe (ADR 0034)."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--headless",
    "--no-sandbox",  # containers have none, and only pages of our own are opened
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)
_SECONDS = 60


@dataclass
class Page:
    """A page that is open: what it said, what it asked the network for, and its layout."""

    browser: Browser
    session: str
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def show(self, *, width: int, media: str = "screen", scheme: str = "light") -> None:
        """Look at it in some width, as on a screen or in print, light or dark."""
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        self.send("Emulation.setDeviceMetricsOverride", **size)
        colours = {"name": "prefers-color-scheme", "value": scheme}
        self.send("Emulation.setEmulatedMedia", media=media, features=[colours])

    def evaluate(self, expression: str) -> Any:
        """Run JavaScript of the test's, past the page's own policy; give its value or promise's."""
        answer = self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, condition: str, *, seconds: float = 10.0) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + seconds
        while not self.evaluate(condition):
            assert time.monotonic() < end, f"never came true: {condition}"
            time.sleep(0.02)

    def send(self, method: str, **parameters: object) -> dict[str, Any]:
        return self.browser.send(method, self.session, **parameters)

    def press(self, key: str) -> None:
        """Press a key that writes nothing."""
        for kind in ("rawKeyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key)

    def shot(self) -> bytes:
        """Give what is seen, as a PNG."""
        return base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"])

    def note(self, event: dict[str, Any]) -> None:
        given = event["params"]
        match event["method"]:
            case "Network.requestWillBeSent":
                self.requests.append(given["request"]["url"])
            case "Runtime.consoleAPICalled" | "Runtime.exceptionThrown":
                self.messages.append(json.dumps(given))
            case "Log.entryAdded":
                self.messages.append(given["entry"]["text"])
            case "Page.javascriptDialogOpening":
                self.messages.append(f"dialog: {given['message']}")


class Browser:
    """Speaks the DevTools protocol: JSON with a zero byte behind each message."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        self._buffer = b""
        self._number = 0
        self._pages: dict[str, Page] = {}
        self._seen: list[dict[str, Any]] = []

    def open(self, place: Path | str) -> Page:
        """Open a file or a URL and wait until it is loaded."""
        url = place if isinstance(place, str) else place.absolute().as_uri()
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self._pages[session] = Page(self, session)
        for domain in ("Page", "Runtime", "Network", "Log"):
            page.send(f"{domain}.enable")
        page.send("Page.navigate", url=url)
        self._wait_for(lambda it: it.get("method") == "Page.loadEventFired")
        return page

    def send(self, method: str, session: str = "", **parameters: object) -> dict[str, Any]:
        self._number += 1
        number = self._number
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._writing, json.dumps(message).encode() + b"\0")
        answer = self._wait_for(lambda it: it.get("id") == number)
        assert "error" not in answer, f"{method}: {answer['error']}"
        result: dict[str, Any] = answer["result"]
        return result

    def _wait_for(self, wanted: Any) -> dict[str, Any]:
        deadline = time.monotonic() + _SECONDS
        while True:
            for index, message in enumerate(self._seen):
                if wanted(message):
                    return self._seen.pop(index)
            self._seen.append(self._read(deadline))

    def _read(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._reading], [], [], deadline - time.monotonic())
            assert ready, "the browser does not answer"
            received = os.read(self._reading, 1 << 16)
            assert received, "the browser has ended"
            self._buffer += received
        text, _, self._buffer = self._buffer.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        if "method" in message and (page := self._pages.get(message.get("sessionId", ""))):
            page.note(message)
        return message


@contextmanager
def browser() -> Iterator[Browser]:
    """Run a browser with a new profile for the length of a block; skips the test without one."""
    executable = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not executable:
        pytest.skip(f"no browser here ({', '.join(PROGRAMS)}): apt-get install chromium")
    to_browser, from_us = os.pipe()
    to_us, from_browser = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # the browser reads from descriptor 3 and writes to 4
        redirect = f'exec "$@" 3<&{to_browser} 4>&{from_browser}'
        process = subprocess.Popen(
            ["bash", "-c", redirect, "bash", executable, *SWITCHES, f"--user-data-dir={profile}"],
            pass_fds=(to_browser, from_browser),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        running = Browser(to_us, from_us)
        try:
            yield running
            running.send("Browser.close")
            process.wait(timeout=_SECONDS)
        finally:
            process.kill()
            process.wait()
            os.close(from_us)
            os.close(to_us)
