"""How long the panel's pages take where there are a million tasks.

The panel is asked in this process, without a web server: the times are those of the panel and the
database.
"""

import contextlib
import re
import secrets
import time
from collections.abc import AsyncIterator
from typing import Any, Final

import httpx
from dependency_injector import providers
from msgspec import structs

from benchmarks.figures import Comparison, Figure, Round, figure, significant, summary
from benchmarks.place import SEEDED_AT, Place
from benchmarks.results import Section
from benchmarks.scale import Scale
from benchmarks.targets import at_most
from taskbot.adapters.admin import PREFIX
from taskbot.adapters.memory import ManualClock
from taskbot.domain.operator import COMMAND_LINE, Role
from taskbot.entrypoints.container import Container
from taskbot.entrypoints.settings import read_settings

_FORM_TOKEN: Final = "starlette_admin_csrftoken"  # noqa: S105 - the name of a cookie
_CSRF: Final = "starlette_admin_csrftoken"
_ROW: Final = re.compile(r'data-sa-pk="(\w+)"')
_OWNER: Final = re.compile(r"people/detail\?pk=(\w+)")
_CATEGORY: Final = re.compile(r"categories/detail\?pk=(\w+)")

_ABOUT: Final = """\
Every page of the panel at 1,000,000 tasks, asked in one process without a web server: the times are
those of the panel and of PostgreSQL. It has no floor."""
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


@contextlib.asynccontextmanager
async def _panel(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which an operator is signed in, who was made for this."""
    settings = read_settings({"TASKBOT_DATABASE_URL": url, "TASKBOT_TIMEZONE": "UTC"})
    container = Container(settings=settings, has_panel=True)
    container.clock.override(providers.Object(ManualClock(SEEDED_AT)))
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


async def _measured(browser: httpx.AsyncClient, name: str, path: str, rounds: int) -> Comparison:
    found = []
    await _opened(browser, path)
    for _ in range(rounds):
        cpu, begun = time.process_time(), time.perf_counter()
        said = await _opened(browser, path)
        seconds = time.perf_counter() - begun
        found.append(Round(1, seconds, time.process_time() - cpu, [seconds]))
        if said:
            name = f"{name.partition(': it')[0]}: it {said}"
    one = summary(found)
    return Comparison(name=name, ours=structs.replace(one, rate=None))


async def _opened(browser: httpx.AsyncClient, path: str) -> str:
    """Open a page; say if it is not whole."""
    answer = await browser.get(f"{PREFIX}/{path}")
    if answer.status_code != httpx.codes.OK:
        return f"answered {answer.status_code}"
    return "was broken off" if "it was broken off" in answer.text else ""


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


async def measure(place: Place, scale: Scale) -> Section:
    async with _panel(place.large()) as browser:
        values = await _values(browser)
        rounds = scale.of(7, 2)
        pages = [
            await _measured(browser, name, path.format(**values), rounds) for name, path in PAGES
        ]
        seconds, lines = await _export(browser)
    return Section(
        title="The panel",
        sides=("page", ""),
        about=_ABOUT,
        comparisons=pages,
        figures=[_of_lines(figure("a file of the tasks, as CSV", [seconds * 1000], "ms"), lines)],
        verdicts=at_most(
            "the panel's pages at 1,000,000 tasks, the slowest median",
            significant(max(one.ours.p50_ms or 0.0 for one in pages)),
            300,
            "ms",
        ),
    )


def _of_lines(one: Figure, lines: int) -> Figure:
    return Figure(name=f"{one.name}: {lines:,} lines", value=one.value, unit=one.unit)
