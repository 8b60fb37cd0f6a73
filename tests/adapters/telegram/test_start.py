"""First words, the one question, help, and a way out."""

from datetime import timedelta

import pytest
from ulid import ULID

from support.builders import NOW
from support.telegram import Person, Stage
from taskbot.application.task_commands import CreateTask
from taskbot.domain.deadline import DayDeadline, TimedDeadline, local_day
from taskbot.domain.task import Task
from taskbot.domain.user import User

pytestmark = pytest.mark.anyio

BERLIN = {"latitude": 52.52, "longitude": 13.4}
HOUR = timedelta(hours=1)


async def user_of(stage: Stage, person: Person) -> User:
    user = await stage.core.queries.user_by_telegram_id(person.id)
    assert user is not None
    return user


async def a_task_of(stage: Stage, person: Person, title: str = "Buy milk") -> Task:
    user = await user_of(stage, person)
    return (await stage.core.tasks.create(CreateTask(actor=user.id, title=title))).task


async def only_task(stage: Stage, person: Person) -> Task:
    user = await user_of(stage, person)
    (page,) = [await stage.core.queries.next_task_cards(user.id, limit=2, after=None)]
    (card,) = page
    return card.task


async def test_start_registers_says_who_it_is_and_asks_where_the_person_lives(
    stage: Stage,
) -> None:
    ada = await stage.person(7, "Ada")

    text = await ada.send("/start")

    assert text.startswith("👋 Hello, Ada!")
    assert "/tasks" in text
    assert "What time is it where you live?" in text
    assert "London 12:00" in ada.labels
    user = await user_of(stage, ada)
    assert (user.name, user.timezone_chosen) == ("Ada", False)


@pytest.mark.parametrize(
    ("language", "place", "first"),
    [
        ("en", "London", "What needs to be done first?"),
        ("ru", "Екатеринбург", "Что нужно сделать в первую очередь?"),
    ],
)
async def test_a_place_is_chosen_and_the_first_task_offered_at_once(
    stage: Stage, language: str, place: str, first: str
) -> None:
    person = await stage.person(language=language)
    await person.send("/start")
    before = len(await person.messages())

    await person.press(place)

    assert place in person.text
    assert first in person.text
    assert len(await person.messages()) == before, "edited in place"
    assert (await user_of(stage, person)).timezone_chosen
    await person.press({"en": "New task", "ru": "Новая задача"}[language])
    assert {"en": "step 1 of 4", "ru": "шаг 1 из 4"}[language] in person.text


async def test_who_has_chosen_is_never_asked_again(stage: Stage) -> None:
    ada = await stage.person()
    await ada.send("/start")
    await ada.press("London")

    text = await ada.send("/start")

    assert text == "👋 Hello, Ada!\n\n🌿 Nothing is due today."
    assert ada.labels == ["☰ All tasks", "📝 New task"]


async def test_who_skips_keeps_the_guess_and_is_never_asked_again(stage: Stage) -> None:
    ada = await stage.person()
    await ada.send("/start")

    await ada.press("Skip")

    assert "I take it that your time is 15:00 (Moscow). To change that: /settings" in ada.text
    assert "What needs to be done first?" in ada.text
    assert "where you live" not in await ada.send("/start")


async def test_a_city_can_be_written(stage: Stage) -> None:
    anna = await stage.person(language="ru")
    await anna.send("/start")

    text = await anna.send("Челябинск")

    assert "17:00" in text
    assert "Что нужно сделать в первую очередь?" in text
    assert (await user_of(stage, anna)).timezone == "Asia/Yekaterinburg"


async def test_what_is_no_place_is_asked_about_and_may_be_the_first_task(stage: Stage) -> None:
    ada = await stage.person()
    await ada.send("/start")

    assert "I do not know the place Call mum" in await ada.send("Call mum\nabout Sunday")
    await ada.press("It is a task")

    assert "Call mum" in ada.text
    task = await only_task(stage, ada)
    assert (task.title, task.description) == ("Call mum", "about Sunday")
    assert "where you live" in await ada.send("/start"), "it is still not known"


async def test_a_button_of_a_question_that_is_over_says_so(stage: Stage) -> None:
    ada = await stage.person()
    await ada.send("/start")
    await ada.send("Call mum")
    asked = ada.shown["message_id"]
    await ada.press("Skip")

    answer = await ada.press_data("szt", message_id=asked)

    assert answer["text"] == "This is no longer current."


