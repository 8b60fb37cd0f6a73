"""One update of one person: who it is, how we speak, where the answer goes."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from aiogram.fsm.state import State
from aiogram.fsm.storage.base import StorageKey
from attrs import evolve, frozen

from taskbot.adapters.telegram.keyboards import Keyboard
from taskbot.adapters.telegram.screens import Screen
from taskbot.adapters.telegram.storage import StoredDialogues
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain.user import User

Answers: TypeAlias = dict[str, Any]
"""What was answered so far in a dialogue, in JSON; `PROMPT` besides."""

PROMPT: Final = "prompt"
"""The id of the message with the question that is open."""


@frozen
class Toast:
    """What a press is answered with: words that fade away, or a box to be closed.

    A handler of presses returns one, or nothing: the press is answered once, in one place.
    """

    text: str
    alert: bool = False


@frozen(kw_only=True)
class Turn:
    """*step* is the name of the question that was open when the update came, if one was."""

    actor: User
    voice: Voice
    screen: Screen
    step: str | None
    _dialogues: StoredDialogues
    _key: StorageKey

    def by(self, user: User) -> "Turn":
        """The same turn, of the person as they are now."""
        return evolve(self, actor=user, voice=Voice.for_user(user, self.voice.now))

    def anew(self) -> "Turn":
        """The same turn after its question was answered: what comes next is a new message."""
        return evolve(self, screen=evolve(self.screen, pressed=None), step=None)

    async def answers(self) -> Answers:
        return await self._dialogues.get_data(self._key)

    async def current_step(self) -> str | None:
        """The question that is open by now."""
        return await self._dialogues.get_state(self._key)

    async def ask(
        self, step: State | None, answers: Mapping[str, Any], text: str, buttons: Keyboard
    ) -> None:
        """Put a question, and keep the *answers* so far; the last question loses its buttons."""
        last = answers.get(PROMPT)
        prompt = await self.screen.show(text, buttons)
        await self._dialogues.put(self._key, step, {**answers, PROMPT: prompt})
        if last != prompt:
            await self.screen.take_buttons(last)

    async def keep(self, step: State | None, answers: Mapping[str, Any]) -> None:
        """Keep *answers* without a new question."""
        await self._dialogues.put(self._key, step, answers)

    async def forget(self) -> None:
        """The dialogue is over."""
        await self._dialogues.put(self._key, None, {})

    async def leave(self) -> None:
        """The dialogue is over, and its last question loses its buttons, unless it was pressed."""
        prompt = (await self.answers()).get(PROMPT)
        await self.forget()
        if prompt != self.screen.pressed:
            await self.screen.take_buttons(prompt)

    async def is_prompt_pressed(self) -> bool:
        """Whether the button that was pressed is under the question that is open."""
        return (await self.answers()).get(PROMPT) == self.screen.pressed
