"""Time zones, by command: likely ones, typed ones, and the names of places."""

import pytest

from support.builders import NOW
from support.telegram import Person, Stage
from taskbot.adapters.telegram.texts.places import likely_zones, place_name, zones_called
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.domain.timezone import timezone_names
from taskbot.domain.user import Language

pytestmark = pytest.mark.anyio


async def zone_of(stage: Stage, person: Person) -> str:
    user = await stage.core.queries.user_by_telegram_id(person.id)
    assert user is not None
    return user.timezone


async def test_the_zone_is_shown_with_likely_ones_to_choose(stage: Stage) -> None:
    ada = await stage.started()

    text = await ada.send("/timezone")

    assert "Your time is now 15:00: Moscow (Europe/Moscow)." in text
    assert "London 12:00" in ada.labels
    await ada.press("London")
    assert "Your time is now 12:00: London (Europe/London)." in ada.text
    assert await zone_of(stage, ada) == "Europe/London"


async def test_russians_are_offered_russian_places(stage: Stage) -> None:
    anna = await stage.started(language="ru")

    await anna.send("/timezone")

    assert "Екатеринбург 17:00" in anna.labels
    assert "Владивосток 22:00" in anna.labels


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("Нью-Йорк", "America/New_York"),
        ("  ЕКАТЕРИНБУРГ ", "Asia/Yekaterinburg"),
        ("Питер", "Europe/Moscow"),
        ("Пермь", "Asia/Yekaterinburg"),
        ("St. Petersburg", "Europe/Moscow"),
        ("Kolkata", "Asia/Kolkata"),
        ("Calcutta", "Asia/Kolkata"),
        ("Kiev", "Europe/Kyiv"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("владивост", "Asia/Vladivostok"),
    ],
)
async def test_a_place_can_be_typed(stage: Stage, typed: str, zone: str) -> None:
    ada = await stage.started()
    await ada.send("/timezone")

    await ada.send(typed)

    assert await zone_of(stage, ada) == zone
    assert "A new task" in await ada.send("Buy milk"), "the question is over"


async def test_a_place_can_stand_behind_the_command(stage: Stage) -> None:
    ada = await stage.started()

    assert "Berlin" in await ada.send("/timezone Berlin")

    assert await zone_of(stage, ada) == "Europe/Berlin"


async def test_an_offset_offers_places_where_it_holds(stage: Stage) -> None:
    anna = await stage.started(language="ru")
    await anna.send("/timezone")

    await anna.send("МСК+2")
    assert "Екатеринбург 17:00" in anna.labels
    await anna.press("Екатеринбург")

    assert await zone_of(stage, anna) == "Asia/Yekaterinburg"


async def test_an_ambiguous_place_is_asked_about(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/timezone")

    assert "Which one is it?" in await ada.send("San")

    assert len(ada.labels) > 2


@pytest.mark.parametrize("typed", ["Narnia", "<b>x</b>", "x" * 3000, "+99", "ab"])
async def test_an_unknown_place_is_explained_and_asked_for_again(stage: Stage, typed: str) -> None:
    ada = await stage.started()
    await ada.send("/timezone")

    assert "I do not know the place" in await ada.send(typed)

    await ada.send("Berlin")
    assert await zone_of(stage, ada) == "Europe/Berlin"


async def test_the_question_can_be_cancelled(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/timezone")

    await ada.press("Cancel")

    assert ada.text == "Cancelled. Nothing was changed."
    assert "A new task" in await ada.send("Berlin")


async def test_a_sticker_is_no_place(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/timezone")

    assert "I can only read text here" in await ada.send(sticker="👍")


async def test_another_command_ends_the_question(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/timezone")
    await ada.send("/help")

    assert "A new task" in await ada.send("Berlin")


async def test_in_the_middle_of_a_new_task_a_zone_is_set_and_the_task_goes_on(
    stage: Stage,
) -> None:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("Buy milk")

    await ada.send("/timezone London")

    assert await zone_of(stage, ada) == "Europe/London"
    assert "step 2 of 4" in ada.text
    assert "step 3 of 4" in await ada.send("oat")


@pytest.mark.parametrize("place", ["Narnia", "San"])
async def test_in_the_middle_of_a_new_task_a_doubtful_place_does_not_end_it(
    stage: Stage, place: str
) -> None:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("Buy milk")

    await ada.send(f"/timezone {place}")

    assert "step 2 of 4" in ada.text
    assert "step 3 of 4" in await ada.send("oat")


async def test_deadlines_are_told_by_the_new_clocks(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/timezone London")

    await ada.send("/create")
    await ada.send("Buy milk")
    await ada.press("Skip")
    await ada.press("No category")

    assert "📅 today at 18:00 (in 6 hours)" in await ada.send("today 18:00")


@pytest.mark.parametrize("language", Language)
def test_every_zone_has_a_name_and_is_found_by_its_own(language: Language) -> None:
    voice = Voice(language=language, timezone="UTC", now=NOW)

    for zone in timezone_names():
        assert place_name(zone, language)
        assert zones_called(voice, zone), zone


@pytest.mark.parametrize("language", Language)
def test_every_likely_zone_is_found_by_the_name_it_is_offered_by(language: Language) -> None:
    voice = Voice(language=language, timezone="UTC", now=NOW)

    for zone in likely_zones(language):
        assert zone in zones_called(voice, place_name(zone, language))
