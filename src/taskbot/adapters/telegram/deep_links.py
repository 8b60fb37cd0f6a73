"""Deep links: what `t.me/<bot>?start=<payload>` leads to (Bot API, Deep linking)."""

from typing import Final

from ulid import ULID

from taskbot.adapters.telegram import listing
from taskbot.adapters.telegram.callbacks import ListPage
from taskbot.adapters.telegram.card import show_card
from taskbot.adapters.telegram.create import begin
from taskbot.adapters.telegram.keyboards import button, keyboard
from taskbot.adapters.telegram.settings.screen import show_settings
from taskbot.adapters.telegram.texts import buttons, cards
from taskbot.adapters.telegram.turn import Turn
from taskbot.application.interface import Categories, Tasks
from taskbot.domain.errors import TaskNotFound
from taskbot.domain.ids import TaskId

NEW: Final = "new"
TASKS: Final = "tasks"
SETTINGS: Final = "settings"
_TASK: Final = "task_"
_PAGES: Final = frozenset({NEW, TASKS, SETTINGS})


def leads_somewhere(payload: str) -> bool:
    return payload in _PAGES or _task_in(payload) is not None


def _task_in(payload: str) -> TaskId | None:
    if not payload.startswith(_TASK):
        return None
    try:
        return TaskId(ULID.from_str(payload.removeprefix(_TASK)))
    except ValueError:
        return None


async def follow(payload: str, turn: Turn, tasks: Tasks, categories: Categories) -> bool:
    """Show what *payload* is about; False if that is nothing that we know."""
    if payload == NEW:
        await begin.begin(turn, categories)
    elif payload == TASKS:
        await listing.show_tab(turn, listing.Tab.ALL, tasks)
    elif payload == SETTINGS:
        await show_settings(turn)
    elif (task_id := _task_in(payload)) is not None:
        await _show_task(task_id, turn, tasks)
    else:
        return False
    return True


async def _show_task(task_id: TaskId, turn: Turn, tasks: Tasks) -> None:
    try:
        await show_card(turn, task_id, tasks)
    except TaskNotFound:
        every = button(turn.voice.label(buttons.ALL_TASKS), ListPage())
        await turn.screen.show(cards.gone(turn.voice), keyboard([every]))
