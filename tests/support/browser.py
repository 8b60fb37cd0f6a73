"""A real Chromium without a window, driven through chromedriver's WebDriver interface.

Source: https://www.w3.org/TR/webdriver2/, and for `goog/cdp` and logs chromedriver's own manual.
"""

import asyncio
import base64
import contextlib
import json
import os
import re
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import httpx
from attrs import frozen

ABSENT: Final = "no Chromium was found, or no chromedriver"
PATIENCE: Final = 20.0
"""Seconds after which a test no longer believes that something will appear."""

ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"
FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-prefers-reduced-motion",
    "--hide-scrollbars",
)
PASSING: Final = (
    "stale element reference",
    "element not interactable",
    "element click intercepted",
)
VISIBLE: Final = """
    const [selector, text] = arguments;
    const node = [...document.querySelectorAll(selector)].findLast((node) =>
        node.checkVisibility({ visibilityProperty: true })
        && (text === null || node.textContent.includes(text)));
"""


def is_there() -> bool:
    """Whether this machine has a browser that tests can drive."""
    return shutil.which("chromedriver") is not None and _chromium() is not None


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for path in map(shutil.which, names) if path), None)


class NotThere(AssertionError):
    """The page did not come to what was waited for."""


@frozen
class Browser:
    """One tab. *selector* is CSS; *text* narrows it to the last element that contains it."""

    _http: httpx.AsyncClient

    async def _command(self, path: str, **body: Any) -> Any:
        value = (await self._http.post(path, json=body)).json()["value"]
        if isinstance(value, dict) and "error" in value:
            raise NotThere(f"{value['error']}: {value['message'].partition(chr(10))[0]}")
        return value

    async def open(self, url: str) -> None:
        """Load the page anew, even if only the part behind # differs."""
        await self._command("url", url="about:blank")
        await self._command("url", url=url)

    async def run(self, script: str, *arguments: Any) -> Any:
        """What the body of a function, *script*, returns."""
        return await self._command("execute/sync", script=script, args=arguments)

    async def until(self, script: str, *arguments: Any) -> Any:
        """Run *script* until it returns something true; return that. Raise `NotThere`."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while not (value := await self.run(script, *arguments)):
            if loop.time() > end:
                shown = await self.run("return document.body.innerText")
                raise NotThere(f"{script.strip()} {arguments}; the page shows:\n{shown}")
            await asyncio.sleep(0.02)
        return value

    async def find(self, selector: str, text: str | None = None) -> str:
        """Wait for a visible element; return WebDriver's id of it."""
        return str((await self.until(f"{VISIBLE} return node", selector, text))[ELEMENT])

    async def text(self, selector: str, text: str | None = None) -> str:
        """Wait for a visible element that shows some text; return that."""
        return str(await self.until(f"{VISIBLE} return node?.innerText", selector, text))

    async def click(self, selector: str, text: str | None = None) -> None:
        """Click once the element is there, at rest and not covered."""
        await self._act(selector, text, "click", {})

    async def type(self, selector: str, text: str) -> None:
        """Press keys in the element; a new line is the Enter key."""
        await self._act(selector, None, "value", {"text": text.replace("\n", "\ue007")})

    async def _act(
        self, selector: str, text: str | None, action: str, body: dict[str, str]
    ) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while True:
            element = await self.find(selector, text)
            try:
                await self._command(f"element/{element}/{action}", **body)
            except NotThere as refusal:
                # A live page may draw the element anew between the look and the press.
                if not str(refusal).startswith(PASSING) or loop.time() > end:
                    raise
                await asyncio.sleep(0.02)
            else:
                return

    async def devtools(self, command: str, **parameters: Any) -> Any:
        return await self._command("goog/cdp/execute", cmd=command, params=parameters)

    async def resize(self, width: int, height: int, *, scale: float = 1.0) -> None:
        """The page's size in CSS pixels; *scale* times as many in pictures."""
        size = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
        await self.devtools("Emulation.setDeviceMetricsOverride", **size)

    async def prefer(self, *, dark: bool) -> None:
        """The colour scheme that the system asks for."""
        feature = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.devtools("Emulation.setEmulatedMedia", features=[feature])

    async def screenshot(self, file: Path) -> None:
        """Write what is in sight as PNG, once fonts and pictures are there."""
        await self.until("return [...document.images].every((image) => image.complete)")
        await self.until("return document.fonts.status === 'loaded'")
        png = (await self._http.get("screenshot")).json()["value"]
        await asyncio.to_thread(file.write_bytes, base64.b64decode(png))

    async def requested(self) -> list[str]:
        """The address of every request since the last time this was asked."""
        entries = await self._command("se/log", type="performance")
        messages = (json.loads(entry["message"])["message"] for entry in entries)
        return [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]

    async def complaints(self) -> list[str]:
        """Errors on the console since the last time: of scripts, of the content's policy."""
        entries = await self._command("se/log", type="browser")
        return [entry["message"] for entry in entries if entry["level"] == "SEVERE"]


async def take_picture(
    browser: Browser,
    file: Path,
    *,
    width: int = 390,
    height: int = 844,
    dark: bool = False,
    scale: float = 2.0,
) -> None:
    """Write what the page shows at this size, in CSS pixels, as a PNG of *scale* times as many."""
    await browser.resize(width, height, scale=scale)
    await browser.prefer(dark=dark)
    # Two frames: one in which the page learns of its new size, one in which it has drawn it.
    await browser.devtools(
        "Runtime.evaluate",
        expression="new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))",
        awaitPromise=True,
    )
    await browser.screenshot(file)


@contextlib.asynccontextmanager
async def running_browser(*, language: str = "en") -> AsyncIterator[Browser]:
    """A browser with a fresh profile whose user prefers *language*."""
    async with _driver() as address:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            arguments = [*FLAGS, f"--accept-lang={language}", f"--user-data-dir={profile}"]
            wanted = {
                "browserName": "chrome",
                "goog:chromeOptions": {"binary": _chromium(), "args": arguments},
                "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"},
            }
            async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
                body = {"capabilities": {"alwaysMatch": wanted}}
                started = (await http.post(f"{address}/session", json=body)).json()["value"]
                if "sessionId" not in started:
                    raise NotThere(f"the browser did not start: {started['message']}")
                http.base_url = httpx.URL(f"{address}/session/{started['sessionId']}/")
                try:
                    yield Browser(http)
                finally:
                    with contextlib.suppress(httpx.HTTPError):
                        await http.delete(str(http.base_url).rstrip("/"))


@contextlib.asynccontextmanager
async def _driver() -> AsyncIterator[str]:
    """A chromedriver on a free port; at the end its processes, and no others, are gone."""
    process = await asyncio.create_subprocess_exec(
        "chromedriver",
        "--port=0",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # a group of its own, with the browser in it
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            async for line in process.stdout:
                if found := re.search(rb"started successfully on port (\d+)", line):
                    break
            else:
                raise NotThere("chromedriver did not start")
        drain = asyncio.create_task(process.stdout.read())
        yield f"http://127.0.0.1:{int(found[1])}"
        drain.cancel()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
