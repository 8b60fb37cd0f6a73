"""Every word of the panel in every language: of the code, of our templates, and of the library."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from starlette_admin import i18n

from taskbot.adapters import admin
from taskbot.adapters.admin import words
from taskbot.domain.user import Language

SOURCES = Path(admin.__file__).parent
SAID: dict[str, tuple[int, ...] | None] = {
    "mark": None,
    "say": None,
    "_marked": None,
    "plural": (1, 2),
}
WRITTEN: dict[str, tuple[int, ...] | None] = {"_": None, "ngettext": (1, 2)}
OTHERS = [language for language in Language if language is not Language.ENGLISH]
_PLACEHOLDER = re.compile(r"%\((\w+)\)\w")
_TYPED = re.compile(r"`[^`]*`|TASKBOT_[A-Z_]+|Europe/\w+")
"""What is the same in every language: commands, settings, names of zones."""
_ENGLISH = re.compile(r"[A-Za-z]{3,}")
Key = str | tuple[str, ...]


def said() -> Iterator[Key]:
    """What the code and our own templates say."""
    in_code = extract_from_dir(SOURCES, method_map=[("**.py", "python")], keywords=SAID)
    in_templates = extract_from_dir(
        SOURCES / "templates",
        method_map=[("**.html", "jinja2.ext.babel_extract")],
        keywords=WRITTEN,
    )
    for found in (in_code, in_templates):
        # A word in a variable is extracted where it is marked: here it shows as nothing.
        yield from (text for _, _, text, _, _ in found if text and all(text))


def the_catalogue(language: Language) -> Catalog:
    path = words.LOCALES / language / "LC_MESSAGES" / f"{words.DOMAIN}.po"
    with path.open("rb") as source:
        return read_po(source, locale=language.value)


def translated(language: Language) -> dict[Key, Message]:
    return {
        tuple(message.id) if isinstance(message.id, list | tuple) else message.id: message
        for message in the_catalogue(language)
        if message.id
    }


def versions(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple) else [str(message.string)]


def of_the_library(language: Language) -> set[str]:
    """The messages of the library itself, which it translates."""
    folder = Path(i18n.__file__).parent / "translations"
    with (folder / language.value / "LC_MESSAGES" / "admin.po").open("rb") as source:
        catalogue = read_po(source, locale=language.value)
    return {str(message.id) for message in catalogue if message.id and message.string}


@pytest.mark.parametrize("language", OTHERS)
def test_everything_that_is_said_is_translated(language: Language) -> None:
    kept, known = translated(language), of_the_library(language)

    missing = [key for key in said() if key not in kept and key not in known]
    assert missing == []
    assert [message.id for message in kept.values() if not all(versions(message))] == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_left_over_or_fuzzy(language: Language) -> None:
    kept = translated(language)

    assert kept.keys() - set(said()) - of_the_library(language) == set()
    assert [message.id for message in kept.values() if message.fuzzy] == []
    assert not the_catalogue(language).obsolete


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_placeholders(language: Language) -> None:
    for message in translated(language).values():
        original = message.id[0] if isinstance(message.id, tuple | list) else message.id
        for version in versions(message):
            wanted = sorted(_PLACEHOLDER.findall(str(original)))
            assert sorted(_PLACEHOLDER.findall(version)) == wanted, version


@pytest.mark.parametrize("language", OTHERS)
def test_no_english_is_left_in_a_translation(language: Language) -> None:
    for message in translated(language).values():
        for version in versions(message):
            left = set(_ENGLISH.findall(_PLACEHOLDER.sub("", _TYPED.sub("", version))))
            known = {"Telegram", "CSV", "API", "Redis", "taskbot", "IANA", "https", "TLS"}
            assert left <= known, version
