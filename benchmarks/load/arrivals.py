"""Load that comes when it comes, and does not wait for the answers to what came before."""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine
from typing import Any

from attrs import define, field


@define
class OpenLoop:
    """Begins something at moments that are as random as those at which people come (Poisson).

    *begin* gets the moment, in seconds since 1970, from which its latency counts: also when this
    process itself was late. *rate*: how many come in a second on average; it may be changed.
    """

    begin: Callable[[float], Coroutine[Any, Any, None]]
    rate: float
    dice: random.Random
    _under_way: set[asyncio.Task[None]] = field(factory=set, init=False)

    async def run(self) -> None:
        """Go on until cancelled."""
        moment = time.time()
        while True:
            moment += self.dice.expovariate(self.rate)
            await asyncio.sleep(max(moment - time.time(), 0))
            task = asyncio.create_task(self.begin(moment))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def finish(self) -> None:
        """Wait for what has begun."""
        await asyncio.gather(*self._under_way)