async def test_a_location_answers_and_its_keyboard_goes(stage: Stage) -> None:
    ada = await stage.person()
    await ada.send("/start")

    await ada.press("Send location")
    keyboard = ada.shown["keyboard"]
    assert [row[0]["text"] for row in keyboard["buttons"]] == ["📍 Send location", "✖ Cancel"]
    assert keyboard["buttons"][0][0]["request_location"]
    await ada.send(location=BERLIN)

    said, offered = (await ada.messages())[-2:]
    assert "Your time is now 13:00: Berlin (Europe/Berlin)." in said["text"].replace(
        "\u2068", ""
    ).replace("\u2069", "")
    assert said["keyboard"] == {"remove": True}
    assert "What needs to be done first?" in offered["text"]
    assert (await user_of(stage, ada)).timezone == "Europe/Berlin"


async def test_the_keyboard_for_a_location_can_be_given_up(stage: Stage) -> None:
    ada = await stage.person()
    await ada.send("/start")
    question = ada.shown["message_id"]
    await ada.press("Send location")

    assert "tap a place above" in await ada.send("✖ Cancel")

    assert ada.shown["keyboard"] == {"remove": True}
    await ada.press("London", message_id=question)
    assert "What needs to be done first?" in ada.text


async def test_a_place_that_is_pressed_takes_the_keyboard_away_too(stage: Stage) -> None:
    ada = await stage.person()
    await ada.send("/start")
    question = ada.shown["message_id"]
    await ada.press("Send location")

    await ada.press("London", message_id=question)

    said, offered = (await ada.messages())[-2:]
    assert said["keyboard"] == {"remove": True}
    assert "What needs to be done first?" in offered["text"]
    assert (await ada.message(question))["buttons"] == []


async def test_a_sticker_is_no_place_for_a_new_person_either(stage: Stage) -> None:
    ada = await stage.person()
    await ada.send("/start")

    assert "I can only read text here" in await ada.send(sticker="👍")

    await ada.press("Skip")
    assert "What needs to be done first?" in ada.text


async def test_pressing_start_twice_asks_once_more_and_still_takes_a_city(stage: Stage) -> None:
    ada = await stage.person()
    await ada.send("/start")
    await ada.send("/start")

    await ada.send("Berlin")

    assert (await user_of(stage, ada)).timezone == "Europe/Berlin"


async def test_who_had_tasks_before_is_told_how_they_stand(stage: Stage) -> None:
    ada = await stage.person()
    await ada.send("/start")
    await a_task_of(stage, ada)

    await ada.press("Moscow")

    assert "Nothing is due today." in ada.text
    assert "☰ All tasks" in ada.labels


@pytest.mark.parametrize(
    ("language", "late", "due"),
    [
        ("en", "1 task is overdue", "2 tasks are due today"),
        ("ru", "Просрочена 1 задача", "На сегодня 2 задачи"),
    ],
)
async def test_who_comes_back_is_told_what_is_due(
    stage: Stage, language: str, late: str, due: str
) -> None:
    person = await stage.started(language=language)
    user = await user_of(stage, person)
    for deadline in (
        TimedDeadline(NOW + HOUR, user.timezone),
        DayDeadline(local_day(NOW, user.timezone), user.timezone),
    ):
        await stage.core.tasks.create(CreateTask(actor=user.id, title="x", deadline=deadline))
    stage.core.clock.advance(2 * HOUR)

    text = await person.send("/start")

    assert late in text
    assert due in text


async def test_start_speaks_the_language_of_the_persons_client(stage: Stage) -> None:
    anna = await stage.person(7, "Аня", "ru")

    text = await anna.send("/start")

    assert text.startswith("👋 Здравствуйте, Аня!")
    assert "Екатеринбург 17:00" in anna.labels


async def test_a_name_full_of_markup_is_shown_as_it_is(stage: Stage) -> None:
    person = await stage.person(7, "<b>Bobby</b> & \u202e co")

    assert "<b>Bobby</b> & " in await person.send("/start")


async def test_a_person_without_a_visible_name_is_greeted_too(stage: Stage) -> None:
    person = await stage.person(7, "\u2060")

    assert "Hello" in await person.send("/start")
    assert "Hello" in await person.send("/start")


