"""Going to live by other clocks: what it comes to is asked where it matters, then it is done."""

from typing import Final

from aiogram.types import CallbackQuery

from taskbot.adapters.telegram import deep_links
from taskbot.adapters.telegram.callbacks import CancelPlace, ListPage, Step, StepAction
from taskbot.adapters.telegram.keyboards import NO_KEYBOARD, Row, button, keyboard
from taskbot.adapters.telegram.settings import waiting
from taskbot.adapters.telegram.settings.callbacks import MoveTo
from taskbot.adapters.telegram.settings.screen import to_settings
from taskbot.adapters.telegram.texts import buttons, moving as words, settings, start
from taskbot.adapters.telegram.turn import Answers, Toast, Turn
from taskbot.application.interface import Categories, People, Tasks
from taskbot.application.moving import MovePreview, preview_move
from taskbot.domain.errors import UnknownTimezone
from taskbot.domain.moving import TimedDeadlines
from taskbot.domain.timezone import checked_timezone

_EXAMPLES: Final = 3


async def choose(
    zone: str,
    turn: Turn,
    users: People,
    tasks: Tasks,
    categories: Categories,
    *,
    is_guess: bool = False,
) -> None:
    """Move to *zone*, or ask first what becomes of moments. Raise `UnknownTimezone`.

    *is_guess*: it is only the one that was guessed, and it will do.
    """
    checked_timezone(zone)
    now = turn.voice.now
    preview = await preview_move(tasks, turn.actor, zone, now=now, examples=_EXAMPLES)
    if preview.total:
        await _ask(zone, preview, turn)
        return
    moment = TimedDeadlines.KEEP_MOMENT
    await _move(zone, moment, turn, users, tasks, categories, is_guess=is_guess)


async def _ask(zone: str, preview: MovePreview, turn: Turn) -> None:
    def way(label: str, timed: TimedDeadlines) -> Row:
        return [button(turn.voice.label(label), MoveTo(timezone=zone, timed=timed))]

    if waiting.is_waiting(turn):
        await waiting.stop_typing(turn)
    await turn.screen.show(
        words.ask(turn.voice, zone, preview),
        keyboard(
            way(buttons.KEEP_CLOCK, TimedDeadlines.KEEP_CLOCK),
            way(buttons.KEEP_MOMENT, TimedDeadlines.KEEP_MOMENT),
            [button(turn.voice.label(buttons.CANCEL), CancelPlace())],
        ),
    )


async def move(
    _: CallbackQuery,
    callback_data: MoveTo,
    turn: Turn,
    users: People,
    tasks: Tasks,
    categories: Categories,
) -> Toast | None:
    zone, timed = callback_data.timezone, callback_data.timed
    try:
        await _move(zone, timed, turn, users, tasks, categories)
    except UnknownTimezone:
        return Toast(turn.voice.label(settings.UNKNOWN_ZONE), alert=True)
    return None


async def _move(
    zone: str,
    timed: TimedDeadlines,
    turn: Turn,
    users: People,
    tasks: Tasks,
    categories: Categories,
    *,
    is_guess: bool = False,
) -> None:
    is_first = not turn.actor.timezone_chosen
    answers = await turn.answers() if waiting.may_type(turn) else {}
    moved = turn.by(await users.move_to(zone, timed=timed, actor=turn.actor.id))
    if answers.keys() & {waiting.KEYBOARD, waiting.PAYLOAD} and turn.step is None:
        await turn.forget()
    await waiting.leave(turn)
    if is_first:
        said = start.guess_kept(moved.voice) if is_guess else settings.now_is(moved.voice)
        await _say_first(moved, said, answers, tasks, categories)
        return
    said = words.moved(moved.voice, timed, has_moved=zone != turn.actor.timezone)
    if answers.get(waiting.KEYBOARD):
        await _put_keyboard_away(moved, said)
    else:
        every = button(moved.voice.label(buttons.ALL_TASKS), ListPage())
        await moved.screen.show(said, keyboard([to_settings(moved.voice), every]))


async def _put_keyboard_away(turn: Turn, said: str) -> None:
    """A message either takes the keyboard away or has buttons."""
    await turn.screen.take_buttons(turn.screen.pressed)
    await turn.screen.say(said, NO_KEYBOARD)


async def _say_first(
    turn: Turn, said: str, answers: Answers, tasks: Tasks, categories: Categories
) -> None:
    """What the person came for, or their first task, or how their tasks stand."""
    payload = answers.get(waiting.PAYLOAD, "")
    if answers.get(waiting.KEYBOARD):
        await _put_keyboard_away(turn, said)
        turn, said = turn.anew(), ""
    if deep_links.leads_somewhere(payload):
        if said:
            await turn.screen.show(said)
        await deep_links.follow(payload, turn.anew(), tasks, categories)
        return
    counts = await tasks.counts(actor=turn.actor.id, timezone=turn.actor.timezone)
    row = [button(turn.voice.label(buttons.NEW_TASK), Step(action=StepAction.START))]
    if counts.open:
        row = [button(turn.voice.label(buttons.ALL_TASKS), ListPage()), *row]
        then = start.how_it_stands(turn.voice, counts)
    else:
        then = turn.voice.say(start.FIRST_TASK)
    await turn.screen.show("\n\n".join(filter(None, [said, then])), keyboard(row))
