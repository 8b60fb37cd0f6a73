"""Files and folders: who may read what nobody else should, and what cannot be written."""

import asyncio
import os
import shlex
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attrs import frozen

from taskbot.application.doctor import Problem, ProblemKind, Seen

_OF_A_CONTAINER: Final = Path("/run/secrets")
"""What is shown there has the mode that it has outside, and there are no others in there."""


@frozen(kw_only=True)
class FileExamination:
    """What is None is not looked at.

    *env_file* counts as secret if *has_secrets*. *database*: a file with all that people wrote.
    """

    env_file: Path
    has_secrets: bool
    secret_files: tuple[Path, ...] = ()
    data_dir: Path | None = None
    database: Path | None = None
    log_dir: Path | None = None
    heartbeat_file: Path | None = None

    async def look(self) -> Seen:
        return await asyncio.to_thread(self._look)

    def _look(self) -> Seen:
        places = (self.env_file, *self.secret_files, self.data_dir, self.database, self.log_dir)
        there = [str(path) for path in places if path is not None and path.exists()]
        problems = [*self._readable_by_others(), *self._not_writable()]
        return Seen({"looked_at": ", ".join(there)}, problems)

    def _readable_by_others(self) -> Iterator[Problem]:
        # A copy of it, or another folder above it, and the mode of the file is all there is.
        if self.has_secrets and _mode(self.env_file) & stat.S_IROTH:
            yield _readable(self.env_file, f"chmod 600 {_quoted(self.env_file)}")
        for path in self.secret_files:
            if path.parent != _OF_A_CONTAINER and _is_open(path):
                yield _readable(path, f"chmod 600 {_quoted(path)}")
        if self.database is not None and _is_open(self.database):
            folder = self.database.parent
            yield _readable(self.database, f"chmod 700 {_quoted(folder)}", is_grave=False)
        for path in self._logs():
            if _is_open(path):
                yield _readable(path, f"chmod 640 {_quoted(path)}", is_grave=False)

    def _logs(self) -> list[Path]:
        return [] if self.log_dir is None else sorted(self.log_dir.glob("*.log*"))

    def _not_writable(self) -> Iterator[Problem]:
        folders = [self.data_dir, self.log_dir]
        if self.heartbeat_file is not None:
            folders.append(self.heartbeat_file.parent)
        if self.database is not None:
            folders.append(self.database.parent)
        for folder in dict.fromkeys(folder for folder in folders if folder is not None):
            if not _may_be_written(folder):
                yield _not_writable(folder)
        for file in (self.database, *self._logs()):
            if file is not None and file.exists() and not os.access(file, os.W_OK):
                yield _not_writable(file)


def _mode(path: Path) -> int:
    """Its bits; none where there is no such file, or where we may not even ask."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def _is_open(path: Path) -> bool:
    """Whether others may read it: the file lets them, and so does its folder."""
    return bool(_mode(path) & stat.S_IROTH and _mode(path.parent) & stat.S_IXOTH)


def _may_be_written(folder: Path) -> bool:
    """Whether files can be made there, and the folder itself, if it is not there yet."""
    nearest = next(
        (one for one in (folder, *folder.absolute().parents) if os.path.lexists(one)), folder
    )
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)


def _readable(path: Path, remedy: str, *, is_grave: bool = True) -> Problem:
    return Problem(
        kind=ProblemKind.READABLE_BY_OTHERS,
        values={"path": str(path)},
        remedy=remedy,
        is_grave=is_grave,
    )


def _not_writable(path: Path) -> Problem:
    remedy = f'chown "$(id -un)" {_quoted(path)}'
    return Problem(kind=ProblemKind.NOT_WRITABLE, values={"path": str(path)}, remedy=remedy)


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))
