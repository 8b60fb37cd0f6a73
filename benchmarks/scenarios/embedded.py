"""What `taskbot up` does on one SQLite file: REST, and updates of the bot.

One process serves the API and the panel, polls, dispatches and delivers.
"""

import contextlib
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from attrs import frozen
from sqlalchemy import update

from benchmarks import rest
from benchmarks.environment import BOT_TOKEN, UNLIMITED, variables
from benchmarks.figures import Comparison, Figure, comparison, figure
from benchmarks.place import FOLDER, SMALL, Place, fill
from benchmarks.processes import Running, benchmarks_own, running, taskbot
from benchmarks.results import Section
from benchmarks.rounds import in_turns
from benchmarks.scale import Scale
from benchmarks.targets import Verdict, at_most
from benchmarks.telegram.people import answered
from benchmarks.telegram.server import Stub, telegram
from taskbot.adapters.persistence import create_database, tables
from taskbot.adapters.persistence.engine import operators_engine

_ABOUT: Final = """\
`taskbot up` with a bot's token, on a SQLite file with 10,000 tasks of 100 people: one process that
serves the API and the panel, polls the stub in Telegram's place, dispatches and delivers. REST as
above, beside the bare handlers of above, which run the same SQL through sqlite3 on a file of their
own, and commit as durably. Updates are plain text, each of another
person, of which the bot makes tasks; beside an aiogram process that polls and echoes."""
_OF_THE_FLOOR: Final = """\
The floor is arguable: it asks SQLite on the event loop itself, so that all other requests wait
while a commit reaches the disk. What serves a bot beside the API may not do that."""


@frozen
class _Up:
    process: Running
    url: str
    stub: Stub
    database_url: str


async def measure(place: Place, scale: Scale) -> Section:
    async with _up() as up:
        compared = await _rest(up, scale)
        after_rest = figure("memory of `taskbot up` after the REST load", [_pss(up)], "MiB")
        updates = await _updates(up, scale)
        after_all = figure("memory of `taskbot up` after all of it", [_pss(up)], "MiB")
    return Section(
        title="Embedded: `taskbot up` on SQLite",
        sides=("taskbot up", "the floor"),
        about=_ABOUT,
        comparisons=[*compared, updates],
        figures=[after_rest, after_all],
        verdicts=_verdicts(after_all),
        notes=[_OF_THE_FLOOR],
    )


@contextlib.asynccontextmanager
async def _up() -> AsyncIterator[_Up]:
    folder = FOLDER / "embedded"
    url = _seeded_file(folder)
    async with telegram() as stub:
        settings = variables(
            database_url=url,
            bot_token=BOT_TOKEN,
            telegram_api_url=stub.url,
            messages_per_second=UNLIMITED,
        )
        async with running(*taskbot("up"), folder=folder, environment=settings) as process:
            address = (await process.line(r"API docs +(http://[\d.:]+)")).group(1)
            yield _Up(process, address, stub, url)


def _seeded_file(folder: Path) -> str:
    """Anew each time: it takes seconds."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    url = f"sqlite:///{folder / 'taskbot.sqlite3'}"
    fill(url, SMALL)
    with operators_engine(url) as (_, engine), engine.begin() as connection:
        # What was seeded is due one day or another: nothing but what is measured is to be sent.
        connection.execute(update(tables.reminders).values(available_at=None))
    return url


async def _rest(up: _Up, scale: Scale) -> list[Comparison]:
    """The floor has a file of its own: two writers of one would wait for each other."""
    bare_url = _seeded_file(FOLDER / "embedded" / "bare")
    ours_database, bare_database = create_database(up.database_url), create_database(bare_url)
    try:
        people = await rest.people_of(ours_database)
        others = await rest.people_of(bare_database)
    finally:
        await ours_database.dispose()
        await bare_database.dispose()
    command = benchmarks_own("floors.api", bare_url)
    async with running(*command, folder=FOLDER / "embedded") as bare:
        floor_url = (await bare.line(r"(http://[\d.:]+)")).group(1)
        ours = rest.Asked(rest.Server(up.url, up.process), people)
        floor = rest.Asked(rest.Server(floor_url, bare), others)
        return await rest.compare([ours, floor], scale)


async def _updates(up: _Up, scale: Scale) -> Comparison:
    async with telegram() as stub:
        command = benchmarks_own("floors.echo", stub.url)
        async with running(*command, folder=FOLDER / "embedded") as floor:
            await floor.line("at work")
            number = scale.of(300, 60)
            await answered(up.stub, up.process, number // 3)
            await answered(stub, floor, number // 3)
            both = await in_turns(
                scale.of(5, 2),
                lambda: answered(up.stub, up.process, number),
                lambda: answered(stub, floor, number),
            )
    return comparison("updates, plain text", *both)


def _pss(up: _Up) -> float:
    return up.process.memory().pss


def _verdicts(after_all: Figure) -> list[Verdict]:
    return at_most(after_all.name, after_all.value, 280, "MiB")
