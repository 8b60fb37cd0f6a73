"""Whatever two people write and press in whatever order: the bot keeps its manners."""

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, Final, TypeVar

import pytest
from hypothesis import Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from support.chats import Outcome, open_chats
from support.crawl import FORWARDED, LOCATION, Words
from taskbot.adapters.simulator.refusals import ControlRefusal
from taskbot.adapters.telegram.texts import create as create_words, start
from taskbot.adapters.telegram.texts.catalogue import translations
from taskbot.application.task_commands import CreateTask
from taskbot.domain.deadline import TimedDeadline
from taskbot.domain.task import Task
from taskbot.domain.user import Language

pytestmark = [pytest.mark.no_cover, pytest.mark.slow]

_T = TypeVar("_T")

LANGUAGES: Final = {7: Language.ENGLISH, 8: Language.RUSSIAN}
MARKS: Final = {7: "ada-", 8: "ben-"}
"""In everything that one of them makes up, so that it is known whose it is."""
STICKER: Final = {
    "file_id": "s",
    "file_unique_id": "s",
    "type": "regular",
    "width": 1,
    "height": 1,
    "is_animated": False,
    "is_video": False,
    "emoji": "👍",
}
MINUTE: Final = timedelta(minutes=1)

people = st.sampled_from(sorted(LANGUAGES))
numbers = st.integers(0, 10_000)
commands = st.sampled_from(
    ["/start", "/help", "/wat", "/start payload", *(f"/{name}" for name in start.COMMANDS)]
)
answers = st.sampled_from(
    ["tomorrow 18:00", "завтра 18:00", "18:00", "31.02", "через 2 часа", "Berlin", "🏠", "-", "1"]
)
own_words = st.one_of(
    st.sampled_from(["milk", "<b>&", "\u202eback", "{title} %s", "один\nдва\nтри", "x" * 300]),
    st.text(max_size=30),
    st.text(min_size=1, max_size=3).map(lambda text: text * 1500),
)


