"""/doctor: for those who are told of trouble, and for nobody else."""

from typing import Any

import pytest
from aiogram import Bot, Dispatcher
from aiogram.methods import SendMessage
from aiogram.types import Update
from attrs import define, field

from support.builders import NOW
from support.core import Core, a_core
from support.recording_session import RecordingSession
from support.simulator import TOKEN
from support.telegram import a_dispatcher
from taskbot.adapters.telegram.examining import OperatorsDoctor
from taskbot.adapters.telegram.texts import doctor as words, start
from taskbot.adapters.telegram.texts.html import MESSAGE_LIMIT, units
from taskbot.adapters.telegram.texts.voice import Voice
from taskbot.application.doctor import (
    Area,
    Diagnosis,
    Problem,
    ProblemKind,
    Reason,
    Report,
    Skipped,
)
from taskbot.domain.user import Language

pytestmark = pytest.mark.anyio

OPERATOR, GROUP = 7, -100123
REPORT = Report(
    at=NOW,
    diagnoses=(
        Diagnosis(area=Area.CONFIGURATION),
        Diagnosis(
            area=Area.SCHEMA,
            problems=(
                Problem(
                    kind=ProblemKind.SCHEMA_BEHIND,
                    values={"found": "<0017>", "needed": "0018"},
                    remedy="taskbot migrate",
                ),
            ),
        ),
        Diagnosis(area=Area.MAIL, skipped=Skipped(reason=Reason.NOT_SET, name="TASKBOT_X")),
    ),
)


class _Doctor:
    async def examine(self) -> Report:
        return REPORT


@define
class _Chat:
    """A dispatcher whose operators are in *operators*."""

    operators: int | None
    core: Core = field(factory=a_core)
    session: RecordingSession = field(factory=RecordingSession)
    number: int = 0
    bot: Bot = field(init=False)
    dispatcher: Dispatcher = field(init=False)

    def __attrs_post_init__(self) -> None:
        doctor = None if self.operators is None else OperatorsDoctor(_Doctor(), self.operators)
        self.bot = Bot(TOKEN, session=self.session)
        self.dispatcher = a_dispatcher(self.core, operators_doctor=doctor)

    async def said(
        self, text: str, *, chat: int, person: int = OPERATOR, language: str = "en"
    ) -> str:
        self.number += 1
        kind = {"type": "private", "first_name": "Ann"} if chat > 0 else {"type": "supergroup"}
        message: dict[str, Any] = {
            "message_id": self.number,
            "date": int(NOW.timestamp()),
            "chat": {"id": chat, "title": "Operators", **kind},
            "from": {
                "id": person,
                "is_bot": False,
                "first_name": "Ann",
                "language_code": language,
            },
            "text": text,
        }
        before = len(self.session.calls)
        update = Update.model_validate({"update_id": self.number, "message": message})
        await self.dispatcher.feed_update(self.bot, update)
        made = [one for one in self.session.calls[before:] if isinstance(one, SendMessage)]
        return "\n".join(one.text for one in made)


async def test_an_operator_is_told_what_is_wrong_and_what_mends_it() -> None:
    said = await _Chat(OPERATOR).said("/doctor", chat=OPERATOR)

    assert said == (
        "🩺 <b>Something does not work.</b>\n\n"
        "❌ <b>schema</b>\n"
        "The schema of the database is at &lt;0017&gt;, and this release needs 0018.\n"
        "It is brought up to date by:\n"
        "<code>taskbot migrate</code>\n\n"
        "✅ configuration\n"
        "➖ mail"
    )


async def test_it_is_said_in_the_persons_language() -> None:
    chat = _Chat(OPERATOR)
    assert "Что-то не работает" in await chat.said("/doctor", chat=OPERATOR, language="ru")


async def test_to_everybody_else_it_is_an_unknown_command() -> None:
    chat = _Chat(OPERATOR)

    said = await chat.said("/doctor", chat=8, person=8)

    assert said == await chat.said("/surgeon", chat=8, person=8)
    assert "do not know this command" in said
    assert said == await _Chat(None).said("/doctor", chat=8, person=8)
    assert "doctor" not in {*start.COMMANDS, *start.WITHOUT_MENU}


async def test_without_a_chat_for_alerts_there_is_no_such_command() -> None:
    assert "do not know this command" in await _Chat(None).said("/doctor", chat=OPERATOR)


@pytest.mark.parametrize("command", ["/doctor", "/doctor@a_taskbot"])
async def test_in_a_group_of_operators_it_works_and_registers_nobody(command: str) -> None:
    chat = _Chat(GROUP)

    said = await chat.said(command, chat=GROUP, language="ru")

    assert "Что-то не работает" in said
    assert await chat.core.queries.user_by_telegram_id(OPERATOR) is None


async def test_a_group_of_operators_is_told_nothing_else() -> None:
    chat = _Chat(GROUP)

    assert "private chat" in await chat.said("/tasks", chat=GROUP)
    assert "private chat" in await chat.said("/doctor@another_bot", chat=GROUP)
    assert await chat.said("the doctor is ill", chat=GROUP) == ""


async def test_of_another_group_and_of_its_own_chat_an_operators_group_says_nothing() -> None:
    chat = _Chat(GROUP)

    assert "private chat" in await chat.said("/doctor", chat=-5)
    assert "do not know this command" in await chat.said("/doctor", chat=OPERATOR)


@pytest.mark.parametrize("language", Language)
def test_every_problem_area_and_reason_can_be_said(language: Language) -> None:
    voice = Voice(language=language, timezone="UTC", now=NOW)
    names = (
        *("name", "reason", "path", "found", "needed", "error", "policy", "status", "seconds"),
        *("other", "wanted", "number", "chat", "minutes", "about"),
    )
    values = dict.fromkeys(names, "x")

    assert set(words.AREAS) == set(Area)
    assert set(words.PROBLEMS) == set(ProblemKind)
    assert set(words.REASONS) == set(Reason)
    for kind in ProblemKind:
        problem = Problem(kind=kind, values=values)
        assert "{" not in words.problem_text(voice, problem)
        assert words.advice_text(voice, problem) != ""
    for reason in Reason:
        assert words.reason_text(voice, Skipped(reason=reason, name="redis"))


@pytest.mark.parametrize("language", Language)
def test_even_if_all_is_wrong_it_fits_into_one_message(language: Language) -> None:
    voice = Voice(language=language, timezone="UTC", now=NOW)
    each = [ProblemKind.DATABASE_AWAY, ProblemKind.WEBHOOK_ELSEWHERE]
    values = dict.fromkeys(("name", "reason", "found", "wanted"), "x" * 40)
    problems = tuple(Problem(kind=kind, values=values, remedy="y" * 60) for kind in each)
    diagnoses = tuple(Diagnosis(area=area, problems=problems[:1]) for area in Area)

    text = words.report_text(voice, Report(at=NOW, diagnoses=diagnoses))

    assert units(text) <= MESSAGE_LIMIT
