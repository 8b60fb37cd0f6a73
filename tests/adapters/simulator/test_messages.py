"""What a bot may write to a chat, and Telegram's words where it may not."""

from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from hypothesis import HealthCheck, given, settings, strategies as st

from support.simulator import RunningSimulator, SettableClock

pytestmark = pytest.mark.anyio


def one_button(**button: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Go", **button)]])


def reason(error: pytest.ExceptionInfo[TelegramAPIError]) -> str:
    return error.value.message


async def test_a_message_arrives_as_it_was_formatted(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    sent = await bot.send_message(
        ada,
        "<b>Milk</b> &lt;3 <i>today</i>",
        parse_mode="HTML",
        reply_markup=one_button(callback_data="done"),
    )

    shown = await sim.control.last(ada)
    assert sent.html_text == "<b>Milk</b> &lt;3 <i>today</i>"
    assert sent.from_user is not None
    assert sent.from_user.id == bot.id
    assert shown["message_id"] == sent.message_id
    assert shown["from"] == "bot"
    assert shown["text"] == "Milk <3 today"
    assert shown["html"] == "<b>Milk</b> &lt;3 <i>today</i>"
    assert shown["buttons"] == [[{"text": "Go", "data": "done"}]]


async def test_explicit_entities_are_taken(sim: RunningSimulator, bot: Bot, ada: int) -> None:
    bold = MessageEntity(type="bold", offset=2, length=4)

    sent = await bot.send_message(ada, "👍 Milk", entities=[bold], parse_mode=None)

    assert sent.entities is not None
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [("bold", 2, 4)]
    assert (await sim.control.last(ada))["html"] == "👍<b> Mil</b>k"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Bad Request: message text is empty"),
        (" \n\u200b", "Bad Request: message text is empty"),
        ("<b> </b>", "Bad Request: message text is empty"),
        ("x" * 4097, "Bad Request: message is too long"),
        ("🏟" * 2049, "Bad Request: message is too long"),
        ("x" * 32_769, "Bad Request: text is too long"),
        (
            "привет <br>",
            'Bad Request: can\'t parse entities: Unsupported start tag "br" at byte offset 13',
        ),
        (
            "<b>x",
            (
                "Bad Request: can't parse entities: "
                'Can\'t find end tag corresponding to start tag "b"'
            ),
        ),
    ],
)
async def test_a_text_that_telegram_refuses_is_refused(
    bot: Bot, ada: int, text: str, words: str
) -> None:
    with pytest.raises(TelegramBadRequest) as refused:
        await bot.send_message(ada, text, parse_mode="HTML")

    assert reason(refused) == words


@pytest.mark.parametrize("text", ["x" * 4096, "🏟" * 2048, "<b>" + "x" * 4096 + "</b>"])
async def test_4096_characters_after_parsing_are_not_too_long(
    sim: RunningSimulator, bot: Bot, ada: int, text: str
) -> None:
    await bot.send_message(ada, text, parse_mode="HTML")

    assert (await sim.control.last(ada))["from"] == "bot"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=80))
async def test_any_visible_text_arrives_as_it_was(
    sim: RunningSimulator, bot: Bot, ada: int, text: str
) -> None:
    sent = await bot.send_message(ada, f"«{text}»")

    assert sent.text == f"«{text}»"
    assert (await sim.control.last(ada))["text"] == sent.text


async def test_an_unknown_parse_mode_is_refused(bot: Bot, ada: int) -> None:
    with pytest.raises(TelegramBadRequest) as unknown:
        await bot.send_message(ada, "x", parse_mode="BBCode")
    with pytest.raises(TelegramBadRequest) as markdown:
        await bot.send_message(ada, "x", parse_mode="MarkdownV2")

    assert reason(unknown) == "Bad Request: unsupported parse_mode"
    assert "parse_mode HTML only" in reason(markdown)


