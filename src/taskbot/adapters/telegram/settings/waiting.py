"""Questions of the settings that may be answered by typing, and what is kept meanwhile."""

from collections.abc import Mapping
from typing import Any, Final

from aiogram.fsm.state import State, StatesGroup

from taskbot.adapters.telegram.keyboards import Row, keyboard
from taskbot.adapters.telegram.turn import PROMPT, Answers, Turn


class PlaceForm(StatesGroup):
    """*first*: the very first question, which is put by /start."""

    place = State()
    first = State()


class SettingsForm(StatesGroup):
    lead_time = State()
    day_start = State()


PAYLOAD: Final = "payload"
"""What the deep link was about by which a new person came."""
KEYBOARD: Final = "keyboard"
"""Whether the keyboard with which a location is sent is shown."""
UNPLACED: Final = "unplaced"
"""What was written and is no place that we know."""
_KEPT: Final = (PAYLOAD, KEYBOARD)
NO_ANSWERS: Final[Mapping[str, Any]] = {}


def is_waiting(turn: Turn) -> bool:
    return is_waiting_for_place(turn) or _is_one_of(SettingsForm, turn)


def is_waiting_for_place(turn: Turn) -> bool:
    return _is_one_of(PlaceForm, turn)


def may_type(turn: Turn) -> bool:
    """No other dialogue is open that would be lost by waiting for an answer."""
    return turn.step is None or is_waiting(turn)


def _is_one_of(form: type[StatesGroup], turn: Turn) -> bool:
    return any(state.state == turn.step for state in form.__all_states__)


async def ask(
    turn: Turn,
    step: State,
    text: str,
    rows: list[Row],
    answers: Mapping[str, Any] = NO_ANSWERS,
) -> None:
    """Show *text* and *rows*, and wait for a typed answer, too, where that costs no dialogue.

    *answers*: what to keep until then.
    """
    if not may_type(turn):
        await turn.screen.show(text, keyboard(*rows))
        return
    kept = _kept(turn, await turn.answers())
    await turn.ask(step, {**kept, **answers}, text, keyboard(*rows))


def _kept(turn: Turn, answers: Answers) -> Answers:
    kept = _KEPT if is_waiting_for_place(turn) else ()
    return {name: answers[name] for name in (*kept, PROMPT) if name in answers}


async def leave(turn: Turn) -> None:
    """Stop waiting; the dialogue of somebody else stays open."""
    if is_waiting(turn):
        await turn.leave()


async def stop_typing(turn: Turn) -> None:
    """Take the next text for what it is: the buttons work all the same, and nothing is lost."""
    answers = await turn.answers()
    await turn.keep(None, {name: answers[name] for name in _KEPT if name in answers})