class _Log(logging.Handler):
    """Keeps what is worth a warning."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(f"{record.levelname}: {record.getMessage()}")


class BotMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.resources = contextlib.AsyncExitStack()
        self.chats = self.run(self.resources.enter_async_context(open_chats()))
        self.log = _Log()
        logging.getLogger().addHandler(self.log)
        self.words = {one: Words.of(language) for one, language in LANGUAGES.items()}
        self.seen: dict[int, list[tuple[int, str]]] = {one: [] for one in LANGUAGES}
        self.is_restarted = False

    def teardown(self) -> None:
        logging.getLogger().removeHandler(self.log)
        self.run(self.resources.aclose())
        self.runner.close()

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        return self.runner.run(work)

    @initialize()
    def both_start(self) -> None:
        for person, language in LANGUAGES.items():
            self.chats.add_person(person, MARKS[person], language.value)
            self.says(person, "/start")
            self.run(self.settle(person))

    async def settle(self, person: int) -> None:
        me, core, mark = self.chats.user_of(person), self.chats.core, MARKS[person]
        home = await core.categories.create(f"{mark}home", emoji="🏠", actor=me.id)
        soon = TimedDeadline(core.clock.now() + 90 * MINUTE, me.timezone)
        for number in range(2):
            await core.tasks.create(
                CreateTask(
                    actor=me.id,
                    title=f"{mark}task {number}",
                    category_id=home.id if number else None,
                    deadline=soon if number else None,
                )
            )

    @rule(
        person=people,
        begin=st.sampled_from(["/tasks", "/create", "/categories"]) | commands,
        choices=st.lists(numbers | st.just("words"), min_size=2, max_size=7),
    )
    def wanders_about(self, person: int, begin: str, choices: list[int | str]) -> None:
        """Press one button after the other, or answer, each under what the last one showed."""
        outcome = self.says(person, begin)
        for choice in choices:
            if outcome is None or not outcome.buttons:
                return
            if isinstance(choice, str):
                outcome = self.says(person, MARKS[person] + choice)
            else:
                message_id, button = outcome.buttons[choice % len(outcome.buttons)]
                outcome = self.presses(person, message_id, button["data"])

    @rule(person=people, command=commands)
    def sends_a_command(self, person: int, command: str) -> None:
        self.says(person, command)

    @rule(person=people, text=answers)
    def answers_a_question(self, person: int, text: str) -> None:
        self.says(person, text)

    @rule(person=people, text=own_words)
    def writes(self, person: int, text: str) -> None:
        self.says(person, MARKS[person] + text)

    @rule(person=people, kind=st.sampled_from(["photo", "caption", "place", "sticker", "forward"]))
    def sends_something_else(self, person: int, kind: str) -> None:
        own, chats = f"{MARKS[person]}{kind}", self.chats
        match kind:
            case "photo":
                sent = chats.send_photo(person)
            case "caption":
                sent = chats.send_photo(person, own)
            case "place":
                sent = chats.send(person, location=LOCATION)
            case "sticker":
                sent = chats.send(person, sticker=STICKER)
            case _:
                sent = chats.send(person, own, forward_origin=FORWARDED)
        self.judge_message(person, sent)

    @rule(person=people, number=numbers)
    def presses_what_is_shown(self, person: int, number: int) -> None:
        """One of the newest buttons, most of all."""
        shown = [
            (message.message_id, button["callback_data"])
            for message in self.chats.account.transcript(person)
            if not message.is_deleted
            for row in message.inline_keyboard or []
            for button in row
            if "callback_data" in button
        ]
        if shown:
            self.presses(person, *shown[-1 - number % min(len(shown), 30)])

    @rule(person=people, number=numbers)
    def presses_what_was_shown_once(self, person: int, number: int) -> None:
        if every := self.seen[person]:
            self.presses(person, *every[number % len(every)])

    @precondition(lambda self: all(self.seen.values()))
    @rule(person=people, number=numbers)
    def forges_a_button_of_the_other(self, person: int, number: int) -> None:
        (other,) = LANGUAGES.keys() - {person}
        _, data = self.seen[other][number % len(self.seen[other])]
        message_id, _ = self.seen[person][-1]
        self.presses(person, message_id, data)

    @precondition(lambda self: all(self.seen.values()))
    @rule(person=people, data=st.text(min_size=1, max_size=16))
    def forges_a_button(self, person: int, data: str) -> None:
        self.presses(person, self.seen[person][-1][0], data)

    @rule(
        what=st.sampled_from(["time", "time", "a restart", "a block", "an echo"]),
        person=people,
        minutes=st.sampled_from([1, 10, 61, 24 * 60, 9 * 24 * 60]) | st.integers(1, 3000),
    )
    def something_happens(self, what: str, person: int, minutes: int) -> None:
        before = self.tasks()
        match what:
            case "time":
                passing = self.chats.time_passes(minutes * MINUTE, person)
                for one, outcome in self.at_once(passing).items():
                    self.look_at(one, outcome)
            case "a block":
                self.look_at(person, self.run(self.chats.block_and_return(person)))
            case "an echo":
                outcome = self.run(self.chats.redeliver(person))
                assert outcome == Outcome(), f"the same update had an effect twice:\n{outcome}"
            case _ if not self.is_restarted:  # once: it takes as long as several acts
                self.chats.restart_bot()
                self.is_restarted = True
        assert self.tasks() == before

    def at_once(self, act: Coroutine[Any, Any, Outcome]) -> dict[int, Outcome]:
        """What *act* brings about for everybody."""
        before = self.chats.account.next_revision
        self.run(act)
        return {person: self.chats.outcome_of(person, before) for person in LANGUAGES}

    def says(self, person: int, text: str) -> Outcome | None:
        return self.judge_message(person, self.chats.send(person, text))

    def judge_message(self, person: int, act: Coroutine[Any, Any, Outcome]) -> Outcome | None:
        try:
            return self.judge(person, act, is_press=False)
        except ControlRefusal:  # nobody can send a text without a letter
            return None

    def presses(self, person: int, message_id: int, data: str) -> Outcome:
        return self.judge(person, self.chats.press(person, message_id, data), is_press=True)

    def judge(self, person: int, act: Coroutine[Any, Any, Outcome], *, is_press: bool) -> Outcome:
        tasks, categories = self.tasks(), len(self.chats.core.database.tables.categories)

        everybodys = self.at_once(act)

        outcome = everybodys.pop(person)
        self.look_at(person, outcome)
        if is_press:
            assert len(outcome.answers) == 1, f"{len(outcome.answers)} answers to a press"
            is_seen = outcome.said or outcome.touched or outcome.is_unchanged
            assert is_seen, "nothing happened after a press"
        else:
            assert outcome.shown, "silence"
        assert not any(one.shown for one in everybodys.values()), "the other one was told of it"
        self.compare(person, outcome, tasks, is_press=is_press)
        saved = translations(LANGUAGES[person]).gettext("🎉 The category is saved: {name}")
        if saved.partition("{")[0] in "\n".join(outcome.said):
            assert len(self.chats.core.database.tables.categories) == categories + 1
        return outcome

    def compare(
        self, person: int, outcome: Outcome, before: dict[Any, Task], *, is_press: bool
    ) -> None:
        """The number of tasks changes by what the person is told, and as they are told."""
        now, said = self.tasks(), "\n".join(outcome.said)
        new = [task for task_id, task in now.items() if task_id not in before]
        gone = [task for task_id, task in before.items() if task_id not in now]
        assert all(task.owner_id == self.chats.user_of(person).id for task in (*new, *gone))
        if new:
            is_told = any(task.title[:20] in said for task in new) or str(len(new)) in said
            assert is_told, f"{len(new)} tasks were made without a word:\n{outcome}"
        if gone:
            assert is_press, f"{len(gone)} tasks went without a press:\n{outcome}"
            assert "🗑" in said or "↩" in said, f"{len(gone)} tasks went silently:\n{outcome}"
        created = translations(LANGUAGES[person]).gettext(create_words.CREATED)
        if created in said and created not in {one.title for one in now.values()}:
            assert new, f"a task was said to be saved, which is not there:\n{outcome}"

    def look_at(self, person: int, outcome: Outcome) -> None:
        said = "\n".join(outcome.said)
        assert self.log.records == [], f"{self.log.records}\n{outcome}"
        assert not outcome.broken_limits(), f"{outcome.broken_limits()}\n{outcome}"
        for words in self.words.values():  # they may have changed their language
            assert not any(part in said for part in words.broken), f"it broke:\n{outcome}"
        (others,) = (mark for one, mark in MARKS.items() if one != person)
        assert others not in f"{outcome}", f"{MARKS[person]} sees what is {others}:\n{outcome}"
        self.seen[person] += [(one, button["data"]) for one, button in outcome.buttons]

    def tasks(self) -> dict[Any, Task]:
        return dict(self.chats.core.database.tables.tasks)


TestBot = BotMachine.TestCase
# Without making a failure shorter: that takes minutes, and so few steps can be read.
TestBot.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
