"""How long the panel's pages take where there are a million tasks.

The database is filled first if it is empty. The panel is asked in this process, without a web
server: the times are those of the panel and the database. See benchmarks/README.md.
"""

import argparse
import asyncio
import contextlib
import html
import re
import secrets
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import httpx
from attrs import frozen
from dependency_injector import providers

from taskbot.adapters.admin import PREFIX
from taskbot.adapters.memory import ManualClock
from taskbot.adapters.persistence import migrate
from taskbot.adapters.persistence.seed import NotEmpty, Seed, load_seed
from taskbot.domain.operator import COMMAND_LINE, Role
from taskbot.entrypoints.container import Container
from taskbot.entrypoints.settings import read_settings

AT: Final = datetime(2026, 11, 28, tzinfo=UTC)
TASKS: Final = 1_000_000
ROUNDS: Final = 7
_FORM_TOKEN: Final = "starlette_admin_csrftoken"  # noqa: S105 - the name of a cookie
_CSRF: Final = "starlette_admin_csrftoken"
_ROW: Final = re.compile(r'data-sa-pk="(\w+)"')
_OWNER: Final = re.compile(r"people/detail\?pk=(\w+)")
_CATEGORY: Final = re.compile(r"categories/detail\?pk=(\w+)")

LISTS: Final = (
    "tasks",
    "people",
    "categories",
    "reminders",
    "dead-letters",
    "tokens",
    "audit",
    "accounts",
)
PAGES: Final = (
    *((f"{key}: first page", f"{key}/list") for key in LISTS),
    ("tasks: page 2", "tasks/list?page=2"),
    ("tasks: page 400, the last", "tasks/list?page=400"),
    ("reminders: page 400", "reminders/list?page=400"),
    ("tasks: 100 on a page", "tasks/list?page_size=100"),
    ("tasks by deadline", "tasks/list?sort=due__asc"),
    ("tasks by deadline, latest first", "tasks/list?sort=due__desc"),
    ("tasks, oldest first", "tasks/list?sort=created_at__asc"),
    ("people by Telegram id", "people/list?sort=telegram_id__asc"),
    ("tasks: overdue", "tasks/list?filter=due__overdue"),
    ("tasks: overdue, by deadline", "tasks/list?filter=due__overdue&sort=due__desc"),
    ("tasks: open", "tasks/list?filter=status__eq=open"),
    ("tasks: completed", "tasks/list?filter=status__eq=completed"),
    ("tasks: urgent", "tasks/list?filter=priority__eq=1"),
    ("tasks: of an owner", "tasks/list?filter=owner__eq={owner}"),
    ("tasks: in a category", "tasks/list?filter=category__eq={category}"),
    ("tasks: in none", "tasks/list?filter=category__is_null"),
    (
        "tasks: open, due within an hour",
        "tasks/list?filter=status__eq=open AND due__between={hour}",
    ),
    ("tasks: due within an hour", "tasks/list?filter=due__between={hour}"),
    ("tasks: completed within an hour", "tasks/list?filter=completed_at__between={hour}"),
    ("tasks: created within an hour", "tasks/list?filter=created_at__between={hour}"),
    ("tasks: changed within an hour", "tasks/list?filter=updated_at__between={hour}"),
    ("tasks: a frequent word", "tasks/list?q=молоко"),
    ("tasks: a frequent word, page 100", "tasks/list?q=молоко&page=100"),
    ("tasks: a rare word", "tasks/list?q={rare}"),
    ("tasks: a word that none has", "tasks/list?q=absent"),
    ("tasks: an id", "tasks/list?q={task}"),
    ("people: Russian", "people/list?filter=language__eq=ru"),
    ("people: not reachable", "people/list?filter=reachable__is_false"),
    ("people: leaving", "people/list?filter=deletion_at__is_not_null"),
    ("people: a name", "people/list?q=иван"),
    ("people: a name that none has", "people/list?q=absent"),
    ("categories: a name", "categories/list?q=дом"),
    *(
        (f"reminders: {state}", f"reminders/list?filter=state__eq={state}")
        for state in ("planned", "claimed", "sending", "sent", "unknown", "failed", "cancelled")
    ),
    ("reminders: of a kind that none is of", "reminders/list?filter=kind__eq=moment"),
    ("reminders: promised within an hour", "reminders/list?filter=fire_at__between={hour}"),
    ("reminders: of an owner", "reminders/list?filter=owner__eq={owner}"),
    ("a task", "tasks/detail?pk={task}"),
    ("a person", "people/detail?pk={owner}"),
    ("a reminder", "reminders/detail?pk={reminder}"),
)


