"""Plain messages, captions and forwarded messages become tasks."""

from typing import Any

import pytest
from aiogram.types import Message
from hypothesis import given, strategies as st
from ulid import ULID

from support.builders import NOW
from support.telegram import DOT, Person, Stage
from taskbot.adapters.memory import MemoryUpdateLog
from taskbot.adapters.telegram.capture.callbacks import CaptureAction, Captured, OneAfterAll
from taskbot.adapters.telegram.capture.drafts import draft_of, key_of
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.ports import Dialogue
from taskbot.application.task_commands import ListTasks
from taskbot.domain.task import DESCRIPTION_LIMIT, Task
from taskbot.domain.user import Language

pytestmark = pytest.mark.anyio

ENGLISH = Voice(language=Language.ENGLISH, timezone="Europe/Moscow", now=NOW)
RUSSIAN = Voice(language=Language.RUSSIAN, timezone="Europe/Moscow", now=NOW)


async def tasks_of(stage: Stage, person: Person) -> list[Task]:
    user = await stage.core.users.find_or_register(person.id)
    page = await stage.core.tasks.page(ListTasks(actor=user.id, timezone="UTC", limit=100))
    return [(await stage.core.tasks.get(one.task.id, actor=user.id)).task for one in page.items]


async def test_a_plain_text_is_a_task_at_once(stage: Stage) -> None:
    ada = await stage.started()

    text = await ada.send("  Buy <milk> & bread 🥛 ")

    assert text == "📝 A new task:\n\n📌 Buy <milk> & bread 🥛\n\n📅 No deadline"
    assert ada.labels == [
        "Today", "Tomorrow", "📅 When…", "🔴 Priority", "🏷 Category", "↩️ Undo", "☰ All tasks"
    ]  # fmt: skip
    assert [task.title for task in await tasks_of(stage, ada)] == ["Buy <milk> & bread 🥛"]


async def test_a_captured_task_gets_all_that_it_lacks_by_buttons(stage: Stage) -> None:
    anna = await stage.started(language="ru")

    assert "📝 Новая задача:\n\n📌 Купить молоко" in await anna.send("Купить молоко")
    await anna.press("Завтра")
    assert "📅 завтра" in anna.text
    await anna.send("Второе дело")
    await anna.press("Приоритет")
    await anna.press("Срочно")
    assert "🔴 Приоритет: срочно" in anna.text
    await anna.send("Третье дело")
    await anna.press("Категория")
    await anna.press("Новая категория")
    await anna.send("Дом")
    assert "🏷 Дом" in anna.text
    await anna.send("Четвёртое дело")
    await anna.press("Когда")
    assert "📅 завтра в 18:00" in await anna.send("завтра в 18:00")
    assert len(await tasks_of(stage, anna)) == 4


