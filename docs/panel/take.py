"""Takes the pictures in this folder: the main pages of the panel, in both languages.

    make screens

It fills a database of its own with made-up people, starts taskbot, makes the first operator by the
link that is printed, and lets Chromium photograph the pages. Look at what came out before you
commit it.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Final

from support.browser import Browser, running_browser, take_picture
from support.processes import taskbot_says
from support.product import running_product

HERE: Final = Path(__file__).parent
NAME: Final = "olga"
PASSWORD: Final = "tram 7 stops at noon"  # noqa: S105 - of a database that is thrown away
DESK: Final = (1280, 800)
PHONE: Final = (390, 844)


async def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await taskbot_says("migrate", folder=folder)
        await taskbot_says("seed-data", "--tasks", "20000", "--people", "60", folder=folder)
        async with running_product(folder, is_executed=True) as product:
            link = await product.process.address("First admin")
            for language in ("en", "ru"):
                async with running_browser(language=language) as browser:
                    await _enter(browser, link, is_new=language == "en")
                    await _tour(browser, link.partition("/invitation")[0], language)


async def _enter(browser: Browser, link: str, *, is_new: bool) -> None:
    await browser.resize(*DESK)
    if is_new:
        await browser.open(link)
        for field, text in {"name": NAME, "password": PASSWORD, "again": PASSWORD}.items():
            await browser.type(f"#{field}", text)
    else:
        await browser.open(f"{link.partition('/invitation')[0]}/login")
        await browser.type("#username", NAME)
        await browser.type("#password", PASSWORD)
    await browser.click("form button[type=submit]")
    await browser.find("aside")


async def _tour(browser: Browser, panel: str, language: str) -> None:
    async def shoot(name: str, size: tuple[int, int] = DESK) -> None:
        await asyncio.sleep(1)  # plots are drawn
        width, height = size
        file = HERE / f"{name}-{language}.png"
        await take_picture(browser, file, width=width, height=height, scale=1.5)

    await browser.resize(*DESK)
    await browser.open(f"{panel}/")
    await shoot("overview")
    await shoot("overview-phone", PHONE)
    await browser.resize(*DESK)
    await browser.open(f"{panel}/tasks/list")
    await shoot("tasks")
    await shoot("tasks-phone", PHONE)
    await browser.resize(*DESK)
    found = "return document.querySelector('tr[data-sa-pk]').dataset.saPk"
    await browser.open(f"{panel}/tasks/list?filter=status__eq%3Dopen")
    task = await browser.until(found)
    await browser.open(f"{panel}/tasks/detail?pk={task}")
    await shoot("task")
    await browser.open(f"{panel}/tasks/edit?pk={task}")
    await browser.run("document.querySelector('#new_lead_times').value = '1 d, soon'")
    await browser.click("form button[type=submit]:not([name])")
    await shoot("edit")
    await browser.run("document.querySelector('#new_lead_times').value = '1 d, 2 h'")
    await browser.click("form button[type=submit]:not([name])")
    await browser.find("[role=alert]")
    await browser.open(f"{panel}/audit/list")
    await shoot("audit")


if __name__ == "__main__":
    asyncio.run(main())
