"""What differs between languages besides their words: one entry for each.

`docs/how-to/adding-a-language.md` says what else a new one needs.
"""

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from taskbot.domain.user import Language


@frozen(kw_only=True)
class Manner:
    """How dates are written, and where those who speak the language mostly live.

    *name*: in its own words, for who is lost in a wrong language must find the way out. *locale*:
    of CLDR, for names of days and months. The dates are CLDR's patterns: its own skeletons give
    abbreviated months in Russian, good for buttons only.
    """

    name: str
    locale: str
    day: str
    day_of_another_year: str
    short_day: str
    short_day_of_another_year: str
    weekday: str
    month: str
    stamp: str
    likely_zones: tuple[str, ...]


MANNERS: Final[Mapping[Language, Manner]] = {
    Language.ENGLISH: Manner(
        name="🇬🇧 English",
        locale="en_GB",
        day="EEE d MMMM",
        day_of_another_year="EEE d MMMM y",
        short_day="EEE d MMM",
        short_day_of_another_year="d MMM y",
        weekday="EEE d",
        month="LLLL y",
        stamp="d MMM",
        likely_zones=(
            "Europe/London", "Europe/Berlin", "Europe/Athens", "Europe/Moscow",
            "Asia/Dubai", "Asia/Kolkata", "Asia/Singapore", "Australia/Sydney",
            "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
        ),
    ),
    Language.RUSSIAN: Manner(
        name="🇷🇺 Русский",
        locale="ru",
        day="EEE, d MMMM",
        day_of_another_year="EEE, d MMMM y",
        short_day="EEE d MMM",
        short_day_of_another_year="d MMM y",
        weekday="EEE d",
        month="LLLL y",
        stamp="d MMM",
        likely_zones=(
            "Europe/Kaliningrad", "Europe/Moscow", "Europe/Minsk", "Europe/Samara",
            "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Novosibirsk", "Asia/Krasnoyarsk",
            "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Almaty",
        ),
    ),
}  # fmt: skip
