"""Category: a person's own label for tasks."""

from datetime import datetime
from typing import Final, Self

from attrs import evolve, field, frozen

from taskbot.domain.errors import (
    BlankCategoryName,
    CategoryNameTooLong,
    CategoryNotFound,
    StaleCategory,
)
from taskbot.domain.ids import CategoryId, UserId
from taskbot.domain.text import is_readable, shortened, single_line
from taskbot.domain.timezone import aware_utc

NAME_LIMIT: Final = 50
EMOJI_LIMIT: Final = 16  # code points: the longest joined sequences in use have ten


def _name(raw: str) -> str:
    name = single_line(raw)
    if not is_readable(name):
        raise BlankCategoryName
    if len(name) > NAME_LIMIT:
        raise CategoryNameTooLong(len(name), NAME_LIMIT)
    return name


def _emoji(raw: str | None) -> str | None:
    emoji = shortened(raw or "", EMOJI_LIMIT)
    return emoji if is_readable(emoji) else None


@frozen(kw_only=True)
class Category:
    """Names are unique per person without regard to case: see `key`."""

    id: CategoryId
    owner_id: UserId
    name: str = field(converter=_name)
    emoji: str | None = field(default=None, converter=_emoji)
    created_at: datetime = field(converter=aware_utc)
    version: int = 1

    @property
    def key(self) -> str:
        """What two names share that differ in case alone."""
        return self.name.casefold()

    def rename(self, name: str) -> Self:
        return evolve(self, name=name)

    def mark(self, emoji: str | None) -> Self:
        """Give it another emoji, or take it away."""
        return evolve(self, emoji=emoji)

    def require_version(self, version: int) -> None:
        """Raise `StaleCategory` if it has been changed since it had *version*."""
        if version != self.version:
            raise StaleCategory(self.id)

    def require_owner(self, actor: UserId) -> None:
        if actor != self.owner_id:
            raise CategoryNotFound(self.id)  # others must not learn that it exists
