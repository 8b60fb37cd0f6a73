"""What a worker is compared with: aiohttp posting one form after the other, as aiogram would.

    python sender.py STUB_URL NUMBER AT_A_TIME

The fields are those of the last message that the stub took. Writes what it took as JSON: seconds
altogether, of CPU, and of each message.
"""

import argparse
import asyncio
import json
import time
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
import uvloop


async def main(url: str, number: int, at_a_time: int) -> None:
    connector = aiohttp.TCPConnector(limit=100)
    async with aiohttp.ClientSession(connector=connector) as session:
        async with session.get(f"{url}/last") as answer:
            fields = parse_qsl((await answer.json())["body"])
        await _send(session, url, fields, number // 10, at_a_time)
        begun, cpu = time.perf_counter(), time.process_time()
        taken = await _send(session, url, fields, number, at_a_time)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    print(json.dumps({"seconds": seconds, "cpu": cpu, "taken": taken}), flush=True)


async def _send(
    session: aiohttp.ClientSession,
    url: str,
    fields: list[tuple[str, Any]],
    number: int,
    at_a_time: int,
) -> list[float]:
    taken: list[float] = []
    left = iter(range(number))

    async def one() -> None:
        for _ in left:
            begun = time.perf_counter()
            form = aiohttp.FormData(quote_fields=False)
            for name, value in fields:
                form.add_field(name, value)
            async with session.post(f"{url}/bot1:made-up/sendMessage", data=form) as answer:
                found = json.loads(await answer.text())
            assert found["ok"]
            taken.append(time.perf_counter() - begun)

    await asyncio.gather(*(one() for _ in range(at_a_time)))
    return taken


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("number", type=int)
    parser.add_argument("at_a_time", type=int)
    given = parser.parse_args()
    uvloop.run(main(given.url, given.number, given.at_a_time))
