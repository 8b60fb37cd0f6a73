"""One message for all that is due at once, in which each task has a line and buttons."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message
from attrs import evolve

from taskbot.adapters.telegram.callbacks import DigestAction, InDigest
from taskbot.adapters.telegram.card import show_card
from taskbot.adapters.telegram.keyboards import Button, Keyboard, Row, button, keyboard
from taskbot.adapters.telegram.texts import cards, digests as words
from taskbot.adapters.telegram.texts.digests import Entry
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.interface import Tasks
from taskbot.domain.errors import NothingToUndo, TaskAlreadyCompleted, TaskNotCompleted
from taskbot.domain.ids import TaskId
from taskbot.domain.task import Task

_SNOOZE: Final = timedelta(hours=1)


def build_router() -> Router:
    router = Router(name="digest")
    pressed = router.callback_query.register
    pressed(complete, InDigest.filter(F.action == DigestAction.DONE))
    pressed(reopen, InDigest.filter(F.action == DigestAction.REOPEN))
    pressed(snooze, InDigest.filter(F.action == DigestAction.SNOOZE))
    pressed(open_card, InDigest.filter(F.action == DigestAction.OPEN))
    return router


def digest_buttons(voice: Voice, entries: Sequence[Entry]) -> Keyboard:
    """A row for each task, in their order: the message remembers by them what it is about."""
    return keyboard(
        *(_row(voice, number, entry.task) for number, entry in enumerate(entries, start=1))
    )


def _row(voice: Voice, number: int, task: Task) -> Row:
    def of(label: str, action: DigestAction) -> Button:
        return button(label, InDigest(action=action, id=task.id))

    opening = of(words.open_card(number), DigestAction.OPEN)
    if not task.is_open:
        return [of(words.reopen(number), DigestAction.REOPEN), opening]
    return [
        of(words.done(number), DigestAction.DONE),
        of(words.snooze(voice, number), DigestAction.SNOOZE),
        opening,
    ]


async def complete(
    query: CallbackQuery, callback_data: InDigest, turn: Turn, tasks: Tasks
) -> Toast:
    """A second press changes nothing, and shows what the first one did."""
    said = cards.WELL_DONE
    try:
        await tasks.complete(callback_data.task_id, actor=turn.actor.id)
    except TaskAlreadyCompleted:
        said = cards.DONE_ALREADY
    open_ones = await _show_again(query, callback_data.task_id, turn, tasks)
    if said is cards.WELL_DONE and not open_ones:
        said = words.EVERYTHING_DONE
    return Toast(turn.voice.label(said))


async def reopen(query: CallbackQuery, callback_data: InDigest, turn: Turn, tasks: Tasks) -> Toast:
    said = cards.REOPENED
    try:
        await _take_back(callback_data.task_id, turn, tasks)
    except TaskNotCompleted:
        said = cards.OPEN_ALREADY
    await _show_again(query, callback_data.task_id, turn, tasks)
    return Toast(turn.voice.label(said))


async def _take_back(task_id: TaskId, turn: Turn, tasks: Tasks) -> None:
    """Undo the completion, with all reminders; after other changes what is left is to reopen."""
    try:
        await tasks.undo(task_id, actor=turn.actor.id)
    except NothingToUndo:
        await tasks.reopen(task_id, actor=turn.actor.id)


async def snooze(query: CallbackQuery, callback_data: InDigest, turn: Turn, tasks: Tasks) -> Toast:
    until = turn.voice.now + _SNOOZE
    said = cards.snoozed(turn.voice, turn.voice.moment(until))
    try:
        await tasks.snooze(callback_data.task_id, until=until, actor=turn.actor.id)
    except TaskAlreadyCompleted:
        said = turn.voice.label(cards.DONE_ALREADY)
    await _show_again(query, callback_data.task_id, turn, tasks)
    return Toast(said)


async def open_card(_: CallbackQuery, callback_data: InDigest, turn: Turn, tasks: Tasks) -> None:
    """As a new message: this one is still needed for the others."""
    beside = evolve(turn, screen=evolve(turn.screen, pressed=None))
    await show_card(beside, callback_data.task_id, tasks)


async def _show_again(query: CallbackQuery, pressed: TaskId, turn: Turn, tasks: Tasks) -> int:
    """Show how things stand now; return how many of the tasks are open. Deleted ones are gone."""
    ids = _task_ids(query) or [pressed]
    known = {card.task.id: card for card in await tasks.cards(ids, actor=turn.actor.id)}
    entries = [
        Entry(known[task_id].task, snoozed_until=known[task_id].snoozed_until)
        for task_id in ids
        if task_id in known
    ]
    await turn.screen.show(words.digest(turn.voice, entries), digest_buttons(turn.voice, entries))
    return sum(entry.task.is_open for entry in entries)


def _task_ids(query: CallbackQuery) -> list[TaskId]:
    """What the pressed message is about; empty if it is too old to be seen."""
    message = query.message
    if not isinstance(message, Message) or message.reply_markup is None:
        return []
    rows = [row[0].callback_data for row in message.reply_markup.inline_keyboard if row]
    return [InDigest.unpack(data).task_id for data in rows if data]
