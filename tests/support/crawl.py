"""Presses whatever can be pressed, from the bot's commands on, and judges every screen.

Nothing here lists buttons: what a feature shows is what is pressed. Screens are told apart by their
words and buttons, without what is one person's own (titles, ids, dates, numbers).
"""

import logging
import re
from collections import Counter, deque
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final, TypeAlias

from attrs import define, field, frozen
from babel.dates import get_day_names, get_month_names

from support.chats import Chats, Checkpoint, Outcome
from taskbot.adapters.telegram.texts import start, trouble
from taskbot.adapters.telegram.texts.catalogue import translations
from taskbot.domain.user import Language

PERSON: Final = 7
ALIKE: Final = 4
"""So many buttons that carry the same kind of data are pressed on one screen."""
OF_A_KIND: Final = 3
"""So many screens with buttons of the same kinds are gone on from, each with other words."""
TYPED: Final = {
    Language.ENGLISH: ("Buy milk", "tomorrow 18:00"),
    Language.RUSSIAN: ("Купить молоко", "завтра 18:00"),
}
"""What is answered wherever the bot waits for words."""
FORWARDED: Final = {"type": "hidden_user", "date": 1, "sender_user_name": "Bob"}
LOCATION: Final = {"latitude": 55.75, "longitude": 37.62}

Screen: TypeAlias = tuple[Any, ...]
Kind: TypeAlias = tuple[Any, ...]

_OWN_WORDS: Final = re.compile("\u2068[^\u2069]*\u2069")
_ULID: Final = re.compile(r"\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b")
_NUMBER: Final = re.compile(r"\d+")
_COMMAND: Final = re.compile(r"(?<![\w/])/[a-z_]{2,}")
_PLACEHOLDER: Final = re.compile(r"\{\w*\}")
_WORD: Final = re.compile(r"[a-z0-9#]*", re.IGNORECASE)
_SEPARATOR: Final = re.compile(r"[:|]")


def _names_of_days(locale: str) -> Iterator[str]:
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            yield from get_month_names(width, context=context, locale=locale).values()
            yield from get_day_names(width, context=context, locale=locale).values()


_DATE: Final = {
    language: re.compile(
        r"\b("
        + "|".join(sorted(map(re.escape, set(_names_of_days(locale))), key=len, reverse=True))
        + r")(?!\w)",
        re.IGNORECASE,
    )
    for language, locale in {Language.ENGLISH: "en_GB", Language.RUSSIAN: "ru"}.items()
}


def _literals(message: str, language: Language) -> list[str]:
    """The longest part of *message*, in that language, that is the same whatever it is about."""
    text = translations(language).gettext(message)
    return [max(_PLACEHOLDER.split(text), key=len)]


@frozen
class Words:
    """What the bot says in one language when something is wrong."""

    broken: list[str]
    dead_button: list[str]
    refusals: list[str]

    @classmethod
    def of(cls, language: Language) -> "Words":
        refusals = [
            part for said in trouble.REFUSALS.values() for part in _literals(said, language)
        ]
        broken = [*_literals(trouble.BROKEN, language), *_literals(trouble.STORAGE_AWAY, language)]
        return cls(broken, _literals(trouble.OLD_BUTTON, language), refusals)


@frozen
class Act:
    """Something that a person does, or that happens to them.

    *label* is the button's own; without data it is a message, *contents*, or time that passes.
    """

    name: str
    label: str = ""
    kind: str = ""
    contents: dict[str, Any] = field(factory=dict)
    duration: timedelta = timedelta(0)

    async def on(self, chats: Chats, seen: Outcome) -> Outcome:
        if self.kind:
            for message_id, button in seen.buttons:
                if button["text"] == self.label and normalized_data(button["data"]) == self.kind:
                    return await chats.press(PERSON, message_id, button["data"])
            raise AssertionError(f"the button {self.label!r} is gone")
        if self.duration:
            return await chats.time_passes(self.duration, PERSON)
        return await chats.send(PERSON, **self.contents)


def normalized_data(data: str) -> str:
    """What a button carries, without whom and when it is about."""
    parts = _SEPARATOR.split(_NUMBER.sub("9", _ULID.sub("#", data)))
    return ":".join(part if _WORD.fullmatch(part) else "*" for part in parts)


def _kinds_of_buttons(outcome: Outcome) -> tuple[str, ...]:
    return tuple(sorted({normalized_data(button["data"]) for _, button in outcome.buttons}))


def roots(language: Language) -> list[Act]:
    """How a person comes to the first screens; the rest is found by pressing."""
    says = list(dict.fromkeys(["/start", "/help", *(f"/{name}" for name in start.COMMANDS)]))
    title, _ = TYPED[language]
    texts = [*says, "/start payload", "/nonsense", title, f"{title}\n{title} 2"]
    return [
        *(Act(text, contents={"text": text}) for text in texts),
        Act("(a place)", contents={"location": LOCATION}),
        Act("(forwards)", contents={"text": title, "forward_origin": FORWARDED}),
        Act("(waits until one reminder comes)", duration=timedelta(hours=2, minutes=1)),
        Act("(waits until several come)", duration=timedelta(days=1)),
    ]


@frozen
class Place:
    """A screen, and how to get there."""

    path: tuple[Act, ...]
    outcome: Outcome
    checkpoint: Checkpoint


