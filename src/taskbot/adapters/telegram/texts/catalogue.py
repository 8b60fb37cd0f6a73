"""Translations: English is in the code, the other languages in gettext catalogues."""

import gettext
import io
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from taskbot.domain.user import Language

LOCALES: Final = Path(__file__).parent.parent / "locales"
DOMAIN: Final = "taskbot"


def mark(message: str) -> str:
    """*message* as it is: the name tells the extraction that it is to be translated."""
    return message


@cache
def translations(language: Language) -> gettext.NullTranslations:
    """The catalogue of *language*, compiled in memory: no build step, nothing to go stale."""
    if language is Language.ENGLISH:
        return gettext.NullTranslations()
    with (LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as source:
        catalogue = read_po(source, locale=language.value, domain=DOMAIN)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
