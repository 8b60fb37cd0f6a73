"""Messages outside of any dialogue, and the buttons under the tasks that they become."""

from typing import Final

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message

from taskbot.adapters.telegram.capture.callbacks import CaptureAction, Captured, OneAfterAll
from taskbot.adapters.telegram.capture.card import show_captured, show_parts, show_undone
from taskbot.adapters.telegram.capture.drafts import Draft, draft_of, key_of
from taskbot.adapters.telegram.capture.sources import kind_of
from taskbot.adapters.telegram.card import show_card
from taskbot.adapters.telegram.filters import NoText, PlainText
from taskbot.adapters.telegram.storage import UNREADABLE
from taskbot.adapters.telegram.texts import capture as words, trouble
from taskbot.adapters.telegram.turn import Toast, Turn
from taskbot.application.interface import Tasks
from taskbot.application.ports import StorageUnavailable
from taskbot.application.task_commands import CreateTask
from taskbot.domain.errors import BlankTitle, Conflict, TaskNotFound
from taskbot.domain.ids import TaskId
from taskbot.domain.task_lines import LINES_LIMIT, part_id

_ALBUM: Final = "album"
"""Under this name it is kept which album was answered last: its pictures come one by one."""


def build_router() -> Router:
    """To be asked after those with dialogues: what nobody waits for is a new task."""
    router = Router(name="capture")
    router.message.register(take, PlainText())
    router.message.register(take_wordless, NoText())
    pressed = router.callback_query.register
    pressed(undo, Captured.filter(F.action == CaptureAction.UNDO))
    pressed(split, Captured.filter(F.action == CaptureAction.SPLIT))
    pressed(join, OneAfterAll.filter())
    return router


async def take(message: Message, turn: Turn, tasks: Tasks, bot: Bot) -> None:
    _require_no_question(turn)
    draft = draft_of(message, turn.voice)
    if draft is None:
        raise BlankTitle
    await _capture(message, draft, turn, tasks, bot)


async def take_wordless(message: Message, turn: Turn, tasks: Tasks, bot: Bot) -> None:
    """Of a file the caption is taken; of an album without one no more than once."""
    _require_no_question(turn)
    album, answers = message.media_group_id, await turn.answers()
    if album is not None and album == answers.get(_ALBUM) and not message.caption:
        return
    draft = draft_of(message, turn.voice)
    if draft is not None:
        await _capture(message, draft, turn, tasks, bot)
    else:
        is_file = kind_of(message) is not None
        await turn.screen.say(turn.voice.say(words.NO_FILES if is_file else trouble.ONLY_TEXT))
    if album is not None:
        await turn.keep(None, {**answers, _ALBUM: album})


def _require_no_question(turn: Turn) -> None:
    """An answer to a question that cannot be read just now must not become a task."""
    if turn.step == UNREADABLE:
        raise StorageUnavailable("it is not known whether a question is open")


async def _capture(message: Message, draft: Draft, turn: Turn, tasks: Tasks, bot: Bot) -> None:
    view = await tasks.create(
        CreateTask(
            actor=turn.actor.id,
            title=draft.title,
            description=draft.description,
            key=key_of(message, bot.id),
        )
    )
    is_own = message.forward_origin is None  # else the first line is about where it is from
    await show_captured(turn, view.task.id, tasks, may_be_split=is_own)


async def undo(_: CallbackQuery, callback_data: Captured, turn: Turn, tasks: Tasks) -> Toast | None:
    """Delete what was made a moment ago; what has been worked on since is only shown."""
    task = (await tasks.get(callback_data.task_id, actor=turn.actor.id)).task
    if task.version != callback_data.version:
        return await _show_changed(turn, task.id, tasks)
    await tasks.delete(task.id, actor=turn.actor.id)
    await show_undone(turn, task)
    return None


async def split(
    _: CallbackQuery, callback_data: Captured, turn: Turn, tasks: Tasks
) -> Toast | None:
    task_id, version = callback_data.task_id, callback_data.version
    try:
        views = await tasks.split(task_id, version=version, actor=turn.actor.id)
    except Conflict:
        return await _show_changed(turn, task_id, tasks)
    await show_parts(turn, [view.task for view in views], version=version)
    return None


async def join(
    _: CallbackQuery, callback_data: OneAfterAll, turn: Turn, tasks: Tasks
) -> Toast | None:
    task_id, version = callback_data.task_id, callback_data.version
    numbers = range(1, min(callback_data.lines, LINES_LIMIT))
    others = [part_id(task_id, version, number) for number in numbers]
    try:
        await tasks.join(task_id, others, version=version + 1, actor=turn.actor.id)
    except (Conflict, TaskNotFound):
        return await _show_changed(turn, task_id, tasks)
    await show_captured(turn, task_id, tasks)
    return None


async def _show_changed(turn: Turn, task_id: TaskId, tasks: Tasks) -> Toast:
    await show_card(turn, task_id, tasks)
    return Toast(turn.voice.label(words.CHANGED_SINCE))
