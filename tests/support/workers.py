"""How a worker of pytest-xdist begins: what only takes time is done without counting lines."""

import contextlib
import gc
import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any, Final

from coverage import Coverage

from support.counting import uncounted

_OURS: Final = "taskbot"
_NOT_OURS: Final = (
    "aiogram",
    "aiohttp.web",
    "alembic.command",
    "babel.dates",
    "dramatiq",
    "httpx",
    "hypothesis.stateful",
    "litestar.openapi",
    "PIL.Image",
    "psycopg",
    "redis.asyncio",
    "rich.console",
    "schemathesis",
    "sqlalchemy.ext.asyncio",
    "starlette_admin",
)
"""What takes long to load; it must be there before what is ours is loaded, and counted."""


def begin() -> None:
    """Let nothing count lines until pytest-cov begins with it at the start of the session.

    It begins twice in a worker, the first time as if it were the process that shares the tests
    out; and only the second counting makes pauses for `no_cover`. With the first one underneath
    there would be none.
    """
    while (counting := Coverage.current()) is not None:
        counting.stop()
    gc.disable()  # hardly anything of what is loaded now is garbage
    for name in _NOT_OURS:
        importlib.import_module(name)


@contextlib.contextmanager
def collection() -> Iterator[None]:
    """Count no lines in the block but those of taskbot's own modules, and these in one worker.

    What has come is kept out of the garbage collector's sight: it would look through it for
    seconds, again and again.
    """
    counting = Coverage.current()
    is_first = os.environ["PYTEST_XDIST_WORKER"] == "gw0"
    finders = [_Ours(counting)] if counting is not None and is_first else []
    with uncounted():
        sys.meta_path[:0] = finders
        try:
            yield
        finally:
            del sys.meta_path[: len(finders)]
            gc.freeze()
            gc.enable()


class _Ours(MetaPathFinder):
    """Finds taskbot's modules as anybody does; their lines are counted while they are loaded."""

    def __init__(self, counting: Coverage) -> None:
        self._counting = counting

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path) if fullname.startswith(_OURS) else None
        if spec is not None and spec.loader is not None:
            loader: Any = spec.loader
            execute = loader.exec_module

            def execute_counted(module: ModuleType) -> None:
                with self._counted():
                    execute(module)

            loader.exec_module = execute_counted
        return spec

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        if Coverage.current() is self._counting:  # one module loads another
            yield
            return
        self._counting.start()
        try:
            yield
        finally:
            self._counting.stop()
