"""What an update costs the bot, beside a bare aiogram bot that echoes.

In this process, where Telegram answers at once; and by `taskbot bot` as a process of its own, which
is handed its updates by the stub.
"""

import itertools
import logging
import tempfile
import time
from pathlib import Path
from typing import Final

from dependency_injector import providers

from benchmarks.conversations import Side, bare, echo, one_round, talk
from benchmarks.environment import BOT_TOKEN, UNLIMITED, variables
from benchmarks.figures import Comparison, Figure, Round, comparison, figure, timed
from benchmarks.place import FOLDER, Place
from benchmarks.processes import benchmarks_own, running, taskbot
from benchmarks.results import Section
from benchmarks.rounds import alternating, in_turns
from benchmarks.scale import Scale
from benchmarks.targets import Verdict, at_least, at_most
from benchmarks.telegram.people import answered
from benchmarks.telegram.server import telegram
from taskbot.adapters.http.export_document import JsonExports
from taskbot.adapters.memory import (
    LocalRateLimiter,
    MemoryDialogueStore,
    MemoryPersonLocks,
    MemoryUpdateLog,
    MemoryVanishingMessages,
)
from taskbot.adapters.persistence import migrate
from taskbot.adapters.pictures import PillowPainter
from taskbot.adapters.redis import (
    RedisApiTokenStore,
    RedisDialogueStore,
    create_redis,
)
from taskbot.adapters.telegram import create_dispatcher
from taskbot.application.ports import Quota
from taskbot.entrypoints.bot_container import TelegramContainer
from taskbot.entrypoints.library import in_memory
from taskbot.entrypoints.logs import configure_logging
from taskbot.entrypoints.settings import read_settings

_ABOUT: Final = """\
In one process, where Telegram answers at once: a whole conversation of ten updates (`/help`, plain
text, all of `/create`, `/tasks`, presses), wired as the commands do it. Latencies are of one update
after the other, rates of 16 people at a time. Beside a bare aiogram bot that echoes. *Process* is
`taskbot bot` on PostgreSQL and Redis, which is handed plain text by the stub, each of another
person, and makes a task of it, with the limit on what is sent as high as it can be; beside an
aiogram process that polls and echoes. Its rate is that of all at once, its latencies, from handing
out to the answer, of twenty a second."""
_OF_TIME: Final = """\
On a database the time is mostly that of its commits: an update has one of its own, by which it is
known not to be new if it comes again, and its use case has another. An echo has none: the floor is
arguable for all that writes."""
_PEOPLE: Final = 40
_MANY: Final = Quota(1_000_000)
_STORED: Final = "PostgreSQL and Redis"


async def measure(place: Place, scale: Scale) -> Section:
    configure_logging(read_settings({"TASKBOT_LOG_FORMAT": "json"}))
    logging.getLogger("taskbot").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder, place.scratch() as database_url:
        sides = [
            bare(),
            _on_memory(),
            _on_database("SQLite", f"sqlite:///{Path(folder, 'bot.db')}"),
            _on_database(_STORED, database_url, place.emptied_redis()),
        ]
        compared = await _in_this_process(sides, scale)
    with place.scratch() as database_url:
        process, memory = await _as_a_process(database_url, place, scale)
    return Section(
        title="The bot",
        sides=("taskbot", "a bare echo"),
        about=_ABOUT,
        comparisons=[*compared, process],
        figures=[memory],
        verdicts=_verdicts(compared),
        notes=[_OF_TIME],
    )


def _on_memory() -> Side:
    core = in_memory()
    dispatcher = create_dispatcher(
        tasks=core.tasks,
        categories=core.categories,
        users=core.users,
        progress=core.statistics,
        accounts=core.accounts,
        access_tokens=core.access_tokens,
        exports=JsonExports(core.exports),
        painter=PillowPainter(),
        vanishing=MemoryVanishingMessages(core.clock),
        clock=core.clock,
        dialogues=MemoryDialogueStore(core.clock),
        update_log=MemoryUpdateLog(),
        locks=MemoryPersonLocks(),
        rates=LocalRateLimiter(core.clock),
        flood_quota=_MANY,
    )
    return Side("memory", dispatcher)


def _on_database(name: str, url: str, redis_url: str | None = None) -> Side:
    """Wired as `taskbot up` does it, or as `taskbot bot` with Redis."""
    given = {"TASKBOT_DATABASE_URL": url, "TASKBOT_BOT_TOKEN": BOT_TOKEN}
    settings = read_settings(given | ({"TASKBOT_REDIS_URL": redis_url} if redis_url else {}))
    migrate(settings.database)
    container = TelegramContainer(settings=settings, bot_token=BOT_TOKEN)
    container.flood_quota.override(providers.Object(_MANY))
    if redis_url is not None:
        redis = create_redis(redis_url)
        container.redis.override(providers.Object(redis))
        container.dialogues.override(RedisDialogueStore(redis))
        container.stored_api_tokens.override(RedisApiTokenStore(redis))
    return Side(name, container.dispatcher())


async def _in_this_process(sides: list[Side], scale: Scale) -> list[Comparison]:
    first = int(time.time()) % 10**6 * 10**5  # so that the people are new ones
    found: dict[str, list[Round]] = {side.name: [] for side in sides}
    kinds: dict[str, list[float]] = {}
    rounds = scale.of(5, 1)
    async for number, side in alternating(rounds + 1, sides):
        people = range(first + number * _PEOPLE, first + (number + 1) * _PEOPLE)
        side.numbers = itertools.count(first + number * 10_000)
        measured = await one_round(side, echo if side is sides[0] else talk, people)
        if not number:  # everything is loaded and compiled now
            continue
        found[side.name].append(measured)
        if side.name == _STORED:
            for kind, taken in side.taken.items():
                kinds.setdefault(kind, []).extend(taken)
    floor, *others = sides
    return [
        *(comparison(each.name, found[each.name], found[floor.name]) for each in others),
        *(
            Comparison(name=f"{_STORED}, {kind}", ours=timed(taken, rounds=rounds))
            for kind, taken in kinds.items()
        ),
    ]


async def _as_a_process(database_url: str, place: Place, scale: Scale) -> tuple[Comparison, Figure]:
    folder = FOLDER / "bot"
    async with telegram() as stub, telegram() as floors_stub:
        settings = variables(
            database_url=database_url,
            redis_url=place.emptied_redis(),
            bot_token=BOT_TOKEN,
            telegram_api_url=stub.url,
            messages_per_second=UNLIMITED,
        )
        echoing = benchmarks_own("floors.echo", floors_stub.url)
        async with (
            running(*taskbot("bot"), folder=folder, environment=settings) as bot,
            running(*echoing, folder=folder) as floor,
        ):
            await bot.line("at work")
            await floor.line("at work")
            number = scale.of(300, 60)
            await answered(stub, bot, number // 3)
            await answered(floors_stub, floor, number // 3)
            both = await in_turns(
                scale.of(5, 2),
                lambda: answered(stub, bot, number),
                lambda: answered(floors_stub, floor, number),
            )
            memory = figure("memory of `bot` after the load", [bot.memory().pss], "MiB")
    return comparison("process, plain text", *both), memory


def _verdicts(compared: list[Comparison]) -> list[Verdict]:
    found = {one.name: one.ours for one in compared}
    return [
        *at_most("the bot's own time for an update, p50", found[_STORED].p50_ms, 15, "ms"),
        *at_least("updates of the bot by one process", found[_STORED].rate, 300, "a second"),
    ]