@pytest.mark.parametrize("payload", ["abc-DEF_123", "task_nonsense", "task_", "TASKS"])
async def test_start_with_an_unknown_payload_is_a_start(stage: Stage, payload: str) -> None:
    ada = await stage.started()

    assert "Hello" in await ada.send(f"/start {payload}")


@pytest.mark.parametrize(
    ("payload", "shown"),
    [("new", "step 1 of 4"), ("tasks", "Buy milk"), ("settings", "Start of the day")],
)
async def test_a_deep_link_leads_to_a_page(stage: Stage, payload: str, shown: str) -> None:
    ada = await stage.started()
    await a_task_of(stage, ada)

    await ada.send(f"/start {payload}")

    assert shown in ada.text + str(ada.labels)


async def test_a_deep_link_opens_a_task(stage: Stage) -> None:
    ada = await stage.started()
    task = await a_task_of(stage, ada)

    text = await ada.send(f"/start task_{task.id}")

    assert "📌 Buy milk" in text
    assert "✅ Done" in ada.labels


async def test_a_task_that_is_not_ones_own_is_gone(stage: Stage) -> None:
    ada, ben = await stage.started(7), await stage.started(8, "Ben")
    task = await a_task_of(stage, ben, "Secret")

    for unknown in (task.id, ULID()):
        assert await ada.send(f"/start task_{unknown}") == "🗑 This task was deleted."
        assert ada.labels == ["☰ All tasks"]


async def test_a_new_person_is_asked_first_and_then_gets_what_they_came_for(stage: Stage) -> None:
    ada = await stage.person()

    assert "where you live" in await ada.send("/start settings")
    await ada.send("/help")
    await ada.press("London", message_id=(await ada.messages())[1]["message_id"])

    assert "⚙️ Settings" in ada.text
    assert "12:00, London (Europe/London)" in ada.text


async def test_what_a_new_person_came_for_outlives_the_question_about_moments(
    stage: Stage,
) -> None:
    ada = await stage.person()
    await ada.send("/start settings")
    user = await user_of(stage, ada)
    deadline = TimedDeadline(NOW + 27 * HOUR, user.timezone)
    call = await stage.core.tasks.create(CreateTask(actor=user.id, title="Call", deadline=deadline))

    assert "What shall stay as it is?" in await ada.send("London")
    await ada.press("Keep the clock time")

    assert "⚙️ Settings" in ada.text
    kept = (await stage.core.tasks.get(call.task.id, actor=user.id)).task.deadline
    assert kept == TimedDeadline(NOW + 30 * HOUR, "Europe/London")


async def test_in_the_middle_of_a_new_task_the_question_does_not_end_it(stage: Stage) -> None:
    ada = await stage.person()
    await ada.send("/create")
    await ada.send("Buy milk")

    await ada.send("/start")

    assert "step 2 of 4" in ada.text
    assert "step 3 of 4" in await ada.send("oat")


async def test_help_is_grouped_and_names_every_command(stage: Stage) -> None:
    ada, anna = await stage.started(7), await stage.started(8, "Анна", "ru")

    text, russian = await ada.send("/help"), await anna.send("/help")

    for command in ("/create", "/tasks", "/settings", "/cancel", "/help"):
        assert command in text
        assert command in russian
    assert "About you" in text
    assert "О вас" in russian
    assert "/timezone" not in text


async def test_cancel_with_nothing_to_cancel_says_so(stage: Stage) -> None:
    ada = await stage.started()

    assert "nothing to cancel" in await ada.send("/cancel")


async def test_cancel_takes_the_keyboard_for_a_location_away(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/timezone")
    await ada.press("Send location")

    await ada.send("/cancel")

    assert ada.shown["keyboard"] == {"remove": True}


async def test_an_unknown_command_is_answered_with_the_known_ones(stage: Stage) -> None:
    ada = await stage.started()

    text = await ada.send("/frobnicate")

    assert "do not know this command" in text
    assert "/tasks — open tasks" in text


@pytest.mark.parametrize(
    ("written", "meant"),
    [("/taks", "/tasks — open tasks"), ("/Setting x", "/settings"), ("/languag@bot", "/language")],
)
async def test_a_mistyped_command_is_answered_with_the_one_that_was_meant(
    stage: Stage, written: str, meant: str
) -> None:
    ada = await stage.started()

    text = await ada.send(written)

    assert "Did you mean this one?" in text
    assert text.count("\n/") == 1
    assert meant in text
