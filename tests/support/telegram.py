"""The bot on a core in memory, talking to the simulator: conversations as a person has them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any, Final

from aiogram import Bot, Dispatcher
from attrs import define, field, frozen

from support.backend import IN_PROCESS, Backend, a_backend, in_process
from support.builders import NOW
from support.core import Core, a_core
from support.counting import counted_once
from support.simulator import TOKEN, RunningSimulator
from taskbot.adapters.memory import (
    LocalRateLimiter,
    ManualClock,
    MemoryDialogueStore,
    MemoryPersonLocks,
    MemoryUpdateLog,
    MemoryVanishingMessages,
)
from taskbot.adapters.pictures import PillowPainter
from taskbot.adapters.simulator.transcript import message_view
from taskbot.adapters.telegram import (
    Poller,
    TelegramNotifier,
    Vanishing,
    create_bot,
    create_dispatcher,
)
from taskbot.adapters.telegram.callbacks import AboutTask, CardAction
from taskbot.adapters.telegram.examining import OperatorsDoctor
from taskbot.adapters.telegram.floods import USUAL
from taskbot.adapters.telegram.measuring import Meter
from taskbot.application.ports import (
    DialogueStore,
    PersonLocks,
    RateLimiter,
    UpdateLog,
    VanishingMessages,
)
from taskbot.application.task_commands import CreateTask
from taskbot.application.users import MeetUser
from taskbot.domain.task import Task

PATIENCE: Final = 20.0
DOT: Final = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
"""The smallest picture there is (PNG, base64)."""
_OPENS_TASK: Final = f"{AboutTask.__prefix__}:{CardAction.OPEN}:"


def a_dispatcher(
    core: Core,
    *,
    backend: Backend | None = None,
    dialogues: DialogueStore | None = None,
    update_log: UpdateLog | None = None,
    locks: PersonLocks | None = None,
    vanishing: VanishingMessages | None = None,
    rates: RateLimiter | None = None,
    is_only_reader: bool = True,
    meter: Meter | None = None,
    operators_doctor: OperatorsDoctor | None = None,
) -> Dispatcher:
    """Without *rates* people in tests may be as quick as they are."""
    backend = backend or in_process(core)
    with counted_once("the dispatcher"):
        return create_dispatcher(
            tasks=backend.tasks,
            categories=backend.categories,
            users=backend.people,
            progress=backend.progress,
            accounts=backend.accounts,
            access_tokens=backend.access_tokens,
            exports=backend.exports,
            painter=PillowPainter(),
            vanishing=vanishing or MemoryVanishingMessages(core.clock),
            clock=core.clock,
            dialogues=dialogues or MemoryDialogueStore(core.clock),
            update_log=update_log or MemoryUpdateLog(),
            locks=locks or MemoryPersonLocks(),
            rates=rates or LocalRateLimiter(core.clock),
            flood_quota=USUAL if rates else None,
            is_only_reader=is_only_reader,
            meter=meter,
            operators_doctor=operators_doctor,
        )


@contextlib.asynccontextmanager
async def a_bot(
    url: str, *, request_seconds: float = 5.0, meter: Meter | None = None
) -> AsyncIterator[Bot]:
    """A bot of ours that talks to the server at *url*."""
    bot = create_bot(TOKEN, api_url=url, request_seconds=request_seconds, meter=meter)
    try:
        yield bot
    finally:
        # aiogram's own `close` sleeps a quarter of a second for the sake of TLS.
        session: Any = bot.session
        await (await session.create_session()).close()


@define
class Person:
    """Somebody with a phone. Every method returns when the bot has said its last word.

    `labels` and `text` are of the newest message of the bot, or of the one pressed last.
    """

    id: int
    _sim: RunningSimulator
    _settled: Callable[[], Any]
    shown: dict[str, Any] = field(factory=dict)

    async def send(self, text: str | None = None, **more: Any) -> str:
        """Send something; return the text of the bot's last message."""
        message_id = await self._sim.control.send(self.id, text, **more)
        await self._settled()
        answers = [
            one
            for one in await self.messages()
            if one["from"] == "bot" and one["message_id"] > message_id
        ]
        if not answers:
            raise AssertionError(f"the bot said nothing to {text!r}")
        self.shown = answers[-1]
        return self.text

    async def press(self, label: str, *, message_id: int | None = None) -> dict[str, Any]:
        """Press the button whose label contains *label*; return what the press is answered."""
        message_id = message_id or int(self.shown["message_id"])
        buttons = [b for row in (await self.message(message_id))["buttons"] for b in row]
        data = next((b["data"] for b in buttons if label in plain(b["text"])), None)
        if data is None:
            raise AssertionError(f"no button {label!r} among {[b['text'] for b in buttons]}")
        return await self.press_data(data, message_id=message_id)

    async def press_data(
        self, data: str, *, message_id: int | None = None, force: bool = True
    ) -> dict[str, Any]:
        message_id = message_id or int(self.shown["message_id"])
        before = {one["message_id"] for one in await self.messages()}
        answer = await self._sim.control.press(self.id, message_id, data=data, force=force)
        await self._settled()
        new = [one for one in await self.messages() if one["message_id"] not in before]
        self.shown = new[-1] if new else await self.message(message_id)
        return answer

    async def messages(self) -> list[dict[str, Any]]:
        """As the control interface shows them; not over HTTP: that would be half of the time."""
        transcript = self._sim.simulator.world.current.transcript(self.id)
        return [message_view(message) for message in transcript]

    async def message(self, message_id: int) -> dict[str, Any]:
        return next(one for one in await self.messages() if one["message_id"] == message_id)

    async def look(self) -> str:
        """Look at the newest message of the bot."""
        self.shown = [one for one in await self.messages() if one["from"] == "bot"][-1]
        return self.text

    @property
    def text(self) -> str:
        return plain(self.shown["text"])

    @property
    def labels(self) -> list[str]:
        return [plain(b["text"]) for row in self.shown["buttons"] for b in row]

    @property
    def listed(self) -> list[str]:
        """The tasks in a list, without the other buttons of it."""
        every = [b for row in self.shown["buttons"] for b in row]
        return [plain(b["text"]) for b in every if b.get("data", "").startswith(_OPENS_TASK)]


