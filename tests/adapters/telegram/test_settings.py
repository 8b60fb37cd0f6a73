"""The settings: one screen, and a page for each of them."""

from datetime import date, time, timedelta

import pytest

from support.builders import NOW
from support.telegram import Person, Stage
from taskbot.adapters.telegram.settings.callbacks import MoveTo, RemindAhead, StartDay
from taskbot.application.task_commands import CreateTask
from taskbot.domain.deadline import DayDeadline, Deadline, TimedDeadline
from taskbot.domain.moving import TimedDeadlines
from taskbot.domain.task import Task
from taskbot.domain.timezone import timezone_names
from taskbot.domain.user import LONGEST_LEAD_TIME, User

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
MOSCOW = "Europe/Moscow"
BERLIN = {"latitude": 52.52, "longitude": 13.4}


async def user_of(stage: Stage, person: Person) -> User:
    user = await stage.core.queries.user_by_telegram_id(person.id)
    assert user is not None
    return user


async def a_task_of(stage: Stage, person: Person, title: str, deadline: Deadline) -> Task:
    new = CreateTask(actor=(await user_of(stage, person)).id, title=title, deadline=deadline)
    return (await stage.core.tasks.create(new)).task


async def deadline_of(stage: Stage, task: Task) -> Deadline | None:
    return (await stage.core.tasks.get(task.id, actor=task.owner_id)).task.deadline


@pytest.mark.parametrize(
    ("language", "lines", "labels"),
    [
        (
            "en",
            [
                "🌐 Language: 🇬🇧 English",
                "🕒 Time: 15:00, Moscow (Europe/Moscow)",
                "⏰ Reminders: 1 hour before, at the time",
                "🌅 Start of the day: 09:00",
            ],
            ["🌐 Language", "🕒 Time zone", "⏰ Reminders", "🌅 Start of the day"],
        ),
        (
            "ru",
            [
                "🌐 Язык: 🇷🇺 Русский",
                "🕒 Время: 15:00, Москва (Europe/Moscow)",
                "⏰ Напоминания: за 1 час, в срок",
                "🌅 Начало дня: 09:00",
            ],
            ["🌐 Язык", "🕒 Часовой пояс", "⏰ Напоминания", "🌅 Начало дня"],
        ),
    ],
)
async def test_one_screen_shows_everything_and_leads_everywhere(
    stage: Stage, language: str, lines: list[str], labels: list[str]
) -> None:
    person = await stage.started(language=language)

    text = await person.send("/settings")

    assert text.splitlines()[2:] == lines
    assert person.labels[:4] == labels


@pytest.mark.parametrize("page", ["Language", "Time zone", "Reminders", "Start of the day"])
async def test_every_page_is_in_place_and_leads_back(stage: Stage, page: str) -> None:
    ada = await stage.started()
    overview = await ada.send("/settings")
    before = len(await ada.messages())

    await ada.press(page)
    assert ada.text != overview
    await ada.press("Back")

    assert ada.text == overview
    assert len(await ada.messages()) == before
    assert "A new task" in await ada.send("Buy milk"), "nothing waits for an answer"


@pytest.mark.parametrize("way", ["/language", "/settings"])
async def test_the_language_is_chosen_by_a_button(stage: Stage, way: str) -> None:
    ada = await stage.started()

    await ada.send(way)
    if way == "/settings":
        await ada.press("Language")
    assert ada.labels == ["✅ 🇬🇧 English", "🇷🇺 Русский", "◀ Back"]
    answer = await ada.press("Русский")

    assert answer["text"] == "🌐 Теперь я говорю по-русски."
    assert "⚙️ Настройки" in ada.text
    assert "Открытых задач нет" in await ada.send("/tasks")


