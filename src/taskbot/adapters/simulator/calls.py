"""The log of Bot API calls that tests read."""

from collections import deque
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, Final

from attrs import asdict, define, field

KEPT: Final = 20_000


@define(kw_only=True, eq=False)
class Call:
    """`time` is a Unix time; `outcome` is none while the call runs."""

    id: int
    time: float
    bot: int | None
    method: str
    parameters: dict[str, Any] = field(factory=dict)
    person: int | None = None
    outcome: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@define
class CallLog:
    _now: Callable[[], float]
    _calls: deque[Call] = field(factory=lambda: deque(maxlen=KEPT))
    _ids: Iterator[int] = field(factory=lambda: count(1))

    def begin(self, method: str, *, bot: int | None) -> Call:
        call = Call(id=next(self._ids), time=self._now(), bot=bot, method=method)
        self._calls.append(call)
        return call

    def after(self, call_id: int, *, method: str | None) -> list[dict[str, Any]]:
        """Calls later than *call_id*, oldest first."""
        return [
            call.to_json()
            for call in self._calls
            if call.id > call_id and (method is None or call.method.lower() == method.lower())
        ]

    def clear(self) -> None:
        self._calls.clear()
