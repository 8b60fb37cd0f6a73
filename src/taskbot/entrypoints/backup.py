"""`taskbot backup` and `taskbot restore`."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from taskbot.adapters.persistence import migrate
from taskbot.adapters.persistence.backup import Backup, back_up, restore
from taskbot.entrypoints.database import migrates_if_alone, prepare_database
from taskbot.entrypoints.progress import progress_bar
from taskbot.entrypoints.settings import Settings


def back_up_to(settings: Settings, path: Path, *, overwrite: bool) -> Backup:
    prepare_database(settings, migrates_if_alone(settings))
    with _watched() as (on_start, on_progress):
        return back_up(
            settings.database,
            path,
            overwrite=overwrite,
            on_start=on_start,
            on_progress=on_progress,
        )


def restore_from(settings: Settings, path: Path, *, replace: bool) -> int:
    """Return the number of rows."""
    prepare_database(settings, migrate)
    with _watched() as (on_start, on_progress):
        return restore(
            settings.database, path, replace=replace, on_start=on_start, on_progress=on_progress
        )


@contextlib.contextmanager
def _watched() -> Iterator[tuple[Callable[[int], None], Callable[[int], None]]]:
    """Give what is told of the number of rows once that is known, and then of each step."""
    with contextlib.ExitStack() as bars:
        advance: Callable[[int], None] | None = None

        def start(total: int) -> None:
            nonlocal advance
            advance = bars.enter_context(progress_bar("rows", total=total))

        def go_on(rows: int) -> None:
            if advance is not None:
                advance(rows)

        yield start, go_on
