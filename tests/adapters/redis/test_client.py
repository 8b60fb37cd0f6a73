"""The client of Redis: what its driver must not lose."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from support.kept import a_client
from taskbot.adapters.redis import create_redis
from taskbot.adapters.redis.client import KeepsCancellations

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("scheme", ["redis", "rediss", "unix"])
async def test_every_way_to_redis_is_made_to_keep_cancellations(scheme: str) -> None:
    client = create_redis(f"{scheme}://127.0.0.1/0")

    assert issubclass(client.connection_pool.connection_class, KeepsCancellations)


async def test_a_cancellation_that_comes_as_a_command_is_written_is_not_lost() -> None:
    async with a_client() as client:
        await client.ping()
        pool: Any = client.connection_pool
        connection = await pool.get_connection()
        write = connection._send_packed_command

        async def write_and_cancel(command: Iterable[bytes]) -> None:
            await write(command)
            asking.cancel()

        connection._send_packed_command = write_and_cancel
        asking = asyncio.create_task(connection.send_command("ECHO", "hello"))
        with pytest.raises(asyncio.CancelledError):
            await asking

        # Nobody is to read the answer to what another asked.
        assert not connection.is_connected
        del connection._send_packed_command
        await pool.release(connection)
        assert await client.echo("again") == b"again"


async def test_who_finds_all_connections_in_use_waits_for_one() -> None:
    async with a_client() as client:
        many = [client.echo(str(number)) for number in range(300)]

        assert await asyncio.gather(*many) == [b"%d" % number for number in range(300)]


async def test_who_gives_up_waiting_keeps_no_connection_from_others() -> None:
    async with a_client() as client:
        asking = [asyncio.ensure_future(client.echo("given up")) for _ in range(300)]
        for turns, task in enumerate(asking):
            task.cancel()
            if turns % 10 == 0:
                await asyncio.sleep(0)
        await asyncio.gather(*asking, return_exceptions=True)
        many = [client.echo(str(number)) for number in range(100)]

        assert await asyncio.gather(*many) == [b"%d" % number for number in range(100)]
        pool: Any = client.connection_pool
        assert not pool._in_use_connections
