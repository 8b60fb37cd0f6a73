"""What is due today, what comes later, what is overdue: each under its tab."""

from typing import assert_never

from aiogram.types import CallbackQuery, Message
from attrs import evolve

from taskbot.adapters.telegram.callbacks import ListPage, Step, StepAction
from taskbot.adapters.telegram.keyboards import Row, button, in_rows_of, keyboard
from taskbot.adapters.telegram.listing.callbacks import AskCategory, AskWords, TabPage, unpacked
from taskbot.adapters.telegram.listing.pages import every_task, page_at, task_rows, turns
from taskbot.adapters.telegram.texts import buttons, finding, lists as words
from taskbot.adapters.telegram.texts.lists import Tab
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.adapters.telegram.turn import Turn
from taskbot.application.interface import Tasks
from taskbot.application.ports import TaskCounts, TaskOrder, TaskPosition
from taskbot.application.task_commands import DuePeriod, ListTasks
from taskbot.domain.task import TaskStatus


async def list_tasks(_: Message, turn: Turn, tasks: Tasks) -> None:
    await show_tab(turn, Tab.ALL, tasks)


async def turn_page(_: CallbackQuery, callback_data: TabPage, turn: Turn, tasks: Tasks) -> None:
    place, backwards = unpacked(callback_data.place), callback_data.backwards
    await show_tab(turn, callback_data.tab, tasks, place=place, backwards=backwards)


async def turn_old_page(
    _: CallbackQuery, callback_data: ListPage, turn: Turn, tasks: Tasks
) -> None:
    """Of a message from before there were tabs; and whatever leads back to all tasks."""
    try:
        place = callback_data.position
    except OverflowError:  # only a forged button carries it
        place = None
    await show_tab(turn, Tab.ALL, tasks, place=place, backwards=callback_data.backwards)


async def show_tab(
    turn: Turn,
    tab: Tab,
    tasks: Tasks,
    *,
    place: TaskPosition | None = None,
    backwards: bool = False,
) -> None:
    page = await page_at(_under(tab, turn), place, backwards=backwards, tasks=tasks)
    counts = await tasks.counts(actor=turn.actor.id, timezone=turn.actor.timezone)
    voice = turn.voice
    ways = _ways(voice, tab, counts)
    if page.items:
        rows = task_rows(voice, page, under=tab)
        around = turns(voice, page, lambda back, at: TabPage(tab=tab, backwards=back, place=at))
        await turn.screen.show(words.tab_text(voice, tab, counts), keyboard(*rows, around, *ways))
    else:
        new = button(voice.label(buttons.NEW_TASK), Step(action=StepAction.START))
        await turn.screen.show(words.empty_tab(voice, tab, counts), keyboard([new], *ways))


def _under(tab: Tab, turn: Turn) -> ListTasks:
    is_open = evolve(every_task(turn), status=TaskStatus.OPEN)
    match tab:
        case Tab.TODAY:
            return evolve(is_open, due=DuePeriod.TODAY)
        case Tab.UPCOMING:
            return evolve(is_open, due=DuePeriod.UPCOMING)
        case Tab.OVERDUE:
            return evolve(is_open, overdue=True)
        case Tab.ALL:
            return is_open
        case Tab.NO_DEADLINE:
            return evolve(is_open, has_deadline=False)
        case Tab.DONE:
            return evolve(
                every_task(turn),
                status=TaskStatus.COMPLETED,
                order=TaskOrder.COMPLETED,
                descending=True,
            )
        case _:
            assert_never(tab)


def _ways(voice: Voice, shown: Tab, counts: TaskCounts) -> list[Row]:
    """At the bottom, where they stay in their place while the list above them changes."""
    tabs = [
        button(words.tab(voice, one, counts, is_shown=one is shown), TabPage(tab=one))
        for one in Tab
    ]
    others = [
        button(voice.label(words.BY_CATEGORY), AskCategory()),
        button(voice.label(finding.FIND), AskWords()),
    ]
    return [*in_rows_of(3, tabs), others]
