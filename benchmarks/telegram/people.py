"""People who write to a bot that is a process of its own, by way of the stub."""

import asyncio
import itertools
import time
from collections.abc import Iterator
from typing import Any, Final

from benchmarks.figures import Round
from benchmarks.processes import Running
from benchmarks.telegram.server import Moment, Stub

_PACE: Final = 20
"""Updates a second of which each is answered before the next comes, unless it takes long."""
_NUMBERS: Final[Iterator[int]] = itertools.count(int(time.time()) % 10**6 * 1_000)


async def answered(stub: Stub, bot: Running, number: int) -> Round:
    """Have *bot* answer so many people, all at once; then a tenth of them one by one, for times."""
    cpu, worked = bot.cpu_seconds(), await _all_at_once(stub, number)
    cpu = bot.cpu_seconds() - cpu
    handed, arrived = worked
    seconds = max(one.at for one in arrived) - min(one.at for one in handed)
    return Round(number, seconds, cpu, await _one_by_one(stub, max(number // 10, 5)))


async def _all_at_once(stub: Stub, number: int) -> tuple[list[Moment], list[Moment]]:
    await stub.forget()
    await stub.offer(updates(number))
    arrived = await stub.arrivals(number, within=60 + number / 5)
    return await stub.handed_out(), arrived


async def _one_by_one(stub: Stub, number: int) -> list[float]:
    """Seconds from the handing out of each update to its answer."""
    await stub.forget()
    for update in updates(number):
        await stub.offer([update])
        await asyncio.sleep(1 / _PACE)
    arrived = await stub.arrivals(number, within=60)
    handed = {one.number: one.at for one in reversed(await stub.handed_out())}
    return [one.at - handed[one.number] for one in arrived]


def updates(number: int) -> list[dict[str, Any]]:
    """So many texts, each of somebody new; the number in the text is that of the update."""
    return [_update(next(_NUMBERS)) for _ in range(number)]


def _update(number: int) -> dict[str, Any]:
    person = 10**9 + number
    return {
        "update_id": number,
        "message": {
            "message_id": 1,
            "date": int(time.time()),
            "chat": {"id": person, "type": "private", "first_name": "Ada"},
            "from": {"id": person, "is_bot": False, "first_name": "Ada", "language_code": "en"},
            "text": f"Benchmark {number}",
        },
    }
