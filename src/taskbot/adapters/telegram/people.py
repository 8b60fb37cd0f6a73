"""Telegram's idea of a person, in ours."""

from aiogram.types import CallbackQuery, InlineQuery, Message, User

from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.ports import Clock
from taskbot.application.users import MeetUser
from taskbot.domain.text import single_line
from taskbot.domain.user import Language


def meeting(person: User) -> MeetUser:
    """What we learn about *person* from an update of theirs."""
    # With a name of nothing visible they would be a stranger each time.
    name = single_line(person.first_name) or single_line(person.full_name) or str(person.id)
    return MeetUser(telegram_id=person.id, name=name, language_tag=person.language_code)


def strangers_voice(event: Message | CallbackQuery | InlineQuery, clock: Clock) -> Voice:
    """How to speak to whoever sent *event*, before it is known who that is."""
    spoken = event.from_user.language_code if event.from_user else None
    return Voice(language=Language.guess(spoken), timezone="UTC", now=clock.now())
