"""The pages of `docs/reference` that the code writes: see `make reference`."""

from collections.abc import Callable, Mapping
from typing import Final

from taskbot.adapters.observability.reference import as_markdown as metrics
from taskbot.entrypoints.reference.commands import commands
from taskbot.entrypoints.reference.operations import operations
from taskbot.entrypoints.reference.settings import settings

PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "api.md": operations,
    "cli.md": commands,
    "metrics.md": metrics,
    "settings.md": settings,
}
"""Each page by the name of its file."""
