"""Which handlers an update can be for at all.

aiogram tries all of them one after the other, more than a hundred for a press: that took longer
than anything else that is done for an update. What a handler's filters demand is looked at once.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeAlias

from aiogram import Router
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.dispatcher.event.handler import FilterObject, HandlerObject
from aiogram.dispatcher.middlewares.manager import MiddlewareManager
from aiogram.filters import Command, StateFilter
from aiogram.filters.callback_data import CallbackQueryFilter
from aiogram.filters.logic import _OrFilter
from aiogram.fsm.state import State
from aiogram.types import CallbackQuery, Message, TelegramObject
from attrs import frozen

_Handle: TypeAlias = Callable[[TelegramObject, dict[str, Any]], Any]
_Key: TypeAlias = tuple[str, str | None, str | None]
"""The kind of update, the command or the prefix of what was pressed, and the step."""

_LOOKED_UP: Final = ("message", "callback_query")
_SEPARATOR: Final = re.compile("[:|]")
"""What stands behind the prefix of what a button carries; the bar where a value has colons."""


@frozen
class Entry:
    """A handler and the middlewares around it."""

    router: Router
    handler: HandlerObject
    handle: _Handle


class Directory(Router):
    """Asks, in their order, those handlers of its routers of which one can be the right one.

    Middlewares outside of handlers and filters of whole routers are not looked at.
    """

    def __init__(self) -> None:
        super().__init__(name="directory")
        self._found: dict[_Key, Sequence[Entry]] = {}
        self._words: dict[str, set[str]] = defaultdict(set)

    async def propagate_event(self, update_type: str, event: TelegramObject, **kwargs: Any) -> Any:
        if update_type not in _LOOKED_UP:
            return await super().propagate_event(update_type, event, **kwargs)
        for entry in self.asked(update_type, _word(event), kwargs.get("raw_state")):
            data = {**kwargs, "event_router": entry.router, "handler": entry.handler}
            is_right, found = await entry.handler.check(event, **data)
            if is_right:
                return await entry.handle(event, data | found)
        return UNHANDLED

    def asked(self, update_type: str, word: str | None, step: str | None) -> Sequence[Entry]:
        """Those of which one takes an update with this *word*, while *step* is open."""
        if not self._words:
            self._learn_words()
        if word not in self._words[update_type]:  # there are many, and all of them mean the same
            word = None
        key = update_type, word, step
        entries = self._found.get(key)
        if entries is None:
            entries = self._found[key] = [
                Entry(router, handler, _surrounded(router, update_type, handler))
                for router, handler in self._handlers(update_type)
                if all(_may_pass(one, word, step) for one in handler.filters or ())
            ]
        return entries

    def _learn_words(self) -> None:
        for update_type in _LOOKED_UP:
            for _, handler in self._handlers(update_type):
                for each in handler.filters or ():
                    self._words[update_type].update(_words_for(each) or ())

    def _handlers(self, update_type: str) -> Iterator[tuple[Router, HandlerObject]]:
        for router in self.chain_tail:
            for handler in router.observers[update_type].handlers:
                yield router, handler


def _surrounded(router: Router, update_type: str, handler: HandlerObject) -> _Handle:
    middlewares = [
        middleware
        for outer in reversed(tuple(router.chain_head))
        for middleware in outer.observers[update_type].middleware
    ]
    return MiddlewareManager.wrap_middlewares(middlewares, handler.call)


def _word(event: TelegramObject) -> str | None:
    """The command that a message begins with; the prefix of what was pressed."""
    if isinstance(event, CallbackQuery):
        return _SEPARATOR.split(event.data or "", maxsplit=1)[0]
    if isinstance(event, Message):  # as aiogram takes a command out of it
        first = (event.text or event.caption or "").split(maxsplit=1)[:1]
        return first[0][1:].partition("@")[0] if first and first[0].startswith("/") else None
    return None


def _may_pass(each: FilterObject, word: str | None, step: str | None) -> bool:
    """Whether *each* can let pass what has *word* and *step*. It can, where we do not know it."""
    known = each.callback
    if isinstance(known, StateFilter):
        return step in _steps_of(known)
    words = _words_for(each)
    return words is None or word in words


def _words_for(each: FilterObject) -> set[str] | None:
    """One of these is needed to pass; None if that cannot be told."""
    known = each.callback
    match known:
        case CallbackQueryFilter():
            return {known.callback_data.__prefix__}
        case Command(prefix="/", ignore_case=False, commands=commands):
            words = {each for each in commands if isinstance(each, str)}
            return words if len(words) == len(commands) else None
        case _OrFilter():
            all_words = [_words_for(one) for one in known.targets]
            return None if None in all_words else set[str]().union(*filter(None, all_words))
        case _:
            return None


def _steps_of(known: StateFilter) -> set[str | None]:
    steps = set[str | None]()
    for one in known.states:
        match one:
            case None | str():
                steps.add(one)
            case State():
                steps.add(one.state)
            case _:
                group = one if isinstance(one, type) else type(one)
                steps.update(group.__all_states_names__)
    return steps
