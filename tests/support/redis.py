"""A real Redis for the tests: somebody's, or one of our own."""

import atexit
import contextlib
import functools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from typing import Final, Self

import redis

from support.ports import a_free_port

VARIABLE: Final = "TASKBOT_TEST_REDIS_URL"
ABSENT: Final = "no Redis was found, and none could be started"
_START_SECONDS: Final = 20


@functools.cache
def server_url() -> str | None:
    """The address of a server; None where there is none.

    The one that TASKBOT_TEST_REDIS_URL names (`none`: do as if there were none), else the one at
    the standard port here, else one of our own, which ends with this process.
    """
    named = os.environ.get(VARIABLE)
    if named == "none":
        return None
    if named:
        _ping(named)  # if it is wrong, it is wrong loudly
        return named
    standard = "redis://127.0.0.1:6379/9"
    with contextlib.suppress(redis.RedisError):
        _ping(standard)
        return standard
    if program() is None:
        return None
    server = OwnRedis()
    server.start()
    atexit.register(server.close)
    return server.url


def program() -> str | None:
    return None if os.environ.get(VARIABLE) == "none" else shutil.which("redis-server")


def _ping(url: str) -> None:
    with redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5) as client:
        client.ping()


class OwnRedis:
    """A server on a free port here, without persistence: a restart forgets everything."""

    def __init__(self) -> None:
        self._port = a_free_port()
        self._folder = tempfile.mkdtemp(prefix="taskbot-redis-")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._port}/0"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Return when it answers."""
        found = program()
        assert found is not None, ABSENT
        self._process = subprocess.Popen(
            [found, "--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--dir", "."],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + _START_SECONDS
        while True:
            try:
                _ping(self.url)
            except redis.RedisError:
                assert time.monotonic() < end, "Redis did not start"
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Take connections and answer nothing, until it is thawed."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def restart(self) -> None:
        self.stop()
        self.start()

    def forget_everything(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
