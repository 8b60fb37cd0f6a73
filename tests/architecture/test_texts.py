"""Every word of the bot in every language."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any, cast

import pytest
from attrs import has
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from support.builders import NOW
from taskbot.adapters import telegram
from taskbot.adapters.telegram.texts import catalogue, start
from taskbot.adapters.telegram.texts.trouble import REFUSALS, refusal
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain import errors
from taskbot.domain.errors import DomainError, operators
from taskbot.domain.user import Language

SOURCES = Path(telegram.__file__).parent
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "mark": None,
    "say": None,
    "label": None,
    "plural": (1, 2),
}
OTHERS = [language for language in Language if language is not Language.ENGLISH]
_TAG = re.compile(r"</?\w+[^>]*>")
_LETTERS = re.compile(r"[A-Za-z]{3,}")


def msgids() -> set[str | tuple[str, str]]:
    found = extract_from_dir(SOURCES, method_map=[("**.py", "python")], keywords=KEYWORDS)
    # A word in a variable is extracted where it is marked: here it shows as nothing.
    return {
        (text[0], text[1]) if isinstance(text, tuple) else text
        for _, _, text, _, _ in found
        if text and all(text)
    }


def the_catalogue(language: Language) -> Catalog:
    path = catalogue.LOCALES / language / "LC_MESSAGES" / f"{catalogue.DOMAIN}.po"
    with path.open("rb") as source:
        return read_po(source, locale=language.value)


def translated(language: Language) -> dict[str | tuple[str, str], Message]:
    kept = {}
    for message in the_catalogue(language):
        key = message.id
        if key:
            kept[(key[0], key[1]) if isinstance(key, tuple | list) else key] = message
    return kept


def versions(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple) else [str(message.string)]


def refusals(kind: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    """All that people may meet: operators are answered by the panel and the command line."""
    for one in kind.__subclasses__():
        is_said = "code" in vars(one) and one.__module__ != operators.__name__
        if is_said and has(
            cast("Any", one)
        ):  # attrs makes classes anew; the first ones stay until collected
            yield one
        yield from refusals(one)


def test_every_refusal_has_words() -> None:
    assert set(REFUSALS) == set(refusals())


@pytest.mark.parametrize("language", Language)
def test_every_refusal_can_be_said(language: Language) -> None:
    voice = Voice(language=language, timezone="UTC", now=NOW)
    examples: dict[str, object] = {"length": 300, "limit": 200, "limit_days": 365}

    for kind in refusals():
        names = kind.__annotations__.keys() - {"code", "field"}
        error = kind(**{name: examples.get(name, "x") for name in names})
        said = refusal(voice, error)
        assert said
        assert len(said) <= 200, "it must fit into a pop-up"
        assert "{" not in said


@pytest.mark.parametrize("language", OTHERS)
def test_every_msgid_is_translated(language: Language) -> None:
    kept = translated(language)

    missing = [key for key in msgids() if key not in kept or not all(versions(kept[key]))]
    assert missing == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_left_over_or_fuzzy(language: Language) -> None:
    kept = translated(language)

    assert kept.keys() - msgids() == set()
    assert [message.id for message in kept.values() if message.fuzzy] == []
    assert not the_catalogue(language).obsolete


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_placeholders_and_tags(language: Language) -> None:
    for message in translated(language).values():
        original = message.id[0] if isinstance(message.id, tuple | list) else message.id
        for version in versions(message):
            assert placeholders(version) == placeholders(original), version
            assert sorted(_TAG.findall(version)) == sorted(_TAG.findall(original)), version


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_russian_has_its_three_plural_forms() -> None:
    voice = Voice(language=Language.RUSSIAN, timezone="UTC", now=NOW)

    forms = [voice.plural("{n} hour", "{n} hours", number) for number in (1, 2, 5, 11, 21, 112)]

    assert forms == ["1 час", "2 часа", "5 часов", "11 часов", "21 час", "112 часов"]


@pytest.mark.parametrize("language", OTHERS)
def test_no_english_is_left_in_a_translation(language: Language) -> None:
    known = {"create", "find", "tasks", "timezone", "settings", "help", "cancel", "start", "code"}
    known |= {"token", "export", "API"}
    known |= {"Redis", "BotFather", "TLS", "taskbot", "alert", "test"}
    known |= {"Europe", "Moscow", "Berlin"}

    for message in translated(language).values():
        for version in versions(message):
            words = set(_LETTERS.findall(_TAG.sub("", re.sub(r"{.*?}", "", version))))
            assert words <= known, version


@pytest.mark.parametrize("language", Language)
def test_the_profile_fits_telegrams_limits(language: Language) -> None:
    voice = Voice(language=language, timezone="UTC", now=NOW)

    assert len(voice.label(start.DESCRIPTION)) <= 512
    assert len(voice.label(start.SHORT_DESCRIPTION)) <= 120
    for name, what in start.COMMANDS.items():
        assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
        assert 1 <= len(voice.label(what)) <= 256


def test_the_words_do_not_know_aiogram() -> None:
    for path in (SOURCES / "texts").glob("*.py"):
        assert "aiogram" not in re.sub(r'""".*?"""', "", path.read_text(), flags=re.DOTALL), path


def test_errors_module_is_covered_as_a_whole() -> None:
    public = {one for one in vars(errors).values() if isinstance(one, type)}

    of_operators = {one for one in vars(operators).values() if _is_refusal(one)}
    assert {*refusals(), *of_operators} <= public


def _is_refusal(one: object) -> bool:
    return isinstance(one, type) and issubclass(one, DomainError) and "code" in vars(one)
