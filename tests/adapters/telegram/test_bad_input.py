"""What a bot gets from people: it is explained and asked again, and nothing is lost."""

from typing import Any

import pytest

from support.telegram import DOT, Person, Stage
from taskbot.application.ports import TaskPageRequest

pytestmark = pytest.mark.anyio

PHOTO: dict[str, Any] = {"photo": DOT}
STICKER: dict[str, Any] = {"sticker": "👍"}
LOCATION: dict[str, Any] = {"location": {"latitude": 55.75, "longitude": 37.62}}


async def at_the_deadline(person: Person) -> None:
    await person.send("/create")
    await person.send("Buy milk")
    await person.press("Skip")
    await person.press("No category")


async def titles_of(stage: Stage, person: Person) -> list[str]:
    user = await stage.core.queries.user_by_telegram_id(person.id)
    assert user is not None
    page = await stage.core.queries.tasks(TaskPageRequest(owner_id=user.id, limit=100))
    return [view.task.title for view in page.items]


@pytest.mark.parametrize(
    "title",
    [
        "<b>bold</b> <script>alert(1)</script> & <br> &amp;",
        "👨‍👩‍👧‍👦 семья 🇷🇺",
        "שלום \u202eעולם\u202c مرحبا",
        "\u2067\u2069\u2069 out of the fence",
        "{title} %s {0} \\n",
        "a" * 200,
        "👍" * 200,
    ],
)
async def test_any_title_is_kept_and_shown_as_it_was_written(stage: Stage, title: str) -> None:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send(title)
    await ada.press("Skip")
    await ada.press("No category")
    await ada.press("No deadline")
    shown = ada.text

    await ada.send("/tasks")
    await ada.press_data((await ada.message(ada.shown["message_id"]))["buttons"][0][0]["data"])

    # Telegram drops some of these, and we drop our own fences where they would break out.
    invisible = str.maketrans("", "", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert f"📌 {title.translate(invisible)}" in shown.translate(invisible)
    assert f"📌 {title.translate(invisible)}" in ada.text.translate(invisible)
    (kept,) = await titles_of(stage, ada)
    assert kept.translate(invisible) == title.translate(invisible)


async def test_a_title_of_10_000_characters_is_explained_and_asked_for_again(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")

    # Clients cut it into messages of 4,096 characters; each is an answer of its own.
    text = await ada.send("x" * 10_000)

    assert "That is too long for a title: 1808 characters, and at most 200 fit." in text
    assert "step 1 of 4" in text
    assert "step 2 of 4" in await ada.send("Buy milk")


async def test_a_title_that_nobody_can_see_is_explained(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")

    text = await ada.send("\U000e0041\U000e0042")

    assert "A task needs a title" in text
    assert "step 1 of 4" in text


@pytest.mark.parametrize(
    ("typed", "explanation"),
    [
        ("31.02", "There is no such date: 31.02."),
        ("31 февраля", "There is no such date: 31 февраля."),
        ("25:00", "There is no such time: 25:00."),
        ("tomorrow 25:00", "There is no such time: 25:00."),
        ("01.01.2020", "That is over already: Wed 1 January 2020."),
        ("yesterday", "That is over already: yesterday."),
        ("позавчера", "That is over already: Sat 13 March."),
        ("today 9:00", "That is over already: today at 09:00."),
        ("sometime", "I cannot make out when that is."),
        ("<b>now</b>", "I cannot make out when that is."),
        ("9" * 300, "I cannot make out when that is."),
    ],
)
async def test_a_bad_deadline_is_explained_with_examples_and_asked_for_again(
    stage: Stage, typed: str, explanation: str
) -> None:
    ada = await stage.started()
    await at_the_deadline(ada)

    text = await ada.send(typed)

    assert explanation in text
    assert "For example: tomorrow 18:00" in text
    assert "step 4 of 4" in text
    assert "No deadline" in ada.labels
    assert "The task is saved" in await ada.send("tomorrow 18:00")


@pytest.mark.parametrize(
    ("typed", "explanation"),
    [
        ("31.02", "Такой даты не бывает: 31.02."),
        ("25:00", "Такого времени не бывает: 25:00."),
        ("01.01.2020", "Это время уже прошло: ср, 1 января 2020."),
        ("как-нибудь потом", "Не могу понять, когда это."),
    ],
)
async def test_a_bad_deadline_is_explained_in_russian(
    stage: Stage, typed: str, explanation: str
) -> None:
    anna = await stage.started(language="ru")
    await anna.send("/create")
    await anna.send("Купить молоко")
    await anna.press("Пропустить")
    await anna.press("Без категории")

    text = await anna.send(typed)

    assert explanation in text
    assert "Например: завтра 18:00" in text


@pytest.mark.parametrize("answers", [[], ["Buy milk"], ["Buy milk", "oat"], ["Buy milk", "a", "b"]])
@pytest.mark.parametrize("sent", [STICKER, PHOTO, LOCATION], ids=["sticker", "photo", "location"])
async def test_what_is_no_text_is_explained_and_costs_nothing(
    stage: Stage, answers: list[str], sent: dict[str, Any]
) -> None:
    ada = await stage.started()
    await ada.send("/create")
    for answer in answers:
        await ada.send(answer)

    text = await ada.send(**sent)

    assert "I can only read text here" in text
    assert f"step {len(answers) + 1} of 4" in text
    for answer in ["Buy milk", "a", "b"][len(answers) :]:
        await ada.send(answer)
    await ada.press("No deadline")
    assert await titles_of(stage, ada) == ["Buy milk"]


async def test_a_sticker_out_of_the_blue_gets_a_hint(stage: Stage) -> None:
    ada = await stage.started()

    assert "I can only read text so far" in await ada.send(**STICKER)


async def test_an_edited_message_changes_nothing(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")
    message_id = await stage.sim.control.send(ada.id, "Buy mlik")
    answer = await stage.sim.control.answer(ada.id, after=message_id)

    await stage.sim.control.edit(ada.id, message_id, "Buy milk")
    await ada.send("oat")

    assert "Buy mlik" in answer["text"]
    assert "Buy mlik" in ada.text
    assert "step 3 of 4" in ada.text


@pytest.mark.parametrize("command", ["/start", "/help", "/tasks", "/timezone", "/language", "/wat"])
async def test_a_command_in_the_middle_is_obeyed_and_the_dialogue_goes_on(
    stage: Stage, command: str
) -> None:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("Buy milk")
    question = ada.shown["message_id"]
    before = len(await ada.messages())

    await ada.send(command)

    said = [one for one in (await ada.messages())[before + 1 :] if one["from"] == "bot"]
    assert len(said) == 2, "the command's answer, and the question again"
    assert "Let us go on with the new task." in ada.text
    assert "step 2 of 4" in ada.text
    assert (await ada.message(question))["buttons"] == []
    assert "step 3 of 4" in await ada.send("oat")


async def test_create_in_the_middle_offers_to_go_on(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("Buy milk")

    assert "You have begun a task: Buy milk." in await ada.send("/create")
    await ada.press("Continue")

    assert "step 2 of 4" in ada.text
    assert "Buy milk" in ada.text


async def test_create_in_the_middle_offers_to_start_over(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")
    await ada.send("Buy milk")
    question = ada.shown["message_id"]
    await ada.send("/create")

    await ada.press("Start over")

    assert "step 1 of 4" in ada.text
    assert "Keep it ▶" not in ada.labels
    assert (await ada.message(question))["buttons"] == []


async def test_create_twice_at_the_first_question_asks_it_again(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")
    question = ada.shown["message_id"]

    assert "step 1 of 4" in await ada.send("/create")

    assert (await ada.message(question))["buttons"] == []


@pytest.mark.parametrize(
    "data",
    ["", "nonsense", "t:open:nonsense", "t:open", "t:fly:01ARZ3NDEKTSV4RRFFQ69G5FAV", "ü" * 32,
     "lang:xx", "s:take", "s:next", "sd:99999999", "l:0:99999999999999999999:", "td:x:y",
     "l:0:99999999999999999999:01ARZ3NDEKTSV4RRFFQ69G5FAV"],
)  # fmt: skip
async def test_a_forged_button_is_answered(stage: Stage, data: str) -> None:
    ada = await stage.started()

    answer = await ada.press_data(data or "-")

    assert answer["answered"]


async def test_a_title_cannot_be_skipped_by_a_forged_button(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("/create")

    await ada.press_data("s:next")

    assert "A task needs a title" in ada.text
    assert "step 1 of 4" in ada.text


@pytest.mark.parametrize(
    "choice", ["00010101", "99991231", "99991231T2359", "today", "20310101Tnoon"]
)
async def test_a_forged_day_is_not_understood(stage: Stage, choice: str) -> None:
    ada = await stage.started()
    await at_the_deadline(ada)

    await ada.press_data(f"sd:{choice}")

    assert "I cannot make out when that is." in ada.text
    assert "step 4 of 4" in ada.text


async def test_a_forged_priority_is_refused(stage: Stage) -> None:
    ada = await stage.started()
    await at_the_deadline(ada)
    await ada.press("No deadline")
    task_id = ada.shown["buttons"][0][0]["data"].split(":")[2]

    answer = await ada.press_data(f"tp:{task_id}:9")

    assert answer["text"] == "There is no such priority."
    assert "📌 Buy milk" in ada.text


async def test_a_forged_zone_is_refused(stage: Stage) -> None:
    ada = await stage.started()

    answer = await ada.press_data("tz|Moon/Base")

    assert answer["text"] == "I do not know that time zone."


@pytest.mark.parametrize(
    "data",
    [
        "t:open:{}", "t:done:{}", "t:reopen:{}", "t:edit:{}", "t:title:{}", "t:text:{}",
        "t:notext:{}", "t:cats:{}", "t:newcat:{}", "t:prios:{}", "t:when:{}", "t:snooze:{}",
        "t:delete:{}", "t:gone:{}", "t:undo:{}", "t:done:{}:1", "t:delete:{}:1", "tp:{}:1",
        "tp:{}:1:z", "tc:{}::z", "tc:{}:", "td:{}:none", "td:{}:21000401",
        "ts:{}:10:0", "ts:{}:10:1", "r:{}", "x:{}",
    ],
)  # fmt: skip
async def test_every_button_of_a_task_that_is_gone_says_so_and_is_cleaned(
    stage: Stage, data: str
) -> None:
    ada = await stage.started()

    answer = await ada.press_data(data.format("01ARZ3NDEKTSV4RRFFQ69G5FAV"))

    assert answer["text"] == "This task is gone: it was deleted."
    assert ada.text == "🗑 This task was deleted."
    assert ada.labels == ["☰ All tasks"]


async def test_the_task_of_somebody_else_is_gone_for_me(stage: Stage) -> None:
    ada, bob = await stage.started(7, "Ada"), await stage.started(8, "Bob")
    await at_the_deadline(ada)
    await ada.press("No deadline")
    done = next(b["data"] for b in ada.shown["buttons"][0] if "Done" in b["text"])

    answer = await bob.press_data(done)

    assert answer["text"] == "This task is gone: it was deleted."
    await ada.send("/tasks")
    assert ada.listed == ["Buy milk"]


async def test_two_people_at_once_do_not_meet(stage: Stage) -> None:
    ada, bob = await stage.started(7, "Ada"), await stage.started(8, "Боб", "ru")
    await ada.send("/create")
    await bob.send("/create")
    await ada.send("Buy milk")
    await bob.send("Купить хлеб")
    await ada.press("Skip")
    await bob.press("Пропустить")
    await ada.press("No category")
    await bob.press("Без категории")
    await ada.press("No deadline")
    await bob.press("Без срока")

    assert await titles_of(stage, ada) == ["Buy milk"]
    assert await titles_of(stage, bob) == ["Купить хлеб"]
    assert "Buy milk" in ada.text
    assert "Купить хлеб" in bob.text
