"""A deploy: each process is replaced by a new one, under load, and nobody notices."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial
from http.client import BAD_REQUEST
from typing import Any, Final

import httpx
import pytest
from attrs import Factory, define

from support import postgres, redis
from support.balancer import Balancer, a_balancer
from support.processes import RunningProcess
from support.product import Somebody
from support.reliability import IS_WHOLE, note, said
from support.scene import Scene, a_scene
from support.simulator import eventually
from taskbot.domain.user import User

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

ROUNDS: Final = 10 if IS_WHOLE else 1
"""How often each copy is replaced."""
PROGRAMS: Final = 2
DRAIN: Final = {"TASKBOT_DRAIN_SECONDS": "0.5" if IS_WHOLE else "3"}
"""Five times as long as the balancer takes to notice; longer where it shares its machine."""


@pytest.fixture(scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    if postgres.server_url() is None:
        pytest.skip(postgres.ABSENT)
    if redis.program() is None:
        pytest.skip(redis.ABSENT)
    async with a_scene(tmp_path_factory.mktemp("rolling"), lease=None) as scene:
        scene.environment |= {
            "TASKBOT_WEBHOOK_PORT": "0",
            "TASKBOT_MESSAGES_PER_SECOND": "1000",
            "TASKBOT_MESSAGES_PER_CHAT": "1000",
        }
        yield scene


@define
class Copies:
    """Two processes of a role behind *front*."""

    scene: Scene
    front: Balancer
    role: tuple[str, ...]
    line: str
    running: list[tuple[str, RunningProcess]] = Factory(list)

    async def one_more(self) -> None:
        process = await self.scene.start(*self.role, **DRAIN)
        address = httpx.URL(await process.address(self.line))
        target = f"http://{address.host}:{address.port}"
        self.front.targets.append(target)
        self.running.append((target, process))

    async def replace_the_oldest(self) -> None:
        """As a host does it: the new one is up before the old one is asked to stop."""
        await self.one_more()
        target, old = self.running.pop(0)
        assert await old.ask_to_stop() == 0, old.log()
        self.front.targets.remove(target)


@contextlib.asynccontextmanager
async def copies_of(scene: Scene, *role: str, line: str) -> AsyncIterator[Copies]:
    async with a_balancer(is_strict=True) as front:
        if role[0] == "bot":
            scene.environment["TASKBOT_WEBHOOK_URL"] = f"{front.url}/telegram"
        copies = Copies(scene, front, role, line)
        if role[0] == "bot":
            # Where both find that Telegram was not told, both tell it; and Telegram begins anew
            # with what it is just calling about.
            await copies.one_more()
            await eventually(partial(_is_told, scene), within=30)
            await copies.one_more()
        else:
            await asyncio.gather(copies.one_more(), copies.one_more())
        async with front.watching():
            yield copies


async def _is_told(scene: Scene) -> bool:
    calls = scene.telegram.simulator.calls.after(0, method="setWebhook")
    return any((call["outcome"] or {}).get("ok") for call in calls)


@define
class Program:
    """Makes tasks and counts in the description of one of them, as long as all is answered well."""

    http: httpx.AsyncClient
    owner: User
    made: int = 0
    counted: int = 0

    async def work(self, stop: asyncio.Event) -> None:
        """Raise `HTTPStatusError` for the first answer that is not as it should be."""
        counter = await self._ask("POST", "/tasks", json={"title": "Counter"})
        while not stop.is_set():
            await self._ask("POST", "/tasks", json={"title": f"Task {self.made:04}"})
            self.made += 1
            counter = await self._ask(
                "PATCH",
                f"/tasks/{counter['id']}",
                json={"description": str(self.counted + 1)},
                headers={"If-Match": f'"{counter["version"]}"'},
            )
            self.counted += 1
            await self._ask("GET", "/tasks?limit=5")

    async def _ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        answer = await self.http.request(method, f"/api/v1{path}", **more)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found


@contextlib.asynccontextmanager
async def a_program(scene: Scene, front: Balancer, telegram_id: int) -> AsyncIterator[Program]:
    owner = await scene.core.users.find_or_register(telegram_id)
    token = await scene.core.access_tokens.create("load", actor=owner.id)
    async with httpx.AsyncClient(
        base_url=front.url,
        headers={"Authorization": f"Bearer {token.secret}"},
        trust_env=False,
        timeout=60,
    ) as http:
        yield Program(http, owner)


async def test_the_api_is_replaced_copy_by_copy_and_no_request_fails(scene: Scene) -> None:
    async with contextlib.AsyncExitStack() as stack:
        copies = await stack.enter_async_context(copies_of(scene, "api", line="API docs"))
        front, stop = copies.front, asyncio.Event()
        programs = [
            await stack.enter_async_context(a_program(scene, front, number + 1))
            for number in range(PROGRAMS)
        ]
        async with asyncio.TaskGroup() as load:
            for program in programs:
                load.create_task(program.work(stop))
            for _ in range(2 * ROUNDS):
                await copies.replace_the_oldest()
            stop.set()

    changes = sum(program.made + program.counted for program in programs)
    note(
        f"a deploy under load: each of two copies of the API replaced, {ROUNDS} times",
        "no request fails; no change that was answered is lost",
        f"{sum(front.answered.values()):,} requests: failed {failures(front)}; "
        f"{changes:,} changes: lost 0",
    )
    assert failures(front) == 0, front.answered
    assert len({target for target, _ in front.answered}) == 2 + 2 * ROUNDS
    for program in programs:
        tasks = await tasks_of(scene, program.owner)
        assert {f"Task {number:04}" for number in range(program.made)} == tasks.keys() - {"Counter"}
        assert tasks["Counter"] == str(program.counted)


async def test_the_bot_is_replaced_copy_by_copy_and_no_update_is_lost(scene: Scene) -> None:
    role = ("bot", "--webhook")
    async with copies_of(scene, *role, line="Webhook") as copies:
        people = [Somebody(one, scene.telegram.control) for one in await scene.people(PROGRAMS)]
        for person in people:
            await person.sees("Hello")
            await person.press("Skip")
        sent = [0] * PROGRAMS
        stop = asyncio.Event()

        async def talk(number: int) -> None:
            while not stop.is_set():
                sent[number] += 1
                text = f"Task {sent[number]:04} of this load."
                await scene.telegram.control.ask(people[number].id, text)

        async with asyncio.TaskGroup() as load:
            for number in range(PROGRAMS):
                load.create_task(talk(number))
            for _ in range(2 * ROUNDS):
                await copies.replace_the_oldest()
            stop.set()

    note(
        f"a deploy under load: each of two copies of the bot replaced, {ROUNDS} times",
        "no call of Telegram fails; each message becomes one task",
        f"{sum(sent):,} messages: lost 0; calls that failed {failures(copies.front)}",
    )
    assert failures(copies.front) == 0, copies.front.answered
    for person, number in zip(people, sent, strict=True):
        owner = await scene.core.users.find_or_register(person.id)
        assert len(await tasks_of(scene, owner)) == number


async def test_scheduler_and_worker_are_replaced_and_each_reminder_comes_once(
    scene: Scene,
) -> None:
    bot = await scene.start("bot")
    running = [await scene.start(role) for role in ("scheduler", "worker")]
    number = 60 * ROUNDS + 60
    await scene.promise(number, after=3, over=6 + 6 * ROUNDS, people=20)
    for _ in range(ROUNDS):
        for role in ("scheduler", "worker"):
            begun = len(scene.telegram.simulator.calls.after(0, method="sendMessage"))
            new = await scene.start(role)
            await _until_more_is_sent(scene, than=begun)
            old = running.pop(0)
            assert await old.ask_to_stop() == 0, old.log()
            running.append(new)
    await scene.all_settled(within=60)

    verdict = scene.verdict()
    note(
        f"a deploy under load: scheduler and worker replaced, {ROUNDS} times",
        "lost 0; no copy",
        said(verdict, number),
    )
    assert not verdict.lost
    assert not verdict.duplicated
    assert await bot.ask_to_stop() == 0


async def _until_more_is_sent(scene: Scene, *, than: int) -> None:
    async def is_more() -> bool:
        return len(scene.telegram.simulator.calls.after(0, method="sendMessage")) > than

    await eventually(is_more)


def failures(front: Balancer) -> int:
    return sum(number for (_, status), number in front.answered.items() if status >= BAD_REQUEST)


async def tasks_of(scene: Scene, owner: User) -> dict[str, str]:
    """Each task's description by its title; two of one title are an error."""
    exported = await scene.core.exports.everything(actor=owner.id)
    tasks = [card.task async for page in exported.pages for card in page]
    found = {task.title: task.description for task in tasks}
    assert len(found) == len(tasks)
    return found