@define
class Crawl:
    """Breadth first, *depth* acts at most; `problems` is what was found wrong.

    *leave*: the kinds of buttons that are not pressed.
    """

    chats: Chats
    language: Language
    logged: list[logging.LogRecord]
    depth: int
    most_acts: int
    leave: frozenset[str] = frozenset()
    acts: int = 0
    is_complete: bool = True
    screens: dict[Screen, tuple[Act, ...]] = field(factory=dict)
    problems: list[str] = field(factory=list)
    _words: Words = field(init=False)
    _found: Counter[str] = field(factory=Counter)
    _kinds: Counter[Kind] = field(factory=Counter)

    def __attrs_post_init__(self) -> None:
        self._words = Words.of(self.language)

    async def run(self) -> None:
        begin = Place((), Outcome(), await self.chats.checkpoint(PERSON))
        places = deque([begin])
        while places:
            place = places.popleft()
            for act in await self._acts_at(place):
                if self.acts >= self.most_acts:
                    self.is_complete = False
                    return
                if (found := await self._follow(place, act)) is not None:
                    places.append(found)

    async def _acts_at(self, place: Place) -> list[Act]:
        if not place.path:
            return roots(self.language)
        acts, alike = dict[tuple[str, str], Act](), Counter[str]()
        for _, button in place.outcome.buttons:
            kind, label = normalized_data(button["data"]), button["text"]
            seen_as = kind, self._normalized(label)
            if kind not in self.leave and seen_as not in acts and alike[kind] < ALIKE:
                alike[kind] += 1
                acts[seen_as] = Act(f"[{label}]", label=label, kind=kind)
        typed = []
        await self.chats.go_back_to(place.checkpoint)
        if await self.chats.open_question(PERSON) is not None:
            typed = [Act(repr(text), contents={"text": text}) for text in TYPED[self.language]]
        return [*acts.values(), *typed]

    async def _follow(self, place: Place, act: Act) -> Place | None:
        """Act there; judge what comes of it, and give it as a place if it is worth going on."""
        await self.chats.go_back_to(place.checkpoint)
        self.logged.clear()
        self.acts += 1
        path = (*place.path, act)
        try:
            outcome = await act.on(self.chats, place.outcome)
        except Exception as error:  # noqa: BLE001 - whatever it is, the way to it is worth telling
            self._note(f"{type(error).__name__}: {error}", path, place.outcome)
            return None
        question = await self.chats.open_question(PERSON)
        for problem in self._judge(act, outcome, asks=question is not None):
            self._note(problem, path, outcome)
        screen, kind = self._screen_of(outcome), (question, _kinds_of_buttons(outcome))
        if not screen or screen in self.screens:
            return None
        self.screens[screen] = path
        self._kinds[kind] += 1
        if self._kinds[kind] > OF_A_KIND or len(path) >= self.depth:
            return None
        return Place(path, outcome, await self.chats.checkpoint(PERSON))

    def _screen_of(self, outcome: Outcome) -> Screen:
        return tuple(
            (self._normalized(message["text"]), bool(message["photo"]), bool(message["document"]))
            for message in outcome.shown
        ) + _kinds_of_buttons(outcome)

    def _normalized(self, text: str) -> str:
        text = _NUMBER.sub("9", _ULID.sub("#", _OWN_WORDS.sub("…", text)))
        return _DATE[self.language].sub("D", text)

    def _judge(self, act: Act, outcome: Outcome, *, asks: bool) -> Iterator[str]:
        if act.kind:
            if len(outcome.answers) != 1:
                yield f"the press was answered {len(outcome.answers)} times"
            if not (outcome.said or outcome.touched or outcome.is_unchanged):
                yield "nothing happened after the press"
        elif not outcome.shown:
            yield "silence"
        yield from outcome.broken_limits()
        said = "\n".join(outcome.said)
        if any(words in said for words in self._words.broken):
            yield "something went wrong"
        if any(words in said for words in self._words.dead_button):
            yield "a button that was just shown is dead"
        if found := _PLACEHOLDER.search(_OWN_WORDS.sub("", said)):
            yield f"a placeholder was left: {found.group()}"
        for record in self.logged:
            yield f"logged: {record.levelname}: {record.getMessage()}"
        yield from self._dead_ends(outcome, asks=asks)

    def _dead_ends(self, outcome: Outcome, *, asks: bool) -> Iterator[str]:
        """A screen that asks or refuses has a button, or names a command."""
        if not outcome.shown or any(one["buttons"] or one["keyboard"] for one in outcome.shown):
            return
        text = "\n".join(message["text"] for message in outcome.shown)
        refuses = any(words in text for words in self._words.refusals)
        is_asking = asks or "?" in _OWN_WORDS.sub("", text)
        if (is_asking or refuses) and not _COMMAND.search(text):
            yield "a dead end: it asks or refuses, and offers neither a button nor a command"

    def _note(self, problem: str, path: tuple[Act, ...], outcome: Outcome) -> None:
        """Keep the first few of each kind of problem, with the way to it."""
        self._found[problem] += 1
        if self._found[problem] <= 2:
            way = " → ".join(act.name for act in path)
            self.problems.append(f"{problem}\n  after: {way}\n{outcome}")
