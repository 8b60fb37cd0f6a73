"""`taskbot up` as a person, a program and a host see it."""

import contextlib
from collections.abc import AsyncIterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from attrs import Factory, frozen

from support.processes import RunningProcess, taskbot, taskbot_says
from support.simulator import Control, eventually

_ids = count(501)


@frozen
class Product:
    """*control* plays the people; *api* is the address of the REST API."""

    process: RunningProcess
    control: Control
    api: str
    folder: Path
    environment: Mapping[str, str] = Factory(dict)

    async def a_person(self, *, language: str = "en", name: str = "Ada") -> "Somebody":
        """Somebody who has pressed Start, and has no time zone to tell."""
        person_id = await self.control.person(next(_ids), name, language_code=language)
        person = Somebody(person_id, self.control)
        await person.say("/start")
        await person.press({"en": "Skip", "ru": "Пропустить"}[language])
        return person

    @contextlib.asynccontextmanager
    async def program_of(self, person: "Somebody") -> AsyncIterator[httpx.AsyncClient]:
        """A program that acts for *person*, with a token from the command line."""
        secret = await taskbot_says(
            *("token", "create", "--telegram-id", str(person.id)),
            folder=self.folder,
            environment=self.environment,
        )
        async with httpx.AsyncClient(
            base_url=f"{self.api}/api/v1",
            headers={"Authorization": f"Bearer {secret}"},
            timeout=30,
            trust_env=False,
        ) as client:
            yield client


@frozen
class Somebody:
    id: int
    control: Control

    async def say(self, text: str | None = None, **more: Any) -> dict[str, Any]:
        """Send a message; return the bot's answer to it."""
        return await self.control.ask(self.id, text, **more)

    async def press(self, label: str) -> dict[str, Any]:
        """Press the newest button whose label holds *label*; return what a press answers."""
        message, button = await self._newest(label)
        return await self.control.press(self.id, message, data=button["data"], wait=20)

    async def _newest(self, label: str) -> tuple[int, dict[str, Any]]:
        shown = await self.control.messages(self.id)
        for message in reversed(shown):
            for button in (b for row in message["buttons"] for b in row):
                if label in button["text"] and not message["deleted"]:
                    return message["message_id"], button
        raise AssertionError(f"no button {label!r} in {[m['text'] for m in shown]}")

    async def sees(self, *words: str) -> dict[str, Any]:
        """Wait until one message of the bot holds all *words*; return the newest such one."""
        found: list[dict[str, Any]] = []

        async def seen() -> bool:
            found[:] = [
                message
                for message in await self.control.messages(self.id)
                if message["from"] == "bot"
                and not message["deleted"]
                and all(word in message["text"] for word in words)
            ]
            return bool(found)

        await eventually(seen)
        return found[-1]

    async def transcript(self) -> list[str]:
        return [m["text"] for m in await self.control.messages(self.id) if not m["deleted"]]


@contextlib.asynccontextmanager
async def running_product(
    folder: Path, environment: Mapping[str, str] | None = None, *, is_executed: bool = False
) -> AsyncIterator[Product]:
    """Start `taskbot up` with its own simulator, and wait until it says where it is."""
    async with taskbot(
        "up", folder=folder, environment=environment, is_executed=is_executed
    ) as process:
        page = await process.address("Chat page")
        docs = await process.address("API docs")
        async with Control(page.rstrip("/")) as control:
            yield Product(
                process, control, docs.removesuffix("/api/v1/docs"), folder, environment or {}
            )
