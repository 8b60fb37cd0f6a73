"""How much is measured."""

from typing import TypeVar

from attrs import frozen

_T = TypeVar("_T")


@frozen
class Scale:
    """*is_quick*: only to see that everything works."""

    is_quick: bool = False

    def of(self, whole: _T, quick: _T) -> _T:
        return quick if self.is_quick else whole
