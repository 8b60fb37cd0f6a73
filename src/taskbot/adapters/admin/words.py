"""The panel's own words: English in the code, the other languages in gettext catalogues.

They join the library's, so that its templates and ours ask in one place.
"""

from datetime import timedelta
from pathlib import Path
from typing import Final

from babel.numbers import format_decimal
from babel.support import Translations
from babel.units import format_unit
from starlette_admin import i18n

from taskbot.adapters.message_catalogues import compiled
from taskbot.domain.user import Language

LOCALES: Final = Path(__file__).parent / "locales"
DOMAIN: Final = "panel"


def mark(message: str) -> str:
    """*message* in the language of whoever reads it, once it is read."""
    return i18n.lazy_gettext(message)


def say(message: str, **values: object) -> str:
    """*message* in the language of this request, with *values* filled in."""
    return i18n.gettext(message) % values


def plural(one: str, many: str, number: int) -> str:
    return i18n.ngettext(one, many, number) % {"count": number}


def duration(span: timedelta) -> str:
    """*span* to the second, as short as the language has it: "1 hr 30 min"; nothing is "0 min"."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = {"day": days, "hour": hours, "minute": minutes, "second": seconds}
    said = [
        format_unit(number, f"duration-{unit}", length="short", locale=i18n.get_locale())
        for unit, number in parts.items()
        if number
    ]
    return " ".join(said) or format_unit(0, "duration-minute", "short", locale=i18n.get_locale())


def grouped(number: int) -> str:
    """*number* with its thousands apart."""
    return format_decimal(number, locale=i18n.get_locale())


def learn() -> None:
    """Add our catalogues to the library's."""
    for language in Language:
        if language is not Language.ENGLISH:
            known = i18n.translations[language.value]
            if isinstance(known, Translations):
                mine = compiled(LOCALES, language, DOMAIN)
                known.merge(Translations(mine, domain=DOMAIN))