async def test_undo_takes_the_task_back_and_says_where_the_words_are(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("Buy milk")

    await ada.press("Undo")

    assert ada.text == "↩️ No task was made of it: Buy milk\nYour message is still in the chat."
    assert ada.labels == ["☰ All tasks"]
    assert await tasks_of(stage, ada) == []


async def test_undo_pressed_twice_is_answered_twice(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("Buy milk")
    (task,) = await tasks_of(stage, ada)
    undo = Captured(action=CaptureAction.UNDO, id=task.id, version=1).pack()

    await ada.press_data(undo)
    answer = await ada.press_data(undo)

    assert answer["text"] == "This task is gone: it was deleted."
    assert ada.labels == ["↩️ Undo", "☰ All tasks"]


async def test_undo_of_what_was_worked_on_since_only_shows_it(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("Buy milk")
    undo = next(b["data"] for row in ada.shown["buttons"] for b in row if "Undo" in b["text"])
    await ada.press("Tomorrow")

    answer = await ada.press_data(undo)

    assert answer["text"] == "It has been changed since then: this is how it stands."
    assert "📅 tomorrow" in ada.text
    assert len(await tasks_of(stage, ada)) == 1


async def test_the_same_message_handled_again_makes_no_second_task(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("Buy milk")
    await ada.send("Buy milk")
    before = await tasks_of(stage, ada)
    assert len(before) == 2, "two messages are two tasks"

    await stage.stop()
    stage.update_log = MemoryUpdateLog()  # as if it was killed before it could say so
    stage.start()
    for call in await stage.sim.control.calls("getUpdates"):
        if offset := call["parameters"].get("offset"):
            await stage.sim.control.redeliver(offset - 1)
    await stage.handled()

    assert await tasks_of(stage, ada) == before


async def test_several_lines_are_one_task_at_first_and_can_be_several(stage: Stage) -> None:
    ada = await stage.started()

    text = await ada.send("- Buy milk\n- Buy bread\n\n- Call <mum>")
    assert "📌 - Buy milk" in text
    assert "- Buy bread\n\n- Call <mum>" in text
    await ada.press("✂️ 3 tasks, one per line")

    assert ada.text == "✂️ 3 tasks\n\n📌 Buy milk\n📌 Buy bread\n📌 Call <mum>"
    titles = sorted(task.title for task in await tasks_of(stage, ada))
    assert titles == ["Buy bread", "Buy milk", "Call <mum>"]

    await ada.press("One task after all")
    (task,) = await tasks_of(stage, ada)
    assert (task.title, task.description) == ("Buy milk", "Buy bread\nCall <mum>")
    await ada.press("✂️ 3 tasks")
    assert len(await tasks_of(stage, ada)) == 3
    await ada.press("One task after all")
    await ada.press("Undo")
    assert await tasks_of(stage, ada) == []


async def test_lines_in_russian_are_counted_as_the_language_does(stage: Stage) -> None:
    anna = await stage.started(language="ru")

    await anna.send("1. молоко\n2. хлеб\n3. сыр\n4. чай\n5. соль")
    await anna.press("✂️ 5 задач, каждая строка отдельно")

    assert anna.text.startswith("✂️ 5 задач\n\n📌 молоко\n📌 хлеб")
    assert "↩️ Всё-таки одна задача" in anna.labels


async def test_splitting_what_was_changed_since_shows_how_it_stands(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("Buy milk\nBuy bread")
    split = next(b["data"] for row in ada.shown["buttons"] for b in row if "✂️" in b["text"])
    await ada.press("Tomorrow")

    answer = await ada.press_data(split)

    assert answer["text"] == "It has been changed since then: this is how it stands."
    assert len(await tasks_of(stage, ada)) == 1


async def test_splitting_twice_makes_the_tasks_once(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("Buy milk\nBuy bread")
    split = next(b["data"] for row in ada.shown["buttons"] for b in row if "✂️" in b["text"])

    await ada.press_data(split)
    await ada.press_data(split)

    assert ada.text == "✂️ 2 tasks\n\n📌 Buy milk\n📌 Buy bread"
    assert len(await tasks_of(stage, ada)) == 2


async def test_joining_does_not_lose_what_was_done_to_a_part_since(stage: Stage) -> None:
    ada = await stage.started()
    await ada.send("Buy milk\nBuy bread")
    await ada.press("✂️")
    bread = next(one for one in await tasks_of(stage, ada) if one.title == "Buy bread")
    await stage.core.tasks.complete(bread.id, actor=bread.owner_id)

    answer = await ada.press("One task after all")

    assert answer["text"] == "It has been changed since then: this is how it stands."
    assert len(await tasks_of(stage, ada)) == 2


async def test_a_text_too_long_for_a_title_is_kept_whole(stage: Stage) -> None:
    ada = await stage.started()
    story = "word " * 200

    await ada.send(story)

    assert story.strip() in ada.text
    assert not any("✂️" in label for label in ada.labels)


async def test_a_text_that_nobody_can_see_is_answered(stage: Stage) -> None:
    ada = await stage.started()

    assert "A task needs a title" in await ada.send("\U000e0041\U000e0042")


async def test_a_forwarded_message_is_a_task_with_its_source(stage: Stage) -> None:
    ada = await stage.started()
    await stage.person(8, "Anna", last_name="Petrova")

    await ada.send("Send the contract\nby mail, please", forward_from=8)

    (task,) = await tasks_of(stage, ada)
    assert task.title == "Send the contract"
    source, _, rest = task.description.partition("\n\n")
    assert source.startswith("Forwarded from Anna Petrova, ")
    assert rest == "by mail, please"
    assert not any("✂️" in label for label in ada.labels), "its first line is no task"


async def test_a_post_of_a_public_channel_comes_with_its_link(stage: Stage) -> None:
    anna = await stage.started(language="ru")
    channel = {"title": "Новости", "username": "novosti", "message_id": 123, "author": "Ира"}

    await anna.send("Прочитать", forward_from_chat=channel)

    (task,) = await tasks_of(stage, anna)
    assert task.title == "Прочитать"
    first, link = task.description.split("\n")
    assert first.startswith("Переслано от: Новости (Ира), ")
    assert link == "https://t.me/novosti/123"


async def test_a_picture_without_words_is_named_after_who_sent_it(stage: Stage) -> None:
    ada = await stage.started()

    await ada.send(photo=DOT, forward_from="Somebody")

    (task,) = await tasks_of(stage, ada)
    assert task.title == "Photo from Somebody"
    assert task.description.startswith("Forwarded from Somebody, ")


async def test_the_caption_of_a_picture_is_a_task(stage: Stage) -> None:
    ada = await stage.started()

    assert "📌 Frame this" in await ada.send(photo=DOT, caption="Frame this")


async def test_a_picture_without_words_is_not_kept_in_silence(stage: Stage) -> None:
    ada = await stage.started()

    assert "📎 I cannot keep files, only words." in await ada.send(photo=DOT)
    assert "I can only read text so far" in await ada.send(sticker="👍")
    assert await tasks_of(stage, ada) == []


async def test_an_album_is_one_task_and_one_answer(stage: Stage) -> None:
    ada = await stage.started()
    before = len(await ada.messages())

    await ada.send(photo=DOT, caption="Print these", album="a1")
    await stage.sim.control.send(ada.id, photo=DOT, album="a1")
    await stage.sim.control.send(ada.id, photo=DOT, album="a1")
    await stage.handled()

    assert [task.title for task in await tasks_of(stage, ada)] == ["Print these"]
    assert len(await ada.messages()) == before + 4


async def test_an_album_without_words_is_answered_once(stage: Stage) -> None:
    ada = await stage.started()
    before = len(await ada.messages())

    assert "📎" in await ada.send(photo=DOT, album="a1")
    await stage.sim.control.send(ada.id, photo=DOT, album="a1")
    await stage.handled()
    assert len(await ada.messages()) == before + 3

    assert "📎" in await ada.send(photo=DOT, album="a2")


async def test_a_caption_in_the_middle_of_an_album_is_not_lost(stage: Stage) -> None:
    ada = await stage.started()

    await ada.send(photo=DOT, album="a1")
    await ada.send(photo=DOT, caption="Print these", album="a1")

    assert [task.title for task in await tasks_of(stage, ada)] == ["Print these"]


async def test_an_offer_of_an_earlier_release_is_still_answered(stage: Stage) -> None:
    ada = await stage.started()
    offer = int(ada.shown["message_id"])
    kept = {"title": "Buy milk", "description": "2 litres", "prompt": offer}
    await stage.dialogues.write(f"{stage.bot.id}:{ada.id}:{ada.id}", Dialogue(None, kept))

    await ada.press_data("s:take", message_id=offer)
    await ada.press("Keep it")
    await ada.press("No category")
    await ada.press("No deadline")
    assert "📌 Buy milk" in ada.text
    answer = await ada.press_data("s:take", message_id=offer)

    assert answer["text"] == "This is no longer current."


def message(**contents: Any) -> Message:
    sent = {"message_id": 5, "date": NOW, "chat": {"id": 7, "type": "private"}}
    return Message.model_validate(sent | contents)


ORIGINS: list[tuple[dict[str, Any], str]] = [
    (
        {"type": "user", "sender_user": {"id": 8, "is_bot": False, "first_name": "Anna"}},
        "Forwarded from Anna, 14 Mar 03:05",
    ),
    ({"type": "hidden_user", "sender_user_name": "B.\n<O>"}, "Forwarded from B. <O>, 14 Mar 03:05"),
    (
        {"type": "chat", "sender_chat": {"id": -1, "type": "supergroup", "title": "Choir"}},
        "Forwarded from Choir, 14 Mar 03:05",
    ),
    (
        {
            "type": "channel",
            "chat": {"id": -100, "type": "channel", "title": "News"},
            "message_id": 3,
            "author_signature": "Eve",
        },
        "Forwarded from News (Eve), 14 Mar 03:05",
    ),
]


@pytest.mark.parametrize(("origin", "source"), ORIGINS)
async def test_every_kind_of_source_is_named(origin: dict[str, Any], source: str) -> None:
    forwarded = message(text="Read", forward_origin=origin | {"date": "2100-03-14T00:05:00Z"})

    draft = draft_of(forwarded, ENGLISH)

    assert draft is not None
    assert (draft.title, draft.description) == ("Read", source)


@pytest.mark.parametrize(
    ("content", "english", "russian"),
    [
        ("photo", "Photo from Anna", "Фото (Anna)"),
        ("voice", "Voice message from Anna", "Голосовое сообщение (Anna)"),
        ("video_note", "Video message from Anna", "Видеосообщение (Anna)"),
        ("animation", "Animation from Anna", "Анимация (Anna)"),
        ("video", "Video from Anna", "Видео (Anna)"),
        ("audio", "Recording from Anna", "Аудиозапись (Anna)"),
        ("document", "File from plan.pdf, Anna", "Файл (plan.pdf, Anna)"),
    ],
)
async def test_a_file_without_words_is_named_by_its_kind(
    content: str, english: str, russian: str
) -> None:
    file: dict[str, Any] = {"file_id": "a", "file_unique_id": "a", "width": 1, "height": 1}
    file |= {"duration": 1, "length": 1, "file_name": "plan.pdf"}
    sender = {"id": 8, "is_bot": False, "first_name": "Anna"}
    origin = {"type": "user", "sender_user": sender, "date": NOW}
    contents: dict[str, Any] = {content: [file] if content == "photo" else file}
    if content == "animation":
        contents["document"] = file | {"file_name": None}

    forwarded = message(forward_origin=origin, **contents)
    drafts = [draft_of(forwarded, voice) for voice in (ENGLISH, RUSSIAN)]

    assert [draft and draft.title for draft in drafts] == [english, russian]
    assert draft_of(message(**contents), ENGLISH) is None


async def test_a_long_forwarded_story_is_cut_to_what_a_description_takes() -> None:
    origin = {"type": "hidden_user", "sender_user_name": "Bob", "date": NOW}

    draft = draft_of(message(text="я" * 4096, forward_origin=origin), RUSSIAN)

    assert draft is not None
    assert len(draft.description) == DESCRIPTION_LIMIT


@given(st.integers(1, 2**31), st.integers(1, 2**52), st.integers(1, 2**40))
def test_the_key_is_the_messages_own(number: int, chat: int, bot_id: int) -> None:
    own = message(message_id=number, chat={"id": chat, "type": "private"})
    next_one = message(message_id=number + 1, chat={"id": chat, "type": "private"})

    assert key_of(own, bot_id) == key_of(own, bot_id)
    assert len({key_of(own, bot_id), key_of(next_one, bot_id), key_of(own, bot_id + 1)}) == 3
    assert key_of(own, bot_id).datetime == NOW


def test_the_longest_data_fit() -> None:
    Captured(action=CaptureAction.SPLIT, id=ULID(), version=10**9).pack()
    OneAfterAll(id=ULID(), version=10**9, lines=50).pack()
