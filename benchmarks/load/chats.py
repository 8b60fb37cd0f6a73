"""People who write to the bot and press its buttons, in Russian and in English."""

import asyncio
import json
import random
import time
from collections import deque
from typing import Any, Final

from attrs import define, field

from benchmarks.load.outcomes import Arrival, Fate, Outcome
from benchmarks.load.reminders import numbers_in

FIRST_PERSON: Final = 3_000_000
"""The Telegram id of the first of those who talk; others get reminders alone."""
_TEXTS: Final = {
    "ru": (
        "Купить молоко bot{n} завтра в 18:00",
        "Позвонить маме bot{n}",
        "Отчёт bot{n} в пятницу",
    ),
    "en": ("Buy milk bot{n} tomorrow at 6pm", "Call mum bot{n}", "Report bot{n} on friday"),
}
_HARMLESS: Final = ("li:", "l:", "t:open:", "t:done:", "t:reopen:")
"""What buttons carry that may be pressed at random: no dialogue begins by it."""
_MIX: Final = {"text": 45.0, "/tasks": 25.0, "press": 30.0}


def language_of(person: int) -> str:
    return "ru" if person % 2 else "en"


@define
class Chat:
    """*asked*: kind and moment of each message that the bot has not answered yet."""

    asked: deque[tuple[str, float]] = field(factory=deque)
    buttons: list[tuple[int, str]] = field(factory=list)


@define
class Chats:
    """What everybody sees, and how long the bot took to answer."""

    people: range
    dice: random.Random
    outcomes: list[Outcome] = field(factory=list)
    arrivals: list[Arrival] = field(factory=list)
    texts: list[int] = field(factory=list)
    """The numbers of the tasks that were written to the bot."""
    is_news: asyncio.Event = field(factory=asyncio.Event)
    _chats: dict[int, Chat] = field(factory=dict)
    _presses: dict[str, float] = field(factory=dict)
    _updates: deque[dict[str, Any]] = field(factory=deque)
    _last_update: int = 0
    _last_message: int = 0

    @property
    def unanswered(self) -> int:
        return len(self._presses) + sum(len(chat.asked) for chat in self._chats.values())

    async def act(self, scheduled: float) -> None:
        """Have somebody do something."""
        person = self.dice.choice(self.people)
        (kind,) = self.dice.choices(list(_MIX), list(_MIX.values()))
        chat = self._chat(person)
        if kind == "press" and chat.buttons:
            self._press(person, scheduled, *self.dice.choice(chat.buttons))
        elif kind == "text":
            self.texts.append(len(self.texts) + 1)
            text = self.dice.choice(_TEXTS[language_of(person)])
            self._write(person, "text", text.format(n=len(self.texts)), scheduled)
        else:
            self._write(person, "/tasks", "/tasks", scheduled)

    def _write(self, person: int, kind: str, text: str, scheduled: float) -> None:
        self._chat(person).asked.append((kind, scheduled))
        message = self._message(person, text, sender=_somebody(person))
        self._tell({"message": message})

    def _press(self, person: int, scheduled: float, message_id: int, data: str) -> None:
        press = f"p{len(self.outcomes)}-{self._last_update}"
        self._presses[press] = scheduled
        message = self._message(person, "x", message_id=message_id)
        query = {"id": press, "from": _somebody(person), "chat_instance": "1", "data": data}
        self._tell({"callback_query": query | {"message": message}})

    def _tell(self, update: dict[str, Any]) -> None:
        self._last_update += 1
        self._updates.append({"update_id": self._last_update} | update)
        self.is_news.set()

    def updates_from(self, offset: int, limit: int) -> list[dict[str, Any]]:
        """What is new from *offset* on; whatever is before is confirmed."""
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
        self.is_news.clear()
        return [self._updates[place] for place in range(min(limit, len(self._updates)))]

    def bot_says(self, chat_id: int, text: str, markup: str | None) -> dict[str, Any]:
        """Take a message of the bot; return it as Telegram does."""
        now = time.time()
        self.arrivals += [Arrival(number, now) for number in numbers_in(text)]
        message = self._message(chat_id, text)
        chat = self._chats.get(chat_id)
        if chat is not None:
            if chat.asked:
                kind, scheduled = chat.asked.popleft()
                self.outcomes.append(Outcome(kind, scheduled, now, Fate.DONE))
            self._show(chat, message["message_id"], markup)
        return message

    def bot_edits(
        self, chat_id: int, message_id: int, text: str, markup: str | None
    ) -> dict[str, Any]:
        self._show(self._chat(chat_id), message_id, markup)
        return self._message(chat_id, text, message_id=message_id)

    def bot_answers(self, press: str) -> None:
        scheduled = self._presses.pop(press, None)
        if scheduled is not None:
            self.outcomes.append(Outcome("press", scheduled, time.time(), Fate.DONE))

    def _show(self, chat: Chat, message_id: int, markup: str | None) -> None:
        rows = json.loads(markup).get("inline_keyboard", ()) if markup else ()
        data = [button.get("callback_data") or "" for row in rows for button in row]
        chat.buttons = [(message_id, one) for one in data if one.startswith(_HARMLESS)]

    def _chat(self, person: int) -> Chat:
        return self._chats.setdefault(person, Chat())

    def _message(
        self,
        chat_id: int,
        text: str,
        *,
        message_id: int | None = None,
        sender: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        if message_id is None:
            self._last_message += 1
            message_id = self._last_message
        chat = {"id": chat_id, "type": "private", "first_name": "A"}
        message = {"message_id": message_id, "date": int(time.time()), "chat": chat, "text": text}
        return message if sender is None else message | {"from": sender}


def _somebody(person: int) -> dict[str, Any]:
    code = language_of(person)
    return {"id": person, "is_bot": False, "first_name": "Ada", "language_code": code}
