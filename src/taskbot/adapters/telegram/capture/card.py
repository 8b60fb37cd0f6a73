"""The card of a task that has just been captured: what it may lack, and the way back."""

from taskbot.adapters.telegram.callbacks import AboutTask, CardAction, ListPage, NewDeadline
from taskbot.adapters.telegram.capture.callbacks import CaptureAction, Captured, OneAfterAll
from taskbot.adapters.telegram.deadline_choice import near_days
from taskbot.adapters.telegram.keyboards import Button, Keyboard, Row, button, keyboard
from taskbot.adapters.telegram.texts import buttons, capture as words, cards
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.adapters.telegram.turn import Turn
from taskbot.application.interface import Tasks
from taskbot.domain.ids import TaskId
from taskbot.domain.task import Task
from taskbot.domain.task_lines import titles_in


async def show_captured(
    turn: Turn, task_id: TaskId, tasks: Tasks, *, may_be_split: bool = True
) -> None:
    card = await tasks.card(task_id, actor=turn.actor.id)
    text = f"{turn.voice.say(words.CAPTURED)}\n\n{cards.card(turn.voice, card)}"
    await turn.screen.show(text, _buttons(turn.voice, card.task, may_be_split=may_be_split))


def _buttons(voice: Voice, task: Task, *, may_be_split: bool) -> Keyboard:
    def of(label: str, action: CardAction) -> Button:
        return button(label, AboutTask(action=action, id=task.id))

    days = near_days(
        voice, lambda choice: NewDeadline(id=task.id, choice=choice, version=task.version)
    )
    when = of(voice.label(words.WHEN), CardAction.RESCHEDULE)
    priority = of(f"🔴 {voice.label(buttons.PRIORITY)}", CardAction.EDIT_PRIORITY)
    category = of(f"🏷 {voice.label(buttons.CATEGORY)}", CardAction.EDIT_CATEGORY)
    undo = Captured(action=CaptureAction.UNDO, id=task.id, version=task.version)
    return keyboard(
        [*days, when],
        [priority, category],
        _split(voice, task) if may_be_split else [],
        [button(voice.label(words.UNDO), undo), _every(voice)],
    )


def _split(voice: Voice, task: Task) -> Row:
    lines = len(titles_in(f"{task.title}\n{task.description}"))
    if not lines:
        return []
    split = Captured(action=CaptureAction.SPLIT, id=task.id, version=task.version)
    return [button(words.split_into(voice, lines), split)]


async def show_parts(turn: Turn, tasks: list[Task], *, version: int) -> None:
    """Show what a task was split into when it was at *version*."""
    join = OneAfterAll(id=tasks[0].id, version=version, lines=len(tasks))
    back = button(turn.voice.label(words.ONE_AFTER_ALL), join)
    await turn.screen.show(words.parts(turn.voice, tasks), keyboard([back], [_every(turn.voice)]))


async def show_undone(turn: Turn, task: Task) -> None:
    await turn.screen.show(words.undone(turn.voice, task), keyboard([_every(turn.voice)]))


def _every(voice: Voice) -> Button:
    return button(voice.label(buttons.ALL_TASKS), ListPage())