async def test_a_stranger_is_no_chat(sim: RunningSimulator, bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest) as refused:
        await bot.send_message(999, "x")
    with pytest.raises(TelegramBadRequest) as named:
        await bot.send_message("@ada_l", "x")

    assert reason(refused) == reason(named) == "Bad Request: chat not found"


async def test_who_never_pressed_start_cannot_be_written_to(
    sim: RunningSimulator, bot: Bot
) -> None:
    bob = await sim.control.person(8, "Bob")

    with pytest.raises(TelegramForbiddenError) as refused:
        await bot.send_message(bob, "x")

    assert reason(refused) == "Forbidden: bot can't initiate conversation with a user"


async def test_who_blocked_the_bot_is_reachable_again_after_unblocking(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await sim.control.block(ada)
    with pytest.raises(TelegramForbiddenError) as refused:
        await bot.send_message(ada, "x")

    await sim.control.unblock(ada)

    assert reason(refused) == "Forbidden: bot was blocked by the user"
    assert (await bot.send_message(ada, "x")).text == "x"


async def test_a_deleted_account_cannot_be_written_to(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await sim.control.deactivate(ada)

    with pytest.raises(TelegramForbiddenError) as refused:
        await bot.send_message(ada, "x")

    assert reason(refused) == "Forbidden: user is deactivated"


@pytest.mark.parametrize("data", ["x" * 65, "я" * 33])
async def test_more_than_64_bytes_of_callback_data_are_refused(
    bot: Bot, ada: int, data: str
) -> None:
    with pytest.raises(TelegramBadRequest) as refused:
        await bot.send_message(ada, "x", reply_markup=one_button(callback_data=data))

    assert reason(refused) == "Bad Request: BUTTON_DATA_INVALID"


async def test_64_bytes_of_callback_data_are_accepted(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await bot.send_message(ada, "x", reply_markup=one_button(callback_data="я" * 32))

    assert (await sim.control.last(ada))["buttons"] == [[{"text": "Go", "data": "я" * 32}]]


@pytest.mark.parametrize("url", ["http://localhost:8080/", "nonsense", "ftp://a.b/", "http://"])
async def test_a_button_must_lead_somewhere(bot: Bot, ada: int, url: str) -> None:
    with pytest.raises(TelegramBadRequest) as refused:
        await bot.send_message(ada, "x", reply_markup=one_button(url=url))

    assert reason(refused).startswith(
        f"Bad Request: inline keyboard button URL '{url}' is invalid: "
    )


async def test_an_inline_button_must_do_something(bot: Bot, ada: int) -> None:
    with pytest.raises(TelegramBadRequest) as refused:
        await bot.send_message(ada, "x", reply_markup=one_button())

    assert reason(refused).endswith("Text buttons are unallowed in the inline keyboard")


async def test_a_reply_keyboard_stays_until_it_is_removed(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    keyboard = ReplyKeyboardMarkup(
        keyboard=[
            [KeyboardButton(text="Today"), KeyboardButton(text="Where", request_location=True)]
        ],
        input_field_placeholder="When?",
    )
    await bot.send_message(ada, "When?", reply_markup=keyboard)
    shown = await sim.control.request("GET", f"/sim/persons/{ada}")
    await bot.send_message(ada, "And?", reply_markup=ForceReply())
    await bot.send_message(ada, "Thanks", reply_markup=ReplyKeyboardRemove())

    gone = await sim.control.request("GET", f"/sim/persons/{ada}")

    assert shown["keyboard"]["buttons"] == [
        [{"text": "Today"}, {"text": "Where", "request_location": True}]
    ]
    assert shown["keyboard"]["placeholder"] == "When?"
    assert gone["keyboard"] is None


async def test_a_reply_shows_what_it_replies_to(sim: RunningSimulator, bot: Bot, ada: int) -> None:
    first = await bot.send_message(ada, "one")

    second = await bot.send_message(
        ada, "two", reply_parameters=ReplyParameters(message_id=first.message_id)
    )
    with pytest.raises(TelegramBadRequest) as refused:
        await bot.send_message(ada, "x", reply_parameters=ReplyParameters(message_id=99))

    assert second.reply_to_message is not None
    assert second.reply_to_message.text == "one"
    assert (await sim.control.last(ada))["reply_to"] == first.message_id
    assert reason(refused) == "Bad Request: message to be replied not found"


async def test_an_edit_changes_text_and_takes_the_buttons_away(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    sent = await bot.send_message(ada, "one", reply_markup=one_button(callback_data="a"))

    edited = await bot.edit_message_text("<b>two</b>", None, ada, sent.message_id, None, "HTML")

    shown = await sim.control.last(ada)
    assert not isinstance(edited, bool)
    assert edited.edit_date is not None
    assert shown["html"] == "<b>two</b>"
    assert shown["buttons"] == []
    assert shown["edit_date"] is not None
    assert shown["revision"] > 2


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, ada: int) -> None:
    markup = one_button(callback_data="a")
    sent = await bot.send_message(ada, "<b>one</b>", parse_mode="HTML", reply_markup=markup)

    with pytest.raises(TelegramBadRequest) as refused:
        await sent.edit_text("<b>one</b> ", parse_mode="HTML", reply_markup=markup)
    with pytest.raises(TelegramBadRequest) as refused_markup:
        await sent.edit_reply_markup(reply_markup=markup)

    assert reason(refused) == reason(refused_markup)
    assert reason(refused) == (
        "Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )


async def test_buttons_can_be_changed_alone(sim: RunningSimulator, bot: Bot, ada: int) -> None:
    sent = await bot.send_message(ada, "one", reply_markup=one_button(callback_data="a"))

    await sent.edit_reply_markup(reply_markup=one_button(url="https://example.org"))

    shown = await sim.control.last(ada)
    assert shown["text"] == "one"
    assert shown["buttons"] == [[{"text": "Go", "url": "https://example.org/"}]]


async def test_only_the_bots_own_living_messages_can_be_edited(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    foreign = await sim.control.send(ada, "mine")
    deleted = await bot.send_message(ada, "gone")
    await deleted.delete()
    with_keyboard = await bot.send_message(ada, "x", reply_markup=ForceReply())

    refusals = []
    for message_id in (foreign, deleted.message_id, 999, with_keyboard.message_id):
        with pytest.raises(TelegramBadRequest) as refused:
            await bot.edit_message_text("new", chat_id=ada, message_id=message_id)
        refusals.append(reason(refused))

    assert refusals == [
        "Bad Request: message can't be edited",
        "Bad Request: message to edit not found",
        "Bad Request: message to edit not found",
        "Bad Request: message can't be edited",
    ]


async def test_a_message_of_another_chat_cannot_be_edited_or_deleted(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    bob = await sim.control.person(8, "Bob")
    await sim.control.send(bob, "/start")
    sent = await bot.send_message(bob, "for Bob")

    with pytest.raises(TelegramBadRequest) as edit:
        await bot.edit_message_text("new", chat_id=ada, message_id=sent.message_id)
    with pytest.raises(TelegramBadRequest) as deletion:
        await bot.delete_message(ada, sent.message_id)

    assert reason(edit) == "Bad Request: message to edit not found"
    assert reason(deletion) == "Bad Request: message to delete not found"


async def test_a_deleted_message_is_shown_as_deleted(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    sent = await bot.send_message(ada, "one")

    await bot.delete_message(ada, sent.message_id)
    with pytest.raises(TelegramBadRequest) as refused:
        await bot.delete_message(ada, sent.message_id)

    assert (await sim.control.last(ada))["deleted"]
    assert reason(refused) == "Bad Request: message to delete not found"


async def test_a_bot_may_delete_what_the_person_wrote(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    message_id = await sim.control.send(ada, "secret")

    await bot.delete_messages(ada, [message_id, 999])

    assert (await sim.control.last(ada))["deleted"]


async def test_a_message_older_than_48_hours_cannot_be_deleted(
    bot: Bot, ada: int, clock: SettableClock
) -> None:
    sent = await bot.send_message(ada, "old")
    clock.now += timedelta(hours=48)

    with pytest.raises(TelegramBadRequest) as refused:
        await sent.delete()

    assert reason(refused) == "Bad Request: message can't be deleted for everyone"


async def test_typing_is_seen_until_the_message_comes(
    sim: RunningSimulator, bot: Bot, ada: int
) -> None:
    await bot.send_chat_action(ada, "typing")
    during = await sim.control.request("GET", f"/sim/persons/{ada}")
    await bot.send_message(ada, "x")
    after = await sim.control.request("GET", f"/sim/persons/{ada}")

    with pytest.raises(TelegramBadRequest) as refused:
        await bot.send_chat_action(ada, "dancing")

    assert (during["typing"], after["typing"]) == (True, False)
    assert reason(refused) == "Bad Request: wrong parameter action in request"


async def test_a_reaction_is_seen(sim: RunningSimulator, bot: Bot, ada: int) -> None:
    message_id = await sim.control.send(ada, "done!")

    await bot.set_message_reaction(ada, message_id, [ReactionTypeEmoji(emoji="👍")])

    assert (await sim.control.last(ada))["reactions"] == ["👍"]


async def test_a_keyboard_without_buttons_is_refused(bot: Bot, ada: int) -> None:
    with pytest.raises(TelegramBadRequest) as refused:
        await bot.send_message(ada, "x", reply_markup=ReplyKeyboardMarkup(keyboard=[[]]))

    assert reason(refused) == "Bad Request: there is no keyboard buttons in the request"


async def test_more_than_100_buttons_are_refused(bot: Bot, ada: int) -> None:
    row = [InlineKeyboardButton(text="x", callback_data="x")] * 101

    with pytest.raises(TelegramBadRequest) as refused:
        await bot.send_message(ada, "x", reply_markup=InlineKeyboardMarkup(inline_keyboard=[row]))

    assert reason(refused) == "Bad Request: reply markup is too long"


async def test_a_button_needs_a_text(bot: Bot, ada: int) -> None:
    inline = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=" ", callback_data="x")]]
    )
    reply = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text=" ")]])

    for markup in (inline, reply):
        with pytest.raises(TelegramBadRequest):
            await bot.send_message(ada, "x", reply_markup=markup)


async def test_a_mention_of_a_person_carries_who_that_is(bot: Bot, ada: int) -> None:
    sent = await bot.send_message(
        ada,
        '<a href="tg://user?id=7">you</a> and <a href="tg://user?id=8">somebody</a>',
        parse_mode="HTML",
        reply_markup=one_button(url="tg://user?id=7"),
    )

    assert sent.entities is not None
    known, unknown = (entity.user for entity in sent.entities)
    assert known is not None
    assert known.username == "ada_l"
    assert unknown is not None
    assert unknown.id == 8


async def test_entities_that_lead_nowhere_are_left_out(bot: Bot, ada: int) -> None:
    sent = await bot.send_message(
        ada,
        "some text",
        entities=[
            MessageEntity(type="text_mention", offset=0, length=4),
            MessageEntity(type="custom_emoji", offset=0, length=4),
            MessageEntity(type="text_link", offset=0, length=4, url="javascript:x"),
            MessageEntity(type="no_such_type", offset=0, length=4),
            MessageEntity(type="bold", offset=100, length=4),
        ],
        parse_mode=None,
    )

    assert sent.entities is None


async def test_a_reply_to_a_missing_message_may_be_sent_without_it(bot: Bot, ada: int) -> None:
    parameters = ReplyParameters(message_id=99, allow_sending_without_reply=True)

    sent = await bot.send_message(ada, "x", reply_parameters=parameters)

    assert sent.reply_to_message is None
