"""Programs of several people that use the API, and keep in mind what they were told."""

import json
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from attrs import define, field, frozen

from benchmarks.load.connections import Connections, NoAnswer
from benchmarks.load.outcomes import Fate, Outcome
from benchmarks.load.reminders import Promises

_TITLES: Final = ("Купить молоко", "Позвонить маме", "Water the plants", "Call the dentist")
_SOON: Final = (20.0, 50.0)
"""Seconds until a reminder that is asked for by the way."""
_FEWEST: Final = 5


@frozen
class Known:
    """A task as the API last told it."""

    title: str
    priority: int
    status: str
    version: int

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Known":
        return cls(told["title"], told["priority"], told["status"], told["version"])


@define
class Memory:
    """Of all programs together: what the database has to hold in the end."""

    kept: dict[str, Known] = field(factory=dict)
    deleted: set[str] = field(factory=set)
    refused: set[str] = field(factory=set)
    """Titles of tasks that were not accepted."""
    unsure: set[str] = field(factory=set)
    """Ids and titles of what got no answer."""
    written: int = 0


@define
class Program:
    """One person's. A task is changed by one request at a time, so that the last word is known."""

    secret: str
    host: str
    open_ones: list[str] = field(factory=list)
    done_ones: list[str] = field(factory=list)

    def request(self, method: str, path: str, body: Any = None) -> bytes:
        content = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} /api/v1/{path} HTTP/1.1\r\nHost: {self.host}\r\n"
            f"Authorization: Bearer {self.secret}\r\n"
        )
        if body is not None or method == "POST":
            head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        return f"{head}\r\n".encode() + content

    def take(self, ones: list[str], dice: random.Random) -> str | None:
        """One of these tasks, that nobody changes just now; it is to be put back."""
        if len(ones) <= (_FEWEST if ones is self.open_ones else 0):
            return None
        place = dice.randrange(len(ones))
        ones[place], ones[-1] = ones[-1], ones[place]
        return ones.pop()


_Said = tuple[Fate, str, Any]


@define
class Traffic:
    """What all programs ask, mixed."""

    programs: list[Program]
    connections: Connections
    promises: Promises
    memory: Memory
    dice: random.Random
    outcomes: list[Outcome] = field(factory=list)
    _mix: list[tuple[str, float, Callable[[Program], Awaitable[_Said]]]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._mix = [
            ("get one", 30.0, self._get),
            ("list 20", 22.0, self._list),
            ("counts", 3.0, self._counts),
            ("create", 15.0, self._create),
            ("create, due soon", 1.5, self._create_soon),
            ("patch", 14.0, self._patch),
            ("complete", 8.0, self._complete),
            # As many as are written down: what people have does not grow, and so measures nothing.
            ("delete", 15.0, self._delete),
            ("export", 0.5, self._export),
        ]

    async def one(self, scheduled: float) -> None:
        """Ask something, and keep what became of it."""
        program = self.dice.choice(self.programs)
        weights = [weight for _, weight, _ in self._mix]
        ((kind, _, ask),) = self.dice.choices(self._mix, weights)
        fate, detail, _ = await ask(program)
        self.outcomes.append(Outcome(kind, scheduled, time.time(), fate, detail))

    async def _ask(self, program: Program, method: str, path: str, body: Any = None) -> _Said:
        try:
            answer = await self.connections.ask(program.request(method, path, body))
        except NoAnswer as error:
            return Fate.FAILED, f"no answer: {error}", None
        if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return Fate.DONE, "", json.loads(answer.body) if answer.body else None
        problem = json.loads(answer.body)["type"]
        match answer.status:
            case HTTPStatus.SERVICE_UNAVAILABLE if problem == "/problems/overloaded":
                return Fate.SHED, "", None
            case HTTPStatus.TOO_MANY_REQUESTS:
                return Fate.LIMITED, "", None
            case status:
                return Fate.FAILED, f"{method} {status} {problem}", None

    async def _get(self, program: Program) -> _Said:
        task_id = self.dice.choice(program.open_ones)
        said = await self._ask(program, "GET", f"tasks/{task_id}")
        is_being_deleted = task_id not in program.open_ones
        if is_being_deleted and said[1].startswith("GET 404"):
            return Fate.DONE, "", None
        return said

    async def _list(self, program: Program) -> _Said:
        return await self._ask(program, "GET", "tasks?limit=20")

    async def _counts(self, program: Program) -> _Said:
        return await self._ask(program, "GET", "tasks/counts")

    async def _export(self, program: Program) -> _Said:
        return await self._ask(program, "GET", "me/export")

    async def _create(self, program: Program) -> _Said:
        due = datetime.now(UTC) + timedelta(days=self.dice.randint(2, 300))
        said = await self._write_down(program, self._title(), due)
        if said[0] is Fate.DONE:
            program.open_ones.append(said[2]["id"])
        return said

    async def _create_soon(self, program: Program) -> _Said:
        due = datetime.now(UTC) + timedelta(seconds=self.dice.uniform(*_SOON))
        number, title = self.promises.next_title()
        said = await self._write_down(program, title, due)
        if said[0] is Fate.DONE:
            self.promises.add(number, due.timestamp())
        elif said[0] is Fate.FAILED:
            self.promises.unsure.add(number)
        return said

    async def _write_down(self, program: Program, title: str, due: datetime) -> _Said:
        body = {"title": title, "due_at": due.isoformat(), "priority": self.dice.randint(1, 4)}
        said = await self._ask(program, "POST", "tasks", body)
        if said[0] is Fate.DONE:
            self.memory.kept[said[2]["id"]] = Known.of(said[2])
        else:
            (self.memory.unsure if said[0] is Fate.FAILED else self.memory.refused).add(title)
        return said

    async def _patch(self, program: Program) -> _Said:
        body = {"title": self._title(), "priority": self.dice.randint(1, 4)}
        ones = program.open_ones
        return await self._change(program, "PATCH", "", body, ones, then=ones)

    async def _complete(self, program: Program) -> _Said:
        ones = program.open_ones
        return await self._change(program, "POST", "/complete", None, ones, then=program.done_ones)

    async def _delete(self, program: Program) -> _Said:
        ones = program.done_ones or program.open_ones
        return await self._change(program, "DELETE", "", None, ones, then=[])

    async def _change(
        self,
        program: Program,
        method: str,
        what: str,
        body: Any,
        ones: list[str],
        *,
        then: list[str],
    ) -> _Said:
        """Change one of these tasks; *then*: where it belongs if that was done."""
        task_id = program.take(ones, self.dice)
        if task_id is None:
            return await self._create(program)
        said = await self._ask(program, method, f"tasks/{task_id}{what}", body)
        if said[0] is Fate.FAILED:
            self.memory.unsure.add(task_id)
            return said
        if said[0] is Fate.DONE and said[2] is None:
            self.memory.deleted.add(task_id)
        elif said[0] is Fate.DONE:
            self.memory.kept[task_id] = Known.of(said[2])
        (then if said[0] is Fate.DONE else ones).append(task_id)
        return said

    def _title(self) -> str:
        self.memory.written += 1
        return f"{self.dice.choice(_TITLES)} load{self.memory.written}"
