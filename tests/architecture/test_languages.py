"""What each language needs besides its words: see docs/how-to/adding-a-language.md."""

from datetime import timedelta

import pytest
from babel import Locale
from babel.messages.pofile import read_po

from support.builders import NOW
from taskbot.adapters.telegram.texts import catalogue
from taskbot.adapters.telegram.texts.languages import MANNERS
from taskbot.adapters.telegram.texts.places import likely_zones
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.deadline_text import Understood, understand_deadline
from taskbot.application.duration_text import understand_duration
from taskbot.domain.user import Language

OTHERS = [language for language in Language if language is not Language.ENGLISH]
FEW_ZONES = 4


def a_voice(language: Language) -> Voice:
    return Voice(language=language, timezone="Europe/Moscow", now=NOW)


@pytest.mark.parametrize("language", Language)
def test_every_language_has_its_manner(language: Language) -> None:
    manner = MANNERS[language]

    assert Locale.parse(manner.locale).language == language.value
    assert Language.guess(f"{language.value}-XX") is language
    assert len(likely_zones(language)) == len(manner.likely_zones) >= FEW_ZONES


def test_languages_are_told_apart_by_their_names() -> None:
    assert len({manner.name for manner in MANNERS.values()}) == len(Language) == len(MANNERS)


@pytest.mark.parametrize("language", Language)
def test_every_day_of_a_week_is_told_differently(language: Language) -> None:
    voice = a_voice(language)
    days = [voice.today + timedelta(days=ahead) for ahead in (*range(-3, 8), 366, 400)]

    for tell in (voice.day, voice.short_day):
        assert len({tell(day) for day in days}) == len(days)


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_counts_as_its_language_does(language: Language) -> None:
    path = catalogue.LOCALES / language / "LC_MESSAGES" / f"{catalogue.DOMAIN}.po"
    with path.open("rb") as source:
        kept = read_po(source)

    forms = {a_voice(language).plural("{n} hour", "{n} hours", number) for number in range(200)}

    rules = Locale.parse(MANNERS[language].locale).plural_form
    kinds = {rules(number) for number in range(200)}
    assert len({form.partition(" ")[2] for form in forms}) == len(kinds) == kept.num_plurals


@pytest.mark.parametrize("language", Language)
def test_the_examples_that_it_gives_are_understood(language: Language) -> None:
    """The catalogue says how deadlines and durations are written, and the grammar agrees."""
    voice = a_voice(language)

    for word in ("today", "tomorrow"):
        reading = understand_deadline(
            f"{voice.label(word)} 18:00", language=language, now=NOW, timezone=voice.timezone
        )
        assert isinstance(reading, Understood), word
    for one, many in (("{n} minute", "{n} minutes"), ("{n} hour", "{n} hours")):
        for number in (1, 2, 5):
            assert understand_duration(voice.plural(one, many, number)), many
