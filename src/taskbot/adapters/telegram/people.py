"""Telegram's idea of a person, in ours."""

from aiogram.types import User

from taskbot.application.users import MeetUser
from taskbot.domain.text import single_line


def meeting(person: User) -> MeetUser:
    """What we learn about *person* from an update of theirs."""
    # With a name of nothing visible they would be a stranger each time.
    name = single_line(person.first_name) or single_line(person.full_name) or str(person.id)
    return MeetUser(telegram_id=person.id, name=name, language_tag=person.language_code)
