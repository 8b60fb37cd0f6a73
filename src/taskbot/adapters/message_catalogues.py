"""Gettext catalogues, compiled in memory: no build step, nothing to go stale."""

import io
from pathlib import Path
from typing import BinaryIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from taskbot.domain.user import Language


def compiled(locales: Path, language: Language, domain: str) -> BinaryIO:
    """What a `.mo` file of *domain* would have, from the `.po` file beneath *locales*."""
    with (locales / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as source:
        catalogue = read_po(source, locale=language.value, domain=domain)
    made = io.BytesIO()
    write_mo(made, catalogue)
    made.seek(0)
    return made