def plain(text: str) -> str:
    """*text* without the fences around foreign words, which nobody sees."""
    return text.replace("\u2068", "").replace("\u2069", "")


@frozen
class EverythingHandled:
    """Waits until every update that was made so far has been handled, and thereby confirmed."""

    _sim: RunningSimulator

    async def __call__(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while self._pending():  # noqa: ASYNC110 - the simulator has no event to wait for
                await asyncio.sleep(0.001)

    def _pending(self) -> int:
        world = self._sim.simulator.world
        return len(world.queue_of(world.current).pending)


@define
class Stage:
    """Everything that a conversation needs; the bot polls the simulator while it is running."""

    sim: RunningSimulator
    bot: Bot
    backend: Backend
    core: Core = field(init=False)
    dialogues: MemoryDialogueStore = field(init=False)
    vanishing: MemoryVanishingMessages = field(init=False)
    update_log: MemoryUpdateLog = field(factory=MemoryUpdateLog)
    _stop: asyncio.Event = field(factory=asyncio.Event)
    _polling: asyncio.Task[None] | None = None

    def __attrs_post_init__(self) -> None:
        self.core = self.backend.core
        self.dialogues = MemoryDialogueStore(self.core.clock)
        self.vanishing = MemoryVanishingMessages(self.core.clock)

    def start(self) -> None:
        dispatcher = a_dispatcher(
            self.core,
            backend=self.backend,
            dialogues=self.dialogues,
            update_log=self.update_log,
            vanishing=self.vanishing,
        )
        self._stop = asyncio.Event()
        self._polling = asyncio.create_task(Poller(self.bot, dispatcher).run(self._stop))

    async def stop(self) -> None:
        self._stop.set()
        if self._polling is not None:
            async with asyncio.timeout(PATIENCE):
                await self._polling

    async def restart(self) -> None:
        await self.stop()
        self.start()

    async def person(
        self, person_id: int = 7, name: str = "Ada", language: str = "en", **more: Any
    ) -> Person:
        """Somebody new, who has not pressed Start yet."""
        await self.sim.control.person(person_id, name, language_code=language, **more)
        return Person(person_id, self.sim, EverythingHandled(self.sim))

    async def started(self, person_id: int = 7, name: str = "Ada", language: str = "en") -> Person:
        """Somebody who has, and who has said by which clocks they live."""
        person = await self.person(person_id, name, language)
        met = MeetUser(telegram_id=person_id, name=name, language_tag=language)
        user = (await self.core.users.meet(met)).user
        await self.core.users.move_to(user.timezone, actor=user.id)
        await person.send("/start")
        return person

    async def has(self, person: Person, title: str, **more: Any) -> Task:
        """Write a task of the person's down, without a word in the chat."""
        actor = (await self.core.users.find_or_register(person.id)).id
        view = await self.core.tasks.create(CreateTask(actor=actor, title=title, **more))
        return view.task

    async def has_done(self, person: Person, title: str, **more: Any) -> Task:
        task = await self.has(person, title, **more)
        return (await self.core.tasks.complete(task.id, actor=task.owner_id)).task

    async def take_what_vanishes(self) -> None:
        """Do what a process of the bot does all the time."""
        await Vanishing(self.bot, self.vanishing, self.core.clock).take_due()

    async def handled(self) -> None:
        """Wait until the bot has handled all that happened so far."""
        await EverythingHandled(self.sim)()

    async def time_passes(self, duration: timedelta) -> None:
        """Let the clock run, and deliver what falls due."""
        self.core.clock.advance(duration)
        await self.core.deliver_due()


@contextlib.asynccontextmanager
async def a_stage(
    sim: RunningSimulator, bot: Bot, *, kind: str = IN_PROCESS
) -> AsyncIterator[Stage]:
    """The bot on a core in memory, there or over HTTP; reminders go to the simulator, too."""
    clock = ManualClock(NOW, skips_sleep=True)
    core = a_core(clock=clock, notifier=TelegramNotifier(bot, clock))
    async with a_backend(kind, core) as backend:
        stage = Stage(sim, bot, backend)
        stage.start()
        try:
            yield stage
        finally:
            await stage.stop()
