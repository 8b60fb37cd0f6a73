"""When to be reminded again."""

from datetime import datetime, time, timedelta
from typing import Final

from taskbot.adapters.telegram.callbacks import SnoozeFor
from taskbot.adapters.telegram.keyboards import Button, Row, button
from taskbot.adapters.telegram.texts import buttons
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain.ids import TaskId
from taskbot.domain.timezone import moment_of
from taskbot.domain.user import User

TOMORROW: Final = 0
"""The number of minutes that stands for: tomorrow, at the start of the day."""
EVENING: Final = -1
"""As well: today, at `EVENING_CLOCK`."""
OTHER: Final = -2
"""As well: ask for a moment, see `reminding.moments`."""
EVENING_CLOCK: Final = time(18)


def snooze_rows(voice: Voice, task_id: TaskId, owner: User, *, on_reminder: bool) -> list[Row]:
    """The choices; *on_reminder*: the buttons stand under a reminder, not under a card."""

    def of(minutes: int, label: str) -> Button:
        return button(label, SnoozeFor(id=task_id, minutes=minutes, on_reminder=on_reminder))

    day_start = voice.clock(owner.preferences.day_start)
    later = [of(TOMORROW, buttons.snooze_until_tomorrow(voice, day_start))]
    if _evening(voice) > voice.now:
        evening = buttons.snooze_until_evening(voice, voice.clock(EVENING_CLOCK))
        later.insert(0, of(EVENING, evening))
    return [
        [
            of(10, voice.label(buttons.SNOOZE_10_MINUTES)),
            of(60, voice.label(buttons.SNOOZE_1_HOUR)),
        ],
        later,
        [of(OTHER, voice.label(buttons.SNOOZE_OTHER))],
    ]


def _evening(voice: Voice) -> datetime:
    return moment_of(voice.today, EVENING_CLOCK, voice.timezone)


def snoozed_until(minutes: int, voice: Voice, owner: User) -> datetime:
    """The moment (UTC) that a button means when it is pressed now; it may be over.

    Raise `OverflowError` for what only a forged button carries.
    """
    if minutes == TOMORROW:
        tomorrow = voice.today + timedelta(days=1)
        return moment_of(tomorrow, owner.preferences.day_start, owner.timezone)
    if minutes == EVENING:
        return _evening(voice)
    return voice.now + timedelta(minutes=minutes)
