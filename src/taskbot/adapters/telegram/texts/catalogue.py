"""Translations: English is in the code, the other languages in gettext catalogues."""

import gettext
from functools import cache
from pathlib import Path
from typing import Final

from taskbot.adapters.message_catalogues import compiled
from taskbot.domain.user import Language

LOCALES: Final = Path(__file__).parent.parent / "locales"
DOMAIN: Final = "taskbot"


def mark(message: str) -> str:
    """*message* as it is: the name tells the extraction that it is to be translated."""
    return message


@cache
def translations(language: Language) -> gettext.NullTranslations:
    """The catalogue of *language*."""
    if language is Language.ENGLISH:
        return gettext.NullTranslations()
    return gettext.GNUTranslations(compiled(LOCALES, language, DOMAIN))