async def test_a_button_of_an_older_version_still_sets_the_language(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/language")

    await ada.press_data("lang:ru")

    assert "⚙️ Настройки" in ada.text


@pytest.mark.parametrize("data", ["lang:xx", "stl:xx", "st:nowhere"])
async def test_what_only_a_forged_button_carries_is_answered(stage: Stage, data: str) -> None:
    ada = await stage.started()
    await ada.send("/language")

    assert (await ada.press_data(data))["text"] == "This button is no longer current."


async def test_lead_times_are_switched_on_and_off_and_reminders_follow(stage: Stage) -> None:
    ada = await stage.started()
    task = await a_task_of(stage, ada, "Call", TimedDeadline(NOW + 24 * HOUR, MOSCOW))
    await ada.send("/settings")
    await ada.press("Reminders")
    assert "✅ 1 hour before" in ada.labels
    assert "▫️ 10 minutes before" in ada.labels
    assert "▫️ 1 week before" in ada.labels

    await ada.press("10 minutes")
    await ada.press("1 hour before")
    await ada.press("At the time")

    preferences = (await user_of(stage, ada)).preferences
    assert preferences.lead_times == (timedelta(minutes=10),)
    card = await stage.core.tasks.card(task.id, actor=task.owner_id)
    ahead = [one.fire_at for one in card.reminders if not one.state.is_final]
    assert ahead == [NOW + 24 * HOUR - timedelta(minutes=10)]
    await ada.press("10 minutes")
    await ada.press("Back")
    assert "⏰ Reminders: none before a deadline" in ada.text


@pytest.mark.parametrize(
    ("language", "typed", "label"),
    [
        ("en", "2 hours", "✅ 2 hours before"),
        ("ru", "90 минут", "✅ За 1 час 30 минут"),
        ("ru", "неделя", "✅ За 1 неделю"),
        ("en", "3 days 5 hours", "✅ 3 days 5 hours before"),
    ],
)
async def test_a_lead_time_of_ones_own_is_written(
    stage: Stage, language: str, typed: str, label: str
) -> None:
    person = await stage.started(language=language)
    await person.send("/settings")
    await person.press({"en": "Reminders", "ru": "Напоминания"}[language])

    await person.send(typed)

    assert label in person.labels
    assert len((await user_of(stage, person)).preferences.lead_times) == 3


async def test_what_is_no_lead_time_is_explained_and_asked_for_again(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/settings")
    await ada.press("Reminders")

    assert "how long that is" in await ada.send("soon")
    assert "how long that is" in await ada.send("2")
    assert "I can only read text here" in await ada.send(sticker="👍")
    assert f"{LONGEST_LEAD_TIME.days} days" in await ada.send("999 weeks")

    await ada.send("3 days")
    assert "✅ 3 days before" in ada.labels


async def test_there_are_ten_lead_times_at_most(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/settings")
    await ada.press("Reminders")
    for hours in range(2, 10):
        await ada.send(f"{hours} hours")

    answer = await ada.press("1 week")

    assert "at most 10" in answer["text"]
    assert len((await user_of(stage, ada)).preferences.lead_times) == 10


async def test_a_second_press_switches_nothing_back(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/settings")
    await ada.press("Reminders")
    data = RemindAhead(minutes=10, wanted=True).pack()

    await ada.press_data(data)
    await ada.press_data(data)

    assert timedelta(minutes=10) in (await user_of(stage, ada)).preferences.lead_times


@pytest.mark.parametrize(
    ("typed", "start"),
    [("08:30", time(8, 30)), ("7", time(7)), ("в 10 утра", time(10)), ("7.45", time(7, 45))],
)
async def test_the_start_of_the_day_is_written(stage: Stage, typed: str, start: time) -> None:
    ada = await stage.started()
    await ada.send("/settings")
    await ada.press("Start of the day")
    assert "✅ 09:00" in ada.labels

    text = await ada.send(typed)

    assert f"Start of the day: {start:%H:%M}" in text
    assert (await user_of(stage, ada)).preferences.day_start == start


async def test_the_start_of_the_day_is_tapped_and_days_are_reminded_of_then(
    stage: Stage,
) -> None:
    ada = await stage.started()
    task = await a_task_of(stage, ada, "Rest", DayDeadline(date(2100, 3, 20), MOSCOW))
    await ada.send("/settings")
    await ada.press("Start of the day")

    await ada.press("07:00")

    assert "Start of the day: 07:00" in ada.text
    card = await stage.core.tasks.card(task.id, actor=task.owner_id)
    ahead = [one.fire_at.hour for one in card.reminders if not one.state.is_final]
    assert ahead == [4], "seven in Moscow"


async def test_what_is_no_time_is_asked_for_again(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/settings")
    await ada.press("Start of the day")

    for typed in ("25:00", "early", "tomorrow"):
        assert "I cannot make out what time that is" in await ada.send(typed)
    assert "I can only read text here" in await ada.send(sticker="👍")
    await ada.press_data(StartDay(clock="nonsense").pack())
    assert "When does your day start?" in ada.text

    await ada.send("06:15")
    assert (await user_of(stage, ada)).preferences.day_start == time(6, 15)


@pytest.mark.parametrize(
    ("language", "pause", "resume", "paused"),
    [
        ("en", "Pause", "Resume", "Reminders are paused"),
        ("ru", "Приостановить", "Возобновить", "Напоминания приостановлены"),
    ],
)
async def test_paused_reminders_are_kept_and_come_when_they_are_resumed(
    stage: Stage, language: str, pause: str, resume: str, paused: str
) -> None:
    person = await stage.started(language=language)
    task = await a_task_of(stage, person, "Call mum", TimedDeadline(NOW + HOUR / 2, MOSCOW))
    await person.send("/settings")

    await person.press(pause)
    assert paused in person.text
    settings = person.shown["message_id"]
    assert paused in await person.send(f"/start task_{task.id}"), "the card says so, too"
    before = len(await person.messages())
    await stage.time_passes(HOUR)
    assert len(await person.messages()) == before
    await person.press(resume, message_id=settings)
    await stage.time_passes(timedelta(0))

    assert paused not in (await person.message(settings))["text"]
    assert "Call mum" in await person.look()


async def test_moving_asks_what_becomes_of_moments_and_shows_what_it_comes_to(
    stage: Stage,
) -> None:
    ada = await stage.started()
    task = await a_task_of(stage, ada, "Call mum", TimedDeadline(NOW + 27 * HOUR, MOSCOW))
    for number in range(4):
        deadline = TimedDeadline(NOW + (30 + number) * HOUR, MOSCOW)
        await a_task_of(stage, ada, f"Task {number}", deadline)
    await ada.send("/settings")
    await ada.press("Time zone")

    await ada.press("London")

    assert "London: it is 12:00 there now." in ada.text
    assert "5 open tasks are due at a certain time." in ada.text
    assert (
        "📌 Call mum: tomorrow at 18:00\n"
        "🕒 clock time: 18:00 there, which is 21:00 here\n"
        "⏳ moment: 15:00 there"
    ) in ada.text
    assert "… and 2 more" in ada.text
    assert "Task 3" not in ada.text
    assert (await user_of(stage, ada)).timezone == MOSCOW
    await ada.press("Keep the clock time")

    assert "Your time is now 12:00: London (Europe/London)." in ada.text
    assert await deadline_of(stage, task) == TimedDeadline(NOW + 30 * HOUR, "Europe/London")


async def test_a_moment_that_is_on_another_day_there_is_told_with_it(stage: Stage) -> None:
    ada = await stage.started()
    await a_task_of(stage, ada, "Call", TimedDeadline(NOW + 32 * HOUR, MOSCOW))

    await ada.send("/timezone Tokyo")

    assert "📌 Call: tomorrow at 23:00" in ada.text
    assert "⏳ moment: 05:00, Wed 17 Mar there" in ada.text


async def test_moments_can_stay_and_pressing_twice_moves_once(stage: Stage) -> None:
    anna = await stage.started(language="ru")
    task = await a_task_of(stage, anna, "Звонок", TimedDeadline(NOW + 27 * HOUR, MOSCOW))

    text = await anna.send("/timezone Лондон")
    assert "1 открытая задача назначена на определённое время." in text
    assert "🕒 время на часах: там в 18:00, здесь это 21:00" in text
    await anna.press("Тот же момент")
    moved = MoveTo(timezone="Europe/London", timed=TimedDeadlines.KEEP_CLOCK).pack()
    await anna.press_data(moved)

    assert await deadline_of(stage, task) == TimedDeadline(NOW + 27 * HOUR, "Europe/London")
    assert "Лондон (Europe/London)" in anna.text


async def test_a_move_can_be_given_up(stage: Stage) -> None:
    ada = await stage.started()
    await a_task_of(stage, ada, "Call", TimedDeadline(NOW + 27 * HOUR, MOSCOW))
    await ada.send("/timezone")
    await ada.send("London")

    await ada.press("Cancel")

    assert ada.text == "Cancelled. Nothing was changed."
    assert (await user_of(stage, ada)).timezone == MOSCOW
    assert "A new task" in await ada.send("Berlin"), "nothing waits for an answer"


async def test_without_moments_ahead_nothing_is_asked(stage: Stage) -> None:
    ada = await stage.started()
    await a_task_of(stage, ada, "Rest", DayDeadline(date(2100, 3, 20), MOSCOW))
    await a_task_of(stage, ada, "Call", TimedDeadline(NOW + HOUR, MOSCOW))
    stage.core.clock.advance(2 * HOUR)

    text = await ada.send("/timezone London")

    assert "Your time is now 14:00: London (Europe/London)." in text
    assert "⚙️ Settings" in ada.labels


async def test_a_zone_that_there_is_not_is_refused_also_by_a_forged_button(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/timezone")

    answer = await ada.press_data("sz|Mars/Olympus|keep_clock")

    assert answer["text"] == "I do not know that time zone."


async def test_a_location_at_any_moment_offers_to_move_there(stage: Stage) -> None:
    ada = await stage.started()

    text = await ada.send(location=BERLIN)

    assert "At this place it is 13:00, Berlin (Europe/Berlin). By your settings it is 15:00" in text
    await ada.press("Yes: Berlin 13:00")
    assert (await user_of(stage, ada)).timezone == "Europe/Berlin"
    assert "that is your time already" in await ada.send(location=BERLIN)


async def test_a_location_is_no_reason_to_move(stage: Stage) -> None:
    anna = await stage.started(language="ru")
    await anna.send(location=BERLIN)

    await anna.press("Нет, оставить")

    assert (await user_of(stage, anna)).timezone == MOSCOW


async def test_a_location_in_the_middle_of_a_new_task_is_no_answer(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")

    assert "I can only read text here" in await ada.send(location=BERLIN)


async def test_a_location_in_the_middle_of_the_ocean_has_a_time_too(stage: Stage) -> None:
    ada = await stage.started()

    await ada.send(location={"latitude": 0.0, "longitude": -30.0})

    assert "10:00" in ada.text


async def test_where_the_time_is_not_known_a_city_is_asked_for(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = await stage.started()
    monkeypatch.setattr(
        "taskbot.adapters.telegram.settings.location._look_up", lambda *_: "Moon/Tranquility"
    )

    assert "I cannot tell what time it is there" in await ada.send(location=BERLIN)


async def test_the_word_on_our_keyboard_is_no_task(stage: Stage) -> None:
    ada = await stage.started()

    assert await ada.send("✖ Отменить") == "Cancelled. Nothing was changed."


async def test_in_the_middle_of_a_new_task_settings_change_and_the_task_goes_on(
    stage: Stage,
) -> None:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("Buy milk")
    await ada.send("/settings")
    settings = next(m for m in await ada.messages() if "Settings" in m["text"])["message_id"]

    await ada.press("Start of the day", message_id=settings)
    await ada.press("07:00")

    assert (await user_of(stage, ada)).preferences.day_start == time(7)
    assert "step 3 of 4" in await ada.send("oat")


async def test_a_command_ends_the_waiting_and_not_the_buttons(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/settings")
    await ada.press("Start of the day")
    page = ada.shown["message_id"]
    await ada.send("/help")

    assert "A new task" in await ada.send("08:30")
    await ada.press("07:00", message_id=page)

    assert (await user_of(stage, ada)).preferences.day_start == time(7)


def test_every_button_of_a_move_fits() -> None:
    for timezone in timezone_names():
        for timed in TimedDeadlines:
            assert len(MoveTo(timezone=timezone, timed=timed).pack().encode()) <= 64
