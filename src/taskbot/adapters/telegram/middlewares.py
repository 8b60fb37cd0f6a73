"""What happens around every update, from the outside to the inside."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from aiogram import BaseMiddleware, Bot
from aiogram.enums import ChatType
from aiogram.exceptions import TelegramAPIError
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, InlineQuery, Message, TelegramObject, Update
from attrs import define, field, frozen

from taskbot.adapters.telegram import inline
from taskbot.adapters.telegram.card import show_card, show_gone
from taskbot.adapters.telegram.failures import new_code, words_for
from taskbot.adapters.telegram.filters import is_command
from taskbot.adapters.telegram.journal import Handler, Outcome, entry_in
from taskbot.adapters.telegram.people import meeting, strangers_voice
from taskbot.adapters.telegram.screens import Screen, patiently
from taskbot.adapters.telegram.storage import StoredDialogues
from taskbot.adapters.telegram.texts import cards, start
from taskbot.adapters.telegram.texts.html import escaped, shortened
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.interface import People, Tasks
from taskbot.application.ports import UPDATE_KEPT, Clock, StorageUnavailable, UpdateLog
from taskbot.domain.errors import DomainError, StaleTask, TaskNotFound

_log = logging.getLogger(__name__)

_LONGEST_SECONDS: Final = 22.0
"""After so long an update is given up: a little more than one waits for the others of a person."""
MAY_STILL_BE_AT_WORK: Final = timedelta(seconds=40)
"""After so long an update was cut short: more than it may take, and than clocks differ."""
_REMEMBERED: Final = 1000
_BETWEEN_CLEANINGS: Final = timedelta(hours=1)
_TOAST_LIMIT: Final = 200  # Bot API, answerCallbackQuery


class InOtherHands(Exception):
    """Another process may still be at work on the update: it is to come again later."""


@define
class OnceOnly(BaseMiddleware):
    """The same update delivered twice has one effect.

    Whatever went wrong is told to the person, so that the update is finished all the same. One
    that is cut short is not: it is handled when it comes again. With several readers one that is
    neither finished nor surely cut short raises `InOtherHands`: who has it in hand may be dying.
    """

    _updates: UpdateLog
    _clock: Clock
    _is_only_reader: bool = field(kw_only=True)
    _in_hand: set[int] = field(init=False, factory=set)
    _handled_here: deque[int] = field(init=False, factory=lambda: deque(maxlen=_REMEMBERED))
    _all_later_are_new: int | None = field(init=False, default=None)
    _cleaned_at: datetime = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._cleaned_at = self._clock.now()

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if not isinstance(event, Update):
            return await handler(event, data)
        is_new = event.update_id not in self._in_hand and await self._is_new(event)
        if not is_new:
            if not (self._is_only_reader or await self._is_finished(event)):
                entry_in(data).ends(Outcome.IN_OTHER_HANDS)
                raise InOtherHands
            entry_in(data).ends(Outcome.HANDLED_BEFORE)
            return None
        self._in_hand.add(event.update_id)
        try:
            return await self._handle(handler, event, data)
        finally:
            self._in_hand.discard(event.update_id)

    async def _is_new(self, update: Update) -> bool:
        """Whether to handle it. The only reader knows what it has in hand, and need not tell."""
        now = self._clock.now()
        cut_short_before = now - MAY_STILL_BE_AT_WORK
        try:
            if self._is_only_reader:
                return not await self._was_finished(update.update_id)
            return await self._updates.begin(
                update.update_id, now=now, cut_short_before=cut_short_before
            )
        except StorageUnavailable:
            return True  # whatever it asks for will be refused, and the person be told

    async def _was_finished(self, update_id: int) -> bool:
        """What the processes before handled is looked up, what this one did is remembered."""
        if self._all_later_are_new is None:
            self._all_later_are_new = await self._updates.last_finished()
        last = self._all_later_are_new
        if last is not None and update_id > last:
            return update_id in self._handled_here
        return await self._updates.is_finished(update_id)

    def _remember(self, update_id: int) -> None:
        if len(self._handled_here) == _REMEMBERED and self._all_later_are_new is not None:
            self._all_later_are_new = max(self._all_later_are_new, self._handled_here[0])
        self._handled_here.append(update_id)

    async def _is_finished(self, update: Update) -> bool:
        try:
            return await self._updates.is_finished(update.update_id)
        except StorageUnavailable:
            return False  # it comes again

    async def _handle(self, handler: Handler, update: Update, data: dict[str, Any]) -> Any:
        try:
            result = await handler(update, data)
        except Exception:
            await self._finish(update)
            raise
        except BaseException:
            if not self._is_only_reader:
                with contextlib.suppress(StorageUnavailable):  # then it counts as cut short
                    await self._updates.abandon(update.update_id)
            raise
        await self._finish(update)
        return result

    async def _finish(self, update: Update) -> None:
        now = self._clock.now()
        self._remember(update.update_id)
        try:
            await self._updates.finish(update.update_id, now=now)
            if now - self._cleaned_at >= _BETWEEN_CLEANINGS:
                self._cleaned_at = now
                await self._updates.forget_before(now - UPDATE_KEPT)
        except StorageUnavailable:
            _log.warning("update %s was handled, which could not be noted", update.update_id)


class PressesAreAnswered(BaseMiddleware):
    """Clients show a progress bar until a press is answered: each one is, once.

    With the `Toast` that the handler returns, or without words.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        result = await handler(event, data)
        if isinstance(event, CallbackQuery):
            toast = result if isinstance(result, Toast) else Toast("")
            text = shortened(toast.text, _TOAST_LIMIT) or None
            try:
                await patiently(lambda: event.answer(text, show_alert=toast.alert or None))
            except TelegramAPIError as error:
                # Too old a press, for one: its progress bar is gone long since.
                _log.info("a press could not be answered: %s", type(error).__name__)
        return result