@frozen
class Measured:
    median_ms: float
    cpu_ms: float
    said: str


@contextlib.asynccontextmanager
async def _panel(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which an operator is signed in, who was made for this."""
    settings = read_settings({"TASKBOT_DATABASE_URL": url, "TASKBOT_TIMEZONE": "UTC"})
    container = Container(settings=settings, has_panel=True)
    container.clock.override(providers.Object(ManualClock(AT)))
    name, password = f"benchmark-{secrets.token_hex(4)}", secrets.token_urlsafe()
    panel: Any = container.asides()[PREFIX]  # httpx knows ASGI by plainer types
    transport = httpx.ASGITransport(panel)
    try:
        await container.admin_accounts().create(name, Role.EDITOR, password, by=COMMAND_LINE)
        async with httpx.AsyncClient(
            transport=transport, base_url="https://panel", timeout=60
        ) as browser:
            await browser.get(f"{PREFIX}/login")
            token = {"csrftoken": browser.cookies[_CSRF]}
            fields = {"username": name, "password": password} | token
            await browser.post(f"{PREFIX}/login", data=fields)
            yield browser
    finally:
        await container.database().dispose()


async def _measure(browser: httpx.AsyncClient, path: str) -> Measured:
    walls, cpus, said = [], [], ""
    await browser.get(f"{PREFIX}/{path}")
    for _ in range(ROUNDS):
        started, busy = time.perf_counter(), time.process_time()
        answer = await browser.get(f"{PREFIX}/{path}")
        walls.append((time.perf_counter() - started) * 1000)
        cpus.append((time.process_time() - busy) * 1000)
        said = _said(answer)
    return Measured(statistics.median(walls), statistics.median(cpus), said)


def _said(answer: httpx.Response) -> str:
    if answer.status_code != httpx.codes.OK:
        return f"HTTP {answer.status_code}"
    if "it was broken off" in answer.text:
        return "broken off"
    found = re.search(r'id="panel-range">(.*?)</p>', answer.text, re.DOTALL)
    return " ".join(html.unescape(found[1]).split()) if found else ""


async def _export(browser: httpx.AsyncClient) -> tuple[float, int]:
    await browser.get(f"{PREFIX}/people/list")
    started = time.perf_counter()
    answer = await browser.post(
        f"{PREFIX}/_api/tasks/action",
        params={"name": "export", "all": "1"},
        data={"scope": "selected", "format": "csv"},
        headers={"x-csrftoken": browser.cookies[_CSRF]},
    )
    return time.perf_counter() - started, len(answer.text.splitlines()) - 1


async def _values(browser: httpx.AsyncClient) -> dict[str, str]:
    tasks = (await browser.get(f"{PREFIX}/tasks/list?page=40")).text
    reminders = (await browser.get(f"{PREFIX}/reminders/list")).text
    return {
        "task": _ROW.findall(tasks)[0],
        "owner": _OWNER.findall(tasks)[0],
        "category": _CATEGORY.findall(tasks)[0],
        "reminder": _ROW.findall(reminders)[0],
        "hour": "2026-11-01T10:00..2026-11-01T11:00",
        "rare": "подарк кварти отчёт молок",
    }


def _seed(url: str) -> None:
    migrate(url)
    with contextlib.suppress(NotEmpty):
        load_seed(url, Seed(tasks=TASKS, people=TASKS // 100, at=AT))


async def _run(urls: Sequence[str]) -> None:
    for url in urls:
        async with _panel(url) as browser:
            values = await _values(browser)
            print(f"\n{url.split(':', 1)[0]}\n\n| page | ms | CPU ms | says |")
            print("| --- | --- | --- | --- |")
            for name, path in PAGES:
                one = await _measure(browser, path.format(**values))
                print(f"| {name} | {one.median_ms:.0f} | {one.cpu_ms:.0f} | {one.said} |")
            seconds, lines = await _export(browser)
            print(f"| CSV of {lines} lines | {seconds * 1000:.0f} | | |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", nargs="+", help="databases, of which the empty ones are filled")
    urls = parser.parse_args().url
    for url in urls:
        _seed(url)
    asyncio.run(_run(urls))


if __name__ == "__main__":
    main()