@frozen
class PrivateChatsOnly(BaseMiddleware):
    """Tasks are between the bot and one person: in a group a command gets a hint, the rest none."""

    _clock: Clock

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if not isinstance(event, Message | CallbackQuery):
            return await handler(event, data)
        message = event if isinstance(event, Message) else event.message
        if event.from_user is None or event.from_user.is_bot:
            return None
        if message is None or message.chat.type == ChatType.PRIVATE:
            return await handler(event, data)
        entry_in(data).ends(Outcome.NOT_IN_PRIVATE)
        hint = strangers_voice(event, self._clock).label(start.PRIVATE_ONLY)
        if isinstance(event, CallbackQuery):
            return Toast(hint, alert=True)
        if is_command(event):
            await patiently(lambda: event.reply(hint, parse_mode=None))
        return None


@frozen
class Troubles(BaseMiddleware):
    """Whatever goes wrong inside, the person is told, in their language if it is known yet."""

    _clock: Clock

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                return await handler(event, data)
        except Exception as error:
            if not isinstance(event, Message | CallbackQuery | InlineQuery):
                raise
            code = new_code()
            _note(error, code, data)
            return await self._tell(error, code, event, data)

    async def _tell(
        self,
        error: Exception,
        code: str,
        event: Message | CallbackQuery | InlineQuery,
        data: dict[str, Any],
    ) -> Toast | None:
        turn: Turn | None = data.get("turn")
        voice = turn.voice if turn else strangers_voice(event, self._clock)
        if isinstance(event, InlineQuery):
            with _told():
                await inline.decline(event, voice)
            return None
        text = words_for(voice, error, code)
        if isinstance(event, CallbackQuery):
            if turn:
                text = await _shown_as_it_is(turn, error, data["tasks"]) or text
            return Toast(text, alert=True)
        with _told():
            await _screen(event, data).say(escaped(text))
        return None


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except TelegramAPIError as second:
        _log.warning("the trouble could not be told: %s", type(second).__name__)


async def _shown_as_it_is(turn: Turn, error: Exception, tasks: Tasks) -> str | None:
    """Bring a message up to date that shows a task as it no longer is; what to say of it, if so."""
    try:
        match error:
            case TaskNotFound(task_id=task_id):
                await show_gone(turn, task_id, tasks)
            case StaleTask(task_id=task_id):
                await show_card(turn, task_id, tasks)
                return turn.voice.label(cards.CHANGED_SINCE)
    except (TelegramAPIError, DomainError, StorageUnavailable) as second:
        _log.info("an outdated message could not be renewed: %s", type(second).__name__)
    return None


def _note(error: Exception, code: str, data: dict[str, Any]) -> None:
    entry, update_id = entry_in(data), data["event_update"].update_id
    match error:
        case DomainError():
            entry.ends(Outcome.REFUSED, error.code)
        case StorageUnavailable():
            entry.ends(Outcome.STORAGE_AWAY)
            _log.error("update %s: the storage is away", update_id)
        case _:
            entry.ends(Outcome.FAILED, f"code {code}")
            _log.error("update %s failed, code %s", update_id, code, exc_info=error)


@frozen
class Turns(BaseMiddleware):
    """Finds or registers the person, and gives the handlers their `turn`."""

    _users: People
    _clock: Clock
    _dialogues: StoredDialogues

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        if not isinstance(event, Message | CallbackQuery) or event.from_user is None:
            return await handler(event, data)
        actor = (await self._users.meet(meeting(event.from_user))).user
        context: FSMContext = data["state"]
        entry_in(data).who = actor.id
        data["turn"] = Turn(
            actor=actor,
            voice=Voice.for_user(actor, self._clock.now()),
            screen=_screen(event, data),
            step=data["raw_state"],
            dialogues=self._dialogues,
            key=context.key,
        )
        return await handler(event, data)


def _screen(event: Message | CallbackQuery, data: dict[str, Any]) -> Screen:
    bot: Bot = data["bot"]
    if isinstance(event, Message):
        return Screen(bot, event.chat.id)
    pressed = event.message.message_id if event.message else None
    return Screen(bot, event.from_user.id, pressed)
